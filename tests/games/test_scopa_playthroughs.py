"""Matches of scopa followed by what a spectator is told, and their points counted another way."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import product

import pytest

from app.games.api import Json, Step
from app.games.scopa import SCOPA, State
from tests.games import playthrough
from tests.games.matches import play

PATHS = {path.stem: path for path in playthrough.paths() if path.stem.startswith("scopa-")}
ENDS = {
    "scopa-abort": ("abort", []),
    "scopa-cirulla": ("points", [0]),
    "scopa-cirulla-coins": ("coins", [1]),
    "scopa-classic": ("points", [0]),
    "scopa-cucita": ("points", [1]),
    "scopa-rebello-four": ("points", [1, 3]),
    "scopa-resign": ("resign", [0, 2]),
    "scopa-scopone": ("points", [1, 3]),
    "scopa-timeout": ("timeout", [1]),
}
PRIMIERA = {7: 21, 6: 18, 1: 16, 5: 15, 4: 14, 3: 13, 2: 12, 8: 10, 9: 10, 10: 10}
TARGETS = {"classic": 11, "scopone": 11, "rebello": 11, "cucita": 21, "cirulla": 51}

Plain = tuple[int, int]
"""A card as its suit and value."""


def plain(shown: Iterable[Json]) -> list[Plain]:
    return [(card["suit"], card["value"]) for card in shown]


class Scorer:
    """Keeps the score of a match as somebody would who sits beside it."""

    def __init__(self, options: Json) -> None:
        self.options = options
        self.totals = [0, 0]
        self.new_deal()

    def new_deal(self) -> None:
        self.piles: list[list[Plain]] = [[], []]
        self.extra = [0, 0]
        self.on_table: set[Plain] = set()
        self.dealt = 0

    def hear(self, event: Json) -> None:
        data = event["data"]
        getattr(self, f"hear_{event['type']}", lambda data: None)(data)

    def hear_deal(self, data: Json) -> None:
        self.new_deal()
        self.on_table = set(plain(data["table"]))

    def hear_dealer_took(self, data: Json) -> None:
        self.take(data["seat"], plain(data["cards"]))
        self.extra[data["seat"] % 2] += data["scope"]

    def hear_played(self, data: Json) -> None:
        self.on_table |= set(plain([data["card"]]))

    def hear_captured(self, data: Json) -> None:
        self.take(data["seat"], [*plain(data["taken"]), *plain([data["card"]])])
        if data["scopa"]:
            assert not self.on_table
            self.extra[data["seat"] % 2] += 1

    def hear_declared(self, data: Json) -> None:
        self.extra[data["seat"] % 2] += data["points"]

    def hear_leftovers(self, data: Json) -> None:
        self.take(data["seat"], plain(data["cards"]))

    def take(self, seat: int, taken: list[Plain]) -> None:
        assert set(taken) <= self.on_table
        self.on_table -= set(taken)
        self.piles[seat % 2] += taken

    def hear_scored(self, data: Json) -> None:
        assert len({*self.piles[0], *self.piles[1], *self.on_table}) == 40
        points = list(self.extra)
        for team, other in ((0, 1), (1, 0)):
            mine, theirs = self.piles[team], self.piles[other]
            points[team] += len(mine) > len(theirs)
            points[team] += len(coins(mine)) > len(coins(theirs))
            points[team] += (0, 7) in mine
            points[team] += primiera(mine) > primiera(theirs)
            points[team] += self.bonus(mine)
            told = data["teams"][team]
            assert told["cards"] == len(mine)
            assert told["coins"] == len(coins(mine))
            assert told["primiera"] == primiera(mine)[1]
        for team in (0, 1):
            self.totals[team] += points[team]
            told = data["teams"][team]
            assert (told["partial"], told["total"]) == (points[team], self.totals[team])

    def bonus(self, pile: list[Plain]) -> int:
        mine = coins(pile)
        if self.options["variant"] == "rebello":
            return 10 in mine
        if self.options["variant"] != "cirulla":
            return 0
        up = max((n for n in range(3, 11) if set(range(1, n + 1)) <= mine), default=0)
        down = max((n for n in range(3, 11) if set(range(11 - n, 11)) <= mine), default=0)
        return up + (down if self.options["grande"] == "downwards" else 5 * (down > 0))


def coins(pile: list[Plain]) -> set[int]:
    return {value for suit, value in pile if suit == 0}


def primiera(pile: list[Plain]) -> tuple[bool, int]:
    """Whether there are four suits, and the most that one card of each there is comes to."""
    suits = [[PRIMIERA[value] for suit, value in pile if suit == s] for s in range(4)]
    there = [suit for suit in suits if suit]
    return len(there) == 4, max(sum(choice) for choice in product(*there))


def follow(steps: Iterable[Step[State]], options: Json) -> tuple[Scorer, State]:
    """The score that is kept of a match, and the last position."""
    scorer = Scorer(options)
    for step in steps:
        for event in step.events:
            told = SCOPA.event_view(event, None)
            assert told is not None
            scorer.hear(told)
        assert {*scorer.on_table} == {(card.suit, card.value) for card in step.state.table} or (
            step.state.outcome is not None
        )
        assert tuple(scorer.totals) == step.state.totals
    return scorer, step.state


def test_every_ending_is_on_file() -> None:
    ends = {name: json.loads(path.read_text())["outcome"] for name, path in PATHS.items()}
    assert {name: (end["reason"], end["winners"]) for name, end in ends.items()} == ENDS


@pytest.mark.parametrize("name", ENDS)
def test_the_score_of_a_match_on_file(name: str) -> None:
    raw = json.loads(PATHS[name].read_text())
    follow(playthrough.steps(raw), raw["options"])


@pytest.mark.parametrize("variant", SCOPA.info.variants)
@pytest.mark.parametrize("number", range(6))
def test_the_score_of_a_random_match(variant: str, number: int) -> None:
    match = play(SCOPA, variant, number)
    options = {"variant": variant, "grande": getattr(match.options, "grande", None)}
    scorer, state = follow([match.first, *(ply.step for ply in match.plies)], options)
    assert state.outcome is not None
    if state.outcome.reason == "points":
        first, second = scorer.totals
        assert max(first, second) >= TARGETS[variant]
        assert [seat % 2 for seat in state.outcome.winners].count(0) == (
            len(state.outcome.winners) if first > second else 0
        )
    else:
        assert len(coins(scorer.piles[state.outcome.winners[0] % 2])) == 10
