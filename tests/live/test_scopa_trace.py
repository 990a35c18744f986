"""A match that the first client's server dealt, told again: both streams, message for message.

`tests/legacy/scopa-old-server.jsonl` was recorded from that server. Where ours differs, and why:
a choice is for the player alone; an info is always `{"info", "data"}`; what is left on the table
comes with the group that it goes to; cards are numbered from the top of the deck.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.games.api import Event, Json, Step
from app.games.cards import ITALIAN, Card
from app.games.scopa import SCOPA, Move, State
from app.games.scopa.dealing import deal_hands
from app.games.scopa.play import takes
from app.games.scopa.view import cards_json
from app.live.scopa import choice, messages
from tests.live.scopa_match import bare, bytes_of, record_of

TRACE = Path(__file__).parents[1] / "legacy" / "scopa-old-server.jsonl"
SCENARIO = "match_1v1"
LAST = 39  # the first client's server dealt its cards from 39 down


def frames() -> Iterator[tuple[str, str, Json]]:
    """`(client, "sent" or "received", data)` of every `match_data` in the recorded match."""
    for line in TRACE.read_text(encoding="utf-8").splitlines():
        frame = json.loads(line)
        if frame["scenario"] == SCENARIO and frame["msg"]["control"] == "match_data":
            yield frame["client"], frame["dir"], renumbered(frame["msg"]["data"])


def renumbered(value: Json) -> Json:
    """The recorded message with our numbers for the cards, and its infos in one shape."""
    if isinstance(value, list):
        return [renumbered(part) for part in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"scopa"}:
        return {"info": "scopa", "data": value["scopa"]}
    fields = {key: renumbered(part) for key, part in value.items()}
    if "suit" in value:
        fields["id"] = LAST - value["id"]
    if value.get("command") == "human_play":
        fields["data"]["card"] = LAST - value["data"]["card"]
    return fields


def seen(received: list[Json]) -> list[dict[int, Card]]:
    """The cards of each deal that a client saw, by their places in the deck."""
    found: list[dict[int, Card]] = []
    for message in received:
        if any(entry["info"] == "first_player" for entry in message["infos"]):
            found.append({})
        for move in message["moves"]:
            for card in move["cards"]:
                if card["value"]:
                    found[-1][card["id"]] = ITALIAN.cards[10 * card["suit"] + card["value"] - 1]
    return found


def whole(deck: dict[int, Card]) -> tuple[Card, ...]:
    """A deck with these cards in their places; what nobody saw follows by number."""
    rest = iter(card for card in ITALIAN.cards if card not in deck.values())
    return tuple(deck[place] if place in deck else next(rest) for place in range(40))


def dealt(state: State, deck: tuple[Card, ...], first: int) -> Step[State]:
    """A deal with this deck."""
    laid = replace(
        state,
        deck=deck,
        dealt=4,
        first=first,
        to_move=first,
        table=deck[:4],
        hands=((), ()),
        piles=((), ()),
        scope=((), ()),
        taker=None,
    )
    deal = {"deal": len(state.points) + 1, "first": first, "table": cards_json(laid, laid.table)}
    step = deal_hands(laid)
    return Step(step.state, (Event("deal", deal), *step.events))


class Table:
    """Our side of the match: what each of its two players hears."""

    def __init__(self, names: list[str], deals: list[tuple[Card, ...]], first: int) -> None:
        self.names = names
        self.deals = deals
        self.version = 0
        self.heard: dict[int, list[Json]] = {0: [], 1: []}
        step = dealt(SCOPA.initial(SCOPA.parse_options({}), b"seed").state, deals[0], first)
        self.tell(step)

    def tell(self, step: Step[State]) -> None:
        self.state = step.state
        record = record_of(step.state, self.version, names=self.names)
        for seat, heard in self.heard.items():
            heard += [bare(message) for message in messages(record, step.events, seat)]

    def play(self, player: str, card: int, take: int | None = None) -> None:
        seat, held = self.names.index(player), self.state.deck[card]
        offered = takes(self.state, held)
        if take is None and len(offered) > 1:
            shown = [[cards_json(self.state, self.state.table)[i] for i in t] for t in offered]
            record = record_of(self.state, self.version, names=self.names)
            self.heard[seat] += [bare(message) for message in choice(record, seat, shown)]
            return
        step = SCOPA.apply(self.state, seat, Move(held, take))
        self.version += 1
        if step.state.points != self.state.points:
            # From here on another deck is dealt than our seed's.
            kinds = [event.kind for event in step.events]
            new = dealt(step.state, self.deals[len(step.state.points)], step.state.first)
            step = Step(new.state, (*step.events[: kinds.index("scored") + 1], *new.events))
        self.tell(step)


def as_we_tell_it(recorded: list[Json], name: str) -> list[Json]:
    """What a client received, without what was another's to choose."""
    told = []
    waiting_again = False
    for message in recorded:
        (info, *_) = message["infos"] or [{"info": None}]
        if info["info"] == "choice" and info["data"]["player"] != name:
            waiting_again = True
        elif waiting_again:
            assert info["info"] == "waiting"
            waiting_again = False
        else:
            told.append(message)
    return told


def test_the_recorded_match_is_told_alike() -> None:
    recorded = list(frames())
    received: dict[str, list[Any]] = {
        client: [data for who, way, data in recorded if (who, way) == (client, "received")]
        for client in "AB"
    }
    described, deal = received["A"][:2]
    names = [group["owners"][0] for group in described["infos"][0]["data"][:2]]
    first = names.index(deal["infos"][0]["data"])
    # Each saw the hands that the other did not.
    both = zip(seen(received["A"]), seen(received["B"]), strict=True)
    table = Table(names, [whole({**one, **other}) for one, other in both], first)
    choices = 0
    for _, way, data in recorded:
        if way == "sent":
            play = data["data"]
            table.play(play["player"], play["card"], play.get("take"))
            choices += "take" in play
    assert choices == 2
    for seat, client in enumerate("AB"):
        expected = as_we_tell_it(received[client], names[seat])
        for ours, theirs in zip(table.heard[seat], expected, strict=True):
            left = ours["moves"] and ours["cards"] and ours["moves"][0]["source"] == "table_cards"
            # To the byte: in the same order too.
            assert bytes_of(ours | {"cards": []} if left else ours) == bytes_of(theirs)
