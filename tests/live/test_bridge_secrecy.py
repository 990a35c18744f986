"""Nobody hears of a card, or of an alert, that they may not know: over whole deals, to every seat.

What a viewer cannot see is exchanged for something else, and all they are sent must stay the same
to the byte. Every card that is shown must be one they may know by then. And each room hears what
is told to those in it, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from random import Random
from typing import Any

import pytest

from app.games.api import Event, Json
from app.games.bridge import BRIDGE, SIDES, State
from app.games.bridge.deal import SUITS
from app.live import bridge
from app.live.bridge import messages, whole_table
from app.live.names import bridge_room, kibitz_room, user_room, watch_room
from app.live.publisher import RoomPublisher
from app.live.views import match_update
from app.services.records import MatchRecord
from tests.games.bridge_positions import in_sight
from tests.games.kits import KITS
from tests.games.matches import Match, encode, play
from tests.live.bridge_match import NOW, TABLE, VIEWERS, Viewer, happenings, record_of

RESHUFFLE = KITS["bridge"].reshuffle
assert RESHUFFLE is not None
MATCHES = 6
SEED = b"the same for all positions"


@pytest.fixture(scope="module", params=range(MATCHES))
def match(request: pytest.FixtureRequest) -> Match:
    """A random deal, with claims and requests to take something back."""
    return play(BRIDGE, "standard", request.param)


def sent(record: MatchRecord, events: Sequence[Event], viewer: Viewer) -> Json:
    """All that a viewer is sent of a version, playing or looking on, and finds on coming back."""
    # The hash of the seed is no news; that it tells nothing of the seed is not for this test.
    record = record.changed(seed=SEED)
    told = [
        [
            messages(record, events, viewer, kibitz=kibitz),
            match_update(record, viewer, NOW, kibitz=kibitz),
            whole_table(record, viewer, kibitz=kibitz),
        ]
        for kibitz in (True, False)
    ]
    assert record.over or SEED.hex() not in encode(told)
    return told


def check_streams(match: Match) -> None:
    """Non-interference over a whole deal, for every viewer."""
    random = Random(1)
    assert RESHUFFLE is not None
    for number, ply in enumerate(match.plies, 1):
        for viewer in VIEWERS:
            other = RESHUFFLE(ply.before, ply.seat, ply.move, viewer, random)
            step = BRIDGE.apply(other, ply.seat, ply.move)
            was = [sent(record_of(s, number - 1), (), viewer) for s in (ply.before, other)]
            assert encode(was[0]) == encode(was[1])
            told = [
                messages(record_of(s.state, number), s.events, viewer) for s in (ply.step, step)
            ]
            assert encode(told[0]) == encode(told[1])
            if ply.step.state.outcome is None:  # then it is opened to those at the table
                views = [
                    sent(record_of(s.state, number), s.events, viewer) for s in (ply.step, step)
                ]
                assert encode(views[0]) == encode(views[1])


def test_what_is_hidden_makes_no_difference(match: Match) -> None:
    check_streams(match)


def test_whoever_is_not_at_the_table_is_not_shown_what_was_hidden(match: Match) -> None:
    """The board may be dealt to them yet."""
    over = record_of(match.plies[-1].step.state)
    assert over.over
    closed = match_update(over, None, NOW)["match_state"]
    view = BRIDGE.view(over.state, None)
    assert {field: closed[field] for field in view} == view
    assert "seed" not in closed
    assert over.seed.hex() not in encode(closed)
    for opened in (
        match_update(over, None, NOW, kibitz=True),
        *(match_update(over, seat, NOW) for seat in match.seats),
        *(match_update(over, seat, NOW, kibitz=True) for seat in match.seats),
    ):
        state = opened["match_state"]
        assert state["seed"] == over.seed.hex()
        assert state["deal"] == {
            side: list(hand) for side, hand in zip(SIDES, over.state.deal, strict=True)
        }


# Every card that is shown


def shown(told: Sequence[tuple[str, Json]]) -> Iterator[int]:
    """Every card in messages."""
    for type, data in told:
        if type == "hand":
            yield from data["cards"]
        elif type == "move":
            yield int(data["card"])


def test_every_card_that_is_shown_may_be_known(match: Match) -> None:
    for viewer in VIEWERS:
        before: State | None = None
        for record, events in happenings(match):
            known = in_sight(record.state, viewer)
            if before is not None:  # what has been taken back was seen, too
                known |= in_sight(before, viewer)
            told = [*messages(record, events, viewer), *whole_table(record, viewer)]
            assert set(shown(told)) <= known
            before = record.state


def test_what_may_be_played_is_told_to_the_one_who_plays(match: Match) -> None:
    """As soon as a claim that is open is declined, but then nothing is told of it any more."""
    for record, events in happenings(match):
        state: State = record.state
        for viewer in VIEWERS:
            plays = state.play is not None and viewer is not None and viewer == state.to_act
            turn = state.play.legal if plays and state.play is not None else ()
            for tell in (partial(messages, record, events), partial(whole_table, record)):
                told = tell(viewer)
                allowed = [data["allowed"] for _, data in told if "allowed" in data]
                is_told = bool(turn) and "move" in [type for type, _ in told]
                assert len(allowed) == is_told
                assert set(allowed) <= {"all", *{SUITS[card // 13] for card in turn}}
                assert not any("allowed" in data for _, data in tell(viewer, kibitz=True))


def test_an_alert_is_never_told_to_the_partner(match: Match) -> None:
    """But for its end, when the partner may know."""
    said = 0
    for record, events in happenings(match):
        for viewer in range(4):
            partner = SIDES[(viewer + 2) % 4]
            told = messages(record, events, viewer)
            if not record.over:
                told = [*told, *whole_table(record, viewer)]
            for type, data in told:
                if type == "bid" and data["side"] == partner:
                    assert data["alert"] == ""
                elif type == "bid":
                    said += bool(data["alert"])
    assert said


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


def test_each_room_hears_its_own_and_nothing_else(match: Match) -> None:
    manager = Manager()
    publisher = RoomPublisher(manager, lambda: NOW)  # type: ignore[arg-type]
    expected: dict[str, list[Json]] = {}
    for record, events in happenings(match):
        publisher.match(record, events)
        for seat, side in enumerate(SIDES):
            told = [list(one) for one in messages(record, events, seat)]
            looked = [list(one) for one in messages(record, events, seat, kibitz=True)]
            update = ["match_update", match_update(record, seat, NOW)]
            expected.setdefault(user_room(seat + 1), []).append(update)
            expected.setdefault(bridge_room(seat + 1), []).extend(told)
            expected.setdefault(kibitz_room(TABLE, side), []).extend([*looked, update])
        told = [list(one) for one in messages(record, events, None, kibitz=True)]
        update = ["match_update", match_update(record, None, NOW, kibitz=True)]
        expected.setdefault(kibitz_room(TABLE), []).extend([*told, update])
        update = ["match_update", match_update(record, None, NOW)]
        expected.setdefault(watch_room(record.id), []).append(update)
    assert manager.rooms.keys() == expected.keys()
    for room, heard in expected.items():
        assert encode(manager.rooms[room]) == encode(heard)


def test_a_robot_is_sent_nothing() -> None:
    match = play(BRIDGE, "standard", 1)
    manager = Manager()
    publisher = RoomPublisher(manager, lambda: NOW)  # type: ignore[arg-type]
    record = record_of(match.first.state, 0, bots=(1, 2, 3))
    publisher.match(record, match.first.events)
    players = {room for room in manager.rooms if "user:" in room}
    assert players == {user_room(1), bridge_room(1)}


# A leak of any kind is found


@pytest.mark.parametrize(
    "leak",
    [
        lambda state, viewer: state.deal[0][:1],
        lambda state, viewer: state.deal[2],
        lambda state, viewer: [len(BRIDGE.legal_moves(state, seat)) for seat in range(4)],
        lambda state, viewer: [call.alert for call in state.calls],
        lambda state, viewer: sum(card // 13 for card in state.deal[3]),
    ],
)
def test_a_leak_is_found(leak: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def leaking(record: MatchRecord, events: Any, viewer: Viewer, **rest: Any) -> Any:
        told = bridge.messages(record, events, viewer, **rest)
        return [*told, bridge.Message("more", {"more": leak(record.state, viewer)})]

    monkeypatch.setattr(f"{__name__}.messages", leaking)
    with pytest.raises(AssertionError):
        check_several()


def check_several() -> None:
    for number in range(MATCHES):
        check_streams(play(BRIDGE, "standard", number))


def test_what_is_told_to_all_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def whisper(event: Event, viewer: Viewer) -> Json:
        return {"type": event.kind, "data": dict(event.data)}

    monkeypatch.setattr(type(BRIDGE), "event_view", lambda _, event, viewer: whisper(event, viewer))
    match = play(BRIDGE, "standard", 0)
    with pytest.raises(AssertionError):
        check_streams(match)
    with pytest.raises(AssertionError):
        test_every_card_that_is_shown_may_be_known(match)
    with pytest.raises(AssertionError):
        test_an_alert_is_never_told_to_the_partner(match)
