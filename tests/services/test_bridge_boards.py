"""Which board a table gets, and who may see it when."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from sqlalchemy import func, select

from app.services import housekeeping, joined, matches, moves
from app.services.access import Viewer
from app.services.bridge import boards
from app.services.errors import ServiceError
from app.services.house import House
from app.services.matches import Setup
from app.services.sessions import Caller
from app.store import Board, BoardSeen, BridgeTable
from tests.services.bridge_deals import TABLE, claimed, dealt, four, look_on, passed
from tests.services.cards import begin
from tests.services.conftest import Clock, play_out

Account = Callable[[str], Caller]
DAYS = 7  # `BOARD_TTL`


def given(house: House, *user_ids: int) -> Board:
    """The board for a table of these users, who see it."""
    with house.store.write() as unit:
        board = boards.pick(house, unit, user_ids)
        boards.mark_seen(unit, board.id, user_ids)
    return board


@pytest.fixture
def users(account: Account) -> list[Caller]:
    return four(account, ("anna", "bert", "carl", "dora", "emil", "fred", "gina", "hans"))


@pytest.fixture
def ids(users: list[Caller]) -> list[int]:
    return [caller.user_id for caller in users]


def test_a_table_gets_the_oldest_board_that_is_new_to_all(house: House, ids: list[int]) -> None:
    first = given(house, *ids[:4])
    assert first.number == 1
    assert given(house, *ids[:4]).number == 2
    assert given(house, *ids[4:]).id == first.id
    assert given(house, *ids[4:]).number == 2
    assert given(house, *ids[:2], *ids[4:6]).number == 3
    assert given(house, ids[2], ids[6]).number == 3
    assert given(house).id == first.id  # robots alone remember nothing


def test_nobody_is_dealt_a_board_twice(house: House, ids: list[int]) -> None:
    chance = Random(4)
    had: dict[int, list[str]] = {user_id: [] for user_id in ids}
    numbers = []
    for _ in range(40):
        table = chance.sample(ids, 4)
        board = given(house, *table)
        numbers.append(board.number)
        for user_id in table:
            had[user_id].append(board.id)
    for seen in had.values():
        assert len(set(seen)) == len(seen)
    assert sorted(set(numbers)) == list(range(1, max(numbers) + 1))
    assert max(numbers) < 40, "boards go to more than one table"


def test_tables_that_begin_at_once_get_boards_of_their_own(house: House, ids: list[int]) -> None:
    with ThreadPoolExecutor(4) as workers:
        found = list(workers.map(lambda _: given(house, ids[0]).number, range(8)))
    assert sorted(found) == list(range(1, 9))


def test_boards_have_seeds_of_their_own(house: House, ids: list[int]) -> None:
    made = [given(house, *ids[:4]) for _ in range(3)]
    assert len({board.seed for board in made}) == 3
    assert len({str(boards.dealt(board).hands) for board in made}) == 3
    for board in made:
        hands = boards.dealt(board).hands
        assert sorted(card for hand in hands.values() for card in hand) == list(range(52))


def test_the_cards_are_those_of_the_deal(house: House, users: list[Caller]) -> None:
    record = passed(house, dealt(house, *users[:4]), users)
    assert record.board_id is not None
    board = boards.dealt(boards.get(house, record.board_id))
    view = record.engine.open_view(record.state)
    assert (dict(board.hands), board.dealer, board.vuln) == (
        view["deal"],
        view["dealer"],
        view["vuln"],
    )


def test_a_board_is_dealt_for_a_week(house: House, ids: list[int], clock: Clock) -> None:
    given(house, *ids[:4])
    clock.turn(days=DAYS, seconds=-1)
    assert given(house, *ids[4:6]).number == 1
    clock.turn(seconds=1)
    assert given(house, *ids[6:]).number == 2


def test_what_is_seen_may_be_noted_again(house: House, ids: list[int]) -> None:
    board = given(house, *ids[:4])
    with house.store.write() as unit:
        boards.mark_seen(unit, board.id, ids[2:6])
        boards.mark_seen(unit, board.id, ())
    with house.store.read() as unit:
        assert unit.scalar(select(func.count()).select_from(BoardSeen)) == 6
        assert [boards.has_seen(unit, board.id, user_id) for user_id in ids] == [True] * 6 + [
            False
        ] * 2


def test_a_deal_is_seen_by_those_who_played_it_once_it_is_over(
    house: House, users: list[Caller], clock: Clock
) -> None:
    *players, other = users[:5]
    record = dealt(house, *players)
    board_id = record.board_id
    assert board_id is not None

    def seers() -> list[bool]:
        asking = [players[0].user_id, players[3].user_id, other.user_id, None]
        return [boards.may_see(house, user_id, board_id) for user_id in asking]

    assert seers() == [False] * 4
    with house.store.read() as unit:
        assert boards.plays(unit, board_id, players[0].user_id)
        assert not boards.plays(unit, board_id, other.user_id)
    passed(house, record, players)
    assert seers() == [True, True, False, False]
    clock.turn(days=DAYS)
    assert seers() == [True] * 4


def test_past_its_time_a_board_is_secret_while_it_is_played(
    house: House, users: list[Caller], clock: Clock
) -> None:
    first, second, other = users[:4], users[4:8], None
    record = dealt(house, *first)
    board_id = record.board_id
    assert board_id is not None
    late = dealt(house, *second)
    assert late.board_id == board_id
    passed(house, record, first)
    clock.turn(days=DAYS, seconds=-1)
    moves.submit_for(house, late, 0, {"bid": "pass"})
    clock.turn(seconds=2)
    assert boards.may_see(house, first[0].user_id, board_id)  # they have played it
    assert not boards.may_see(house, second[0].user_id, board_id)
    assert not boards.may_see(house, other, board_id)
    moves.end_by_house(house, late.id)
    assert boards.may_see(house, second[0].user_id, board_id)
    assert boards.may_see(house, other, board_id)


def test_who_looks_on_sees_the_board_after_the_deal(house: House, users: list[Caller]) -> None:
    *players, looker = users[:5]
    record = dealt(house, *players)
    board_id = record.board_id
    assert board_id is not None
    with house.store.write() as unit:
        unit.add(
            BridgeTable(
                id=TABLE, robots=False, kibitz=True, created_at=house.clock(), match_id=record.id
            )
        )
    look_on(house, TABLE, looker)
    with house.store.write() as unit:
        boards.mark_seen(unit, board_id, [looker.user_id], hand=False)
    assert not boards.may_see(house, looker.user_id, board_id)
    with pytest.raises(ServiceError, match="being played at your table"):
        boards.look(house, looker, board_id)
    over = passed(house, record, players)
    assert boards.may_see(house, looker.user_id, board_id)
    assert boards.open_match(house, looker.user_id, over)


@pytest.mark.parametrize(
    ("seen", "hand"), [([True], True), ([False], False), ([False, False], True)]
)
def test_who_stops_looking_on_sees_the_board_if_a_hand_was_seen(
    house: House, users: list[Caller], seen: list[bool], hand: bool
) -> None:
    """Over nobody's shoulder one sees no more than whoever may yet take a seat there, but twice."""
    *players, looker = users[:5]
    board_id = dealt(house, *players).board_id
    assert board_id is not None
    with house.store.write() as unit:
        for each in seen:
            boards.mark_seen(unit, board_id, [looker.user_id], hand=each)
    assert boards.may_see(house, looker.user_id, board_id) is hand
    assert given(house, looker.user_id).number == 2
    boards.look(house, looker, board_id)
    assert boards.may_see(house, looker.user_id, board_id)


