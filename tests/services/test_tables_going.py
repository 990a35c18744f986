"""Open tables: how they go away, and what comes after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event

from app.services import (
    guests,
    housekeeping,
    lobby,
    matches,
    offers,
    presence,
    removal,
    table_news,
    tables,
    watching,
)
from app.services.access import Viewer
from app.services.house import House
from app.services.sessions import Caller
from app.services.time_control import TimeControl
from app.store import Joined, OpenTable, Session, User
from tests.services.conftest import Clock, Heard, play_out
from tests.services.hall import (
    HERE,
    NOWHERE,
    at_once,
    lobby_heard,
    open_table,
    refusal,
    turn,
    user_heard,
)

Account = Callable[[str], Caller]
BLITZ = TimeControl(None, 180, 2)
CODE = "plum-7"


@pytest.fixture
def anna(account: Account) -> Caller:
    return account("anna")


@pytest.fixture
def bert(account: Account) -> Caller:
    return account("bert")


@pytest.fixture
def carl(account: Account) -> Caller:
    return account("carl")


def listed(house: House, viewer: Caller | None = None) -> list[str]:
    return [row.owner for row in tables.listed(house, viewer and viewer.user_id)]


def test_closing(house: House, anna: Caller, bert: Caller, heard: Heard) -> None:
    assert refusal(lambda: tables.close(house, anna)) == "no_such_table"
    row = open_table(house, anna)
    assert refusal(lambda: tables.close(house, bert, row.id)) == "no_such_table"
    assert refusal(lambda: tables.close(house, anna, NOWHERE)) == "no_such_table"
    tables.close(house, anna, row.id)
    assert lobby_heard(heard, "table_gone") == [("table_gone", {"id": row.id})]
    assert refusal(lambda: tables.join(house, bert, row.id)) == "no_such_table"


def test_joining_while_the_owner_closes(house: House, anna: Caller, bert: Caller) -> None:
    for _ in range(8):
        row = open_table(house, anna)
        closed, joined = at_once(
            partial(tables.close, house, anna), partial(tables.join, house, bert, row.id)
        )
        if joined == "no_such_table":
            assert closed is None
            assert matches.open_of(house, anna.user_id) == []
        else:
            assert closed == "no_such_table"
            matches.end(house, bert, row.id)
        assert tables.own(house, anna.user_id) is None


def test_word_that_a_table_opens_never_outlives_it(
    house: House, anna: Caller, heard: Heard
) -> None:
    """Closed by another worker between the commit and the word of it."""
    row = open_table(house, anna)
    tell = heard.tell

    def closing(*told: object) -> None:
        heard.tell = tell  # type: ignore[method-assign]
        with house.store.write() as unit:
            offers.take(unit, OpenTable.id == row.id)
        tell(*told)  # type: ignore[arg-type]

    heard.tell = closing  # type: ignore[method-assign]
    heard.told.clear()
    table_news.tell_table(house, row.id)
    told = [type for type, _ in lobby_heard(heard, "table_update", "table_gone")]
    assert told == ["table_update", "table_gone"]
    heard.tell = tell  # type: ignore[method-assign]
    table_news.tell_table(house, row.id)
    assert len(lobby_heard(heard, "table_update", "table_gone")) == 2


def test_a_table_waits_for_so_long(house: House, anna: Caller, clock: Clock, heard: Heard) -> None:
    row = open_table(house, anna)
    clock.turn(seconds=house.config.TABLE_TTL)
    assert housekeeping.PARTS["tables_expired"](house) == 0
    clock.turn(seconds=1)
    assert housekeeping.PARTS["tables_expired"](house) == 1
    assert lobby_heard(heard, "table_gone") == [("table_gone", {"id": row.id})]
    assert user_heard(heard, anna.user_id, "table_own")[-1] is None


@pytest.mark.parametrize("time", [BLITZ, TimeControl(600)])
def test_a_table_for_now_goes_with_its_owner(
    house: House, anna: Caller, clock: Clock, time: TimeControl
) -> None:
    here = presence.connect(house, anna, "socket.io")
    open_table(house, anna, time=time)
    presence.disconnect(house, here)
    turn(house, clock, seconds=14)
    assert listed(house) == ["anna"]
    turn(house, clock, seconds=1)
    assert listed(house) == []


def test_a_page_may_be_loaded_again(house: House, anna: Caller, clock: Clock) -> None:
    here = presence.connect(house, anna, "socket.io")
    open_table(house, anna, time=BLITZ)
    for _ in range(5):
        presence.disconnect(house, here)
        turn(house, clock, seconds=10)
        here = presence.connect(house, anna, "socket.io")
        turn(house, clock, seconds=10)
    assert listed(house) == ["anna"]
    other = presence.connect(house, anna, "raw")
    presence.disconnect(house, here)
    turn(house, clock, seconds=60)
    assert listed(house) == ["anna"], "one connection of two is left"
    presence.disconnect(house, other)
    turn(house, clock, seconds=15)
    assert listed(house) == []


def test_away_again_through_another_worker(house: House, anna: Caller, clock: Clock) -> None:
    """The first worker's timer comes too early, and waits for the rest."""
    here = presence.connect(house, anna, "socket.io")
    open_table(house, anna, time=BLITZ)
    presence.disconnect(house, here)
    clock.turn(seconds=10)
    with house.store.write() as unit:
        unit.get_one(User, anna.user_id).seen_at = clock.now
    turn(house, clock, seconds=5)
    assert listed(house) == ["anna"]
    turn(house, clock, seconds=10)
    assert listed(house) == []


