"""What the messages of bridge are made of: the types and fields that its first clients know.

Sides are letters; a hand's cards are numbers, but the card of a `move` is one in a string. Whatever
comes in here has been made fit for its viewer before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from app.games.api import Json, Seat
from app.games.bridge import SIDES
from app.games.bridge.auction import DOUBLE, REDOUBLE, legal_calls

TYPES: Final = frozenset(
    {
        *("table.add", "table.remove", "player.sit", "player.leave", "chat.add", "chat.message"),
        *("hand", "start.bidding", "bid", "start.play", "move", "tricks"),
        *("claim", "claim.decline", "end.play"),
    }
)
"""All that a client of the first protocol is told."""

OURS: Final = TYPES | {"undo", "undo.decline"}
"""And what has come since."""

PASSED: Final = "pass"  # the contract of a deal without one
ALL: Final = "all"  # any card may be played


class Message(NamedTuple):
    """A message: its type, and its data."""

    type: str
    data: dict[str, Any]


def side_of(viewer: Seat | None) -> str | None:
    """The letter of a viewer's seat; None for who looks over nobody's shoulder."""
    return None if viewer is None else SIDES[viewer]


def is_own(side: str, viewer: Seat | None) -> bool:
    """Whether a side is of the viewer's pair. Who looks over nobody's shoulder sits with North."""
    return SIDES.index(side) % 2 == (viewer or 0) % 2


def sits(table_id: str, name: str, side: str) -> Message:
    """Somebody has a seat."""
    return Message("player.sit", {"tid": table_id, "name": name, "position": side})


def hand(side: str, cards: Sequence[int]) -> Message:
    """The cards that a side still holds."""
    return Message("hand", {"side": side, "cards": list(cards)})


def start_bidding(dealt: Json) -> Message:
    """A deal begins; `dealt`: a view, or the event."""
    return Message("start.bidding", {key: dealt[key] for key in ("dealer", "vuln", "board")})


def bid(made: Json, dbl_mode: str) -> Message:
    """A call; its alert is empty where there is none, or none for the viewer."""
    data = {"side": made["side"], "bid": made["bid"], "alert": made["alert"] or ""}
    return Message("bid", {**data, "dbl_mode": dbl_mode})


def dbl_mode(calls: Sequence[str]) -> str:
    """What whoever calls next may do to the bid that stands: `dbl`, `rdbl` or `none`.

    >>> dbl_mode(["1C"]), dbl_mode(["1C", "pass"]), dbl_mode(["1C", "dbl"]), dbl_mode([])
    ('dbl', 'none', 'rdbl', 'none')
    """
    allowed = legal_calls(calls)
    return next((call for call in (DOUBLE, REDOUBLE) if call in allowed), "none")


def start_play(contract: str, lead: str) -> Message:
    """The bidding is over."""
    return Message("start.play", {"contract": contract, "lead": lead})


def move(
    side: str,
    card: int,
    following: str | None,
    *,
    allowed: str | None = None,
    trick: int | None = None,
) -> Message:
    """A card. `following`: whose card is next, None after the last one of the deal.

    allowed: a suit or `all`, for who plays next. trick: +1 or -1 where a trick was completed.
    """
    data: dict[str, Any] = {"side": side, "card": str(card)}
    if following is not None:
        data["next"] = following
    if allowed is not None:
        data["allowed"] = allowed
    if trick is not None:
        data["trick"] = trick
    return Message("move", data)


def claim(claimed: Json) -> Message:
    """Somebody claims; `result` is the score, seen from declarer, if it is accepted."""
    return Message("claim", {key: claimed[key] for key in ("side", "tricks", "result")})


def end_play(result: Json | None, board_id: str | None) -> Message:
    """The deal is over; without a result as if it had been passed out."""
    scored = result or {}
    data = {
        "contract": scored.get("contract") or PASSED,
        "declearer": scored.get("declarer") or "",
        "points": scored.get("points") or 0,
        "tricks": scored.get("tricks") or 0,
        "protocol_url": f"/bridge/board/{board_id}",
        "score_ns": scored.get("score_ns") or 0,
    }
    return Message("end.play", data)
