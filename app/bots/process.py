"""The process in which the computer thinks: a question in, a move out, a line of JSON each.

A program of its own, which `app.offload` runs. Its standard input is a socket to the server; when
that is closed, however the server ended, the program ends.

A question is `[number, game key, strength, view, seed of its chance, effort]`; the answer `[number,
raw move, null]`, or `[number, null, what went wrong]`.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from traceback import format_exc
from types import ModuleType
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
NICE: Final = 5  # who is served comes before who thinks


def main() -> None:
    """Answer until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C means the server, which may need answers
    os.nice(NICE)
    choose = _players()
    with socket.socket(fileno=sys.stdin.fileno()) as server:
        server.setblocking(True)  # as the server's own end may not be
        try:
            for line in server.makefile("rb"):
                server.sendall(_answer(choose, json.loads(line)))
        except ConnectionError:
            pass  # it was killed, and waits for nothing


def _answer(choose: Callable[..., Any], question: Any) -> bytes:
    number, game_key, strength, view, seed, effort = question
    try:
        answer = [number, choose(game_key, strength, view, Random(seed), effort), None]
    except Exception:
        # The outermost loop of the process: the server logs it, and others are answered.
        answer = [number, None, format_exc()]
    return json.dumps(answer).encode() + b"\n"


def _players() -> Callable[..., Any]:
    """`app.bots.choose`, without the web and the database, which `app` itself would bring."""
    package = ModuleType("app")
    package.__path__ = [str(ROOT / "app")]
    sys.modules["app"] = package
    from app.bots import choose

    return choose


if __name__ == "__main__":
    main()
