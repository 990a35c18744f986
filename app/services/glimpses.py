"""Small boards: how a match stands at a glance, for whoever goes through what is being played.

What is in one is what any stranger may know: `glimpse` is made from the view of a spectator, and
of a deal of bridge there is only how far it has come, since its board may yet be dealt to whoever
looks. A match tells its small board at most once a second (`EVERY`), so that a fast one costs no
more than a slow one, and ends at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import select

from app.games.uttt.swap import SWAP_FIELDS
from app.services.house import House
from app.services.loading import load_all
from app.services.publish import Audience
from app.services.records import MatchRecord
from app.services.watching import SHOWN_FROM
from app.store import Match

Json = Any

EVERY: Final = timedelta(seconds=1)  # how often a match tells how it stands, at most
STAGES: Final = MappingProxyType({"auction": 0, "play": 1, "over": 99})  # of a deal, in their order


def glimpse(record: MatchRecord, now: datetime) -> dict[str, Json]:
    """A match as a small board shows it.

    `{"id", "game", "version": grows with what is shown, "over", "to_move": [seat, …], "left":
    milliseconds by seat as of `now`, or None without clocks, "deadline": ISO 8601 or None,
    "winners": [seat, …], "drawn", "board": the game's own}`. Of a deal of bridge nobody is to move,
    since that would tell who declares and who takes the tricks; nobody wins, and calls are not
    counted.
    """
    board = BOARDS[record.game](record.engine.view(record.state, None))
    common = {"id": record.id, "game": record.game, "over": record.over, "board": board}
    if record.board_id is not None:
        nothing = {"left": None, "deadline": None, "drawn": False}
        nobody: dict[str, Json] = {"to_move": [], "winners": []}
        return {**common, **nothing, **nobody, "version": board["tricks"] + STAGES[board["phase"]]}
    outcome = record.outcome
    return {
        **common,
        "version": record.version,
        "to_move": sorted(record.actors),
        "left": record.clocks_at(now),
        "deadline": None if record.over else record.deadline.isoformat(),
        "winners": [] if outcome is None else list(outcome.winners),
        "drawn": outcome is not None and outcome.reason == "draw",
    }


def of(house: House, match_ids: Collection[str]) -> list[dict[str, Json]]:
    """The small boards of those of these matches that everybody may see; one that is over, too."""
    shown = select(Match).where(
        Match.id.in_(match_ids), Match.version >= SHOWN_FROM, Match.code.is_(None)
    )
    with house.store.read() as unit:
        records = load_all(unit, shown)
    return [glimpse(record, house.clock()) for record in records]


def changed(house: House, record: MatchRecord) -> None:
    """A match has moved on: tell it now, or at the end of the second in which it was told last."""
    if record.private or record.version < SHOWN_FROM:
        return
    if record.board_id is not None and not record.over and not _trick_ends(record):
        return  # that somebody has called, or played, would be more than is shown
    if record.over:
        house.timers.cancel(_key(record.id))
        _tell(house, record)
    elif _rest(house, record):
        _tell(house, record)


def _trick_ends(record: MatchRecord) -> bool:
    """Whether a deal of bridge has just come a step further: the auction is over, or a trick."""
    view = record.engine.view(record.state, None)
    return view["phase"] != "auction" and not view["trick"]


def _rest(house: House, record: MatchRecord) -> bool:
    """Let a match rest from now on, and look then whether it has moved on; False: it rests yet."""
    match_id, told = record.id, record.version
    key = _key(match_id)
    if key in house.timers:  # most often it is, on the path of every move
        return False
    return house.timers.set_once(
        key, house.clock() + EVERY, lambda: _look_again(house, match_id, told)
    )


def _look_again(house: House, match_id: str, told: int) -> None:
    # Every move that this worker saves is remembered; another worker tells of its own.
    record = house.matches.get(match_id)
    if record is not None and record.version > told:
        changed(house, record)


def _key(match_id: str) -> tuple[str, str]:
    return ("glimpse", match_id)


def _tell(house: House, record: MatchRecord) -> None:
    data = glimpse(record, house.clock())
    house.publish.tell(Audience(glancing=(record.id,)), "small_update", data)


def _uttt(view: Json) -> Json:
    """The whole position, in the shape that static/js/uttt.js reads."""
    keys = ("complete_field", "global_field", "last_move", "active", "allowed", "over")
    board = {key: view[key] for key in keys}
    board |= {key: view[key] for key in SWAP_FIELDS if key in view}
    return {**board, "game_over": view["over"]}


def _scopa(view: Json) -> Json:
    """The cards on the table, and how many are where; points by team."""
    return {
        "table": view["table"],
        "deck": view["deck"],
        "hands": [len(hand) for hand in view["hands"]],
        "piles": view["piles"],
        "totals": view["totals"],
        "target": view["target"],
        "deal": view["deal"],
    }


def _bridge(view: Json) -> Json:
    """How far a deal has come: its phase, and how many tricks are complete, not whose they are.

    Of one that is over not even that: it would tell a deal that was passed out.
    """
    over = view["phase"] == "over"
    return {"phase": view["phase"], "tricks": 0 if over else len(view["played"])}


BOARDS: Final[Mapping[str, Callable[[Json], Json]]] = MappingProxyType(
    {"uttt": _uttt, "scopa": _scopa, "bridge": _bridge}
)
"""By game: what of a spectator's view is on the small board."""
