"""Bridge players who leave, lose their connection, sign out or are never seen again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import update

from app.services import accounts, guests, housekeeping, moves, presence, sessions
from app.services.bridge import deals, tables
from app.services.house import House
from app.services.sessions import Caller
from app.store import User, Worker
from tests.services.bridge_hall import at, come, deal, go, in_hall, pass_out, seated, with_robots
from tests.services.conftest import Clock, Heard
from tests.services.hall import refusal, turn

Account = Callable[[str], Caller]


@pytest.fixture
def house(house: House) -> House:
    return with_robots(house)


@pytest.fixture
def people(account: Account) -> list[Caller]:
    return [account(name) for name in ("anna", "bert", "carl", "dora", "emil")]


def now(house: House, row: tables.TableRow) -> list[str]:
    found = tables.look(house, row.id)
    return [] if found is None else at(found)


# Connections


def test_between_deals_who_is_gone_has_left(
    house: House, people: list[Caller], clock: Clock
) -> None:
    anna, bert, *_ = people
    row = seated(house, [anna, bert])
    here, _ = come(house, anna, bert)
    go(house, here)
    turn(house, clock, seconds=house.config.BRIDGE_AWAY - 1)
    assert now(house, row) == ["anna", "bert", "-", "-"]
    turn(house, clock, seconds=1)
    assert now(house, row) == ["-", "bert", "-", "-"]


def test_a_page_that_is_loaded_again_costs_nothing(
    house: House, people: list[Caller], clock: Clock, heard: Heard
) -> None:
    anna, *_ = people
    row = tables.open(house, anna, fill=True)
    (here,) = come(house, anna)
    go(house, here)
    turn(house, clock, seconds=house.config.BRIDGE_AWAY - 1)
    come(house, anna)
    heard.told.clear()
    turn(house, clock, seconds=house.config.BRIDGE_KEEP)
    assert now(house, row) == ["anna", "cpu1", "cpu2", "cpu3"]
    assert in_hall(heard) == []


def test_in_mid_deal_the_seat_is_kept_and_theirs_when_they_are_back(
    house: House, people: list[Caller], clock: Clock, heard: Heard
) -> None:
    four = people[:4]
    row = seated(house, four)
    here, *_ = come(house, *four)
    go(house, here)
    turn(house, clock, seconds=house.config.BRIDGE_AWAY)
    assert now(house, row) == ["anna?", "bert", "carl", "dora"]
    seat = tables.row(house, row.id).seats["N"]
    assert seat is not None
    assert (seat.gone, seat.left_at) == (True, clock())
    turn(house, clock, seconds=house.config.BRIDGE_KEEP + 1)
    assert now(house, row) == ["anna?", "bert", "carl", "dora"]  # nobody has taken it
    heard.told.clear()
    come(house, four[0])
    assert now(house, row) == ["anna", "bert", "carl", "dora"]
    assert in_hall(heard) == [("player.sit", {"tid": row.id, "name": "anna", "position": "N"})]


def test_who_left_does_not_sit_down_by_connecting(house: House, people: list[Caller]) -> None:
    four = people[:4]
    row = seated(house, four)
    tables.leave(house, four[0], row.id)
    come(house, four[0])
    assert now(house, row) == ["anna?", "bert", "carl", "dora"]


def test_a_seat_of_who_is_gone_is_free_after_the_deal(
    house: House, people: list[Caller], clock: Clock
) -> None:
    four = people[:4]
    row = seated(house, four)
    dealer = next(iter(deal(house, row).actors))
    last = four[(dealer + 3) % 4]
    # All but the last have passed when the first of them goes.
    for number in range(3):
        tables.play(house, four[(dealer + number) % 4], row.id, {"bid": "pass"})
    (here,) = come(house, four[dealer])
    go(house, here)
    turn(house, clock, seconds=house.config.BRIDGE_AWAY)
    tables.play(house, last, row.id, {"bid": "pass"})
    after = tables.row(house, row.id)
    assert after.free == ("NESW"[dealer],)
    assert not after.playing


def test_who_signs_out_leaves_at_once(house: House, people: list[Caller], guest: Account) -> None:
    anna, bert, *_ = people
    row = seated(house, [anna, bert])
    (here,) = come(house, anna)
    sessions.sign_out(house, anna)
    go(house, here)
    assert now(house, row) == ["-", "bert", "-", "-"]
    alone = tables.open(house, guest("gast"), fill=True)
    player = guest("other")
    tables.sit(house, player, alone.id, "E")
    (here,) = come(house, player)
    sessions.sign_out(house, player)
    go(house, here)
    assert now(house, alone) == ["gast", "other?", "cpu2", "cpu3"]


def test_who_looks_on_and_is_gone_does_so_no_longer(
    house: House, people: list[Caller], clock: Clock, heard: Heard
) -> None:
    anna, bert, *_ = people
    row = tables.open(house, anna)
    tables.watch(house, bert, row.id)
    (here,) = come(house, bert)
    go(house, here)
    turn(house, clock, seconds=house.config.BRIDGE_AWAY)
    assert tables.row(house, row.id).kibitzers == ()
    looks = {"tid": row.id, "user_id": bert.user_id, "watching": False, "over": None}
    assert heard.orders[-1] == ("bridge_looks", looks)


def test_who_never_had_a_connection_is_missed_in_the_end(
    house: House, people: list[Caller], clock: Clock
) -> None:
    anna, bert, *_ = people
    row = seated(house, [anna, bert])
    come(house, bert)
    clock.turn(seconds=90)
    housekeeping.run(house)
    turn(house, clock, seconds=house.config.BRIDGE_AWAY)
    assert now(house, row) == ["anna", "bert", "-", "-"]
    clock.turn(seconds=40)
    housekeeping.run(house)
    assert now(house, row) == ["anna", "bert", "-", "-"]
    turn(house, clock, seconds=house.config.BRIDGE_AWAY)
    assert now(house, row) == ["-", "bert", "-", "-"]


def test_a_killed_workers_people_are_missed(
    house: House, people: list[Caller], clock: Clock
) -> None:
    anna, bert, *_ = people
    row = seated(house, [anna, bert])
    come(house, anna)
    with house.store.write() as unit:  # it was another worker's
        unit.execute(update(Worker).values(address="elsewhere"))
    clock.turn(seconds=house.config.PRESENCE_TTL + 1)
    house.connections.clear()
    with house.store.write() as unit:
        unit.add(Worker(id="next", address="here", beat_at=clock()))
    other = replace(house, worker_id="next")
    come(other, bert)
    housekeeping.run(other)
    assert now(house, row) == ["anna", "bert", "-", "-"]
    turn(other, clock, seconds=house.config.BRIDGE_AWAY)
    assert now(house, row) == ["-", "bert", "-", "-"]


# Nobody is left


def test_the_last_one_leaves_and_the_table_goes(
    house: House, people: list[Caller], heard: Heard
) -> None:
    anna, *_ = people
    row = tables.open(house, anna, fill=True)
    tables.leave(house, anna, row.id)
    assert now(house, row) == []
    assert in_hall(heard)[-1] == ("table.remove", {"tid": row.id})
    record = moves.get(house, str(row.match_id))
    assert record.over
    assert record.ended_by is not None
    assert record.ended_by.reason == "abort"
    assert tables.open(house, anna).id != row.id


def test_but_not_while_another_may_come_back(
    house: House, people: list[Caller], clock: Clock
) -> None:
    anna, bert, *_ = people
    row = tables.open(house, anna, fill=True)
    tables.sit(house, bert, row.id, "S")
    (here,) = come(house, bert)
    go(house, here)
    turn(house, clock, seconds=house.config.BRIDGE_AWAY)
    tables.leave(house, anna, row.id)
    assert now(house, row) == ["anna?", "cpu1", "bert?", "cpu3"]
    come(house, bert)
    assert now(house, row) == ["anna?", "cpu1", "bert", "cpu3"]
    tables.sit(house, anna, row.id, "N")
    assert now(house, row) == ["anna", "cpu1", "bert", "cpu3"]
    turn(house, clock, seconds=2 * house.config.BRIDGE_KEEP)
    assert now(house, row) == ["anna", "cpu1", "bert", "cpu3"]


def test_when_all_are_gone_for_too_long_the_deal_is_aborted(
    house: House, people: list[Caller], clock: Clock, heard: Heard
) -> None:
    anna, bert, *_ = people
    row = tables.open(house, anna, fill=True, robots=True)
    tables.sit(house, bert, row.id, "S")
    here = come(house, anna, bert)
    go(house, here[0])
    turn(house, clock, seconds=60)
    go(house, here[1])
    turn(house, clock, seconds=house.config.BRIDGE_AWAY)
    turn(house, clock, seconds=house.config.BRIDGE_KEEP - 61)
    assert now(house, row) == ["anna?", "cpu1", "bert?", "cpu3"]
    turn(house, clock, seconds=1)  # anna's time is over, and a robot has her seat
    turn(house, clock, seconds=60)
    assert now(house, row) == []
    assert moves.get(house, str(row.match_id)).over


def test_the_houses_own_absence_does_not_count(
    house: House, people: list[Caller], clock: Clock
) -> None:
    anna, *_ = people
    row = tables.open(house, anna, fill=True)
    (here,) = come(house, anna)
    go(house, here)
    turn(house, clock, seconds=house.config.BRIDGE_AWAY)
    assert now(house, row)[0] == "anna?"
    presence.leave(house)
    clock.turn(hours=1)  # closed
    house.timers.take_due(clock())
    presence.arrive(house)
    deals.set_timers(house)
    housekeeping.run(house)
    assert now(house, row)[0] == "anna?"
    come(house, anna)
    assert now(house, row)[0] == "anna"


# People who can never come back


def test_a_guest_whose_time_is_over_is_replaced(
    house: House, people: list[Caller], guest: Account, clock: Clock
) -> None:
    four = [guest("gast"), *people[:3]]
    row = seated(house, four, robots=True)
    come(house, *people[:3])
    clock.turn(seconds=house.config.GUEST_TTL + 1)
    guests.release(house)
    assert not deal(house, row).over
    housekeeping.run(house)
    assert now(house, row) == ["cpu1", "anna", "bert", "carl"]
    assert not deal(house, row).over


def test_a_guest_who_only_sat_there_leaves_a_free_seat(
    house: House, people: list[Caller], guest: Account, clock: Clock
) -> None:
    row = seated(house, [people[0], guest("gast")])
    come(house, people[0])
    clock.turn(seconds=house.config.GUEST_TTL + 1)
    housekeeping.run(house)
    assert now(house, row) == ["anna", "-", "-", "-"]


def test_a_removed_account_leaves_its_seat(
    house: House, people: list[Caller], clock: Clock
) -> None:
    four = people[:4]
    row = seated(house, four)
    come(house, *four)
    with house.store.write() as unit:
        unit.execute(update(User).where(User.name == "bert").values(active=False))
    housekeeping.run(house)
    assert now(house, row) == ["anna", "bert?", "carl", "dora"]
    assert not deal(house, row).over
    # Nobody has to wait for the removed one.
    assert tables.sit(house, people[4], row.id, "E").name_at("E") == "emil"
    pass_out(house, row, [four[0], people[4], *four[2:]])


def test_a_new_name_is_told_at_the_table(
    house: House, people: list[Caller], guest: Account, heard: Heard
) -> None:
    row = tables.open(house, guest("gast"), fill=True)
    heard.told.clear()
    gast = tables.row(house, row.id).seats["N"]
    assert gast is not None
    caller = Caller(gast.user_id or 0, "gast", False, 0)
    accounts.upgrade(house, caller, "gina", "secret")
    told = [data for _, data in in_hall(heard, "bridge_table")]
    assert told[-1]["seats"]["N"]["name"] == "gina"
    assert refusal(lambda: tables.open(house, caller)) == "already_seated"
