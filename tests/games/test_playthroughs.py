"""The matches on file still go as they went, and as a second implementation has them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.games import GAMES
from app.games.api import Json
from app.games.uttt import UTTT
from tests.games import playthrough
from tests.games.test_uttt_properties import REFERENCES, compare, follow
from tests.games.uttt_reference import SwapReference

PATHS = playthrough.paths()
UTTT_ENDS = {
    "uttt-abort": ("abort", []),
    "uttt-draw": ("draw", []),
    "uttt-draw-last-board-won": ("draw", []),
    "uttt-resign": ("resign", [1]),
    "uttt-swap-both": ("line", [0]),
    "uttt-swap-draw": ("draw", []),
    "uttt-swap-given": ("line", [0]),
    "uttt-swap-line": ("line", [1]),
    "uttt-swap-resign": ("resign", [1]),
    "uttt-timeout": ("timeout", [0]),
    "uttt-win-a": ("line", [0]),
    "uttt-win-b": ("line", [1]),
}


def read(path: Path) -> Json:
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_game_has_one_of_each_variant() -> None:
    on_file = {(raw["game"], raw["options"]["variant"]) for raw in map(read, PATHS)}
    assert on_file == {(key, name) for key, game in GAMES.items() for name in game.info.variants}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_it_goes_as_it_went(path: Path) -> None:
    raw = read(path)
    assert path.name.startswith(f"{raw['game']}-")
    assert raw["outcome"], "a playthrough is a whole match"
    assert playthrough.complete(raw) == raw
    assert playthrough.text(raw) == path.read_text(encoding="utf-8")
    game = GAMES[raw["game"]]
    assert game.load(raw["dump"]) == playthrough.steps(raw)[-1].state


def test_uttt_has_every_ending() -> None:
    ends = {path.stem: read(path)["outcome"] for path in PATHS if path.name.startswith("uttt-")}
    assert {name: (end["reason"], end["winners"]) for name, end in ends.items()} == UTTT_ENDS


@pytest.mark.parametrize("name", UTTT_ENDS)
def test_uttt_agrees_with_its_second_implementation(name: str) -> None:
    raw = read(playthrough.FOLDER / f"{name}.json")
    reference = REFERENCES[raw["options"]["variant"]]()
    played = list(zip(raw["log"], playthrough.steps(raw)[1:], strict=True))
    for number, (entry, step) in enumerate(played):
        if entry["actor"] == "system":
            assert number == len(played) - 1
            assert reference.outcome() == 0
            break
        counts = [0, 0]
        counts[reference.player - 1] = len(reference.legal_moves())
        if isinstance(reference, SwapReference):
            counts[reference.player - 1] += len(reference.legal_swaps())
        assert entry["actor"] == reference.player - 1
        assert entry["legal"] == counts
        follow(reference, UTTT.parse_move(entry["move"]))
        compare(step.state, reference)
    for view in raw["views"]:
        assert view["complete_field"] == reference.complete_field
        assert view["global_field"] == reference.global_field()


@pytest.mark.parametrize(
    ("name", "kind"), [("uttt-draw", "board_drawn"), ("uttt-draw-last-board-won", "board_won")]
)
def test_uttt_draws_differ_in_the_last_board(name: str, kind: str) -> None:
    raw = read(playthrough.FOLDER / f"{name}.json")
    assert [event["type"] for event in raw["log"][-1]["events"]] == ["placed", kind, "over"]


@pytest.mark.parametrize(
    ("name", "last", "mover"),
    [
        ("uttt-swap-both", ["swapped", "over"], 0),
        ("uttt-swap-given", ["swapped", "over"], 1),
        ("uttt-swap-line", ["placed", "board_won", "over"], 1),
    ],
)
def test_uttt_swap_matches_differ_in_who_made_the_line(
    name: str, last: list[str], mover: int
) -> None:
    entry = read(playthrough.FOLDER / f"{name}.json")["log"][-1]
    assert [event["type"] for event in entry["events"]] == last
    assert entry["actor"] == mover
