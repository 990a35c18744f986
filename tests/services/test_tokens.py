"""Tokens: made, looked up, kept so that a stolen database gives nobody away."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.services import accounts, bans, matches, ratings, tokens
from app.services.audit import Admin
from app.services.errors import ServiceError
from app.services.house import House
from app.services.sessions import Caller
from app.store import ApiToken, Session, User
from tests.services.conftest import CLIENT, Clock


def refused(code: str, call: Callable[[], object]) -> ServiceError:
    with pytest.raises(ServiceError) as error:
        call()
    assert error.value.code == code
    return error.value


def caller_of(house: House, token: str) -> Caller:
    caller = tokens.caller_of(house, token)
    assert caller is not None
    return caller


def test_a_nick_is_an_account_without_a_password(house: House) -> None:
    token = tokens.register(house, " Far ", CLIENT)
    assert re.fullmatch(r"[A-Za-z0-9]{12}", token)
    caller = caller_of(house, token)
    assert (caller.name, caller.registered, caller.session_id, caller.admin) == (
        "far",
        True,
        0,
        False,
    )
    assert ratings.snapshot(house, caller.user_id)["elo"] == house.config.RATING_START
    with house.store.read() as unit:
        assert unit.scalar(select(Session.id)) is None
    refused("wrong_password", lambda: accounts.sign_in(house, "far", "x", client=CLIENT))
    refused(
        "wrong_password", lambda: accounts.sign_in(house, "far", "x", client=CLIENT, create=True)
    )
    refused("wrong_password", lambda: accounts.change_password(house, caller, "x", "y"))


@pytest.mark.parametrize("nick", ["far", "FAR", " far ", "guest-1", "admin", "Admin", "cpu3"])
def test_a_name_that_is_taken_is_said_as_it_came(
    house: House, account: Callable[[str], Caller], guest: Callable[[str], Caller], nick: str
) -> None:
    account("far")
    guest("guest-1")
    error = refused("name_taken", lambda: tokens.register(house, nick, CLIENT))
    assert error.msg == f"The nick {nick} is already registered"


@pytest.mark.parametrize("nick", ["", "ab", "x" * 17, "far away", "größe", "a\0b"])
def test_a_nick_follows_the_name_rule(house: House, nick: str) -> None:
    refused("bad_name", lambda: tokens.register(house, nick, CLIENT))


def test_a_guests_name_is_free_once_they_are_gone(
    house: House, guest: Callable[[str], Caller], clock: Clock
) -> None:
    guest("passer-by")
    clock.turn(hours=2)
    assert caller_of(house, tokens.register(house, "passer-by", CLIENT)).registered


@pytest.mark.parametrize("token", ["", "x", "nobodys12345", "a\0b", "ünbekannt", "x" * 10_000])
def test_nobodys_token(house: House, token: str) -> None:
    assert tokens.caller_of(house, token) is None


def test_the_database_does_not_hold_it(house: House) -> None:
    token = tokens.register(house, "far", CLIENT)
    with house.store.read() as unit:
        kept = unit.scalars(select(ApiToken)).one()
    assert token not in kept.token_hash + kept.cipher
    assert tokens.show(house, kept.user_id) == token
    stolen = replace(house, config=replace(house.config, SECRET_KEY="another key than it was"))
    refused("unreadable_token", lambda: tokens.show(stolen, kept.user_id))
    # It is good all the same.
    assert tokens.caller_of(stolen, token) is not None


def test_a_new_one_takes_the_place_of_the_old(
    house: House, account: Callable[[str], Caller]
) -> None:
    caller = account("far")
    assert not tokens.has_token(house, caller.user_id)
    assert tokens.show(house, caller.user_id) is None
    old = tokens.renew(house, caller.user_id)
    assert tokens.has_token(house, caller.user_id)
    new = tokens.renew(house, caller.user_id)
    assert new != old
    assert tokens.caller_of(house, old) is None
    assert caller_of(house, new).user_id == caller.user_id
    assert tokens.show(house, caller.user_id) == new


def test_its_use_is_noted(house: House, clock: Clock) -> None:
    token = tokens.register(house, "far", CLIENT)

    def seen_at() -> object:
        with house.store.read() as unit:
            return unit.scalars(select(User.seen_at)).one()

    born = clock.now
    clock.turn(seconds=30)
    tokens.caller_of(house, token)
    assert seen_at() == born  # not every time
    clock.turn(seconds=40)
    tokens.caller_of(house, token)
    assert seen_at() == clock.now


def test_the_banned_have_none(house: House, clock: Clock) -> None:
    token = tokens.register(house, "far", CLIENT)
    bans.ban_user(house, Admin("admin", ""), "far", "rude", until=None)
    error = refused("banned", lambda: tokens.caller_of(house, token))
    assert error.msg == "You are banned for good: rude"
    refused("banned", lambda: tokens.sign_in(house, token, client=CLIENT))
    bans.unban_user(house, Admin("admin", ""), "far")
    assert tokens.caller_of(house, token) is not None


def test_signing_in_with_it(house: House) -> None:
    token = tokens.register(house, "far", CLIENT)
    signed_in = tokens.sign_in(house, f" {token} ", client=CLIENT)
    assert signed_in.caller.name == "far"
    assert signed_in.caller.session_id
    assert matches.open_of(house, signed_in.caller.user_id) == []
    refused("wrong_token", lambda: tokens.sign_in(house, "nobodys12345", client=CLIENT))


def test_a_first_password(house: House) -> None:
    caller = caller_of(house, tokens.register(house, "far", CLIENT))
    assert not accounts.has_password(house, caller.user_id)
    refused("bad_password", lambda: accounts.set_first_password(house, caller, ""))
    accounts.set_first_password(house, caller, "a good secret")
    assert accounts.has_password(house, caller.user_id)
    assert accounts.sign_in(house, "far", "a good secret", client=CLIENT).caller.name == "far"
    refused("has_password", lambda: accounts.set_first_password(house, caller, "another"))
