"""Registering, which does not sign in, and signing in."""

from __future__ import annotations

from typing import Final

import msgspec

from app.legacy.scopa import negotiation, roll, table
from app.legacy.scopa.client import Client
from app.legacy.scopa.controls import Control, Vocabulary, read
from app.legacy.scopa.names import is_showable, shown
from app.live.names import session_room, user_room
from app.services import accounts, players, presence, sessions, tokens
from app.services.errors import ServiceError
from app.services.sessions import Caller
from app.services.sessions import Client as Program

words = Vocabulary()

TRANSPORT: Final = "scopa"
UNAVAILABLE: Final = "username_unavailable"
UNKNOWN: Final = "unknown_username"
WRONG: Final = "wrong_password"
POLICY_VIOLATION: Final = 1008

# What the protocol says itself, by the refusals of `services.accounts`.
_NOT_REGISTERED: Final = {"bad_name": UNAVAILABLE, "name_taken": UNAVAILABLE}
_NOT_SIGNED_IN: Final = {"bad_name": UNKNOWN, "bad_password": WRONG, "wrong_password": WRONG}


class Credentials(msgspec.Struct):
    username: str
    password: str


@words.handles("register", strangers=True)
def _register(client: Client, control: Control) -> None:
    given: Credentials = read(control, Credentials)
    try:
        name = _clean(given.username)
        if not is_showable(name):
            raise ServiceError("bad_name", "A name begins with a letter.")
        done = accounts.register(client.house, name, given.password, client=_program(client))
    except ServiceError as error:
        _refuse(client, error, _NOT_REGISTERED.get(error.code), UNAVAILABLE, given.username)
        return
    sessions.sign_out(client.house, done.caller)
    client.say("registered", done.caller.name)


class TokenCredentials(msgspec.Struct):
    token: str


@words.handles("login", strangers=True)
def _login(client: Client, control: Control) -> None:
    given: Credentials = read(control, Credentials)
    try:
        caller = _known(client, given)
    except ServiceError as error:
        _refuse(client, error, _NOT_SIGNED_IN.get(error.code), WRONG, given.username)
        return
    if caller is not None:
        _enter(client, caller)


@words.handles("token_login", strangers=True)
def _token_login(client: Client, control: Control) -> None:
    """As `login`, with the token of the command API instead of name and password."""
    given: TokenCredentials = read(control, TokenCredentials)
    try:
        done = tokens.sign_in(client.house, given.token, client=_program(client))
    except ServiceError as error:
        client.error(error.code, error.msg)
        return
    if not is_showable(done.caller.name):
        sessions.sign_out(client.house, done.caller)
        client.error("bad_name", "A name begins with a letter.")
        return
    _enter(client, done.caller)


def _known(client: Client, given: Credentials) -> Caller | None:
    """Whose name and password these are; None where the client has been told why they are not."""
    house = client.house
    name = _clean(given.username)
    if not players.is_account(house, name):
        house.limits.hit("sign_in_address", client.address)
        client.say(UNKNOWN, shown(given.username))
        return None
    done = accounts.sign_in(house, name, given.password, client=_program(client))
    if not is_showable(name):
        sessions.sign_out(house, done.caller)
        client.say(UNAVAILABLE, name)
        return None
    return done.caller


def _enter(client: Client, caller: Caller) -> None:
    """Answer, say who is here, and give the client back what it was in.

    The rooms come before the look at how things stand, so that nothing falls between the two; what
    they bring meanwhile waits in the inbox.
    """
    house = client.house
    client.caller = caller
    games = client.dialect.games()
    client.say("logged_in", {"username": caller.name, "games": games})
    client.join(user_room(caller.user_id))
    client.join(session_room(caller.session_id))
    client.join(roll.ROOM)
    table.give_up(client)
    try:
        client.presence_id = presence.connect(house, caller, TRANSPORT, client.address)
    except ServiceError as ended:  # since the sign-in: nobody is signed in any more
        client.caller = None
        client.means.rooms.leave_all(client.connection)
        client.connection.close(POLICY_VIOLATION, ended.msg)
        return
    client.met = players.met(house, caller.user_id)
    client.show(roll.take(house).frame(client.met))
    table.come_back(client)
    negotiation.look(client)


def _refuse(
    client: Client, error: ServiceError, answer: str | None, word: str, username: str
) -> None:
    """Say no: by the protocol's `answer`, or, where it has none, with an error.

    A client that does not read errors gets the `word` that frees its form all the same.
    """
    if answer is None:
        client.error(error.code, error.msg)
        answer = None if client.dialect.keeps_up else word
    if answer is not None:
        client.say(answer, shown(username))


def _clean(username: str) -> str:
    """The name as it is kept. Raises `bad_name`, for blanks around it too."""
    if username != username.strip():
        raise ServiceError("bad_name", f"A name has {accounts.NAME_RULE}.")
    return accounts.clean_name(username)


def _program(client: Client) -> Program:
    return Program(client.address, TRANSPORT)
