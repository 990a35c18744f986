"""The computer's turns in a match: made where it is its turn, once, whatever happens meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.bots import answer
from app.games.api import Json
from app.services import computer, matches
from app.services.house import House
from app.services.matches import Setup
from app.services.records import Bot, MatchRecord
from app.services.sessions import Caller

Account = Callable[[str], Caller]


def begin(house: House, *players: Caller | None, variant: str = "classic") -> MatchRecord:
    """A match of scopa, None for each seat of the computer's."""
    setup = Setup("scopa", variant, options={"players": len(players)})
    seats = [
        Bot("easy", f"cpu{seat}") if caller is None else caller.user_id
        for seat, caller in enumerate(players)
    ]
    with house.store.write() as unit:
        match_id = matches.start(house, unit, setup, seats)
    return matches.begun(house, match_id)


def first_move(house: House, record: MatchRecord) -> Json:
    (seat,) = record.actors
    return record.engine.move_json(record.engine.legal_moves(record.state, seat)[0])


def bots_moves(house: House, match_id: str, record: MatchRecord) -> int:
    """How many moves of the computer's are in the log."""
    return sum(
        entry.seat is not None and record.seats[entry.seat].bot is not None
        for entry in matches.log(house, match_id)
    )


class Slow:
    """A background that waits until it is told to go on."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Any, ...]] = []

    def __call__(self, *call: Any) -> None:
        self.waiting.append(call)

    def go_on(self) -> None:
        waiting, self.waiting = self.waiting, []
        for function, *args in waiting:
            function(*args)


@pytest.mark.parametrize("seats", ["ab", "ba", "abbb", "bbba"])
def test_a_match_goes_on_to_its_end(house: House, account: Account, seats: str) -> None:
    anna = account("anna")
    record = begin(house, *[anna if seat == "a" else None for seat in seats])
    mine = record.seat_of(anna.user_id)
    while not (record := matches.get(house, record.id)).over:
        assert record.actors == {mine}, "nobody waits for the computer"
        matches.submit(house, anna, record.id, first_move(house, record), record.version)
    assert record.outcome is not None
    assert record.outcome.reason == "points"
    moves = [entry.seat for entry in matches.log(house, record.id)]
    assert set(moves) == set(range(len(seats)))
    assert matches.replay(house, record.id)[0].version == len(moves)


def test_its_view_is_that_of_its_seat(house: House, account: Account) -> None:
    asked: list[tuple[str, str, Json]] = []

    def ask(game: str, strength: str, view: Json, seconds: float | None) -> Json:
        asked.append((game, strength, view))
        return answer(game, strength, view)

    house.thinking.ask = ask
    anna = account("anna")
    record = begin(house, anna, None)
    if record.actors == {0}:
        matches.submit(house, anna, record.id, first_move(house, record))
    game, strength, view = asked[0]
    assert (game, strength, view["to_move"]) == ("scopa", "easy", 1)
    assert all("suit" in card for card in view["hands"][1])
    assert not any("suit" in card for card in view["hands"][0])


def test_one_thinks_about_a_match_at_a_time(house: House, account: Account) -> None:
    slow = house.thinking.spawn = Slow()
    anna = account("anna")
    record = begin(house, anna, None)
    if record.actors == {0}:
        record = matches.submit(house, anna, record.id, first_move(house, record))
    computer.wake(house, record)
    computer.wake(house, matches.get(house, record.id))
    assert len(slow.waiting) == 1
    before = record.version
    slow.go_on()
    assert matches.get(house, record.id).version == before + 1
    assert not slow.waiting
    computer.wake(house, record)  # by one who has not heard: there is nothing to do any more
    slow.go_on()
    assert matches.get(house, record.id).version == before + 1


def test_a_match_that_moved_on_meanwhile_is_looked_at_again(house: House, account: Account) -> None:
    slow = house.thinking.spawn = Slow()
    anna = account("anna")
    record = begin(house, anna, None, None, None)
    while record.actors == {0}:
        record = matches.submit(house, anna, record.id, first_move(house, record))
    elsewhere = replace(house, thinking=type(house.thinking)())
    meant: list[int] = []

    def ask(game: str, strength: str, view: Json, seconds: float | None) -> Json:
        if not meant:  # another worker moves in the middle of the first thought
            computer.wake(elsewhere, record)
        meant.append(view["to_move"])
        return answer(game, strength, view)

    house.thinking.ask = ask
    slow.go_on()
    now = matches.get(house, record.id)
    assert now.actors == {0}
    assert len(meant) == 1, "what the other worker had done was not done again"
    assert bots_moves(house, record.id, now) == 4 - min(record.actors)


def test_a_match_that_ends_meanwhile_is_left_alone(house: House, account: Account) -> None:
    slow = house.thinking.spawn = Slow()
    anna = account("anna")
    record = begin(house, anna, None)
    if record.actors == {0}:
        record = matches.submit(house, anna, record.id, first_move(house, record))
    ended = matches.end(house, anna, record.id)
    slow.go_on()
    assert matches.get(house, record.id).version == ended.version


def test_who_could_not_think_is_woken_again(house: House, account: Account) -> None:
    def fails(*_: Any) -> Json:
        raise RuntimeError("no idea")

    slow = house.thinking.spawn = Slow()
    anna = account("anna")
    record = begin(house, anna, None)
    if record.actors == {0}:
        record = matches.submit(house, anna, record.id, first_move(house, record))
    ask, house.thinking.ask = house.thinking.ask, fails
    with pytest.raises(RuntimeError):
        slow.go_on()
    house.thinking.ask = ask
    computer.wake(house, record)
    slow.go_on()
    assert matches.get(house, record.id).actors == {0}


def test_many_turns_in_a_row_do_not_go_deep(house: House, account: Account) -> None:
    depths: list[int] = []

    def ask(game: str, strength: str, view: Json, seconds: float | None) -> Json:
        frame, depth = sys._getframe(), 0
        while frame.f_back is not None:
            frame, depth = frame.f_back, depth + 1
        depths.append(depth)
        return answer(game, strength, view)

    house.thinking.ask = ask
    begin(house, None, None)  # nobody is there to wait for: it plays to the end at once
    assert len(depths) > 36
    assert len(set(depths)) == 1
