"""What views and events of scopa tell of the captures, and of a match that is over."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from app.games.api import SYSTEM, Event, Json, SystemMove
from app.games.scopa import SCOPA, State
from tests.games.matches import Match, play
from tests.games.scopa_positions import data_of, last_turn, position, start, text, text_of
from tests.games.scopa_positions import play as play_card

SIDES = ("captured", "leftovers", "dealer_took", "declared")


@pytest.fixture(
    params=[(v, n) for v in SCOPA.info.variants for n in range(2)],
    ids=lambda param: f"{param[0]}-{param[1]}",
)
def match(request: pytest.FixtureRequest) -> Match:
    return play(SCOPA, *request.param)


def test_the_captured_cards_are_seen_by_all(match: Match) -> None:
    for state in match.states:
        for viewer in match.viewers:
            view = SCOPA.view(state, viewer)
            assert [text_of(pile) for pile in view["captured"]] == [text(p) for p in state.piles]
            assert [len(pile) for pile in view["captured"]] == view["piles"]


def test_events_say_how_a_side_looks_after_them(match: Match) -> None:
    """Counted from the events alone: how many cards, and what shows the points."""
    for step in (match.first, *(ply.step for ply in match.plies)):
        for event in step.events:
            assert event.kind not in SIDES or {"pile", "side"} <= event.data.keys()
    piles, sides = _empty()
    for step in (match.first, *(ply.step for ply in match.plies)):
        for event in step.events:
            if event.kind == "deal":
                piles, sides = _empty()
            if event.kind in SIDES:
                team = event.data["seat"] % 2
                piles[team] += len(_taken(event))
                sides[team] += _shows(event)
                assert event.data["pile"] == piles[team]
                assert _sorted(event.data["side"]) == _sorted(sides[team])


def _empty() -> tuple[list[int], list[list[Json]]]:
    return [0, 0], [[], []]


def _taken(event: Event) -> Sequence[Json]:
    """The cards that somebody takes with an event."""
    if event.kind == "captured":
        return [*event.data["taken"], event.data["card"]]
    return () if event.kind == "declared" else event.data["cards"]


def _shows(event: Event) -> list[Json]:
    """What an event adds to what shows a side's points."""
    data = event.data
    if event.kind == "captured":
        return [data["card"]["place"]] if data["scopa"] else []
    return [None] * data.get("scope", data.get("points", 0))


def _sorted(side: Sequence[Json]) -> list[int]:
    """Places of cards, and -1 for each point without one, in order."""
    places = [card["place"] if isinstance(card, dict) else card for card in side]
    return sorted(-1 if place is None else place for place in places)


def test_a_scopa_shows_its_card() -> None:
    step = play_card(position("2C 3C", "5D 10D", "4D 6D"), "5D")
    data = data_of(step, "captured")
    assert data["pile"] == 3
    assert text_of(data["side"]) == "5D"


def test_leftovers_are_counted() -> None:
    piles = ("1D 2D", "3D")
    out = "1D 2D 3D 10S 4C 9B"
    rest = text([card for card in start().deck if text([card]) not in out.split()])
    state = last_turn("4C 9B", "10S", (piles[0], f"{piles[1]} {rest}"), taker=0)
    data = data_of(play_card(state, "10S"), "leftovers")
    assert (text_of(data["cards"]), data["pile"], data["side"]) == ("4C 9B 10S", 5, [])


def test_the_open_view_shows_every_hand(match: Match) -> None:
    for state in match.states:
        opened, spectator = SCOPA.open_view(state), SCOPA.view(state, None)
        assert [text_of(hand) for hand in opened["hands"]] == [text(hand) for hand in state.hands]
        assert opened["takes"] == []
        assert {**opened, "hands": []} == {**spectator, "hands": []}


def test_what_is_left_in_the_deck_is_in_no_view(match: Match) -> None:
    """Not even when the match is over: whoever wants to know asks the seed, which is told then."""

    def shown(value: Json) -> set[tuple[int, int]]:
        if isinstance(value, list):
            return set().union(*map(shown, value))
        if not isinstance(value, dict):
            return set()
        own = {(value["suit"], value["value"])} if "suit" in value else set()
        return own.union(*map(shown, value.values()))

    for state in match.states:
        deck = {(card.suit, card.value) for card in state.deck[state.dealt :]}
        assert not shown(SCOPA.open_view(state)) & deck


def test_a_match_that_was_ended_opens_the_hands() -> None:
    ended: State = SCOPA.apply(start(), SYSTEM, SystemMove("resign", 0)).state
    assert [len(hand) for hand in SCOPA.open_view(ended)["hands"]] == [3, 3]
    assert all("value" in card for hand in SCOPA.open_view(ended)["hands"] for card in hand)
    assert not any("value" in card for hand in SCOPA.view(ended, None)["hands"] for card in hand)
