"""Two workers at once: nobody waits for anybody in a circle, and of what can be once there is one.

PostgreSQL finds such circles and fails one of those in it. What shares a commit is then tried
again, and all else is refused; but nothing that people do all the time should come to that.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field

import psycopg
import pytest
from sqlalchemy import func, select

from app import create_app
from app.services import lobby, matches, presence, watching
from app.services.accounts import register
from app.services.errors import ServiceError
from app.services.house import House
from app.services.sessions import Caller, Client
from app.store import Match, Seat
from config import Config

NAMES = ("anna", "bert", "carl", "dora", "emil", "fred")
CLIENT = Client("192.0.2.1", "test")
HANDS = 3  # of each worker
ROUNDS = 60
Pair = Sequence[House]


@pytest.fixture
def houses(config: Config) -> Pair:
    """Two workers on one database; no Redis is needed for what is stored."""
    pair = [create_app(config).extensions["house"] for _ in range(2)]
    for house in pair:
        presence.arrive(house)
    return pair


@pytest.fixture
def people(houses: Pair) -> list[Caller]:
    return [register(houses[0], name, "pw", client=CLIENT).caller for name in NAMES]


@pytest.fixture
def deadlocks(config: Config) -> Callable[[], int]:
    """How often PostgreSQL had to break a circle in this database, as far as it has told."""

    def count() -> int:
        with psycopg.connect(config.DATABASE_URL, autocommit=True) as connection:
            row = connection.execute(
                "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
            ).fetchone()
        assert row is not None
        return int(row[0])

    return count


def at_once(*actions: Callable[[], object]) -> list[object]:
    """Do all this at one moment; what came of each."""
    start = threading.Barrier(len(actions))

    def do(action: Callable[[], object]) -> object:
        start.wait()
        try:
            return action()
        except ServiceError as refused:
            return refused

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(do, actions))


@dataclass
class Hand:
    """Somebody's doings at one worker: whatever comes to mind, one thing after another."""

    house: House
    people: Sequence[Caller]
    chance: random.Random
    done: Counter[str] = field(default_factory=Counter)
    here: list[int] = field(default_factory=list)
    looking: list[int] = field(default_factory=list)

    def run(self, rounds: int) -> None:
        doings = [self.invite, self.rematch, self.seek, self.move, self.end]
        doings += [self.come, self.go, self.look, self.look_away, self.remember]
        for _ in range(rounds):
            doing = self.chance.choice(doings)
            try:
                doing(self.chance.choice(self.people))
            except ServiceError as refused:
                self.done[refused.code] += 1
            else:
                self.done[doing.__name__] += 1
        for presence_id in self.here:
            presence.disconnect(self.house, presence_id)
        watching.leave(self.house, self.looking)

    def invite(self, who: Caller) -> None:
        lobby.invite(self.house, who, self.chance.choice(NAMES))

    def rematch(self, who: Caller) -> None:
        lobby.rematch(self.house, who, self._match(who, over=True))

    def seek(self, who: Caller) -> None:
        lobby.seek(self.house, who)

    def move(self, who: Caller) -> None:
        record = matches.get(self.house, self._match(who, over=False))
        engine, seat = record.engine, record.seat_of(who.user_id)
        if seat not in record.actors:
            raise ServiceError("nothing", "Somebody else is to move.")
        choice = self.chance.choice(engine.legal_moves(record.state, seat))
        matches.submit(self.house, who, record.id, engine.move_json(choice), record.version)

    def end(self, who: Caller) -> None:
        matches.end(self.house, who, self._match(who, over=False))

    def come(self, who: Caller) -> None:
        self.here.append(presence.connect(self.house, who, "test"))

    def go(self, _who: Caller) -> None:
        if self.here:
            presence.disconnect(self.house, self.here.pop(0))

    def look(self, who: Caller) -> None:
        match_id = self._match(self.chance.choice(self.people), over=None)
        self.looking.append(watching.enter(self.house, match_id, who.user_id))

    def look_away(self, _who: Caller) -> None:
        some = [self.looking.pop() for _ in range(min(3, len(self.looking)))]
        watching.leave(self.house, some)

    def remember(self, who: Caller) -> None:
        matches.mark_seen(self.house, who.user_id)

    def _match(self, who: Caller, *, over: bool | None) -> str:
        theirs = select(Match.id).join(Seat).where(Seat.user_id == who.user_id)
        if over is not None:
            theirs = theirs.where(Match.over == over)
        with self.house.store.read() as unit:
            found = list(unit.scalars(theirs.order_by(Match.created_at.desc()).limit(5)))
        if not found:
            raise ServiceError("nothing", "There is no such match.")
        return self.chance.choice(found)