def test_a_deal_broken_off_is_open_to_who_looked_on(house: House, users: list[Caller]) -> None:
    *players, looker = users[:5]
    record = dealt(house, *players)
    with house.store.write() as unit:
        unit.add(BridgeTable(id=TABLE, robots=False, kibitz=True, created_at=house.clock()))
    look_on(house, TABLE, looker)
    ended = moves.end_by_house(house, record.id)
    assert ended is not None
    assert boards.open_match(house, looker.user_id, ended)
    assert not boards.open_match(house, users[5].user_id, ended)


def test_who_looks_at_a_board_is_not_dealt_it(house: House, users: list[Caller]) -> None:
    *players, other = users[:5]
    record = dealt(house, *players)
    assert record.board_id is not None
    with pytest.raises(ServiceError) as refused:
        boards.look(house, players[1], record.board_id)
    assert refused.value.code == "not_allowed"
    boards.look(house, other, record.board_id)
    assert boards.may_see(house, other.user_id, record.board_id)
    assert not boards.may_see(house, players[1].user_id, record.board_id)
    assert given(house, other.user_id).number == 2
    boards.look(house, other, record.board_id)  # as often as they like
    with pytest.raises(ServiceError, match="no such board"):
        boards.look(house, other, "b" * 32)
    assert not boards.may_see(house, other.user_id, "b" * 32)


