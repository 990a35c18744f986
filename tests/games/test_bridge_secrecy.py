"""What each viewer of a deal sees at each of its moments, and that a leak of any kind is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from app.games.api import Event, Json, Seat
from app.games.bridge import BRIDGE, SIDES, Bridge, Call, State
from tests.games.bridge_positions import (
    answered,
    called,
    claimed,
    do,
    in_sight,
    played,
    start,
    told,
)
from tests.games.matches import encode, play
from tests.games.test_secrecy import check_secrecy

VIEWERS: tuple[Seat | None, ...] = (None, 0, 1, 2, 3)
MATCHES = 12


def visible(state: State) -> dict[str, str]:
    """By viewer (`-`: a spectator), the sides whose hands they see."""
    return {
        "-" if viewer is None else SIDES[viewer]: "".join(
            side for side, cards in BRIDGE.view(state, viewer)["hands"].items() if cards is not None
        )
        for viewer in VIEWERS
    }


def test_the_deal_shows_everybody_their_own_hand() -> None:
    step = BRIDGE.initial(BRIDGE.parse_options({"board": 3}), b"seed")
    own = {"-": "", "N": "N", "E": "E", "S": "S", "W": "W"}
    assert visible(step.state) == own
    (dealt,) = step.events
    for viewer in VIEWERS:
        seen = BRIDGE.event_view(dealt, viewer)
        assert seen is not None
        assert (seen["data"]["dealer"], seen["data"]["vuln"]) == ("S", "EW")
        for seat, side in enumerate(SIDES):
            cards = list(step.state.deal[seat]) if seat == viewer else None
            assert seen["data"]["hands"][side] == cards


def test_what_is_seen_from_the_lead_to_a_declined_claim() -> None:
    state = called(start(), "7C - - -")
    assert visible(state) == {"-": "", "N": "N", "E": "E", "S": "S", "W": "W"}
    state = played(state, "D2")
    assert visible(state) == {"-": "S", "N": "NS", "E": "ES", "S": "NS", "W": "SW"}
    state = answered(claimed(state, "E", 3), "N", False)
    assert visible(state) == {"-": "S", "N": "NES", "E": "ES", "S": "NS", "W": "ESW"}
    state = answered(claimed(state, "N", 11), "W", False)
    assert visible(state) == {"-": "S", "N": "NES", "E": "NES", "S": "NS", "W": "NESW"}
    assert BRIDGE.open_view(state)["hands"].keys() == set(SIDES)
    assert None not in BRIDGE.open_view(state)["hands"].values()


def test_an_alert_is_for_the_opponents_and_those_who_look_on() -> None:
    step = do(called(start(), "-"), Call("1Z", "10 to 12"))
    for viewer in VIEWERS:
        text = None if viewer == 3 else "10 to 12"
        assert told(step, "bid", viewer)["alert"] == text
        assert BRIDGE.view(step.state, viewer)["auction"] == [
            {"side": "N", "bid": "pass", "alert": None},
            {"side": "E", "bid": "1Z", "alert": text},
        ]
        assert ("10 to 12" in encode(BRIDGE.view(step.state, viewer))) is (viewer != 3)
    # The partner has not bid yet, nor in the play; when the deal is over there is no more secret.
    state = called(step.state, "- - -")
    assert BRIDGE.view(state, 3)["auction"][1]["alert"] is None
    assert BRIDGE.open_view(state)["auction"][1]["alert"] == "10 to 12"
    state = claimed(played(state, "H2"), "E", 7)
    assert BRIDGE.view(state, 3)["auction"][1]["alert"] is None
    state = answered(answered(state, "S", True), "N", True)
    assert BRIDGE.view(state, 3)["auction"][1]["alert"] == "10 to 12"


@pytest.mark.parametrize("number", range(MATCHES))
def test_only_those_who_are_to_act_see_what_they_may_do(number: int) -> None:
    for ply in play(BRIDGE, "standard", number).plies:
        (*_, last) = ply.step.events
        actors = BRIDGE.actors(ply.step.state)
        for viewer in VIEWERS:
            view = BRIDGE.view(ply.step.state, viewer)
            asked = view["claim"] or view["undo"]
            assert bool(view["bids"] or view["cards"]) is (viewer in actors and not asked)
            seen = BRIDGE.event_view(last, viewer)
            if last.kind == "card":
                assert seen is not None
                assert (seen["data"]["allowed"] is not None) is (viewer in actors)


@pytest.mark.parametrize("number", range(MATCHES))
def test_hands_are_seen_by_those_who_should(number: int) -> None:
    """Against the rule written a second time."""
    for state in play(BRIDGE, "standard", number).states:
        for viewer in VIEWERS:
            view = BRIDGE.view(state, viewer)
            played_cards = {
                each["card"] for trick in [*view["played"], view["trick"]] for each in trick
            }
            shown = {card for cards in view["hands"].values() for card in cards or ()}
            shown.update(card for cards in view["returned"].values() for card in cards)
            assert shown | played_cards == in_sight(state, viewer)


Leak = Callable[[State], Json]


def leaky(leak: Leak) -> Bridge:
    """The game with something added to every view."""

    class Leaky(Bridge):
        def view(self, state: State, viewer: Seat | None) -> Json:
            return {**super().view(state, viewer), "more": leak(state)}

    return Leaky()


def check_several(game: Bridge) -> None:
    for number in range(4):
        check_secrecy(play(game, "standard", number))


@pytest.mark.parametrize(
    "leak",
    [
        lambda state: state.deal[0][:1],
        lambda state: state.deal[3],
        lambda state: sum(card % 13 for card in state.deal[1]),
        lambda state: len({card // 13 for card in state.deal[2]}),
        lambda state: [len(BRIDGE.legal_moves(state, seat)) for seat in range(4)],
        lambda state: [call.alert for call in state.calls],
        lambda state: [call.alert is None for call in state.calls],
        lambda state: BRIDGE.open_view(state)["hands"],
    ],
)
def test_a_leak_is_found(leak: Leak) -> None:
    with pytest.raises(AssertionError):
        check_several(leaky(leak))


class _Whispering(Bridge):
    """Tells everybody what may be played, and every hand that is shown to anybody."""

    def event_view(self, event: Event, viewer: Seat | None) -> Json | None:
        return {"type": event.kind, "data": dict(event.data)}


class _Turned(Bridge):
    """Shows declarer's hand to all when dummy's is."""

    def view(self, state: State, viewer: Seat | None) -> Json:
        view = super().view(state, viewer)
        if state.play is not None and state.led:
            view["hands"] = {
                **view["hands"],
                view["declarer"]: list(state.play.hands[state.play.contract.declarer]),
            }
        return view


@pytest.mark.parametrize("leak", [_Whispering, _Turned])
def test_a_leak_in_the_play_is_found(leak: type[Bridge]) -> None:
    with pytest.raises(AssertionError):
        check_several(leak())


def test_positions_that_cannot_be_told_apart_differ() -> None:
    """The secrecy suite exchanges something at nearly every move."""
    match = play(BRIDGE, "standard", 1)
    random, reshuffle = Random(1), match.kit.reshuffle
    assert reshuffle is not None
    same = 0
    for ply in match.plies:
        other = reshuffle(ply.before, ply.seat, ply.move, 0, random)
        same += replace(other, calls=ply.before.calls) == ply.before
    assert same < len(match.plies) / 4
