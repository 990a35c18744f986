"""Matches with a deal before the first move, hidden cards, four seats, and the computer in some."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from app.games import GAMES
from app.services import accounts, housekeeping, matches, stakes
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import Bot, EndedBy, MatchRecord
from app.services.sessions import Caller
from app.store import Match
from tests.services.cards import CPU, begin, first_move, move_on, play_rounds, scopa
from tests.services.conftest import Clock, Heard
from tests.services.hall import refusal

Account = Callable[[str], Caller]


class Player:
    """The computer, who plays its first legal move and remembers what it was shown."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []

    def __call__(self, game: str, strength: str, view: Any, seconds: float | None) -> Any:
        self.asked.append((game, strength, view))
        seat = view["to_move"]
        card = view["hands"][seat][0]
        move = {"card": card["suit"] * 10 + card["value"] - 1}
        return move | {"take": 0} if len(view["takes"][0]) > 1 else move


@pytest.fixture
def player(house: House) -> Player:
    house.thinking.ask = found = Player()
    return found


@pytest.fixture
def events(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, list[str]]]:
    """Every version that is told, with the kinds of what happened."""
    told: list[tuple[int, list[str]]] = []
    listen = heard.match

    def match(record: MatchRecord, events: Any = ()) -> None:
        told.append((record.version, [event.kind for event in events]))
        listen(record, events)

    monkeypatch.setattr(heard, "match", match)
    return told


@pytest.fixture
def four(account: Account) -> list[Caller]:
    return [account(name) for name in ("anna", "bert", "carl", "dora")]


def test_a_match_begins_with_its_first_deal(
    house: House, account: Account, events: list[tuple[int, list[str]]]
) -> None:
    anna, bert = account("anna"), account("bert")
    record = begin(house, scopa(), anna, bert)
    assert record.rated
    assert [info.name for info in record.seats] == ["anna", "bert"]
    ((version, kinds),) = events
    assert version == 0
    assert kinds[-2:] == ["deal", "dealt"]
    assert kinds == [event.kind for event in matches.steps(house, record.id)[0].events]
    moved = move_on(house, record.id, anna, bert)
    assert events[1] == (1, [event.kind for event in matches.steps(house, record.id)[1].events])
    assert matches.steps(house, record.id)[-1].state == moved.state


def test_a_match_is_its_log_to_the_end(house: House, four: list[Caller]) -> None:
    record = play_rounds(house, begin(house, scopa(4), *four).id, four)
    assert record.outcome is not None
    assert record.outcome.reason == "points"
    steps = matches.steps(house, record.id)
    assert len(steps) == record.version + 1
    assert steps[-1].state == record.state == matches.get(house, record.id).state
    assert record.user_ids == tuple(caller.user_id for caller in four)


def test_what_is_logged_of_a_match_tells_no_secrets(house: House, four: list[Caller]) -> None:
    record = begin(house, scopa(4), *four)
    text = repr(record)
    assert record.commitment not in text
    assert repr(record.seed) not in text
    assert "Card" not in text
    assert record.id in text


def test_steps_of_no_match(house: House) -> None:
    assert refusal(lambda: matches.steps(house, "0" * 32)) == "no_such_match"


def test_a_replay_opens_the_hands_only_once_it_is_over(house: House, four: list[Caller]) -> None:
    record = begin(house, scopa(4, "scopone"), *four)
    play_rounds(house, record.id, four, moves=5)
    _, running = matches.replay(house, record.id, 0)
    assert [len(hand) for hand in running["hands"]] == [10] * 4
    assert all(card.keys() == {"place"} for hand in running["hands"] for card in hand)
    assert "captured" not in running or running["captured"] == [[], []]
    matches.end(house, four[1], record.id)
    ended, opened = matches.replay(house, record.id, 0)
    assert ended.over
    dealt = [card for hand in opened["hands"] for card in hand]
    assert len({(card["suit"], card["value"]) for card in dealt}) == 40
    assert matches.replay(house, record.id, 99)[1]["over"]
    assert matches.replay(house, record.id, -1)[1] == opened


