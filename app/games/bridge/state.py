"""The position of a match: a deal, and all that has been called, played, shown and asked."""

from __future__ import annotations

from dataclasses import dataclass

from app.games.api import Outcome, Seat
from app.games.bridge.auction import caller
from app.games.bridge.deal import Deal, dealer, opponents
from app.games.bridge.move import Call
from app.games.bridge.options import BridgeOptions
from app.games.bridge.play import CardPlay

NOBODY: frozenset[Seat] = frozenset()


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """A claim, and who of those that are asked (see `asked`) has accepted it.

    tricks: what `seat`'s side is to have in the end.
    """

    seat: Seat
    tricks: int
    accepted: frozenset[Seat] = NOBODY


@dataclass(frozen=True, slots=True)
class State:
    """A position.

    deal: what each seat was dealt.
    calls: the auction.
    play: how far the play has come; None until the auction has ended in a contract.
    faced: the seats whose hands were shown by a claim.
    returned: cards that were taken back, so that all have seen who holds them.
    claim: that which is to be answered, or by which the deal was settled.
    undo: who has asked for their last call or card back.
    stands: whether it has been settled that the last call or card is not taken back.
    declined: whose claims have been declined since the last card.
    """

    options: BridgeOptions
    deal: Deal
    calls: tuple[Call, ...] = ()
    play: CardPlay | None = None
    faced: frozenset[Seat] = NOBODY
    returned: frozenset[int] = frozenset()
    claim: OpenClaim | None = None
    undo: Seat | None = None
    stands: bool = True
    declined: frozenset[Seat] = NOBODY
    outcome: Outcome | None = None

    @property
    def dealer(self) -> Seat:
        return dealer(self.options.board)

    @property
    def bids(self) -> tuple[str, ...]:
        """The auction without its alerts."""
        return tuple(call.bid for call in self.calls)

    @property
    def led(self) -> bool:
        """Whether the opening lead has been made, so that dummy's hand lies open."""
        return self.play is not None and self.play.played > 0

    @property
    def turn(self) -> Seat | None:
        """The seat whose call or card is next; None when the match is over."""
        if self.outcome is not None:
            return None
        return caller(self.dealer, self.bids) if self.play is None else self.play.turn

    @property
    def to_act(self) -> Seat | None:
        """The seat that makes it: declarer plays dummy's cards."""
        turn = self.turn
        return turn if turn is None or self.play is None else self.play.actor

    @property
    def waiting(self) -> frozenset[Seat]:
        """Those who have a claim or a request to answer."""
        if self.outcome is not None:
            return NOBODY
        if self.claim is not None:
            return asked(self, self.claim.seat) - self.claim.accepted
        return NOBODY if self.undo is None else opponents(self.undo)

    @property
    def actors(self) -> frozenset[Seat]:
        """For whom the match waits."""
        turn = self.to_act
        return self.waiting or (NOBODY if turn is None else frozenset({turn}))


def asked(state: State, claimant: Seat) -> frozenset[Seat]:
    """Those who must accept a claim and are shown the claimant's hand: all but dummy."""
    assert state.play is not None, "nobody claims during the auction"
    return frozenset(range(4)) - {claimant, state.play.contract.dummy}
