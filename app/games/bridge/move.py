"""What a player does: call, play a card, claim, ask for the last call or card back, and answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from app.games.api import Json, Malformed
from app.games.bridge.auction import CALLS
from app.games.bridge.deal import CARDS, HAND

ALERT: Final = 80
"""The most characters an alert may have."""


@dataclass(frozen=True, slots=True)
class Call:
    """`pass`, `dbl`, `rdbl`, or a bid as `1C` or `3Z`.

    alert: what it means, for the opponents, who are told; the partner is not.
    """

    bid: str
    alert: str | None = None


@dataclass(frozen=True, slots=True)
class Play:
    """A card, from one's own hand or, by declarer, from dummy."""

    card: int


@dataclass(frozen=True, slots=True)
class Claim:
    """So many tricks will be the claimant's side's in the end, those already won among them."""

    tricks: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether one agrees to what was claimed or asked for."""

    agreed: bool


@dataclass(frozen=True, slots=True)
class Undo:
    """Asks for the last call or card back."""


Move: TypeAlias = Call | Play | Claim | Answer | Undo


def move_json(move: Move) -> dict[str, Json]:
    """The JSON object that `parse_move` reads as `move`.

    >>> move_json(Call("1C")), move_json(Call("2D", "weak in either major"))
    ({'bid': '1C'}, {'bid': '2D', 'alert': 'weak in either major'})
    >>> move_json(Play(51)), move_json(Claim(9)), move_json(Answer(False)), move_json(Undo())
    ({'card': 51}, {'claim': 9}, {'answer': False}, {'undo': True})
    """
    match move:
        case Call(bid, None):
            return {"bid": bid}
        case Call(bid, alert):
            return {"bid": bid, "alert": alert}
        case Play(card):
            return {"card": card}
        case Claim(tricks):
            return {"claim": tricks}
        case Answer(agreed):
            return {"answer": agreed}
        case Undo():
            return {"undo": True}


def parse_move(raw: Json) -> Move:
    """The move that `move_json` gave `raw` for. An alert that says nothing is none.

    Fields that no move has are ignored: the table's id travels beside them. Raises Malformed on
    anything odd.
    """
    named = [kind for kind in _PARSERS if kind in raw] if isinstance(raw, dict) else []
    if len(named) != 1:
        raise Malformed("A move is one of bid, card, claim, answer and undo.")
    return _PARSERS[named[0]](raw)


def _parse_call(raw: Json) -> Call:
    bid, alert = raw["bid"], raw.get("alert")
    if not isinstance(bid, str) or bid not in CALLS:
        raise Malformed("A call is pass, dbl, rdbl, or a bid as 1C or 3Z.")
    if alert is None:
        return Call(bid)
    if not isinstance(alert, str):
        raise Malformed("An alert is a text.")
    alert = alert.strip()
    if len(alert) > ALERT:
        raise Malformed("An alert has 80 characters at most.")
    if not alert.isprintable():
        raise Malformed("An alert is one line of text.")
    return Call(bid, alert or None)


# By exact type: a bool is an int to isinstance, and 1.0 is 1 to ==.


def _parse_play(raw: Json) -> Play:
    if type(raw["card"]) is not int or raw["card"] not in CARDS:
        raise Malformed("A card is named by its number from 0 to 51.")
    return Play(raw["card"])


def _parse_claim(raw: Json) -> Claim:
    if type(raw["claim"]) is not int or not 0 <= raw["claim"] <= HAND:
        raise Malformed("A claim is a number of tricks from 0 to 13.")
    return Claim(raw["claim"])


def _parse_answer(raw: Json) -> Answer:
    if not isinstance(raw["answer"], bool):
        raise Malformed("An answer is true or false.")
    return Answer(raw["answer"])


def _parse_undo(raw: Json) -> Undo:
    if raw["undo"] is not True:
        raise Malformed("Who wants something back says undo: true.")
    return Undo()


_PARSERS: Final[Mapping[str, Callable[[Json], Move]]] = MappingProxyType(
    {
        "bid": _parse_call,
        "card": _parse_play,
        "claim": _parse_claim,
        "answer": _parse_answer,
        "undo": _parse_undo,
    }
)
"""By the field that says which kind of move it is."""