def test_leaving_costs_all_four_only_once_all_have_moved(house: House, four: list[Caller]) -> None:
    record = begin(house, scopa(4), *four)
    record = play_rounds(house, record.id, four, moves=3)
    assert stakes.cost(house, four[0], record) is None
    leaver = four[min(record.actors)]
    record = play_rounds(house, record.id, four, moves=1)
    assert stakes.cost(house, leaver, record) == stakes.Cost(1000, 990)
    ended = matches.end(house, leaver, record.id)
    assert ended.outcome is not None
    assert ended.ended_by == EndedBy("resign", leaver.name)
    seat = ended.seat_of(leaver.user_id)
    assert seat is not None
    assert ended.outcome.winners == ((1, 3) if seat % 2 == 0 else (0, 2))


def test_before_that_a_match_of_four_ends_without_a_result(
    house: House, four: list[Caller]
) -> None:
    record = play_rounds(house, begin(house, scopa(4), *four).id, four, moves=3)
    ended = matches.end(house, four[2], record.id)
    assert ended.ended_by == EndedBy("abort", "carl")
    assert ended.ratings == (None,) * 4


def test_time_runs_out_for_one_of_four(house: House, four: list[Caller], clock: Clock) -> None:
    record = play_rounds(house, begin(house, scopa(4), *four).id, four, moves=4)
    late = four[min(record.actors)]
    clock.turn(seconds=house.config.MATCH_TTL)
    ended = matches.expire(house, record.id)
    assert ended is not None
    assert ended.ended_by == EndedBy("timeout", late.name)


def test_it_is_agreed_on_as_before(house: House, four: list[Caller]) -> None:
    setup = scopa(2, "cirulla", grace=60, code="house", rated=False)
    setup = replace(setup, options={"players": 2, "matta": "seven_of_coins", "grande": "downwards"})
    record = begin(house, setup, *four[:2])
    again = matches.setup_of(record)
    assert again == replace(setup, time=record.time)


# The computer


def test_the_computer_plays_at_once_whenever_it_is_to(
    house: House, account: Account, player: Player, events: list[tuple[int, list[str]]]
) -> None:
    anna = account("anna")
    players: list[Caller | Bot] = [anna, CPU]
    record = begin(house, scopa(), *players)
    assert not record.rated
    assert record.seats[1].bot == "easy"
    assert record.others_of(anna.user_id) == (record.seats[1],)
    record = matches.get(house, record.id)
    while not record.over:
        assert record.actors == {0}
        matches.submit(house, anna, record.id, first_move(record))
        record = matches.get(house, record.id)
    assert {strength for _, strength, _ in player.asked} == {"easy"}
    assert [version for version, _ in events] == list(range(record.version + 1))


def test_three_computers_play_on_until_it_is_a_persons_turn(
    house: House, account: Account, player: Player
) -> None:
    anna = account("anna")
    bots = [Bot("easy", f"cpu{number}") for number in (1, 2, 3)]
    record = begin(house, scopa(4, "scopone"), *bots[:2], anna, bots[2])
    for _ in range(3):
        record = matches.get(house, record.id)
        assert record.actors == {2}
        matches.submit(house, anna, record.id, first_move(record))
    assert record.seat_of(None) is None
    assert record.user_ids == (anna.user_id,)


def test_the_computer_sees_no_more_than_its_seat(
    house: House, account: Account, player: Player
) -> None:
    anna = account("anna")
    record = begin(house, scopa(), CPU, anna)
    for _ in range(4):
        move = first_move(record := matches.get(house, record.id))
        matches.submit(house, anna, record.id, move)
    assert len(player.asked) >= 4
    for _, _, view in player.asked:
        assert all(card.keys() == {"place"} for card in view["hands"][1])
        assert "seed" not in json.dumps(view)


