"""What may be agreed on before a match: game, variant, options, time, and the code of a private
one.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, replace
from typing import Final

from app.games import OFFERED
from app.games.api import RuleError
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import Setup
from app.services.time_control import TimeControl

CODE_LENGTHS: Final = range(4, 33)  # the shortest and the longest code that may be chosen
MADE_LENGTH: Final = 8
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is taken for something else


def usual(game: str) -> Setup:
    """What is played of a game where nothing is said. Raises `bad_game`."""
    if game not in OFFERED:
        raise ServiceError("bad_game", "There is no such game.")
    return Setup(game, OFFERED[game].info.variants[0])


def agreed(house: House, setup: Setup, private: bool) -> tuple[Setup, int]:
    """What is offered, in full, and to how many players.

    Raises `bad_game`, `bad_variant`, `bad_options`, `bad_code`.
    """
    usual(setup.game)
    engine = OFFERED[setup.game]
    info, code = engine.info, setup.code
    if setup.variant not in info.variants:
        raise ServiceError("bad_variant", f"{info.name} has no such variant.")
    try:
        options = engine.parse_options({**setup.options, "variant": setup.variant})
    except RuleError as error:
        raise ServiceError("bad_options", error.msg) from None
    if code:
        if len(code) not in CODE_LENGTHS or not code.isprintable():
            least, most = CODE_LENGTHS[0], CODE_LENGTHS[-1]
            raise ServiceError("bad_code", f"A code has {least} to {most} characters.")
    elif private:
        code = "".join(secrets.choice(LETTERS) for _ in range(MADE_LENGTH))
    full = asdict(options)
    del full["variant"]
    made = replace(
        setup,
        rated=setup.rated and info.can_rate(setup.variant),
        time=setup.time or TimeControl(house.config.MATCH_TTL),
        code=code or None,
        options=full,
    )
    return made, engine.players(options)