def test_a_match_is_open_to_its_players_and_to_those_who_may_see_its_board(
    house: House, users: list[Caller]
) -> None:
    first, second = users[:4], users[4:8]
    one = dealt(house, *first)
    everybody = [*(caller.user_id for caller in users), None]

    def opened(record: matches.MatchRecord) -> list[bool]:
        return [boards.open_match(house, user_id, record) for user_id in everybody]

    assert opened(one) == [False] * 9
    one = claimed(house, one, first, 7)
    assert opened(one) == [True] * 4 + [False] * 5
    two = dealt(house, *second)  # of the same board: nobody of the first table's is told
    assert two.board_id == one.board_id
    assert opened(one) == [True] * 4 + [False] * 5
    assert opened(two) == [False] * 9
    two = claimed(house, two, second, 8)
    assert opened(one) == opened(two) == [True] * 8 + [False]


def test_matches_of_other_games_are_open_when_they_are_over(
    house: House, users: list[Caller]
) -> None:
    anna, bert, carl = users[:3]
    record = begin(house, Setup("uttt"), anna, bert)
    for user_id in (anna.user_id, carl.user_id, None):
        assert not boards.open_match(house, user_id, record)
    record = play_out(house, record.id, anna, bert)
    for user_id in (anna.user_id, carl.user_id, None):
        assert boards.open_match(house, user_id, record)


def test_a_deal_is_not_looked_at_by_its_players_name(house: House, users: list[Caller]) -> None:
    """As other matches are: who does that is noted nowhere, and may yet be dealt the board."""
    *players, other = users[:5]
    dealt(house, *players)
    viewer = Viewer(other.user_id, "192.0.2.1")
    with pytest.raises(ServiceError) as refused:
        joined.find_to_watch(house, viewer, players[0].name)
    assert refused.value.code == "no_such_match"
    record = begin(house, Setup("uttt"), players[0], players[1])
    assert joined.find_to_watch(house, viewer, players[0].name).id == record.id


def test_what_everybody_may_see_needs_no_notes(
    house: House, users: list[Caller], clock: Clock
) -> None:
    players = users[:4]
    over, running = dealt(house, *players), dealt(house, *users[4:8])
    assert over.board_id == running.board_id
    passed(house, over, players)
    alone = passed(house, dealt(house, *players), players)
    assert alone.board_id is not None
    past = housekeeping.PARTS["boards_past"]
    assert past(house) == 0
    clock.turn(days=DAYS)
    assert past(house) == 4
    assert boards.may_see(house, players[0].user_id, alone.board_id)
    moves.end_by_house(house, running.id)
    assert past(house) == 8
    assert past(house) == 0
