"""What admins do, whoever asks for it: the admin pages, the command API, a command on the host.

Each action takes the `Admin` who acts and leaves its row in the audit log; that of a ban is in
`app.services.bans`. Whether somebody is an admin is for the transport to find out.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.services import (
    accounts,
    audit,
    bans,
    chat,
    farewell,
    joined,
    logtail,
    matches,
    offers,
    removal,
    reports,
    sessions,
    tokens,
)
from app.services.audit import Admin
from app.services.errors import ServiceError
from app.services.house import House
from app.services.lines import clean
from app.services.publish import Audience
from app.services.records import MatchRecord
from app.services.sessions import Client
from app.store import Broadcast, User
from app.store.people import user_named

MOST_TEXT: Final = 500

# Admins


def make_admin(house: House, admin: Admin, name: str) -> None:
    """Make an account an admin's. Raises `unknown_user`, `guest`, `banned_user`."""
    with house.store.write() as unit:
        user = bans.held(unit, name)
        if not user.registered:
            raise ServiceError("guest", f"{name} is a guest.")
        if bans.holds(house, unit, user.id):
            raise ServiceError("banned_user", f"{name} is banned.")
        user.admin = True
        audit.note(house, unit, admin, "make_admin", name)


def revoke_admin(house: House, admin: Admin, name: str) -> None:
    """Make an admin a player like all others. Raises `unknown_user`, `yourself`, `no_admin`."""
    with house.store.write() as unit:
        user = bans.held(unit, name)
        if user.id == admin.user_id:
            raise ServiceError("yourself", "That is you.")
        if not user.admin:
            raise ServiceError("no_admin", f"{name} is no admin.")
        user.admin = False
        audit.note(house, unit, admin, "revoke_admin", name)


def create_admin(house: House, admin: Admin, name: str, password: str | None) -> bool:
    """An admin's account of that name, made with this password if there is none; whether it was.

    Raises what `make_admin` does, and `bad_name`, `bad_password`. `password` None: none is made.
    """
    name = accounts.clean_name(name)
    made = password is not None and not is_known(house, name)
    if made:
        client = Client(admin.address, admin.name)
        signed_in = accounts.register(house, name, password or "", client=client)
        sessions.sign_out(house, signed_in.caller)
        audit.note_alone(house, admin, "create_account", name)
    make_admin(house, admin, name)
    return made


def is_known(house: House, name: str) -> bool:
    """Whether somebody has that name."""
    with house.store.read() as unit:
        return user_named(unit, name.strip().lower()) is not None


# Players


def delete_user(house: House, admin: Admin, name: str) -> None:
    """Take an account, or a guest, away with all that is theirs, and the name is free.

    Their running matches end as if they had left: see `farewell`. Raises `unknown_user`,
    `yourself`, `is_admin`.
    """
    user_id = _known(house, name).id
    with house.store.write() as unit:
        removal.hold_matches(unit, user_id)
        user = bans.held(unit, name)
        if user.id == admin.user_id:
            raise ServiceError("yourself", "That is you.")
        if user.admin:
            raise ServiceError("is_admin", f"{name} is an admin.")
        removed = removal.remove(house, unit, [user.id])
        audit.note(house, unit, admin, "delete_player", name)
    farewell.tell(house, removed)


def show_token(house: House, admin: Admin, name: str) -> str | None:
    """An account's token for the command API, if it has one. Raises `unknown_user`."""
    token = tokens.show(house, _known(house, name).id)
    audit.note_alone(house, admin, "show_token", name)
    return token


def renew_token(house: House, admin: Admin, name: str) -> str:
    """Another token for an account in place of the old. Raises `unknown_user`, `guest`."""
    user = _known(house, name)
    if not user.registered:
        raise ServiceError("guest", f"{name} is a guest.")
    token = tokens.renew(house, user.id)
    audit.note_alone(house, admin, "renew_token", name)
    return token


# Games


def end_match(house: House, admin: Admin, match_id: str) -> MatchRecord:
    """End a running match without a result. Raises `no_such_match`, `game_over`."""
    record = matches.end_by_house(house, match_id)
    if record is None:
        raise ServiceError("game_over", "That match is over.")
    players = " and ".join(seat.name for seat in record.seats)
    audit.note_alone(house, admin, "end_match", match_id, players)
    return record


