"""Seats that change hands in mid-deal: taken over by somebody else, or by the computer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import delete, select, update

from app.games.api import SYSTEM, replay
from app.games.bridge import BRIDGE
from app.services import housekeeping, matches, saving
from app.services.bridge import tables
from app.services.house import House
from app.services.sessions import Caller
from app.store import BoardSeen, BridgeSeat, BridgeTable, Match
from tests.services.bridge_hall import (
    at,
    deal,
    in_hall,
    pass_out,
    seated,
    to_act,
    with_robots,
)
from tests.services.conftest import Clock, Heard
from tests.services.hall import at_once, refusal, turn

Account = Callable[[str], Caller]


@pytest.fixture
def house(house: House) -> House:
    return with_robots(house)


@pytest.fixture
def people(account: Account) -> list[Caller]:
    return [account(name) for name in ("anna", "bert", "carl", "dora", "emil", "fred")]


def test_a_seat_left_in_mid_deal_is_kept(
    house: House, people: list[Caller], clock: Clock, heard: Heard
) -> None:
    *four, emil, _ = people
    row = seated(house, four)
    heard.told.clear()
    tables.leave(house, four[1], row.id)
    row = tables.row(house, row.id)
    assert at(row) == ["anna", "bert?", "carl", "dora"]
    seat = row.seats["E"]
    assert seat is not None
    assert seat.kept_until is not None
    assert (seat.kept_until - clock()).total_seconds() == house.config.BRIDGE_KEEP
    assert row.brief()["E"] == ""
    assert in_hall(heard) == [("player.leave", {"tid": row.id, "position": "E"})]
    assert refusal(lambda: tables.sit(house, emil, row.id, "E")) == "seat_kept"
    assert refusal(lambda: tables.open(house, four[1])) == "already_seated"
    turn(house, clock, seconds=house.config.BRIDGE_KEEP - 1)
    assert refusal(lambda: tables.sit(house, emil, row.id, "E")) == "seat_kept"
    heard.told.clear()
    assert at(tables.sit(house, four[1], row.id, "E")) == ["anna", "bert", "carl", "dora"]
    assert in_hall(heard) == [("player.sit", {"tid": row.id, "name": "bert", "position": "E"})]
    turn(house, clock, seconds=house.config.BRIDGE_KEEP)
    assert at(tables.row(house, row.id)) == ["anna", "bert", "carl", "dora"]
    assert deal(house, row).rated


def test_who_left_and_plays_on_is_back(house: House, people: list[Caller]) -> None:
    four = people[:4]
    row = seated(house, four)
    player = to_act(house, row, four)
    tables.leave(house, player, row.id)
    tables.play(house, player, row.id, {"bid": "pass"})
    assert at(tables.row(house, row.id)) == ["anna", "bert", "carl", "dora"]


def test_somebody_else_takes_it_over(
    house: House, people: list[Caller], clock: Clock, heard: Heard
) -> None:
    *four, emil, _ = people
    row = seated(house, four)
    before = deal(house, row)
    tables.leave(house, four[1], row.id)
    turn(house, clock, seconds=house.config.BRIDGE_KEEP)
    assert at(tables.row(house, row.id)) == ["anna", "bert?", "carl", "dora"]
    heard.told.clear()
    row = tables.sit(house, emil, row.id, "E")
    assert at(row) == ["anna", "emil", "carl", "dora"]
    after = deal(house, row)
    assert (after.version, after.rated) == (before.version + 1, False)
    assert [seat.name for seat in after.seats] == ["anna", "emil", "carl", "dora"]
    assert heard.matches[-1] == after
    assert in_hall(heard) == [("player.sit", {"tid": row.id, "name": "emil", "position": "E"})]
    assert four[1].user_id in heard.told[-1][0].users
    # It is emil's to play now, and no longer bert's.
    assert matches.open_of(house, four[1].user_id) == []
    assert refusal(lambda: tables.play(house, four[1], row.id, {"bid": "pass"})) == "not_seated"
    bid = partial(matches.submit, house, four[1], after.id, {"bid": "pass"})
    assert refusal(bid) == "not_your_match"
    pass_out(house, row, [four[0], emil, *four[2:]])
    with house.store.read() as unit:
        who = set(unit.scalars(select(BoardSeen.user_id)))
    assert who == {person.user_id for person in (*four, emil)}
    assert tables.seated_at(house, four[1].user_id) is None


def test_it_is_a_move_of_the_log(house: House, people: list[Caller], clock: Clock) -> None:
    *four, emil, _ = people
    row = seated(house, four)
    tables.play(house, to_act(house, row, four), row.id, {"bid": "1C"})
    tables.leave(house, four[3], row.id)
    turn(house, clock, seconds=house.config.BRIDGE_KEEP)
    tables.sit(house, emil, row.id, "W")
    record = deal(house, row)
    log = matches.log(house, record.id)
    assert (log[-1].seat, log[-1].move) == (None, {"system": "replace", "seat": 3})
    assert record.options is not None
    entries = [saving._logged(BRIDGE, entry) for entry in log]
    assert entries[-1][0] is SYSTEM
    *_, last = replay(BRIDGE, record.options, record.seed, entries)
    assert last.state == record.state


def test_the_computer_takes_it_over_where_it_may(
    house: House, people: list[Caller], clock: Clock, heard: Heard
) -> None:
    four = people[:4]
    row = seated(house, four, robots=True)
    player = to_act(house, row, four)
    seat = four.index(player)
    tables.leave(house, player, row.id)
    turn(house, clock, seconds=house.config.BRIDGE_KEEP - 1)
    assert deal(house, row).version == 0
    heard.told.clear()
    turn(house, clock, seconds=1)
    record = deal(house, row)
    assert record.seats[seat].bot == "medium"
    assert record.version == 2  # it has taken the seat, and passed
    row = tables.row(house, row.id)
    side = "NESW"[seat]
    assert row.name_at(side) == "cpu1"
    assert in_hall(heard) == [("player.sit", {"tid": row.id, "name": "cpu1", "position": side})]
    # Who comes back has seen a hand: they wait for the deal's end.
    assert refusal(lambda: tables.sit(house, player, row.id, side)) == "seen_board"
    others = [person for person in four if person is not player]
    pass_out(house, row, others)
    assert tables.sit(house, player, row.id, side).name_at(side) == player.name


def test_a_killed_workers_timer_is_made_up_for(
    house: House, people: list[Caller], clock: Clock
) -> None:
    four = people[:4]
    row = seated(house, four, robots=True)
    tables.leave(house, four[3], row.id)
    clock.turn(seconds=house.config.BRIDGE_KEEP)
    house.timers.take_due(clock())
    assert housekeeping.run(house)["bridge_tables_settled"] == 1
    assert at(tables.row(house, row.id)) == ["anna", "bert", "carl", "cpu1"]
    assert housekeeping.run(house)["bridge_tables_settled"] == 0


def test_a_deal_that_cannot_be_read_holds_up_no_other(
    house: House, people: list[Caller], clock: Clock
) -> None:
    """As after an update that stores positions otherwise."""
    anna, bert, carl, *_ = people
    broken, lost, sound = (
        tables.open(house, who, robots=True, fill=True) for who in (anna, bert, carl)
    )
    for row, other in ((broken, "E"), (sound, "E")):
        tables.sit(house, people[3 if row is broken else 4], row.id, other)
    for who, row in ((anna, broken), (carl, sound)):
        tables.leave(house, who, row.id)
    spoilt = Match.id.in_([broken.match_id, lost.match_id])
    with house.store.write() as unit:
        unit.execute(update(Match).where(spoilt).values(state="{}"))
        unit.execute(delete(BridgeSeat).where(BridgeSeat.table_id == lost.id))
        unit.execute(delete(BridgeTable).where(BridgeTable.id == lost.id))
    clock.turn(seconds=house.config.BRIDGE_KEEP)
    house.timers.take_due(clock())
    assert housekeeping.run(house)["bridge_tables_settled"] == 2
    assert tables.row(house, sound.id).name_at("N").startswith("cpu")
    assert tables.row(house, broken.id).name_at("N") == ""


def test_a_robots_seat_is_taken_over_in_mid_deal(
    house: House, people: list[Caller], heard: Heard
) -> None:
    anna, bert, *_ = people
    row = tables.open(house, anna, fill=True)
    heard.told.clear()
    assert at(tables.sit(house, bert, row.id, "S")) == ["anna", "cpu1", "bert", "cpu3"]
    assert [seat.name for seat in deal(house, row).seats] == ["anna", "cpu1", "bert", "cpu3"]
    assert in_hall(heard) == [
        ("player.leave", {"tid": row.id, "position": "S"}),
        ("player.sit", {"tid": row.id, "name": "bert", "position": "S"}),
    ]
    pass_out(house, row, [anna, bert])


def test_who_has_seen_a_hand_takes_no_seat(house: House, people: list[Caller]) -> None:
    anna, bert, carl, dora, emil, fred = people
    row = tables.open(house, anna, kibitz=True, fill=True)
    for looker, over in ((bert, "S"), (carl, None), (dora, "E"), (emil, None)):
        tables.watch(house, looker, row.id, over)
    tables.watch(house, dora, row.id)  # has looked away, and remembers
    tables.unwatch(house, emil, row.id)  # and may have looked at the board elsewhere
    for who in (bert, dora, emil):
        assert refusal(partial(tables.sit, house, who, row.id, "S")) == "seen_board"
    assert at(tables.sit(house, carl, row.id, "S")) == ["anna", "cpu1", "carl", "cpu3"]
    assert [who.name for who in tables.row(house, row.id).kibitzers] == ["bert", "dora"]
    # The same board at another table.
    other = tables.open(house, fred, fill=True)
    assert other.board_id == row.board_id
    assert refusal(lambda: tables.sit(house, bert, other.id, "S")) == "seen_board"


def test_who_looks_on_at_two_tables_has_seen_more(house: House, people: list[Caller]) -> None:
    anna, bert, carl, dora, *_ = people
    row = tables.open(house, anna, fill=True)
    tables.watch(house, carl, row.id)
    other = tables.open(house, bert)
    for looker in (carl, dora):
        tables.watch(house, looker, other.id)
    for side in "ESW":
        other = tables.robot(house, bert, other.id, side, seated=True)
    assert (other.playing, other.board_id) == (True, row.board_id)
    for where in (row, other):
        assert refusal(partial(tables.sit, house, carl, where.id, "S")) == "seen_board"
    tables.watch(house, dora, other.id)  # the page is loaded anew
    assert tables.sit(house, dora, other.id, "S").name_at("S") == "dora"
    # And who comes to the second while both are played.
    emil = people[4]
    for where in (row, other):
        tables.watch(house, emil, where.id)
    assert refusal(partial(tables.sit, house, emil, row.id, "S")) == "seen_board"


def test_who_was_told_of_an_alert_is_not_its_makers_partner(
    house: House, people: list[Caller]
) -> None:
    anna, bert, carl, dora, *_ = people
    row = tables.open(house, anna, fill=True)  # of board 1, which North deals
    for looker in (bert, carl):
        tables.watch(house, looker, row.id)
    tables.play(house, anna, row.id, {"bid": "1C", "alert": "any 16 points"})
    assert refusal(lambda: tables.sit(house, bert, row.id, "S")) == "seen_board"
    assert tables.sit(house, carl, row.id, "E").name_at("E") == "carl"
    assert tables.sit(house, dora, row.id, "S").name_at("S") == "dora"


def test_of_two_who_take_it_over_one_gets_it(
    house: House, people: list[Caller], clock: Clock
) -> None:
    *four, emil, fred = people
    row = seated(house, four)
    tables.leave(house, four[2], row.id)
    clock.turn(seconds=house.config.BRIDGE_KEEP)
    done = at_once(*(partial(tables.sit, house, who, row.id, "S") for who in (emil, fred)))
    assert [each for each in done if isinstance(each, str)] == ["seat_taken"]
    record = deal(house, row)
    assert record.version == 1
    assert record.seats[2].name in ("emil", "fred")
    assert tables.row(house, row.id).name_at("S") == record.seats[2].name


def test_a_move_and_a_takeover_at_once(house: House, people: list[Caller], clock: Clock) -> None:
    *four, emil, fred = people
    row = seated(house, four)
    for newcomer in (emil, fred):
        player = to_act(house, row, four)
        seat = (four.index(player) + 1) % 4
        tables.leave(house, four[seat], row.id)
        clock.turn(seconds=house.config.BRIDGE_KEEP)
        before = deal(house, row).version
        done = at_once(
            partial(tables.play, house, player, row.id, {"bid": "pass"}),
            partial(tables.sit, house, newcomer, row.id, "NESW"[seat]),
        )
        assert not any(isinstance(each, str) for each in done)
        record = deal(house, row)
        assert record.version == before + 2
        assert record.seats[seat].name == newcomer.name
        four[seat] = newcomer
    pass_out(house, row, four)
