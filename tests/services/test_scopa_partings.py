"""How people leave tables: of their own will, or because of something else that happens."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from app.services import (
    accounts,
    friends,
    guests,
    housekeeping,
    lobby,
    matches,
    moderation,
    presence,
    tables,
)
from app.services.audit import Admin
from app.services.house import House
from app.services.sessions import Caller
from app.services.tables import FREE, Ask, Setup
from app.services.time_control import TimeControl
from app.store import User
from tests.services.conftest import Clock, Heard
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
from tests.services.scopa_hall import FOUR, TWO, at, names, now, opened

Account = Callable[[str], Caller]
CODE = "plum-7"
BLITZ = TimeControl(None, 180, 2)
QUICK = Setup("scopa", "classic", time=BLITZ, options={"players": 4})


@pytest.fixture
def people(account: Account) -> list[Caller]:
    return [account(name) for name in ("anna", "bert", "carl", "dora", "emil")]


# Leaving


def test_leaving_a_seat(house: House, people: list[Caller], heard: Heard) -> None:
    anna, bert, carl, *_ = people
    row = opened(house, anna)
    tables.join(house, bert, row.id)
    assert [table.id for table in tables.seated(house, bert.user_id)] == [row.id]
    assert tables.seated(house, anna.user_id) == []
    tables.stand(house, bert, row.id)
    assert now(house, row) == ["anna", "-", "-", "-"]
    assert tables.seated(house, bert.user_id) == []
    told = user_heard(heard, bert.user_id, "table_update")[-1]
    assert [seat["kind"] for seat in told["seats"]] == ["taken", "free", "free", "free"]
    assert user_heard(heard, bert.user_id, "table_gone") == []
    for who, table_id in ((bert, row.id), (carl, row.id), (bert, NOWHERE), (bert, "\0")):
        assert refusal(partial(tables.stand, house, who, table_id)) == "no_such_table"
    tables.stand(house, anna, row.id)
    assert now(house, row) is None, "the owner's leaving closes it"


def test_one_who_leaves_at_a_full_table_makes_room(
    house: House, people: list[Caller], heard: Heard
) -> None:
    anna, bert, *_ = people
    row = opened(house, anna, FOUR, [FREE, FREE, Ask("carl")])
    tables.join(house, bert, row.id)
    tables.join(house, people[3], row.id)
    assert tables.listed(house, None) == []
    tables.stand(house, bert, row.id)
    assert [listed.id for listed in tables.listed(house, None)] == [row.id]
    assert lobby_heard(heard, "table_update", "table_gone")[-1][1]["id"] == row.id


def test_the_owner_closes_for_all(house: House, people: list[Caller], heard: Heard) -> None:
    anna, bert, carl, *_ = people
    row = opened(house, anna, FOUR, [FREE, Ask("carl"), FREE], private=True)
    tables.join(house, bert, row.id, row.code, HERE)
    tables.close(house, anna, row.id)
    assert user_heard(heard, bert.user_id, "table_gone") == [{"id": row.id}]
    gone = {"id": row.id, "reason": "withdrawn", "by": "anna"}
    assert user_heard(heard, carl.user_id, "challenge_gone") == [gone]
    assert user_heard(heard, anna.user_id, "table_own")[-1] is None
    assert tables.seated(house, bert.user_id) == []


def test_sitting_down_while_the_owner_closes(house: House, people: list[Caller]) -> None:
    anna, bert, *_ = people
    for _ in range(6):
        row = opened(house, anna)
        closed, _ = at_once(
            partial(tables.close, house, anna), partial(tables.join, house, bert, row.id)
        )
        assert closed is None
        assert now(house, row) is None
        assert tables.seated(house, bert.user_id) == []


def test_a_table_for_now_does_not_wait_for_who_is_gone(
    house: House, people: list[Caller], clock: Clock
) -> None:
    anna, bert, carl, dora, _ = people
    here = {who.name: presence.connect(house, who, "socket.io") for who in (anna, bert, carl)}
    row = opened(house, anna, QUICK, [FREE, Ask("carl"), FREE])
    tables.join(house, bert, row.id)
    slow = opened(house, dora)
    tables.join(house, bert, slow.id)
    for who in ("bert", "carl"):
        presence.disconnect(house, here[who])
    turn(house, clock, seconds=14)
    assert now(house, row) == ["anna", "bert", "carl?", "-"]
    turn(house, clock, seconds=1)
    assert now(house, row) == ["anna", "-", "carl?", "-"], "who is asked may be away"
    assert now(house, slow) == ["dora", "bert", "-", "-"], "there is time"
    presence.disconnect(house, here["anna"])
    turn(house, clock, seconds=15)
    assert now(house, row) is None


def test_housekeeping_finds_those_nobody_missed(
    house: House, people: list[Caller], clock: Clock
) -> None:
    """A worker that is killed forgets its timers; a page without a script never connects."""
    anna, bert, *_ = people
    presence.connect(house, anna, "socket.io")
    row = opened(house, anna, QUICK)
    clock.turn(seconds=121)
    tables.join(house, bert, row.id)
    housekeeping.run(house)
    assert now(house, row) == ["anna", "bert", "-", "-"], "bert has only just sat down"
    clock.turn(seconds=121)
    assert housekeeping.PARTS["tables_deserted"](house) == 1
    assert now(house, row) == ["anna", "-", "-", "-"]


# Whatever else happens


def test_the_blocked_do_not_sit_together(house: House, people: list[Caller], heard: Heard) -> None:
    anna, bert, carl, dora, _ = people
    row = opened(house, anna, FOUR, [FREE, Ask("carl"), FREE])
    tables.join(house, bert, row.id)
    friends.block(house, dora, "bert")
    assert refusal(partial(tables.join, house, dora, row.id)) == "blocked"
    friends.block(house, carl, "bert")  # is asked, and will have none of it
    assert now(house, row) == ["anna", "bert", "-", "-"]
    assert user_heard(heard, carl.user_id, "challenge_gone")[-1]["reason"] == "withdrawn"
    tables.join(house, people[4], row.id)
    friends.block(house, bert, "emil")  # at the table of a third it is the blocker who goes
    assert now(house, row) == ["anna", "-", "emil", "-"]
    friends.block(house, people[4], "anna")
    assert now(house, row) == ["anna", "-", "-", "-"]
    tables.ask(house, anna, row.id, 1, Ask("bert"))
    friends.block(house, anna, "bert")
    assert now(house, row) == ["anna", "-", "-", "-"]
    assert refusal(partial(tables.join, house, bert, row.id)) == "no_such_table"


def test_names_are_those_of_now(
    house: House, people: list[Caller], guest: Account, heard: Heard
) -> None:
    anna = people[0]
    visitor, asked = guest("passer-by"), guest("early-bird")
    row = opened(house, anna, FOUR, [Ask("early-bird"), FREE, FREE])
    tables.join(house, visitor, row.id)
    accounts.upgrade(house, visitor, "vera", "pw")
    accounts.upgrade(house, asked, "otto", "pw")
    assert now(house, row) == ["anna", "otto?", "vera", "-"]
    told = user_heard(heard, anna.user_id, "table_own")[-1]
    assert [seat["name"] for seat in told["seats"]] == ["anna", "otto", "vera", None]
    assert [seat["registered"] for seat in told["seats"]] == [True, True, True, False]
    tables.decline(house, asked, row.id)
    assert user_heard(heard, asked.user_id, "challenge_gone")[-1]["by"] == "otto"
    challenge = tables.challenge(house, anna, "vera", TWO)
    assert names(tables.accept(house, visitor, challenge.id)) == ["anna", "vera"]


def test_those_who_are_gone_for_good_leave_their_seats(
    house: House, people: list[Caller], guest: Account, clock: Clock, heard: Heard
) -> None:
    anna, bert, carl, *_ = people
    row = (
        opened(house, anna, FOUR, [Ask("early-bird"), FREE, FREE]) if guest("early-bird") else None
    )
    assert row is not None
    tables.join(house, guest("passer-by"), row.id)
    tables.join(house, bert, row.id)
    assert now(house, row) == ["anna", "early-bird?", "passer-by", "bert"]
    clock.turn(seconds=house.config.GUEST_TTL + 1)
    assert guests.release(house) == 2
    assert now(house, row) == ["anna", "-", "-", "bert"]
    moderation.delete_user(house, Admin("admin", HERE), "bert")
    assert now(house, row) == ["anna", "-", "-", "-"]
    told = user_heard(heard, anna.user_id, "table_own")[-1]
    assert [seat["kind"] for seat in told["seats"]] == ["taken", "free", "free", "free"]
    with house.store.write() as unit:
        unit.get_one(User, carl.user_id).active = False
    assert refusal(partial(tables.join, house, carl, row.id)) == "session_ended"
    moderation.delete_user(house, Admin("admin", HERE), "anna")
    assert now(house, row) is None


def test_a_seat_of_who_is_gone_is_no_reason_to_begin(house: House, people: list[Caller]) -> None:
    anna, bert, carl, dora, _ = people
    row = opened(house, anna)
    for who in (bert, carl):
        tables.join(house, who, row.id)
    with house.store.write() as unit:
        unit.get_one(User, bert.user_id).active = False  # and housekeeping has not come by yet
    assert at(tables.join(house, dora, row.id)) == ["anna", "dora", "carl", "-"]
    housekeeping.run(house)
    assert now(house, row) == ["anna", "dora", "carl", "-"]


def test_a_match_takes_its_players_from_other_tables(
    house: House, people: list[Caller], account: Account
) -> None:
    anna, bert, _, dora, emil = people
    quick, slow = opened(house, dora, QUICK), opened(house, emil)
    for row in (quick, slow):
        tables.join(house, bert, row.id)
    challenge = tables.challenge(house, anna, "bert", TWO)
    other = tables.challenge(house, bert, "anna", Setup("uttt"))
    table = open_table(house, anna, time=BLITZ)
    tables.join(house, bert, table.id)
    assert now(house, quick) == ["dora", "-", "-", "-"]
    assert now(house, slow) == ["emil", "bert", "-", "-"]
    assert now(house, challenge) is not None, "another game"
    assert now(house, other) is None, "these two play each other"
    for number in range(house.config.MAX_OPEN_MATCHES - 1):
        lobby.invite(house, account(f"user{number}"), "bert")
    assert now(house, slow) == ["emil", "-", "-", "-"]


def test_who_plays_too_much_by_now_is_not_played(
    house: House, people: list[Caller], account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when their last match begins at the same moment, and its `clear` is yet to come."""
    anna, bert, carl, dora, _ = people
    row = opened(house, anna)
    tables.join(house, bert, row.id)
    tables.join(house, carl, row.id)
    monkeypatch.setattr("app.services.offers.clear", lambda *_: None)
    for number in range(house.config.MAX_OPEN_MATCHES):
        lobby.invite(house, account(f"user{number}"), "bert")
    assert refusal(partial(tables.join, house, dora, row.id)) == "opponent_busy"
    assert now(house, row) == ["anna", "bert", "carl", "-"]
    assert matches.open_of(house, dora.user_id) == []


def test_a_table_waits_for_so_long(
    house: House, people: list[Caller], clock: Clock, heard: Heard
) -> None:
    anna, bert, carl, *_ = people
    row = opened(house, anna, FOUR, [Ask("carl"), FREE, FREE])
    tables.join(house, bert, row.id)
    clock.turn(seconds=house.config.TABLE_TTL + 1)
    assert housekeeping.PARTS["tables_expired"](house) == 1
    assert user_heard(heard, bert.user_id, "table_gone") == [{"id": row.id}]
    gone = {"id": row.id, "reason": "expired", "by": None}
    assert user_heard(heard, carl.user_id, "challenge_gone") == [gone]
