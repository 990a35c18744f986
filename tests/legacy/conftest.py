"""Old clients of the server that all tests share."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from config import Config
from tests.legacy.players import Player
from tests.legacy.scopa_clients import Inside
from tests.support.server import Server

Arrive = Callable[..., Player]


@pytest.fixture
def arrive(server: Server) -> Iterator[Arrive]:
    """Signs people in; they leave at the end of the test."""
    here: list[Player] = []

    def come(name: str | None = None, **options: Any) -> Player:
        here.append(Player.arrive(server, name, **options))
        return here[-1]

    yield come
    for player in here:
        player.drop()


@pytest.fixture
def draw(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[int], bytes]], None]:
    """Says where the seeds of the matches in this process come from: `draw(lambda size: seed)`."""

    def from_now_on(drawn: Callable[[int], bytes]) -> None:
        chance = SimpleNamespace(token_bytes=drawn, token_hex=secrets.token_hex)
        monkeypatch.setattr("app.services.matches.secrets", chance)

    return from_now_on


@pytest.fixture
def inside(
    config: Config, draw: Callable[[Callable[[int], bytes]], None]
) -> Iterator[Callable[..., Inside]]:
    """Makes a house in this process, and lets everybody go: `inside("anna", "bob", **settings)`.

    Its cards are the same in every run, if a test does not `draw` others.
    """
    draw(Random(1).randbytes)
    made: list[Inside] = []

    def make(*names: str, **settings: Any) -> Inside:
        made.append(Inside(config, **settings))
        for name in names:
            made[-1].account(name)
        return made[-1]

    yield make
    for each in made:
        each.close()
