"""What messages of type `match_data` are made of: cards, groups of them, moves between groups.

The shapes are those of the first client's server. Whatever comes in here has been made fit for its
viewer before: a card that they may not see is only a place in the deck.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

from app.games.api import Json, Seat
from app.services.records import MatchRecord

Message: TypeAlias = dict[str, Any]

MAIN_DECK: Final = "main_deck"
TABLE: Final = "table_cards"
HIDDEN: Final = 0  # the suit and the value of a card that the viewer may not see


def hand_id(name: str) -> str:
    """The group of a player's cards."""
    return f"hand_{name}"


def pile_id(team: int) -> str:
    """The group of a team's captures."""
    return f"cards_{team}"


def card(shown: Json) -> dict[str, int]:
    """A card of a view or an event: `{"suit", "value", "id", "new_value"?}`.

    `id` is its place in the deck of this deal.
    """
    raw = {
        "suit": shown.get("suit", HIDDEN),
        "value": shown.get("value", HIDDEN),
        "id": shown["place"],
    }
    return raw if "new_value" not in shown else {**raw, "new_value": shown["new_value"]}


def cards(shown: Iterable[Json]) -> list[dict[str, int]]:
    """Cards of a view or an event."""
    return [card(one) for one in shown]


def side(shown: Iterable[Json]) -> list[dict[str, int] | None]:
    """The cards that show a team's points; None for a point without a card."""
    return [one and card(one) for one in shown]


def move(
    source: str,
    dest: str,
    shown: Sequence[Json],
    *,
    only: str | None = None,
    on: Json | None = None,
) -> Message:
    """Cards that go from one group to another.

    only: the name of the one player who sees them; None: all do. on: the table card that the card
    is laid on.
    """
    raw = {"source": source, "dest": dest, "cards": cards(shown), "visible": only is None}
    if only is not None:
        raw["visible_to"] = only
    if on is not None:
        raw["move_on"] = card(on)
    return raw


def info(kind: str, data: Any) -> Message:
    """An entry of `infos`."""
    return {"info": kind, "data": data}


def message(
    record: MatchRecord,
    infos: Sequence[Message] = (),
    moves: Sequence[Message] = (),
    groups: Sequence[Message] = (),
) -> Message:
    """The data of one `match_data`. All three arrays are always there, and never all empty."""
    return {
        "id": record.id,
        "version": record.version,
        "infos": list(infos),
        "moves": list(moves),
        "cards": list(groups),
    }


class Groups:
    """The groups of cards at a match's table, by their names."""

    def __init__(self, record: MatchRecord) -> None:
        self.names = [seat.name for seat in record.seats]
        self.teams = record.engine.info.teams

    def team_of(self, seat: Seat) -> int:
        """The team of a seat."""
        return seat % self.teams

    def members(self, team: int) -> list[str]:
        """A team's players, in the order of their seats."""
        return self.names[team :: self.teams]

    def pile(self, team: int, length: int, shows: Iterable[Json] = ()) -> Message:
        """A team's captures; `shows`: what shows its points, as the engine has it."""
        return _group(pile_id(team), "deck", self.members(team), length, side=side(shows))

    def hand(self, seat: Seat, length: int) -> Message:
        """A player's cards."""
        name = self.names[seat]
        return _group(hand_id(name), "hand", [name], length)

    def deck(self, length: int) -> Message:
        """The cards that are not dealt yet."""
        return _group(MAIN_DECK, "deck", [], length)

    def table(self, length: int) -> Message:
        """The cards on the table."""
        return _group(TABLE, "table", [], length, covered=False)

    def described(self, dealt: int | Sequence[int], deck: int) -> Message:
        """`cards_description`: all groups before any card is dealt.

        dealt: how many cards each hand will be, or the same for all; deck: how many there are.
        """
        seats = range(len(self.names))
        lengths = [dealt for _ in seats] if isinstance(dealt, int) else dealt
        groups = [
            *(self.pile(team, 0) for team in range(self.teams)),
            *(self.hand(seat, lengths[seat]) for seat in seats),
            self.deck(deck),
            self.table(0),
        ]
        return info("cards_description", groups)


def _group(
    id: str,
    type: str,
    owners: list[str],
    length: int,
    *,
    covered: bool = True,
    side: Sequence[Json] = (),
) -> Message:
    return {
        "id": id,
        "type": type,
        "owners": owners,
        "covered": covered,
        "length": length,
        "side_cards": list(side),
    }
