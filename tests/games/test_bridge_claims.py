"""Claims and concessions, and calls and cards taken back."""

from __future__ import annotations

import pytest

from app.games.api import SYSTEM, Illegal, NotYourTurn, Outcome, SystemMove
from app.games.bridge import BRIDGE, SIDES, Answer, Call, Claim, Play, Undo
from app.games.bridge.state import State
from tests.games.bridge_positions import (
    LONG_SUITS,
    answered,
    called,
    card,
    claimed,
    do,
    kinds,
    played,
    start,
    taken_back,
    told,
)


@pytest.fixture
def ruffed() -> State:
    """North has ruffed the first trick in 7C and is to lead; South is dummy."""
    return played(called(start(), "7C - - -"), "D2 H2 S2 C2")


def spans(state: State) -> dict[str, list[int] | None]:
    return {side: BRIDGE.view(state, seat)["claims"] for seat, side in enumerate(SIDES)}


# Claims


def test_what_may_be_claimed(ruffed: State) -> None:
    """From what a side has to what the others leave; nobody before the lead, dummy never."""
    assert spans(called(start(), "7C")) == dict.fromkeys(SIDES)
    assert spans(called(start(), "7C - - -")) == dict.fromkeys(SIDES)
    led = played(called(start(), "7C - - -"), "D2")
    assert spans(led) == {"N": [0, 13], "E": [0, 13], "S": None, "W": [0, 13]}
    assert spans(ruffed) == {"N": [1, 13], "E": [0, 12], "S": None, "W": [0, 12]}
    assert BRIDGE.view(ruffed, None)["claims"] is None
    assert BRIDGE.asides(ruffed, 1) == tuple(Claim(tricks) for tricks in range(13))


def test_declarer_claims(ruffed: State) -> None:
    step = do(ruffed, Claim(12), 0)
    assert kinds(step.events) == ["shown", "shown", "claim"]
    assert told(step, "claim") == {"side": "N", "tricks": 12, "result": -50, "score_ns": -50}
    declarer, dummy, _ = step.events
    for event, seat in ((declarer, 0), (dummy, 2)):
        for viewer in (1, 3):
            seen = BRIDGE.event_view(event, viewer)
            assert seen is not None
            assert seen["data"] == {"side": SIDES[seat], "cards": list(LONG_SUITS[seat][1:])}
    assert BRIDGE.event_view(declarer, None) is None
    state = step.state
    assert BRIDGE.actors(state) == {1, 3}
    assert BRIDGE.legal_moves(state, 1) == (Answer(True), Answer(False))
    assert BRIDGE.legal_moves(state, 0) == ()
    view = BRIDGE.view(state, 1)
    assert view["claim"] == {
        **{"side": "N", "tricks": 12, "result": -50, "score_ns": -50},
        **{"accepted": [], "waiting": ["E", "W"]},
    }
    assert (view["to_move"], view["cards"], view["claims"]) == ("N", [], None)
    assert view["hands"]["N"] == list(LONG_SUITS[0][1:])
    assert view["shown"] == {"N": ["E", "S", "W"], "E": [], "S": "all", "W": []}
    assert BRIDGE.view(state, None)["hands"]["N"] is None
    assert BRIDGE.view(state, 1)["hands"]["W"] is None


def test_both_defenders_accept(ruffed: State) -> None:
    state = answered(claimed(ruffed, "N", 12), "W", True)
    assert BRIDGE.actors(state) == {1}
    assert BRIDGE.view(state, 0)["claim"]["accepted"] == ["W"]
    step = do(state, Answer(True))
    assert kinds(step.events) == ["claim_accepted", "scored", "over"]
    assert told(step, "claim_accepted") == {"side": "E"}
    assert told(step, "scored") == {
        **{"contract": "7C", "declarer": "N", "tricks": 12, "points": -50, "score_ns": -50},
        "lead": card("D2"),
    }
    assert BRIDGE.outcome(step.state) == Outcome("claim", (0.0, 1.0), (1, 3))
    assert BRIDGE.view(step.state, 0)["claim"] is None


