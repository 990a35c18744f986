"""Looking ahead where every hand is known: the best that either side can do, some plays deep."""

from __future__ import annotations

from math import inf
from typing import Final, TypeAlias

from app.bots.scopa.sight import Hand, Sight, Table, bits
from app.bots.scopa.table import SCOPA, Judge, Tables
from app.bots.scopa.worth import Worth
from app.games.api import Seat

Hands: TypeAlias = tuple[Hand, ...]

_WIDTH: Final = 12  # plays that are looked at in one position, the likeliest first
_NEXT: Final = 0.6  # how much of what the next player may take is lost for the other side
_NEW: Final = 4  # what each play of a position costs the first time


class Search:
    """Alpha-beta search of a round, with what it has worked out kept for the next one.

    A value is the lead, in points of the deal, of the side to move; sides move in turn. When
    `work` is past `limit`, nothing is looked ahead any more.
    """

    def __init__(self, sight: Sight, tables: Tables, judge: Judge, worth: Worth) -> None:
        self._work = 0
        self.limit = 0.0
        self._players = len(sight.sizes)
        self._last_round = not sight.deck
        self._hand_size = sight.rules.hand_size
        self._tables = tables
        self._judge = judge
        self._worth = worth
        self._moves: dict[tuple[Hand, Table], list[tuple[int, Table, Hand]]] = {}

    @property
    def work(self) -> int:
        """What has been done, in about microseconds."""
        return self._work + self._judge.work

    def value(
        self,
        hands: Hands,
        seat: Seat,
        table: Table,
        piles: tuple[int, int],
        lead: float,
        last: int,
        depth: int,
        window: tuple[float, float] = (-inf, inf),
    ) -> float:
        """The value for `seat`, to move, whose side has the first of the `piles`.

        `lead`: by scope alone. `last`: 1 if its side captured last, -1 the other, 0 nobody yet.
        `depth`: how many plays to look ahead, at most to the end of the round.
        """
        self._work += 1
        hand = hands[seat]
        if not hand or not depth or self._work > self.limit:
            return lead + self._rest(table, piles, last, len(hand))
        after = (seat + 1) % self._players
        final = self._last_round and len(hand) == 1 and not hands[after]
        mine, theirs = piles
        best, (alpha, beta) = -inf, window
        for pile, left, rest in self._plays(hand, table):
            following = (*hands[:seat], rest, *hands[seat + 1 :])
            gained = lead + SCOPA if pile and not left and not final else lead
            value = -self.value(
                following,
                after,
                left,
                (theirs, mine | pile),
                -gained,
                -1 if pile else -last,
                depth - 1,
                (-beta, -alpha),
            )
            if value > best:
                best = value
                alpha = max(alpha, value)
                if alpha >= beta:
                    break
        return best

    def _rest(self, table: Table, piles: tuple[int, int], last: int, holding: int) -> float:
        """What is to be expected of a position that is not looked beyond, scope apart."""
        mine, theirs = piles
        if not holding and self._last_round:
            left = bits(table)
            if last > 0:
                return self._worth(mine | left, theirs)
            return self._worth(mine, theirs | left if last else theirs)
        threat = self._judge.threat(table, holding or self._hand_size)
        return self._worth(mine, theirs) + _NEXT * threat

    def _plays(self, hand: Hand, table: Table) -> list[tuple[int, Table, Hand]]:
        """What may be captured, the table and the hand after it; what looks best comes first."""
        key = (hand, table)
        found = self._moves.get(key)
        if found is None:
            judged = []
            for card in hand:
                rest = tuple(other for other in hand if other != card)
                for play in self._tables.plays(card, table):
                    judged.append((self._judge.gain(play), (*play, rest)))
            judged.sort(reverse=True)
            self._work += _NEW * len(judged)
            found = self._moves[key] = [move for _, move in judged[:_WIDTH]]
        return found
