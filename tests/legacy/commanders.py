"""Clients of the command API: the same commands over HTTP and over a WebSocket."""

from __future__ import annotations

import json
import shlex
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import requests

from app.legacy.commands.table import COMMANDS
from tests.support.rawclient import RawClient
from tests.support.server import Server

PATIENCE = 70.0


class Answer(NamedTuple):
    """What a command answered. `status` is None over a WebSocket, which does not say it."""

    status: int | None
    value: Any


class Commander:
    """`do("join", token=…, nick=…)` over some transport. Parameters that are None are left out."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def do(self, command: str, **given: Any) -> Answer:
        raise NotImplementedError

    def ok(self, command: str, **given: Any) -> Any:
        """The answer to a command that must be done."""
        status, value = self.do(command, **given)
        assert status in (None, 200), (command, status, value)
        assert not (isinstance(value, dict) and "error" in value), (command, value)
        return value

    def refused(self, status: int, text: str, command: str, **given: Any) -> None:
        """A command must be refused with this text, to the letter."""
        answer = self.do(command, **given)
        assert answer.value == {"error": text}, (command, answer)
        assert answer.status in (None, status), (command, answer)

    def register(self, nick: str) -> str:
        token: str = self.ok("register", nick=nick)["token"]
        return token

    def close(self) -> None:
        """Leave."""


class ByGet(Commander):
    def do(self, command: str, **given: Any) -> Answer:
        return http(self.server, "GET", command, params=_strings(given))


class ByForm(Commander):
    def do(self, command: str, **given: Any) -> Answer:
        return http(self.server, "POST", command, data=_strings(given))


class ByJson(Commander):
    def do(self, command: str, **given: Any) -> Answer:
        return http(self.server, "POST", command, json=given)


class ByWebSocket(Commander):
    """Parameters in their order, `""` for those left out in the middle."""

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.raw = RawClient(server.host, server.port, "/api/ws")

    def do(self, command: str, **given: Any) -> Answer:
        self.raw.send_text(line(command, **given))
        return Answer(None, self.hear(is_text=command == "logs"))

    def hear(self, *, is_text: bool = False, seconds: float = PATIENCE) -> Any:
        payload = self.raw.frame(seconds).payload.decode()
        if is_text and not payload.startswith('{"error"'):
            return payload
        return json.loads(payload)

    def close(self) -> None:
        self.raw.close()


TRANSPORTS: tuple[type[Commander], ...] = (ByGet, ByForm, ByJson, ByWebSocket)


def line(command: str, **given: Any) -> str:
    """A command in words."""
    known = COMMANDS.get(command)
    values = _strings(given)
    names = known.words if known is not None else tuple(given)
    assert values.keys() <= set(names), (command, given)
    words = [values.get(name, "") for name in names]
    while words and not words[-1]:
        words.pop()
    return shlex.join([command, *words])


def http(server: Server, method: str, command: str, **options: Any) -> Answer:
    answer = requests.request(method, f"{server.url}/api/{command}", timeout=PATIENCE, **options)
    if answer.headers["Content-Type"] == "application/json":
        return Answer(answer.status_code, answer.json())
    return Answer(answer.status_code, answer.text)


class Background:
    """A call in a thread of its own: `Background(client.ok, "chat", …).result()`."""

    def __init__(self, call: Callable[..., Any], *args: Any, **options: Any) -> None:
        self._results: list[Any] = []
        self._errors: list[BaseException] = []

        def run() -> None:
            try:
                self._results.append(call(*args, **options))
            except BaseException as error:
                self._errors.append(error)

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def result(self, seconds: float = PATIENCE) -> Any:
        self._thread.join(seconds)
        assert not self._thread.is_alive(), "it never came back"
        if self._errors:
            raise self._errors[0]
        return self._results[0]


def _strings(given: dict[str, Any]) -> dict[str, str]:
    texts = {True: "true", False: "false"}
    return {
        name: texts[value] if isinstance(value, bool) else str(value)
        for name, value in given.items()
        if value is not None
    }
