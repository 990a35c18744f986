"""The one game that a client of the command API is in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.services import joined, lobby, matches, tables
from app.services.access import Viewer
from app.services.errors import ServiceError
from app.services.house import House
from app.services.joined import Opened
from app.services.records import MatchRecord
from app.services.sessions import Caller
from tests.services.conftest import Account, Clock


def refused(code: str, call: Callable[[], object]) -> None:
    with pytest.raises(ServiceError) as error:
        call()
    assert error.value.code == code


def place(house: House, caller: Caller) -> joined.Place:
    found = joined.place_of(house, caller.user_id)
    assert found is not None
    return found


def test_a_table_then_its_match(house: House, account: Account) -> None:
    far, bob = account("far"), account("bob")
    assert joined.place_of(house, far.user_id) is None
    table = tables.open(house, far, variant="swap", code="a secret")
    joined.enter(house, far.user_id, table.id)
    here = place(house, far)
    assert isinstance(here.game, Opened)
    assert (here.id, here.owner, here.game.variant, here.game.code, here.spectating) == (
        table.id,
        "far",
        "swap",
        "a secret",
        False,
    )
    assert here.player_ids == (far.user_id,)
    refused("already_joined", lambda: joined.enter(house, far.user_id, "0" * 32))
    refused("already_joined", lambda: joined.check_free(house, far.user_id))
    tables.join_named(house, bob, "far", "a secret")
    here = place(house, far)
    assert isinstance(here.game, MatchRecord)
    assert (here.id, here.owner, here.player_ids) == (
        table.id,
        "far",
        (far.user_id, bob.user_id),
    )
    refused("already_joined", lambda: joined.check_free(house, far.user_id))


def test_a_table_that_is_closed_is_nowhere(house: House, account: Account) -> None:
    far = account("far")
    table = tables.open(house, far)
    joined.enter(house, far.user_id, table.id)
    tables.close(house, far)
    assert joined.place_of(house, far.user_id) is None
    joined.check_free(house, far.user_id)


def test_one_that_is_over_stays_to_be_looked_at(house: House, account: Account) -> None:
    far, bob = account("far"), account("bob")
    record = lobby.invite(house, far, "bob")
    joined.enter(house, far.user_id, record.id)
    matches.end(house, bob, record.id)
    assert place(house, far).id == record.id
    joined.check_free(house, far.user_id)  # but keeps nobody from the next
    joined.leave(house, far.user_id, record.id)
    assert joined.place_of(house, far.user_id) is None


def test_who_has_joined_nothing_is_where_they_play(
    house: House, account: Account, clock: Clock
) -> None:
    far, _, _ = account("far"), account("bob"), account("joe")
    old = lobby.invite(house, far, "bob")
    clock.turn(minutes=1)
    new = lobby.invite(house, far, "joe")
    assert place(house, far).id == new.id
    joined.check_free(house, far.user_id)
    joined.enter(house, far.user_id, old.id)
    assert place(house, far).id == old.id  # what was joined counts more
    matches.end(house, far, old.id)
    assert place(house, far).id == new.id


def test_ones_own_table_counts_too(house: House, account: Account) -> None:
    far = account("far")
    table = tables.open(house, far)
    assert place(house, far).id == table.id


def test_leaving_another_game_changes_nothing(house: House, account: Account) -> None:
    far = account("far")
    table = tables.open(house, far)
    joined.enter(house, far.user_id, table.id)
    joined.leave(house, far.user_id, "0" * 32)
    refused("already_joined", lambda: joined.check_free(house, far.user_id))


def test_what_there_is_to_watch(house: House, account: Account, clock: Clock) -> None:
    far, bob, joe = account("far"), account("bob"), account("joe")

    def found(code: str | None = None, name: str = "far") -> str:
        return joined.find_to_watch(house, Viewer(None, "192.0.2.1", code), name).id

    for name in ("far", "nobody", "a\0b"):
        refused("no_such_match", lambda name=name: found(name=name))  # type: ignore[misc]
        refused("wrong_code", lambda name=name: found("guess", name=name))  # type: ignore[misc]
    tables.open(house, far, code="a secret")
    secret = tables.join_named(house, bob, "far", "a secret")
    refused("no_such_match", found)
    refused("wrong_code", lambda: found("guess"))
    assert found("a secret") == found("a secret", name="BOB") == secret.id
    clock.turn(minutes=1)
    public = lobby.invite(house, far, joe.name)
    assert found() == found("whatever") == public.id
    matches.end(house, far, public.id)
    refused("no_such_match", found)
    table = tables.open(house, far)
    assert found() == table.id


def test_the_game_that_is_not_there(house: House) -> None:
    with house.store.read() as unit:
        for game_id in ("", "0" * 32, "nothing"):
            assert joined.game_of(unit, game_id) is None