@pytest.mark.parametrize("accepts_first", [True, False])
def test_one_defender_declines_and_the_hands_stay_shown(ruffed: State, accepts_first: bool) -> None:
    state = claimed(ruffed, "N", 13)
    if accepts_first:
        state = answered(state, "W", True)
    step = do(state, Answer(False), 1)
    assert kinds(step.events) == ["claim_declined"]
    state = step.state
    assert BRIDGE.actors(state) == {0}
    assert BRIDGE.view(state, 1)["claim"] is None
    # Until another card has been played, so that nobody is asked over and over.
    assert spans(state) == {"N": None, "E": [0, 12], "S": None, "W": [0, 12]}
    with pytest.raises(Illegal) as refused:
        do(state, Claim(12), 0)
    assert refused.value.msg == "You cannot claim now."
    state = played(state, "C3")
    assert spans(state) == {"N": [1, 13], "E": [0, 12], "S": None, "W": [0, 12]}
    for defender in (1, 3):
        assert BRIDGE.view(state, defender)["hands"]["N"] == list(LONG_SUITS[0][2:])
    assert BRIDGE.view(state, None)["hands"]["N"] is None


def test_a_defender_concedes(ruffed: State) -> None:
    """Declarer and the other defender are shown the hand, and must agree."""
    state = claimed(ruffed, "E", 0)
    assert BRIDGE.actors(state) == {0, 3}
    assert BRIDGE.view(state, 0)["claim"]["result"] == 1440
    for viewer, sees in ((None, False), (0, True), (2, False), (3, True)):
        assert (BRIDGE.view(state, viewer)["hands"]["E"] is not None) is sees
    state = answered(answered(state, "N", True), "W", True)
    result = BRIDGE.view(state, 1)["result"]
    assert (result["tricks"], result["points"], result["score_ns"]) == (13, 1440, 1440)
    assert BRIDGE.outcome(state) == Outcome("claim", (1.0, 0.0), (0, 2))


def test_a_partner_may_refuse_to_concede(ruffed: State) -> None:
    state = answered(claimed(ruffed, "E", 0), "W", False)
    assert BRIDGE.outcome(state) is None
    assert BRIDGE.view(state, 3)["hands"]["E"] == list(LONG_SUITS[1][1:])
    # Declarer may claim although a defender's claim was declined.
    assert spans(state) == {"N": [1, 13], "E": None, "S": None, "W": [0, 12]}


def test_what_is_refused_about_claims(ruffed: State) -> None:
    for seat, tricks in ((0, 0), (1, 13)):
        with pytest.raises(Illegal) as refused:
            do(ruffed, Claim(tricks), seat)
        assert refused.value.msg == "Such a claim is not possible."
    with pytest.raises(Illegal):
        do(ruffed, Claim(5), 2)
    with pytest.raises(Illegal) as refused:
        do(ruffed, Answer(True), 0)
    assert refused.value.msg == "Nothing is to be answered."
    asked = claimed(ruffed, "N", 13)
    for move in (Play(card("C3")), Claim(13), Undo()):
        with pytest.raises((Illegal, NotYourTurn)):
            do(asked, move, 0)
    with pytest.raises(Illegal) as refused:
        do(asked, Play(card("D3")), 1)
    assert refused.value.msg == "A claim or a request is to be answered first."
    for seat in (0, 2):
        with pytest.raises(NotYourTurn):
            do(asked, Answer(True), seat)
    with pytest.raises(NotYourTurn):
        do(answered(asked, "E", True), Answer(True), 1)


def test_a_match_may_end_while_a_claim_is_open(ruffed: State) -> None:
    asked = claimed(ruffed, "N", 13)
    ended = BRIDGE.apply(asked, SYSTEM, SystemMove("resign", 1)).state
    view = BRIDGE.view(ended, 0)
    assert (view["result"], view["claim"], view["outcome"]["reason"]) == (None, None, "resign")
    assert BRIDGE.load(BRIDGE.dump(ended)) == ended


# Taking back


def undoers(state: State) -> str:
    return "".join(side for seat, side in enumerate(SIDES) if BRIDGE.view(state, seat)["can_undo"])


