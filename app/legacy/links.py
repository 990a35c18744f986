"""Clients whose messages are those of the house: `{"type": …, "data": {…}}` on a raw WebSocket.

The first message signs in; whatever else it is, the connection ends. After that the requests
are those of `app.live.commands`, and what the rooms carry comes as it is: to an old client what
it knows, and everything to one that has asked for something no old client knows, or signed in with
a token, as no old client does.
"""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Final

import msgspec

from app.legacy.connection import Connection
from app.legacy.envelope import Envelope, Malformed, decode, read
from app.legacy.registry import Means
from app.live import commands
from app.live.frames import text_frame
from app.live.links import Link
from app.live.names import SESSION_ENDED, session_room, user_room
from app.services import accounts, presence, sessions, tokens, trouble
from app.services.errors import ServiceError
from app.services.house import House
from app.services.sessions import Caller, Client, SignedIn

log = logging.getLogger(__name__)

POLICY_VIOLATION: Final = 1008
_LONGEST_SHOWN: Final = 40


SignIn = tuple[Caller, dict[str, Any]]  # who it was, and the answer's data


class Wire:
    """`{"type": …, "data": …}` in a text frame, for these types of message (None: for all).

    A wire with types is that of clients which know one game, whose updates do not name it.
    """

    def __init__(self, types: frozenset[str] | None = None) -> None:
        self._types = types
        self._encoder = msgspec.json.Encoder()

    def encode(self, type: str, data: Any) -> bytes | None:
        if type == SESSION_ENDED or (self._types is not None and not self._knows(type, data)):
            return None
        return text_frame(self._encoder.encode({"type": type, "data": data}))

    def _knows(self, type: str, data: Any) -> bool:
        assert self._types is not None
        return type in self._types and not (type == "match_update" and "game" in data)


class Login(msgspec.Struct):
    """Name and password; no password: a guest."""

    name: str
    pw: str | None


class TempSession(msgspec.Struct):
    """A guest's name."""

    name: str


class Reconnect(msgspec.Struct):
    """The session id of an earlier answer; clients that have lost theirs send null."""

    id: str | None


class TokenLogin(msgspec.Struct):
    """The token of an account, as the command API takes it."""

    token: str