def test_a_slow_table_stays(house: House, anna: Caller, clock: Clock) -> None:
    here = presence.connect(house, anna, "socket.io")
    open_table(house, anna, time=TimeControl(86_400))
    presence.disconnect(house, here)
    turn(house, clock, seconds=600)
    housekeeping.run(house)
    assert listed(house) == ["anna"]


def test_housekeeping_finds_the_owners_nobody_missed(
    house: House, anna: Caller, bert: Caller, clock: Clock
) -> None:
    """A worker that is killed forgets its timers; a page without a script never connects."""
    open_table(house, anna, time=BLITZ)
    presence.connect(house, bert, "socket.io")
    open_table(house, bert, time=BLITZ)
    clock.turn(seconds=120)
    assert housekeeping.PARTS["tables_deserted"](house) == 0
    clock.turn(seconds=1)
    assert housekeeping.PARTS["tables_deserted"](house) == 1
    assert listed(house) == ["bert"]


def test_a_killed_workers_owners_are_missed(house: House, anna: Caller, clock: Clock) -> None:
    presence.connect(house, anna, "socket.io")
    open_table(house, anna, time=BLITZ)
    clock.turn(minutes=10)
    after = replace(house, worker_id="f" * 16, connections={})
    presence.arrive(after)
    assert housekeeping.PARTS["tables_deserted"](after) == 0, "they may be on their way back"
    turn(after, clock, seconds=15)
    assert listed(after) == []


def test_an_owner_at_the_api_is_there_while_the_token_is_used(
    house: House, anna: Caller, clock: Clock
) -> None:
    here = presence.connect(house, anna, "socket.io")
    row = open_table(house, anna, time=BLITZ)
    with house.store.write() as unit:
        unit.add(Joined(user_id=anna.user_id, game_id=row.id, spectating=False))
    presence.disconnect(house, here)
    turn(house, clock, seconds=119)
    housekeeping.run(house)
    assert listed(house) == ["anna"]
    clock.turn(seconds=2)
    housekeeping.run(house)
    assert listed(house) == []


def test_the_last_match_one_may_have_takes_the_table_away(
    house: House, anna: Caller, account: Account
) -> None:
    open_table(house, anna, private=True)
    for number in range(house.config.MAX_OPEN_MATCHES):
        assert tables.own(house, anna.user_id) is not None
        lobby.invite(house, account(f"user{number}"), "anna")
    assert tables.own(house, anna.user_id) is None


