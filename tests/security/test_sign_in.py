"""Signing in takes the same work whoever is asked for: counted, not timed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from app.services import accounts, tokens
from app.services.errors import ServiceError
from app.services.house import House
from app.services.sessions import Client
from tests.web.conftest import Visitor

HERE = Client("192.0.2.1", "test")
STRENGTH = slice(1, 4)  # of an argon2 hash: kind, version, costs


class Work:
    """What a sign-in had done."""

    def __init__(self) -> None:
        self.hashes: list[str] = []
        self.statements: list[str] = []

    @property
    def done(self) -> tuple[int, list[str]]:
        return len(self.hashes), self.statements


@pytest.fixture
def count(house: House, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], Work]:
    """The work of a call that is refused: passwords verified, and statements executed."""
    verify = accounts._verify

    def run(call: Callable[[], Any]) -> Work:
        work = Work()

        def noting(password_hash: str, password: str) -> bool:
            work.hashes.append(password_hash)
            return verify(password_hash, password)

        def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
            work.statements.append(statement)

        monkeypatch.setattr(accounts, "_verify", noting)
        event.listen(house.store.engine, "before_cursor_execute", note)
        with pytest.raises(ServiceError) as refused:
            call()
        event.remove(house.store.engine, "before_cursor_execute", note)
        assert refused.value.code == "wrong_password"
        return work

    return run


def test_a_wrong_sign_in_is_the_same_work_whoever_is_asked_for(
    house: House, count: Callable[[Callable[[], Any]], Work]
) -> None:
    """For an account, for nobody, for a guest, and for an account without a password."""
    accounts.register(house, "ann", "a good secret", client=HERE)
    accounts.guest(house, "passer-by", client=HERE)
    tokens.register(house, "program", HERE)
    known, *others = (
        count(lambda n=name: accounts.sign_in(house, n, "wrong", client=HERE))
        for name in ("ann", "nobody", "passer-by", "program")
    )
    assert len(known.hashes) == 1
    for work in others:
        assert work.done == known.done


def test_what_nobodys_password_is_checked_against_costs_as_much(house: House) -> None:
    """At the strength of a server, which these tests' own hashes do not have."""
    nobodys = accounts._NOBODYS_HASH.split("$")
    assert nobodys[STRENGTH] == ["argon2id", "v=19", "m=19456,t=2,p=1"]


def test_the_page_says_the_same_of_all(visitor: Callable[[], Visitor]) -> None:
    person = visitor()
    person.register("ann")
    person.post("/sign-out")
    pages = set()
    for name in ("ann", "eve"):
        person.get("/no-such-page")
        text = person.sign_in(name, "wrong").text
        pages.add(text.replace(name, "who").replace(person._token, "token"))
    assert len({page.count("\n") for page in pages}) == 1
    assert all("do not go together" in page for page in pages)


def test_secrets_are_compared_in_constant_time_or_by_their_hash() -> None:
    """ADMIN_TOKEN by `hmac.compare_digest`; sessions and tokens are looked up by a hash."""
    from app.legacy.commands import table
    from app.services import sessions

    assert "compare_digest" in table._is_admin_token.__code__.co_names
    assert "token_hash" in sessions.resume.__code__.co_names
    assert "token_hash" in tokens.caller_of.__code__.co_names
