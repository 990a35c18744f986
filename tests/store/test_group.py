"""Group commit: one transaction for those who come together, and nobody told too early."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

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


def fail(_: Any) -> None:
    raise RuntimeError("out of order")


def full(_: Any) -> None:
    raise OperationalError("COMMIT", {}, Exception("the disk is full"))


def deadlock() -> Any:
    """Stands in somebody's way once."""
    error = Exception("deadlock detected")
    error.sqlstate = "40P01"  # type: ignore[attr-defined]
    tries: list[str] = []

    def work(done: Any) -> str:
        tries.append("try")
        if len(tries) == 1:
            raise OperationalError("UPDATE", {}, error)
        done.append("at last")
        return "AT LAST"

    return work


def together(ledger: Ledger, group: GroupCommit, *works: tuple[str, Any]) -> list[Any]:
    """What comes of works that share a commit: results, or what was raised."""
    with ThreadPoolExecutor(len(works) + 1) as pool:
        first = pool.submit(group.run, "k", note("first"))
        assert ledger.begun.wait(10)
        rest = [pool.submit(group.run, key, work) for key, work in works]
        wait_for_entries(group, len(works))
        ledger.may_begin.set()
        assert first.result() == "FIRST"
        return [future.exception() or future.result() for future in rest]


def test_who_fails_fails_alone(ledger: Ledger) -> None:
    group = GroupCommit(ledger.begin)
    came = together(ledger, group, ("a", note("a")), ("b", fail), ("c", note("c")))
    assert came[0] == "A"
    assert isinstance(came[1], RuntimeError)
    assert came[2] == "C"
    assert ledger.committed == [["first"], ["a"], ["c"]]
    assert ledger.rolled_back == 2
    assert group.run("k", note("later")) == "LATER"


def test_a_database_that_fails_fails_for_everyone(ledger: Ledger) -> None:
    group = GroupCommit(ledger.begin)
    came = together(ledger, group, ("a", note("a")), ("b", full))
    assert [type(error) for error in came] == [OperationalError] * 2
    assert ledger.committed == [["first"]]
    assert ledger.rolled_back == 1
    assert group.run("k", note("later")) == "LATER"


def test_who_stood_in_the_way_tries_again(ledger: Ledger) -> None:
    group = GroupCommit(ledger.begin)
    assert together(ledger, group, ("a", note("a")), ("b", deadlock())) == ["A", "AT LAST"]
    assert ledger.committed == [["first"], ["a"], ["at last"]]
    assert group.run("k", deadlock()) == "AT LAST"


def test_one_alone_that_fails_is_told_so(ledger: Ledger) -> None:
    ledger.may_begin.set()
    with pytest.raises(RuntimeError, match="out of order"):
        GroupCommit(ledger.begin).run("k", fail)
    assert ledger.rolled_back == 1


class Crates:
    """A bulk that takes words, and does not take `odd` ones together with others."""

    def together(self, done: Any, items: Sequence[str]) -> list[str] | None:
        done.append("+".join(items))
        return None if "odd" in items else [item.upper() for item in items]

    def alone(self, done: Any, item: str) -> str | None:
        if item == "odd":
            return None
        done.append(item)
        return item.upper()


def in_bulk(ledger: Ledger, *words: str) -> list[str | None]:
    """What comes of these words, in bulk, beside a single work."""
    group, crates = GroupCommit(ledger.begin), Crates()
    with ThreadPoolExecutor(len(words) + 2) as pool:
        first = pool.submit(group.run, "k", note("first"))
        assert ledger.begun.wait(10)
        rest = [pool.submit(group.run_bulk, word, crates, word) for word in words]
        single = pool.submit(group.run, "b", note("b"))
        wait_for_entries(group, len(words) + 1)
        ledger.may_begin.set()
        assert first.result() == "FIRST"
        assert single.result() == "B"
        return [future.result() for future in rest]


def test_what_is_of_a_kind_is_done_at_once(ledger: Ledger) -> None:
    assert in_bulk(ledger, "d", "a", "c") == ["D", "A", "C"]
    assert ledger.committed == [["first"], ["a+c+d", "b"]]


def test_what_does_not_go_together_goes_one_by_one(ledger: Ledger) -> None:
    assert in_bulk(ledger, "d", "odd", "a") == ["D", None, "A"]
    assert ledger.committed == [["first"], ["a", "b", "d"]]
    assert ledger.rolled_back == 1
