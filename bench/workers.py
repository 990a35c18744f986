"""What a worker more is worth: the same load on one worker and on several.

PostgreSQL and Redis are started for it. The two of every pair are at the same worker, or apart.
With fewer cores than programs the moves a second say little, so it is reckoned from the processor
time that a move costs all workers together: "times one" is what workers with a core each could
take, compared with one, as long as the database could.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.harness import (
    LOAD_COLUMNS,
    SIGN_IN_SECONDS,
    Result,
    load_arguments,
    play,
    report,
    settings,
)
from bench.raw_load import connect
from tests.support.server import Server
from tests.support.services import Postgres, Redis

ROUNDS = ((1, False), (2, False), (2, True))  # workers; whether the two of a pair are apart


@contextmanager
def workers(count: int, options: argparse.Namespace) -> Iterator[list[Server]]:
    """So many on a fresh database, each on a core of its own if there are enough."""
    cores = sorted(os.sched_getaffinity(0))
    postgres, redis = Postgres(), Redis()
    with tempfile.TemporaryDirectory(prefix="parlour-bench-") as folder:
        try:
            postgres.start()
            redis.start()
            shared = {"DATABASE_URL": postgres.create("house"), "REDIS_URL": redis.url}
            servers = [
                Server(
                    Path(folder) / "instance",
                    shared | settings(options.set),
                    cpu=cores[number] if count < len(cores) else None,
                )
                for number in range(count)
            ]
            try:
                for server in servers:
                    server.start()
                yield servers
            finally:
                for server in servers:
                    server.close()
        finally:
            for service in (redis, postgres):
                with suppress(OSError):
                    service.close()


def main() -> None:
    parser = load_arguments(__doc__ or "")
    options = parser.parse_args()
    options.profile = False
    results: list[Result] = []
    for pairs in options.pairs:
        alone = 0.0
        for count, apart in ROUNDS:
            with workers(count, options) as servers:
                limit = options.warmup + options.seconds + SIGN_IN_SECONDS
                loaded = play(servers, connect, pairs, options, apart=apart)
                result = asyncio.run(asyncio.wait_for(loaded, limit))
            cost = result["server_us_per_move"]
            alone = alone or cost
            mark = {"workers": count, "apart": apart, "times_one": count * alone / cost}
            results.append(mark | result)
    columns: dict[str, Callable[[Result], str]] = {
        "workers": lambda r: f"{r['workers']}{' apart' if r['apart'] else ''}",
        "times one": lambda r: f"{r['times_one']:.2f}",
    }
    report("workers", columns | LOAD_COLUMNS, results, as_json=options.json)


if __name__ == "__main__":
    main()
