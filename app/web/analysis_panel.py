"""What a replay shows of the analysis of its match.

`Panel` is all that a page shows of it. Its `data` is the same for the script, which patches the
page while the analysis goes on, and moves along with the position that is looked at
(static/js/analysis.js says the same things as `judged` and `stands`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from app.games.api import Json
from app.games.uttt.move import Swap
from app.games.uttt.notation import turn_name
from app.services import analysis, judgement
from app.services.analysis import Progress
from app.services.judgement import Finding, Tally
from app.services.records import MatchRecord
from app.web.context import house
from app.web.words import say, say_many

SIGNS: Final[Mapping[str, str]] = MappingProxyType(
    {"inaccuracy": "?!", "mistake": "?", "blunder": "??"}
)
"""What stands behind a move that was not good, by its kind; as in static/js/analysis.js."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is shown of a move that was not good: its sign, and the move with the word for it."""

    sign: str
    label: str


@dataclass(frozen=True)
class Panel:
    """The analysis of a match as its replay shows it. `moves` by name; `ply`: after how many of
    them the position is that one looks at. `found`: of the first so many positions."""

    record: MatchRecord
    moves: Sequence[str]
    ply: int
    progress: Progress | None

    @property
    def state(self) -> str:
        """ "none" where nobody has asked for it, else "waiting", "running" or "done"."""
        if self.progress is None:
            return "none"
        if self.progress.done:
            return "done"
        return "running" if self.progress.begun else "waiting"

    @property
    def found(self) -> tuple[Finding, ...]:
        return self.progress.found if self.progress else ()

    @property
    def positions(self) -> int:
        return self.progress.positions if self.progress else len(self.moves) + 1

    @cached_property
    def kinds(self) -> list[str]:
        """By move, as far as they have been looked at, what it is to be called; "" if good."""
        return [found.kind for found in self.found[: len(self.moves)]]

    @cached_property
    def marks(self) -> list[Mark | None]:
        """By move, as far as they have been looked at, what is shown of it in the list."""
        return [
            Mark(SIGNS[kind], say(f"an_move_{kind}", move=move)) if kind else None
            for move, kind in zip(self.moves, self.kinds, strict=False)
        ]

    @cached_property
    def best(self) -> list[str]:
        """By position the name of the best move, "" where the match was decided."""
        return [self._name(found.best) for found in self.found]

    @property
    def shown(self) -> tuple[Any, ...]:
        """What the board marks as best in the position looked at: a square, or two boards."""
        if self.ply >= len(self.found) or not self.best[self.ply]:
            return ()
        move = self._parse(self.found[self.ply].best)
        return (move.first, move.second) if isinstance(move, Swap) else (self.best[self.ply],)

    @property
    def data(self) -> dict[str, Any]:
        """All of it for the script: `chances` are those of x by position, `left` those of who
        moved, by move, with the move they made."""
        found = self.found
        return {
            "state": self.state,
            "positions": self.positions,
            "waits": self.waits,
            "chances": [finding.chance_of(0) for finding in found],
            "left": [finding.played for finding in found[: len(self.moves)]],
            "best": self.best,
            "kinds": self.kinds,
        }

    @property
    def waits(self) -> str:
        """How far the analysis is, in words."""
        if self.progress is None:
            return ""
        if self.progress.done:
            return say("an_done")
        if self.progress.begun:
            return say("an_running", looked=len(self.found), positions=self.positions)
        before = self.progress.before
        return say_many("an_queue", before) if before else say("an_waiting")

    @property
    def judged(self) -> str:
        """What there is to say of the move that led to the position looked at."""
        return self.judged_at(self.ply)

    def judged_at(self, ply: int) -> str:
        """What there is to say of the move number `ply`."""
        if not 0 < ply <= len(self.kinds):
            return ""
        finding, kind = self.found[ply - 1], self.kinds[ply - 1]
        move, best = self.moves[ply - 1], self.best[ply - 1]
        shares = finding.chance, finding.played or 0.0
        kept, left = (percent_words(percents(share)) for share in shares)
        key = kind or ("best" if move == best else "good")
        return say(f"an_{key}", move=move, best=best, kept=kept, left=left)

    @property
    def stands(self) -> str:
        """How the position looked at stands, and what is best in it."""
        if self.ply >= len(self.found):
            return say("an_unseen")
        if not self.best[self.ply]:
            return say("an_over")
        x = percents(self.found[self.ply].chance_of(0))
        values = {"x": percent_words(x), "o": percent_words(100 - x)}
        return say("an_stands", best=self.best[self.ply], **values)

    @property
    def points(self) -> list[tuple[int, float]]:
        """The graph: by position, its number and how far from the top the chances of x end, with
        100 for none."""
        return [
            (ply, round(100 - 100 * finding.chance_of(0), 1))
            for ply, finding in enumerate(self.found)
        ]

    def dots(self, kind: str) -> list[tuple[int, float]]:
        """The points of the graph that moves of a kind have led to."""
        here = {ply for ply, each in enumerate(self.kinds, 1) if each == kind}
        return [point for point in self.points if point[0] in here]

    def tally(self, seat: int) -> Tally:
        """How the player in a seat did."""
        return judgement.tally(self.found, seat)

    def _parse(self, raw: Json) -> Any:
        return self.record.engine.parse_move(raw)

    def _name(self, raw: Json | None) -> str:
        return "" if raw is None else turn_name(self._parse(raw))


def percents(share: float) -> int:
    """A share from 0 to 1 in whole percents, rounded as the script does it.

    Some shares are what another lacks of 1: what is a half but for that goes up, too.
    """
    return int(100 * share + 0.5 + 1e-9)


def percent_words(percents: int) -> str:
    """So many percents: "62%"."""
    return say("an_percent", n=percents)


def panel(record: MatchRecord, moves: Sequence[str], ply: int) -> Panel | None:
    """What there is of a match's analysis, at the position after `ply` moves; None: nothing can
    be."""
    if not analysis.can_be_asked(record):
        return None
    return Panel(record, moves, ply, analysis.progress(house(), record.id))
