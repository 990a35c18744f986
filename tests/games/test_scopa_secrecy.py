"""What each viewer of scopa sees, field by field, and that a leak of any kind is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.games.api import Event, Json, Seat
from app.games.scopa import SCOPA, Scopa, State
from tests.games.matches import encode, play
from tests.games.scopa_positions import data_of
from tests.games.test_secrecy import check_secrecy

TABLES = [
    *({"variant": variant} for variant in SCOPA.info.variants),
    {"variant": "classic", "players": 4},
]


@pytest.mark.parametrize("raw", TABLES, ids=str)
def test_a_viewer_sees_their_own_hand(raw: Json) -> None:
    options = SCOPA.parse_options(raw)
    for number in range(10):
        step = SCOPA.initial(options, bytes([number]))
        state = step.state
        (dealt,) = [event for event in step.events if event.kind == "dealt"]
        seats = range(options.players)
        for viewer in (None, *seats):
            view, told = SCOPA.view(state, viewer), SCOPA.event_view(dealt, viewer)
            assert told is not None
            for seat in seats:
                shown = view["hands"][seat]
                assert [card["place"] for card in shown] == [
                    state.deck.index(card) for card in state.hands[seat]
                ]
                whole = seat == viewer or state.shown[seat]
                assert all(set(card) >= {"place", "suit", "value"} for card in shown) is whole
                assert whole or all(set(card) == {"place"} for card in shown)
                whole = seat == viewer
                told_hand = told["data"]["hands"][seat]
                assert all("value" in card for card in told_hand) is whole
            assert bool(view["takes"]) is (viewer == state.to_move)


@pytest.mark.parametrize("raw", TABLES, ids=str)
def test_the_seed_is_never_shown(raw: Json) -> None:
    seed = bytes.fromhex("c0ffee" * 8)
    step = SCOPA.initial(SCOPA.parse_options(raw), seed)
    for viewer in (None, *range(step.state.options.players)):
        seen = [SCOPA.event_view(event, viewer) for event in step.events]
        shown = encode([SCOPA.view(step.state, viewer), seen])
        assert seed.hex() not in shown
    assert seed.hex() in encode(SCOPA.dump(step.state))


def test_what_is_dealt_at_first_is_redacted_from_the_event() -> None:
    step = SCOPA.initial(SCOPA.parse_options({}), b"seed")
    hands = data_of(step, "dealt")["hands"]
    assert all("value" in card for hand in hands for card in hand)


Leak = Callable[[State], Json]


def leaky(leak: Leak) -> Scopa:
    """The game with something added to every view."""

    class Leaky(Scopa):
        def view(self, state: State, viewer: Seat | None) -> Json:
            return {**super().view(state, viewer), "more": leak(state)}

    return Leaky()


@pytest.mark.parametrize(
    "leak",
    [
        lambda state: state.hands[0][:1],
        lambda state: state.hands[1],
        lambda state: state.deck[-1],
        lambda state: state.deck[state.dealt :],
        lambda state: sorted(state.deck[state.dealt :]),
        lambda state: sum(card.value for card in state.hands[0]),
        lambda state: state.seed.hex(),
        lambda state: [len(SCOPA.legal_moves(state, seat)) for seat in (0, 1)],
    ],
)
def test_a_leak_is_found(leak: Leak) -> None:
    with pytest.raises(AssertionError):
        check_secrecy(play(leaky(leak), "classic", 0))


class _Whispering(Scopa):
    """Tells everybody every hand that is dealt."""

    def event_view(self, event: Event, viewer: Seat | None) -> Json | None:
        return {"type": event.kind, "data": dict(event.data)}


@pytest.mark.parametrize("variant", ["classic", "rebello", "cucita", "cirulla"])
def test_a_leak_in_an_event_is_found(variant: str) -> None:
    with pytest.raises(AssertionError):
        check_secrecy(play(_Whispering(), variant, 0))
