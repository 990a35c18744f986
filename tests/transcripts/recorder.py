"""A house in this process, clients of its protocols, and all they say and hear, written down.

Chance and clock are the same in every run, and so are the transcripts.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Self
from unittest.mock import patch

from flask import Flask

from app import create_app
from app.live.commands import handle
from app.live.links import Link
from app.services import presence, sessions
from app.services.house import House
from app.services.sessions import Caller
from config import Config
from tests.legacy.cage import connect
from tests.support.rawclient import Closed, RawClient, handshake

MANY = 3  # lists of more lists or objects than so many are not shown in full
START = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
PASSWORD = "a good secret"
MARK = "are_we_there_yet"  # an unknown request is answered after all that is on its way


class Clock:
    """A second later each time that something is said."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


class Asker(Link):
    """Somebody who asks, and hears nothing but what that is acknowledged with."""

    def __init__(self, caller: Caller | None) -> None:
        self.caller = caller
        self.address = "192.0.2.7"
        self.watching = {}
        self.gone = False
        self.looking = None
        self.glancing = frozenset()

    def join(self, room: str) -> None:
        pass

    def leave(self, room: str) -> None:
        pass


class Person:
    """A client with a name; what it says and hears is written into the transcript."""

    def __init__(self, scene: Scene, name: str, path: str) -> None:
        self.scene = scene
        self.name = name
        self.raw, _ = connect(scene.app.wsgi_app, RawClient, handshake(path))
        self.heard: list[dict[str, Any]] = []

    def say(self, type: str, **data: Any) -> Self:
        """Send a message; in what is asked of it, `{"type", "data"}`."""
        return self.send({"type": type, "data": data})

    def control(self, control: str, data: Any = None) -> Self:
        """The same as scopa's clients write it."""
        return self.send({"control": control, "data": data})

    def send(self, message: dict[str, Any]) -> Self:
        self.scene.spoke = self
        self.scene.clock.now += timedelta(seconds=1)
        self.scene.note(f"{self.name} →", message)
        self.raw.send_text(json.dumps(message))
        return self

    def ask(self, type: str, **data: Any) -> dict[str, Any]:
        """Ask as a client of Socket.IO does; what it is acknowledged with. Other news is not
        written down.
        """
        scene = self.scene
        scene.clock.now += timedelta(seconds=1)
        scene.note(f"{self.name} →", {"type": type, "data": data})
        caller = sessions.resume(scene.house, self.last("login_response")["id"])
        result = handle(scene.house, Asker(caller), type, data)
        result.then()
        scene.note(f"{self.name} ⇐", result.ack)
        with scene.aside():
            scene.everybody()
        return result.ack

    def hear(self, count: int = 1) -> Self:
        """Write down the next so many messages."""
        for _ in range(count):
            self._hear(json.loads(self.raw.frame().payload))
        return self

    def settle(self) -> list[dict[str, Any]]:
        """Write down all that is on its way; of those that are signed in."""
        first = len(self.heard)
        self.raw.send_text(json.dumps({"type": MARK, "control": MARK, "data": {}}))
        while True:
            message = json.loads(self.raw.frame().payload)
            if MARK in str(message["data"]):
                return self.heard[first:]
            self._hear(message)

    def end(self) -> Self:
        """Write down all up to the connection's end, and how that is."""
        try:
            while True:
                self._hear(json.loads(self.raw.frame().payload))
        except Closed as end:
            self.scene.lines.append(f"{self.name} ✕ {end.code} {end.reason}".rstrip())
        return self

    def last(self, type: str) -> Any:
        """The data of the last message of that type."""
        return next(
            message["data"]
            for message in reversed(self.heard)
            if type in (message.get("type"), message.get("control"))
        )

    def waits_for(self) -> str | None:
        """Whose turn it is at a table of scopa, as this client was told last."""
        for message in reversed(self.heard):
            for info in message["data"]["infos"] if message["control"] == "match_data" else ():
                if info["info"] == "waiting":
                    name: str = info["data"]
                    return name
        return None

    def _hear(self, message: dict[str, Any]) -> None:
        self.heard.append(message)
        self.scene.note(f"{self.name} ←", message)


