"""Claims and concessions: their side will have so many tricks, says declarer or a defender.

`claim` `{"side", "tricks", "result": the score for declarer's side if it is accepted, "score_ns"}`
after `shown` for the hands it shows; `claim_accepted` `{"side"}` for each who accepts it;
`claim_declined` `{"side"}` for the one who does not.
"""

from __future__ import annotations

from dataclasses import replace

from app.games.api import Event, Illegal, NotYourTurn, Seat, Step
from app.games.bridge.deal import HAND, SEATS, SIDES, TEAMS
from app.games.bridge.move import Answer, Claim
from app.games.bridge.result import claimed
from app.games.bridge.state import OpenClaim, State, asked
from app.games.bridge.turns import ended, shown_event


def span(state: State, seat: Seat) -> range:
    """The numbers of tricks that a seat may claim now; empty if it may not claim.

    Declarer and the defenders may from the opening lead on, while nothing is to be answered, but
    not again before another card has been played after a claim was declined.
    """
    play = state.play
    if play is None or not state.led or state.outcome is not None or state.waiting:
        return range(0)
    if seat == play.contract.dummy or seat not in SEATS or seat in state.declined:
        return range(0)
    team = TEAMS[seat]
    return range(play.won(team), HAND - play.won(1 - team) + 1)


def claim(state: State, seat: Seat, move: Claim) -> Step[State]:
    """The step after a claim. Raises NotYourTurn or Illegal."""
    if seat not in SEATS:
        raise NotYourTurn
    allowed = span(state, seat)
    if move.tricks not in allowed:
        raise Illegal("Such a claim is not possible." if allowed else "You cannot claim now.")
    play = state.play
    assert play is not None, "somebody may claim"
    to = asked(state, seat)
    scored = claimed(state, seat, move.tricks)
    events = [shown_event(play, seat, to)]
    if seat == play.contract.declarer:
        events.append(shown_event(play, play.contract.dummy, to))
    data = {"side": SIDES[seat], "tricks": move.tricks}
    told = Event("claim", {**data, "result": scored.points, "score_ns": scored.score})
    after = replace(
        state, claim=OpenClaim(seat, move.tricks), faced=state.faced | {seat}, stands=True
    )
    return Step(after, (*events, told))


def answer(state: State, open_claim: OpenClaim, seat: Seat, move: Answer) -> Step[State]:
    """The step after one of those asked has answered the claim."""
    side = {"side": SIDES[seat]}
    if not move.agreed:
        declined = replace(state, claim=None, declined=state.declined | {open_claim.seat})
        return Step(declined, (Event("claim_declined", side),))
    agreed = replace(open_claim, accepted=open_claim.accepted | {seat})
    after = replace(state, claim=agreed)
    told = (Event("claim_accepted", side),)
    if after.waiting:
        return Step(after, told)
    return ended(after, "claim", claimed(state, agreed.seat, agreed.tricks), told)
