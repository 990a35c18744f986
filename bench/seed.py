"""A house that has been in use for years: accounts, finished matches, ratings, friends and chat.

    python -m bench.seed FOLDER [--accounts N] [--matches N] [--database URL]

FOLDER becomes the instance of a server (`INSTANCE_PATH=FOLDER python wsgi.py`); with `--database`
the rows go into that empty database instead. The matches are a few hundred real ones, played at
random by the rules, under ever new names: each has its result, its seats and what it did to the
ratings, and of the last `--logged` also their moves, so that they can be replayed. Who plays much
plays very much: the busiest account has about one match in 250 to itself.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.games import GAMES
from app.games.api import Outcome
from app.services.house import House
from app.services.ratings import elo
from app.store import (
    Friend,
    Match,
    Message,
    Move,
    Rating,
    RatingChange,
    ReadMark,
    Seat,
    Session,
    Store,
    User,
)
from bench.bulk import Bulk, open_bulk
from config import Config

KINDS: Final = {"uttt": 0.8, "scopa": 0.2}
"""The games there are, by their share of the matches. Deals of bridge belong to tables."""

PLAYED: Final = 200  # different matches a game
YEARS: Final = 2
START, K = 1000, 20
PRIVATE: Final = 0.02  # of the matches
CHUNK: Final = 20_000  # matches in hand at a time
SPREAD: Final = 0.6  # how unequally people play: the n-th busiest n ** -SPREAD as much as the first
TOKEN: Final = "{:032x}"  # what the n-th busiest account is signed in with, in `--sessions`


@dataclass(frozen=True, slots=True)
class Played:
    """A finished match as it is stored, whoever plays it; `moves`: seat and JSON of each."""

    game: str
    variant: str
    rules_version: int
    options: str
    seed: bytes
    state: str
    moves: list[tuple[int, str]]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Plan:
    """How much there is to be, and the chance by which. At most as many `sessions` as accounts."""

    now: datetime
    chance: random.Random
    accounts: int
    sessions: int
    matches: int
    logged: int = 0
    running: int = 0
    friends: int = 0
    lines: int = 0

    def id(self) -> str:
        """A new match's."""
        return f"{self.chance.getrandbits(128):032x}"


def play(game: str, chance: random.Random, most: int | None = None) -> Played | None:
    """A match of two, moves at random: to the end, or the first `most` of it if it lasts longer."""
    engine = GAMES[game]
    options = engine.parse_options({"variant": engine.info.variants[0]})
    seed = chance.randbytes(32)
    state = engine.initial(options, seed).state
    moves: list[tuple[int, str]] = []
    while engine.outcome(state) is None and len(moves) != most:
        seat = min(engine.actors(state))
        move = chance.choice(engine.legal_moves(state, seat))
        moves.append((seat, json.dumps(engine.move_json(move))))
        state = engine.apply(state, seat, move).state
    outcome = engine.outcome(state)
    if (outcome is None) is (most is None):
        return None
    return Played(
        game=game,
        variant=options.variant,
        rules_version=engine.info.rules_version,
        options=json.dumps(asdict(options)),
        seed=seed,
        state=json.dumps(engine.dump(state)),
        moves=moves,
        outcome=outcome or Outcome("", (), ()),
    )


def repertoire(chance: random.Random, most: int | None = None) -> dict[str, list[Played]]:
    """Some matches of each game."""
    tries = {game: (play(game, chance, most) for _ in range(PLAYED)) for game in KINDS}
    return {game: [match for match in found if match] for game, found in tries.items()}


def add_people(bulk: Bulk, plan: Plan) -> None:
    """Accounts, each with a name, some of them signed in somewhere; and who likes whom."""
    since = plan.now - timedelta(days=365 * YEARS)

    def accounts() -> Iterator[tuple[Any, ...]]:
        for id in range(1, plan.accounts + 1):
            seen = plan.now - timedelta(days=plan.chance.expovariate(1 / 100) % 700)
            yield id, f"player{id}", True, True, False, since, max(seen, since)

    names = ("id", "name", "registered", "active", "admin", "created_at", "seen_at")
    bulk.add(User, names, accounts())

    def signed_in() -> Iterator[tuple[Any, ...]]:
        for id in range(1, min(plan.sessions, plan.accounts) + 1):
            token = hashlib.sha256(TOKEN.format(id).encode()).hexdigest()
            yield token, id, "bench", "192.0.2.1", since, plan.now

    columns = ("token_hash", "user_id", "label", "address", "created_at", "used_at")
    bulk.add(Session, columns, signed_in())
    people = busyness(plan)
    everybody = range(1, plan.accounts + 1)
    # The busiest have many friends, and nobody has thousands.
    liked = {(plan.chance.choice(everybody), pair(plan, people)[0]) for _ in range(plan.friends)}
    pairs = {(one, other) for one, other in liked if one != other}
    bulk.add(Friend, ("user_id", "friend_id", "since"), ((*two, since) for two in sorted(pairs)))