def end_table(house: House, admin: Admin, table_id: str) -> None:
    """Close a table or a challenge that somebody has open. Raises `no_such_table`."""
    if not offers.drop(house, table_id):
        raise ServiceError("no_such_table", "That table is not open any more.")
    audit.note_alone(house, admin, "end_table", table_id)


def end_game_of(house: House, admin: Admin, name: str) -> None:
    """End the game a player is in, a match or a table: what `joined` says they are in, or else
    the table they have open, or the match that moved last. Raises `no_such_game`.
    """
    with house.store.read() as unit:
        user = user_named(unit, name.strip().lower())
    if user is None:
        raise ServiceError("no_such_game", "No such game")
    place = joined.place_of(house, user.id)
    game = None if place is None or place.spectating else place.game
    if isinstance(game, MatchRecord) and not game.over:
        end_match(house, admin, game.id)
        return
    table = offers.own(house, user.id)
    if table is not None:
        end_table(house, admin, table.id)
        return
    running = matches.open_of(house, user.id)
    if not running:
        raise ServiceError("no_such_game", "No such game")
    end_match(house, admin, running[-1].id)


# Words


def broadcast(house: House, admin: Admin, text: str) -> int:
    """Say something to everybody: on every page for `BROADCAST_TTL`, and in every chat; its id.

    Raises `empty`, `too_long`.
    """
    text = clean(text)
    if not text:
        raise ServiceError("empty", "Say something.")
    if len(text) > MOST_TEXT:
        raise ServiceError("too_long", f"An announcement has at most {MOST_TEXT} characters.")
    now = house.clock()
    until = now + timedelta(seconds=house.config.BROADCAST_TTL)
    with house.store.write() as unit:
        row = Broadcast(text=text, by=admin.name, at=now, until=until)
        unit.add(row)
        unit.flush()
        number = row.id
        audit.note(house, unit, admin, "broadcast", str(number), text)
    _notices_changed(house)
    house.publish.tell(Audience(everyone=True), "broadcast", {"id": number, "text": text})
    chat.announce(house, text)
    return number


def withdraw_broadcast(house: House, admin: Admin, number: int) -> None:
    """Say it no longer; what is in the chats stays. Raises `no_such_broadcast`."""
    now = house.clock()
    with house.store.write() as unit:
        row = unit.get(Broadcast, number)
        if row is None or row.until <= now:
            raise ServiceError("no_such_broadcast", "That is not shown any more.")
        row.until = now
        audit.note(house, unit, admin, "withdraw", str(number), row.text)
    _notices_changed(house)
    house.publish.tell(Audience(everyone=True), "broadcast_gone", {"id": number})


def close_report(house: House, admin: Admin, report_id: int, *, hide: bool) -> None:
    """A report has been looked at; the message may be hidden from all. Raises `no_such_report`."""
    message_id = reports.close(house, report_id, admin.name, hide=hide)
    done = "message hidden" if hide else "message left"
    audit.note_alone(house, admin, "close_report", str(report_id), f"{done}, {message_id}")


# The house itself


def read_log(house: House, admin: Admin, lines: int = logtail.LINES, text: str = "") -> list[str]:
    """The end of the server's log; see `logtail.tail`. Raises `bad_number`."""
    found = logtail.tail(house, lines, text)
    audit.note_alone(house, admin, "read_log", "", f"{lines} lines")
    return found


def stop(house: House, admin: Admin, *, restart: bool) -> None:
    """Have every worker finish what is in hand and stop, or start anew in its place."""
    audit.note_alone(house, admin, "restart" if restart else "shutdown")
    house.publish.control("stop", {"restart": restart})


def _known(house: House, name: str) -> User:
    with house.store.read() as unit:
        user = user_named(unit, name.strip().lower())
    if user is None:
        raise ServiceError("unknown_user", "Nobody plays here under that name.")
    return user


def _notices_changed(house: House) -> None:
    bans.reload(house)
    house.publish.control("notices_changed", {})
