"""Which table holds: by what partner's last call asks for, and what the opponent did over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from app.bots.bridge.bidding import (
    advances,
    competing,
    later,
    notrump,
    rebids,
    responses,
    slams,
    twos,
)
from app.bots.bridge.bidding.auction import Auction
from app.bots.bridge.bidding.calls import DOUBLE, PASS, REDOUBLE
from app.bots.bridge.bidding.general import constructive
from app.bots.bridge.bidding.openings import openings
from app.bots.bridge.bidding.overcalls import overcalls
from app.bots.bridge.bidding.ways import Way

Table: TypeAlias = Callable[[Auction], list[Way]]

SILENT: Final[Mapping[str, Table]] = MappingProxyType(
    {
        "one": responses.to_one,
        "notrump": notrump.answers,
        "low notrump": notrump.answers,
        "two clubs": twos.to_two_clubs,
        "waiting": twos.after_waiting,
        "three notrump": twos.to_three_notrump,
        "weak two": twos.to_weak_two,
        "ogust": twos.tell_weak_two,
        "weak two told": twos.after_weak_two,
        "preempt": twos.to_preempt,
        "gambling": twos.to_gambling,
        "correct": twos.correct,
        "new suit": rebids.after_new_suit,
        "one notrump": rebids.after_one_notrump,
        "jacoby": rebids.after_jacoby,
        "notrump rebid": rebids.checkback,
        "checkback": rebids.told_back,
        "stayman": notrump.stayman,
        "stayman hearts": notrump.after_stayman,
        "stayman spades": notrump.after_stayman,
        "stayman none": notrump.after_stayman,
        "transfer": notrump.transfer,
        "transferred": notrump.transferred,
        "choice": notrump.choice,
        "minors": notrump.minors,
        "minors told": notrump.minors_told,
        "quantitative": notrump.quantitative,
        "aces": slams.tell_aces,
        "aces told": slams.after_aces,
        "kings": slams.tell_kings,
        "kings told": slams.after_kings,
        "take-out": advances.to_takeout,
        "cue": advances.to_cue,
        "overcall": advances.to_overcall,
        "good raise": advances.to_good_raise,
        "michaels": advances.to_michaels,
        "unusual": advances.to_michaels,
        "which minor": advances.which_minor,
        "negative": competing.to_negative,
        "values": later.to_values,
    }
)
"""By what partner's last call asks for, when the opponent on the right has passed."""

DOUBLED: Final[Mapping[str, Table]] = MappingProxyType(
    {
        "one": responses.over_double,
        "notrump": notrump.answers,
        "low notrump": notrump.answers,
        "stayman": notrump.stayman,
        "transfer": notrump.transfer,
        "aces": slams.tell_aces,
        "aces told": slams.after_aces,
        "new suit": rebids.after_new_suit,
        "overcall": advances.to_overcall,
        "take-out": advances.to_takeout,
    }
)
"""When the opponent has doubled, or redoubled partner's double."""

OVERBID: Final[Mapping[str, Table]] = MappingProxyType(
    {
        "one": competing.over_overcall,
        "notrump": notrump.overcalled,
        "low notrump": notrump.overcalled,
        "take-out": advances.to_takeout,
        "overcall": advances.to_overcall,
        "michaels": advances.to_michaels,
        "unusual": advances.to_michaels,
    }
)
"""When the opponent has bid over it."""


def situation(auction: Auction) -> list[Way]:
    """The rules for the next call, the first to be preferred. Some may not be lawful."""
    if auction.height < 0:
        return openings(auction)
    if not auction.mine and not auction.partners:
        return overcalls(auction)
    last = auction.partners_last
    asked = last.way.then if last is not None and last.call != PASS else ""
    over = auction.last
    tables = SILENT if over == PASS else DOUBLED if over in (DOUBLE, REDOUBLE) else OVERBID
    if asked in tables:
        return tables[asked](auction)
    if auction.ours and over == PASS and auction.bidder != auction.turn:
        return constructive(auction)
    return later.compete(auction)
