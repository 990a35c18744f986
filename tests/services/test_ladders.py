"""A worker's ladders follow what is committed, by itself and by others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import delete, func, select, update

from app.services import accounts, ladders, lobby, matches, programs, ratings, removal
from app.services.house import House
from app.services.ladders import AGAIN, KEPT, LATE, Ladder, Ladders
from app.services.sessions import Caller
from app.store import Rating, RatingChange, User
from app.store.ratings import Standing
from tests.services.conftest import CLIENT, SHORT_WIN, Clock, move, play_out

Account = Callable[[str], Caller]


@pytest.fixture
def people(account: Account) -> list[Caller]:
    return [account(name) for name in ("anna", "bert", "carl", "dora")]


def another(house: House) -> House:
    """Another worker on the same database."""
    return replace(house, ladders=Ladders())


def play(house: House, one: Caller, other: Caller) -> None:
    """A rated match, which the first wins."""
    play_out(house, lobby.invite(house, one, other.name).id, one, other)


def ranking(house: House) -> list[tuple[int, str, int]]:
    return [(row.rank, row.name, row.value) for row in ratings.page(house, "uttt").rows]


def counted(house: House, value: int) -> int:
    """The rank of a rating, by counting."""
    higher = select(func.count()).where(Rating.game == "uttt", Rating.value > value)
    with house.store.read() as unit:
        return 1 + (unit.scalar(higher) or 0)


def test_ranks_are_those_that_counting_gives(house: House, people: list[Caller]) -> None:
    anna, bert, carl, dora = people
    first = ratings.snapshot(house, anna.user_id)
    assert (first["elo"], first["rank"]) == (1000, 1)
    for one, other in ((anna, bert), (anna, carl), (bert, dora), (dora, carl), (anna, bert)):
        play(house, one, other)
        for data in ratings.snapshots(house, [each.user_id for each in people]).values():
            assert data["rank"] == counted(house, data["elo"])
            assert data["top_elos"] == sorted(data["top_elos"], reverse=True)
    rows = ranking(house)
    assert [row[1] for row in rows] == ratings.snapshot(house, anna.user_id)["top_names"]
    assert [row[0] for row in rows] == [counted(house, row[2]) for row in rows]


def test_what_another_worker_saves_is_seen_at_once(house: House, people: list[Caller]) -> None:
    anna, bert, *_ = people
    other = another(house)
    assert ranking(house) == ranking(other)
    play(other, anna, bert)
    assert ranking(house)[0] == (1, "anna", 1010)
    assert ratings.place(house, "uttt", bert.user_id) == (4, 990)


def test_new_accounts_and_their_first_results_are_counted_once(
    house: House, people: list[Caller], account: Account
) -> None:
    ratings.page(house, "uttt")
    emil = account("emil")
    play(house, emil, people[0])
    assert ranking(house)[0] == (1, "emil", 1010)
    assert ratings.page(house, "uttt").total == 5
    play(house, emil, people[0])
    assert ratings.page(house, "uttt").total == 5
    assert [row[2] for row in ranking(house)] == [1019, 1000, 1000, 1000, 981]


def test_a_guest_who_becomes_an_account_is_in_the_list(
    house: House, people: list[Caller], guest: Callable[[str], Caller]
) -> None:
    passer_by = guest("gina")
    account_after = accounts.register(house, "zoe", "pw", client=CLIENT).caller
    ratings.page(house, "uttt")
    accounts.upgrade(house, passer_by, "gina", "a password")
    names = [name for _, name, _ in ranking(house)]
    assert {"gina", account_after.name} <= set(names)


def test_bots_have_a_ladder_of_their_own_from_the_moment_they_are_bots(
    house: House, people: list[Caller]
) -> None:
    anna = people[0]
    ratings.page(house, "uttt")
    programs.mark(house, anna.user_id)
    assert "anna" not in [name for _, name, _ in ranking(house)]
    assert [row.name for row in ratings.page(house, "uttt", automatic=True).rows] == ["anna"]
    assert ratings.place(house, "uttt", anna.user_id) == (1, 1000)


def test_whoever_is_removed_is_on_no_ladder(
    house: House, people: list[Caller], heard: object
) -> None:
    ratings.page(house, "uttt")
    with house.store.write() as unit:
        unit.execute(update(User).where(User.name == "carl").values(active=False))
        assert removal.clear_ratings(unit) == 1
    ladders.renew(house)
    assert [name for _, name, _ in ranking(house)] == ["anna", "bert", "dora"]


def test_what_nobody_has_told_of_is_seen_after_a_while(
    house: House, people: list[Caller], clock: Clock
) -> None:
    ratings.page(house, "uttt")
    with house.store.write() as unit:
        unit.execute(delete(Rating).where(Rating.user_id == people[3].user_id))
    assert ratings.page(house, "uttt").total == 4
    clock.turn(seconds=AGAIN.total_seconds())
    assert ratings.page(house, "uttt").total == 3


def test_a_clock_that_was_set_back_does_not_keep_a_ladder_for_ever(
    house: House, people: list[Caller], clock: Clock
) -> None:
    ratings.page(house, "uttt")
    with house.store.write() as unit:
        unit.execute(delete(Rating).where(Rating.user_id == people[3].user_id))
    clock.turn(days=-1)
    assert ratings.page(house, "uttt").total == 3


def change(number: int, user: Caller, before: int, after: int, match_id: str) -> RatingChange:
    """A change as another worker may commit it, late."""
    return RatingChange(
        id=number,
        match_id=match_id,
        user_id=user.user_id,
        game="uttt",
        before=before,
        after=after,
        at=Clock()(),
    )


def test_numbers_that_come_late_are_taken_in(
    house: House, people: list[Caller], clock: Clock
) -> None:
    """On PostgreSQL the transaction that has taken a lower number may commit later."""
    anna, bert, carl, dora = people
    ids = [lobby.invite(house, anna, other.name).id for other in (bert, carl)]
    ratings.page(house, "uttt")

    def commit(user: Caller, number: int, value: int, match_id: str) -> None:
        with house.store.write() as unit:
            unit.add(change(number, user, 1000, value, match_id))
            mine = Rating.user_id == user.user_id, Rating.game == "uttt"
            unit.execute(update(Rating).where(*mine).values(value=value))

    commit(anna, 12, 1010, ids[0])
    assert ratings.place(house, "uttt", bert.user_id) == (2, 1000)
    commit(carl, 11, 1020, ids[1])
    assert ratings.place(house, "uttt", bert.user_id) == (3, 1000)
    assert ranking(house)[:2] == [(1, "carl", 1020), (2, "anna", 1010)]
    clock.turn(seconds=LATE.total_seconds())
    commit(dora, 14, 1030, ids[0])
    assert ranking(house)[0] == (1, "dora", 1030)
    commit(bert, 13, 1040, ids[1])
    assert ranking(house)[0] == (1, "bert", 1040)


def test_somebody_who_falls_out_of_the_best_makes_room(clock: Clock) -> None:
    ladder = Ladder({1000: 2 * KEPT}, clock())
    everyone = [Standing(number, f"p{number}", 1000) for number in range(1, 2 * KEPT + 1)]
    assert ladder.short
    ladder.set_best(everyone[:KEPT])
    assert not ladder.short
    for each in everyone[: KEPT // 2 + 1]:
        ladder.move(each._replace(value=990), 1000)
    assert ladder.short
    assert ladder.rank(990) == 2 * KEPT - KEPT // 2
    ladder.set_best(everyone[KEPT // 2 + 1 : KEPT + KEPT // 2 + 1])
    ladder.move(everyone[-1]._replace(value=1010), 1000)
    assert ladder.best()[0][:2] == [f"p{2 * KEPT}", f"p{KEPT // 2 + 2}"]
    assert (ladder.total, ladder.rank(1000)) == (2 * KEPT, 2)


def test_a_place_is_found_among_equals(clock: Clock) -> None:
    ladder = Ladder({1010: 1, 1000: 3, 990: 2}, clock())
    assert [ladder.at(place) for place in range(6)] == [
        (1010, 0),
        *[(1000, 1)] * 3,
        *[(990, 4)] * 2,
    ]


def test_pages_of_equals_follow_one_another(
    house: House, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ratings, "PAGE", 2)
    for name in ("anna", "bert", "carl", "dora", "emil"):
        account(name)
    pages = [ratings.page(house, "uttt", number) for number in (1, 2, 3)]
    assert [[row.name for row in page.rows] for page in pages] == [
        ["anna", "bert"],
        ["carl", "dora"],
        ["emil"],
    ]
    assert {row.rank for page in pages for row in page.rows} == {1}


def test_a_match_of_guests_changes_no_ladder(
    house: House, people: list[Caller], guest: Callable[[str], Caller]
) -> None:
    before = ranking(house)
    record = lobby.invite(house, people[0], guest("gina").name)
    matches.submit(house, people[0], record.id, move(*SHORT_WIN[0]))
    assert ranking(house) == before