def busyness(plan: Plan) -> list[float]:
    """How much each account plays, added up."""
    return list(accumulate(n**-SPREAD for n in range(1, plan.accounts + 1)))


def pair(plan: Plan, people: list[float]) -> tuple[int, int]:
    """Two accounts, the busier the likelier."""
    one = other = 0
    while one == other:
        one, other = plan.chance.choices(range(1, plan.accounts + 1), cum_weights=people, k=2)
    return one, other


class Standings:
    """What everybody is worth so far, and has won, drawn and lost."""

    def __init__(self, accounts: int) -> None:
        self.values = {game: [START] * (accounts + 1) for game in KINDS}
        self.records = {game: [[0, 0, 0] for _ in range(accounts + 1)] for game in KINDS}

    def settle(
        self, game: str, players: tuple[int, int], outcome: Outcome
    ) -> list[tuple[int, int, int]]:
        """Count a result: of each player the user, and the rating before and after."""
        values = self.values[game]
        before = [values[user_id] for user_id in players]
        steps = []
        for seat, user_id in enumerate(players):
            score = outcome.scores[seat]
            values[user_id] = elo(before[seat], before[1 - seat], score, K)
            self.records[game][user_id][{1: 0, 0.5: 1, 0: 2}[score]] += 1
            steps.append((user_id, before[seat], values[user_id]))
        return steps

    def store(self, bulk: Bulk) -> None:
        rows = (
            (user_id, game, value, *self.records[game][user_id], False)
            for game, values in self.values.items()
            for user_id, value in enumerate(values)
            if user_id
        )
        names = ("user_id", "game", "value", "won", "drawn", "lost", "automatic")
        bulk.add(Rating, names, rows)


MATCH: Final = (
    *("id", "game", "variant", "rules_version", "options", "seed", "rated", "version", "revision"),
    *("state", "created_at", "moved_at", "deadline", "per_move", "code", "over", "ended_at"),
)
SEAT: Final = ("match_id", "seat", "user_id", "open", "told", "game", "private", "ended_at")
CHANGE: Final = ("match_id", "user_id", "game", "before", "after", "at")
MOVE: Final = ("match_id", "number", "seat", "move", "at")
PER_MOVE: Final = 7 * 86_400


class Rows:
    """Rows of matches in hand, until they are many enough to be written."""

    def __init__(self, bulk: Bulk) -> None:
        self._bulk = bulk
        self._clear()

    def _clear(self) -> None:
        self.matches: list[tuple[Any, ...]] = []
        self.seats: list[tuple[Any, ...]] = []
        self.changes: list[tuple[Any, ...]] = []
        self.moves: list[tuple[Any, ...]] = []

    def match(
        self, plan: Plan, played: Played, players: tuple[int, int], at: datetime, *, over: bool
    ) -> str:
        """A match that has ended, or stood still, at that time."""
        id = plan.id()
        code = "seeded" if plan.chance.random() < PRIVATE else None
        about = played.game, played.variant, played.rules_version, played.options, played.seed
        when = at - timedelta(minutes=10), at, at + timedelta(seconds=PER_MOVE), PER_MOVE, code
        ended = at if over else None
        rest = True, len(played.moves), 0, played.state, *when, over, ended
        self.matches.append((id, *about, *rest))
        for seat, user_id in enumerate(players):
            shown = not over, over, played.game, code is not None, ended
            self.seats.append((id, seat, user_id, *shown))
        return id

    def log(self, id: str, played: Played, at: datetime) -> None:
        """All moves of that match."""
        self.moves += (
            (id, number, seat, move, at) for number, (seat, move) in enumerate(played.moves, 1)
        )

    def write(self, most: int = 0) -> None:
        """Write them, if they are more than so many matches."""
        if len(self.matches) <= most:
            return
        self._bulk.add(Match, MATCH, self.matches)
        self._bulk.add(Seat, SEAT, self.seats)
        self._bulk.add(RatingChange, CHANGE, self.changes)
        self._bulk.add(Move, MOVE, self.moves)
        self._clear()


