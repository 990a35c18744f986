"""What the robots' calls mean, by the rules they bid by; that is no secret of anybody's.

It follows from the auction alone and not from the cards, so everybody may know it, the partner too.
"""

from __future__ import annotations

from app.bots.bridge import bidding
from app.bots.bridge.bidding.phrases import Say
from app.games.api import Seat
from app.games.bridge import BRIDGE, SIDES
from app.services import matches
from app.services.house import House
from app.services.records import MatchRecord


def of(house: House, record: MatchRecord, say: Say = str) -> dict[int, str]:
    """What each call of a deal means that a robot has made, by its number in the auction.

    Of a seat that a robot has taken over only what was called since. `say` translates a phrase.
    """
    robots = _robots(house, record)
    if not robots:
        return {}
    view = BRIDGE.view(record.state, None)
    calls = [call["bid"] for call in view["auction"]]
    meanings = bidding.meaning(view["dealer"], view["vuln"], calls)
    sides = [SIDES.index(call["side"]) for call in view["auction"]]
    return {
        number: text
        for number, (seat, meaning) in enumerate(zip(sides, meanings, strict=True))
        if number >= robots.get(seat, len(calls)) and (text := meaning.words(say))
    }


def _robots(house: House, record: MatchRecord) -> dict[Seat, int]:
    """The seats that are the computer's, and how many calls had been made when it came."""
    since = {seat: 0 for seat, info in enumerate(record.seats) if info.bot is not None}
    if not since:
        return since
    log = matches.log(house, record.id)
    if any(entry.seat is None for entry in log):
        steps = matches.steps(house, record.id)
        for entry, step in zip(log, steps[1:], strict=False):
            if entry.seat is None and entry.move.get("seat") in since:
                since[entry.move["seat"]] = len(step.state.calls)
    return since
