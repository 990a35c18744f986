"""One deal after another at a bridge table: when the next begins, with whom, and of which board."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import select, update

from app.services import housekeeping, matches, moves
from app.services.bridge import boards, deals, preferences, tables
from app.services.house import House
from app.services.sessions import Caller
from app.store import BoardSeen, BridgeTable
from tests.services.bridge_hall import at, deal, in_hall, pass_out, seated, with_robots
from tests.services.conftest import Clock, Heard
from tests.services.hall import at_once, turn

Account = Callable[[str], Caller]


@pytest.fixture
def house(house: House) -> House:
    return with_robots(house)


@pytest.fixture
def people(account: Account) -> list[Caller]:
    return [account(name) for name in ("anna", "bert", "carl", "dora", "emil")]


def seen(house: House, board_id: str | None) -> dict[int, bool]:
    """Who has seen a board, and whether more than what is on the table."""
    with house.store.read() as unit:
        rows = unit.scalars(select(BoardSeen).where(BoardSeen.board_id == board_id))
        return {row.user_id: row.hand for row in rows}


def test_the_next_deal_begins_when_all_want_it(house: House, people: list[Caller]) -> None:
    four = people[:4]
    row = seated(house, four)
    first = deal(house, row)
    row = pass_out(house, row, four)
    assert (row.playing, row.match_id, row.deals) == (False, first.id, 1)
    for person in four[:3]:
        row = tables.ready(house, person, row.id)
        assert not row.playing
    assert [seat and seat.ready for seat in row.seats.values()] == [True, True, True, False]
    row = tables.ready(house, four[3], row.id)
    assert (row.playing, row.deals, row.next_at) == (True, 2, None)
    second = deal(house, row)
    assert second.id != first.id
    assert second.board_id != first.board_id
    assert [seat and seat.ready for seat in row.seats.values()] == [False] * 4


def test_robots_always_want_the_next_deal(house: House, people: list[Caller]) -> None:
    anna, *_ = people
    row = pass_out(house, tables.open(house, anna, fill=True), [anna])
    assert tables.ready(house, anna, row.id).deals == 2


def test_or_it_begins_after_a_while(house: House, people: list[Caller], clock: Clock) -> None:
    four = people[:4]
    row = pass_out(house, seated(house, four), four)
    assert row.next_at is not None
    assert (row.next_at - clock()).total_seconds() == house.config.BRIDGE_NEXT
    turn(house, clock, seconds=house.config.BRIDGE_NEXT - 1)
    assert tables.row(house, row.id).deals == 1
    turn(house, clock, seconds=1)
    row = tables.row(house, row.id)
    assert (row.playing, row.deals) == (True, 2)


def test_who_leaves_after_a_deal_is_waited_for(
    house: House, people: list[Caller], clock: Clock
) -> None:
    *four, emil = people
    row = pass_out(house, seated(house, four), four)
    tables.leave(house, four[0], row.id)
    assert tables.row(house, row.id).next_at is None
    turn(house, clock, seconds=house.config.BRIDGE_NEXT)
    assert tables.row(house, row.id).deals == 1
    row = tables.sit(house, emil, row.id, "N")
    assert (row.playing, row.deals) == (True, 2)


def test_the_computer_takes_what_is_left_where_it_may(
    house: House, people: list[Caller], clock: Clock
) -> None:
    four = people[:4]
    row = seated(house, four, robots=True)
    row = pass_out(house, row, four)
    tables.leave(house, four[0], row.id)
    row = tables.row(house, row.id)
    assert at(row) == ["cpu1", "bert", "carl", "dora"]
    assert row.next_at is not None  # it goes on as if nobody had left
    turn(house, clock, seconds=house.config.BRIDGE_NEXT)
    record = deal(house, row)
    assert not record.over
    assert record.seats[0].bot == "medium"


def test_it_takes_no_seats_before_the_first_deal(house: House, people: list[Caller]) -> None:
    row = tables.open(house, people[0], robots=True)
    assert at(row) == ["anna", "-", "-", "-"]


def test_it_is_allowed_to_between_deals(house: House, people: list[Caller]) -> None:
    four = people[:4]
    row = pass_out(house, seated(house, four), four)
    tables.leave(house, four[3], row.id)
    row = tables.settings(house, four[0], row.id, robots=True)
    assert at(row) == ["anna", "bert", "carl", "cpu1"]
    assert row.deals == 2  # nobody was missing any more
    assert not tables.settings(house, four[0], row.id, robots=False).robots


def test_boards_go_where_nobody_has_seen_them(house: House, people: list[Caller]) -> None:
    *four, emil = people
    row = seated(house, four)
    first = row.board_id
    other = tables.open(house, emil, fill=True)
    assert other.board_id == first  # dealt again, to somebody else
    assert deal(house, other).seed == deal(house, row).seed
    assert set(seen(house, first)) == {person.user_id for person in people}
    pass_out(house, row, four)
    tables.leave(house, four[0], row.id)
    tables.leave(house, emil, other.id)
    row = tables.sit(house, emil, row.id, "N")
    assert row.board_id != first
    assert row.board == 2


def test_who_looks_on_has_seen_the_board(house: House, people: list[Caller]) -> None:
    anna, bert, carl, dora, emil = people
    row = tables.open(house, anna, kibitz=True)
    tables.watch(house, bert, row.id)
    tables.watch(house, carl, row.id, "N")
    for side in "ESW":
        row = tables.robot(house, anna, row.id, side, True)
    assert row.playing
    tables.watch(house, dora, row.id)
    expected = {anna: True, bert: False, carl: True, dora: False}
    assert seen(house, row.board_id) == {who.user_id: hand for who, hand in expected.items()}
    tables.watch(house, dora, row.id, "S")
    tables.watch(house, dora, row.id)
    assert seen(house, row.board_id)[dora.user_id]  # what has been seen has been seen
    with house.store.write() as unit:
        picked = boards.pick(house, unit, [bert.user_id, emil.user_id])
        assert picked.id != row.board_id


def test_two_workers_begin_one_deal(house: House, people: list[Caller], clock: Clock) -> None:
    four = people[:4]
    row = pass_out(house, seated(house, four), four)
    clock.turn(seconds=house.config.BRIDGE_NEXT)
    at_once(
        *[partial(deals.look_again, house, row.id)] * 3,
        *[partial(tables.ready, house, person, row.id) for person in four],
    )
    assert tables.row(house, row.id).deals == 2
    assert len(matches.open_of(house, four[0].user_id)) == 1


def test_an_admin_ends_a_deal_and_the_table_goes_on(
    house: House, people: list[Caller], clock: Clock
) -> None:
    four = people[:4]
    row = seated(house, four)
    moves.end_by_house(house, deal(house, row).id)
    assert not tables.row(house, row.id).playing
    turn(house, clock, seconds=house.config.BRIDGE_NEXT)
    assert tables.row(house, row.id).deals == 2


def test_what_a_killed_worker_left_is_done(
    house: House, people: list[Caller], clock: Clock, heard: Heard
) -> None:
    four = people[:4]
    row = seated(house, four)
    after = house.after.pop("bridge")  # killed between the last pass and what follows it
    row = pass_out(house, row, four)
    assert row.next_at is None
    house.after["bridge"] = after
    assert housekeeping.run(house)["bridge_tables_settled"] == 1
    assert tables.row(house, row.id).deals == 2
    # Its timer was forgotten, too.
    row = pass_out(house, row, four)
    clock.turn(seconds=house.config.BRIDGE_NEXT)
    house.timers.take_due(clock())
    assert housekeeping.run(house)["bridge_tables_settled"] == 1
    row = tables.row(house, row.id)
    assert row.deals == 3
    assert housekeeping.run(house)["bridge_tables_settled"] == 0
    # Killed between a table's end and its deal's.
    with house.store.write() as unit:
        unit.execute(update(BridgeTable).values(match_id=None))
    assert housekeeping.run(house)["bridge_tables_settled"] == 2
    assert moves.get(house, str(row.match_id)).over


def test_a_worker_that_starts_sets_its_timers(
    house: House, people: list[Caller], clock: Clock
) -> None:
    four = people[:4]
    row = pass_out(house, seated(house, four), four)
    clock.turn(hours=1)  # the house is closed
    house.timers.take_due(clock())
    deals.set_timers(house)
    turn(house, clock, seconds=house.config.BRIDGE_NEXT - 1)
    assert tables.row(house, row.id).deals == 1
    turn(house, clock, seconds=1)
    assert tables.row(house, row.id).deals == 2


def test_the_hall_hears_of_it(house: House, people: list[Caller], heard: Heard) -> None:
    four = people[:4]
    row = seated(house, four)
    pass_out(house, row, four)
    tables.ready(house, four[0], row.id)
    told = [data for _, data in in_hall(heard, "bridge_table")]
    now = tables.row(house, row.id).json()
    assert told[-1] == now
    stages = [(data["playing"], data["next_at"] is not None) for data in told]
    assert list(dict.fromkeys(stages)) == [(False, False), (True, False), (False, True)]


def test_a_single_card_plays_itself_for_who_wants_it(house: House, people: list[Caller]) -> None:
    four = people[:4]
    preferences.set_(house, four[0], singles=True, system="")
    row = seated(house, four)
    tables.play(house, four[0], row.id, {"bid": "1Z"})
    for person in four[1:]:
        tables.play(house, person, row.id, {"bid": "pass"})
    by_hand, played = 0, 0  # North declares
    while not (record := deal(house, row)).over:
        (seat,) = record.actors
        cards = matches.view(house, record, four[seat].user_id)["cards"]
        assert seat != 0 or len(cards) > 1  # no single card waits for North, or for dummy
        played += len(cards) == 1
        by_hand += 1
        tables.play(house, four[seat], row.id, {"card": cards[0]})
    assert by_hand <= 50  # two of the last trick at the least
    assert played >= 2  # the others' wait for them
    log = matches.log(house, record.id)
    assert sum("card" in entry.move for entry in log) == 52


def test_it_does_so_at_once(house: House, people: list[Caller]) -> None:
    four = people[:4]
    row = seated(house, four)
    tables.play(house, four[0], row.id, {"bid": "1Z"})
    for person in four[1:]:
        tables.play(house, person, row.id, {"bid": "pass"})
    while True:
        record = deal(house, row)
        (seat,) = record.actors
        cards = matches.view(house, record, four[seat].user_id)["cards"]
        if len(cards) == 1:
            break
        tables.play(house, four[seat], row.id, {"card": cards[0]})
    preferences.set_(house, four[seat], singles=True, system="")
    after = deal(house, row)
    assert after.version > record.version
    assert after.revision == record.revision + 1
