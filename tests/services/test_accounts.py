"""Accounts, guests and sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql

from app.services import accounts, guests, lobby, matches, ratings, saving, sessions
from app.services.errors import ServiceError
from app.services.house import House
from app.services.limits import Limits
from app.services.records import EndedBy
from app.services.sessions import Caller, Client
from app.store import Match, Session, User
from config import Config
from tests.services.conftest import CLIENT, Clock, Heard, move

Account = Callable[[str], Caller]


OTHER = Client("192.0.2.2", "test")
RATES = {
    "sign_in": "3 per minute",
    "sign_in_name": "5 per hour",
    "sign_in_address": "100 per minute",
    "password": "2 per minute",
    "upgrade": "2 per hour",
    "register": "100 per hour",
    "guest": "100 per hour",
}


def limited(house: House) -> House:
    rates = {name: parse(rate) for name, rate in RATES.items()}
    return replace(house, limits=Limits(FixedWindowRateLimiter(MemoryStorage()), rates))


def meanwhile(house: House, act: Callable[[], object], during: str = "_verify") -> House:
    """A house in which `act` happens just after a password was verified (or hashed)."""

    def offload(function: Callable[..., Any], *args: Any) -> Any:
        done = function(*args)
        if function.__name__ == during:
            act()
        return done

    return replace(house, offload=offload)


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


def test_a_made_up_name_is_found_even_when_all_are_lent(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for words in ("_ADJECTIVES", "_ANIMALS"):
        monkeypatch.setattr(accounts, words, ("same",))
    monkeypatch.setattr(accounts.secrets, "randbelow", lambda _: 0)
    names = [accounts.guest(house, client=CLIENT).caller.name for _ in range(3)]
    assert names[0] == "same-same-10"
    assert len(set(names)) == 3
    for name in names:
        assert accounts.clean_name(name) == name


def test_a_made_up_name_that_somebody_takes_first_is_made_up_anew(
    house: House, guest: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest("taken")
    made_up = iter(["taken", "taken", "free"])
    monkeypatch.setattr(accounts, "suggest_name", lambda house: next(made_up))
    assert accounts.guest(house, client=CLIENT).caller.name == "free"
    monkeypatch.setattr(accounts, "suggest_name", lambda house: "taken")
    assert refusal(lambda: accounts.guest(house, client=CLIENT)) == "name_taken"


def test_a_lapsed_guests_name_is_anybodys(house: House, guest: Account, clock: Clock) -> None:
    for name in ("one", "two", "three"):
        guest(name)
    assert refusal(lambda: accounts.register(house, "one", "pw", client=CLIENT)) == "name_taken"
    clock.turn(minutes=61)
    assert accounts.register(house, "one", "pw", client=CLIENT).caller.registered
    assert accounts.sign_in(house, "two", "pw", client=CLIENT, create=True).created
    assert accounts.upgrade(house, guest("gast"), "three", "pw").name == "three"


def test_a_lapsed_guest_is_not_made_an_account(house: House, guest: Account, clock: Clock) -> None:
    gast = guest("gast")
    clock.turn(minutes=61)
    assert refusal(lambda: accounts.upgrade(house, gast, "gast", "pw")) == "session_ended"
    assert refusal(lambda: accounts.upgrade(house, gast, "gast", "pw")) == "session_ended"


def test_a_password_changed_while_the_old_one_is_verified_keeps_everybody_out(
    house: House,
) -> None:
    anna = accounts.register(house, "anna", "old", client=CLIENT).caller
    racing = meanwhile(house, lambda: accounts.change_password(house, anna, "old", "new"))
    assert refusal(lambda: accounts.sign_in(racing, "anna", "old", client=CLIENT)) == (
        "wrong_password"
    )
    assert [row.id for row in sessions.rows(house, anna)] == [anna.session_id]
    assert not accounts.sign_in(house, "anna", "new", client=CLIENT).created


@pytest.mark.parametrize("during", ["_verify", "hash"])
def test_of_two_new_passwords_the_first_counts(house: House, during: str) -> None:
    anna = accounts.register(house, "anna", "old", client=CLIENT).caller
    other = accounts.sign_in(house, "anna", "old", client=CLIENT).caller
    racing = meanwhile(house, lambda: accounts.change_password(house, anna, "old", "new"), during)
    assert refusal(lambda: accounts.change_password(racing, other, "old", "mine")) == (
        "wrong_password"
    )
    accounts.sign_in(house, "anna", "new", client=CLIENT)


def test_an_account_removed_while_its_password_is_verified_stays_removed(house: House) -> None:
    anna = accounts.register(house, "anna", "pw", client=CLIENT).caller

    def remove() -> None:
        with house.store.write() as unit:
            unit.execute(update(User).where(User.id == anna.user_id).values(active=False))

    racing = meanwhile(house, remove)
    assert refusal(lambda: accounts.sign_in(racing, "anna", "pw", client=CLIENT)) == (
        "wrong_password"
    )


def test_other_sessions_are_told_after_the_new_password_is_kept(house: House, heard: Heard) -> None:
    old = accounts.register(house, "anna", "pw", client=CLIENT).caller
    new = accounts.sign_in(house, "anna", "pw", client=CLIENT).caller
    accounts.change_password(house, new, "pw", "better")
    assert heard.ended == [old.session_id]


def test_sign_in_is_limited_by_name_and_address(house: House) -> None:
    accounts.register(house, "anna", "pw", client=CLIENT)
    house = limited(house)
    for _ in range(2):
        for _ in range(2):
            assert refusal(lambda: accounts.sign_in(house, "anna", "x", client=CLIENT)) == (
                "wrong_password"
            )
        accounts.sign_in(house, "anna", "pw", client=CLIENT)  # clears the counts
    for _ in range(3):
        refusal(lambda: accounts.sign_in(house, "anna", "x", client=CLIENT))
    for _ in range(9):
        assert refusal(lambda: accounts.sign_in(house, "anna", "pw", client=CLIENT)) == "too_many"
    accounts.sign_in(house, "anna", "pw", client=OTHER)  # the owner, elsewhere


def test_sign_in_is_limited_by_name_from_everywhere(house: House) -> None:
    accounts.register(house, "anna", "pw", client=CLIENT)
    house = limited(house)
    codes = [
        refusal(
            lambda n=n: accounts.sign_in(house, "anna", "x", client=Client(f"192.0.2.{n}", "test"))
        )
        for n in range(6)
    ]
    assert codes == ["wrong_password"] * 5 + ["too_many"]


def test_one_address_cannot_use_up_the_limit_of_a_name(config: Config) -> None:
    def an_hour(rate: str) -> float:
        return parse(rate).amount * 3600 / parse(rate).get_expiry()

    assert an_hour(config.SIGN_IN_LIMIT) < an_hour(config.SIGN_IN_NAME_LIMIT)


def test_a_new_password_has_a_limit_of_its_own(house: House, account: Account) -> None:
    anna, ben = account("anna"), account("ben")
    house = limited(house)
    for _ in range(4):  # guesses by somebody else
        refusal(lambda: accounts.sign_in(house, "anna", "x", client=CLIENT))
    accounts.change_password(house, anna, "pw", "new")
    assert refusal(lambda: accounts.change_password(house, anna, "x", "y")) == "wrong_password"
    assert refusal(lambda: accounts.change_password(house, anna, "new", "y")) == "too_many"
    accounts.change_password(house, ben, "pw", "new")


def test_becoming_an_account_is_limited_and_hashes_for_guests_alone(
    house: House, account: Account, guest: Account
) -> None:
    anna, gast = account("anna"), guest("gast")
    hashed: list[str] = []
    house = meanwhile(limited(house), lambda: hashed.append("one"), during="hash")
    assert refusal(lambda: accounts.upgrade(house, anna, "other", "pw")) == "not_a_guest"
    assert not hashed
    for _ in range(2):
        assert refusal(lambda: accounts.upgrade(house, gast, "anna", "pw")) == "name_taken"
    assert refusal(lambda: accounts.upgrade(house, gast, "gustav", "pw")) == "too_many"
    assert len(hashed) == 2


def test_a_new_name_locks_matches_in_the_order_of_group_commits() -> None:
    lock = str(accounts._hold_open_matches(1).compile(dialect=postgresql.dialect()))
    assert lock.endswith("ORDER BY match.id FOR UPDATE")


def test_a_log_written_by_other_rules_is_refused(house: House, account: Account) -> None:
    anna = account("anna")
    account("ben")
    record = lobby.invite(house, anna, "ben")
    assert len(saving.steps(house, record.id, [])) == 1
    with house.store.write() as unit:
        unit.execute(update(Match).where(Match.id == record.id).values(rules_version=99))
    with pytest.raises(ServiceError, match="version 99") as caught:
        saving.steps(house, record.id, [])
    assert caught.value.code == "other_rules"
