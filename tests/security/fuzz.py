"""What fuzzers share: values that nobody expects, and what must be left of them: nothing.

FUZZ_EXAMPLES=2000 tries so many of each kind, other ones in every run; without it a few, the same.
"""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
import requests
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from tests.support.server import Server

LONG = int(os.environ.get("FUZZ_EXAMPLES", "0"))
SETTLE = 30.0  # seconds for the last connections to be noted as gone
GROWTH = 40 * 1024  # KiB that a server may be larger afterwards: caches fill, nothing leaks

# What of the house's inside no client is ever to see.
INSIDE = re.compile(r"Traceback|File \"|\.py\b|sqlalchemy|sqlite3|psycopg|SELECT |INSERT ", re.I)


def fuzzing(few: int) -> Any:
    """How often a fuzzer tries."""
    return settings(
        max_examples=LONG or few,
        derandomize=not LONG,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink] if LONG else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


# Fields that requests of one protocol or another have, so that what is odd is not only the name.
FIELDS = ("id", "tid", "name", "pw", "user", "username", "password", "token", "player", "game",
          "variant", "move", "version", "code", "seat", "room", "text", "message", "wid",
          "position", "cards", "claim", "bid", "before", "since", "reason", "cancel", "data",
          "type", "control", "count", "captures", "coordinates", "nick", "msg", "timeout",
          "options", "rated", "time", "seats", "strength")  # fmt: skip
ODD_TEXT = ("", "\0", "\ud83d\ude00", "a" * 5000, "1e999", "-0", "null", "../..", "' OR 1=1 --",
            "%s%n", "{{7*7}}", "<script>", "lobby", "0" * 32, "uttt", "bridge", "ann")  # fmt: skip
ODD_NUMBERS = (0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**40, 0.5, -0.0, 1e308)

texts = st.sampled_from(ODD_TEXT) | st.text(max_size=30)
scalars = (
    st.none() | st.booleans() | st.sampled_from(ODD_NUMBERS) | st.integers() | texts
    | st.floats(allow_nan=False, allow_infinity=False)
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(FIELDS) | texts, inner, max_size=5)
    ),
    max_leaves=12,
)
payloads = st.dictionaries(st.sampled_from(FIELDS), values, max_size=6) | values


def dumped(value: Any) -> str:
    """As JSON, or what is left of it where it is none (a lone surrogate)."""
    try:
        return msgspec.json.encode(value).decode()
    except (UnicodeEncodeError, OverflowError):
        return "{"


BROKEN_JSON = ("{", "[" * 20_000, '{"type":', "NaN", '"\\ud800"', '{"a":1,"a":2}', "\ufeff{}", "")


def peek(server: Server, question: str) -> list[tuple[Any, ...]]:
    """What the server's own database says."""
    file = Path(server.instance) / "parlour.sqlite3"
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10) as database:
        return database.execute(question).fetchall()


@contextmanager
def unharmed(server: Server) -> Iterator[None]:
    """The server is the same process after this as before: it answers, has logged no fault, and
    has kept nothing of those who are gone."""
    pid, files, size = server.pid, _files(server), _size(server)
    yield
    assert server.running()
    assert server.pid == pid
    assert requests.get(f"{server.url}/rules/uttt", timeout=30).ok
    log = server.log()
    assert "Traceback" not in log, log[-6000:]
    end = time.monotonic() + SETTLE
    while _files(server) > files + 5 or peek(server, "SELECT 1 FROM presence"):
        left = _files(server) - files, peek(server, "SELECT * FROM presence")
        assert time.monotonic() < end, f"left behind: files, presence {left}"
        time.sleep(0.2)
    grown = _size(server) - size
    assert grown < GROWTH * max(1, LONG // 500), f"{grown} KiB larger"


def _files(server: Server) -> int:
    with suppress(FileNotFoundError):
        return len(list(Path(f"/proc/{server.pid}/fd").iterdir()))
    return 0


def _size(server: Server) -> int:
    """KiB of memory."""
    status = Path(f"/proc/{server.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", status)
    assert found
    return int(found[1])