def add_matches(bulk: Bulk, plan: Plan) -> None:
    """All matches, in the order in which they ended; then those that are being played."""
    rows, standings, people = Rows(bulk), Standings(plan.accounts), busyness(plan)
    known = repertoire(plan.chance)
    step = timedelta(days=365 * YEARS) / (plan.matches + 1)
    for number in range(plan.matches, 0, -1):
        game = plan.chance.choices(list(KINDS), list(KINDS.values()))[0]
        played, players = plan.chance.choice(known[game]), pair(plan, people)
        at = plan.now - number * step
        id = rows.match(plan, played, players, at, over=True)
        for user_id, before, after in standings.settle(game, players, played.outcome):
            rows.changes.append((id, user_id, game, before, after, at))
        if number <= plan.logged:
            rows.log(id, played, at)
        rows.write(CHUNK)
    begun = repertoire(plan.chance, most=12)
    for _ in range(plan.running):
        game = plan.chance.choices(list(KINDS), list(KINDS.values()))[0]
        at = plan.now - timedelta(minutes=plan.chance.expovariate(1 / 600) % 10_000)
        played = plan.chance.choice(begun[game])
        rows.log(rows.match(plan, played, pair(plan, people), at, over=False), played, at)
    rows.write()
    standings.store(bulk)


def add_lines(bulk: Bulk, plan: Plan) -> None:
    """What was said, in the lobby and between two; the last words are not read yet."""
    people, names = busyness(plan), ("room", "user_id", "name", "text", "at", "hidden")
    step = timedelta(days=300) / (plan.lines + 1)
    marks: dict[tuple[int, str], int] = {}

    def said() -> Iterator[tuple[Any, ...]]:
        for number in range(1, plan.lines + 1):
            one, other = pair(plan, people)
            room = "lobby"
            if number % 3 == 0:
                room = f"dm:{min(one, other)}:{max(one, other)}"
                marks.update({(one, room): number, (other, room): number - 1})
            at = plan.now - (plan.lines - number) * step
            yield room, one, f"player{one}", f"line {number} of all that was said", at, False

    bulk.add(Message, names, said())
    read = ((user_id, room, number) for (user_id, room), number in marks.items())
    bulk.add(ReadMark, ("user_id", "room", "message_id"), read)


PARTS: Final[tuple[Callable[[Bulk, Plan], None], ...]] = (add_people, add_matches, add_lines)


def seed(app: Flask, *, chance: int = 1, **numbers: int) -> dict[str, int]:
    """Everything, by the `numbers` of `Plan`, into an empty database; how many rows of each."""
    with app.app_context():
        upgrade()
    house: House = app.extensions["house"]
    plan = Plan(**numbers, now=datetime.now(UTC), chance=random.Random(chance))
    with open_bulk(house.store.engine) as bulk:
        for part in PARTS:
            part(bulk, plan)
    return dict(bulk.counts)


def size(store: Store) -> int:
    """The bytes of the database."""
    on_sqlite = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    on_postgresql = "SELECT pg_database_size(current_database())"
    query = on_sqlite if store.engine.dialect.name == "sqlite" else on_postgresql
    with store.engine.connect() as connection:
        return int(connection.exec_driver_sql(query).scalar_one())


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--database", default="", metavar="URL")
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--matches", type=int, default=1_000_000)
    parser.add_argument("--logged", type=int, default=20_000, help="the last so many have moves")
    parser.add_argument("--running", type=int, default=1_000, help="matches being played")
    parser.add_argument("--friends", type=int, default=300_000)
    parser.add_argument("--lines", type=int, default=200_000, help="of chat")
    parser.add_argument("--sessions", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1, dest="chance", help="of chance")
    options = vars(parser.parse_args())
    os.umask(0o077)
    config = Config(INSTANCE_PATH=str(options.pop("folder")), DATABASE_URL=options.pop("database"))
    app = create_app(config)
    started = time.monotonic()
    for table, count in seed(app, **options).items():
        print(f"{table:16} {count:>12,}")
    store = app.extensions["house"].store
    print(f"{size(store) / 2**20:,.0f} MiB in {time.monotonic() - started:,.0f} s")


if __name__ == "__main__":
    main()
