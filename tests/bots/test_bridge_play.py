"""The computer's card play: legal, blind to what it does not see, and right where it is clear."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any

import pytest

from app.bots import choose, strengths
from app.bots.bridge import double_dummy, play
from app.bots.bridge.pictures import pictures
from app.bots.bridge.play import CARE, Care
from app.bots.bridge.player import players
from app.bots.bridge.rules_of_thumb import ranking
from app.bots.bridge.sampling import layouts
from app.bots.bridge.sight import Sight, read
from app.games.bridge import BRIDGE, BridgeOptions, Play, State
from tests.games.bridge_positions import (
    SEATS,
    called,
    card,
    hand,
    played,
    reshuffle,
    start,
    taken_back,
)

LITTLE = 0.05  # of the effort: enough to look at deals, little enough for whole matches
PLAYERS = players(double_dummy.solve)


def dealt(number: int) -> State:
    return BRIDGE.initial(BridgeOptions("standard", number), bytes([number])).state


def walk(state: State, player: Any, effort: float) -> Iterator[tuple[State, int, Any]]:
    """Every position of a deal that one player plays alone, who is to act, and what it does."""
    rng = Random(7)
    while state.outcome is None:
        seat = min(BRIDGE.actors(state))
        move = BRIDGE.parse_move(player(BRIDGE.view(state, seat), rng, effort))
        yield state, seat, move
        state = BRIDGE.apply(state, seat, move).state
    yield state, -1, None


def sight_of(state: State) -> Sight:
    (seat,) = BRIDGE.actors(state)
    return read(BRIDGE.view(state, seat))


@pytest.mark.parametrize("strength", strengths("bridge"))
def test_every_strength_plays_deals_to_the_end(strength: str) -> None:
    for number in (1, 2, 3):
        *_, (end, _, _) = walk(dealt(number), PLAYERS[strength], LITTLE)
        assert end.outcome is not None
        assert end.outcome.reason in ("played", "passed")


def test_without_a_solver_all_play_alike_and_legally() -> None:
    for number in range(1, 9):
        for state, seat, move in walk(dealt(number), PLAYERS["easy"], 1.0):
            if move is not None:
                view = BRIDGE.view(state, seat)
                raw = BRIDGE.move_json(move)
                for each in strengths("bridge"):
                    assert choose("bridge", each, view, Random(1)) == raw


def test_what_it_does_not_see_changes_nothing() -> None:
    random, told_apart = Random(3), 0
    for state, seat, move in walk(dealt(4), PLAYERS["medium"], LITTLE):
        if not isinstance(move, Play):
            continue
        other = reshuffle(state, seat, move, seat, random)
        view, twin = BRIDGE.view(state, seat), BRIDGE.view(other, seat)
        assert view == twin
        told_apart += state != other
        one, again = (PLAYERS["medium"](each, Random(5), LITTLE) for each in (view, twin))
        assert one == again
    assert told_apart > 30


# Which card

TWO_WAYS = start(deal=(
    hand("32...AKQJT987654"), hand("7654.K.AQT9876.2"),
    hand("AQ.QJT98765432.."), hand("KJT98.A.KJ5432.3"),
))  # fmt: skip
"""South has ace and queen of spades, and the king may be with either defender."""


def test_a_finesse_is_taken_where_it_costs_nothing() -> None:
    state = played(called(TWO_WAYS, "- - 1Z - - -"), "C3 CA C2 H2 S2 S4")
    sight = sight_of(state)
    assert sight.legal == (card("SQ"), card("SA"))
    chosen = play.choose(sight, CARE["strong"], Random(1), double_dummy.solve)
    assert chosen == card("SQ")


def test_a_contract_is_worth_more_than_overtricks() -> None:
    """Of two cards one makes three tricks more or goes down: not at IMPs."""
    state = played(called(TWO_WAYS, "- - 1Z - - -"), "C3 CA C2 H2 S2 S4")
    sight = sight_of(state)
    bold, safe = sight.legal
    luck = iter([11, 11, 3, 11, 11, 3])

    def solve(*_: Any) -> tuple[dict[int, int], int]:
        return {bold: next(luck), safe: 7}, 1

    assert play.choose(sight, Care(6, 10**9), Random(1), solve) == safe
    luck = iter([11, 11, 7, 11, 11, 7])
    assert play.choose(sight, Care(6, 10**9), Random(1), solve) == bold


def test_defenders_want_the_contract_down() -> None:
    sight = sight_of(played(called(TWO_WAYS, "- - 1Z - - -"), "C3 CA C2 H2 S2 S4 SQ"))
    assert sight.turn == 3
    low, king = card("S8"), card("SK")

    def solve(*_: Any) -> tuple[dict[int, int], int]:
        return {each: 8 if each == low else 6 for each in sight.legal}, 1

    assert play.choose(sight, Care(3, 10**9), Random(1), solve) == low
    assert play.choose(sight, Care(0, 0), Random(1), solve) == king, "if nothing is looked at"


def test_no_deal_is_looked_at_where_cards_are_equal() -> None:
    state = called(TWO_WAYS, "- - 1Z - - -")
    sight = sight_of(played(state, "C3 CA C2"))
    assert len(sight.legal) > 1, "South may throw anything"

    def solve(*_: Any) -> Any:
        raise AssertionError("there is nothing to look for")

    with pytest.raises(AssertionError, match="nothing to look for"):
        play.choose(sight, CARE["strong"], Random(1), solve)
    follows = sight_of(played(state, "C3"))
    assert follows.turn == 0
    assert len(follows.legal) == 11, "dummy's clubs, from the four to the ace"
    assert play.choose(follows, CARE["strong"], Random(1), solve) in follows.legal


@pytest.mark.parametrize(
    ("calls", "cards", "expected"),
    [
        ("- - 1Z - - -", "", "SJ"),  # the top of a sequence
        ("- - 1H - - -", "", "SJ"),
        ("- - 1Z - - -", "SJ S2", "S4"),  # nothing to win with: low
        ("- - 1Z - - -", "SJ S2 S4", "SQ"),  # as cheaply as it wins
    ],
)
def test_rules_of_thumb(calls: str, cards: str, expected: str) -> None:
    deal = (
        hand("32.432.5432.A432"), hand("7654.K5.AQT9.QT9"),
        hand("AQ.AQJT987.K7.K5"), hand("KJT98.6.J86.J876"),
    )  # fmt: skip
    sight = sight_of(played(called(start(deal=deal), calls), cards))
    assert ranking(sight)[0] == card(expected)


# Which deals


def some(sight: Sight, number: int = 20) -> list[Any]:
    return list(islice(layouts(sight, pictures(sight), Random(2)), number))


def test_deals_looked_at_fit_what_is_seen() -> None:
    for state, seat, move in walk(dealt(5), PLAYERS["easy"], 1.0):
        if not isinstance(move, Play):
            continue
        sight = read(BRIDGE.view(state, seat))
        for layout in some(sight, 5):
            assert [len(cards) for cards in layout] == list(sight.counts)
            held = [each for cards in layout for each in cards]
            assert sorted([*held, *(each for _, each in sight.plays())]) == list(range(52))
            for place in SEATS:
                assert sight.hands[place] in (None, layout[place])
                assert not {each // 13 for each in layout[place]} & sight.voids()[place]


def test_a_card_taken_back_is_remembered() -> None:
    state = played(called(TWO_WAYS, "- - 1Z - - -"), "C3 CA C2 H2 S2 S7")
    state = taken_back(state, "E", by="S")
    state = played(state, "S4")
    assert all(card("S7") in layout[1] for layout in some(sight_of(state)))


def test_deals_looked_at_fit_the_auction() -> None:
    """West opens a strong no trump; whoever leads against its partner's contract knows."""
    deal = (
        hand("32.5432.5432.432"), hand("KQ7654.K.A98.Q76"),
        hand("A8.AQT76.KQ7.K85"), hand("JT9.J98.JT6.AJT9"),
    )  # fmt: skip
    state = called(start(board=3, deal=deal), "1Z - 2H - 2S - 4S - - -")
    sight = sight_of(state)
    points = [sum(max(0, each % 13 - 8) for each in layout[2]) for layout in some(sight, 40)]
    assert sum(15 <= each <= 17 for each in points) >= 36, points


def test_few_deals_are_all_looked_at_once() -> None:
    state = called(TWO_WAYS, "- - 1Z - - -")
    *_, (last, _, _) = (
        each for each in walk(state, PLAYERS["easy"], 1.0) if each[0].outcome is None
    )
    positions = [
        read(BRIDGE.view(each, seat))
        for each, seat, move in walk(state, PLAYERS["easy"], 1.0)
        if isinstance(move, Play) and len(BRIDGE.view(each, seat)["played"]) == 10
    ]
    assert last.play is not None
    assert positions
    for sight in positions:
        found = some(sight, 100)
        assert 1 <= len(found) <= 20
        assert len(set(found)) == len(found)