def test_people_in_each_others_way(
    houses: Pair, people: list[Caller], deadlocks: Callable[[], int]
) -> None:
    hands = [
        Hand(house, people, random.Random(f"{number} of {seed}"))
        for number, house in enumerate(houses)
        for seed in range(HANDS)
    ]
    with ThreadPoolExecutor(len(hands)) as pool:
        for running in [pool.submit(hand.run, ROUNDS) for hand in hands]:
            running.result()
    done = sum((hand.done for hand in hands), Counter[str]())
    for name in ("invite", "rematch", "seek", "move", "end", "come", "go", "look", "look_away"):
        assert done[name], done
    assert deadlocks() == 0
    _each_match_once(houses[0])


def test_both_ask_for_a_rematch(
    houses: Pair, people: list[Caller], deadlocks: Callable[[], int]
) -> None:
    """At one moment, at two workers, while others look on and leave: they get the same match."""
    anna, bert, *others = people
    for house in houses:
        for who in people:
            presence.connect(house, who, "test")
    first = lobby.invite(houses[0], anna, "bert")
    for _ in range(12):
        looking = [
            [watching.enter(house, first.id, who.user_id) for who in others] for house in houses
        ]
        matches.end(houses[0], anna, first.id)
        one, other, *_ = at_once(
            lambda first=first: lobby.rematch(houses[0], anna, first.id),
            lambda first=first: lobby.rematch(houses[1], bert, first.id),
            lambda looking=looking: watching.leave(houses[0], looking[0]),
            lambda looking=looking: watching.leave(houses[1], looking[1][::-1]),
        )
        assert not isinstance(one, ServiceError), one
        assert not isinstance(other, ServiceError), other
        assert one.id == other.id
        first = one
    assert deadlocks() == 0
    _each_match_once(houses[0])


def test_all_invite_each_other(
    houses: Pair, people: list[Caller], deadlocks: Callable[[], int]
) -> None:
    """Of two who invite each other at one moment one is told that they play already."""
    for _ in range(6):
        with ExitStack() as stack:
            for one in people[::2]:
                stack.callback(_end_all, houses[0], one)
            asked = [
                lambda house=house, one=one, other=other: lobby.invite(house, one, other.name)
                for pair in zip(people[::2], people[1::2], strict=True)
                for house, (one, other) in zip(houses, (pair, pair[::-1]), strict=True)
            ]
            answers = at_once(*asked)
        refused = [answer.code for answer in answers if isinstance(answer, ServiceError)]
        assert refused == ["already_playing"] * len(NAMES[::2])
    assert deadlocks() == 0
    _each_match_once(houses[0])


def _end_all(house: House, who: Caller) -> None:
    for record in matches.open_of(house, who.user_id):
        matches.end(house, who, record.id)


def _each_match_once(house: House) -> None:
    """Nobody plays more matches than one may, and none was played again twice."""
    with house.store.read() as unit:
        again = select(func.count()).where(Match.previous_id.is_not(None))
        again = again.group_by(Match.previous_id)
        assert set(unit.scalars(again)) <= {1}
        open_seats = select(func.count()).where(Seat.open).group_by(Seat.user_id)
        assert max(unit.scalars(open_seats), default=0) <= house.config.MAX_OPEN_MATCHES