def test_who_may_take_back() -> None:
    """Whoever made the last call or card; nobody the opening lead, on which dummy was shown."""
    state = start()
    assert undoers(state) == ""
    state = called(state, "1C")
    assert undoers(state) == "N"
    assert BRIDGE.asides(state, 0) == (Undo(),)
    state = called(state, "- - -")
    assert undoers(state) == "W"
    state = played(state, "D2")
    assert undoers(state) == ""
    # Declarer has played dummy's card.
    state = played(state, "H2")
    assert undoers(state) == "N"
    state = played(state, "S2")
    assert undoers(state) == "W"
    # The last card of a trick, whoever has won it.
    assert undoers(played(state, "C2")) == "N"


def test_a_call_is_taken_back() -> None:
    before = called(start(), "1C dbl")
    asked = do(called(before, "7Z"), Undo(), 2)
    assert told(asked, "undo_asked") == {"side": "S"}
    state = asked.state
    assert BRIDGE.actors(state) == {1, 3}
    view = BRIDGE.view(state, 1)
    assert (view["undo"], view["bids"]) == ({"side": "S", "waiting": ["E", "W"]}, [])
    with pytest.raises(Illegal):
        do(state, Call("pass"), 3)
    step = do(state, Answer(True), 1)
    assert told(step, "undone") == {
        **{"side": "E", "what": "bid", "of": "S", "bid": "7Z", "card": None},
    }
    assert BRIDGE.view(step.state, 2)["auction"] == BRIDGE.view(before, 2)["auction"]
    assert BRIDGE.actors(step.state) == {2}
    # The call before it stands: somebody has called since.
    assert undoers(step.state) == ""
    assert undoers(called(step.state, "2Z")) == "S"


def test_the_call_that_ended_the_auction_is_taken_back() -> None:
    state = called(start(), "1C - - -")
    assert BRIDGE.view(state, 0)["phase"] == "play"
    state = taken_back(state, "W", "S")
    view = BRIDGE.view(state, 3)
    assert (view["phase"], view["contract"], view["actor"]) == ("auction", None, "W")
    assert BRIDGE.view(called(state, "1D"), 3)["phase"] == "auction"


def test_a_card_is_taken_back_and_stays_seen(ruffed: State) -> None:
    state = played(ruffed, "C9 D5")
    back = taken_back(state, "E", "N")
    assert back.play == played(ruffed, "C9").play
    for viewer in (None, 0, 2, 3):
        view = BRIDGE.view(back, viewer)
        assert view["hands"]["E"] is None
        assert view["returned"] == {"N": [], "E": [card("D5")], "S": [], "W": []}
    again = played(back, "D6")
    assert BRIDGE.view(again, 0)["returned"]["E"] == [card("D5")]
    assert BRIDGE.view(played(back, "D5"), 0)["returned"]["E"] == []


def test_the_card_that_ended_a_trick_is_taken_back(ruffed: State) -> None:
    state = taken_back(ruffed, "N", "W")
    view = BRIDGE.view(state, 0)
    assert (len(view["trick"]), view["tricks"]) == (3, {"NS": 0, "EW": 0})
    assert (view["last_trick"], view["actor"]) == (None, "N")


@pytest.mark.parametrize("opponent", ["E", "W"])
def test_either_opponent_declines_and_it_is_not_asked_again(ruffed: State, opponent: str) -> None:
    state = do(ruffed, Undo(), 0).state
    step = do(state, Answer(False), SIDES.index(opponent))
    assert told(step, "undo_declined") == {"side": opponent}
    assert step.state.play == ruffed.play
    assert undoers(step.state) == ""
    with pytest.raises(Illegal) as refused:
        do(step.state, Undo(), 0)
    assert refused.value.msg == "There is nothing that you can take back now."
    assert undoers(played(step.state, "C3")) == "N"


def test_nothing_is_taken_back_once_somebody_has_claimed(ruffed: State) -> None:
    assert undoers(ruffed) == "N"
    assert undoers(answered(claimed(ruffed, "E", 2), "N", False)) == ""


def test_a_hand_that_was_shown_is_still_shown_when_a_card_returns_to_it(ruffed: State) -> None:
    declined = answered(claimed(ruffed, "N", 13), "E", False)
    back = taken_back(played(declined, "C9"), "N", "E")
    assert BRIDGE.view(back, 1)["hands"]["N"] == list(LONG_SUITS[0][1:])
    # The position is new, so it may be claimed in again.
    assert spans(back)["N"] == [1, 13]
