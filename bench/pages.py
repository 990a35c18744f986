"""The server's time for its pages in a house of many: `python -m bench.pages FOLDER`.

FOLDER is what `bench.seed` has filled. Each page is made again and again in this process, through
the whole of Flask but without a network, for a stranger, for the busiest account there is and for
an ordinary one; the first time counts apart, since caches are empty then. What the processor was at
work, here, is told beside: on a machine that does other things as well it is the steadier figure.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from app import create_app
from app.services.house import House
from app.store import Match, Move, User
from bench.harness import Result, arguments, report
from bench.seed import TOKEN
from config import Config

BUSIEST: Final = 1
ORDINARY: Final = 400
VIEWERS: Final[Mapping[str, int | None]] = {
    "stranger": None,
    "busiest": BUSIEST,
    "ordinary": ORDINARY,
}
ALL: Final = tuple(VIEWERS)
SIGNED_IN: Final = ("busiest", "ordinary")


def pages(house: House) -> dict[str, tuple[str, tuple[str, ...]]]:
    """What is asked for, by a name for it: the path, and who asks."""
    with house.store.read() as unit:
        logged = select(Move.match_id).limit(1).scalar_subquery()
        replay = unit.scalar(select(Match.id).where(Match.id == logged))
        accounts = unit.scalar(select(func.max(User.id))) or 0
    last = -(-accounts // 100)
    return {
        "front page": ("/", ("stranger",)),
        "lobby": ("/lobby", SIGNED_IN),
        "rankings, first page": ("/rankings/uttt", ALL),
        "rankings, in the middle": (f"/rankings/uttt?page={last // 2}", ALL),
        "rankings, last page": (f"/rankings/uttt?page={last}", ALL),
        "rankings of scopa": ("/rankings/scopa", ALL),
        "profile of the busiest": (f"/player/player{BUSIEST}", ALL),
        "… an old page of it": (f"/player/player{BUSIEST}?page=100", ALL),
        "… in scopa": (f"/player/player{BUSIEST}?game=scopa", ALL),
        "profile of an ordinary player": (f"/player/player{ORDINARY}", ALL),
        "friends": ("/friends", SIGNED_IN),
        "friends, looking for one": (f"/friends?name=player{ORDINARY + 1}", SIGNED_IN),
        "watch": ("/watch", ALL),
        "the best match": ("/watch/best", ALL),
        "messages": ("/messages", SIGNED_IN),
        "a match looked back on": (f"/match/{replay}?ply=3", ALL),
        "settings": ("/settings", SIGNED_IN),
    }


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(*args: Any) -> None:
        asked.append(args[2])

    event.listen(house.store.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(house.store.engine, "before_cursor_execute", note)


def browser(app: Flask, user_id: int | None) -> FlaskClient:
    """A client that is signed in as that user."""
    client = app.test_client()
    if user_id is not None:
        with client.session_transaction() as cookie:
            cookie["_user_id"] = TOKEN.format(user_id)
            cookie["_fresh"] = True
    return client


def measure(house: House, client: FlaskClient, path: str, rounds: int) -> Result:
    """The milliseconds that a page takes, and what it asks the database. It must be there."""
    with statements(house) as asked:
        started = time.perf_counter()
        response = client.get(path)
        first = time.perf_counter() - started
        if response.status_code != 200:
            raise SystemExit(f"{path}: {response.status}")
        count = len(asked)
    times, busy = [], []
    for _ in range(rounds):
        started, before = time.perf_counter(), time.process_time()
        client.get(path)
        times.append(time.perf_counter() - started)
        busy.append(time.process_time() - before)
    return {
        "first_ms": 1e3 * first,
        "p50_ms": 1e3 * statistics.median(times),
        "cpu_ms": 1e3 * statistics.median(busy),
        "statements": count,
        "bytes": len(response.data),
    }


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--database", default="", metavar="URL")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--only", default="", help="pages whose name has this in it")
    options = parser.parse_args()
    config = Config(
        INSTANCE_PATH=str(options.folder),
        DATABASE_URL=options.database,
        ASYNC_MODE="threading",
        RATELIMIT_ENABLED=False,
        LOG_LEVEL="WARNING",
    )
    random.seed(1)
    app = create_app(config)
    house: House = app.extensions["house"]
    results: list[Result] = []
    for viewer, user_id in VIEWERS.items():
        client = browser(app, user_id)
        client.get("/about")  # templates and translations are read
        for name, (path, asked_by) in pages(house).items():
            if viewer in asked_by and options.only in name:
                about = {"page": name, "viewer": viewer}
                results.append(about | measure(house, client, path, options.rounds))
    columns = {
        "page": lambda r: r["page"],
        "viewer": lambda r: r["viewer"],
        "first ms": lambda r: f"{r['first_ms']:.1f}",
        "p50 ms": lambda r: f"{r['p50_ms']:.1f}",
        "of it processor ms": lambda r: f"{r['cpu_ms']:.1f}",
        "statements": lambda r: f"{r['statements']}",
        "KiB": lambda r: f"{r['bytes'] / 1024:.0f}",
    }
    report("Pages", columns, results, as_json=options.json)


if __name__ == "__main__":
    main()
