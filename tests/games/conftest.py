"""The games of the house, and random matches of each.

`MATCHES_A_VARIANT` in the environment asks for more of them than the kits do.
"""

from __future__ import annotations

import os
from typing import Any

import pytest

from app.games import GAMES
from app.games.api import Game
from tests.games.kits import KITS
from tests.games.matches import Match, play

MATCHES_A_VARIANT = int(os.environ.get("MATCHES_A_VARIANT", "0"))


@pytest.fixture(params=GAMES)
def game(request: pytest.FixtureRequest) -> Game[Any, Any]:
    return GAMES[request.param]


@pytest.fixture(
    scope="session",
    params=[
        (key, variant, number)
        for key, game in GAMES.items()
        for variant in game.info.variants
        for number in range(MATCHES_A_VARIANT or KITS[key].matches)
    ],
    ids=lambda param: "-".join(map(str, param)),
)
def match(request: pytest.FixtureRequest) -> Match:
    key, variant, number = request.param
    return play(GAMES[key], variant, number)
