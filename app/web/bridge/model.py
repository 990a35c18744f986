"""What a bridge table's page shows, gathered for its templates.

Positions come from the engine's view for who looks, and from nowhere else. Cards are shown to
those who sit at the table and those who look on, who will not be dealt that board again; to others
only as far as `boards.open_match` lets them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask import url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from app.games.bridge import BRIDGE, SIDES
from app.services import matches
from app.services.bridge import boards, explaining, session
from app.services.bridge.rows import TableRow
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.web.bridge import robots, tale
from app.web.context import house
from app.web.words import say, say_many
from app.web.words import time_left as left_words

Json = Any

RANKS: Final = (*"23456789", "10", *"JQKA")

PLACES: Final = ("bottom", "left", "top", "right")
"""Where the sides sit, clockwise from whoever looks at the page."""

OVER, WAIT, CLOSED = "over", "wait", "closed"


@dataclass(frozen=True, slots=True)
class SeatAct:
    """A button at a seat: where it posts, what stands on it, and what is read out instead."""

    url: str
    label: str
    said: str


@dataclass(frozen=True, slots=True)
class Sight:
    """Who looks at a table: the side where they sit (`me`), the one they look over the shoulder of
    (`over`), and the view they have of the deal, None if they may have none."""

    me: str | None
    over: str | None
    looks_on: bool
    record: MatchRecord | None
    view: Json | None

    @property
    def side(self) -> str | None:
        """Whose hand they see."""
        return self.me or self.over


def sight(row: TableRow, caller: Caller | None) -> Sight:
    """What that caller, or a stranger, may see of a table."""
    user_id = caller.user_id if caller else None
    me, over, looks_on = row.side_of(user_id), row.over_of(user_id), row.is_looker(user_id)
    if row.match_id is None:
        return Sight(me, over, looks_on, None, None)
    record = matches.get(house(), row.match_id)
    return Sight(me, over, looks_on, record, _view(record, user_id, over, looks_on))


def _view(record: MatchRecord, user_id: int | None, over: str | None, looks_on: bool) -> Json:
    if record.over:
        if not boards.open_match(house(), user_id, record):
            return None
        return BRIDGE.open_view(record.state)
    seat = record.seat_of(user_id)
    if seat is None and not looks_on:
        return None
    if seat is None and over is not None:
        seat = SIDES.index(over)
    return BRIDGE.view(record.state, seat)


def table_page(row: TableRow, caller: Caller | None) -> dict[str, Any]:
    """Everything a table's page shows."""
    seen = sight(row, caller)
    view, record = seen.view, seen.record
    phase = phase_of(row, view)
    bottom = seen.side or "S"
    names = names_at(row, record if row.playing or view else None)
    me = _present(row, seen.me)
    waiting = waiting_for(view)
    meanings = explained(record, view)
    return {
        "row": row,
        "record": record,
        "view": view,
        "phase": phase,
        "visitor": caller,
        "my_side": me,
        "kept": seen.me if me is None else None,
        "over_side": seen.over,
        "looks_on": seen.looks_on,
        "bottom": bottom,
        "places": places_from(bottom),
        "bottom_order": around(bottom),
        "names": names,
        "waiting": waiting,
        "able": view is not None and me is not None and me == _actor(view),
        "trump": tale.trump_of(view) if view else None,
        "explained": meanings,
        "claims": claims(view, me),
        "turn": turn(row, view, names, me),
        "last": tale.last_words(view, names, meanings) if view and phase != OVER else "",
        "result": result_line(view),
        "may_ready": _may_ready(row, me),
        "board_url": _board_url(row, phase, view),
        "seat_acts": {side: seat_acts(row, side, caller, seen) for side in SIDES},
        "sheet": session.of(house(), row.id, caller.user_id if caller else None),
        "now": house().clock(),
        "data": script_data(row, seen, names, me),
    }


def _present(row: TableRow, side: str | None) -> str | None:
    """The caller's side, unless they have left it. Whoever was only cut off is back by asking."""
    seat = row.seats[side] if side else None
    return side if seat is not None and (seat.here or seat.gone) else None


def phase_of(row: TableRow, view: Json | None) -> str:
    """`wait`: nobody plays; `closed`: the viewer may see nothing; else the deal's own phase."""
    if view is not None:
        return str(view["phase"])
    return CLOSED if row.playing else WAIT


def places_from(bottom: str) -> dict[str, str]:
    """Where each side sits on the page of whoever looks from `bottom`."""
    return {side: PLACES[turn] for turn, side in enumerate(around(bottom))}


def around(bottom: str) -> list[str]:
    """The sides clockwise from the bottom of the page.

    >>> around("E")
    ['E', 'S', 'W', 'N']
    """
    first = SIDES.index(bottom)
    return [SIDES[(first + turn) % 4] for turn in range(4)]


def names_at(row: TableRow, record: MatchRecord | None) -> dict[str, str]:
    """Names by side: of the deal that is shown, else of those who sit there; a free seat's own."""
    if record is not None:
        return tale.names_of(record.seats)
    return {side: row.name_at(side) or tale.side_words(side) for side in SIDES}


def waiting_for(view: Json | None) -> tuple[str, ...]:
    """The sides the table waits for: those to answer, or the one whose call or card is next."""
    if view is None:
        return ()
    for kind in ("claim", "undo"):
        if view[kind]:
            return tuple(view[kind]["waiting"])
    return (view["to_move"],) if view["to_move"] else ()


def _actor(view: Json) -> str | None:
    """Who makes the next call or card; nobody while something is to be answered first."""
    return None if view["claim"] or view["undo"] else view["actor"]


