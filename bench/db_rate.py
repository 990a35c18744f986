"""How many one-move transactions a second the database itself can take.

A row into the log and a row of the match updated, with the settings the house uses (WAL,
`synchronous=FULL`) and with NORMAL, one move a commit and several; and then by the house's own
way, `app.store.advance` on its own tables with their indexes, on SQLite or, with `--database`, on
the empty PostgreSQL database of that URL. What the house reaches per second lies below; the
distance is what everything else costs.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, inspect

from app.store import Match, Store
from app.store.advance import Advance, advance
from app.store.base import Base, tune_sqlite
from bench.harness import Result, arguments, report

MATCHES = 100
STATE = "x" * 400  # about what a dumped state weighs
SECONDS = 3.0
GROUPS = (1, 10, 50)  # moves a commit

SCHEMA = """
CREATE TABLE match (id TEXT PRIMARY KEY, version INTEGER NOT NULL, state TEXT NOT NULL,
    moved_at TEXT NOT NULL);
CREATE TABLE move (match_id TEXT NOT NULL REFERENCES match (id), number INTEGER NOT NULL,
    seat INTEGER, move TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (match_id, number));
"""
ADVANCE = "UPDATE match SET version = ?, state = ?, moved_at = ? WHERE id = ? AND version = ?"
APPEND = "INSERT INTO move VALUES (?, ?, ?, ?, ?)"


@contextmanager
def database(synchronous: str) -> Iterator[sqlite3.Connection]:
    with tempfile.TemporaryDirectory(prefix="parlour-bench-") as folder:
        db = sqlite3.connect(Path(folder) / "bench.sqlite3", isolation_level=None)
        db.executescript(SCHEMA)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute(f"PRAGMA synchronous={synchronous}")
        db.execute("PRAGMA foreign_keys=ON")
        db.executemany(
            "INSERT INTO match VALUES (?, 0, ?, '')", [(f"{n:032x}", STATE) for n in range(MATCHES)]
        )
        yield db
        db.close()


def rate(synchronous: str, moves_a_commit: int) -> Result:
    """Moves a second, each in its match's next version, `moves_a_commit` in a transaction."""
    now = "2000-01-01 00:00:00.000000"
    move = '{"sub_x":1,"sub_y":1,"x":1,"y":1}'
    done = 0
    with database(synchronous) as db:
        started = time.perf_counter()
        while (spent := time.perf_counter() - started) < SECONDS:
            db.execute("BEGIN IMMEDIATE")
            for _ in range(moves_a_commit):
                version, match = done // MATCHES, f"{done % MATCHES:032x}"
                db.execute(APPEND, (match, version + 1, version % 2, move, now))
                db.execute(ADVANCE, (version + 1, STATE, now, match, version))
                done += 1
            db.execute("COMMIT")
    return {
        "synchronous": synchronous,
        "moves_a_commit": moves_a_commit,
        "moves_per_second": done / spent,
    }


@contextmanager
def house_store(url: str) -> Iterator[Store]:
    """The house's tables in that database, or (empty) in an SQLite file, with `MATCHES` matches."""
    with tempfile.TemporaryDirectory(prefix="parlour-bench-") as folder:
        engine = create_engine(url or f"sqlite:///{folder}/bench.sqlite3")
        tune_sqlite(engine)
        if inspect(engine).get_table_names():
            raise SystemExit("There are tables in that database: give an empty one.")
        Base.metadata.create_all(engine)
        store = Store(engine)
        now = datetime.now(UTC)
        common = {"game": "uttt", "variant": "standard", "rules_version": 1, "options": "{}"}
        common |= {"seed": bytes(32), "rated": True, "version": 0, "state": STATE}
        common |= {"created_at": now, "moved_at": now, "deadline": now, "per_move": 86_400}
        with store.write() as unit:
            unit.add_all(Match(id=f"{n:032x}", **common) for n in range(MATCHES))
        try:
            yield store
        finally:
            Base.metadata.drop_all(engine)
            engine.dispose()


def house_rate(url: str, moves_a_commit: int) -> Result:
    """As `rate`, by the statements with which the house saves moves that share a commit."""
    done = 0
    with house_store(url) as store:
        name = store.engine.dialect.name
        started = time.perf_counter()
        while (spent := time.perf_counter() - started) < SECONDS:
            with store.transaction() as connection:
                advance(connection, sorted(_move(done + n) for n in range(moves_a_commit)))
            done += moves_a_commit
    return {"database": name, "moves_a_commit": moves_a_commit, "moves_per_second": done / spent}


def _move(number: int) -> Advance:
    version, match = number // MATCHES, f"{number % MATCHES:032x}"
    now = datetime.now(UTC)
    deadline = now + timedelta(days=1)
    move = '{"sub_x":1,"sub_y":1,"x":1,"y":1}'
    return Advance(match, version, 0, STATE, now, deadline, None, False, version % 2, move)


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--database", default="", metavar="URL", help="as DATABASE_URL")
    options = parser.parse_args()
    columns = {
        "synchronous": lambda r: r["synchronous"],
        "moves a commit": lambda r: f"{r['moves_a_commit']}",
        "moves/s": lambda r: f"{r['moves_per_second']:,.0f}",
    }
    if not options.database:
        results = [rate(mode, group) for mode in ("FULL", "NORMAL") for group in GROUPS]
        report("SQLite, bare", columns, results, as_json=options.json)
    results = [house_rate(options.database, group) for group in GROUPS]
    columns = {"database": lambda r: r["database"], **columns}
    del columns["synchronous"]
    report("By the house's own statements", columns, results, as_json=options.json)


if __name__ == "__main__":
    main()
