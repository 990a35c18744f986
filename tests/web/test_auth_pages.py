"""Coming in and going out: accounts, guests, and what may go wrong at the door."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from app import create_app
from app.services import matches, sessions
from app.services.house import House
from app.services.records import MatchRecord
from app.web.forms import own_path
from config import Config
from tests.web.conftest import PASSWORD, Visitor

Make = Callable[[str], Visitor]
Play = Callable[..., MatchRecord]


def test_the_front_door_offers_three_ways_in(visitor: Callable[[], Visitor]) -> None:
    page = visitor().text("/")
    assert "Play as a guest" in page
    assert "/sign-in" in page
    assert "/register" in page
    assert 'class="board' in page  # a sample while nobody plays


def test_the_front_door_shows_a_match_being_played(
    visitor: Callable[[], Visitor], account: Make, play: Play
) -> None:
    match = play(account("ann"), account("ben"), plies=5)
    page = visitor().text("/")
    assert f'data-watch="{match.id}"' in page
    assert f"/match/{match.id}" in page
    assert "ann" in page
    assert "ben" in page


def test_whoever_is_signed_in_goes_straight_to_the_lobby(account: Make) -> None:
    response = account("ann").get("/")
    assert (response.status_code, response.location) == (302, "/lobby")


def test_registering_signs_in(visitor: Callable[[], Visitor], house: House) -> None:
    ann = visitor()
    response = ann.register("Ann")
    assert (response.status_code, response.location) == (302, "/lobby")
    assert ann.caller(house).name == "ann"
    assert ann.caller(house).registered


@pytest.mark.parametrize(
    ("name", "password", "complaint"),
    [
        ("", PASSWORD, "Choose a name."),
        ("ab", PASSWORD, "A name has 3 to 16 letters"),
        ("a" * 17, PASSWORD, "A name has 3 to 16 letters"),
        ("<b>x</b>", PASSWORD, "A name has 3 to 16 letters"),
        ("ann\n", "", "Choose a password."),
        ("admin", PASSWORD, "kept for the house"),
        ("taken", PASSWORD, "That name is taken"),
        ("anna", "", "Choose a password."),
        ("anna", "x" * 129, "at most 128"),
    ],
)
def test_a_refused_registration_says_why_beside_the_field(
    visitor: Callable[[], Visitor], account: Make, name: str, password: str, complaint: str
) -> None:
    account("taken")
    person = visitor()
    response = person.post("/register", name=name, password=password)
    assert response.status_code == 422
    assert complaint in response.text
    wrong = re.search(
        r'<input aria-describedby="[^"]+" aria-invalid="true"[^>]* autofocus', response.text
    )
    assert wrong
    assert 'value="only a test"' not in response.text
    assert person.token() is None


def test_signing_in_and_out(visitor: Callable[[], Visitor], account: Make, house: House) -> None:
    account("ann")
    person = visitor()
    response = person.sign_in("ANN ")
    assert (response.status_code, response.location) == (302, "/lobby")
    token = person.token()
    assert token
    assert person.post("/sign-out").location == "/"
    assert person.token() is None
    assert sessions.resume(house, token) is None


@pytest.mark.parametrize("name", ["ann", "nobody", "x", "<i>"])
def test_a_wrong_sign_in_tells_nothing_about_names(
    visitor: Callable[[], Visitor], account: Make, name: str
) -> None:
    account("ann")
    response = visitor().sign_in(name, "wrong")
    assert response.status_code == 422
    assert "That name and password do not go together." in response.text


def test_a_new_sign_in_carries_nothing_over(visitor: Callable[[], Visitor], account: Make) -> None:
    """A cookie planted before signing in is worthless after it."""
    account("ann")
    person = visitor()
    person.get("/sign-in")
    with person.client.session_transaction() as cookie:
        cookie["planted"] = True
        before = cookie["csrf_token"]
    person.sign_in("ann")
    with person.client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.get("csrf_token") != before
        assert cookie.permanent


def test_a_guest_takes_the_offered_name_or_their_own(
    visitor: Callable[[], Visitor], house: House
) -> None:
    own, offered = visitor(), visitor()
    assert own.post("/guest", name="Passer-By").location == "/lobby"
    assert own.caller(house).name == "passer-by"
    assert not own.caller(house).registered
    assert offered.post("/guest", name="").location == "/lobby"
    assert offered.caller(house).name


@pytest.mark.parametrize(
    ("name", "complaint"),
    [("no", "A name has 3"), ("admin", "kept for the house"), ("ann", "That name is taken")],
)
def test_a_guest_with_a_bad_name_stays_at_the_door(
    visitor: Callable[[], Visitor], account: Make, name: str, complaint: str
) -> None:
    account("ann")
    response = visitor().post("/guest", name=name)
    assert response.status_code == 422
    assert complaint in response.text
    assert "Play as a guest" in response.text


def test_a_guest_becomes_an_account_and_keeps_the_match(
    account: Make, guest: Make, play: Play, house: House
) -> None:
    passer, ann = guest("passer-by"), account("ann")
    match = play(passer, ann, plies=3)
    assert passer.get("/register").location == "/settings#keep"
    assert "Keep this name" in passer.text("/settings")
    taken = passer.post("/settings/keep", name="ann", password=PASSWORD)
    assert (taken.status_code, "That name is taken" in taken.text) == (422, True)
    assert passer.post("/settings/keep", name="pat", password=PASSWORD).status_code == 302
    caller = passer.caller(house)
    assert (caller.name, caller.registered) == ("pat", True)
    assert matches.get(house, match.id).seat_of(caller.user_id) == 0
    assert passer.post("/settings/keep", name="pat", password=PASSWORD).status_code == 422


def test_a_guest_who_signs_in_leaves_the_guest_behind(
    account: Make, guest: Make, house: House
) -> None:
    account("ann")
    passer = guest("passer-by")
    token = passer.token()
    assert "passer-by" in passer.text("/sign-in")
    passer.sign_in("ann")
    assert passer.caller(house).name == "ann"
    assert token
    assert sessions.resume(house, token) is None


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "",
    ],
)
def test_nobody_is_sent_to_another_site(
    visitor: Callable[[], Visitor], account: Make, target: str
) -> None:
    assert own_path(target) is None
    account("ann")
    assert visitor().sign_in("ann", next=target).location == "/lobby"
    assert visitor().post("/guest", next=target).location == "/lobby"
    assert visitor().post("/settings/theme", theme="dark", next=target).location == "/"


def test_one_comes_back_to_the_page_one_wanted(
    visitor: Callable[[], Visitor], account: Make
) -> None:
    account("ann")
    person = visitor()
    away = person.get("/friends?name=ben")
    assert away.status_code == 302
    assert "next=/friends?name%3Dben" in away.location
    page = person.get(away.location)
    assert 'value="/friends?name=ben"' in page.text
    assert person.sign_in("ann", next="/friends?name=ben").location == "/friends?name=ben"


def test_too_many_tries_are_refused(config: Config) -> None:
    limited = replace(config, RATELIMIT_ENABLED=True, SIGN_IN_LIMIT="2 per minute")
    app: Flask = create_app(limited)
    person = Visitor(app.test_client())
    answers = [person.sign_in("nobody", "wrong").status_code for _ in range(3)]
    assert answers == [422, 422, 429]
    assert "Too many tries" in person.sign_in("nobody", "wrong").text


def test_the_cookie_is_closed_to_scripts_and_other_sites(app: Flask) -> None:
    plain = app.test_client().get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in plain
    assert "SameSite=Lax" in plain
    assert "Secure" not in plain
    safe = app.test_client().get("/sign-in", base_url="https://localhost").headers["Set-Cookie"]
    assert "Secure" in safe
