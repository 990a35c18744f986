"""Nobody hears of a card they may not know: over whole matches, of every variant, from every seat.

Two ways of asking. What a viewer cannot see is exchanged for something else, and all they are sent
must stay the same to the byte. And every card that is shown must be one they may know by then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, ClassVar

import pytest

from app.games.api import SYSTEM, Event, Json, SystemMove
from app.games.cards import ITALIAN
from app.games.scopa import SCOPA, State
from app.live import scopa
from app.live.names import user_room, watch_room
from app.live.publisher import RoomPublisher
from app.live.scopa import messages, whole_table
from app.live.views import match_update
from app.services.records import MatchRecord
from tests.games.kits import KITS
from tests.games.matches import Match, encode, play
from tests.live.scopa_match import NOW, Happening, Viewer, happenings, record_of

RESHUFFLE = KITS["scopa"].reshuffle
assert RESHUFFLE is not None


@pytest.fixture(
    params=[(v, n) for v in SCOPA.info.variants for n in range(3)],
    ids=lambda param: f"{param[0]}-{param[1]}",
)
def match(request: pytest.FixtureRequest) -> Match:
    """A random match; of each variant there is one with four players among these."""
    return play(SCOPA, *request.param)


def sent(record: MatchRecord, events: Sequence[Event], viewer: Viewer) -> Json:
    """All that a viewer is sent of a version, and what they find on coming back."""
    # The hash of the seed is no news; that it tells nothing of the seed is not for this test.
    record = record.changed(seed=b"the same")
    return [
        *messages(record, events, viewer),
        match_update(record, viewer, NOW),
        whole_table(record, viewer),
    ]


def check_streams(match: Match) -> None:
    """Non-interference over a whole match, for every viewer."""
    random = Random(1)
    assert RESHUFFLE is not None
    for number, ply in enumerate(match.plies, 1):
        for viewer in match.viewers:
            other = RESHUFFLE(ply.before, ply.seat, ply.move, viewer, random)
            step = SCOPA.apply(other, ply.seat, ply.move)
            was = [sent(record_of(s, number - 1), (), viewer) for s in (ply.before, other)]
            assert encode(was[0]) == encode(was[1])
            now = [messages(record_of(s.state, number), s.events, viewer) for s in (ply.step, step)]
            assert encode(now[0]) == encode(now[1])
            if ply.step.state.outcome is None:  # then nothing is hidden any more
                views = [sent(record_of(s.state, number), (), viewer) for s in (ply.step, step)]
                assert encode(views[0]) == encode(views[1])


def test_what_is_hidden_makes_no_difference(match: Match) -> None:
    check_streams(match)


# Every card that is shown


def shown(value: Json) -> Iterator[tuple[int, int, int]]:
    """Every card in a message that is seen: its place in the deck, its suit and its value."""
    if isinstance(value, dict):
        if value.get("value"):
            yield value.get("id", value.get("place")), value["suit"], value["value"]
        for part in value.values():
            yield from shown(part)
    elif isinstance(value, list):
        for part in value:
            yield from shown(part)


def known(before: State | None, happening: Happening, viewer: Viewer) -> set[Any]:
    """The cards of a deal that a viewer may know when this has happened, as `shown` has them."""
    after = happening.record.state
    cards = set()
    for state in (before, after):
        if state is None:
            continue
        open_hands = [
            hand
            for seat, hand in enumerate(state.hands)
            if seat == viewer or state.shown[seat] or state.outcome is not None
        ]
        for card in [*state.table, *state.piles[0], *state.piles[1], *sum(open_hands, ())]:
            cards.add((state.deck.index(card), card.suit, card.value))
    for event in happening.events:
        if event.kind in ("played", "misdealt", "deal"):
            for card in event.data.get("table", [event.data.get("card")]):
                cards.add((card["place"], card["suit"], card["value"]))
    if before is not None and before.deck != after.deck:  # what was left was played
        cards |= {(i, card.suit, card.value) for i, card in enumerate(before.deck)}
    return cards


def test_every_card_that_is_shown_may_be_known(match: Match) -> None:
    for viewer in match.viewers:
        before: State | None = None
        for happening in happenings(match):
            record, events = happening
            allowed = known(before, happening, viewer)
            for message in sent(record, events, viewer):
                assert set(shown(message)) <= allowed
            before = record.state


def test_a_hand_is_as_long_and_ordered_as_it_was_dealt(match: Match) -> None:
    """Neither the ids nor the order of hidden cards say which they are."""
    for record, _ in happenings(match):
        for viewer in match.viewers:
            for move in whole_table(record, viewer)["moves"]:
                if move["dest"].startswith("hand_"):
                    ids = [card["id"] for card in move["cards"]]
                    assert ids == sorted(ids)


def test_the_seed_is_told_when_all_is_over(match: Match) -> None:
    for record, events in happenings(match):
        for viewer in match.viewers:
            text = encode([*messages(record, events, viewer), match_update(record, viewer, NOW)])
            assert (record.seed.hex() in text) is record.over
            assert record.commitment in text


@pytest.mark.parametrize("kind", ["resign", "timeout", "abort"])
def test_the_hands_are_opened_when_a_match_is_ended(kind: Any) -> None:
    state = play(SCOPA, "classic", 1).plies[5].before
    step = SCOPA.apply(state, SYSTEM, SystemMove(kind, 2))
    record = record_of(step.state, 9)
    for viewer in (None, 0, 3):
        hands = match_update(record, viewer, NOW)["match_state"]["hands"]
        assert [[card["value"] for card in hand] for hand in hands] == [
            [card.value for card in hand] for hand in state.hands
        ]
        moves = whole_table(record, viewer)["moves"]
        assert all(move["visible"] for move in moves)
        # The stream goes to whoever has heard the rest of it, and tells no card.
        assert not list(shown(messages(record, step.events, viewer)))


# Who is sent it


class Manager:
    """A client manager that remembers what went to which room."""

    shared = True  # other workers are told no more of a position either

    def __init__(self) -> None:
        self.rooms: dict[str, list[Json]] = {}

    def emit(self, event: str, envelope: Json, *, namespace: str, room: Any) -> None:
        assert envelope["type"] == event
        assert "saved" not in envelope
        assert isinstance(room, list), "nobody is told who is in no room of the match"
        for name in room:
            self.rooms.setdefault(name, []).append([event, envelope["data"]])


@pytest.mark.parametrize(("variant", "number"), [("classic", 0), ("cirulla", 1), ("scopone", 0)])
def test_each_room_hears_its_own_stream_and_nothing_else(variant: str, number: int) -> None:
    match = play(SCOPA, variant, number)
    manager = Manager()
    publisher = RoomPublisher(manager, lambda: NOW)  # type: ignore[arg-type]
    heard = list(happenings(match))
    for record, events in heard:
        publisher.match(record, events)
    viewers = {watch_room(heard[0].record.id): None} | {user_room(s + 1): s for s in match.seats}
    assert manager.rooms.keys() == viewers.keys()
    for room, viewer in viewers.items():
        expected = []
        for record, events in heard:
            expected += [["match_data", data] for data in messages(record, events, viewer)]
            expected.append(["match_update", match_update(record, viewer, NOW)])
        assert encode(manager.rooms[room]) == encode(expected)


def test_the_computer_is_sent_nothing() -> None:
    match = play(SCOPA, "classic", 1)
    manager = Manager()
    publisher = RoomPublisher(manager, lambda: NOW)  # type: ignore[arg-type]
    record = record_of(match.first.state, 0, bots=(1, 2, 3))
    publisher.match(record, match.first.events)
    assert manager.rooms.keys() == {user_room(1), watch_room(record.id)}


# A leak of any kind is found


class _Leak:
    """What somebody might add to a message, by mistake."""

    ways: ClassVar[list[Any]] = [
        lambda state, viewer: state.hands[0][:1],
        lambda state, viewer: state.deck[-1],
        lambda state, viewer: len(SCOPA.legal_moves(state, state.to_move)),
        lambda state, viewer: state.seed.hex(),
        lambda state, viewer: sorted(state.hands[1]),
        lambda state, viewer: [card for hand in state.hands for card in sorted(hand)],
    ]


@pytest.mark.parametrize("leak", _Leak.ways)
def test_a_leak_is_found(leak: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def leaking(record: MatchRecord, events: Sequence[Event], viewer: Viewer) -> list[Json]:
        told = scopa.messages(record, events, viewer)
        return [*told, {"more": leak(record.state, viewer)}]

    monkeypatch.setattr(f"{__name__}.messages", leaking)
    with pytest.raises(AssertionError):
        check_streams(play(SCOPA, "classic", 0))


def test_a_hand_told_to_all_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def whisper(event: Event, viewer: Viewer) -> Json:
        return {"type": event.kind, "data": dict(event.data)}

    monkeypatch.setattr(SCOPA, "event_view", whisper)
    match = play(SCOPA, "classic", 0)
    with pytest.raises(AssertionError):
        check_streams(match)
    with pytest.raises(AssertionError):
        test_every_card_that_is_shown_may_be_known(match)


def test_a_card_that_may_not_be_known_is_found() -> None:
    match = play(SCOPA, "classic", 0)
    happening = next(happenings(match))
    for viewer in match.viewers:
        allowed = known(None, happening, viewer)
        assert len(allowed) == 4 + 3 * (viewer is not None)
        assert len(allowed) < len(ITALIAN.cards)
