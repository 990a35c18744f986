"""Coming in, finding a game, leaving it."""

from __future__ import annotations

from app.legacy.commands.answers import NOT_JOINED, Refused
from app.legacy.commands.boards import GAME, MARKS
from app.legacy.commands.desk import Call
from app.legacy.commands.shapes import Done, Entered, GivenToken, Join, Mark, OpenGame
from app.services import joined, matches, programs, tables, tokens, watching
from app.services.access import Viewer
from app.services.errors import ServiceError
from app.services.joined import Opened, Place
from app.services.sessions import Client
from app.services.tables import Setup

VARIANT = "swap"  # what is played here if nothing else is said


def register(call: Call) -> GivenToken:
    client = Client(call.address, "command API")
    return GivenToken(tokens.register(call.house, call.args.nick, client))


def bot(call: Call) -> Done:
    programs.mark(call.house, call.caller.user_id)
    return Done(f"{call.caller.name} is a bot now, for good")


def lobby(call: Call) -> list[OpenGame]:
    return [
        OpenGame(
            row.owner,
            row.game,
            row.variant,
            row.created_at.isoformat(timespec="seconds"),
            automatic=row.owner_automatic,
        )
        for row in tables.listed(call.house, call.caller.user_id)
        if row.game == GAME
    ]


def join(call: Call) -> Entered:
    args: Join = call.args
    joined.check_free(call.house, call.caller.user_id)
    mine = args.nick.strip().lower() == call.caller.name
    enter = _watch if args.spectate else _open if mine else _sit_down
    return Entered(f"Successfully joined {args.nick}'s game", enter(call, args))


def leave(call: Call) -> Done:
    place = joined_place(call)
    try:
        _leave(call, place)
    except ServiceError as error:
        if error.code not in ("no_such_table", "game_over"):
            raise
        # Somebody has sat down at the table, or the match has ended, just now.
        again = joined.place_of(call.house, call.caller.user_id)
        if again is not None and again.id == place.id:
            _leave(call, again)
    joined.leave(call.house, call.caller.user_id, place.id)
    if place.spectating:
        watching.changed(call.house, place.id)
    return Done(f"Successfully left {place.owner}'s game")


def joined_place(call: Call) -> Place:
    """Where the caller is. Raises Refused for who has joined nothing."""
    place = joined.place_of(call.house, call.caller.user_id)
    if place is None:
        raise Refused(409, NOT_JOINED)
    return place


def _open(call: Call, args: Join) -> Mark:
    tables.open(
        call.house,
        call.caller,
        Setup(GAME, args.variant or VARIANT, code=args.code or None),
        joining=True,
    )
    return MARKS[0]


def _sit_down(call: Call, args: Join) -> Mark:
    tables.join_named(
        call.house, call.caller, args.nick, args.code, call.address, joining=True, game=GAME
    )
    return MARKS[1]


def _watch(call: Call, args: Join) -> Mark:
    user_id = call.caller.user_id
    viewer = Viewer(user_id, call.address, args.code)
    place = joined.find_to_watch(call.house, viewer, args.nick)
    if user_id in place.player_ids:
        raise Refused(409, "You play in that game yourself")
    joined.enter(call.house, user_id, place.id, spectating=True)
    watching.changed(call.house, place.id)
    return ""


def _leave(call: Call, place: Place) -> None:
    if place.spectating:
        return
    if isinstance(place.game, Opened):
        tables.close(call.house, call.caller, place.id)
    elif not place.game.over:
        matches.end(call.house, call.caller, place.id)