class Scene:
    """One session at a house of its own. `lines` is the transcript."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.house: House = app.extensions["house"]
        self.clock = Clock()
        object.__setattr__(self.house, "clock", self.clock)
        self.house.publish._clock = self.clock  # type: ignore[attr-defined]
        self.lines: list[str] = []
        self.people: list[Person] = []
        self.spoke: Person | None = None
        self.heard: list[dict[str, Any]] = []
        self._silent = False
        presence.arrive(self.house)

    def person(self, name: str, path: str = "/ws/uttt") -> Person:
        """Somebody at a client of their own."""
        person = Person(self, name, path)
        self.people.append(person)
        return person

    def everybody(self) -> None:
        """Have each write down what has come meanwhile: who spoke last first, whose request is
        dealt with by then.
        """
        for person in sorted(self.people, key=lambda each: each is not self.spoke):
            person.settle()

    def guest(self, name: str, path: str = "/ws/uttt") -> Person:
        """Somebody who has signed in, of which nothing is written down."""
        with self.aside():
            person = self.person(name, path)
            person.say("temp_session", name=name).hear()
            person.settle()
        return person

    def account(self, name: str, path: str = "/ws/uttt") -> Person:
        """The same, with an account."""
        with self.aside():
            person = self.person(name, path)
            person.say("login", name=name, pw=PASSWORD).hear()
            person.settle()
        return person

    def later(self) -> None:
        """A second passes, and what was to be done by then is done."""
        self.clock.now += timedelta(seconds=1)
        for action in self.house.timers.take_due(self.clock.now):
            action()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Nothing of what happens meanwhile is written down."""
        before, self._silent = self._silent, True
        try:
            yield
        finally:
            self._silent = before

    def gap(self) -> None:
        """Something is left out here."""
        self.lines.append("…")

    def note(self, who: str, message: Any) -> None:
        if "←" in who:
            self.heard.append(message)
        if self._silent:
            return
        self.lines.append(f"{who} {shown(message)}")

    def close(self) -> None:
        for person in self.people:
            person.raw.drop()


def shown(value: Any) -> str:
    """A message as JSON, with `…` for what goes on in the same way.

    >>> shown({"rows": [[0, 0], [0, 1], [1, 0], [1, 1]], "names": ["a", "b", "c", "d"]})
    '{"rows": [[0, 0], …], "names": ["a", "b", "c", "d"]}'
    """
    if isinstance(value, dict):
        return (
            f"{{{', '.join(f'{json.dumps(key)}: {shown(each)}' for key, each in value.items())}}}"
        )
    if isinstance(value, list) and len(value) > MANY and isinstance(value[0], list | dict):
        return f"[{shown(value[0])}, …]"
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    return json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True)
class Transcript:
    """What was written down, and all messages that were heard, written down or not."""

    text: str
    heard: list[dict[str, Any]]


Play = Callable[[Scene], None]
SESSIONS: dict[str, Play] = {}
"""What is played, by the name of the example."""


def session(name: str) -> Callable[[Play], Play]:
    """Register a session as the example of that name."""

    def register(play: Play) -> Play:
        SESSIONS[name] = play
        return play

    return register


@contextmanager
def same_chance() -> Iterator[None]:
    """Ids, tokens and seeds that are the same in every run."""
    chance = Random(2026)
    with (
        patch.object(secrets, "token_bytes", lambda size=32: chance.randbytes(size)),
        patch.object(secrets, "choice", chance.choice),
    ):
        yield


def record(play: Play, config: Config) -> Transcript:
    """The transcript of a session at a house with these settings, whose database is empty."""
    with same_chance():
        scene = Scene(create_app(replace(config, ASYNC_MODE="threading", PING_INTERVAL=0)))
        try:
            play(scene)
        finally:
            scene.close()
    return Transcript("\n".join(scene.lines), scene.heard)
