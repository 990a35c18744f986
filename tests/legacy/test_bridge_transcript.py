"""A whole deal over raw WebSockets, as each of those around the table hears it: the four players,
somebody who looks on, somebody who looks over a player's shoulder, one who comes late, and one who
is only in the hall. Each hears just what is theirs, in its order.

What they should hear is worked out here from the cards and the rules of the protocol, a second
time: nothing of `app.live` is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.games.bridge import BRIDGE, SIDES, Call, Play, State
from config import Config
from tests.legacy.bridge_clients import BridgeHouse, Message

NAMES = ("ann", "ben", "cat", "dan")
LOOKERS = {"kim": None, "kip": "E"}  # over whose shoulder
CALLS = (
    *(("pass", "none"), ("1H", "dbl"), ("1S", "dbl"), ("dbl", "rdbl"), ("rdbl", "none")),
    *(("2H", "dbl"), ("2S", "dbl"), ("pass", "none"), ("pass", "dbl"), ("dbl", "rdbl")),
    *(("pass", "none"), ("pass", "rdbl"), ("rdbl", "none"), ("pass", "none"), ("pass", "none")),
    ("pass", "none"),
)
"""The calls from North on, and what whoever calls next may do to the bid that stands."""

ALERTS = {3: "takeout", 6: "six spades"}
DECLARER, DUMMY = "S", "N"


class Table:
    """The deal, and what those around it should have heard of it since they were asked last."""

    def __init__(self, state: State, tid: str) -> None:
        self.state = state
        self.tid = tid
        # Whoever is here, by the side they sit at or look over the shoulder of.
        self.places: dict[str, str | None] = {**dict(zip(NAMES, SIDES, strict=True)), **LOOKERS}
        self.expected: dict[str, list[Message]] = {name: [] for name in self.places}

    def told(self, type: str, to: str | None = None, /, **data: Any) -> None:
        """Somebody, or everybody around the table, should hear this."""
        for each in [to] if to else self.places:
            self.expected[each].append((type, data))

    def held(self, side: str) -> list[int]:
        seat = SIDES.index(side)
        hands = self.state.deal if self.state.play is None else self.state.play.hands
        return list(hands[seat])

    def show(self, side: str, *to: str) -> None:
        """These sides, and who looks over their shoulders, should see a hand."""
        for name, place in self.places.items():
            if place in to:
                self.told("hand", name, side=side, cards=self.held(side))

    def do(self, move: Any) -> None:
        (seat,) = BRIDGE.actors(self.state)
        self.state = BRIDGE.apply(self.state, seat, move).state

    def call(self, number: int) -> None:
        bid, mode = CALLS[number]
        side, alert = SIDES[number % 4], ALERTS.get(number, "")
        self.do(Call(bid, alert or None))
        for name, place in self.places.items():
            partner = place is not None and SIDES.index(place) == (number + 2) % 4
            text = "" if partner else alert
            self.told("bid", name, side=side, bid=bid, alert=text, dbl_mode=mode)

    def play(self, card: int) -> None:
        """A card, and what it opens."""
        before = self.state.play
        assert before is not None
        side, count = SIDES[before.turn], before.played
        self.do(Play(card))
        after = self.state.play
        assert after is not None
        for name, place in self.places.items():
            data: dict[str, Any] = {"side": side, "card": str(card)}
            if not after.is_over:
                data["next"] = SIDES[after.turn]
                actor = DECLARER if SIDES[after.turn] == DUMMY else SIDES[after.turn]
                if name in NAMES and place == actor:
                    data["allowed"] = self.allowed(after.turn)
            if count % 4 == 3:
                ours = (SIDES.index(place) if place else 0) % 2
                data["trick"] = 1 if self.winner(count // 4) % 2 == ours else -1
            self.told("move", name, **data)
        if count == 0:
            for name in self.places:
                self.told("hand", name, side=DUMMY, cards=self.held(DUMMY))
            self.show(DECLARER, DUMMY)

    def allowed(self, turn: int) -> str:
        play = self.state.play
        assert play is not None
        if not play.trick:
            return "all"
        suit = play.trick[0] // 13
        return "CDHS"[suit] if any(card // 13 == suit for card in play.hands[turn]) else "all"

    def winner(self, number: int) -> int:
        """The seat that has won a trick, spades being trumps."""
        play = self.state.play
        assert play is not None
        trick = play.tricks[number]
        led = trick.cards[0] // 13

        def strength(card: int) -> tuple[bool, bool, int]:
            return card // 13 == 3, card // 13 == led, card

        best = max(trick.cards, key=strength)
        return (trick.leader + trick.cards.index(best)) % 4


@pytest.fixture
def house(config: Config) -> Iterator[BridgeHouse]:
    house = BridgeHouse(config, *NAMES, *LOOKERS, "late", "hal")
    yield house
    house.close()


def check(house: BridgeHouse, table: Table, by: str, hall: tuple[Message, ...] = ()) -> None:
    """What somebody has asked for has been heard by everybody as it should, and nothing else."""
    heard = house.heard(by)
    assert heard.pop("hal") == list(hall)
    assert heard == table.expected
    for messages in table.expected.values():
        messages.clear()


def begin(house: BridgeHouse) -> Table:
    """All have come, the last has sat down, and the cards have been dealt."""
    house.sign_in("hal")
    tid, _ = house.table(*NAMES[:3], kibitz=True)
    for name, over in LOOKERS.items():
        house.sign_in(name).ask("table.watch", tid=tid, over=over)
    dan = house.sign_in("dan")
    house.hush()
    table = Table(house.state, tid)
    dan.send("player.sit", {"tid": tid, "position": "W"})
    table.told("chat.add", "dan", wid=f"table_{tid}", title="Table")
    sits = {"tid": tid, "name": "dan", "position": "W"}
    table.told("player.sit", **sits)
    for side in SIDES:
        table.show(side, side)
    table.told("start.bidding", dealer="N", vuln="none", board=1)
    check(house, table, "dan", hall=(("player.sit", sits),))
    return table


def auction(house: BridgeHouse, table: Table) -> None:
    for number, (bid, _) in enumerate(CALLS):
        name = NAMES[number % 4]
        alert = {"alert": ALERTS[number]} if number in ALERTS else {}
        house.clients[name].send("bid", {"tid": table.tid, "bid": bid, **alert})
        table.call(number)
        if number == len(CALLS) - 1:
            table.told("start.play", contract="2SXX", lead="W")
        check(house, table, name)


def card_of(table: Table) -> tuple[str, int]:
    """Who plays next, by name, and what: the lowest card that may be played."""
    play = table.state.play
    assert play is not None
    (seat,) = BRIDGE.actors(table.state)
    return NAMES[seat], play.legal[0]


def play_on(house: BridgeHouse, table: Table, cards: int) -> None:
    for _ in range(cards):
        name, card = card_of(table)
        house.clients[name].send("move", {"tid": table.tid, "card": card})
        table.play(card)
        check(house, table, name)


def whole(table: Table, name: str | None, side: str | None) -> list[Message]:
    """What somebody finds on coming in the second trick; `name` None: who looks on."""
    play = table.state.play
    assert play is not None
    (trick,), lying = play.tricks, play.trick
    seen = {DUMMY} | ({side} if side else set()) | ({DECLARER} if side == DUMMY else set())
    sits = [
        ("player.sit", {"tid": table.tid, "name": each, "position": at})
        for each, at in zip(NAMES, SIDES, strict=True)
    ]
    hands = [("hand", {"side": at, "cards": table.held(at)}) for at in SIDES if at in seen]
    bids = []
    for number, (bid, mode) in enumerate(CALLS):
        partner = side is not None and SIDES.index(side) == (number + 2) % 4
        alert = "" if partner else ALERTS.get(number, "")
        data = {"side": SIDES[number % 4], "bid": bid, "alert": alert, "dbl_mode": mode}
        bids.append(("bid", data))
    order = [(trick.leader + n) % 4 for n in range(4)] + [
        (play.leader + n) % 4 for n in range(len(lying) + 1)
    ]
    moves = []
    for number, card in enumerate((*trick.cards, *lying)):
        at, following = SIDES[order[number]], SIDES[order[number + 1]]
        moves.append(("move", {"side": at, "card": str(card), "next": following}))
    (actor,) = BRIDGE.actors(table.state)
    if name == NAMES[actor]:
        moves[-1][1]["allowed"] = table.allowed(play.turn)
    won = [0, 0]
    won[table.winner(0) % 2] = 1
    return [
        ("chat.add", {"wid": f"table_{table.tid}", "title": "Table"}),
        *sits,
        *hands,
        ("start.bidding", {"dealer": "N", "vuln": "none", "board": 1}),
        *bids,
        ("start.play", {"contract": "2SXX", "lead": "W"}),
        ("tricks", {"NS": won[0], "EW": won[1]}),
        *moves,
    ]


def test_a_whole_deal(house: BridgeHouse) -> None:
    table = begin(house)
    auction(house, table)
    play_on(house, table, 6)
    # Somebody comes late, and looks on; the players are cut off, and come back.
    late = house.sign_in("late")
    house.hush()
    assert late.ask("table.watch", tid=table.tid) == whole(table, None, None)
    table.places["late"] = None
    table.expected["late"] = []
    for name, side in zip(NAMES, SIDES, strict=True):
        session = house.clients[name].session
        house.clients[name].drop()
        again = house.clients[name] = house.connect()
        line, *rest = again.come_back(session)
        assert line[0] == "table.add"
        assert (line[1]["N"], line[1]["kibcount"], line[1]["playing"]) == ("ann", 3, True)
        lobby = ("chat.add", {"wid": "global", "title": "Lobby"})
        assert rest == [lobby, *whole(table, name, side)]
    play_on(house, table, 2)
    claim(house, table)
    play_on(house, table, 43)
    end(house, table)


def claim(house: BridgeHouse, table: Table) -> None:
    """Declarer claims everything that is left; one of the defenders does not believe it."""
    play = table.state.play
    assert play is not None
    total = 13 - play.won(1)
    house.clients["cat"].send("claim", {"tid": table.tid, "tricks": total})
    table.show(DECLARER, "E", "W")
    table.show(DUMMY, "E", "W")
    table.told("claim", side="S", tricks=total, result=points(total))
    check(house, table, "cat")
    house.clients["ben"].send("claim.accept", {"tid": table.tid})
    check(house, table, "ben")
    house.clients["dan"].send("claim.decline", {"tid": table.tid})
    table.told("claim.decline")
    check(house, table, "dan")


def end(house: BridgeHouse, table: Table) -> None:
    """The last card, and what it came to."""
    name, card = card_of(table)
    house.clients[name].send("move", {"tid": table.tid, "card": card})
    table.play(card)
    play = table.state.play
    assert play is not None
    table.told(
        "end.play",
        contract="2SXX",
        declearer=DECLARER,
        points=points(play.won(0)),
        tricks=play.won(0),
        protocol_url=f"/bridge/board/{1:032}",
        score_ns=points(play.won(0)),
    )
    check(house, table, name)


def points(tricks: int) -> int:
    """The score of two spades redoubled, not vulnerable, with so many tricks: Law 77."""
    if tricks >= 8:
        return 4 * 60 + 300 + 100 + 200 * (tricks - 8)
    return -sum([200, 400, 400, *[600] * 5][: 8 - tricks])