def test_a_move_for_a_version_that_has_passed_is_not_made(
    house: House, account: Account, heard: Heard
) -> None:
    anna = account("anna")
    house.thinking.spawn = lambda *_: None  # nobody thinks
    record = begin(house, scopa(), CPU, anna)
    while record.actors != {0}:
        record = matches.submit(house, anna, record.id, first_move(record))
    move = first_move(record)
    done = matches.submit_for(house, record, 0, move)
    assert done is not None
    told = len(heard.matches)
    assert matches.submit_for(house, record, 0, move) is None
    assert len(heard.matches) == told
    assert matches.get(house, record.id).version == done.version
    assert refusal(lambda: matches.submit_for(house, done, 0, move)) == "not_your_turn"
    assert refusal(lambda: matches.submit_for(house, record, 0, {"card": 99})) == "malformed"


def test_a_computer_that_is_too_late_has_lost(house: House, account: Account, clock: Clock) -> None:
    anna = account("anna")
    house.thinking.spawn = lambda *_: None
    record = begin(house, scopa(), CPU, anna)
    record = play_rounds(house, record.id, [CPU, anna], moves=2)
    while record.actors != {0}:
        record = move_on(house, record.id, CPU, anna)
    clock.turn(seconds=house.config.MATCH_TTL)
    assert matches.submit_for(house, record, 0, first_move(record)) is None
    ended = matches.get(house, record.id)
    assert ended.ended_by == EndedBy("timeout", "cpu1")
    assert ended.outcome is not None
    assert ended.outcome.winners == (1,)


@pytest.mark.parametrize("how", ["housekeeping", "worker start"])
def test_what_a_killed_worker_left_is_played(
    house: House, account: Account, player: Player, clock: Clock, how: str
) -> None:
    anna = account("anna")
    think, house.thinking.spawn = house.thinking.spawn, lambda *_: None
    record = begin(house, scopa(), CPU, anna)
    while record.actors != {0}:
        record = matches.submit(house, anna, record.id, first_move(record))
    other = begin(house, scopa(), CPU, account("bert"))
    house.thinking.leave(record.id)
    house.thinking.leave(other.id)
    house.thinking.spawn = think
    bad = begin(house, scopa(), CPU, account("carl")).id
    with house.store.write() as unit:
        unit.execute(update(Match).where(Match.id == bad).values(state="{}"))

    if how == "worker start":
        matches.set_timers(house)
    else:
        housekeeping.run(house)
        assert matches.get(house, record.id).version == record.version, "it may be thinking"
        clock.turn(seconds=6)
        housekeeping.run(house)
    assert matches.get(house, record.id).actors == {1}
    assert matches.get(house, other.id).actors == {1}
    assert housekeeping.PARTS["computers_woken"](house) == 0


def test_a_guest_may_play_the_computer_and_become_an_account_meanwhile(
    house: House, guest: Callable[..., Caller], player: Player, heard: Heard
) -> None:
    caller = guest("gast")
    record = begin(house, scopa(), caller, CPU)
    heard.matches.clear()
    accounts.upgrade(house, caller, "greta", "pw")
    assert [info.name for info in heard.matches[-1].seats] == ["greta", "cpu1"]
    assert matches.open_of(house, caller.user_id)[0].id == record.id


def test_nobody_makes_the_computers_moves(house: House, four: list[Caller]) -> None:
    house.thinking.spawn = lambda *_: None
    record = begin(house, scopa(), CPU, four[0])
    with pytest.raises(ServiceError) as caught:
        matches.submit(house, four[1], record.id, first_move(record))
    assert caught.value.code == "not_your_match"


def test_every_game_says_how_many_sit_down(house: House, four: list[Caller]) -> None:
    for setup, players in ((scopa(2), 2), (scopa(4), 4)):
        record = begin(house, setup, *four[:players])
        assert record.options is not None
        assert GAMES["scopa"].players(record.options) == players == len(record.seats)
