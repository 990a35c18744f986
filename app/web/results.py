"""How a match ended, and what leaving it would cost, in words; and the ratings beside the names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext

from app.games.api import Outcome, Seat
from app.services import ratings
from app.services.records import MatchRecord
from app.services.stakes import Cost
from app.web.bridge import paper, tale
from app.web.context import house
from app.web.sides import listed, only_computer
from app.web.words import say


def result_words(record: MatchRecord, viewer: Seat | None) -> str:
    """Who won a finished match and why, as its player in seat `viewer` (None: anyone) is told."""
    outcome = record.outcome
    if outcome is None:
        return ""
    if record.board_id is not None:
        return deal_words(record)
    if outcome.reason == "abort":
        return _aborted(record, viewer)
    if not outcome.winners:
        return _("A draw: no board is left, and nobody has three in a row.")
    return _won(outcome, record, viewer)


def deal_words(record: MatchRecord) -> str:
    """What a finished deal of bridge came to: "4 spades, North: just made"."""
    result = record.engine.open_view(record.state)["result"]
    return say("b_broken_off") if result is None else tale.result_words(result)


def _aborted(record: MatchRecord, viewer: Seat | None) -> str:
    name = record.ended_by.user if record.ended_by else None
    mine = viewer is not None and record.seats[viewer].name == name
    if name is None:
        return _("Ended without a result: nobody moved in time.")
    if len(record.seats) > 2:
        if mine:
            return _("You closed the match before all had moved: no result.")
        return _("%(name)s closed the match before all had moved: no result.", name=name)
    if mine:
        return _("You closed the match before both had moved: no result.")
    return _("%(name)s closed the match before both had moved: no result.", name=name)


# By the reason of an outcome, as the winners are told it, everybody else, and among those the
# player through whom the match was lost.
_YOU_WON: Final[Mapping[str, Any]] = {
    "line": _l("You won: three boards in a row."),
    "resign": _l("You won: %(lost)s left the match."),
    "timeout": _l("You won: %(lost)s ran out of time."),
    "points": _l("You won, %(points)s."),
    "coins": _l("You won: all ten coins are yours."),
}
_THEY_WON: Final[Mapping[str, Any]] = {
    "line": _l("%(won)s won: three boards in a row."),
    "resign": _l("%(won)s won: %(lost)s left the match."),
    "timeout": _l("%(won)s won: %(lost)s ran out of time."),
    "points": _l("%(won)s won, %(points)s."),
    "coins": _l("%(won)s won with all ten coins."),
}
_BY_YOU: Final[Mapping[str, Any]] = {
    **_THEY_WON,
    "resign": _l("%(won)s won: you left the match."),
    "timeout": _l("%(won)s won: you ran out of time."),
}
# The same where one player plays the computer, which never leaves.
_COMPUTER_WON: Final[Mapping[str, Any]] = {
    "line": _l("The computer won: three boards in a row."),
    "resign": _l("The computer won: %(lost)s left the match."),
    "timeout": _l("The computer won: %(lost)s ran out of time."),
    "points": _l("The computer won, %(points)s."),
    "coins": _l("The computer won with all ten coins."),
}
_COMPUTER_WON_BY_YOU: Final[Mapping[str, Any]] = {
    **_COMPUTER_WON,
    "resign": _l("The computer won: you left the match."),
    "timeout": _l("The computer won: you ran out of time."),
}
_COMPUTER_LATE: Final[Mapping[str, Any]] = {
    "you": _l("You won: the computer ran out of time."),
    "they": _l("%(won)s won: the computer ran out of time."),
}


def _won(outcome: Outcome, record: MatchRecord, viewer: Seat | None) -> str:
    winners = outcome.winners
    losers = [info.name for seat, info in enumerate(record.seats) if seat not in winners]
    # Of a team, the one through whom it lost.
    by = record.ended_by.user if record.ended_by and len(losers) > 1 else None
    lost = by or listed(losers)
    mine = viewer is not None and record.seats[viewer].name == lost
    template = _template(outcome, record, won=viewer in winners, mine=mine)
    return str(template) % {
        "won": listed([record.seats[seat].name for seat in winners]),
        "lost": lost,
        "points": _points(record, winners[0]) if outcome.reason == "points" else "",
    }


def _template(outcome: Outcome, record: MatchRecord, *, won: bool, mine: bool) -> Any:
    """How the result is told: to whoever `won`, or through whom it was lost (`mine`)."""
    if only_computer(record) == outcome.winners[0]:
        return (_COMPUTER_WON_BY_YOU if mine else _COMPUTER_WON)[outcome.reason]
    if only_computer(record) is not None and outcome.reason == "timeout":
        return _COMPUTER_LATE["you" if won else "they"]
    return (_YOU_WON if won else _BY_YOU if mine else _THEY_WON)[outcome.reason]


def _points(record: MatchRecord, seat: Seat) -> str:
    """The points of a match that was won by them, those of a seat's team first: "11 to 7"."""
    totals = record.engine.open_view(record.state)["totals"]
    own = seat % record.engine.info.teams
    return _("%(one)s to %(other)s", one=totals[own], other=totals[1 - own])


