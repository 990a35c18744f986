"""How a match ended, and what leaving it would cost, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from app.games.api import Seat
from app.services.records import MatchRecord
from app.services.stakes import Cost


def result_words(record: MatchRecord, viewer: Seat | None) -> str:
    """Who won a finished match and why, as its player in seat `viewer` (None: anyone) is told."""
    outcome = record.outcome
    if outcome is None:
        return ""
    if outcome.reason == "abort":
        return _aborted(record, viewer)
    if not outcome.winners:
        return _("A draw: no board is left, and nobody has three in a row.")
    winner = outcome.winners[0]
    return _won(outcome.reason, winner, record, viewer)


def _aborted(record: MatchRecord, viewer: Seat | None) -> str:
    name = record.ended_by.user if record.ended_by else None
    if name is None:
        return _("Ended without a result: nobody moved in time.")
    if viewer is not None and record.seats[viewer].name == name:
        return _("You closed the match before both had moved: no result.")
    return _("%(name)s closed the match before both had moved: no result.", name=name)


def _won(reason: str, winner: Seat, record: MatchRecord, viewer: Seat | None) -> str:
    won, lost = record.seats[winner].name, record.seats[1 - winner].name
    if viewer == winner:
        texts = {
            "line": _("You won: three boards in a row."),
            "resign": _("You won: %(lost)s left the match.", lost=lost),
            "timeout": _("You won: %(lost)s ran out of time.", lost=lost),
        }
    elif viewer is not None:
        texts = {
            "line": _("%(won)s won: three boards in a row.", won=won),
            "resign": _("%(won)s won: you left the match.", won=won),
            "timeout": _("%(won)s won: you ran out of time.", won=won),
        }
    else:
        texts = {
            "line": _("%(won)s won: three boards in a row.", won=won),
            "resign": _("%(won)s won: %(lost)s left the match.", won=won, lost=lost),
            "timeout": _("%(won)s won: %(lost)s ran out of time.", won=won, lost=lost),
        }
    return texts[reason]


def unrated_words(record: MatchRecord) -> str:
    """Why a match is not rated."""
    if not record.engine.info.can_rate(record.variant):
        return _("Not rated: matches of this kind are played for fun.")
    if not all(info.registered for info in record.seats):
        return _("Not rated: a guest was playing.")
    return _("Not rated.")


def verdict(record: MatchRecord, viewer: Seat) -> str:
    """A finished match in one word for one of its players: Won, Lost, Draw, No result."""
    outcome = record.outcome
    if outcome is None or outcome.reason == "abort":
        return _("No result")
    if not outcome.winners:
        return _("Draw")
    return _("Won") if viewer in outcome.winners else _("Lost")


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
        return _("Not both of you have moved yet: it ends without a result.")
    if record.rated:
        return _("It counts as a loss. Your rating stays as it is.")
    return _("It counts as a loss. The match is not rated: no rating changes.")
