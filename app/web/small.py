"""Small boards as the server draws them; static/js/small-*.js patch them with what comes live.

A board's macros are in templates/play/_small_<game>.html, a card around one in
templates/watch/_small.html.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from app.services import glimpses
from app.services.records import MatchRecord
from app.services.watching import LiveRow
from app.web.context import house
from app.web.words import SECTIONS, play_words, say, words

Json = Any

SEEN_AS: Final = ("seat_bot", "strength_")  # of the form's words, what the computer is called by
TRICKS: Final = 13

# An empty board of each game, for the rows that the scripts make.
BLANK: Final[Mapping[str, Json]] = MappingProxyType(
    {
        "uttt": {
            "complete_field": [[0] * 9] * 9,
            "global_field": [[0] * 3] * 3,
            "last_move": None,
            "active": 0,
            "allowed": [],
            "over": False,
        },
        "scopa": {
            "table": [],
            "deck": 0,
            "hands": [0, 0],
            "piles": [0, 0],
            "totals": [0, 0],
            "target": 0,
            "deal": 1,
        },
        "bridge": {"phase": "auction", "tricks": 0},
    }
)


def small_of(row: LiveRow) -> dict[str, Json]:
    """What the card of a match shows: the glimpse of it, and its words."""
    record = row.record
    glimpse = glimpses.glimpse(record, house().clock())
    kind = play_words(record.game, record.variant, None if record.table_id else record.time)
    return {
        **glimpse,
        "words": state_words(record, glimpse),
        "kind": kind,
        "link": link_words(record, kind),
    }


def state_words(record: MatchRecord, glimpse: Json) -> str:
    """Whose turn it is, how far a deal has come, or how the match has ended."""
    names = [info.name for info in record.seats]
    if record.over:
        return _result(names, glimpse)
    if record.engine.info.own_hall:  # of a deal there is only how far it has come
        return bridge_words(glimpse["board"])
    return say("small_turn", name=names[min(glimpse["to_move"])])


def bridge_words(board: Json) -> str:
    """How far a deal has come."""
    if board["phase"] == "auction":
        return say("small_auction")
    if board["phase"] == "over":
        return say("small_over")
    return say("small_trick", trick=min(board["tricks"] + 1, TRICKS))


def scopa_words(board: Json) -> str:
    """What is on a table of scopa, in numbers."""
    return say("small_scopa", table=len(board["table"]), deck=board["deck"])


def link_words(record: MatchRecord, kind: str) -> str:
    """A match by what is played and by whom: what is read out of its link."""
    teams = record.engine.info.teams
    one, other = (_listed([info.name for info in record.seats[t::teams]]) for t in range(2))
    return say("small_link", kind=kind, one=one, other=other)


def small_texts(*sections: str) -> dict[str, str]:
    """What the scripts of small boards say, and these sections."""
    form = {key: str(text) for key, text in SECTIONS["form"].items() if key.startswith(SEEN_AS)}
    return form | words("board", "watch", *sections)


def _result(names: Sequence[str], glimpse: Json) -> str:
    winners = [names[seat] for seat in glimpse["winners"]]
    if len(winners) == 1:
        return say("small_won_one", name=winners[0])
    if winners:
        return say("small_won_two", one=winners[0], other=winners[1])
    return say("small_draw" if glimpse["drawn"] else "small_over")


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else say("small_and", one=names[0], other=names[1])