class EnvelopeHandler(Link):
    """One client: nobody at first, then a caller.

    A protocol says how its connections are called (`transport`), which requests its old clients
    know beside the sign-in (`old_types`), and how those who have signed in are greeted.
    """

    transport: ClassVar[str] = "raw"
    old_types: ClassVar[frozenset[str]]

    __slots__ = (
        "_by_token",
        "_connection",
        "_means",
        "_presence",
        "address",
        "caller",
        "watching",
    )

    def __init__(self, connection: Connection, means: Means) -> None:
        self._connection = connection
        self._means = means
        self._presence: Any = None
        self._by_token = False  # and so the session ends with the connection
        self.address = connection.address
        self.caller: Caller | None = None
        self.watching: dict[str, int] = {}
        self.gone = False
        self.looking: str | None = None
        self.glancing: frozenset[str] = frozenset()

    @property
    def house(self) -> House:
        return self._means.house

    @property
    def is_new(self) -> bool:
        """Whether it is known to be no old client, and so is told everything."""
        return self._connection.wire is WHOLE_WIRE

    @abstractmethod
    def greet(self, caller: Caller) -> list[commands.Reply]:
        """How things stand, for who has just signed in and is in their own rooms."""

    def join(self, room: str) -> None:
        self._means.rooms.join(self._connection, room)

    def leave(self, room: str) -> None:
        self._means.rooms.leave(self._connection, room)

    def knows(self, match_id: str, version: int) -> None:
        self._connection.knows((match_id, version))

    def message(self, text: str) -> None:
        try:
            message = decode(text)
            if self.caller is None:
                self._first(message)
            else:
                self._request(self.caller, message)
        except Malformed as error:
            self._error(error.code, error.msg, error.request)

    def refuse(self, code: str, msg: str) -> None:
        self._error(code, msg, None)

    def closed(self) -> None:
        self._means.rooms.leave_all(self._connection)
        try:
            commands.leave(self.house, self)
        finally:  # whatever the database makes of that
            self._depart()

    def _depart(self) -> None:
        here, self._presence = self._presence, None
        if here is None:
            return
        # A worker that stops has forgotten its connections before it ends them: then nobody left.
        is_leaving = here in self.house.connections
        presence.disconnect(self.house, here)
        if self._by_token and is_leaving and self.caller is not None:
            sessions.sign_out(self.house, self.caller)

    # Signing in

    def _first(self, message: Envelope) -> None:
        sign_in = _SIGN_IN.get(message.type)
        if sign_in is None:
            msg = "Sign in first: login, temp_session, token_login or reconnect."
            self._error("not_signed_in", msg, message.type)
            return
        answer_type, handle = sign_in
        try:
            caller, answer = handle(self, message)
        except Malformed as error:
            # Old clients do not read errors: their own answer says it once more.
            log.info("raw client %s: sign-in malformed: %s", self._connection.address, error)
            self._send("error", {"code": error.code, "msg": error.msg, "request": error.request})
            self._fail(answer_type, error.msg)
        except trouble.REFUSALS as failed:
            refusal = trouble.said(failed)
            log.info("raw client %s: sign-in refused, %s", self._connection.address, refusal.code)
            self._fail(answer_type, refusal.msg, registered=bool(message.data.get("pw")))
        else:
            self._enter(caller, answer_type, answer)

    def _login(self, message: Envelope) -> SignIn:
        login = read(message, Login)
        if not login.pw:
            return self._guest(login.name)
        name = _exact(login.name)
        signed_in = accounts.sign_in(self.house, name, login.pw, client=self._client(), create=True)
        done = "registered and logged in user" if signed_in.created else "logged in as user"
        return _welcome(signed_in, f"successful {done} {signed_in.caller.name}")

    def _temp_session(self, message: Envelope) -> SignIn:
        return self._guest(read(message, TempSession).name)

    def _guest(self, name: str) -> SignIn:
        signed_in = accounts.guest(self.house, _exact(name), client=self._client())
        return _welcome(signed_in, f"created a temporary session for user {signed_in.caller.name}")

    def _token_login(self, message: Envelope) -> SignIn:
        token = read(message, TokenLogin).token
        signed_in = tokens.sign_in(self.house, token, client=self._client())
        self._by_token = True
        self._connection.wire = WHOLE_WIRE
        caller, answer = _welcome(signed_in, f"logged in as user {signed_in.caller.name}")
        # There is nothing to come back with but the token itself.
        return caller, {**answer, "id": None, "user": caller.name}

    def _reconnect(self, message: Envelope) -> SignIn:
        token = read(message, Reconnect).id
        caller = sessions.resume(self.house, token) if token else None
        if caller is None:
            raise ServiceError("no_such_session", "session not available")
        known = {"user": caller.name, "registered": caller.registered}
        return caller, {"success": True, "id": token, **known, "msg": ""}

    def _enter(self, caller: Caller, answer_type: str, answer: dict[str, Any]) -> None:
        """Answer, then say how things stand, then let updates through, in this order.

        The rooms come before the look at how things stand, so that no update falls between the
        two; what they bring meanwhile is held back until the greeting is out.
        """
        house, connection = self.house, self._connection
        self._send(answer_type, answer)
        self.caller = caller
        connection.signed_in()
        connection.hold()
        try:
            self.join(user_room(caller.user_id))
            self.join(session_room(caller.session_id))
            try:
                self._presence = presence.connect(house, caller, self.transport, self.address)
            except ServiceError as ended:  # since the sign-in: nobody is signed in any more
                self.caller = None
                self._means.rooms.leave_all(connection)
                connection.close(POLICY_VIOLATION, ended.msg)
                return
            except trouble.ERRORS:
                self.caller = None  # who is not known to be here, is told nothing more
                self._means.rooms.leave_all(connection)
                raise
            for reply in self.greet(caller):
                self._send(reply.type, reply.data)
        finally:
            connection.release()

    def _fail(self, answer_type: str, msg: str, *, registered: bool = False) -> None:
        answer = {"success": False, "id": None, "registered": registered, "msg": msg}
        if answer_type == "reconnect_response":
            answer["user"] = None
        self._send(answer_type, answer)
        self._connection.close(reason=msg)

    def _client(self) -> Client:
        return Client(self._connection.address, self.transport)

    # Signed in

    def _request(self, caller: Caller, message: Envelope) -> None:
        own = _OWN.get(message.type)
        if own is not None:
            own(self, message)
            return
        if message.type in commands.TYPES and message.type not in self.old_types:
            self._connection.wire = WHOLE_WIRE
        result = commands.handle(self.house, self, message.type, message.data)
        if result.error is not None:
            shown, code = message.type[:_LONGEST_SHOWN], result.error.code
            log.info("raw client %s: %s refused, %s", caller.name, shown, code)
        for reply in result.replies:
            self._send(reply.type, reply.data)
        result.then()

    def _logout(self, message: Envelope) -> None:
        assert self.caller is not None
        # Out of the rooms first: there the session's end cuts whoever did not ask for it.
        try:
            self.closed()
            sessions.sign_out(self.house, self.caller)
        finally:
            self._connection.close(reason="signed out")

    def _sign_in_again(self, message: Envelope) -> None:
        assert self.caller is not None
        msg = f"You are signed in already, as {self.caller.name}."
        self._error("already_signed_in", msg, message.type)

    # Saying

    def _send(self, type: str, data: Any) -> None:
        frame = self._connection.wire.encode(type, data)
        if frame is not None:
            self._connection.send(frame)

    def _error(self, code: str, msg: str, request: str | None) -> None:
        """A named error. Before the sign-in it is the last word."""
        shown = request and request[:_LONGEST_SHOWN]
        log.info("raw client %s: %s in %r", self._connection.address, code, shown)
        self._send("error", {"code": code, "msg": msg, "request": shown})
        if self.caller is None:
            self._connection.close(POLICY_VIOLATION, code)


def _welcome(signed_in: SignedIn, msg: str) -> SignIn:
    caller = signed_in.caller
    known = {"id": signed_in.token, "registered": caller.registered}
    return caller, {"success": True, **known, "msg": msg}


def _exact(name: str) -> str:
    """The name as it is kept. Raises `bad_name`, for blanks around it too.

    A form forgives those; an old client would go on under the name it sent.
    """
    if name != name.strip():
        raise ServiceError("bad_name", f"A name has {accounts.NAME_RULE}.")
    return accounts.clean_name(name)


_Request = Callable[[EnvelopeHandler, Envelope], None]

WHOLE_WIRE: Final = Wire()
_SIGN_IN: Final[dict[str, tuple[str, Callable[[EnvelopeHandler, Envelope], SignIn]]]] = {
    "login": ("login_response", EnvelopeHandler._login),
    "temp_session": ("login_response", EnvelopeHandler._temp_session),
    "token_login": ("login_response", EnvelopeHandler._token_login),
    "reconnect": ("reconnect_response", EnvelopeHandler._reconnect),
}
_OWN: Final[dict[str, _Request]] = {
    "logout": EnvelopeHandler._logout,
    **dict.fromkeys(_SIGN_IN, EnvelopeHandler._sign_in_again),
}
