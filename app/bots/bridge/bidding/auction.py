"""An auction as everybody at the table understands it: who has shown what, and what is open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, NamedTuple

from app.bots.bridge.bidding.calls import BIDS, DOUBLE, HEIGHT, PASS, REDOUBLE, SIDES, is_game
from app.bots.bridge.bidding.hand import NOTRUMP, SUITS
from app.bots.bridge.bidding.ways import ANY, GAME, NONE, Range, Way, span

_NOTHING: Final = (ANY, ANY, ANY, ANY)


class Shown(NamedTuple):
    """What a player has shown: high-card points, points with distribution, lengths by suit."""

    points: Range = NONE
    worth: Range = NONE
    lengths: tuple[Range, ...] = _NOTHING

    def least(self, suit: int) -> int:
        return self.lengths[suit][0]

    def also(self, ways: tuple[Way, ...]) -> Shown:
        """And that the hand is of one of the ways. What contradicts the past replaces it."""
        points = span([way.points for way in ways])
        worth = span([way.worth[1:] if way.worth else way.points for way in ways])
        shown = [span([way.shape[suit] for way in ways]) for suit in SUITS]
        both = [_both(old, new) for old, new in zip(self.lengths, shown, strict=True)]
        taken = sum(low for low, _ in both)
        if taken > 13:
            both, taken = shown, sum(low for low, _ in shown)
        return Shown(
            _both(self.points, points),
            _both(self.worth, worth),
            tuple((low, min(high, 13 - taken + low)) for low, high in both),
        )


def _both(old: Range, new: Range) -> Range:
    low, high = max(old[0], new[0]), min(old[1], new[1])
    return (low, high) if low <= high else new


class Said(NamedTuple):
    """A call that was made, as the first of the ways it can be meant."""

    seat: int
    call: str
    way: Way


@dataclass(frozen=True)
class Auction:
    """The auction before a call of `turn` (0 North … 3 West).

    `vulnerable` is by side (NS, EW); `height` is the place of the last bid in `BIDS`, −1 if there
    is none, `bidder` whose it is, `doubled` 0, 1 or 2.
    """

    turn: int
    vulnerable: tuple[bool, bool]
    said: tuple[Said, ...] = ()
    shown: tuple[Shown, Shown, Shown, Shown] = (Shown(), Shown(), Shown(), Shown())
    height: int = -1
    bidder: int = -1
    doubled: int = 0
    to_game: tuple[bool, bool] = (False, False)

    @classmethod
    def start(cls, dealer: str, vuln: str) -> Auction:
        """Before the first call: `dealer` a letter, `vuln` none, NS, EW or both."""
        both = vuln == "both"
        return cls(SIDES.index(dealer), (both or vuln == "NS", both or vuln == "EW"))

    def after(self, call: str, ways: tuple[Way, ...]) -> Auction:
        """With one more call, which may be meant in those ways."""
        seat, side = self.turn, self.turn % 2
        shown = list(self.shown)
        shown[seat] = shown[seat].also(ways)
        forced = any(way.forcing == GAME for way in ways)
        height, bidder, doubled = self.height, self.bidder, self.doubled
        if call in HEIGHT:
            height, bidder, doubled = HEIGHT[call], seat, 0
        elif call != PASS:
            doubled = 1 + (call == REDOUBLE)
        to_game = list(self.to_game)
        to_game[side] |= forced
        return replace(
            self,
            turn=(seat + 1) % 4,
            said=(*self.said, Said(seat, call, ways[0])),
            shown=(shown[0], shown[1], shown[2], shown[3]),
            height=height,
            bidder=bidder,
            doubled=doubled,
            to_game=(to_game[0], to_game[1]),
        )

    def allows(self, call: str) -> bool:
        """Whether the laws allow the call now."""
        if call in HEIGHT:
            return HEIGHT[call] > self.height
        theirs = self.bidder >= 0 and self.bidder % 2 != self.turn % 2
        if call == DOUBLE:
            return theirs and self.doubled == 0
        if call == REDOUBLE:
            return self.bidder >= 0 and not theirs and self.doubled == 1
        return call == PASS

    @property
    def over(self) -> bool:
        calls = [said.call for said in self.said]
        return len(calls) > 3 and calls[-3:] == [PASS] * 3

    # From the side of whoever is to call.

    @property
    def me(self) -> Shown:
        return self.shown[self.turn]

    @property
    def partner(self) -> Shown:
        return self.shown[(self.turn + 2) % 4]

    @cached_property
    def mine(self) -> tuple[Said, ...]:
        """My calls, passes before my first bid left out."""
        return self._acts(self.turn)

    @cached_property
    def partners(self) -> tuple[Said, ...]:
        return self._acts((self.turn + 2) % 4)

    @cached_property
    def theirs(self) -> tuple[Said, ...]:
        """What the opponents said but for passes."""
        return tuple(s for s in self.said if (s.seat - self.turn) % 2 and s.call != PASS)

    def _acts(self, seat: int) -> tuple[Said, ...]:
        calls = [said for said in self.said if said.seat == seat]
        while calls and calls[0].call == PASS:
            del calls[0]
        return tuple(calls)

    @property
    def last(self) -> str:
        """The call of the opponent on the right, PASS if there is none."""
        return self.said[-1].call if self.said else PASS

    @property
    def partners_last(self) -> Said | None:
        """Partner's last call, even a pass."""
        return self.said[-2] if len(self.said) > 1 else None

    @property
    def passed(self) -> bool:
        """Whether I have passed before anybody bid."""
        first = next((s for s in self.said if s.seat == self.turn), None)
        opened = next((i for i, s in enumerate(self.said) if s.call != PASS), len(self.said))
        return first is not None and self.said.index(first) < opened

    @property
    def ours(self) -> bool:
        """Whether the last bid is ours."""
        return self.bidder >= 0 and self.bidder % 2 == self.turn % 2

    @property
    def strain(self) -> int:
        """Of the last bid."""
        return self.height % 5

    @property
    def level(self) -> int:
        """Of the last bid; 0 if there is none."""
        return self.height // 5 + 1

    @property
    def hot(self) -> bool:
        """Whether we are vulnerable."""
        return self.vulnerable[self.turn % 2]

    @cached_property
    def their_suits(self) -> tuple[int, ...]:
        """Suits in which an opponent has shown four cards or more, by a bid of it or otherwise."""
        left, right = self.shown[(self.turn + 1) % 4], self.shown[(self.turn + 3) % 4]
        spoken = [s.seat for s in self.theirs]
        return tuple(
            suit
            for suit in SUITS
            if spoken and (max(left.least(suit), right.least(suit)) > 3 or self._opened_in(suit))
        )

    def _opened_in(self, suit: int) -> bool:
        """Whether they have bid that minor suit naturally on three cards."""
        return any(
            s.call in HEIGHT and HEIGHT[s.call] % 5 == suit and s.way.lengths[suit][0] > 2
            for s in self.theirs
        )

    @cached_property
    def forced(self) -> bool:
        """Whether I may not pass: partner's call, or ours before, forces, and nobody has bid over.

        Over a bid or a double of the opponent on the right a call that forced for a round does not
        any longer.
        """
        if self._asked_by_double():
            return True
        if not self.ours or self.bidder == self.turn or self.doubled:
            return not self.ours and self.to_game[self.turn % 2] and self._pass_ends_below_game()
        last = self.partners_last
        if last is not None and last.call == PASS:
            return False
        if self.to_game[self.turn % 2] and not is_game(self.height):
            return True
        return last is not None and last.way.forcing > 0 and self.last == PASS

    def _asked_by_double(self) -> bool:
        last = self.partners_last
        return (
            self.last == PASS and last is not None and last.call == DOUBLE and last.way.forcing > 0
        )

    def _pass_ends_below_game(self) -> bool:
        last = self.partners_last
        return (
            self.doubled == 0
            and last is not None
            and last.call == PASS
            and not is_game(self.height)
        )


def suit_of(call: str) -> int:
    """The strain of a bid, NOTRUMP for other calls."""
    return HEIGHT[call] % 5 if call in HEIGHT else NOTRUMP


def bids_from(height: int) -> tuple[str, ...]:
    """The bids above that height."""
    return BIDS[height + 1 :]
