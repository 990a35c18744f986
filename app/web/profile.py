"""A player's page: for each game rating, record, the line they have drawn, and last matches."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from app.games import GAMES
from app.services import friends, profiles
from app.services.errors import ServiceError
from app.services.records import MatchRecord, RatingStep
from app.web.context import house
from app.web.results import verdict
from app.web.sides import side_of

blueprint = Blueprint("profile", __name__)


@dataclass(frozen=True, slots=True)
class Result:
    """A finished match as one of its players looks back on it."""

    match: MatchRecord
    seat: int
    score: float | None  # 1 won, 0.5 drawn, 0 lost, None without a result
    rating: RatingStep | None

    @property
    def word(self) -> str:
        """How it ended, in a word."""
        return verdict(self.match, self.seat)

    @property
    def how(self) -> str:
        """What decided it, if it was not the board."""
        reason = self.match.outcome.reason if self.match.outcome else ""
        return {"resign": _("by resignation"), "timeout": _("on time")}.get(reason, "")


def result_of(match: MatchRecord, user_id: int) -> Result:
    """The match from that player's side."""
    seat = match.seat_of(user_id) or 0
    outcome = match.outcome
    score = outcome.scores[side_of(match, seat)] if outcome and any(outcome.scores) else None
    rating = match.ratings[seat] if match.ratings else None
    return Result(match, seat, score, rating)


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
    own = friend = blocked = False
    if viewer is not None:
        own = viewer.user_id == profile.user_id
        friend = profile.name in {f.name for f in friends.list_of(house(), viewer.user_id)}
        blocked = profile.name in friends.blocked(house(), viewer.user_id)
    return render_template(
        "profile/player.html",
        profile=profile,
        results=[result_of(match, profile.user_id) for match in profile.recent],
        games=list(GAMES),
        usual=GAMES[profile.game].info.variants[0],
        rating=next((row for row in profile.ratings if row.game == profile.game), None),
        own=own,
        friend=friend,
        blocked=blocked,
    )
