"""A process in which the computer thinks: a question in, an answer out, a line of JSON each.

A program of its own, which `app.thought` runs with the name of the module that has the `ANSWERS`
and by how much it comes after others.
Its standard input is a socket to the server; when that is closed, however the server ended, the
program ends.

A question is `[number, its name, argument, …]`, as `[1, "move", game key, strength, view, seed of
its chance, effort, seconds]`; the answer `[number, what is answered, null]`, or `[number, null,
what went wrong]`.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from traceback import format_exc
from types import ModuleType
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]


def main() -> None:
    """Answer until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C means the server, which may need answers
    os.nice(int(sys.argv[2]))  # who is served comes before who thinks
    answers = _answers(sys.argv[1])
    with socket.socket(fileno=sys.stdin.fileno()) as server:
        server.setblocking(True)  # as the server's own end may not be
        try:
            for line in server.makefile("rb"):
                server.sendall(_answer(answers, json.loads(line)))
        except ConnectionError:
            pass  # it was killed, and waits for nothing


def _answer(answers: Mapping[str, Callable[..., Any]], question: Any) -> bytes:
    number, name, *arguments = question
    try:
        answer = [number, answers[name](*arguments), None]
    except Exception:
        # The outermost loop of the process: the server logs it, and others are answered.
        answer = [number, None, format_exc()]
    return json.dumps(answer).encode() + b"\n"


def _answers(name: str) -> Mapping[str, Callable[..., Any]]:
    """A module's `ANSWERS`, without the web and the database, which `app` itself would bring."""
    package = ModuleType("app")
    package.__path__ = [str(ROOT / "app")]
    sys.modules["app"] = package
    answers: Mapping[str, Callable[..., Any]] = import_module(name).ANSWERS
    return answers


if __name__ == "__main__":
    main()
