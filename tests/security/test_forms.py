"""Changes: by forms with the page's token, from our own pages, in a session of one's own."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from itsdangerous import base64_decode
from sqlalchemy import event

from app.services import accounts, sessions
from app.services.house import House
from app.services.sessions import Client
from config import Config
from tests.security.conftest import People
from tests.security.routes import Address
from tests.web.conftest import PASSWORD, Visitor

EVIL = "https://evil.example"
FIELDS = {"name": "eve", "player": "boss", "theme": "dark", "id": "1", "old": PASSWORD, "new": "x"}


@pytest.fixture
def written(house: House) -> list[str]:
    """Every statement from now on that changes something."""
    found: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.split(None, 1)[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            found.append(statement)

    event.listen(house.store.engine, "before_cursor_execute", note)
    return found


def changes(written: list[str]) -> list[str]:
    """Those statements that change more than what is noted of a visit: that somebody is here, and
    on record, what an admin has looked at."""
    noted = ("UPDATE session SET used_at", "UPDATE user SET seen_at", "INSERT INTO audit")
    return [statement for statement in written if not statement.startswith(noted)]


def forms(every: list[Address]) -> list[Address]:
    found = [address for address in every if address.changes]
    assert len(found) > 60
    return found


def test_no_route_takes_anything_but_visits_and_forms(every: list[Address]) -> None:
    for address in every:
        assert address.methods <= {"GET", "POST"}, address.path


def test_no_form_is_taken_without_the_pages_token(
    people: People, every: list[Address], written: list[str]
) -> None:
    """On every route that takes forms, whoever sends them; and nothing is written."""
    for address in forms(every):
        for person, token in zip(people, ("", "", "guessed", None), strict=True):
            fields = FIELDS if token is None else FIELDS | {"csrf_token": token}
            response = person.client.post(address.path, data=fields)
            closed = address.path.startswith("/admin") and person is not people.admin
            assert response.status_code == (404 if closed else 400), address.path
    assert changes(written) == []


def test_another_visitors_token_is_no_token(people: People, every: list[Address]) -> None:
    theirs = {"csrf_token": _token(people.stranger)}
    for address in forms(every):
        response = people.admin.client.post(address.path, data=theirs | FIELDS)
        assert response.status_code == 400, address.path


@pytest.mark.parametrize("headers", [{"Origin": EVIL}, {"Sec-Fetch-Site": "cross-site"}])
def test_no_form_is_taken_from_another_sites_page(
    people: People, every: list[Address], written: list[str], headers: dict[str, str]
) -> None:
    """Not even with the right token: two locks, each on every route."""
    token = {"csrf_token": _token(people.admin)}
    for address in forms(every):
        response = people.admin.client.post(address.path, data=token | FIELDS, headers=headers)
        assert response.status_code == 400, address.path
    assert changes(written) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "https://localhost.evil.example"},
        {"Origin": "http://localhost:8080"},
        {"Origin": "http://localhost:99999999"},
        {"Origin": "file://"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": ""},
    ],
)
def test_what_is_not_our_own_page_is_another(people: People, headers: dict[str, str]) -> None:
    form = {"csrf_token": _token(people.player), "theme": "dark"}
    assert people.player.client.post("/settings/theme", data=form, headers=headers).status_code == (
        400
    )


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        # What a proxy made of the host does not matter where the browser says it is the same site.
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://house.example"},
    ],
)
def test_forms_of_our_own_pages_are_taken(people: People, headers: dict[str, str]) -> None:
    token = {"csrf_token": _token(people.player)}
    form = token | {"theme": "dark"}
    assert people.player.client.post("/settings/theme", data=form, headers=headers).status_code == (
        302
    )


def test_another_site_may_link_to_us(people: People) -> None:
    cross = {"Sec-Fetch-Site": "cross-site", "Referer": f"{EVIL}/"}
    assert people.player.get("/lobby", headers=cross).status_code == 200


def test_no_visit_changes_anything(
    people: People, every: list[Address], written: list[str]
) -> None:
    """With all that a form would send in the address. What is noted of visits is named above."""
    for address in every:
        if "GET" in address.methods:
            for person in (people.guest, people.admin):
                person.client.get(address.path, query_string=FIELDS | {"csrf_token": "x"})
    assert changes(written) == []


# Session fixation


def test_signing_in_makes_a_session_that_nobody_knew_before(
    visitor: Callable[[], Visitor], account: Callable[[str], Visitor], house: House
) -> None:
    """Whatever cookie the browser had, its owner's or a planted one, is worthless afterwards."""
    account("ann")
    attacker, victim = account("eve"), visitor()
    planted = attacker.client.get_cookie("parlour")
    assert planted
    old = attacker.caller(house)
    for way in ("password", "register", "guest"):
        victim.client.set_cookie("parlour", planted.value)
        victim.post("/sign-out")
        attacker.client.set_cookie("parlour", planted.value)
        victim.client.set_cookie("parlour", planted.value)
        _come_in(victim, way)
        new = victim.caller(house)
        assert new.session_id != old.session_id
        assert attacker.get("/lobby").status_code == 302, way
        victim.post("/sign-out")


