"""Deals of bridge, on file and random, followed by somebody who only hears what they are told."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

from app.games.api import Json, Seat, Step
from app.games.bridge import BRIDGE, SIDES, State
from tests.games import playthrough
from tests.games.matches import play

PATHS = {path.stem: path for path in playthrough.paths() if path.stem.startswith("bridge-")}
ENDS = {
    "bridge-abort": ("abort", []),
    "bridge-claim": ("claim", [0, 2]),
    "bridge-passed": ("passed", []),
    "bridge-played": ("played", [0, 2]),
    "bridge-resign": ("resign", [1, 3]),
    "bridge-taken-back": ("claim", [1, 3]),
    "bridge-timeout": ("timeout", [0, 2]),
}
HEARD = (
    *("hands", "counts", "auction", "contract", "declarer", "lead", "tricks", "trick", "played"),
    *("to_move", "claim", "undo", "result", "outcome"),
)
"""The fields of a view that follow from the events."""


class Listener:
    """What one viewer knows of a deal who has heard every event and seen no view."""

    def __init__(self) -> None:
        self.contract = self.declarer = self.lead = self.to_move = None
        self.claim = self.undo = self.result = self.outcome = None
        self.auction: list[Json] = []
        self.cards: list[Json] = []
        self.winners: list[str] = []

    def hear(self, event: Json) -> None:
        getattr(self, f"hear_{event['type']}")(event["data"])

    def hear_dealt(self, data: Json) -> None:
        self.hands = data["hands"]
        self.counts = dict.fromkeys(SIDES, 13)
        self.to_move = data["dealer"]

    def hear_bid(self, data: Json) -> None:
        self.auction.append({key: data[key] for key in ("side", "bid", "alert")})
        self.to_move = data["next"]

    def hear_contract(self, data: Json) -> None:
        self.contract, self.declarer, self.lead = data.values()
        self.to_move = self.lead

    def hear_card(self, data: Json) -> None:
        side, card = data["side"], data["card"]
        self.cards.append({"side": side, "card": card})
        self.counts[side] -= 1
        if self.hands[side] is not None:
            self.hands[side].remove(card)
        if data["trick"] is not None:
            self.winners.append(data["trick"])
        self.to_move = data["next"]

    def hear_shown(self, data: Json) -> None:
        self.hands[data["side"]] = data["cards"]

    def hear_claim(self, data: Json) -> None:
        partner = SIDES[(SIDES.index(self.declarer or "") + 2) % 4]
        waiting = [side for side in SIDES if side not in (data["side"], partner)]
        self.claim = {**data, "accepted": [], "waiting": waiting}

    def hear_claim_accepted(self, data: Json) -> None:
        assert self.claim is not None
        self.claim["waiting"].remove(data["side"])
        self.claim["accepted"] = sorted([*self.claim["accepted"], data["side"]], key=SIDES.index)

    def hear_claim_declined(self, data: Json) -> None:
        self.claim = None

    def hear_undo_asked(self, data: Json) -> None:
        opponents = [side for side in SIDES if (SIDES.index(side) - SIDES.index(data["side"])) % 2]
        self.undo = {"side": data["side"], "waiting": opponents}

    def hear_undo_declined(self, data: Json) -> None:
        self.undo = None

    def hear_undone(self, data: Json) -> None:
        self.undo = None
        self.to_move = data["of"]
        if data["what"] == "bid":
            assert self.auction.pop()["bid"] == data["bid"]
            self.contract = self.declarer = self.lead = None
            return
        assert self.cards.pop() == {"side": data["of"], "card": data["card"]}
        self.counts[data["of"]] += 1
        del self.winners[len(self.cards) // 4 :]
        if self.hands[data["of"]] is not None:
            self.hands[data["of"]] = sorted([*self.hands[data["of"]], data["card"]])

    def hear_replaced(self, data: Json) -> None:
        assert data["side"] in SIDES

    def hear_resign(self, data: Json) -> None:
        assert data["side"] in (*SIDES, None)

    hear_timeout = hear_abort = hear_resign

    def hear_scored(self, data: Json) -> None:
        self.result = data
        self.contract = data["contract"]

    def hear_over(self, data: Json) -> None:
        self.outcome = data
        self.to_move = self.claim = self.undo = None

    @property
    def tricks(self) -> Json:
        return {pair: sum(winner in pair for winner in self.winners) for pair in ("NS", "EW")}

    @property
    def played(self) -> Json:
        whole = 4 * len(self.winners)
        return [self.cards[first : first + 4] for first in range(0, whole, 4)]

    @property
    def trick(self) -> Json:
        return self.cards[4 * len(self.winners) :]


def follow(steps: Iterable[Step[Any]], viewer: Seat | None) -> None:
    """Compares what is heard with what is seen, after every step."""
    listener = Listener()
    for step in steps:
        for event in step.events:
            heard = BRIDGE.event_view(event, viewer)
            if heard is not None:
                listener.hear(json.loads(json.dumps(heard)))
        view = BRIDGE.view(step.state, viewer)
        if view["over"]:
            # Alerts were secret until now, so no event has told them.
            for call, seen in zip(listener.auction, view["auction"], strict=True):
                call["alert"] = seen["alert"]
        heard_all = {field: getattr(listener, field) for field in HEARD}
        assert heard_all == {field: view[field] for field in HEARD}


def read(name: str) -> Json:
    return json.loads(PATHS[name].read_text(encoding="utf-8"))


def test_every_ending_is_on_file() -> None:
    ends = {name: read(name)["outcome"] for name in PATHS}
    assert {name: (end["reason"], end["winners"]) for name, end in ends.items()} == ENDS


@pytest.mark.parametrize("viewer", [None, 0, 1, 2, 3])
@pytest.mark.parametrize("name", ENDS)
def test_the_events_of_a_deal_on_file_tell_it(name: str, viewer: Seat | None) -> None:
    follow(playthrough.steps(read(name)), viewer)


@pytest.mark.parametrize("viewer", [None, 0, 1, 2, 3])
@pytest.mark.parametrize("number", range(8))
def test_the_events_of_a_random_deal_tell_it(number: int, viewer: Seat | None) -> None:
    match = play(BRIDGE, "standard", number)
    follow([match.first, *(ply.step for ply in match.plies)], viewer)


def test_random_deals_have_everything_in_them() -> None:
    """What the suites try out at random does come up in the few deals they look at."""
    kinds: set[str] = set()
    reasons: set[str] = set()
    for number in range(12):
        match = play(BRIDGE, "standard", number)
        kinds.update(event.kind for ply in match.plies for event in ply.step.events)
        last: State = match.states[-1]
        assert last.outcome is not None
        reasons.add(last.outcome.reason)
    assert kinds >= {
        *("bid", "contract", "card", "shown", "claim", "claim_accepted", "claim_declined"),
        *("undo_asked", "undo_declined", "undone", "scored", "over"),
    }
    assert reasons == {"played", "claim"}
