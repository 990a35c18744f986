"""Taking the last call or card back, if an opponent lets it be.

`undo_asked` `{"side"}`; `undo_declined` `{"side"}` for the opponent who declines; `undone`
`{"side": the opponent who agrees, "what": "bid" or "card", "of": the side whose call or card it
was, "bid", "card": what was taken back, the other None}`.
"""

from __future__ import annotations

from dataclasses import replace

from app.games.api import Event, Illegal, Json, NotYourTurn, Seat, Step
from app.games.bridge.deal import SEATS, SIDES
from app.games.bridge.move import Answer, Undo
from app.games.bridge.play import follow
from app.games.bridge.state import NOBODY, State


def may_ask(state: State, seat: Seat) -> bool:
    """Whether a seat may ask for the last call or card back.

    It must be its own, with nothing done since; the opening lead, on which dummy's hand was shown,
    stays.
    """
    if state.stands or state.waiting or state.outcome is not None:
        return False
    play = state.play
    if play is not None and play.played == 1:
        return False
    _, by = last(state)
    return by == seat


def ask(state: State, seat: Seat, move: Undo) -> Step[State]:
    """The step after somebody has asked. Raises NotYourTurn or Illegal."""
    if seat not in SEATS:
        raise NotYourTurn
    if not may_ask(state, seat):
        raise Illegal("There is nothing that you can take back now.")
    return Step(replace(state, undo=seat), (Event("undo_asked", {"side": SIDES[seat]}),))


def answer(state: State, seat: Seat, move: Answer) -> Step[State]:
    """The step after an opponent has answered: either of them settles it."""
    after = replace(state, undo=None, stands=True)
    if not move.agreed:
        return Step(after, (Event("undo_declined", {"side": SIDES[seat]}),))
    of, _ = last(state)
    play = state.play
    data: dict[str, Json] = {
        "side": SIDES[seat],
        "what": "bid",
        "of": SIDES[of],
        "bid": None,
        "card": None,
    }
    if play is None or play.played == 0:
        data["bid"] = state.calls[-1].bid
        return Step(replace(after, calls=state.calls[:-1], play=None), (Event("undone", data),))
    *kept, card = play.cards
    data |= {"what": "card", "card": card}
    back = replace(
        after,
        play=follow(play.contract, state.deal, kept),
        returned=state.returned | {card},
        declined=NOBODY,
    )
    return Step(back, (Event("undone", data),))


def last(state: State) -> tuple[Seat, Seat]:
    """The seat whose the last call or card was, and the seat that made it. There must be one."""
    play = state.play
    if play is None or play.played == 0:
        seat = (state.dealer + len(state.calls) - 1) % 4
        return seat, seat
    if play.trick:
        seat = (play.leader + len(play.trick) - 1) % 4
    else:
        seat = (play.tricks[-1].leader + 3) % 4
    contract = play.contract
    return seat, contract.declarer if seat == contract.dummy else seat
