"""What this browser may see of private games: by the codes it has shown, kept in its session.

`services.access` and `services.tables` decide; here a refusal becomes the page that says it.
"""

from __future__ import annotations

from typing import NoReturn

from flask import abort, redirect, request, session
from flask_login import current_user

from app.services import access, matches
from app.services.access import Viewer
from app.services.errors import ServiceError
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.web import deals
from app.web.context import house

KEPT = 20  # how many codes a browser's session remembers


def caller() -> Caller | None:
    """Who is signed in, or None."""
    return current_user.caller if current_user.is_authenticated else None


def viewer(game_id: str) -> Viewer:
    """Whoever looks at a table or a match of that id, with the code they have shown for it."""
    user = caller()
    code = dict(_kept()).get(game_id) or request.args.get("code") or None
    return Viewer(user.user_id if user else None, request.remote_addr or "", code)


def match(match_id: str) -> MatchRecord:
    """The match, if this browser may see it; else the page that says there is none.

    Of a deal of bridge that is hidden, the page that says why.
    """
    looking = viewer(match_id)
    try:
        record = access.look(house(), looking, match_id)
    except ServiceError as error:
        if error.code == "not_allowed":
            hidden = matches.get(house(), match_id)
            abort(redirect(deals.address(hidden, looking.user_id), 303))
        refuse(error)
    if record.code is not None and record.code == looking.code:
        keep(match_id, record.code)
    return record


def refuse(error: ServiceError) -> NoReturn:
    """The page for a game one may not see: as if it did not exist, or after too many guesses."""
    abort(429 if error.code == "too_many" else 404)


def keep(game_id: str, code: str) -> None:
    """Remember the right code of a private game, the last `KEPT` of them."""
    kept = [(known, shown) for known, shown in _kept() if known != game_id]
    if (game_id, code) not in _kept():
        session["codes"] = [*kept, (game_id, code)][-KEPT:]


def _kept() -> list[tuple[str, str]]:
    return [(known, shown) for known, shown in session.get("codes", ())]
