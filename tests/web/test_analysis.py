"""The analysis beside a replay: who may ask for it, how far it is, and what it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from app.games.uttt.notation import parse_turn, turn_name
from app.services import matches
from app.services.house import House
from app.services.matches import Setup
from app.services.records import MatchRecord
from app.web.analysis_panel import percents
from tests.web.conftest import Visitor
from tests.web.test_every_page import check

Account = Callable[[str], Visitor]
Play = Callable[..., MatchRecord]

MOVES = ["e5", "d6", "a9", "b8", "d5"]
# Of each position: the best move, the chance of who moves with it and with the move played.
TOLD = [
    ("e5", 0.5, 0.5),  # the best move
    ("d4", 0.6, 0.31),  # a mistake
    ("a9", 0.7, 0.7),
    ("c7", 0.5, 0.4),  # an inaccuracy
    ("f5", 0.62, 0.1),  # a blunder
    ("g9", 0.9, None),
]


def raw(name: str) -> Any:
    turn = parse_turn(name)
    return {
        "sub_x": turn.board % 3,
        "sub_y": turn.board // 3,
        "x": turn.cell % 3,
        "y": turn.cell // 3,
    }  # type: ignore[union-attr]


class Student:
    """Tells of each position what is written above, as often as it may (`most`)."""

    def __init__(self, most: int = 100) -> None:
        self.most = most

    def __call__(self, _game: str, view: Any, _played: Any) -> Any:
        self.most -= 1
        if self.most < 0:
            return None
        marks = sum(mark > 0 for row in view["complete_field"] for mark in row)
        best, chance, played = TOLD[marks]
        return {"best": raw(best), "chance": chance, "played": played}


@pytest.fixture
def two(account: Account) -> tuple[Visitor, Visitor]:
    return account("ann"), account("ben")


@pytest.fixture
def match_id(house: House, two: tuple[Visitor, Visitor]) -> str:
    """A match that Ann has left after five moves."""
    return left_match(house, two, MOVES)


def left_match(house: House, two: tuple[Visitor, Visitor], moves: list[str], **terms: Any) -> str:
    callers = [visitor.caller(house) for visitor in two]
    with house.store.write() as unit:
        ids = [caller.user_id for caller in callers]
        match_id = matches.start(house, unit, Setup("uttt", **terms), ids)
    for number, name in enumerate(moves):
        turn = {"swap": [0, 8]} if name == "1=9" else raw(name)
        matches.submit(house, callers[number % 2], match_id, turn)
    matches.end(house, callers[0], match_id)
    return match_id


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def test_who_may_ask(
    visitor: Callable[[], Visitor], guest: Account, house: House, match_id: str
) -> None:
    replay = f"/match/{match_id}/replay"
    stranger, passer = visitor(), guest("passer-by")
    page = stranger.text(f"{replay}?ply=2")
    assert f"/sign-in?next=/match/{match_id}/replay?ply%3D2" in page
    assert 'id="analyse"' not in page
    check(page)
    refused = stranger.post(f"/match/{match_id}/analysis")
    assert refused.location.startswith("/sign-in")
    house.thinking.study = Student()
    page = passer.text(f"{replay}?ply=2")  # a guest may; and whoever did not play
    assert 'id="analyse"' in page
    check(page)
    answer = passer.post(f"/match/{match_id}/analysis", ply=2)
    assert answer.status_code == 303
    assert answer.location == f"{replay}?ply=2#analysis"
    assert "d6 was a mistake" in stranger.text(f"{replay}?ply=2")


def test_what_is_said_of_each_position(
    two: tuple[Visitor, Visitor], house: House, match_id: str
) -> None:
    ann, _ = two
    house.thinking.study = Student()
    ann.post(f"/match/{match_id}/analysis")
    said = {
        0: ("", "Chances: x 50%, o 50%. Best now: e5."),
        1: ("e5 was the best move.", "Chances: x 40%, o 60%. Best now: d4."),
        2: (
            "d6 was a mistake: d4 keeps 60% of the chances, not 31%.",
            "Chances: x 70%, o 30%. Best now: a9.",
        ),
        4: (
            "b8 was an inaccuracy: c7 keeps 50% of the chances, not 40%.",
            "Chances: x 62%, o 38%. Best now: f5.",
        ),
        5: (
            "d5 was a blunder: f5 keeps 62% of the chances, not 10%.",
            "Chances: x 10%, o 90%. Best now: g9.",
        ),
    }
    for ply, (judged, stands) in said.items():
        page = ann.text(f"/match/{match_id}/replay?ply={ply}")
        check(page)
        assert f'<p class="small" data-judged>{judged}</p>' in page
        assert f"data-stands>{stands}</p>" in page
        assert f'class="graph-now" d="M{ply} 0V100"' in page
        marked = re.findall(r'class="tile[^"]* best" data-at="(\w+)"', page)
        assert marked == [TOLD[ply][0]]


def test_marks_graph_and_figures(two: tuple[Visitor, Visitor], house: House, match_id: str) -> None:
    ann, _ = two
    house.thinking.study = Student()
    ann.post(f"/match/{match_id}/analysis")
    page = ann.text(f"/match/{match_id}/replay")
    marks = re.findall(r'data-ply="(\d)"[^>]*data-mark="([^"]+)" aria-label="([^"]+)"', page)
    assert marks == [
        ("2", "?", "d6, a mistake"),
        ("4", "?!", "b8, an inaccuracy"),
        ("5", "??", "d5, a blunder"),
    ]
    assert 'class="graph-line" d="M0 50.0L1 60.0L2 30.0L3 50.0L4 38.0L5 90.0"' in page
    dots = dict(re.findall(r'data-kind="(\w+)" d="([^"]*)"', page))
    assert dots == {"inaccuracy": "M4 38.0h0", "mistake": "M2 30.0h0", "blunder": "M5 90.0h0"}
    rows = [words_of(row).split() for row in re.findall(r"(?s)<tr>(.*?)</tr>", page)]
    assert ["ann", "71%", "0", "0", "1"] in rows  # (1 + 1 + exp(-4 * 0.52)) / 3
    assert ["ben", "49%", "1", "1", "0"] in rows  # (exp(-4 * 0.29) + exp(-4 * 0.1)) / 2
    assert ["5.", "d5", "Blunder", "??", "10%", "g9"] in rows
    assert ["1.", "e5", "Best", "move", "40%", "d4"] in rows
    assert ["the", "start", "50%", "e5"] in rows


def test_how_far_it_is(
    two: tuple[Visitor, Visitor], house: House, match_id: str, visitor: Callable[[], Visitor]
) -> None:
    ann, _ = two
    path = f"/match/{match_id}/analysis"
    replay = f"/match/{match_id}/replay"
    watcher = visitor()

    def told() -> Any:
        return watcher.get(f"{path}.json").json

    assert told()["state"] == "none"
    house.thinking.study = Student(most=0)
    ann.post(path)
    assert told()["state"] == "waiting"
    assert told()["waits"] == "It begins in a moment."
    assert 'http-equiv="refresh"' in watcher.text(replay)
    house.thinking.study = Student(most=2)
    ann.post(path)  # which begins it again
    data = told()
    assert data == {
        "state": "running",
        "positions": 6,
        "waits": "Looked at 2 of 6 positions.",
        "chances": [0.5, 0.4],
        "left": [0.5, 0.31],
        "best": ["e5", "d4"],
        "kinds": ["", "mistake"],
    }
    page = watcher.text(replay)
    assert '<progress aria-labelledby="analysis-waits" max="6" value="2">' in page
    assert "data-judged" not in page
    check(page)
    house.thinking.study = Student()
    ann.post(path)
    data = told()
    assert (data["state"], data["waits"]) == ("done", "The analysis is done.")
    assert data["left"] == [played for _, _, played in TOLD[:-1]]
    assert 'http-equiv="refresh"' not in watcher.text(replay)


def test_a_second_match_must_wait(
    two: tuple[Visitor, Visitor], house: House, match_id: str
) -> None:
    ann, ben = two
    other = left_match(house, two, MOVES[:2])
    house.thinking.study = Student(most=0)
    ann.post(f"/match/{match_id}/analysis")
    ann.post(f"/match/{other}/analysis")
    assert "Another match is being analysed for you." in ann.text(f"/match/{other}/replay")
    ben.post(f"/match/{other}/analysis")
    assert "1 match is to be analysed before this one." in ben.text(f"/match/{other}/replay")


def test_boards_that_changed_places(two: tuple[Visitor, Visitor], house: House) -> None:
    match_id = left_match(house, two, ["a9", "1=9", "e5"], variant="swap")
    ann, _ = two

    def study(_game: str, view: Any, played: Any) -> Any:
        return {"best": {"swap": [2, 4]}, "chance": 0.5, "played": 0.5}

    house.thinking.study = study
    ann.post(f"/match/{match_id}/analysis")
    page = ann.text(f"/match/{match_id}/replay?ply=2")
    assert "1=9 was a good move." in page
    assert "Best now: 3=5." in page
    plates = re.findall(r'<div class="(plate(?: [^"]*)?)"', page)
    assert [index for index, names in enumerate(plates) if "best" in names.split()] == [2, 4]
    assert not re.findall(r'class="tile[^"]* best"', page)


def test_a_private_match_keeps_its_analysis(
    two: tuple[Visitor, Visitor], house: House, account: Account, visitor: Callable[[], Visitor]
) -> None:
    match_id = left_match(house, two, MOVES, code="open sesame")
    house.thinking.study = Student()
    two[0].post(f"/match/{match_id}/analysis")
    for outsider in (account("eve"), visitor()):
        assert outsider.get(f"/match/{match_id}/analysis.json").status_code == 404
        assert outsider.get(f"/match/{match_id}/replay").status_code == 404
    assert account("eva").post(f"/match/{match_id}/analysis").status_code == 404
    friend = visitor()
    assert friend.text(f"/match/{match_id}/replay?code=open sesame").count("a blunder")
    assert friend.get(f"/match/{match_id}/analysis.json").json["state"] == "done"


def test_what_has_no_analysis(two: tuple[Visitor, Visitor], house: House, play: Play) -> None:
    ann, _ = two
    unplayed = left_match(house, two, [])
    page = ann.text(f"/match/{unplayed}/replay")
    assert 'id="analysis' not in page
    assert "analysis.css" not in page
    assert "Replay and analysis" not in ann.text(f"/match/{unplayed}")
    assert ann.get(f"/match/{unplayed}/analysis.json").json == {"state": "none"}
    ann.post(f"/match/{unplayed}/analysis")
    assert "There is nothing in this match to analyse." in ann.text(f"/match/{unplayed}/replay")
    running = play(*two, plies=3).id
    answer = ann.post(f"/match/{running}/analysis")
    assert ann.get(answer.location).status_code == 303
    assert "This match is still being played." in ann.text(f"/match/{running}")


def test_percents_are_those_of_the_script() -> None:
    for share in (0, 0.0649, 0.065, 0.4951, 0.5, 1):
        assert percents(1 - (1 - share)) == percents(share) == int(100 * share + 0.5)


def test_a_match_that_was_played_out(
    two: tuple[Visitor, Visitor], house: House, play: Play
) -> None:
    record = play(*two)
    ann, _ = two
    assert record.outcome is not None

    def study(_game: str, view: Any, played: Any) -> Any:
        return {"best": played, "chance": 0.5, "played": 0.5}

    house.thinking.study = study
    ann.post(f"/match/{record.id}/analysis")
    page = ann.text(f"/match/{record.id}/replay")
    assert "The board has decided the match." in page
    assert "Replay and analysis" in ann.text(f"/match/{record.id}")
    names = [turn_name(record.engine.parse_move(m.move)) for m in matches.log(house, record.id)]
    assert f"{names[-1]} was the best move." in page
    share = record.outcome.scores[0]
    assert ann.get(f"/match/{record.id}/analysis.json").json["chances"][-1] == share
    assert not re.findall(r'class="tile[^"]* best"', page)
