"""What came of a deal."""

from __future__ import annotations

from dataclasses import dataclass

from app.games.api import Json, Outcome, Seat
from app.games.bridge.auction import Contract
from app.games.bridge.deal import HAND, SIDES, TEAMS, is_vulnerable
from app.games.bridge.play import CardPlay
from app.games.bridge.scoring import score
from app.games.bridge.state import State

_REASONS = ("played", "claim", "passed")


@dataclass(frozen=True, slots=True)
class Result:
    """A contract and what it made; all None for a deal that was passed out.

    tricks: those of declarer's side. points: the score as declarer's side has it.
    score: the same as North and South have it.
    lead: the card led.
    """

    contract: Contract | None
    tricks: int | None
    points: int
    score: int
    lead: int | None


PASSED_OUT = Result(None, None, 0, 0, None)


def claimed(state: State, seat: Seat, tricks: int) -> Result:
    """The result if a claim is accepted by which `seat`'s side has so many tricks."""
    assert state.play is not None, "nobody claims during the auction"
    with_declarer = TEAMS[seat] == TEAMS[state.play.contract.declarer]
    return _made(state, state.play, tricks if with_declarer else HAND - tricks)


def result(state: State) -> Result | None:
    """What came of a deal that is over; None before, and for one that was not played to an end."""
    if state.outcome is None or state.outcome.reason not in _REASONS:
        return None
    if state.play is None:
        return PASSED_OUT
    if state.claim is not None:
        return claimed(state, state.claim.seat, state.claim.tricks)
    return played(state, state.play)


def played(state: State, play: CardPlay) -> Result:
    """The result when all tricks have been played."""
    return _made(state, play, play.won(TEAMS[play.contract.declarer]))


def outcome(reason: str, scored: Result) -> Outcome:
    """The outcome of a match with that result: the side whose score is positive has won."""
    if scored.score == 0:
        return Outcome(reason, (0.5, 0.5), ())
    north_south = scored.score > 0
    winners = (0, 2) if north_south else (1, 3)
    return Outcome(reason, (float(north_south), float(not north_south)), winners)


def result_json(scored: Result) -> dict[str, Json]:
    """`{"contract", "declarer", "tricks", "points", "score_ns", "lead"}`."""
    contract = scored.contract
    return {
        "contract": "pass" if contract is None else str(contract),
        "declarer": None if contract is None else SIDES[contract.declarer],
        "tricks": scored.tricks,
        "points": scored.points,
        "score_ns": scored.score,
        "lead": scored.lead,
    }


def _made(state: State, play: CardPlay, tricks: int) -> Result:
    contract = play.contract
    at_risk = is_vulnerable(state.options.board, contract.declarer)
    points = score(contract.level, contract.strain, contract.doubled, at_risk, tricks)
    own = points if TEAMS[contract.declarer] == 0 else -points
    return Result(contract, tricks, points, own, play.lead)