def unrated_words(record: MatchRecord) -> str:
    """Why a match is not rated."""
    if not record.engine.info.can_rate(record.variant):
        return _("Not rated: matches of this kind are played for fun.")
    if any(info.bot for info in record.seats):
        return _("Not rated: the computer was playing.")
    if not all(info.registered for info in record.seats):
        return _("Not rated: a guest was playing.")
    if record.board_id is not None and not record.rated:
        return _("Not rated: a seat changed hands.")
    if record.board_id is not None:
        return _("Not rated: there was nothing to compare it with.")
    return _("Not rated.")


def verdict(record: MatchRecord, viewer: Seat) -> str:
    """A finished match in one word for one of its players: Won, Lost, Draw, No result.

    Of a deal of bridge the points, "+420": who won is said by those of other tables.
    """
    outcome = record.outcome
    if outcome is None or outcome.reason == "abort":
        return pgettext("how a match ended", "No result")
    if record.board_id is not None:
        points = record.engine.open_view(record.state)["result"]["score_ns"]
        return paper.signed(-points if viewer % 2 else points)
    if not outcome.winners:
        return pgettext("how a match ended", "Draw")
    if viewer in outcome.winners:
        return pgettext("how a match ended", "Won")
    return pgettext("how a match ended", "Lost")


def cost_words(record: MatchRecord, cost: Cost | None, both_moved: bool) -> str:
    """What leaving would cost the player who asks; `cost` as `stakes.cost` gives it."""
    if cost is not None and cost.after < cost.before:
        return _(
            "It counts as a loss: your rating falls from %(before)s to %(after)s.",
            before=cost.before,
            after=cost.after,
        )
    if not both_moved:
        if record.version == 0:
            return _("Nobody has moved yet: it ends without a result.")
        if len(record.seats) > 2:
            return _("Not all of you have moved yet: it ends without a result.")
        return _("Not both of you have moved yet: it ends without a result.")
    if record.rated:
        return _("It counts as a loss. Your rating stays as it is.")
    return _("It counts as a loss. The match is not rated: no rating changes.")


def ratings_of(record: MatchRecord) -> list[tuple[int, int] | None]:
    """For each seat the rating to show and how the match changed it; None for the computer."""
    shown: list[tuple[int, int] | None] = []
    for seat, info in enumerate(record.seats):
        step = record.ratings[seat] if record.over and record.ratings else None
        if step is not None:
            shown.append((step.after, step.after - step.before))
            continue
        place = None
        if info.user_id is not None:
            place = ratings.place(house(), record.game, info.user_id)
        shown.append(None if place is None else (place[1], 0))
    return shown
