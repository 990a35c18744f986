"""Group commit: one transaction for those who come together, and nobody told too early."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest

from app.store.group import GroupCommit


class Ledger:
    """Transactions that can be held back before they begin."""

    def __init__(self) -> None:
        self.may_begin = Event()
        self.begun = Event()
        self.committed: list[list[str]] = []
        self.rolled_back = 0

    @contextmanager
    def begin(self) -> Iterator[Any]:
        self.begun.set()
        assert self.may_begin.wait(10)
        done: list[str] = []
        try:
            yield done
        except Exception:
            self.rolled_back += 1
            raise
        self.committed.append(done)


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def note(word: str) -> Any:
    def work(done: Any) -> str:
        done.append(word)
        return word.upper()

    return work


def wait_for_entries(group: GroupCommit, count: int) -> None:
    while group._open is None or len(group._open.entries) < count:
        pass


def test_one_alone_is_committed_at_once(ledger: Ledger) -> None:
    ledger.may_begin.set()
    assert GroupCommit(ledger.begin).run("k", note("a")) == "A"
    assert ledger.committed == [["a"]]


def test_those_who_come_meanwhile_share_the_next(ledger: Ledger) -> None:
    group = GroupCommit(ledger.begin)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(group.run, "k", note("first"))
        assert ledger.begun.wait(10)
        rest = [pool.submit(group.run, key, note(key)) for key in ("c", "a", "b")]
        wait_for_entries(group, 3)
        assert not any(future.done() for future in (first, *rest))
        ledger.may_begin.set()
        assert first.result() == "FIRST"
        assert [future.result() for future in rest] == ["C", "A", "B"]
    assert ledger.committed == [["first"], ["a", "b", "c"]]


def test_a_failure_is_everyones_and_the_last_of_it(ledger: Ledger) -> None:
    group = GroupCommit(ledger.begin)

    def fail(_: Any) -> None:
        raise RuntimeError("the disk is full")

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(group.run, "k", note("first"))
        assert ledger.begun.wait(10)
        rest = [pool.submit(group.run, "a", note("a")), pool.submit(group.run, "b", fail)]
        wait_for_entries(group, 2)
        ledger.may_begin.set()
        assert first.result() == "FIRST"
        for future in rest:
            with pytest.raises(RuntimeError, match="disk is full"):
                future.result()
    assert ledger.rolled_back == 1
    assert group.run("k", note("later")) == "LATER"
    assert ledger.committed == [["first"], ["later"]]
