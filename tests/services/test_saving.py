"""Moves that share a commit: each is stored as if it were alone, and told what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.services import lobby, matches, moves, ratings, saving, settling
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.store import RatingChange, Seat
from tests.services.conftest import SHORT_WIN, Heard, move, play_out

Account = Callable[[str], Caller]
PAIRS = [("anna", "bert"), ("cora", "dirk"), ("emma", "finn")]


@pytest.fixture
def people(account: Account) -> dict[str, Caller]:
    return {name: account(name) for pair in PAIRS for name in pair}


@pytest.fixture
def running(house: House, people: dict[str, Caller]) -> list[MatchRecord]:
    """A match of each pair; the first of a pair is to move."""
    return [lobby.invite(house, people[one], other) for one, other in PAIRS]


class Shared:
    """Does things at the same moment, so that they share a commit."""

    def __init__(self, house: House, pool: ThreadPoolExecutor) -> None:
        self._house, self._pool = house, pool
        self._given: list[Future[Any]] = []

    def add(self, call: Callable[..., Any], *args: Any) -> None:
        """Do this, too; it stands behind what was added before."""
        self._given.append(self._pool.submit(call, *args))
        group = self._house.store.group
        while group._open is None or len(group._open.entries) < len(self._given):
            assert not self._given[-1].done()

    def came(self) -> list[Any]:
        """What came of each: a result, or what was raised."""
        return [future.exception(10) or future.result() for future in self._given]


@contextmanager
def shared(house: House) -> Iterator[Shared]:
    with ThreadPoolExecutor(8) as pool:
        with house.store.group._turn:
            yield (together := Shared(house, pool))
        together.came()


def stored(house: House, record: MatchRecord) -> MatchRecord:
    return matches.get(house, record.id)


def sizes(house: House) -> list[int]:
    """How many shared each commit from now on."""
    seen: list[int] = []
    house.store.group.observe = lambda size, seconds: seen.append(size)
    return seen


def test_moves_that_share_a_commit(
    house: House, people: dict[str, Caller], running: list[MatchRecord]
) -> None:
    seen = sizes(house)
    with shared(house) as together:
        for number, record in enumerate(running):
            raw = move(number, number + 1)
            together.add(matches.submit, house, people[PAIRS[number][0]], record.id, raw)
    assert seen == [3]
    for number, (record, done) in enumerate(zip(running, together.came(), strict=True)):
        assert stored(house, record) == done
        assert done.version == 1
        (entry,) = matches.log(house, record.id)
        assert (entry.number, entry.seat, entry.move) == (1, 0, move(number, number + 1))
        assert entry.at == done.moved_at


def test_one_of_them_is_stale(
    house: House, people: dict[str, Caller], running: list[MatchRecord], heard: Heard
) -> None:
    """Two tabs of one player: the first is stored, the second refused; others notice nothing."""
    anna = people["anna"]
    heard.matches.clear()
    seen = sizes(house)
    with shared(house) as together:
        together.add(matches.submit, house, people["cora"], running[1].id, move(4, 4))
        together.add(matches.submit, house, anna, running[0].id, move(0, 0), 0)
        together.add(matches.submit, house, anna, running[0].id, move(8, 8), 0)
        together.add(matches.submit, house, people["emma"], running[2].id, move(2, 2))
    assert seen == [4]
    cora, first, second, emma = together.came()
    assert isinstance(second, ServiceError)
    assert second.code in {"stale", "not_your_turn"}
    assert [entry.move for entry in matches.log(house, running[0].id)] == [move(0, 0)]
    for record, done in zip(running, (first, cora, emma), strict=True):
        assert stored(house, record) == done
        assert len(matches.log(house, record.id)) == 1
    assert len(heard.matches) == 3, "nobody is told what was not stored"


def test_what_another_worker_has_saved_meanwhile(
    house: House, people: dict[str, Caller], running: list[MatchRecord]
) -> None:
    """A record that is remembered is old: the database refuses it among the others."""
    old = running[0]
    matches.submit(house, people["anna"], old.id, move(0, 0))
    move_json, step = moves.checked(old, 0, move(8, 8))
    with shared(house) as together:
        together.add(moves.make, house, old, 0, move_json, step)
        together.add(matches.submit, house, people["cora"], running[1].id, move(4, 4))
    refused, done = together.came()
    assert refused is None
    assert stored(house, old).version == 1
    assert stored(house, running[1]) == done


def test_an_end_beside_moves(
    house: House, people: dict[str, Caller], running: list[MatchRecord]
) -> None:
    anna, bert = people["anna"], people["bert"]
    for number, cell in enumerate(SHORT_WIN[:-1]):
        matches.submit(house, (anna, bert)[number % 2], running[0].id, move(*cell))
    with shared(house) as together:
        together.add(matches.submit, house, anna, running[0].id, move(*SHORT_WIN[-1]))
        together.add(matches.submit, house, people["cora"], running[1].id, move(4, 4))
    ended, other = together.came()
    assert ended.over
    assert not other.over
    assert [step and step.after for step in ended.ratings] == [1010, 990]
    assert stored(house, ended) == ended
    assert seats_of(house, ended.id) == [(False, ended.moved_at)] * 2
    assert seats_of(house, other.id) == [(True, None)] * 2


def seats_of(house: House, match_id: str) -> list[tuple[bool, Any]]:
    query = select(Seat.open, Seat.ended_at).where(Seat.match_id == match_id).order_by(Seat.seat)
    with house.store.read() as unit:
        return [(is_open, ended_at) for is_open, ended_at in unit.execute(query)]


def test_what_is_saved_is_told_and_not_refused_if_the_database_goes_then(
    house: House,
    people: dict[str, Caller],
    running: list[MatchRecord],
    heard: Heard,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    anna, bert = people["anna"], people["bert"]
    for number, cell in enumerate(SHORT_WIN[:-1]):
        matches.submit(house, (anna, bert)[number % 2], running[0].id, move(*cell))

    def away(*_: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception("the server is gone"))

    with monkeypatch.context() as patch:

        def go(_size: int, _seconds: float) -> None:
            for name in ("read", "look", "write", "snapshot"):
                patch.setattr(house.store, name, away)
            patch.setattr(house.store.group, "run_bulk", away)

        patch.setattr(house.store.group, "observe", go)
        done = matches.submit(house, anna, running[0].id, move(*SHORT_WIN[-1]))
    assert done.over
    assert heard.matches[-1] == done == stored(house, done)
    unseen = [record.id for record in matches.unseen_of(house, bert.user_id)]
    assert unseen == [done.id], "nobody knows whether it has reached him"


def test_two_ends_of_one_player(house: House, people: dict[str, Caller], account: Account) -> None:
    """Their ratings follow from each other, in one transaction as in two."""
    anna, bert, cora = people["anna"], people["bert"], people["cora"]
    play_out(house, lobby.invite(house, anna, "bert").id, anna, bert)  # 1010, 990
    ends = [lobby.invite(house, anna, name) for name in ("bert", "cora")]
    for record, other in zip(ends, (bert, cora), strict=True):
        for number, cell in enumerate(SHORT_WIN[:-1]):
            matches.submit(house, (anna, other)[number % 2], record.id, move(*cell))
    with shared(house) as together:
        for record in ends:
            together.add(matches.submit, house, anna, record.id, move(*SHORT_WIN[-1]))
    came = together.came()
    first, second = sorted(came, key=lambda record: record.id)
    assert first.ratings[0].before == 1010
    assert second.ratings[0].before == first.ratings[0].after
    with house.store.read() as unit:
        value = ratings.value_of(unit, anna.user_id, "uttt")
        changes = list(
            unit.scalars(
                select(RatingChange.after)
                .where(RatingChange.user_id == anna.user_id)
                .order_by(RatingChange.id)
            )
        )
    assert value == second.ratings[0].after
    assert changes == [1010, first.ratings[0].after, value]
    for record in came:
        assert stored(house, record) == record


def test_a_result_that_cannot_be_rated_harms_nobody_else(
    house: House,
    people: dict[str, Caller],
    running: list[MatchRecord],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    anna, bert = people["anna"], people["bert"]
    for number, cell in enumerate(SHORT_WIN[:-1]):
        before = matches.submit(house, (anna, bert)[number % 2], running[0].id, move(*cell))

    def fail(*_: object) -> None:
        raise RuntimeError("out of order")

    with monkeypatch.context() as patch:
        patch.setattr(settling, "rate", lambda house, _, rated: fail() if rated else [])
        with shared(house) as together:
            together.add(matches.submit, house, anna, before.id, move(*SHORT_WIN[-1]))
            together.add(matches.submit, house, people["cora"], running[1].id, move(4, 4))
    failed, done = together.came()
    assert isinstance(failed, RuntimeError)
    assert stored(house, before) == before, "all of it is one transaction"
    assert stored(house, running[1]) == done
    assert matches.submit(house, anna, before.id, move(*SHORT_WIN[-1])).over


def test_invitations_share_a_commit_and_count_each_other(
    house: House, people: dict[str, Caller]
) -> None:
    """Who has room for one match more gets one, whoever asks at the same moment."""
    house = house_with(house, MAX_OPEN_MATCHES=1)
    with shared(house) as together:
        for name in ("bert", "cora", "dirk"):
            together.add(lobby.invite, house, people["anna"], name)
    begun = [came for came in together.came() if isinstance(came, MatchRecord)]
    refused = [came.code for came in together.came() if isinstance(came, ServiceError)]
    assert len(begun) == 1
    assert refused == ["too_many_matches"] * 2
    assert stored(house, begun[0]) == begun[0]
    assert [record.id for record in matches.open_of(house, people["anna"].user_id)] == [begun[0].id]


def house_with(house: House, **settings: Any) -> House:
    return replace(house, config=replace(house.config, **settings))


def test_only_those_are_noted_who_were_told(
    house: House, people: dict[str, Caller], running: list[MatchRecord]
) -> None:
    users = running[0].user_ids
    for record in running[:2]:
        matches.end(house, people[record.seats[0].name], record.id)
    with shared(house) as together:
        together.add(saving.note_told, house, running[0].id, users)
        together.add(saving.note_told, house, running[1].id, running[1].user_ids[:1])
    query = select(Seat.told).order_by(Seat.match_id == running[1].id, Seat.seat)
    with house.store.read() as unit:
        told = list(unit.scalars(query.where(Seat.match_id.in_([r.id for r in running[:2]]))))
    assert told == [True, True, True, False]
