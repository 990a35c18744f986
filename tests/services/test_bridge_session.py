"""A board's page, the session of a table, and the files that are made of both."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.services import accounts
from app.services.bridge import exports, field, session
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.store import BridgeTable
from tests.services.bridge_deals import PAR, ROBOT, analyse, claimed, dealt, four, passed
from tests.services.conftest import Clock

Account = Callable[[str], Caller]
ONE, TWO, THREE = "1" * 32, "2" * 32, "3" * 32


@pytest.fixture
def players(account: Account) -> list[Caller]:
    names = ("anna", "bert", "carl", "dora", "emil", "fred", "gina", "hans", "ines")
    return four(account, (*names, "jack", "kate", "liam", "mona"))


@pytest.fixture
def played(house: House, players: list[Caller], clock: Clock) -> list[MatchRecord]:
    """Board 1 at three tables: one no trump, making 90, 120 and 90; mona has not seen it."""
    found = []
    for tid, start, tricks in ((ONE, 0, 7), (TWO, 4, 8), (THREE, 8, 7)):
        four_of = players[start : start + 4]
        clock.turn(minutes=1)
        found.append(claimed(house, dealt(house, *four_of, tid=tid), four_of, tricks))
    return found


def test_every_table_is_on_a_boards_page(
    house: House, players: list[Caller], played: list[MatchRecord]
) -> None:
    first, best, last = played
    assert first.board_id is not None
    analyse(house, first.board_id)
    page = field.board_page(house, players[0].user_id, first.board_id)
    assert (page.number, page.dealer, page.vuln, page.top) == (1, "N", "none", 4)
    assert page.hands == first.engine.open_view(first.state)["deal"]
    assert page.analysis == PAR
    assert [row.match_id for row in page.rows] == [best.id, first.id, last.id]
    assert [row.score for row in page.rows] == [120, 90, 90]
    assert [row.matchpoints for row in page.rows] == [4, 1, 1]
    assert [row.imps for row in page.rows] == [1, -0.5, -0.5]
    row = page.rows[0]
    assert (row.table_id, row.contract, row.declarer, row.tricks) == (TWO, "1Z", "N", 8)
    assert row.lead == best.engine.open_view(best.state)["result"]["lead"]
    assert [row.players[side] for side in "NESW"] == [
        field.Player(name, bot=False) for name in ("emil", "fred", "gina", "hans")
    ]


def test_a_boards_page_is_for_those_who_may_not_play_it(
    house: House, players: list[Caller], played: list[MatchRecord], clock: Clock
) -> None:
    board_id = played[0].board_id
    assert board_id is not None
    for viewer in (players[12].user_id, None):
        for refused in (field.board_page, lambda *args: exports.board(*args, "pbn")):
            with pytest.raises(ServiceError) as error:
                refused(house, viewer, board_id)
            assert error.value.code == "not_allowed"
    with pytest.raises(ServiceError, match="no such board"):
        field.board_page(house, players[0].user_id, "b" * 32)
    clock.turn(days=7)
    assert len(field.board_page(house, None, board_id).rows) == 3


def test_a_board_played_once_has_nothing_to_compare(house: House, players: list[Caller]) -> None:
    record = passed(house, dealt(house, *players[:4]), players)
    assert record.board_id is not None
    page = field.board_page(house, players[0].user_id, record.board_id)
    (row,) = page.rows
    assert (row.matchpoints, page.top, row.imps, page.analysis) == (0, 0, None, None)
    assert (row.contract, row.declarer, row.lead, row.tricks) == ("pass", None, None, None)


def test_a_table_adds_up_its_deals(
    house: House, players: list[Caller], played: list[MatchRecord], clock: Clock
) -> None:
    clock.turn(minutes=5)
    north, east, south, west = players[:4]
    second = dealt(house, east, north, west, south, tid=ONE)  # all have changed places
    assert second.board_id is not None
    analyse(house, second.board_id)  # par is 110
    # East deals, and makes one no trump: -90 against 110 is -5 IMPs for those who sit North
    claimed(house, second, [east, north, west, south], 7)
    found = session.of(house, ONE, north.user_id)
    assert [row.number for row in found.rows] == [1, 2]
    assert [(row.score, row.imps, row.against) for row in found.rows] == [
        (90, -0.5, "field"),
        (-90, -5, "par"),
    ]
    assert found.rows[1].declarer == "E"
    assert found.imps == -5.5
    assert [(share.player.name, share.deals, share.imps) for share in found.shares] == [
        ("anna", 2, 4.5),
        ("carl", 2, 4.5),
        ("bert", 2, -4.5),
        ("dora", 2, -4.5),
    ]


def test_robots_are_told_apart(house: House, players: list[Caller]) -> None:
    house.thinking.spawn = lambda *_: None
    table = [*players[:3], ROBOT]
    record = passed(house, dealt(house, *table, tid=ONE), table)
    (row,) = session.of(house, ONE, players[0].user_id).rows
    assert row.players["W"] == field.Player("robot", bot=True)
    assert (row.match_id, row.imps, row.against) == (record.id, None, None)


def test_a_session_tells_nothing_of_what_may_be_dealt(
    house: House, players: list[Caller], played: list[MatchRecord], clock: Clock
) -> None:
    for viewer in (players[12].user_id, None):
        found = session.of(house, ONE, viewer)
        (row,) = found.rows
        assert not row.shown
        assert (row.number, row.match_id, row.players["S"].name) == (1, played[0].id, "carl")
        told = (row.contract, row.declarer, row.tricks, row.score, row.imps, row.against)
        assert told == (None,) * 6
        assert (found.imps, found.shares) == (0, [])
        assert "Board" not in exports.session(house, ONE, "pbn", viewer)
    assert session.of(house, ONE, players[5].user_id).rows[0].shown  # played at another table
    clock.turn(days=7)
    assert session.of(house, ONE).rows[0].shown


def test_a_table_without_a_deal_has_an_empty_session(house: House) -> None:
    with house.store.write() as unit:
        unit.add(BridgeTable(id=ONE, robots=True, kibitz=True, created_at=house.clock()))
    found = session.of(house, ONE)
    assert (found.rows, found.imps, found.shares) == ([], 0, [])
    with pytest.raises(ServiceError, match="no such table"):
        session.of(house, TWO)


def test_a_board_as_a_file(house: House, players: list[Caller], played: list[MatchRecord]) -> None:
    board_id, viewer = played[0].board_id, players[0].user_id
    assert board_id is not None
    analyse(house, board_id)
    text = exports.board(house, viewer, board_id, "pbn")
    assert text.count('[Board "1"]') == 3
    souths = [text.index(f'[South "{name}"]') for name in ("carl", "gina", "kate")]
    assert souths == sorted(souths)
    assert '[Score "NS 120"]' in text
    assert f'[Site "{house.config.SITE_NAME}"]' in text
    assert text.count('[OptimumScore "NS 110"]') == 3
    lines = exports.board(house, viewer, board_id, "lin").splitlines()
    assert len(lines) == 3
    assert all(line.count("|mb|") == 4 and "|mc|" in line for line in lines)
    with pytest.raises(ServiceError, match="no such format"):
        exports.board(house, viewer, board_id, "csv")
    with pytest.raises(ServiceError, match="no such board"):
        exports.board(house, viewer, "b" * 32, "pbn")


def test_a_session_as_a_file(
    house: House,
    players: list[Caller],
    played: list[MatchRecord],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exports, "ROUND", 2)
    for _ in range(4):
        clock.turn(minutes=1)
        passed(house, dealt(house, *players[:4], tid=ONE), players)
    text = exports.session(house, ONE, "pbn", players[0].user_id)
    numbers = [f'[Board "{number}"]' for number in range(1, 6)]
    assert [text.count(number) for number in numbers] == [1] * 5
    assert [text.index(number) for number in numbers] == sorted(map(text.index, numbers))
    assert len(exports.session(house, ONE, "lin", players[0].user_id).splitlines()) == 5


def test_one_deal_as_a_file(house: House, players: list[Caller]) -> None:
    record = dealt(house, *players[:4])
    with pytest.raises(ServiceError) as error:
        exports.match(house, players[0].user_id, record.id, "pbn")
    assert error.value.code == "not_allowed"
    record = claimed(house, record, players, 7)
    assert '[East "bert"]' in exports.match(house, players[0].user_id, record.id, "pbn")
    with pytest.raises(ServiceError) as error:
        exports.match(house, players[12].user_id, record.id, "pbn")
    assert error.value.code == "not_allowed"


def test_names_are_those_of_today(
    house: House, players: list[Caller], guest: Callable[[str], Caller]
) -> None:
    zeno = guest("zeno")
    table = [*players[:3], zeno]
    record = passed(house, dealt(house, *table), table)
    accounts.upgrade(house, zeno, "xeno", "pw")
    (row,) = field.board_page(house, zeno.user_id, record.board_id or "").rows
    assert row.players["W"] == field.Player("xeno", bot=False)
