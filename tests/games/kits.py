"""What the contract suite must be told about a game to test it. Every registered game has a kit,
and so may one that is not registered yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeAlias

from app.games.api import Json, Options, Seat, System
from app.games.cards import ITALIAN
from app.games.scopa import Move
from app.games.uttt.move import MOVES, SWAPS
from tests.games import bridge_kit
from tests.games.scopa_positions import reshuffle

Reshuffle: TypeAlias = Callable[[Any, "Seat | System", Any, "Seat | None", Random], Any]
"""`(state, actor, move, viewer, random)` -> another state in which `actor` may make `move` too.

`viewer` must be able to tell neither the two states apart nor what follows from the move in each:
only what they cannot see differs. If nothing can differ, the state itself.
"""


@dataclass(frozen=True)
class Kit:
    """A game's test material.

    seats: how many sit at a table with these options.
    moves: every move that can be written down, legal in some position or not.
    not_moves, not_states, not_options: JSON values that are none.
    reshuffle: None for a game of perfect information.
    dress: a move as a player may make it too, though it is not among the legal ones: with a text.
    replaced: whether another may play on in somebody's seat.
    tables: options to play with beyond the usual ones of each variant.
    matches: how many random matches of each variant are played if nothing else is asked for.
    """

    seats: Callable[[Options], int]
    moves: Sequence[Any]
    not_moves: Sequence[Json]
    not_states: Sequence[Json]
    not_options: Sequence[Json]
    reshuffle: Reshuffle | None = None
    dress: Callable[[Any, Random], Any] | None = None
    replaced: bool = False
    tables: Sequence[Json] = ()
    matches: int = 8


NOT_OBJECTS: tuple[Json, ...] = (None, True, 0, 1.5, "", "e5", [], [0, 0, 0, 0], [{}])


def _move(**changes: Json) -> Json:
    return {"sub_x": 1, "sub_y": 1, "x": 1, "y": 1, **changes}


def _state(**changes: Json) -> Json:
    """The stored position after 1. e5, changed."""
    marks = [[0, 0, 0, 0, 16, 0, 0, 0, 0], [0] * 9]
    start = {"variant": "standard", "marks": marks, "to_move": 1, "last": [4, 4], "outcome": None}
    return {**start, **changes}


def _swap_state(**changes: Json) -> Json:
    """The stored position after 1. e5 1=5, changed."""
    marks = [[16, 0, 0, 0, 0, 0, 0, 0, 0], [0] * 9]
    swaps = {"swaps_left": [3, 2], "last_swap": [0, 4]}
    return _state(variant="swap", marks=marks, to_move=0, last=None) | swaps | changes


def _without(raw: Json, field: str) -> Json:
    return {key: value for key, value in raw.items() if key != field}


_NOT_COORDINATES: tuple[Json, ...] = (
    *(-1, 3, 10**30, True, False, 1.0, 0.5, float("nan"), None),
    *("", "3", "-1", "00", " 1", "1 ", "1.0", "x", "١", "²", [], [1], {}, {"x": 1}),
)
_NOT_BOARDS: tuple[Json, ...] = (
    *(-1, 9, 10**30, True, 1.0, 0.5, float("nan"), None),
    *("", "9", "-1", "00", " 1", "1 ", "1.0", "x", "١", "²", [], [1], {}),
)
_NOT_SWAPS: tuple[Json, ...] = (
    *(None, True, 0, 1, 12, "12", "1=2", "", {}, {"first": 0, "second": 1}),
    *([], [0], [0, 1, 2], [[0, 1]], [0, 0], ["3", 3], [8, "8"]),
    *([0, board] for board in _NOT_BOARDS),
    *([board, 0] for board in _NOT_BOARDS),
)
_NOT_MARKS: tuple[Json, ...] = (
    *(None, 16, "16", [], {}, [[0] * 9], [[0] * 9] * 3, [[0] * 8] * 2, [[0] * 10] * 2),
    [[0, 0, 0, 0, 512, 0, 0, 0, 0], [0] * 9],
    [[0, 0, 0, 0, -16, 0, 0, 0, 0], [0] * 9],
    [[0, 0, 0, 0, 16.0, 0, 0, 0, 0], [0] * 9],
    [[0, 0, 0, 0, 16, 0, 0, 0, True], [0] * 9],
    [[0, 0, 0, 0, "16", 0, 0, 0, 0], [0] * 9],
    [[0, 0, 0, 0, 16, 0, 0, 0, 0], None],
    # Two marks in the centre; too many of A; B has moved first.
    [[1, 0, 0, 0, 16, 0, 0, 0, 0], [0, 0, 0, 0, 16, 0, 0, 0, 0]],
    [[1, 0, 0, 0, 16, 0, 0, 0, 0], [0] * 9],
    [[0] * 9, [0, 0, 0, 0, 16, 0, 0, 0, 0]],
    [[0] * 9, [0] * 9],
)
_NOT_VARIANTS: tuple[Json, ...] = (None, "", "Standard", "none", 0, True, [], {})
_NOT_TO_MOVE: tuple[Json, ...] = (None, -1, 0, 2, True, 1.0, "1", [1])
_NOT_LAST: tuple[Json, ...] = (
    *(None, 4, "e5", {}, [], [4], [4, 4, 4], [0, 0], [4, 5]),
    *([4.0, 4], [4, True], ["4", "4"], [4, None], [-5, 4], [9, 4], [4, -5], [4, 9]),
)
_NOT_OUTCOMES: tuple[Json, ...] = (
    *("", "abort", 0, False, [], {}, {"reason": "abort"}, {"winners": []}),
    {"reason": "abort", "winners": [0]},
    {"reason": "abort", "winners": None},
    {"reason": "abort", "winners": [], "scores": [0, 0]},
    {"reason": ["abort"], "winners": []},
    {"reason": "resign", "winners": []},
    {"reason": "resign", "winners": [2]},
    {"reason": "resign", "winners": [True]},
    {"reason": "resign", "winners": [1.0]},
    {"reason": "resign", "winners": [[]]},
    {"reason": "resign", "winners": [0, 1]},
    {"reason": "flood", "winners": [0]},
    # What the boards do not show.
    {"reason": "line", "winners": [0]},
    {"reason": "draw", "winners": []},
)
# A won three boards in a row, and the match is said to go on, to be drawn, or lost.
_A_LINE = [[7, 7, 7, 0, 0, 0, 0, 0, 0], [0, 0, 0, 3, 3, 3, 3, 0, 0]]
_WON_BY_A = _state(marks=_A_LINE, last=[2, 2], outcome={"reason": "line", "winners": [0]})
# B swapped the top right and the bottom left board, which made this line for A.
_MADE_FOR_A = _swap_state(
    marks=_A_LINE,
    last_swap=[2, 6],
    outcome={"reason": "line", "winners": [0]},
)

_NOT_SWAP_STATES: tuple[Json, ...] = (
    *(_without(_swap_state(), field) for field in _swap_state()),
    _swap_state(more=0),
    _swap_state(variant="standard"),
    {**_state(), "swaps_left": [3, 3], "last_swap": None},
    *(_swap_state(last_swap=value) for value in (*_NOT_SWAPS, [4, 0], ["0", 4], [0, "4"])),
    *(_swap_state(swaps_left=[3, value]) for value in (-1, 0, 1, 4, True, 2.0, "2", None, [2])),
    *(_swap_state(swaps_left=value) for value in (None, 3, "32", [], [3], [3, 2, 3], {})),
    # Somebody has had a turn too many, or the last move is somebody else's, or two, or none.
    *(_swap_state(swaps_left=left) for left in ([3, 3], [2, 3], [2, 2])),
    _swap_state(to_move=1),
    _swap_state(swaps_left=[2, 3], last=None, marks=[[0] * 9, [0, 0, 0, 0, 16, 0, 0, 0, 0]]),
    _swap_state(last=[0, 4]),
    _swap_state(last_swap=None),
    _swap_state(last_swap=None, swaps_left=[2, 2], marks=[[0] * 9] * 2),
    _swap_state(last_swap=None, last=[0, 4]),
    # The line stood before the last swap, or was made by a mark of the other player's.
    {**_MADE_FOR_A, "last_swap": [0, 2]},
    {**_MADE_FOR_A, "last_swap": [3, 8]},
    {**_MADE_FOR_A, "last_swap": None, "last": [3, 0]},
    {**_MADE_FOR_A, "outcome": None},
    {**_MADE_FOR_A, "outcome": {"reason": "line", "winners": [1]}},
    {**_MADE_FOR_A, "outcome": {"reason": "resign", "winners": [0]}},
)

UTTT_KIT = Kit(
    seats=lambda options: 2,
    moves=(*MOVES, *SWAPS),
    not_moves=(
        *NOT_OBJECTS,
        {},
        *(_without(_move(), field) for field in _move()),
        *(_move(**{field: value}) for field in _move() for value in _NOT_COORDINATES),
        *({"swap": value} for value in _NOT_SWAPS),
        _move(swap=[0, 1]),
        {"swap": [0, 1], "x": 0},
    ),
    not_states=(
        *NOT_OBJECTS,
        {},
        _state(more=0),
        *(_without(_state(), field) for field in _state()),
        *(_state(variant=value) for value in _NOT_VARIANTS),
        *(_state(to_move=value) for value in _NOT_TO_MOVE),
        *(_state(last=value) for value in _NOT_LAST),
        *(_state(marks=value) for value in _NOT_MARKS),
        *(_state(outcome=value) for value in _NOT_OUTCOMES),
        {**_WON_BY_A, "outcome": None},
        {**_WON_BY_A, "outcome": {"reason": "draw", "winners": []}},
        {**_WON_BY_A, "outcome": {"reason": "line", "winners": [1]}},
        {**_WON_BY_A, "outcome": {"reason": "abort", "winners": []}},
        # Somebody moved on after the line; a board, and the match, with two winners.
        {
            **_WON_BY_A,
            "marks": [_A_LINE[0], [0, 0, 0, 3, 3, 3, 3, 1, 0]],
            "to_move": 0,
            "last": [7, 0],
        },
        _state(marks=[[7, 0, 0, 0, 1, 0, 0, 0, 0], [56, 0, 0, 0, 0, 0, 0, 0, 0]], last=[4, 0]),
        {
            **_WON_BY_A,
            "marks": [[7, 7, 7, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 7, 7, 7]],
            "last": [3, 0],
        },
        *_NOT_SWAP_STATES,
    ),
    not_options=(
        *NOT_OBJECTS,
        *({"variant": value} for value in _NOT_VARIANTS),
        {"varient": "standard"},
        {"variant": "standard", "seats": 2},
    ),
)
UTTT_STATES = (_state(), _WON_BY_A, _swap_state(), _MADE_FOR_A)
"""Stored positions that are in order, from which `not_states` were made."""


def scopa_state(**changes: Json) -> Json:
    """A stored position of classic scopa, changed: seat 1 is to lay the second card of a deal.

    The deck is in the order of the cards' numbers but for the ace of coins, which comes last, so
    2D 3D 4D 5D are on the table, seat 0 had 6D 7D 8D and has laid 8D, and seat 1 has 9D 10D 1C.
    """
    start = {
        "options": {"variant": "classic", "players": 2, "matta": None, "grande": None},
        "seed": "5eed",
        "first": 0,
        "deck": [*range(1, 40), 0],
        "dealt": 10,
        "hands": [[5, 6], [8, 9, 10]],
        "table": [1, 2, 3, 4, 7],
        "piles": [[], []],
        "scope": [[], []],
        "taker": None,
        "points": [[3, 1], [0, 5]],
        "outcome": None,
    }
    return {**start, **changes}


def scopa_end(**changes: Json) -> Json:
    """A stored position, changed, in which team 0 has just won by points: 14 to 0, all its own."""
    deck = [*range(1, 40), 0]
    end = {
        "dealt": 40,
        "hands": [[], []],
        "table": [],
        "piles": [deck, []],
        "scope": [[9], []],
        "taker": 0,
        "points": [[9, 0], [5, 0]],
        "outcome": {"reason": "points", "winners": [0]},
    }
    return scopa_state(**{**end, **changes})


def _cirulla_state(**changes: Json) -> Json:
    """A stored position of cirulla, changed: the table was 1D 2D 4D 8D, the dealer's, seat 1's."""
    agreed = {"variant": "cirulla", "players": 2, "matta": "seven_of_cups", "grande": "five"}
    opening = [0, 1, 3, 7]
    fields = {
        "options": agreed,
        "deck": [*opening, *(card for card in range(40) if card not in opening)],
        "hands": [[2, 4, 5], [6, 8, 9]],
        "table": [],
        "piles": [[], opening],
        "scope": [[], [None]],
        "taker": 1,
    }
    return scopa_state(**{**fields, **changes})


_NOT_CARDS: tuple[Json, ...] = (
    *(-1, 40, 10**30, True, False, 1.0, float("nan"), None),
    *("", "1", "7D", [], [1], {}, {"suit": 0, "value": 7}),
)
_NOT_NUMBERS: tuple[Json, ...] = (-1, True, 1.0, 0.5, float("nan"), "", "1", [], [1], {})
_NOT_SCOPA_OPTIONS: tuple[Json, ...] = (
    *NOT_OBJECTS,
    *({"variant": value} for value in _NOT_VARIANTS),
    {"varient": "classic"},
    {"variant": "classic", "seats": 2},
    *({"players": value} for value in (None, 0, 1, 3, 5, 6, True, 2.0, "2", [2], {})),
    {"variant": "scopone", "players": 2},
    *({"variant": "cirulla", "matta": v} for v in (None, "", "seven", 0, True, [], {}, "five")),
    *({"variant": "cirulla", "grande": v} for v in (None, "", "six", 5, True, [], {})),
    *({"variant": "classic", "matta": value} for value in ("seven_of_cups", 0, False, "", [])),
    {"variant": "rebello", "grande": "five"},
)
_NOT_SCOPA_STATES: tuple[Json, ...] = (
    *NOT_OBJECTS,
    {},
    scopa_state(more=0),
    *(_without(scopa_state(), field) for field in scopa_state()),
    *(scopa_state(options=value) for value in _NOT_SCOPA_OPTIONS),
    *(scopa_state(seed=value) for value in (None, 0, "5e e", "x", "5EED", "5e ed", [], b"5eed")),
    *(scopa_state(first=value) for value in (None, 1, 2, *_NOT_NUMBERS)),
    *(scopa_state(taker=value) for value in (0, 1, 2, *_NOT_NUMBERS)),
    *(scopa_state(dealt=value) for value in (None, 0, 4, 9, 11, 16, 46, *_NOT_NUMBERS)),
    *(scopa_state(deck=[*range(1, 40), value]) for value in (1, *_NOT_CARDS)),
    *(scopa_state(deck=value) for value in (None, [], list(range(39)), [*range(40), 0], {}, "")),
    *(scopa_state(table=[1, 2, 3, 4, value]) for value in (1, 5, 0, *_NOT_CARDS)),
    *(scopa_state(table=value) for value in (None, [], [1, 2, 3, 4], {}, "")),
    *(scopa_state(hands=[[5, value], [8, 9, 10]]) for value in (5, 7, 8, 0, *_NOT_CARDS)),
    *(scopa_state(hands=value) for value in (None, {}, [], [[5, 6]], [[5, 6], [8, 9, 10], []])),
    # Not in the order dealt; the wrong seat has played; one has played twice.
    scopa_state(hands=[[6, 5], [8, 9, 10]]),
    scopa_state(hands=[[5, 6, 7], [8, 9]], table=[1, 2, 3, 4, 10]),
    scopa_state(hands=[[5], [8, 9, 10]], table=[1, 2, 3, 4, 7, 6]),
    # A new round is dealt at once; so is a table with three kings.
    scopa_state(hands=[[], []], table=[1, 2, 3, 4, 7, 8, 6, 9, 5, 10]),
    scopa_state(
        deck=[9, 19, 29, *range(9), *range(10, 19), *range(20, 29), *range(30, 40)],
        hands=[[1, 2], [4, 5, 6]],
        table=[9, 19, 29, 0, 3],
    ),
    *(scopa_state(piles=value) for value in (None, {}, [], [[]], [[], [], []], [[], None])),
    *(scopa_state(piles=[[value], []]) for value in (1, 11, *_NOT_CARDS)),
    scopa_state(piles=[[1, 7], []], table=[2, 3, 4]),
    scopa_state(piles=[[1, 7], []], table=[2, 3, 4], taker=1),
    *(scopa_state(scope=value) for value in (None, {}, [], [[]], [[], [], []], [[], None])),
    *(scopa_state(scope=[[value], []]) for value in (7, *_NOT_CARDS)),
    scopa_state(piles=[[1, 7], []], table=[2, 3, 4], taker=0, scope=[[7, 7], []]),
    scopa_state(piles=[[1, 7], []], table=[2, 3, 4], taker=0, scope=[[], [7]]),
    *(scopa_state(points=value) for value in (None, {}, [3, 1], [[3]], [[3, 1, 0]], [None])),
    *(scopa_state(points=[[value, 1]]) for value in (None, *_NOT_NUMBERS)),
    # Somebody had won before this deal.
    scopa_state(points=[[11, 0]]),
    scopa_state(points=[[0, 12], [12, 0]]),
    *(scopa_state(outcome=value) for value in _NOT_OUTCOMES),
    scopa_state(outcome={"reason": "points", "winners": [0]}),
    scopa_state(outcome={"reason": "points", "winners": [0]}, points=[]),
    scopa_state(outcome={"reason": "coins", "winners": [0]}),
    scopa_end(outcome=None),
    scopa_end(outcome={"reason": "points", "winners": [1]}),
    scopa_end(outcome={"reason": "resign", "winners": [0]}),
    scopa_end(outcome={"reason": "coins", "winners": [0]}),
    *(scopa_end(points=points) for points in ([], [[9, 0]], [[9, 0], [4, 0]], [[5, 0], [5, 0]])),
    scopa_end(points=[[11, 0], [5, 0]]),
    scopa_end(piles=[[*range(1, 40)], []], table=[0], scope=[[9], []]),
    scopa_end(dealt=34, piles=[[*range(1, 35)], []]),
    # The opening of cirulla was not the dealer's, was somebody else's, or another's scopa.
    _cirulla_state(piles=[[], []], table=[0, 1, 3, 7], taker=None),
    _cirulla_state(scope=[[], []]),
    _cirulla_state(scope=[[None], []]),
    _cirulla_state(scope=[[], [None, None]]),
    _cirulla_state(taker=None),
    _cirulla_state(
        dealt=34,
        hands=[[], [33]],
        table=[c for c in range(10, 33) if c != 33],
        piles=[list(range(10)), []],
        scope=[[], [None]],
    ),
)
SCOPA_KIT = Kit(
    seats=lambda options: options.players,
    moves=[Move(card, take) for card in ITALIAN.cards for take in (None, *range(16))],
    not_moves=(
        *NOT_OBJECTS,
        {},
        {"take": 0},
        *({"card": value} for value in _NOT_CARDS),
        *({"card": 6, "take": value} for value in _NOT_NUMBERS),
    ),
    not_states=_NOT_SCOPA_STATES,
    not_options=_NOT_SCOPA_OPTIONS,
    reshuffle=reshuffle,
    tables=(
        *({"variant": name, "players": 4} for name in ("classic", "rebello", "cucita", "cirulla")),
        {"variant": "cirulla", "matta": "seven_of_coins", "grande": "downwards"},
    ),
    matches=2,
)
SCOPA_STATES = (scopa_state(), scopa_end(), _cirulla_state())
"""Stored positions that are in order, from which `not_states` were made."""

BRIDGE_KIT = Kit(
    seats=lambda options: 4,
    moves=bridge_kit.MOVES,
    not_moves=(*NOT_OBJECTS, *bridge_kit.NOT_MOVES),
    not_states=(*NOT_OBJECTS, *bridge_kit.NOT_STATES),
    not_options=(*NOT_OBJECTS, *bridge_kit.NOT_OPTIONS),
    reshuffle=bridge_kit.reshuffle,
    dress=bridge_kit.dress,
    replaced=True,
    tables=({"variant": "standard", "board": 7}, {"variant": "standard", "board": 12}),
    matches=6,
)

KITS: Mapping[str, Kit] = {"uttt": UTTT_KIT, "scopa": SCOPA_KIT, "bridge": BRIDGE_KIT}
