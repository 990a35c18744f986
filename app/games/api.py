"""What a game is, for the rest of the house.

A game is a stateless object with pure functions over an immutable state: no clock, no chance but
the seed it is given, no input or output. A match is therefore its log, `(options, seed, moves)`,
and `replay` gives back every state it went through.

Three kinds of value leave a game, all of them plain JSON:

- `dump(state)`: everything, secrets included, for storage. `load` reads it back.
- `view(state, viewer)`: what one viewer may know of the position.
- `event_view(event, viewer)`: what one viewer may know of something that just happened.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Final, Generic, Literal, TypeAlias, TypeVar, cast, get_args

Json: TypeAlias = Any
"""A JSON value: None, bool, int, float, str, a list of them, or a dict of them keyed by str."""

Seat: TypeAlias = int
"""A place at the table, from 0 in the order of play. People sit on seats; games know only seats."""

S = TypeVar("S")
M = TypeVar("M")


class System(Enum):
    """The type of `SYSTEM`, its only value."""

    SYSTEM = "system"

    def __repr__(self) -> str:
        return "SYSTEM"


SYSTEM: Final = System.SYSTEM
"""The actor of what no seat plays: a resignation, a closed match, a clock that ran out.

Who may cause such a move is for the service that submits it; a game only says what follows.
"""

Ending: TypeAlias = Literal["resign", "abort", "timeout"]
SystemKind: TypeAlias = Literal["resign", "abort", "timeout", "replace"]
ENDINGS: Final[tuple[Ending, ...]] = get_args(Ending)
SYSTEM_KINDS: Final[tuple[SystemKind, ...]] = get_args(SystemKind)


class RuleError(Exception):
    """A move, or a stored value, that the rules do not accept.

    Never raised as itself. `code` is for programs; `msg` is a whole, constant English sentence for
    the player, so that it can serve as the key of a translation.
    """

    code: ClassVar[str] = "rule"

    def __init__(self, msg: str) -> None:
        super().__init__(msg)
        self.msg = msg


class Malformed(RuleError):
    """Not a value of this game at all: a missing field, a wrong type, a number out of range."""

    code = "malformed"


class Illegal(RuleError):
    """A well-formed move that this position does not allow."""

    code = "illegal"


class NotYourTurn(RuleError):
    """The seat is not among the `actors` of this position."""

    code = "not_your_turn"

    def __init__(self, msg: str = "It is not your turn.") -> None:
        super().__init__(msg)


class GameOver(RuleError):
    """The match has an outcome; nothing can be played any more, by the system neither."""

    code = "game_over"

    def __init__(self, msg: str = "The match is over.") -> None:
        super().__init__(msg)


@dataclass(frozen=True, slots=True)
class GameInfo:
    """What is true of every match of a game.

    seats: the numbers of players a match may have, ascending.
    teams: how many sides share the result; `Outcome.scores` has one entry each.
    rating: how results are rated, or None: "elo" by who won, "imps" by how much better a board was
        played than elsewhere.
    hidden: whether a viewer may know less than the state holds.
    variants: keys of the rule sets, the usual one first.
    rated_variants: those whose results are rated; the others are played for fun.
    rules_version: stored with every match; it grows when a log would replay differently.
    own_hall: whether it is played at tables of its own, one match after another, instead of being
        paired, challenged to and opened in the lobby.
    """

    key: str
    name: str
    seats: tuple[int, ...]
    teams: int
    rating: Literal["elo", "imps"] | None
    hidden: bool
    variants: tuple[str, ...]
    rated_variants: tuple[str, ...]
    rules_version: int
    own_hall: bool = False

    def can_rate(self, variant: str) -> bool:
        """Whether results of that variant are rated, for players who have accounts."""
        return self.rating is not None and variant in self.rated_variants


@dataclass(frozen=True)
class Options:
    """What was agreed before the first move. A game with more to agree extends this class.

    Every field is a JSON value, and `parse_options(dataclasses.asdict(options))` gives back
    `options`.
    """

    variant: str


@dataclass(frozen=True, slots=True)
class SystemMove:
    """What the house does to a match, logged like any other move.

    resign, timeout: `seat` loses. abort: the match ends without a result; `seat` closed it, or None
    if nobody did. replace: somebody else, or the computer, plays on in `seat`; only in games where
    that can be.
    """

    kind: SystemKind
    seat: Seat | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a match ended.

    reason: a word; "resign", "abort" and "timeout" in every game, and the game's own, as "line".
    scores: by team: 1 won, 0.5 drawn, 0 lost. All 0 if there is no result.
    winners: the seats that won, ascending; none after a draw or without a result.
    """

    reason: str
    scores: tuple[float, ...]
    winners: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a move made happen, in the order in which a watcher would tell it.

    `data` is JSON and may hold secrets: only `Game.event_view` makes it fit for a viewer.
    """

    kind: str
    data: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Step(Generic[S]):
    """A state, and the events that led to it from the one before."""

    state: S
    events: tuple[Event, ...] = ()


class Game(ABC, Generic[S, M]):
    """A game's rules. One instance serves every match; S and M are frozen, hashable dataclasses."""

    info: ClassVar[GameInfo]

    @abstractmethod
    def parse_options(self, raw: Json) -> Options:
        """The options that a JSON object names; what it leaves out takes the usual value.

        Raises Malformed for an unknown key or value.
        """

    def players(self, options: Options) -> int:
        """How many seats a match with these options has, one of `info.seats`."""
        return self.info.seats[0]

    @abstractmethod
    def initial(self, options: Options, seed: bytes) -> Step[S]:
        """The position before the first move. `seed` decides everything that is left to chance."""

    @abstractmethod
    def actors(self, state: S) -> frozenset[Seat]:
        """The seats that may act now; empty exactly when there is an outcome."""

    @abstractmethod
    def legal_moves(self, state: S, seat: Seat) -> tuple[M, ...]:
        """Every move `apply` accepts from `seat`, in a stable order; none for a seat not to act."""

    def asides(self, state: S, seat: Seat) -> tuple[M, ...]:
        """What `apply` accepts from `seat` beside its turn, in a stable order.

        The match does not wait for any of it: a claim, or a request to take a card back.
        """
        return ()

    @abstractmethod
    def apply(self, state: S, actor: Seat | System, move: M | SystemMove) -> Step[S]:
        """The position after `move`. Checks everything first and never changes `state`.

        A seat plays an M, SYSTEM a SystemMove.

        Raises GameOver, NotYourTurn, Illegal, or Malformed if `move` is the wrong kind for `actor`.
        """

    @abstractmethod
    def outcome(self, state: S) -> Outcome | None:
        """How the match ended, or None while it lasts."""

    @abstractmethod
    def view(self, state: S, viewer: Seat | None) -> Json:
        """What `viewer` (None: a spectator) may know of the position, as a new JSON object."""

    def open_view(self, state: S) -> Json:
        """The position with nothing hidden, for a match that is over. Never shown before.

        A game that hides nothing shows everybody this.
        """
        return self.view(state, None)

    @abstractmethod
    def event_view(self, event: Event, viewer: Seat | None) -> Json | None:
        """What `viewer` may know of `event`, as `{"type", "data"}`; None if nothing."""

    @abstractmethod
    def parse_move(self, raw: Json) -> M:
        """The move that a JSON value names. Raises Malformed on anything odd."""

    @abstractmethod
    def move_json(self, move: M) -> Json:
        """The JSON value that `parse_move` reads as `move`."""

    @abstractmethod
    def dump(self, state: S) -> Json:
        """The whole state as JSON, secrets included. For storage, never for a client."""

    @abstractmethod
    def load(self, raw: Json) -> S:
        """The state that `dump` gave `raw` for. Raises Malformed if it cannot have."""


