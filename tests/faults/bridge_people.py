"""People at bridge clients who know of a deal what they were told, and play by that alone."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self

from app.games.bridge import SIDES
from app.services.house import House
from app.store import Board
from tests.legacy.bridge_clients import BridgeClient
from tests.support.rawclient import Closed, handshake
from tests.support.server import Server

LIMIT = 120.0  # seconds; two cores may be busy with other tests
SMALL = 4096  # bytes that the kernel keeps for a client that does not read

Json = dict[str, Any]


@dataclass
class Deal:
    """A deal as somebody was told of it: the last word on everything.

    `lying`: the cards of the last and of the current trick. `allowed`: what its owner may play,
    when they are to. What only the moment tells (who has left) is not compared.
    """

    sits: Json = field(default_factory=dict)
    hands: dict[str, list[int]] = field(default_factory=dict)
    start: Json = field(default_factory=dict)
    calls: list[Json] = field(default_factory=list)
    contract: Json | None = None
    tricks: dict[str, int] = field(default_factory=lambda: {"NS": 0, "EW": 0})
    last: list[Json] = field(default_factory=list)
    trick: list[Json] = field(default_factory=list)
    following: str | None = None
    allowed: str | None = None
    claim: Json | None = None
    result: Json | None = None
    left: set[str] = field(default_factory=set, compare=False)

    @property
    def caller(self) -> str | None:
        """The side to call, while there is an auction."""
        if not self.start or self.contract or self.result:
            return None
        return SIDES[(SIDES.index(self.start["dealer"]) + len(self.calls)) % 4]

    @property
    def bids(self) -> list[str]:
        return [call["bid"] for call in self.calls]

    @property
    def public(self) -> list[Any]:
        """What everybody is told alike."""
        calls = [(call["side"], call["bid"], call["dbl_mode"]) for call in self.calls]
        parts = self.sits, self.start, calls, self.contract, self.tricks, self.last, self.trick
        return [*parts, self.following, self.claim, self.result]


class Person:
    """Somebody with an account and, as a rule, a connection.

    `side`: where they sit, or over whose shoulder they look. `results`: of the deals they saw end.
    """

    def __init__(self, server: Server, name: str, side: str | None = None) -> None:
        self.server = server
        self.name = name
        self.side = side
        self.deal = Deal()
        self.results: list[Json] = []
        self.session = ""
        self.client = self._connect()
        self._hear(self.client.sign_in(name))
        self.session = self.client.session

    def back(self, server: Server | None = None, *, small: bool = False) -> Deal:
        """Come back with a new connection; what they knew until then."""
        self.server = server or self.server
        before, self.deal = self.deal, Deal()
        self.client = self._connect(small=small)
        self._hear(self.client.come_back(self.session))
        return before

    def ask(self, type: str, **data: Any) -> None:
        self._hear(self.client.ask(type, **data))

    def say(self, text: str) -> None:
        """Say something to everybody in the hall."""
        self._hear(self.client.say("global", text))

    def listen(self) -> None:
        """Hear what has come."""
        self._hear(self.client.settle())

    def listen_to_the_end(self) -> None:
        """Hear what has come on a connection that is over."""
        with suppress(Closed):
            while True:
                self._hear([self.client.receive()])

    def act(self, tid: str, calls: Sequence[str] = ()) -> bool:
        """Call or play, if they are to; whether they were. `calls`: the auction's beginning, with
        their alerts; else they pass. Of the cards it is the lowest.
        """
        deal = self.deal
        if deal.caller is not None and deal.caller == self.side:
            bid, _, alert = [*calls, *["pass"] * 99][len(deal.calls)].partition(" ")
            self.ask("bid", tid=tid, bid=bid, **({"alert": alert} if alert else {}))
            return True
        if deal.allowed is None or deal.claim or deal.following not in deal.hands:
            return False
        held = deal.hands[deal.following]
        suits = range(4) if deal.allowed == "all" else ["CDHS".index(deal.allowed)]
        deal.allowed = None
        self.ask("move", tid=tid, card=min(card for card in held if card // 13 in suits))
        return True

    def _connect(self, *, small: bool = False) -> BridgeClient:
        if not small:
            return BridgeClient(self.server.host, self.server.port, "/ws/bridge")
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        sock.connect((self.server.host, self.server.port))
        return BridgeClient.over(sock, handshake("/ws/bridge"))

    def _hear(self, messages: Iterable[tuple[str, Any]]) -> None:
        for type, data in messages:
            assert type != "error", (self.name, data)
            if type in _HEAR:
                _HEAR[type](self, data)

    def _sits(self, data: Json) -> None:
        self.deal.sits[data["position"]] = data["name"]
        self.deal.left.discard(data["position"])

    def _leaves(self, data: Json) -> None:
        self.deal.left.add(data["position"])

    def _hand(self, data: Json) -> None:
        self.deal.hands[data["side"]] = list(data["cards"])

    def _begins(self, data: Json) -> None:
        """Hands come before: of a deal that was over they are not this one's."""
        if self.deal.result is not None:
            own = {side: self.deal.hands[side] for side in self.side or ""}
            self.deal = Deal(sits=self.deal.sits, hands=own)
        self.deal.start = data

    def _call(self, data: Json) -> None:
        self.deal.calls.append(data)

    def _play_begins(self, data: Json) -> None:
        self.deal.contract, self.deal.following = data, data["lead"]
        self.deal.allowed = "all" if data["lead"] == self.side else None

    def _tricks(self, data: Json) -> None:
        self.deal.tricks = data

    def _card(self, data: Json) -> None:
        deal = self.deal
        if data["side"] in deal.hands and int(data["card"]) in deal.hands[data["side"]]:
            deal.hands[data["side"]].remove(int(data["card"]))
        deal.trick.append({key: data[key] for key in ("side", "card")})
        if len(deal.trick) == len(SIDES):
            deal.last, deal.trick = deal.trick, []
        if "trick" in data:
            ours = "NS" if (self.side or "N") in "NS" else "EW"
            theirs = "EW" if ours == "NS" else "NS"
            deal.tricks[ours if data["trick"] == 1 else theirs] += 1
        deal.following, deal.allowed = data.get("next"), data.get("allowed")

    def _claims(self, data: Json) -> None:
        self.deal.claim = data

    def _declines(self, data: Json) -> None:
        self.deal.claim = None

    def _ends(self, data: Json) -> None:
        self.deal.result, self.deal.claim = data, None
        self.results.append(data)