def test_a_guests_session_is_another_once_it_is_an_accounts(
    guest: Callable[[str], Visitor], visitor: Callable[[], Visitor], house: House
) -> None:
    passer, attacker = guest("passer-by"), visitor()
    _steal(passer, attacker)
    assert attacker.get("/lobby").status_code == 200
    before = passer.caller(house)
    assert passer.post("/settings/keep", name="pat", password=PASSWORD).status_code == 302
    assert passer.caller(house).session_id == before.session_id  # its connections go on
    assert passer.get("/lobby").status_code == 200
    assert attacker.get("/lobby").status_code == 302


def test_a_new_password_shuts_out_whoever_has_the_cookie(
    account: Callable[[str], Visitor], visitor: Callable[[], Visitor], house: House
) -> None:
    ann, thief, elsewhere = account("ann"), visitor(), visitor()
    elsewhere.sign_in("ann")
    _steal(ann, thief)
    new = {"old": PASSWORD, "new": "another one", "again": "another one"}
    answer = ann.post("/settings/password", look_at="/settings", **new)
    assert answer.status_code == 302
    assert ann.get("/lobby").status_code == 200
    assert thief.get("/lobby").status_code == 302
    assert elsewhere.get("/lobby").status_code == 302


def test_signing_out_ends_the_session_wherever_its_cookie_is(
    account: Callable[[str], Visitor], visitor: Callable[[], Visitor]
) -> None:
    ann, thief = account("ann"), visitor()
    _steal(ann, thief)
    ann.post("/sign-out")
    assert thief.get("/lobby").status_code == 302


def test_a_session_that_has_ended_gets_no_new_secret(house: House) -> None:
    done = accounts.guest(house, "passer-by", client=Client("192.0.2.1", "test"))
    sessions.sign_out(house, done.caller)
    assert sessions.renew(house, done.caller) is None


def test_a_stolen_database_holds_no_secret_of_a_session(
    account: Callable[[str], Visitor], config: Config
) -> None:
    secret = account("ann").token()
    assert secret
    assert len(secret) == 32
    files = [path for path in Path(config.INSTANCE_PATH).iterdir() if "sqlite3" in path.name]
    kept = b"".join(path.read_bytes() for path in files)
    assert b"ann" in kept
    assert secret.encode() not in kept


def test_the_cookie_holds_what_it_must_and_no_more(account: Callable[[str], Visitor]) -> None:
    ann = account("ann")
    cookie = ann.client.get_cookie("parlour")
    assert cookie
    # Signed, but not hidden: whoever has the cookie reads what is in it.
    raw = base64_decode(cookie.value.lstrip(".").partition(".")[0])
    held = msgspec.json.decode(zlib.decompress(raw) if cookie.value.startswith(".") else raw)
    own = {"_fresh", "_id", "_permanent", "_user_id", "csrf_token", "_flashes"}
    assert set(held) <= own, held


def _token(person: Visitor) -> str:
    person.get("/no-such-page")
    return person._token


def _steal(owner: Visitor, thief: Visitor) -> None:
    cookie = owner.client.get_cookie("parlour")
    assert cookie
    thief.client.set_cookie("parlour", cookie.value)


def _come_in(person: Visitor, way: str) -> None:
    ways = {
        "password": lambda: person.sign_in("ann"),
        "register": lambda: person.register("newcomer"),
        "guest": lambda: person.post("/guest", name="passer"),
    }
    person.get("/no-such-page")
    assert ways[way]().status_code == 302, way
