"""The games of the house, and random matches of each."""

from __future__ import annotations

from typing import Any

import pytest

from app.games import GAMES
from app.games.api import Game
from tests.games.matches import Match, play

MATCHES_A_VARIANT = 8


@pytest.fixture(params=GAMES)
def game(request: pytest.FixtureRequest) -> Game[Any, Any]:
    return GAMES[request.param]


@pytest.fixture(
    scope="session",
    params=[
        (key, variant, number)
        for key, game in GAMES.items()
        for variant in game.info.variants
        for number in range(MATCHES_A_VARIANT)
    ],
    ids=lambda param: "-".join(map(str, param)),
)
def match(request: pytest.FixtureRequest) -> Match:
    key, variant, number = request.param
    return play(GAMES[key], variant, number)