def explained(record: MatchRecord | None, view: Json | None) -> Mapping[int, str]:
    """What the robots' calls mean, by the number of the call."""
    if record is None or view is None or not any(info.bot for info in record.seats):
        return {}
    return explaining.of(house(), record, robots.said)


def claims(view: Json | None, me: str | None) -> list[tuple[int, str]]:
    """The totals that may be claimed, the most first, and what each makes of the contract."""
    if view is None or me is None or not view["claims"]:
        return []
    fewest, most = view["claims"]
    return [(n, tale.claim_result(view, me, n)) for n in range(most, fewest - 1, -1)]


def claim_words(view: Json, names: Mapping[str, str]) -> str:
    """An open claim: who, how many, and what it makes of the contract."""
    claim = view["claim"]
    result = tale.claim_result(view, claim["side"], claim["tricks"])
    return say_many("b_claims", claim["tricks"], name=names[claim["side"]], result=result)


def turn(row: TableRow, view: Json | None, names: Mapping[str, str], me: str | None) -> str:
    """The line that says what the table waits for."""
    if view is not None and view["phase"] != OVER:
        return tale.turn_words(view, names, me)
    if row.playing:
        return say("b_playing", board=row.board)
    if row.free:
        return say("b_waiting")
    return say("b_between")


def result_line(view: Json | None) -> str:
    """What a deal that is over scored, for the pair that scored it."""
    if view is None or not view["result"]:
        return ""
    result = view["result"]
    if result["contract"] == "pass":
        return _("Nobody bid. No score.")
    points = result["score_ns"]
    pair = say("b_pair_NS" if points > 0 else "b_pair_EW")
    line = _("%(points)s to %(pair)s", points=abs(points), pair=pair)
    return f"{tale.tricks_words(result['contract'], result['tricks'])} · {line}"


def _may_ready(row: TableRow, me: str | None) -> bool:
    seat = row.seats[me] if me else None
    return seat is not None and not row.playing and row.match_id is not None and not seat.ready


def _board_url(row: TableRow, phase: str, view: Json | None) -> str | None:
    if phase != OVER or row.board_id is None or not view or not view["result"]:
        return None
    return url_for("bridge.board", board_id=row.board_id)


# What can be done at a seat


def seat_acts(row: TableRow, side: str, caller: Caller | None, seen: Sight) -> list[SeatAct]:
    """The buttons at a seat, for whoever looks at the page."""
    if caller is None:
        return []
    seat = row.seats[side]
    if seat is None:
        return _at_free(row, side, seen)
    if side == seen.me:
        left = not (seat.here or seat.gone)
        return [_act("sit", row, _("Come back"), _("Come back to your seat"))] if left else []
    if row.playing:
        return _in_mid_deal(row, side, seen)
    if seat.bot:
        return _at_robots(row, side, seen)
    return _swap(row, side, seen) if seen.me else []


def _at_free(row: TableRow, side: str, seen: Sight) -> list[SeatAct]:
    words = tale.side_words(side)
    acts = [_act("sit", row, _("Sit here"), say("b_sit_at", side=words))]
    if seen.me and not row.playing:
        acts.append(_act("robot_in", row, _("Robot"), _("A robot sits %(side)s", side=words)))
    return acts


def _in_mid_deal(row: TableRow, side: str, seen: Sight) -> list[SeatAct]:
    """What a robot has, or nobody comes back to, may be taken over by who has no seat."""
    seat = row.seats[side]
    assert seat is not None
    if seen.me or not (seat.bot or _is_up(seat.kept_until)):
        return []
    return [_act("sit", row, _("Take over"), _("Take over %(side)s", side=tale.side_words(side)))]


def _at_robots(row: TableRow, side: str, seen: Sight) -> list[SeatAct]:
    words = tale.side_words(side)
    acts = [_act("sit", row, _("Sit here"), say("b_sit_at", side=words))]
    if seen.me:
        gone = _("The robot leaves %(side)s", side=words)
        acts.append(_act("robot_out", row, "×", gone))
    return acts


def _swap(row: TableRow, side: str, seen: Sight) -> list[SeatAct]:
    assert seen.me is not None
    own, other = row.seats[seen.me], row.seats[side]
    assert own is not None
    assert other is not None
    if other.swap_with == seen.me:
        said = _("%(name)s would like to change places with you. Change.", name=other.name)
        return [_act("swap", row, _("Change places?"), said)]
    if own.swap_with == side:
        return [_act("swap", row, _("Asked…"), _("You have asked to change places"))]
    said = _("Ask %(name)s to change places with you", name=other.name)
    return [_act("swap", row, pgettext("places", "Swap"), said)]


def _act(endpoint: str, row: TableRow, label: str, said: str) -> SeatAct:
    return SeatAct(url_for(f"bridge.{endpoint}", tid=row.id), label, said)


def _is_up(until: datetime | None) -> bool:
    return until is not None and until <= house().clock()


def time_left(until: datetime) -> str:
    """How long until then, in words."""
    return left_words(until, house().clock())


# For the script


def script_data(
    row: TableRow, seen: Sight, names: Mapping[str, str], me: str | None
) -> dict[str, Any]:
    """What static/js/bridge-play.js begins with."""
    return {
        "tid": row.id,
        "id": seen.record.id if seen.record else None,
        "version": seen.record.version if seen.record else 0,
        "me": me,
        "over": seen.over,
        "looks_on": seen.looks_on,
        "bottom": seen.side or "S",
        "names": names,
        "view": seen.view,
        "table": row.json(),
        "explained": explained(seen.record, seen.view),
    }


def ranks(cards: list[int]) -> str:
    """The ranks of one suit's cards as they are written in a diagram: "A Q 10 4"."""
    return " ".join(RANKS[card % 13] for card in cards)
