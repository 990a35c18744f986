"""Ratings where teams play, and of more than one game."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete

from app.games import GAMES
from app.games.api import Outcome
from app.services import housekeeping, matches, profiles, ratings, removal
from app.services.house import House
from app.services.matches import Setup
from app.services.records import Bot, MatchRecord, RatingStep
from app.services.sessions import Caller
from app.store import Rating, RatingChange
from config import Config
from tests.services.cards import CPU, begin, play_rounds, scopa
from tests.services.conftest import Heard, play_out
from tests.services.hall import user_heard

Account = Callable[[str], Caller]
values = st.integers(0, 3000)
WON = Outcome("points", (1.0, 0.0), (0, 2))


class OnlyConfig:
    """As much of a house as the formula needs."""

    config = Config(RATING_K=20)


def after(values: tuple[int, ...], outcome: Outcome = WON) -> tuple[int, ...]:
    return ratings.after(OnlyConfig(), values, outcome)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "then"),
    [
        ((1000, 1000), (1010, 990)),
        ((1000, 1000, 1000, 1000), (1010, 990, 1010, 990)),
        ((1200, 1000, 800, 1000), (1210, 990, 810, 990)),  # as strong together as the others
        ((1400, 1000, 1400, 1000), (1402, 998, 1402, 998)),
        ((1600, 900, 1200, 1100), (1602, 898, 1202, 1098)),
        ((1000, 1400, 1000, 1400), (1018, 1382, 1018, 1382)),
        ((1001, 1000, 1000, 1000), (1011, 990, 1010, 990)),
    ],
)
def test_a_team_is_worth_its_mean(before: tuple[int, ...], then: tuple[int, ...]) -> None:
    assert after(before) == then


@given(values, values, st.sampled_from([(1.0, 0.0), (0.5, 0.5), (0.0, 1.0)]))
def test_two_players_as_ever(one: int, other: int, scores: tuple[float, float]) -> None:
    expected = (
        ratings.elo(one, other, scores[0], 20),
        ratings.elo(other, one, scores[1], 20),
    )
    assert after((one, other), Outcome("points", scores, ())) == expected


@given(st.tuples(values, values, values, values), st.sampled_from([(1.0, 0.0), (0.0, 1.0)]))
def test_partners_gain_alike_what_the_others_lose(
    before: tuple[int, int, int, int], scores: tuple[float, float]
) -> None:
    gains = [
        new - old
        for old, new in zip(before, after(before, replace(WON, scores=scores)), strict=True)
    ]
    assert abs(gains[0] - gains[2]) <= 1  # each is rounded on its own
    assert abs(gains[1] - gains[3]) <= 1
    assert abs(sum(gains)) <= 2
    assert all(gain * (score - 0.5) >= 0 for gain, score in zip(gains, scores * 2, strict=True))


def play(house: House, *players: Caller | Bot) -> MatchRecord:
    return play_rounds(house, begin(house, scopa(len(players)), *players).id, players)


def winners(record: MatchRecord) -> list[str]:
    assert record.outcome is not None
    return [record.seats[seat].name for seat in record.outcome.winners]


def test_four_are_rated_each_in_their_team(house: House, account: Account) -> None:
    players = [account(name) for name in ("anna", "bert", "carl", "dora")]
    record = play(house, *players)
    with house.store.read() as unit:
        rows = {row.user_id: row for row in unit.query(Rating).filter_by(game="scopa")}
        changes = unit.query(RatingChange).filter_by(match_id=record.id).all()
    assert {change.user_id for change in changes} == set(rows)
    for caller, step in zip(players, record.ratings, strict=True):
        row = rows[caller.user_id]
        won = caller.name in winners(record)
        assert (row.won, row.lost) == ((1, 0) if won else (0, 1))
        assert row.value == (1010 if won else 990)
        assert step == RatingStep(1000, row.value)
    assert ratings.place(house, "uttt", players[0].user_id) == (1, 1000)
    assert matches.get(house, record.id).ratings == record.ratings


def test_other_games_numbers_come_under_their_name(
    house: House, account: Account, heard: Heard
) -> None:
    anna, bert = account("anna"), account("bert")
    record = play(house, anna, bert)
    assert not user_heard(heard, anna.user_id, "elo_update")
    for caller in (anna, bert):
        (told,) = user_heard(heard, caller.user_id, "rating_update")
        won = caller.name in winners(record)
        assert told == {
            "game": "scopa",
            "elo": 1010 if won else 990,
            "rank": 1 if won else 2,
            "top_names": winners(record)
            + [n for n in ("anna", "bert") if n not in winners(record)],
            "top_elos": [1010, 990],
        }
    play_out(house, begin(house, Setup("uttt"), anna, bert).id, anna, bert)
    (told,) = user_heard(heard, anna.user_id, "elo_update")
    assert told == ratings.snapshot(house, anna.user_id)
    assert "game" not in told
    assert told["elo"] == 1010
    assert len(user_heard(heard, anna.user_id, "rating_update")) == 1


def test_who_plays_with_the_computer_is_not_rated(
    house: House, account: Account, heard: Heard
) -> None:
    anna, bert = account("anna"), account("bert")
    record = begin(house, scopa(4), anna, CPU, bert, replace(CPU, name="cpu2"))
    assert not record.rated
    house.thinking.spawn = lambda *_: None
    ended = play(house, anna, CPU)
    assert ended.ratings == (None, None)
    assert ratings.place(house, "scopa", anna.user_id) == (1, 1000)
    assert not user_heard(heard, anna.user_id, "rating_update")


def test_a_profile_game_by_game(house: House, account: Account) -> None:
    anna, bert = account("anna"), account("bert")
    new = profiles.player(house, "anna")
    assert (new.game, [rating.game for rating in new.ratings]) == ("uttt", ["uttt"])
    assert (new.history, new.recent) == ([], [])
    card = play(house, anna, bert)
    profile = profiles.player(house, "anna")
    assert profile.game == "scopa"
    assert [rating.game for rating in profile.ratings] == ["uttt", "scopa"]
    assert [rating.played for rating in profile.ratings] == [0, 1]
    assert [record.id for record in profile.recent] == [card.id]
    assert len(profile.history) == 1
    board = play_out(house, begin(house, Setup("uttt"), anna, bert).id, anna, bert)
    by_game = {game: profiles.player(house, "anna", game=game) for game in GAMES}
    assert [record.id for record in by_game["uttt"].recent] == [board.id]
    assert [record.id for record in by_game["scopa"].recent] == [card.id]
    assert [value for _, value in by_game["uttt"].history] == [1010]
    assert by_game["scopa"].history == profile.history
    assert len(profiles.recent(house, anna.user_id)) == 2


def test_a_removed_account_leaves_every_ranking(house: House, account: Account) -> None:
    anna, bert = account("anna"), account("bert")
    play(house, anna, bert)
    with house.store.write() as unit:
        removal.remove(house, unit, [bert.user_id])
    assert housekeeping.PARTS["ratings_cleared"](house) == 1
    assert [ratings.page(house, game).total for game in GAMES] == [1] * len(GAMES)
    assert housekeeping.PARTS["ratings_cleared"](house) == 0


def test_who_stands_nowhere_yet_begins_where_everyone_does(house: House, account: Account) -> None:
    anna, bert = account("anna"), account("bert")
    with house.store.write() as unit:
        unit.execute(delete(Rating).where(Rating.user_id == bert.user_id))
    record = play(house, anna, bert)
    assert [step and step.before for step in record.ratings] == [1000, 1000]
    assert ratings.page(house, "scopa").total == 2