def system_json(move: SystemMove) -> Json:
    """The JSON value that `parse_system` reads as `move`.

    >>> system_json(SystemMove("resign", 0))
    {'system': 'resign', 'seat': 0}
    """
    return {"system": move.kind, "seat": move.seat}


def parse_system(raw: Json) -> SystemMove:
    """The system move that a JSON value names. Raises Malformed on anything odd.

    >>> parse_system({"system": "abort", "seat": None})
    SystemMove(kind='abort', seat=None)
    """
    if not isinstance(raw, dict) or raw.keys() != {"system", "seat"}:
        raise Malformed("That is not a system move.")
    kind, seat = raw["system"], raw["seat"]
    if not isinstance(kind, str) or kind not in SYSTEM_KINDS:
        raise Malformed("There is no such system move.")
    if seat is None:
        if kind != "abort":
            raise Malformed("A system move about a seat names it.")
    elif type(seat) is not int or seat < 0:
        raise Malformed("A seat is a number from 0.")
    return SystemMove(cast(SystemKind, kind), seat)


def settle(move: SystemMove, teams: Sequence[int]) -> Outcome:
    """The outcome of a system move where `teams[seat]` is the team of each seat.

    The loser's whole team loses and every other wins; an aborted match has no result.

    Raises Malformed for a seat that is not at the table, or none where one must lose.

    >>> settle(SystemMove("resign", 0), teams=(0, 1))
    Outcome(reason='resign', scores=(0.0, 1.0), winners=(1,))
    """
    if move.kind not in ENDINGS:
        raise Malformed("In this game nobody takes another's place.")
    if move.seat is not None and not 0 <= move.seat < len(teams):
        raise Malformed("There is no such seat at this table.")
    if move.kind == "abort":
        return Outcome("abort", (0.0,) * len(set(teams)), ())
    if move.seat is None:
        raise Malformed("A system move that somebody loses names their seat.")
    lost = teams[move.seat]
    scores = tuple(0.0 if team == lost else 1.0 for team in sorted(set(teams)))
    winners = tuple(seat for seat, team in enumerate(teams) if team != lost)
    return Outcome(move.kind, scores, winners)


def over_event(outcome: Outcome) -> Event:
    """The last event of every match."""
    return Event("over", {"reason": outcome.reason, "winners": list(outcome.winners)})


def replay(
    game: Game[S, M],
    options: Options,
    seed: bytes,
    log: Iterable[tuple[Seat | System, M | SystemMove]],
) -> Iterator[Step[S]]:
    """Every step of a match from its log: first the initial one, then one a logged move.

    Raises RuleError when it comes to a move that the rules refuse.
    """
    step = game.initial(options, seed)
    yield step
    for actor, move in log:
        step = game.apply(step.state, actor, move)
        yield step