def test_a_match_for_now_takes_other_tables_for_now_away(
    house: House, anna: Caller, bert: Caller, carl: Caller, account: Account
) -> None:
    dora = account("dora")
    open_table(house, bert, time=BLITZ)
    open_table(house, carl, time=TimeControl(86_400))
    slow = open_table(house, anna, time=TimeControl(86_400))
    tables.join(house, bert, slow.id)
    assert listed(house) == ["carl", "bert"] or listed(house) == ["bert", "carl"]
    fast = open_table(house, dora, time=TimeControl(600))
    tables.join(house, bert, fast.id)
    assert listed(house) == ["carl"]


def test_a_released_guests_table_goes(
    house: House, guest: Account, clock: Clock, heard: Heard
) -> None:
    row = open_table(house, guest("passer-by"))
    clock.turn(seconds=house.config.GUEST_TTL + 1)
    assert guests.release(house) == 1
    assert lobby_heard(heard, "table_gone") == [("table_gone", {"id": row.id})]
    with house.store.read() as unit:
        assert unit.get(OpenTable, row.id) is None


def test_a_removed_accounts_table_goes(house: House, anna: Caller, heard: Heard) -> None:
    row = open_table(house, anna)
    with house.store.write() as unit:
        removal.remove(house, unit, [anna.user_id])
        assert unit.get(Session, anna.session_id) is None
    assert listed(house) == []
    assert housekeeping.run(house)["tables_deserted"] == 0
    assert lobby_heard(heard, "table_gone") == [("table_gone", {"id": row.id})]
    with house.store.read() as unit:
        assert unit.get(OpenTable, row.id) is None


def test_the_house_may_take_a_table_away(house: House, anna: Caller, bert: Caller) -> None:
    row = open_table(house, anna)
    open_table(house, bert)
    assert offers.drop(house, row.id)
    assert not offers.drop(house, row.id)
    assert offers.drop_of(house, [bert.user_id]) == 1
    assert listed(house) == []


# What comes after


def test_a_rematch_is_agreed_on_as_before(house: House, anna: Caller, bert: Caller) -> None:
    row = open_table(house, anna, rated=False, time=BLITZ, private=True, code=CODE)
    tables.join(house, bert, row.id, CODE, HERE)
    play_out(house, row.id, anna, bert)
    again = lobby.rematch(house, anna, row.id)
    assert [info.name for info in again.seats] == ["bert", "anna"]
    assert (again.rated, again.time, again.code) == (False, BLITZ, CODE)


def test_what_is_not_there_is_taken_away_for_nothing(
    house: House, anna: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.store, "write", None)
    for answer in (tables.decline, tables.withdraw):
        assert refusal(partial(answer, house, anna, NOWHERE)) == "no_such_challenge"
    assert refusal(partial(tables.close, house, anna)) == "no_such_table"
    assert not offers.drop(house, NOWHERE)
    assert offers.drop_of(house, [anna.user_id]) == 0


def test_what_can_be_no_id_is_never_looked_for(house: House, anna: Caller) -> None:
    """PostgreSQL refuses a NUL with an error of its own; here it must not come to that."""
    asked: list[str] = []

    @event.listens_for(house.store.engine, "before_cursor_execute")
    def _listen(*call: Any) -> None:
        asked.append(repr(call[3]))

    open_table(house, anna)
    for odd in ("\0", "\ud800", "é"):
        viewer = Viewer(anna.user_id, HERE, odd)
        assert refusal(partial(tables.get, house, viewer, odd)) == "no_such_table"
        assert refusal(partial(tables.join, house, anna, odd, odd)) == "no_such_table"
        assert refusal(partial(tables.join_named, house, anna, odd, odd)) in (
            "wrong_code",
            "no_such_table",
        )
        assert refusal(partial(tables.close, house, anna, odd)) == "no_such_table"
        assert tables.find(house, odd) is None
        assert not offers.drop(house, odd)
        for answer in (tables.accept, tables.decline, tables.withdraw):
            assert refusal(partial(answer, house, anna, odd)) == "no_such_challenge"
        watching.leave(house, [1], odd)
        assert not any(repr(odd)[1:-1] in parameters for parameters in asked)
