"""A table as it stands, for who comes to it: in the messages in which it came about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.games.api import Json, Seat
from app.games.bridge import SIDES
from app.games.bridge.deal import SUITS, suit_of
from app.live.bridge import wire
from app.live.bridge.wire import PASSED, Message
from app.services.records import MatchRecord


def at_table(table: Mapping[str, Any]) -> list[Message]:
    """Who sits at a table, given as in `table.add`."""
    return [wire.sits(table["tid"], table[side], side) for side in SIDES if table[side]]


def whole_table(record: MatchRecord, viewer: Seat | None, *, kibitz: bool = False) -> list[Message]:
    """Everything at the table of a match as a viewer (None: over nobody's shoulder) may see it.

    Of the play, the tricks that have been won, then the cards of the last and of the current one;
    those do not say who won: it has been counted. `kibitz`: see `stream.messages`.
    """
    view = record.engine.view(record.state, viewer)
    table_id = record.table_id or ""
    told = [wire.sits(table_id, info.name, SIDES[seat]) for seat, info in enumerate(record.seats)]
    told += [wire.hand(side, cards) for side, cards in view["hands"].items() if cards is not None]
    told.append(wire.start_bidding(view))
    told += _bids(view["auction"])
    if view["contract"] not in (None, PASSED):
        told.append(wire.start_play(view["contract"], view["lead"]))
        told.append(Message("tricks", {side: view["tricks"][side] for side in ("NS", "EW")}))
        told += _cards(view, None if kibitz else viewer)
    if view["claim"] is not None:
        told.append(wire.claim(view["claim"]))
    if view["undo"] is not None:
        told.append(Message("undo", {"side": view["undo"]["side"]}))
    if record.over:
        told.append(wire.end_play(view["result"], record.board_id))
    return told


def _bids(auction: Sequence[Json]) -> list[Message]:
    calls = [made["bid"] for made in auction]
    modes = [wire.dbl_mode(calls[: number + 1]) for number in range(len(calls))]
    return [wire.bid(made, mode) for made, mode in zip(auction, modes, strict=True)]


def _cards(view: Json, player: Seat | None) -> list[Message]:
    """The cards of the last trick and of the current one, each with whose card came next."""
    last = view["last_trick"]
    lying = [*(last["cards"] if last else ()), *view["trick"]]
    following = [*(played["side"] for played in lying), view["to_move"]][1:]
    told = [
        wire.move(played["side"], played["card"], side)
        for played, side in zip(lying, following, strict=True)
    ]
    # Told while a claim is open, too: if it is declined, nothing comes but that it was.
    if told and player is not None and view["actor"] == wire.side_of(player):
        told[-1].data["allowed"] = _allowed(view)
    return told


def _allowed(view: Json) -> str:
    """What the viewer, who plays next, may play: the suit that was led, or anything."""
    if not view["trick"]:
        return wire.ALL
    led = suit_of(view["trick"][0]["card"])
    held = view["hands"][view["to_move"]]
    return SUITS[led] if any(suit_of(card) == led for card in held) else wire.ALL
