"""Who may see a match, or the table it was: the one place that decides it.

A match without a code is everybody's to see. One with a code is its players' and of those who
know the code; for all others it does not exist. A table is seen alike, but by nobody who is
blocked, or has blocked its owner; a challenge, or a proposal, by those it is between. A deal of
bridge is its players' until it is over (who looks on does that at its table), and after that of
those, too, who will not be dealt its board any more.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session as Unit

from app.services import loading
from app.services.bridge import boards
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import MatchRecord
from app.store import OpenTable, TableSeat
from app.store.people import blocked_between
from app.store.tables import is_table

LONGEST_KEY: Final = 40  # characters of what a visitor calls a game, to count tries by


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looks: a user or a stranger (None), from an address, perhaps with a code."""

    user_id: int | None
    address: str
    code: str | None = None


def look(house: House, viewer: Viewer, match_id: str) -> MatchRecord:
    """The match as it is stored now, if the viewer may see it.

    Raises `no_such_match`, for a private match without its code too, `too_many`, and `not_allowed`
    for a deal of bridge that is not the viewer's to see.
    """
    found = find(house, viewer, match_id)
    if isinstance(found, MatchRecord):
        return found
    raise ServiceError("no_such_match", "There is no such match.")


def find(house: House, viewer: Viewer, game_id: str) -> MatchRecord | OpenTable | None:
    """The match or the open table of that id, if the viewer may see it.

    Where that needs a code, a wrong one is counted, for a game that is not there as for one that
    is. Raises `too_many`, whether there is one or not, and `not_allowed` as `look` does.
    """
    with house.store.read() as unit:
        game = _load(unit, game_id)
        if game is not None and not _is_shown(unit, viewer, game):
            game = None
        open_to_all = game is not None and (
            game.code is None or viewer.user_id in members(unit, game)
        )
    if isinstance(game, MatchRecord):
        _check_deal(house, viewer.user_id, game)
    if open_to_all:
        return game
    if viewer.code is not None:
        try:
            check_code(house, viewer.address, game_id, game.code if game else None, viewer.code)
        except ServiceError as error:
            if error.code != "wrong_code":
                raise
        else:
            return game
    return None


def members(unit: Unit, game: MatchRecord | OpenTable) -> frozenset[int]:
    """Whose game it is: who plays; at a table its owner, who sits there and who is asked to."""
    if isinstance(game, MatchRecord):
        return frozenset(game.user_ids)
    seats = select(TableSeat.user_id, TableSeat.invitee_id).where(TableSeat.table_id == game.id)
    ids = {game.owner_id, game.invitee_id}.union(*unit.execute(seats))
    return frozenset(user_id for user_id in ids if user_id is not None)


def check_code(
    house: House, address: str, game_id: str, code: str | None, given: str | None
) -> None:
    """Whether `given` is the code of a private table or match; of none (None), nothing is.

    Raises `wrong_code`, `too_many`. Wrong ones are counted, by the address they come from and by
    the game they are tried on; once there have been too many, the right one is not taken any more
    either, for a while.
    """
    _try(house, address, {game_id: code}, given)


def check_named(
    house: House, address: str, name: str, codes: Mapping[str, str], given: str | None
) -> str:
    """Which of the private games of the user of that name `given` is the code of.

    `codes` are theirs by id. Raises and counts as `check_code` does: by each of these games,
    which have no other counter for those who know their ids, and by the name, so that tries run
    out as soon where there is no game, and no such user.
    """
    return _try(house, address, {f"of {name}": None, **codes}, given)


def _load(unit: Unit, game_id: str) -> MatchRecord | OpenTable | None:
    try:
        return loading.load(unit, game_id)
    except ServiceError:
        return unit.scalar(select(OpenTable).where(is_table(game_id)))


def _is_shown(unit: Unit, viewer: Viewer, game: MatchRecord | OpenTable) -> bool:
    """Whether the viewer may see a game, perhaps with its code."""
    if isinstance(game, MatchRecord) or viewer.user_id in members(unit, game):
        return True
    if game.invitee_id is not None or game.grace is not None:
        return False
    return viewer.user_id is None or not blocked_between(unit, viewer.user_id, game.owner_id)


def _check_deal(house: House, user_id: int | None, record: MatchRecord) -> None:
    """Raise `not_allowed` for a deal whose board somebody, or a stranger (None), may be dealt."""
    if record.board_id is None or record.seat_of(user_id) is not None:
        return
    if not record.over:
        raise ServiceError("not_allowed", "Look on at the table where this is played.")
    if not boards.open_match(house, user_id, record):
        raise boards.not_allowed()


def _try(house: House, address: str, codes: Mapping[str, str | None], given: str | None) -> str:
    """Which of these games `given` opens: one try for all of them."""
    keys = [ascii(game)[:LONGEST_KEY] for game in codes]
    house.limits.check("code", address)
    for key in keys:
        house.limits.check("code_game", key)
    for game, code in codes.items():
        if code is None or given is None:
            continue
        if hmac.compare_digest(_bytes(code), _bytes(given)):
            return game
    if given:
        house.limits.hit("code", address)
        for key in keys:
            house.limits.hit("code_game", key)
    raise ServiceError("wrong_code", "Incorrect code for private game")


def _bytes(code: str) -> bytes:
    return code.encode("utf-8", "surrogatepass")  # JSON can write what is no character
