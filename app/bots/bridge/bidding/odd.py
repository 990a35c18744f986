"""What a call is taken for that the system has no place for: people bid what they like."""

from __future__ import annotations

from app.bots.bridge.bidding.auction import Auction
from app.bots.bridge.bidding.calls import DOUBLE, HEIGHT, PASS, REDOUBLE
from app.bots.bridge.bidding.hand import NOTRUMP
from app.bots.bridge.bidding.ways import MOST, ROUND, Way, lengths

_ENOUGH = (0, 6, 8, 10, 10, 11, 14, 16)  # points that a bid of that level is believed to have


def natural(auction: Auction, call: str) -> Way:
    """As a player at the next table would read it."""
    if call == PASS:
        return Way(PASS)
    if call == DOUBLE:
        takeout = not auction.partners and auction.level < 5 and auction.strain != NOTRUMP
        return Way(
            DOUBLE,
            "take-out" if takeout else "penalty",
            (10, MOST),
            then="take-out" if takeout else "",
        )
    if call == REDOUBLE:
        return Way(REDOUBLE, "", (9, MOST))
    level, strain = HEIGHT[call] // 5 + 1, HEIGHT[call] % 5
    points = (_ENOUGH[level], MOST)
    partner = auction.partner.least(strain) if strain != NOTRUMP else 0
    if strain in auction.their_suits:
        return Way(call, "cue bid", (10, MOST), forcing=ROUND, artificial=True)
    if strain == NOTRUMP:
        return Way(call, "", points)
    if partner > 3:
        return Way(call, "", (max(0, points[0] - 3), MOST), lengths({strain: 8 - min(5, partner)}))
    shown = 7 if level == 3 and not auction.mine else 5 if level > 1 else 4
    low = 5 if level > 2 and not auction.mine and not auction.partners else points[0]
    return Way(call, "", (low, MOST), lengths({strain: shown}))
