"""Accounts, guests and sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import select

from app.services import accounts, guests, lobby, matches, ratings, sessions
from app.services.errors import ServiceError
from app.services.house import House
from app.services.limits import Limits
from app.services.records import EndedBy
from app.services.sessions import Caller
from app.store import Session, User
from tests.services.conftest import CLIENT, Clock, Heard, move

Account = Callable[[str], Caller]


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(ServiceError) as caught:
        call()
    return caught.value.code


@pytest.mark.parametrize(
    "name", ["ab", "a" * 17, "has space", "<b>", "üml", "a.b", "", "admin", "cpu", "cpu7", "a\nb"]
)
def test_names_that_nobody_may_have(house: House, name: str) -> None:
    assert refusal(lambda: accounts.register(house, name, "pw", client=CLIENT)) == "bad_name"
    if name:
        assert refusal(lambda: accounts.guest(house, name, client=CLIENT)) == "bad_name"


@pytest.mark.parametrize("password", ["", "x" * 129])
def test_passwords_that_nobody_may_have(house: House, password: str) -> None:
    assert refusal(lambda: accounts.register(house, "anna", password, client=CLIENT)) == (
        "bad_password"
    )


def test_names_are_lower_cased_and_one_persons(house: House) -> None:
    signed_in = accounts.register(house, " Anna ", "pw", client=CLIENT)
    assert signed_in.caller.name == "anna"
    assert refusal(lambda: accounts.register(house, "ANNA", "x", client=CLIENT)) == "name_taken"
    assert refusal(lambda: accounts.guest(house, "anna", client=CLIENT)) == "name_taken"


def test_passwords_are_kept_as_argon2id(house: House) -> None:
    accounts.register(house, "anna", "secret", client=CLIENT)
    with house.store.read() as unit:
        kept = unit.scalar(select(User.password_hash))
    assert kept is not None
    assert kept.startswith("$argon2id$")
    assert "secret" not in kept


def test_signing_in(house: House) -> None:
    accounts.register(house, "anna", "pw", client=CLIENT)
    signed_in = accounts.sign_in(house, "Anna", "pw", client=CLIENT)
    assert not signed_in.created
    assert sessions.resume(house, signed_in.token) == signed_in.caller
    for name, password in (("anna", "no"), ("nobody", "pw")):
        assert refusal(lambda n=name, p=password: accounts.sign_in(house, n, p, client=CLIENT)) == (
            "wrong_password"
        )


def test_login_or_register(house: House) -> None:
    made = accounts.sign_in(house, "anna", "pw", client=CLIENT, create=True)
    assert made.created
    again = accounts.sign_in(house, "anna", "pw", client=CLIENT, create=True)
    assert not again.created
    assert again.caller.user_id == made.caller.user_id
    accounts.guest(house, "gast", client=CLIENT)
    assert refusal(lambda: accounts.sign_in(house, "gast", "pw", client=CLIENT, create=True)) == (
        "name_taken"
    )


def test_a_token_is_kept_as_a_hash_only(house: House) -> None:
    token = accounts.register(house, "anna", "pw", client=CLIENT).token
    assert len(token) == 32
    assert int(token, 16) >= 0
    with house.store.read() as unit:
        session = unit.scalars(select(Session)).one()
    assert token not in {session.token_hash, session.label, session.address}
    assert sessions.resume(house, token[:-1] + "g") is None


def test_sessions_last_twenty_days_without_use(house: House, clock: Clock) -> None:
    token = accounts.register(house, "anna", "pw", client=CLIENT).token
    for _ in range(3):
        clock.turn(days=19)
        assert sessions.resume(house, token) is not None
    clock.turn(days=20, seconds=1)
    assert sessions.resume(house, token) is None


def test_a_guests_session_lasts_an_hour_without_use(house: House, clock: Clock) -> None:
    token = accounts.guest(house, "gast", client=CLIENT).token
    for _ in range(3):
        clock.turn(minutes=59)
        assert sessions.resume(house, token) is not None
    clock.turn(minutes=61)
    assert sessions.resume(house, token) is None


def test_a_gone_guests_name_is_free_and_their_matches_end(
    house: House, account: Account, guest: Account, clock: Clock
) -> None:
    anna = account("anna")
    gast = guest("gast")
    match_id = lobby.invite(house, gast, "anna").id
    clock.turn(minutes=30)
    assert refusal(lambda: accounts.guest(house, "gast", client=CLIENT)) == "name_taken"
    clock.turn(minutes=31)
    new = accounts.guest(house, "gast", client=CLIENT)
    assert new.caller.user_id != gast.user_id
    record = matches.get(house, match_id)
    assert record.ended_by == EndedBy("abort", "gast")
    assert record.seats[0].name == "gast"
    assert matches.open_of(house, anna.user_id) == []
    assert guests.release(house) == 0


def test_several_sessions_live_side_by_side(house: House, heard: Heard) -> None:
    first = accounts.register(house, "anna", "pw", client=CLIENT)
    second = accounts.sign_in(house, "anna", "pw", client=CLIENT)
    assert {row.current for row in sessions.rows(house, first.caller)} == {True, False}
    assert sessions.resume(house, first.token) is not None
    sessions.sign_out(house, second.caller)
    assert sessions.resume(house, second.token) is None
    assert sessions.resume(house, first.token) is not None
    assert heard.ended == [second.caller.session_id]


def test_nobody_ends_anothers_session(house: House, account: Account) -> None:
    anna, eve = account("anna"), account("eve")
    assert refusal(lambda: sessions.revoke(house, eve, anna.session_id)) == "no_such_session"
    assert len(sessions.rows(house, anna)) == 1
    sessions.revoke(house, anna, anna.session_id)
    assert sessions.rows(house, anna) == []


def test_a_new_password_ends_the_other_sessions(house: House) -> None:
    old = accounts.register(house, "anna", "pw", client=CLIENT)
    new = accounts.sign_in(house, "anna", "pw", client=CLIENT)
    assert refusal(lambda: accounts.change_password(house, new.caller, "no", "x")) == (
        "wrong_password"
    )
    accounts.change_password(house, new.caller, "pw", "better")
    assert sessions.resume(house, old.token) is None
    assert sessions.resume(house, new.token) is not None
    accounts.sign_in(house, "anna", "better", client=CLIENT)


def test_a_guest_becomes_an_account_in_mid_match(
    house: House, account: Account, guest: Account, heard: Heard
) -> None:
    anna, gast = account("anna"), guest("gast")
    match_id = lobby.invite(house, gast, "anna").id
    matches.submit(house, gast, match_id, move(4, 4))
    matches.submit(house, anna, match_id, move(4, 0))
    heard.matches.clear()
    caller = accounts.upgrade(house, gast, "gustav", "pw")
    assert [record.seats[0].name for record in heard.matches] == ["gustav"]
    assert (caller.user_id, caller.registered) == (gast.user_id, True)
    record = matches.submit(house, caller, match_id, move(0, 4))
    assert [info.name for info in record.seats] == ["gustav", "anna"]
    assert not record.rated
    assert ratings.place(house, "uttt", gast.user_id) == (1, 1000)
    accounts.sign_in(house, "gustav", "pw", client=CLIENT)
    assert refusal(lambda: accounts.upgrade(house, caller, "other", "pw")) == "not_a_guest"


def test_a_guest_cannot_take_a_name_that_is_taken(
    house: House, account: Account, guest: Account
) -> None:
    account("anna")
    gast = guest("gast")
    assert refusal(lambda: accounts.upgrade(house, gast, "anna", "pw")) == "name_taken"
    assert accounts.upgrade(house, gast, "gast", "pw").name == "gast"


def test_a_made_up_name_is_a_good_one(house: House) -> None:
    for _ in range(20):
        name = accounts.suggest_name(house)
        assert accounts.clean_name(name) == name


def test_sign_in_is_limited_by_name(house: House) -> None:
    accounts.register(house, "anna", "pw", client=CLIENT)
    counter = FixedWindowRateLimiter(MemoryStorage())
    rates = {"sign_in": "3 per minute", "sign_in_address": "100 per minute"}
    house = replace(house, limits=Limits(counter, rates))
    for _ in range(2):
        for _ in range(2):
            assert refusal(lambda: accounts.sign_in(house, "anna", "x", client=CLIENT)) == (
                "wrong_password"
            )
        accounts.sign_in(house, "anna", "pw", client=CLIENT)  # clears the count
    for _ in range(3):
        refusal(lambda: accounts.sign_in(house, "anna", "x", client=CLIENT))
    assert refusal(lambda: accounts.sign_in(house, "anna", "pw", client=CLIENT)) == "too_many"
