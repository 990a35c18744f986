"""How many one-move transactions a second the database itself can take.

A row into the log and a row of the match updated, with the settings the house uses (WAL,
`synchronous=FULL`) and with NORMAL, one move a commit and several. What the house reaches per
second lies below the first line; the distance is what everything else costs.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.harness import Result, arguments, report

MATCHES = 100
STATE = "x" * 400  # about what a dumped state weighs
SECONDS = 3.0

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


def main() -> None:
    options = arguments(__doc__ or "").parse_args()
    results = [rate(mode, group) for mode in ("FULL", "NORMAL") for group in (1, 10, 50)]
    columns = {
        "synchronous": lambda r: r["synchronous"],
        "moves a commit": lambda r: f"{r['moves_a_commit']}",
        "moves/s": lambda r: f"{r['moves_per_second']:,.0f}",
    }
    report("SQLite, bare", columns, results, as_json=options.json)


if __name__ == "__main__":
    main()
