"""A player's page: for each game rating, record, the line they have drawn, and last matches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _
from flask_babel import pgettext
from flask_login import current_user

from app.games import GAMES
from app.services import friends, profiles
from app.services.bridge import boards
from app.services.errors import ServiceError
from app.services.records import MatchRecord, RatingStep
from app.web.context import house, moments
from app.web.results import deal_words, verdict
from app.web.sides import side_of

blueprint = Blueprint("profile", __name__)


@dataclass(frozen=True, slots=True)
class Result:
    """A finished match as one of its players looks back on it.

    `shown`: whoever looks at the page may know how it ended. They may not of a deal of bridge that
    they may yet be dealt themselves.
    """

    match: MatchRecord
    seat: int
    score: float | None  # 1 won, 0.5 drawn, 0 lost; None without a result, and of a deal
    rating: RatingStep | None
    shown: bool

    @property
    def word(self) -> str:
        """How it ended, in a word."""
        return (
            verdict(self.match, self.seat)
            if self.shown
            else pgettext("how a match ended", "Played")
        )

    @property
    def how(self) -> str:
        """What decided it, if it was not the board; of a deal of bridge, what came of it."""
        if self.match.board_id is not None:
            return deal_words(self.match) if self.shown else ""
        reason = self.match.outcome.reason if self.match.outcome else ""
        return {"resign": _("by resignation"), "timeout": _("on time")}.get(reason, "")


def result_of(match: MatchRecord, user_id: int, shown: bool = True) -> Result:
    """The match from that player's side, with nothing said of its end unless it is `shown`."""
    seat = match.seat_of(user_id) or 0
    outcome = match.outcome
    if outcome is None or not shown:
        return Result(match, seat, None, None, shown)
    decided = match.board_id is None and any(outcome.scores)
    score = outcome.scores[side_of(match, seat)] if decided else None
    return Result(match, seat, score, match.ratings[seat] if match.ratings else None, shown)


def _history(points: Sequence[tuple[datetime, int]]) -> list[tuple[str, str, int]]:
    """The rows of the rating's table: each moment for the page and for the reader, and points."""
    said = moments()
    return [(at.isoformat(timespec="seconds"), said(at), value) for at, value in points]


@blueprint.get("/player/<name>")
def player(name: str) -> str:
    """The page of a player, whoever looks at it."""
    viewer = current_user.caller if current_user.is_authenticated else None
    page, game = request.args.get("page", 1, type=int), request.args.get("game")
    if game is not None and game not in GAMES:
        abort(404)
    try:
        profile = profiles.player(house(), name, page, viewer and viewer.user_id, game)
    except ServiceError:
        abort(404)
    shown = boards.open_matches(house(), viewer and viewer.user_id, profile.recent)
    own = friend = blocked = False
    if viewer is not None:
        own = viewer.user_id == profile.user_id
        friend = friends.is_friend(house(), viewer.user_id, profile.user_id)
        blocked = friends.has_blocked(house(), viewer.user_id, profile.user_id)
    return render_template(
        "profile/player.html",
        profile=profile,
        history=_history(profile.history),
        results=[result_of(match, profile.user_id, match.id in shown) for match in profile.recent],
        games=list(GAMES),
        usual=GAMES[profile.game].info.variants[0],
        rating=next((row for row in profile.ratings if row.game == profile.game), None),
        own=own,
        friend=friend,
        blocked=blocked,
    )
