"""What a deal came to, stored and rated in the transaction that ends it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.services import matches, moves, ratings, settling, stakes
from app.services.bridge import results
from app.services.house import House
from app.services.records import MatchRecord, RatingStep
from app.services.sessions import Caller
from app.store import BoardResult, Rating, RatingChange
from tests.services.bridge_deals import ROBOT, TABLE, analyse, bid, claimed, dealt, four, passed
from tests.services.conftest import Clock, Heard
from tests.services.hall import user_heard

Account = Callable[[str], Caller]

# Board 1: North deals, nobody is vulnerable. One no trump made with as many tricks scores
MADE = {5: -100, 7: 90, 8: 120, 13: 270}


@pytest.fixture
def tables(account: Account) -> list[list[Caller]]:
    """Three tables' worth of accounts."""
    names = ("anna", "bert", "carl", "dora", "emil", "fred", "gina", "hans", "ines", "jack")
    players = four(account, (*names, "kate", "liam"))
    return [players[start : start + 4] for start in (0, 4, 8)]


def result_of(house: House, record: MatchRecord) -> BoardResult | None:
    with house.store.read() as unit:
        return unit.get(BoardResult, record.id)


def values(house: House, players: list[Caller]) -> list[int]:
    with house.store.read() as unit:
        found = [ratings.value_of(unit, caller.user_id, "bridge") for caller in players]
    return [value for value in found if value is not None]


def test_what_is_stored_of_a_deal(house: House, tables: list[list[Caller]], clock: Clock) -> None:
    clock.turn(minutes=3)
    record = claimed(house, dealt(house, *tables[0]), tables[0], 8)
    view = record.engine.open_view(record.state)
    found = result_of(house, record)
    assert found is not None
    assert (found.board_id, found.table_id) == (record.board_id, TABLE)
    assert (found.contract, found.declarer, found.tricks) == ("1Z", 0, 8)
    assert found.lead == view["trick"][0]["card"]
    assert (found.score, found.imps, found.at) == (MADE[8], None, clock.now)
    assert found.score == view["result"]["score_ns"]


def test_scores_are_north_and_souths(house: House, tables: list[list[Caller]]) -> None:
    record = dealt(house, *tables[0])
    bid(house, record.id, tables[0], "pass")
    east = claimed(house, record, tables[0], 5)
    found = result_of(house, east)
    assert found is not None
    assert (found.declarer, found.score) == (1, 100)


def test_a_deal_passed_out_is_a_result(house: House, tables: list[list[Caller]]) -> None:
    found = result_of(house, passed(house, dealt(house, *tables[0]), tables[0]))
    assert found is not None
    assert (found.contract, found.declarer, found.tricks, found.lead) == ("pass", None, None, None)
    assert found.score == 0


def test_a_deal_broken_off_is_none(house: House, tables: list[list[Caller]], clock: Clock) -> None:
    record = dealt(house, *tables[0])
    assert record.board_id is not None
    analyse(house, record.board_id)
    bid(house, record.id, tables[0], "1Z", "pass", "pass", "pass")
    ended = moves.end_by_house(house, record.id)
    assert ended is not None
    assert result_of(house, ended) is None
    assert ended.ratings == (None,) * 4

    record = dealt(house, *tables[1])
    bid(house, record.id, tables[1], "1Z", "pass", "pass", "pass")
    clock.turn(days=30)
    expired = moves.expire(house, record.id)
    assert expired is not None
    assert result_of(house, expired) is None
    assert expired.ratings == (None,) * 4
    assert values(house, tables[0] + tables[1]) == [1000] * 8


def test_the_first_result_is_compared_with_par(house: House, tables: list[list[Caller]]) -> None:
    record = dealt(house, *tables[0])
    assert record.board_id is not None
    analyse(house, record.board_id)  # par is 110
    record = claimed(house, record, tables[0], 13)  # 270: 160 better, 4 IMPs
    found = result_of(house, record)
    assert found is not None
    assert found.imps == 400
    assert record.ratings == (RatingStep(1000, 1005), RatingStep(1000, 995)) * 2
    assert results.share_of(4) == pytest.approx(0.76, abs=0.001)


def test_later_results_are_compared_with_those_before(
    house: House, tables: list[list[Caller]]
) -> None:
    first, second, third = (dealt(house, *players) for players in tables)
    assert first.board_id == second.board_id == third.board_id is not None
    analyse(house, first.board_id)
    first = claimed(house, first, tables[0], 7)  # 90 against 110: -1
    third = claimed(house, third, tables[2], 5)  # -100 against 90: -5
    second = claimed(house, second, tables[1], 13)  # 270 against 90 and -100: (5 + 9) / 2
    found = [result_of(house, record) for record in (first, second, third)]
    assert [row and row.imps for row in found] == [-100, 700, -500]
    for record, gain in ((first, -1), (second, 8), (third, -6)):
        assert [step and step.after - step.before for step in record.ratings] == [gain, -gain] * 2


