"""Who plays with whom and against whom, in words, for any number of seats and teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from flask import Blueprint
from flask_babel import gettext as _

from app.games.api import Seat
from app.services import removal
from app.services.records import MatchRecord, SeatInfo
from app.web.words import say

SYMBOLS: Final[Mapping[str, str]] = MappingProxyType({"scopa": "cards", "bridge": "cards"})
"""What stands for a game whose players have no marks of their own (static/img/marks.svg)."""


def sides(record: MatchRecord) -> list[list[SeatInfo]]:
    """The players of each team, in the order of their seats."""
    teams = record.engine.info.teams
    return [list(record.seats[team::teams]) for team in range(teams)]


def side_of(record: MatchRecord, seat: Seat) -> int:
    """The team of a seat."""
    return seat % record.engine.info.teams


def partners(record: MatchRecord, seat: Seat) -> list[SeatInfo]:
    """The others in the team of a seat."""
    return [info for info in sides(record)[side_of(record, seat)] if info is not record.seats[seat]]


def opponents(record: MatchRecord, seat: Seat) -> list[SeatInfo]:
    """The players of the other teams."""
    own = side_of(record, seat)
    return [info for team, side in enumerate(sides(record)) if team != own for info in side]


def is_deleted(name: str) -> bool:
    """Whether that stands for somebody who has deleted their account: they have no page."""
    return name == removal.NAME


def shown_name(name: str) -> str:
    """A player's name as pages show it, in the reader's language where it is none."""
    return say("deleted_player") if is_deleted(name) else name


def listed(names: Sequence[str]) -> str:
    """Names as one says them: "ann", "ann and ben"."""
    *others, last = map(shown_name, names)
    return _("%(names)s and %(last)s", names=", ".join(others), last=last) if others else last


def only_computer(record: MatchRecord) -> Seat | None:
    """The seat of the computer where one player plays it, who need not know what it is called."""
    bots = [seat for seat, info in enumerate(record.seats) if info.bot is not None]
    return bots[0] if len(record.seats) == 2 and len(bots) == 1 else None


def names_of(record: MatchRecord) -> list[str]:
    """The players' names by seat, as the page of a match of two is headed by them."""
    computer = only_computer(record)
    return [
        _("Computer") if seat == computer else shown_name(info.name)
        for seat, info in enumerate(record.seats)
    ]


def sides_words(record: MatchRecord) -> str:
    """All players of a match: "ann – ben", "ann and carl – ben and dora"."""
    return " – ".join(listed([info.name for info in side]) for side in sides(record))


def against_words(record: MatchRecord, seat: Seat) -> str:
    """A match as one of its players calls it: "against ben", "with carl, against ben and dora"."""
    if only_computer(record) not in (None, seat):
        return _("against the computer")
    others = listed([info.name for info in opponents(record, seat)])
    mates = [info.name for info in partners(record, seat)]
    if mates:
        return _("with %(names)s, against %(others)s", names=listed(mates), others=others)
    return _("against %(name)s", name=others)


def game_symbol(game: str) -> str | None:
    """The symbol of a game, or None where each seat has a mark."""
    return SYMBOLS.get(game)


def init_blueprint(blueprint: Blueprint) -> None:
    """Make these known to every template."""
    for function in (
        sides, sides_words, partners, opponents, against_words, game_symbol, is_deleted,
        shown_name, names_of, only_computer,
    ):  # fmt: skip
        blueprint.add_app_template_global(function)
