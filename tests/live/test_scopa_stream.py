"""The stream of a match of scopa: whole matches on a screen, and each kind of message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import pytest

from app.games.api import SYSTEM, Event, Json, SystemMove
from app.games.scopa import SCOPA, State
from app.live.scopa import messages, whole_table
from app.services.records import EndedBy
from tests.games.matches import Match, play
from tests.games.scopa_positions import SEEDS, position, start
from tests.games.scopa_positions import play as play_card
from tests.live.scopa_match import NAMES, Viewer, bare, happenings, kinds, record_of
from tests.live.scopa_screen import Screen

VARIANTS = SCOPA.info.variants
BONUS = {"rebello": {"re_bello"}, "cucita": {"declared"}}
BONUS["cirulla"] = {"declared", "piccola", "grande"}


@pytest.fixture(
    params=[(v, n) for v in VARIANTS for n in (0, 1, 2)], ids=lambda p: f"{p[0]}-{p[1]}"
)
def match(request: pytest.FixtureRequest) -> Match:
    """A random match; of each variant there is one with four players among these."""
    return play(SCOPA, *request.param)


def heard(state: State, events: Sequence[Event], viewer: Viewer = None, **more: Any) -> list[Json]:
    return messages(record_of(state, **more), events, viewer)


def only(told: Sequence[Json], kind: str) -> Any:
    """The data of the one info of a kind."""
    (data,) = [e["data"] for message in told for e in message["infos"] if e["info"] == kind]
    return data


# Whole matches


def test_a_screen_that_hears_it_all_shows_the_table(match: Match) -> None:
    for viewer in match.viewers:
        screen = Screen()
        for record, events in happenings(match):
            told = messages(record, events, viewer)
            for message in told:
                assert (message["id"], message["version"]) == (record.id, record.version)
                screen.show(message)
            names = [info.name for info in record.seats]
            actors = [names[seat] for seat in record.actors]
            assert [screen.waiting] == (actors or [None])
            assert screen.first == names[record.state.first]
            expect(screen, SCOPA.view(record.state, viewer), names)
        outcome = match.states[-1].outcome
        assert outcome is not None
        assert screen.winners == [NAMES[seat] for seat in outcome.winners]
        assert tuple(screen.totals) == match.states[-1].totals


def expect(screen: Screen, view: Json, names: Sequence[str]) -> None:
    """The screen shows a view: every card in its place, and every length as it is."""
    if view["over"] and view["outcome"]["reason"] == "points":
        assert view["deck"] == 0
    assert screen.values("table_cards") == [values(card) for card in view["table"]]
    for seat, hand in enumerate(view["hands"]):
        assert screen.values(f"hand_{names[seat]}") == [values(card) for card in hand]
    for team, pile in enumerate(view["captured"]):
        # A card that is captured keeps on the screen what it stood for a moment before.
        assert [shown[:3] for shown in screen.values(f"cards_{team}")] == [
            values(card)[:3] for card in pile
        ]
        side = screen.groups[f"cards_{team}"]["side_cards"]
        shows = [*view["scope"][team], *[None] * view["declared"][team]]
        assert [card and card["id"] for card in side] == [card and card["place"] for card in shows]
    assert len(screen.held["main_deck"]) == view["deck"] == screen.groups["main_deck"]["length"]


def values(card: Json) -> tuple[int, int, int, int]:
    """A card of a view as `Screen.values` has it; a hidden one is of suit and value 0."""
    value = card.get("value", 0)
    return card["place"], card.get("suit", 0), value, card.get("new_value", value)


def test_a_whole_table_is_what_the_stream_has_built(match: Match) -> None:
    for viewer in match.viewers:
        for record, _ in happenings(match):
            message = whole_table(record, viewer)
            screen = Screen()
            screen.show(message)
            names = [info.name for info in record.seats]
            opened = SCOPA.open_view(record.state)
            expect(screen, opened if record.over else SCOPA.view(record.state, viewer), names)
            assert screen.first == names[record.state.first]
            assert (screen.winners is not None) is record.over
            assert [screen.waiting] == ([names[s] for s in record.actors] or [None])
            lengths = {f"hand_{names[s]}": len(h) for s, h in enumerate(record.state.hands)}
            assert {id: screen.dealt[id] for id in lengths} == lengths


def test_every_deal_has_its_first_player_and_its_summary(match: Match) -> None:
    told = [message for h in happenings(match) for message in messages(*h, None)]
    infos = [entry for message in told for entry in message["infos"]]
    firsts = [entry["data"] for entry in infos if entry["info"] == "first_player"]
    points = match.states[-1].points
    by_points = infos[-1]["info"] == "winner" and match.states[-1].outcome.reason == "points"
    assert len(firsts) == len(points) + (not by_points)
    seats = [NAMES.index(name) for name in firsts]
    players = len(match.seats)
    assert all((a + 1) % players == b for a, b in pairwise(seats))
    summaries = [entry["data"] for entry in infos if entry["info"] == "summary"]
    assert [tuple(side["partial"] for side in sides) for sides in summaries] == list(points)
    usual = {"players", "cards", "coins", "primiera", "seven_of_coins", "scopa", "partial", "total"}
    for sides in summaries:
        assert [side["players"] for side in sides] == [
            [NAMES[seat] for seat in match.seats if seat % 2 == team] for team in (0, 1)
        ]
        for side in sides:
            assert side.keys() == usual | BONUS.get(match.options.variant, set())


# Beginnings


def deals(variant: str, players: int, kind: str) -> Iterator[tuple[State, Sequence[Event]]]:
    """First deals in which an event of a kind happens."""
    options = SCOPA.parse_options({"variant": variant, "players": players})
    for number in range(3000):
        step = SCOPA.initial(options, number.to_bytes(32, "big"))
        if any(event.kind == kind for event in step.events):
            yield step.state, step.events


def test_a_match_begins_with_all_groups() -> None:
    state = start(players=4)
    step = SCOPA.initial(state.options, SEEDS[0])
    told = heard(state, step.events, 1, version=0)
    assert kinds(told) == ["cards_description", "first_player", "waiting"]
    described = only(told, "cards_description")
    assert [(g["id"], g["type"], g["owners"], g["covered"], g["length"]) for g in described] == [
        ("cards_0", "deck", ["ann", "cat"], True, 0),
        ("cards_1", "deck", ["ben", "dan"], True, 0),
        *((f"hand_{name}", "hand", [name], True, 3) for name in NAMES),
        ("main_deck", "deck", [], True, 40),
        ("table_cards", "table", [], False, 0),
    ]
    assert all(group["side_cards"] == [] for group in described)
    dealt = told[1]
    assert [(m["source"], m["dest"], m["visible"]) for m in dealt["moves"]] == [
        ("main_deck", "table_cards", True),
        *(("main_deck", f"hand_{name}", False) for name in NAMES),
    ]
    assert [m.get("visible_to") for m in dealt["moves"]] == [None, *NAMES]
    for move in dealt["moves"]:
        seen = move["dest"] in ("table_cards", "hand_ben")
        assert all(bool(card["value"]) is seen for card in move["cards"])
        assert seen or all(card["suit"] == card["value"] == 0 for card in move["cards"])
    assert [card["id"] for move in dealt["moves"] for card in move["cards"]] == list(range(16))


def test_scopone_has_no_cards_on_the_table() -> None:
    step = SCOPA.initial(SCOPA.parse_options({"variant": "scopone"}), SEEDS[0])
    told = heard(step.state, step.events, 0, version=0)
    hands = [g for g in only(told, "cards_description") if g["type"] == "hand"]
    assert [group["length"] for group in hands] == [10] * 4
    assert [move["dest"] for move in told[1]["moves"]] == [f"hand_{name}" for name in NAMES]
    assert told[1]["cards"][-1]["length"] == 0


@pytest.mark.parametrize("variant", ["classic", "cirulla"])
def test_a_table_that_is_dealt_again_goes_back_first(variant: str) -> None:
    state, events = next(deals(variant, 2, "misdealt"))
    told = heard(state, events, None, version=0)
    times = sum(event.kind == "misdealt" for event in events)
    first = ["main>table", "table>main"] * times
    assert kinds(told)[: len(first) + 2] == ["cards_description", *first, "first_player"]
    assert told[1]["moves"][0]["cards"] == told[2]["moves"][0]["cards"]
    assert {group["id"]: group["length"] for group in told[2]["cards"]} == {
        "table_cards": 0,
        "main_deck": 40,
    }


def test_the_dealer_takes_the_table() -> None:
    seen = set()
    for state, events in deals("cirulla", 2, "dealer_took"):
        (took,) = [event.data for event in events if event.kind == "dealer_took"]
        told = heard(state, events, None, version=0)
        assert kinds(told)[:4] == ["cards_description", "first_player", "scopa", "cards"]
        name, team = NAMES[took["seat"]], took["seat"] % 2
        assert only(told, "scopa") == name
        (move,) = told[2]["moves"]
        assert (move["source"], move["dest"]) == ("table_cards", f"cards_{team}")
        assert move["cards"] == told[1]["moves"][0]["cards"]
        (group,) = told[3]["cards"]
        assert (group["id"], group["length"]) == (f"cards_{team}", 4)
        assert group["side_cards"] == [None] * took["scope"]
        seen.add(took["scope"])
        if seen == {1, 2}:
            return
    raise AssertionError(seen)


@pytest.mark.parametrize(
    ("variant", "expected"),
    [
        ("cucita", {"cards_value_lt_10": 2, "2_equal_cards": 3, "3_equal_cards": 7}),
        ("cirulla", {"cards_value_lt_10": 3, "3_equal_cards": 10}),
    ],
)
def test_a_declared_hand_is_shown_to_all(variant: str, expected: dict[str, int]) -> None:
    found: set[str] = set()
    for state, events in deals(variant, 4, "declared"):
        declared = [event.data for event in events if event.kind == "declared"]
        for viewer in (None, 0, 1, 2, 3):
            told = heard(state, events, viewer, version=0)
            moves = {move["dest"]: move for move in told[1]["moves"]}
            for data in declared:
                move = moves[f"hand_{NAMES[data['seat']]}"]
                assert move["visible"]
                assert "visible_to" not in move
                assert [card["value"] for card in move["cards"]] == [
                    card["value"] for card in data["cards"]
                ]
            hidden = {seat for seat in range(4) if not state.shown[seat]}
            assert all(moves[f"hand_{NAMES[seat]}"]["visible_to"] == NAMES[seat] for seat in hidden)
        said = [message for message in told if kinds([message])[0].partition("+")[0] in expected]
        assert len(said) == len(declared)
        points = [0, 0]
        for message, data in zip(said, declared, strict=True):
            team = data["seat"] % 2
            points[team] += sum(expected[entry["info"]] for entry in message["infos"])
            assert {entry["data"] for entry in message["infos"]} == {NAMES[data["seat"]]}
            (group,) = message["cards"]
            assert group["id"] == f"cards_{team}"
            scope = [None] * len(state.scope[team])
            assert group["side_cards"] == scope + [None] * points[team]
            found |= {entry["info"] for entry in message["infos"]}
        if found == expected.keys():
            return
    raise AssertionError(found)


def test_the_matta_says_what_it_stands_for() -> None:
    found = deals("cirulla", 2, "declared")
    state, events = next((state, events) for state, events in found if state.matta is not None)
    assert state.matta is not None
    matta, value = state.matta
    place = state.deck.index(matta)
    told = heard(state, events, None, version=0)
    (shown,) = [c for m in told[1]["moves"] for c in m["cards"] if c["id"] == place]
    assert shown == {"suit": 1, "value": 7, "id": place, "new_value": value}
    others = [c for m in told[1]["moves"] for c in m["cards"] if c["id"] != place]
    assert not any("new_value" in card for card in others)


# Turns


def test_a_card_that_takes_nothing_is_laid() -> None:
    state = position("2C 3C", "10D 5D", "4D 6D")
    step = play_card(state, "10D")
    told = heard(step.state, step.events, 1)
    assert kinds(told) == ["hand>table", "waiting"]
    assert bare(told[0]) == {
        "infos": [],
        "moves": [
            {
                "source": "hand_ann",
                "dest": "table_cards",
                "cards": [{"suit": 0, "value": 10, "id": 2}],
                "visible": True,
            }
        ],
        "cards": [],
    }
    assert only(told, "waiting") == "ben"


def test_a_capture_is_three_messages() -> None:
    state = position("2C 3C 9B", "5D 10D", "4D 6D", piles=("", "7D"))
    step = play_card(state, "5D")
    told = heard(step.state, step.events, 1)
    assert kinds(told) == ["hand>table", "table>cards", "cards", "waiting"]
    laid, taken = told[0]["moves"][0], told[1]["moves"][0]
    assert laid["move_on"] == taken["cards"][0] == {"suit": 1, "value": 2, "id": 0}
    assert [card["id"] for card in taken["cards"]] == [0, 1, 3]
    assert (taken["dest"], taken["visible"]) == ("cards_0", True)
    (group,) = told[2]["cards"]
    assert (group["id"], group["length"], group["side_cards"]) == ("cards_0", 3, [])


def test_a_scopa_is_said_and_shown() -> None:
    state = position("2C 3C", "5D 10D", "4D 6D")
    step = play_card(state, "5D")
    told = heard(step.state, step.events, None)
    assert kinds(told) == ["hand>table", "scopa", "cards", "waiting"]
    assert only(told, "scopa") == "ann"
    assert told[1]["moves"]
    assert told[2]["cards"][0]["side_cards"] == [{"suit": 0, "value": 5, "id": 2}]


def test_nobody_waits_for_the_computer() -> None:
    state = position("2C 3C", "10D 5D", "4D 6D")
    step = play_card(state, "10D")
    assert kinds(heard(step.state, step.events, 0, bots=[1])) == ["hand>table"]
    after = play_card(step.state, "6D")
    told = heard(after.state, after.events, 0, bots=[1])
    assert kinds(told)[-1] == "waiting"
    assert only(told, "waiting") == "ann"


# Ends


@pytest.mark.parametrize(
    ("move", "reason", "winners"),
    [
        (SystemMove("resign", 1), {"reason": "resign", "player": "ben"}, ["ann", "cat"]),
        (SystemMove("timeout", 2), {"reason": "timeout", "player": "cat"}, ["ben", "dan"]),
        (SystemMove("abort", 0), {"reason": "abort", "player": "ann"}, []),
        (SystemMove("abort"), {"reason": "abort", "player": None}, []),
    ],
)
def test_the_reason_comes_before_the_winner(
    move: SystemMove, reason: Json, winners: list[str]
) -> None:
    step = SCOPA.apply(start(players=4), SYSTEM, move)
    told = heard(step.state, step.events, 0)
    assert kinds(told) == ["ended", "winner"]
    assert only(told, "ended") == reason
    assert only(told, "winner") == winners
    record = record_of(step.state).changed(ended_by=EndedBy(move.kind, reason["player"]))
    whole = whole_table(record, 0)
    infos = [entry["info"] for entry in whole["infos"]]
    assert infos == ["cards_description", "first_player", "ended", "winner"]
    assert only([whole], "ended") == reason


def test_the_next_deal_clears_the_table() -> None:
    match = play(SCOPA, "classic", 0)
    for record, events in happenings(match):
        told = messages(record, events, 0)
        if "summary" in kinds(told) and not record.over:
            break
    at = kinds(told).index("summary")
    assert kinds(told)[at + 1 :] == ["first_player", "waiting"]
    groups = [(group["id"], group["length"]) for group in told[at + 1]["cards"]]
    assert groups == [
        *(("main_deck", 40), ("cards_0", 0), ("cards_1", 0), ("table_cards", 4)),
        *(("hand_ann", 3), ("hand_ben", 3), ("main_deck", 30)),
    ]