_HEAR: dict[str, Callable[[Person, Any], None]] = {
    "player.sit": Person._sits,
    "player.leave": Person._leaves,
    "hand": Person._hand,
    "start.bidding": Person._begins,
    "bid": Person._call,
    "start.play": Person._play_begins,
    "tricks": Person._tricks,
    "move": Person._card,
    "claim": Person._claims,
    "claim.decline": Person._declines,
    "end.play": Person._ends,
}


class Party:
    """People around one table; the players act for themselves."""

    def __init__(self, tid: str, players: list[Person], lookers: Sequence[Person] = ()) -> None:
        self.tid = tid
        self.players = players
        self.people = [*players, *lookers]

    @classmethod
    def gather(cls, server: Server, names: str, **terms: Any) -> Self:
        """These sit down at a table of the first one's, North and on; the deal has begun, once
        there are four. The computer's players are not named.
        """
        players = [Person(server, name, side) for name, side in zip(names.split(), SIDES)]  # noqa: B905
        heard = players[0].client.ask("table.add", **terms)
        players[0]._hear(heard)
        (tid,) = {data["tid"] for type, data in heard if type == "table.add"}
        for person in players[1:]:
            person.ask("player.sit", tid=tid, position=person.side)
        party = cls(tid, players)
        party.listen()
        return party

    def listen(self) -> None:
        for person in self.people:
            person.listen()

    def play(
        self, done: Callable[[], bool], *, calls: Sequence[str] = (), seconds: float = LIMIT
    ) -> None:
        """Have everybody act whose turn it is, and hear of it, until something is so."""
        deadline = time.monotonic() + seconds
        while True:
            self.listen()
            if done():
                return
            assert time.monotonic() < deadline, [vars(person.deal) for person in self.people]
            acted = [person for person in self.players if person.act(self.tid, calls)]
            assert len(acted) <= 1, "it is the turn of several"
            if not acted:
                time.sleep(0.05)  # somebody else is to act, or to be told of it

    def wait(self, done: Callable[[], bool]) -> None:
        """Listen until something is so; nobody acts."""
        deadline = time.monotonic() + LIMIT
        while not done():
            assert time.monotonic() < deadline, [vars(person.deal) for person in self.people]
            time.sleep(0.1)
            self.listen()

    @property
    def cards(self) -> int:
        """How many cards have been played, as the first player knows."""
        deal = self.players[0].deal
        return 4 * sum(deal.tricks.values()) + len(deal.trick)


def put_boards(house: House, count: int) -> None:
    """Have the first boards that are dealt be the same in every run: 1, 2 …"""
    now = house.clock()
    with house.store.write() as unit:
        for number in range(1, count + 1):
            until = now + timedelta(days=number)
            seed = b"the same in every run" + bytes([number])
            about = {"number": number, "seed": seed, "created_at": now, "open_until": until}
            unit.add(Board(id=f"{number:032}", **about))
