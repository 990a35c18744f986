"""Who may see a match: the one place that decides it.

A match without a code is everybody's to see. One with a code is its players' and of those who
know the code; for all others it does not exist.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from app.services import loading
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import MatchRecord


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looks: a user or a stranger (None), from an address, perhaps with a code."""

    user_id: int | None
    address: str
    code: str | None = None


def look(house: House, viewer: Viewer, match_id: str) -> MatchRecord:
    """The match as it is stored now, if the viewer may see it.

    Raises `no_such_match`, for a private match without its code too, and `too_many`.
    """
    with house.store.read() as unit:
        record = loading.load(unit, match_id)
    if record.code is None or record.seat_of(viewer.user_id) is not None:
        return record
    if viewer.code is not None:
        try:
            check_code(house, viewer.address, record.id, record.code, viewer.code)
        except ServiceError as error:
            if error.code != "wrong_code":
                raise
        else:
            return record
    raise ServiceError("no_such_match", "There is no such match.")


def check_code(house: House, address: str, game_id: str, code: str, given: str | None) -> None:
    """Whether `given` is the code of a private table or match. Raises `wrong_code`, `too_many`.

    Wrong ones are counted, by the address they come from and by the game they are tried on;
    once there have been too many, the right one is not taken any more either, for a while.
    """
    house.limits.check("code", address)
    house.limits.check("code_game", game_id)
    if given is not None and hmac.compare_digest(_bytes(code), _bytes(given)):
        return
    if given:
        house.limits.hit("code", address)
        house.limits.hit("code_game", game_id)
    raise ServiceError("wrong_code", "Incorrect code for private game")


def _bytes(code: str) -> bytes:
    return code.encode("utf-8", "surrogatepass")  # JSON can write what is no character
