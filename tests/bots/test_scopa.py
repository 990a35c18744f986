"""The computer at scopa: legal, blind to what it may not see, and better the stronger it is."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from app.bots import can_play, choose, strengths
from app.bots.scopa.sight import read
from app.games.api import Json
from app.games.scopa import SCOPA, State
from app.games.scopa.variants import RULES
from tests.games.scopa_positions import SEEDS, position, reshuffle, rest, text_of

TABLES = [
    {"variant": rules.key, "players": players, **choice}
    for rules in RULES.values()
    for players in rules.players
    for choice in (
        [{}]
        if not rules.choices
        else [{"matta": "seven_of_cups"}, {"matta": "seven_of_coins", "grande": "downwards"}]
    )
]
LITTLE = 0.02  # of the effort: enough to look ahead, little enough to play whole matches


def walk(
    options: Json, strengths: tuple[str, str], seed: bytes, effort: float
) -> Iterator[tuple[State, int, Any]]:
    """The positions of a match between two strengths, who moves there, and the move."""
    state = SCOPA.initial(SCOPA.parse_options(options), seed).state
    rng = Random(seed)
    while state.outcome is None:
        seat = state.to_move
        view = SCOPA.view(state, seat)
        move = SCOPA.parse_move(choose("scopa", strengths[seat % 2], view, rng, effort))
        yield state, seat, move
        state = SCOPA.apply(state, seat, move).state
    yield state, state.to_move, None


def chosen(state: State, strength: str = "strong", seed: int = 0, effort: float = 0.2) -> str:
    """The card that is played, and what it takes, as text."""
    view = SCOPA.view(state, state.to_move)
    raw = choose("scopa", strength, view, Random(seed), effort)
    hand = [10 * card["suit"] + card["value"] - 1 for card in view["hands"][state.to_move]]
    number = hand.index(raw["card"])
    offered = view["takes"][number]
    taken = offered[raw.get("take", 0)] if offered else []
    table = {card["place"]: card for card in view["table"]}
    played = text_of([view["hands"][state.to_move][number]])
    return f"{played} x {text_of([table[place] for place in taken])}" if taken else played


@pytest.mark.parametrize(
    "options", TABLES, ids=lambda options: "-".join(map(str, options.values()))
)
@pytest.mark.parametrize("strength", strengths("scopa"))
def test_every_strength_plays_every_table_to_the_end(options: Json, strength: str) -> None:
    effort = LITTLE if options["players"] == 2 else LITTLE / 4
    *positions, (end, _, _) = walk(options, (strength, "easy"), SEEDS[3], effort)
    assert end.outcome is not None
    assert end.outcome.reason in ("points", "coins")
    assert len(positions) >= 36


@pytest.mark.parametrize(
    "options", TABLES, ids=lambda options: "-".join(map(str, options.values()))
)
def test_what_it_does_not_see_changes_nothing(options: Json) -> None:
    random, told_apart = Random(1), 0
    for state, seat, move in walk(options, ("medium", "easy"), SEEDS[5], LITTLE):
        if move is None or state.points:
            break
        other = reshuffle(state, seat, move, seat, random)
        view, twin = SCOPA.view(state, seat), SCOPA.view(other, seat)
        assert view == twin
        told_apart += other.deck != state.deck
        for strength in strengths("scopa"):
            answers = [
                choose("scopa", strength, seen, Random(7), LITTLE / 4) for seen in (view, twin)
            ]
            assert answers[0] == answers[1]
    assert told_apart > 10, "positions must have been told apart by what is hidden"


def test_the_same_chance_gives_the_same_answer() -> None:
    view = SCOPA.view(SCOPA.initial(SCOPA.parse_options({}), SEEDS[8]).state, 1)
    view = (
        view
        if view["to_move"] == 1
        else SCOPA.view(SCOPA.initial(SCOPA.parse_options({}), SEEDS[8]).state, 0)
    )
    before = repr(view)
    for strength in strengths("scopa"):
        assert len({repr(choose("scopa", strength, view, Random(3), 0.1)) for _ in range(3)}) == 1
    assert repr(view) == before, "a view is not changed"
    easy = {repr(choose("scopa", "easy", view, Random(seed))) for seed in range(40)}
    assert len(easy) > 1


def test_sight_reads_what_the_view_shows() -> None:
    state = position(
        "7C 2B", "3S 4S", "1D 5D", piles=("10D 10C", "6B 6S 5S 1S"), taker=1, shown=(False, True)
    )
    sight = read(SCOPA.view(state, 0))
    assert sight.known == ((22 + 10, 33), (0, 4))
    assert sight.table == (16, 21)
    assert [pile.bit_count() for pile in sight.piles] == [2, 4]
    assert len(sight.unseen) == 40 - 12 == sight.deck
    assert sight.taker == 1
    hidden = read(SCOPA.view(position("7C 2B", "3S 4S", "1D 5D"), 0))
    assert hidden.known[1] == ()
    assert {0, 4} <= set(hidden.unseen)


@pytest.mark.parametrize("strength", ["medium", "strong"])
def test_the_seven_of_coins_goes_first(strength: str) -> None:
    state = position("7D 7C 2S", "7B 10S 8B", "4C 5C 6C")
    assert chosen(state, strength) == "7B x 7D"


@pytest.mark.parametrize("strength", ["medium", "strong"])
def test_a_scopa_is_made(strength: str) -> None:
    assert chosen(position("3C 2S", "5C 2B 10S", "4C 8C 6C"), strength) == "5C x 3C 2S"


@pytest.mark.parametrize(("held", "safe"), [("4S 6B", "9C"), ("10S 6B", "3C")])
def test_a_scopa_is_not_set_up_for_who_must_hold_the_card(held: str, safe: str) -> None:
    # Who has counted knows what the other holds: a table worth 4, or one worth 10, is a gift.
    hands = ("3C 9C", held)
    state = position("1C", *hands, piles=(rest("1C", *hands), ""), taker=0)
    assert SCOPA.view(state, 0)["hands"][1] == [{"place": 3}, {"place": 4}], "it does not see them"
    assert chosen(state) == safe


def test_what_has_been_declared_is_counted_on() -> None:
    # The other shows a six and no five: only the table worth 6 would be a gift.
    shown = {"options": {"variant": "cucita"}, "shown": (False, True)}
    state = position("1C", "5C 4C 10C", "6B 6C 3B", **shown)
    for seed in range(5):
        assert not chosen(state, "strong", seed).startswith("5C")


@pytest.mark.parametrize(
    ("next_hand", "partner", "best"), [("10C 10B", "5S 4S", "3S"), ("5S 4S", "10C 10B", "6S")]
)
def test_a_partner_is_no_opponent(next_hand: str, partner: str, best: str) -> None:
    # A table worth 5 is for whoever holds the five: a present for a partner, or for an opponent.
    hands = ("3S 6S", next_hand, partner, "9C 9B")
    captured = rest("2C", *hands).split()
    piles = (" ".join(captured[::2]), " ".join(captured[1::2]))
    state = position("2C", *hands, piles=piles, taker=1, shown=(True,) * 4)
    assert state.dealt == 40
    assert chosen(state) == best


def test_there_are_games_it_does_not_play() -> None:
    assert can_play("scopa")
    assert not can_play("chess")
    with pytest.raises(KeyError):
        choose("uttt", "easy", {}, Random(0))
    with pytest.raises(KeyError):
        choose("scopa", "godlike", {}, Random(0))


@pytest.mark.parametrize(
    ("better", "worse", "deals", "by"), [("medium", "easy", 40, 0.3), ("strong", "medium", 14, 0.4)]
)
def test_each_is_better_than_the_one_below(better: str, worse: str, deals: int, by: float) -> None:
    # Each deal twice, sides changed. `python -m bench.bots` says by how much, and how surely.
    lead = 0
    for seed in SEEDS[:deals]:
        for team, minds in enumerate(((better, worse), (worse, better))):
            match = walk({}, minds, seed, effort=0.05)
            points = next(state.points[0] for state, _, _ in match if state.points)
            lead += points[team] - points[1 - team]
    assert lead / deals / 2 > by


def test_all_ten_coins_are_worth_more_than_a_scopa() -> None:
    coins = "1D 2D 3D 4D 5D 6D 7D 8D 9D"
    cirulla = {"variant": "cirulla", "players": 2}
    state = position("10D 6C", "10C 6S 9S", "1C 8C 8B", piles=(coins, "10B"), options=cirulla)
    assert chosen(state) == "10C x 10D"