def test_without_anything_to_compare_nobody_is_rated(
    house: House, tables: list[list[Caller]], heard: Heard
) -> None:
    record = claimed(house, dealt(house, *tables[0]), tables[0], 13)
    assert record.ratings == (None,) * 4
    assert not user_heard(heard, tables[0][0].user_id, "rating_update")


def test_a_fraction_of_an_imp_is_kept(house: House, tables: list[list[Caller]]) -> None:
    rows = [dealt(house, *players) for players in tables]
    claimed(house, rows[0], tables[0], 7)
    claimed(house, rows[1], tables[1], 8)
    last = claimed(house, rows[2], tables[2], 8)  # 120 against 90 and 120: 1 and 0
    found = result_of(house, last)
    assert found is not None
    assert found.imps == 50


def test_a_pair_is_rated_as_its_mean(house: House, tables: list[list[Caller]]) -> None:
    """The example of docs/bridge.md."""
    players = tables[0]
    with house.store.write() as unit:
        for caller, value in zip(players, (1240, 1000, 1160, 1040), strict=True):
            unit.get_one(Rating, (caller.user_id, "bridge")).value = value
    record = dealt(house, *players)
    assert record.board_id is not None
    analyse(house, record.board_id, {"tricks": {}, "par": {"score_ns": -90, "contracts": []}})
    record = claimed(house, record, players, 7)  # 90 against -90: 5 IMPs
    assert [step and step.after for step in record.ratings] == [1241, 999, 1161, 1039]
    assert values(house, players) == [1241, 999, 1161, 1039]
    with house.store.read() as unit:
        rows = {row.user_id: row for row in unit.scalars(select(Rating).filter_by(game="bridge"))}
        changes = list(unit.scalars(select(RatingChange).filter_by(match_id=record.id)))
    counted = [(rows[c.user_id].won, rows[c.user_id].drawn, rows[c.user_id].lost) for c in players]
    assert counted == [(1, 0, 0), (0, 0, 1)] * 2
    assert {change.game for change in changes} == {"bridge"}
    assert len(changes) == 4
    assert matches.get(house, record.id).ratings == record.ratings


def test_a_flat_board_is_a_draw(house: House, tables: list[list[Caller]]) -> None:
    one, two = (dealt(house, *players) for players in tables[:2])
    claimed(house, one, tables[0], 7)
    record = claimed(house, two, tables[1], 7)
    assert record.ratings == (RatingStep(1000, 1000),) * 4
    with house.store.read() as unit:
        drawn = [unit.get_one(Rating, (c.user_id, "bridge")).drawn for c in tables[1]]
    assert drawn == [1] * 4


def test_only_four_accounts_are_rated(
    house: House, tables: list[list[Caller]], guest: Callable[[str], Caller]
) -> None:
    house.thinking.spawn = lambda *_: None
    north, east, south, west = tables[0]
    worth = []
    for players in ([north, east, south, ROBOT], [guest("zeno"), east, south, west]):
        record = dealt(house, *players)
        assert record.board_id is not None
        analyse(house, record.board_id)
        assert not record.rated
        record = claimed(house, record, players, 13)
        assert record.ratings == (None,) * 4
        found = result_of(house, record)
        assert found is not None
        worth.append(found.imps)
    assert worth == [400, -900]  # 270 for who dealt: North, then East
    assert values(house, tables[0]) == [1000] * 4


def test_a_result_that_cannot_be_rated_is_no_end(
    house: House, tables: list[list[Caller]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it is one transaction."""
    record = dealt(house, *tables[0])
    assert record.board_id is not None
    analyse(house, record.board_id)

    def fail(*_: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(settling, "rate", fail)
    with pytest.raises(RuntimeError):
        claimed(house, record, tables[0], 7)
    stored = matches.get(house, record.id)
    assert not stored.over
    assert result_of(house, stored) is None
    monkeypatch.undo()
    (last,) = stored.actors
    done = matches.submit(house, tables[0][last], record.id, {"answer": True})
    assert done.over
    assert result_of(house, done) is not None


def test_leaving_a_deal_costs_no_rating(house: House, tables: list[list[Caller]]) -> None:
    record = dealt(house, *tables[0])
    bid(house, record.id, tables[0], "1Z", "pass", "pass", "pass")
    assert stakes.cost(house, tables[0][0], matches.get(house, record.id)) is None
