"""Tokens on the website: signing in with one, seeing it, a first password."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from app.services import tokens
from app.services.house import House
from app.services.sessions import Client
from tests.web.conftest import PASSWORD, Visitor

SHOWN = re.compile(r'id="shown-token">([A-Za-z0-9]{12})<')
CLIENT = Client("192.0.2.1", "test")


@pytest.fixture
def far(house: House, visitor: Callable[[], Visitor]) -> tuple[Visitor, str]:
    """Somebody whom a program has registered, signed in with their token."""
    token = tokens.register(house, "far", CLIENT)
    person = visitor()
    answer = person.post("/sign-in/token", look_at="/sign-in/token", token=token)
    assert (answer.status_code, answer.location) == (302, "/lobby")
    return person, token


def test_signing_in_with_a_token(
    far: tuple[Visitor, str], house: House, visitor: Callable[[], Visitor]
) -> None:
    assert far[0].caller(house).name == "far"
    assert far[0].get("/sign-in/token").status_code == 302
    stranger = visitor()
    assert "/sign-in/token" in stranger.text("/sign-in")
    wrong = stranger.post("/sign-in/token", look_at="/sign-in/token", token="nobodys12345")
    assert wrong.status_code == 422
    assert "That is nobody&#39;s token." in wrong.text
    empty = stranger.post("/sign-in/token", look_at="/sign-in/token", token="")
    assert empty.status_code == 422
    assert stranger.token() is None


def test_it_leads_back_to_the_page_one_wanted(house: House, visitor: Callable[[], Visitor]) -> None:
    token = tokens.register(house, "far", CLIENT)
    answer = visitor().post(
        "/sign-in/token", look_at="/sign-in/token", token=token, next="/friends"
    )
    assert answer.location == "/friends"


def test_a_token_is_shown_when_asked_for(far: tuple[Visitor, str], house: House) -> None:
    person, token = far
    assert token not in person.text("/settings")
    shown = person.post("/settings/token/show", look_at="/settings")
    assert SHOWN.search(shown.text)[1] == token  # type: ignore[index]
    assert shown.headers["Cache-Control"] == "no-store"
    renewed = person.post("/settings/token", look_at="/settings")
    new = SHOWN.search(renewed.text)[1]  # type: ignore[index]
    assert new != token
    assert tokens.caller_of(house, token) is None
    assert tokens.caller_of(house, new) is not None


def test_an_account_may_make_one(account: Callable[[str], Visitor], house: House) -> None:
    person = account("ann")
    assert "Make a token" in person.text("/settings")
    made = person.post("/settings/token", look_at="/settings")
    caller = tokens.caller_of(house, SHOWN.search(made.text)[1])  # type: ignore[index]
    assert caller is not None
    assert caller.name == "ann"


def test_guests_and_strangers_have_none(
    guest: Callable[[str], Visitor], visitor: Callable[[], Visitor]
) -> None:
    person = guest("passer-by")
    assert "/settings/token" not in person.text("/settings")
    assert person.post("/settings/token").status_code == 403
    assert person.post("/settings/password/first", new="x", again="x").status_code == 403
    for path in ("/settings/token", "/settings/token/show", "/settings/password/first"):
        assert visitor().post(path).status_code == 302  # to the sign-in page


def test_a_first_password(far: tuple[Visitor, str], visitor: Callable[[], Visitor]) -> None:
    person, _ = far
    page = person.text("/settings")
    assert "Set the password" in page
    assert "Old password" not in page
    differ = person.post("/settings/password/first", look_at="/settings", new="a", again="b")
    assert differ.status_code == 422
    assert "The two passwords differ." in differ.text
    done = person.post(
        "/settings/password/first", look_at="/settings", new=PASSWORD, again=PASSWORD
    )
    assert done.status_code == 302
    assert "Old password" in person.text("/settings")
    assert visitor().sign_in("far").status_code == 302
    again = person.post("/settings/password/first", look_at="/settings", new="x", again="x")
    assert again.status_code == 422
