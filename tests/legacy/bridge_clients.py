"""People at bridge clients: they sign in, sit down, and play; every message must have its shape."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from app import create_app
from app.games.api import Json
from app.games.bridge import BRIDGE, SIDES, State
from app.live.names import kibitz_rooms, user_room
from app.live.rooms import Rooms
from app.services import accounts, presence
from app.services.bridge import tables
from app.services.house import House
from app.services.sessions import Caller
from app.services.sessions import Client as Program
from app.store import Board
from config import Config
from tests.legacy.cage import connect, eventually
from tests.services.bridge_hall import simple
from tests.support.rawclient import PATIENCE, RawClient, handshake

PASSWORD = "a good secret"
SEED = b"a deal for the tests"
ID = re.compile(r"[0-9a-f]{32}")
NAME = re.compile(r"[a-z0-9_-]{3,16}")
WID = re.compile(r"global|table_[0-9a-f]{32}|[a-z0-9_-]{3,16}")
CONTRACT = re.compile(r"[1-7][CDHSZ]X{0,2}")
BID = re.compile(r"pass|dbl|rdbl|[1-7][CDHSZ]")

Message = tuple[str, Any]
Fields = dict[str, Callable[[Any], object]]


def is_text(value: Any) -> bool:
    return type(value) is str


def is_number(value: Any) -> bool:
    return type(value) is int  # a bool is none


def is_flag(value: Any) -> bool:
    return type(value) is bool


def is_side(value: Any) -> bool:
    return is_text(value) and len(value) == 1 and value in SIDES


def is_like(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: is_text(value) and pattern.fullmatch(value) is not None


def is_one_of(*values: Any) -> Callable[[Any], bool]:
    return lambda value: any(type(value) is type(one) and value == one for one in values)


def is_hand(value: Any) -> bool:
    return all(is_number(card) and 0 <= card < 52 for card in value) and sorted(set(value)) == value


def is_card(value: Any) -> bool:
    return is_text(value) and value in map(str, range(52))


is_id, is_name, is_wid = is_like(ID), is_like(NAME), is_like(WID)

# Field by field as the first protocol has them, and what has been added to it.
SHAPES: dict[str, Fields] = {
    "table.add": {"tid": is_id, **dict.fromkeys(SIDES, is_text), "kibcount": is_number},
    "table.remove": {"tid": is_id},
    "player.sit": {"tid": is_id, "name": is_name, "position": is_side},
    "player.leave": {"tid": is_id, "position": is_side},
    "chat.add": {"wid": is_wid, "title": is_text},
    "chat.message": {"wid": is_wid, "sender": is_text, "message": is_like(re.compile(r"[!-~]*"))},
    "hand": {"side": is_side, "cards": is_hand},
    "start.bidding": {"dealer": is_side},
    "bid": {
        "side": is_side,
        "bid": is_like(BID),
        "alert": is_text,
        "dbl_mode": is_one_of("dbl", "rdbl", "none"),
    },
    "start.play": {"contract": is_like(CONTRACT), "lead": is_side},
    "move": {"side": is_side, "card": is_card},
    "tricks": {"NS": is_number, "EW": is_number},
    "claim": {"side": is_side, "tricks": is_number, "result": is_number},
    "claim.decline": {},
    "end.play": {
        "contract": lambda value: value == "pass" or is_like(CONTRACT)(value),
        "declearer": lambda value: value == "" or is_side(value),
        "points": is_number,
        "tricks": is_number,
        "protocol_url": is_like(re.compile(r"/bridge/board/[0-9a-f]{32}")),
    },
}
ADDED: dict[str, Fields] = {
    "table.add": {"robots": is_flag, "kibitz": is_flag, "playing": is_flag},
    "start.bidding": {"vuln": is_one_of("none", "NS", "EW", "both"), "board": is_number},
    "end.play": {"score_ns": is_number},
}
SOMETIMES: dict[str, Fields] = {
    "move": {"allowed": is_one_of("all", *"CDHS"), "trick": is_one_of(1, -1), "next": is_side}
}
ANSWERS: dict[str, Fields] = {
    "login_response": {
        "success": is_flag, "id": is_id, "registered": is_flag, "msg": is_text
    },
    "reconnect_response": {
        "success": is_flag, "id": is_id, "registered": is_flag, "msg": is_text, "user": is_name
    },
    "error": {"code": is_text, "msg": is_text, "request": is_text},
}  # fmt: skip


def check(type: str, data: Any) -> None:
    """Fail unless that is a proper message of the protocol; others fail too."""
    must = {**(SHAPES | ANSWERS)[type], **ADDED.get(type, {})}
    may = SOMETIMES.get(type, {})
    assert must.keys() <= data.keys() <= must.keys() | may.keys(), (type, data)
    for field, value in data.items():
        assert ({**must, **may})[field](value), (type, field, value)


class BridgeClient(RawClient):
    """A client for which every message it gets must be one of those it knows."""

    session: str

    def receive(self, seconds: float = PATIENCE) -> Message:
        type, data = super().receive(seconds)
        check(type, data)
        return type, data

    def sign_in(self, name: str) -> list[Message]:
        """Sign in with a password; what comes after the answer."""
        self.send("login", {"name": name, "pw": PASSWORD})
        self.session = self.expect("login_response")["id"]
        return self.settle()

    def come_back(self, session: str) -> list[Message]:
        """Sign in again; what comes after the answer."""
        self.send("reconnect", {"id": session})
        self.session = self.expect("reconnect_response")["id"]
        return self.settle()

    def ask(self, type: str, **data: Any) -> list[Message]:
        """Ask for something; all that comes before the next answer."""
        self.send(type, data)
        return self.settle()

    def refused(self, type: str, **data: Any) -> str:
        """Ask for something that must be refused, and nothing else come; the refusal's code."""
        ((kind, error),) = self.ask(type, **data)
        assert (kind, error["request"]) == ("error", type), (kind, error)
        assert error["msg"].strip()
        code: str = error["code"]
        return code

    def say(self, wid: str, text: str) -> list[Message]:
        return self.ask("chat.message", wid=wid, message=quote(text))

    def settle(self) -> list[Message]:
        """All that is on its way: an unknown request is answered after it."""
        self.send("are_we_there_yet")
        messages = []
        while True:
            type, data = self.receive()
            if type == "error" and data["request"] == "are_we_there_yet":
                return messages
            messages.append((type, data))


