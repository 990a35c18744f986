"""Playing a card by its place on the screen, as the first client of scopa does."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from app.games.api import Json, Seat
from app.live import scopa
from app.live.commands.base import Reply, Result, Vocabulary, read
from app.live.links import Link
from app.services import matches, trouble
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller

words = Vocabulary()

GAME: Final = "scopa"
HUMAN_PLAY: Final = "human_play"
RANKS: Final = 10  # cards of a suit: a move names a card by its number in the whole deck


class Play(msgspec.Struct):
    """A card by its id; the number of a capture, from 0, where one was to be chosen."""

    player: str
    card: int
    take: int | None = None


class CardRequest(msgspec.Struct):
    """A command in a match; `data` is that of the command."""

    id: str
    command: str
    data: Any = None


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it: the match as it stands now, and what only the player is told.

    `messages` are the data of `match_data`s: none if the card was played, which everybody hears;
    else the captures to choose from.
    """

    record: MatchRecord
    messages: list[dict[str, Any]] = field(default_factory=list)


def play_card(
    house: House, caller: Caller, match_id: str, player: str, place: int, take: int | None = None
) -> Played:
    """Play the card at that place of this deal's deck for `player`, who must be the caller.

    Where it offers several captures and `take` names none, nothing is played: they are offered.
    Raises ServiceError: `wrong_player`, and whatever `matches.submit` raises.
    """
    hint = house.matches.get(match_id)
    if hint is not None:
        # A refusal, and a choice, are given only after a look at the database.
        with suppress(ServiceError):
            done = _play(house, caller, hint, player, place, take)
            if not done.messages:
                return done
    return _play(house, caller, matches.get(house, match_id), player, place, take)


@words.handles("match_data", CardRequest)
def _match_data(house: House, link: Link, request: CardRequest, _: Any) -> Result:
    assert link.caller is not None
    try:
        if request.command != HUMAN_PLAY:
            raise ServiceError("unknown_command", f"The one command in a match is {HUMAN_PLAY}.")
        play = read("match_data", request.data, Play)
        done = play_card(house, link.caller, request.id, play.player, play.card, play.take)
    except trouble.REFUSALS as failed:
        error = trouble.said(failed)
        return Result([_data(scopa.refused(request.id, error.code, error.msg))], error)
    return Result([_data(one) for one in done.messages], more={"version": done.record.version})


def _play(
    house: House,
    caller: Caller,
    record: MatchRecord,
    player: str,
    place: int,
    take: int | None,
) -> Played:
    seat = record.seat_of(caller.user_id)
    if seat is None:
        raise matches.not_yours(record)
    if record.game != GAME:
        raise ServiceError("malformed", "This match is not played with these cards.")
    if player.lower() != record.seats[seat].name.lower():
        raise ServiceError("wrong_player", "You play your own cards only.")
    if record.over:
        raise ServiceError("game_over", "This match is over.")
    if seat not in record.actors:
        raise ServiceError("not_your_turn", "It is not your turn.")
    # Only what the player sees is asked: what is hidden from them can make no difference.
    view = record.engine.view(record.state, seat)
    card, offered = _held(view, seat, place)
    if take is None and len(offered) > 1:
        return Played(record, scopa.choice(record, seat, offered))
    move = {"card": RANKS * card["suit"] + card["value"] - 1, "take": take}
    return Played(matches.submit(house, caller, record.id, move, record.version))


def _held(view: Json, seat: Seat, place: int) -> tuple[Json, list[list[Json]]]:
    """The card at a place, which the player must hold, and the captures that it offers."""
    table = {card["place"]: card for card in view["table"]}
    for card, takes in zip(view["hands"][seat], view["takes"], strict=True):
        if card["place"] == place:
            return card, [[table[lying] for lying in take] for take in takes]
    raise ServiceError("illegal", "You do not hold that card.")


def _data(message: dict[str, Any]) -> Reply:
    return Reply("match_data", message)
