"""People at both kinds of clients, Socket.IO and raw, who keep all they hear."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from tests.services.conftest import SHORT_WIN, move
from tests.support.rawclient import RawClient
from tests.support.server import Server
from tests.support.site import SocketClient, Visitor

NOWHERE = "0" * 32
PASSWORD = "a good secret"


class Person:
    """Somebody at one kind of client, which keeps all it hears: `until` goes through it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.heard: list[tuple[str, Any]] = []
        self._next = 0

    def ask(self, type: str, **data: Any) -> dict[str, Any]:
        """Ask; what it led to: `{"ok": True}` with what is acknowledged, or the refusal's code."""
        raise NotImplementedError

    def hear(self) -> tuple[str, Any]:
        """The next message, once it comes."""
        raise NotImplementedError

    def until(self, *types: str) -> Any:
        """The data of the next message of one of these types."""
        while True:
            if self._next == len(self.heard):
                self.heard.append(self.hear())
            type, data = self.heard[self._next]
            self._next += 1
            if type in types:
                return data

    def settle(self) -> list[tuple[str, Any]]:
        """All that was said to this client so far."""
        self.marker()
        return self.heard

    def marker(self) -> list[tuple[str, Any]]:
        """Hear all that is on its way: an unknown request is answered after it. What was new."""
        start = len(self.heard)
        self.ask_nothing()
        while True:
            type, data = self.hear()
            if type == "error" and data["request"] == "are_we_there_yet":
                return self.heard[start:]
            self.heard.append((type, data))

    def ask_nothing(self) -> None:
        raise NotImplementedError

    def forget(self) -> None:
        """What was heard before is of no interest any more."""
        self.marker()
        self.heard.clear()
        self._next = 0


class Browser(Person):
    """A page of the website."""

    def __init__(self, server: Server, name: str, stack: ExitStack) -> None:
        super().__init__(name)
        visitor = Visitor(server.url).register(name, PASSWORD)
        self.socket: SocketClient = stack.enter_context(visitor.socket())

    def ask(self, type: str, **data: Any) -> dict[str, Any]:
        ack = self.socket.ask(type, **data)
        return ack if ack["ok"] else {"ok": False, "code": ack["error"]["code"]}

    def hear(self) -> tuple[str, Any]:
        return self.socket.hear()

    def ask_nothing(self) -> None:
        self.socket.ask("are_we_there_yet")


class Raw(Person):
    """A client of the raw protocol. Its answers are what it hears."""

    def __init__(self, server: Server, name: str, stack: ExitStack) -> None:
        super().__init__(name)
        self.client = stack.enter_context(RawClient(server.host, server.port))
        self.client.login(name, PASSWORD)
        # From its first request that no old client makes, it is told everything.
        assert self.ask("unwatch", id=NOWHERE)["ok"]

    def ask(self, type: str, **data: Any) -> dict[str, Any]:
        self.client.send(type, data)
        for heard, said in self.marker():
            if heard == "error" and said["request"] == type:
                return {"ok": False, "code": said["code"]}
        return {"ok": True}

    def hear(self) -> tuple[str, Any]:
        return self.client.receive()

    def ask_nothing(self) -> None:
        self.client.send("are_we_there_yet")


KINDS: dict[str, type[Browser | Raw]] = {"browser": Browser, "raw": Raw}


def in_lobby(person: Person) -> dict[str, Any]:
    """The lobby as it is described to somebody now; they hear of it from now on."""
    assert person.ask("lobby")["ok"]
    state: dict[str, Any] = of_type(person, "lobby_state")[-1][1]
    return state


def of_type(person: Person, *types: str) -> list[tuple[str, Any]]:
    return [(type, data) for type, data in person.settle() if type in types]


def own_table(person: Person) -> dict[str, Any]:
    """The table a person was last told to have open."""
    row: dict[str, Any] = of_type(person, "table_own")[-1][1]
    return row


def play(match_id: str, first: Person, second: Person, moves: int) -> None:
    for number in range(moves):
        mover = (first, second)[number % 2]
        assert mover.ask("move", id=match_id, **move(*SHORT_WIN[number]))["ok"]


Arrive = Callable[..., Any]