class BridgeHouse:
    """A house with real threads, the board that is dealt first, and clients connected to it."""

    def __init__(self, config: Config, *names: str, **settings: Any) -> None:
        app = create_app(replace(config, ASYNC_MODE="threading", **settings))
        self.app = app
        self.house: House = app.extensions["house"]
        self.house.thinking.ask = simple
        self.clients: dict[str, BridgeClient] = {}
        self.callers = {name: self.account(name) for name in names}
        presence.arrive(self.house)
        self.state = self.board(1)

    def board(self, number: int) -> State:
        """Have a board of that number be dealt to the next table; how it begins."""
        now, seed = self.house.clock(), SEED + bytes([number])
        with self.house.store.write() as unit:
            unit.add(
                Board(
                    id=f"{number:032}",
                    number=number,
                    seed=seed,
                    created_at=now,
                    open_until=now + timedelta(days=1),
                )
            )
        return BRIDGE.initial(BRIDGE.parse_options({"board": number}), seed).state

    def account(self, name: str) -> Caller:
        client = Program("192.0.2.1", "test")
        return accounts.register(self.house, name, PASSWORD, client=client).caller

    def connect(self, path: str = "/ws/bridge", **headers: str) -> BridgeClient:
        client, _ = connect(self.app.wsgi_app, BridgeClient, handshake(path, **headers))
        return client

    def sign_in(self, name: str) -> BridgeClient:
        """A client of that account; what it hears first is read already."""
        client = self.clients[name] = self.connect()
        client.sign_in(name)
        return client

    def table(self, *names: str, **terms: Any) -> tuple[str, list[BridgeClient]]:
        """A table at which these sit from North on, its id and their clients; all has been read."""
        people = [self.sign_in(name) for name in names]
        heard = people[0].ask("table.add", **terms)
        (tid,) = [data["tid"] for type, data in heard if type == "table.add"]
        for side, client in zip(SIDES[1:], people[1:], strict=False):
            client.ask("player.sit", tid=tid, position=side)
        self.hush()
        return tid, people

    def hush(self) -> None:
        """Have everybody read what is on its way."""
        self.heard()

    def heard(self, first: str | None = None) -> dict[str, list[Message]]:
        """What has come to whom, by name, once what `first` has asked for has been done."""
        names = sorted(self.clients, key=lambda name: name != first)
        return {name: self.clients[name].settle() for name in names}

    def later(self, seconds: float) -> None:
        """Do what the house has set its timers for within so many seconds."""
        for action in self.house.timers.take_due(self.house.clock() + timedelta(seconds=seconds)):
            action()

    def rooms_of(self, name: str) -> set[str]:
        """The rooms around tables in which a user's connections are."""
        rooms: Rooms = self.app.extensions["rooms"]
        own = set(rooms.members([user_room(self.callers[name].user_id)]))
        return {
            room
            for tid in [row.id for row in tables.listed(self.house)]
            for room in kibitz_rooms(tid)
            if own.intersection(rooms.members([room]))
        }

    def is_here(self, name: str) -> bool:
        """Whether a user has a connection."""
        return presence.is_here(self.house, self.callers[name].user_id)

    def wait(self, happened: Callable[[], bool]) -> None:
        """Until something has happened that no client can be asked for."""
        eventually(happened)

    def close(self) -> None:
        for client in self.clients.values():
            client.drop()


def moves_of(state: State) -> tuple[str, dict[str, Json]]:
    """Whose turn it is, and the first thing they may do: pass, or their lowest card."""
    (seat,) = BRIDGE.actors(state)
    move = BRIDGE.legal_moves(state, seat)[0]
    return SIDES[seat], BRIDGE.move_json(move)
