"""People at the door: browsers without JavaScript, each with cookies of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.services import accounts, lobby, matches, moderation
from app.services.access import Viewer
from app.services.audit import HOST
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller, Client, resume
from tests.support.site import ANY_PAGE

TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
PASSWORD = "only a test"
ELSEWHERE = "192.0.2.9"


class Visitor:
    """A browser that sends forms with the token of the page it last looked at."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        return self._seen(self.client.get(path, **options))

    def post(self, path: str, *, look_at: str | None = None, **fields: Any) -> TestResponse:
        """Send a form found on the page `look_at`, or on the one it last looked at."""
        if look_at or not self._token:
            self.get(look_at or ANY_PAGE)
        return self._seen(self.client.post(path, data={"csrf_token": self._token, **fields}))

    def text(self, path: str) -> str:
        """The text of a page that must be there."""
        response = self.get(path)
        assert response.status_code == 200, (path, response.status)
        return response.text

    def token(self) -> str | None:
        """The session's secret, as this browser's cookie carries it."""
        with self.client.session_transaction() as cookie:
            return cookie.get("_user_id")

    def caller(self, house: House) -> Caller:
        token = self.token()
        assert token
        caller = resume(house, token)
        assert caller
        return caller

    def register(self, name: str, **fields: Any) -> TestResponse:
        return self.post("/register", name=name, password=PASSWORD, **fields)

    def sign_in(self, name: str, password: str = PASSWORD, **fields: Any) -> TestResponse:
        return self.post("/sign-in", name=name, password=password, **fields)

    def _seen(self, response: TestResponse) -> TestResponse:
        if response.mimetype == "text/html":
            found = TOKEN.search(response.text)  # none in an answer that leads to another page
            self._token = unescape(found[1]) if found else ""
        return response


@pytest.fixture
def app_context(app: Flask) -> Iterator[None]:
    """For what needs a request but no page."""
    with app.test_request_context():
        yield


@pytest.fixture
def visitor(app: Flask) -> Callable[[], Visitor]:
    """A stranger's browser: `visitor()`."""
    return lambda: Visitor(app.test_client())


@pytest.fixture
def account(visitor: Callable[[], Visitor]) -> Callable[[str], Visitor]:
    """A browser that is signed in to a new account: `account("ann")`."""

    def make(name: str) -> Visitor:
        person = visitor()
        assert person.register(name).status_code == 302
        return person

    return make


@pytest.fixture
def guest(visitor: Callable[[], Visitor]) -> Callable[[str], Visitor]:
    """A browser that plays as a guest: `guest("passer-by")`."""

    def make(name: str) -> Visitor:
        person = visitor()
        assert person.post("/guest", name=name).status_code == 302
        return person

    return make


@pytest.fixture
def play(house: House) -> Callable[..., MatchRecord]:
    """Starts a match of two visitors and plays first legal moves: to the end, or `plies`."""

    def run(one: Visitor, other: Visitor, plies: int | None = None) -> MatchRecord:
        players = {v.caller(house).user_id: v.caller(house) for v in (one, other)}
        opponent = other.caller(house)
        record = lobby.invite(house, one.caller(house), opponent.name)
        while not record.over and (plies is None or record.version < plies):
            seat = min(record.actors)
            chosen = record.engine.legal_moves(record.state, seat)[0]
            player = players[record.seats[seat].user_id]
            raw = record.engine.move_json(chosen)
            record = matches.submit(house, player, record.id, raw)
        return record

    return run


@pytest.fixture
def boss(account: Callable[[str], Visitor], house: House) -> Visitor:
    """An admin's browser."""
    person = account("boss")
    moderation.make_admin(house, HOST, "boss")
    return person


@pytest.fixture
def ann(house: House) -> None:
    """A player who can be done things to."""
    accounts.register(house, "ann", "pw", client=Client(ELSEWHERE, "Mozilla/5.0 (X11) Firefox/1"))


def viewer_of(person: Visitor, house: House) -> Viewer:
    return Viewer(person.caller(house).user_id, "127.0.0.1")
