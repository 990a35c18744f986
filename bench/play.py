"""Pairs of bots that play random legal matches without a pause, and what they see of it.

A pair is a closed loop: each bot moves as soon as it is its turn, and when a match is over the
pair starts the next. A transport subclasses `Bot` and says how a request is put on its wire.
"""

from __future__ import annotations

import random
import statistics
from collections import Counter
from dataclasses import dataclass, field
from time import perf_counter

import msgspec

from bench.board import Board


class Square(msgspec.Struct):
    sub_x: int
    sub_y: int
    x: int
    y: int


class MatchState(msgspec.Struct):
    last_move: Square | None
    game_over: bool
    active_player: str


class Data(msgspec.Struct):
    """What the bots read of a message; the rest is skipped without being decoded."""

    id: str | None = None
    success: bool | None = None
    version: int | None = None
    match_state: MatchState | None = None
    code: str | None = None


class Message(msgspec.Struct):
    type: str
    data: Data


decode_message = msgspec.json.Decoder(Message).decode


@dataclass
class Tally:
    """What was seen since the last reset. Latencies in seconds, from the mover's send."""

    moves: int = 0  # acknowledged: the mover has got the update with their move
    matches: int = 0
    own: list[float] = field(default_factory=list)
    opponent: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)

    def reset(self) -> None:
        self.moves = self.matches = 0
        self.own.clear()
        self.opponent.clear()
        self.errors.clear()


class Bot:
    """One of a pair: it knows its own board from the updates alone."""

    def __init__(self, name: str, tally: Tally, chance: random.Random) -> None:
        self.name = name
        self.opponent: Bot = self
        self.leads = False  # the one of the pair who starts matches
        self.tally = tally
        self._chance = chance
        self._match: str | None = None
        self._version = 0
        self._board = Board()
        self.over = True
        self.sent_at = 0.0

    def request(self, kind: str, data: dict[str, object]) -> None:
        """Put a request on the wire."""
        raise NotImplementedError

    def begin(self) -> None:
        """Ask the opponent for a match."""
        self.request("match_request", {"player": self.opponent.name})

    def receive(self, message: Message) -> None:
        """Take a message of the server in, and move if it is this bot's turn."""
        data = message.data
        if message.type == "match_update" and data.match_state is not None:
            self._update(str(data.id), data.version or 0, data.match_state)
        elif message.type == "error":
            self.tally.errors[f"error {data.code}"] += 1
        elif data.success is False:
            self.tally.errors[f"{message.type} refused"] += 1

    def _update(self, match: str, version: int, state: MatchState) -> None:
        now = perf_counter()
        if match != self._match:
            self._match, self._version, self._board = match, 0, Board()
            self.over = False
        if version > self._version:
            if version != self._version + 1 or state.last_move is None:
                self.tally.errors["gap in versions"] += 1
                return
            self._take_move(version, state.last_move, now)
        elif version > 0:
            self.tally.errors["update without news"] += 1
            return
        if state.game_over:
            self.over = True
            if self.opponent.over:
                self.tally.matches += 1
                (self if self.leads else self.opponent).begin()
        elif state.active_player == self.name:
            self._move()

    def _take_move(self, version: int, square: Square, now: float) -> None:
        self._version = version
        self._board.play(square.sub_y * 3 + square.sub_x, square.y * 3 + square.x)
        if self._mine(version):
            self.tally.moves += 1
            self.tally.own.append(now - self.sent_at)
        else:
            self.tally.opponent.append(now - self.opponent.sent_at)

    def _mine(self, version: int) -> bool:
        """Whether the move that led to `version` was this bot's: the one who asks is player A."""
        return (version % 2 == 1) is self.leads

    def _move(self) -> None:
        board, cell = self._board.random_move(self._chance)
        self.sent_at = perf_counter()
        self.request(
            "move",
            {
                "id": self._match,
                "sub_x": board % 3,
                "sub_y": board // 3,
                "x": cell % 3,
                "y": cell // 3,
            },
        )


def percentile(values: list[float], percent: float) -> float:
    """The value that `percent` of `values` do not exceed, by nearest rank; NaN for none."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def summary(values: list[float]) -> dict[str, float]:
    """Mean, median, 99th percentile and worst, in milliseconds."""
    return {
        "mean_ms": 1000 * statistics.fmean(values) if values else float("nan"),
        "p50_ms": 1000 * percentile(values, 50),
        "p99_ms": 1000 * percentile(values, 99),
        "max_ms": 1000 * max(values, default=float("nan")),
    }
