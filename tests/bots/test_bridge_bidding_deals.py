"""The robots' bidding over many deals: lawful, ending, sensible, and as they explain it."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from app.bots.bridge.bidding import Hand, call, meaning
from app.bots.bridge.bidding.auction import Auction
from app.bots.bridge.bidding.calls import BIDS, PASS
from app.bots.bridge.bidding.system import choose, read
from app.games.bridge import BRIDGE

SIDES = "NESW"
VULNERABLE = ("none", "NS", "EW", "both")
DEALS = 300


def deal(number: int) -> list[Hand]:
    cards = list(range(52))
    Random(number).shuffle(cards)
    return [Hand.of(cards[13 * seat : 13 * seat + 13]) for seat in range(4)]


def auction(number: int, hands: list[Hand]) -> tuple[str, str, list[str]]:
    """Dealer, vulnerability and the calls of four robots."""
    dealer, vuln = SIDES[number % 4], VULNERABLE[number // 4 % 4]
    calls: list[str] = []
    while not read(dealer, vuln, tuple(calls))[0].over:
        now, rules = read(dealer, vuln, tuple(calls))
        calls.append(choose(rules, hands[now.turn]).call)
    return dealer, vuln, calls


@pytest.fixture(scope="module")
def auctions() -> list[tuple[list[Hand], str, str, list[str]]]:
    dealt = [(number, deal(number)) for number in range(DEALS)]
    return [(hands, *auction(number, hands)) for number, hands in dealt]


def test_auctions_end(auctions: Any) -> None:
    lengths = [len(calls) for *_, calls in auctions]
    assert max(lengths) < 30
    assert min(lengths) >= 4


def test_own_calls_fit_what_they_show(auctions: Any) -> None:
    for hands, dealer, vuln, calls in auctions:
        for number, told in enumerate(meaning(dealer, vuln, calls)):
            hand = hands[told.seat]
            assert told.fits(hand), (calls[: number + 1], told.text)
            assert told.weight(hand) == 1
            if choose(told.rules, hand).anything:
                continue  # there had to be a call, and none was right
            low, high = told.points
            assert low <= hand.points <= high, (calls[: number + 1], told.text, hand.points)
            for suit, (least, most) in enumerate(told.lengths):
                assert least <= hand.lengths[suit] <= most, (calls[: number + 1], told.text)


def test_explanations_tell_hands_apart(auctions: Any) -> None:
    """Few of the hands that others hold would have made the same bids."""
    fitting = seen = 0
    for number, (hands, dealer, vuln, calls) in enumerate(auctions):
        strange = auctions[(number + 1) % DEALS][0]
        for told in meaning(dealer, vuln, calls):
            if told.call != PASS:
                seen += 1
                fitting += told.fits(strange[told.seat])
                assert 0 < told.weight(strange[told.seat]) <= 1
        assert hands is not strange
    assert fitting < seen / 5


def test_contracts_are_not_absurd(auctions: Any) -> None:
    """Of the contracts hardly any is in six trumps, or a game or slam without the points."""
    thin = misfits = missed = 0
    for hands, dealer, _, calls in auctions:
        bids = [(place, made) for place, made in enumerate(calls) if made in BIDS]
        if not bids:
            continue
        place, final = bids[-1]
        seat, level, strain = (SIDES.index(dealer) + place) % 4, int(final[0]), final[1]
        pair = hands[seat], hands[(seat + 2) % 4]
        points = sum(hand.points for hand in pair)
        if strain == "Z":
            thin += points < 21 + 10 * (level > 4) and level > 2
            missed += level < 3 and points > 26
            continue
        trumps = sum(hand.lengths["CDHS".index(strain)] for hand in pair)
        misfits += trumps < 7
        thin += level > 5 and points < 26
        missed += level < 3 and points > 26
    assert thin <= 2
    assert misfits <= 6
    assert missed <= 2


def test_they_bid_slams(auctions: Any) -> None:
    slams = [calls for *_, calls in auctions if any(made[0] in "67" for made in calls)]
    assert 2 <= len(slams) <= DEALS // 15


@pytest.mark.parametrize("humans", [{0}, {1, 2}, {0, 1, 2}], ids=str)
def test_any_calls_of_people_are_answered(humans: set[int]) -> None:
    """Whatever people call, the robots call lawfully, stop, and explain it all."""
    for number in range(60):
        random, hands, calls = Random(number), deal(number), []
        now, rules = read("N", "both", ())
        while not now.over:
            made = choose(rules, hands[now.turn]).call
            if now.turn in humans and len(calls) < 30:
                made = random.choice([PASS, PASS, *lawful(now)][:9])
            assert now.allows(made), (calls, made)
            calls.append(made)
            now, rules = read("N", "both", tuple(calls))
        assert len(calls) < 60
        for told in meaning("N", "both", calls):
            assert told.text
            assert told.points[0] <= told.points[1]
            assert all(least <= most for least, most in told.lengths)


def lawful(now: Auction) -> list[str]:
    return [made for made in (PASS, "dbl", "rdbl", *BIDS) if now.allows(made)]


@pytest.mark.parametrize("board", [1, 6, 11, 16])
def test_through_the_engine(board: int) -> None:
    """A robot calls from its own view, and the engine takes every call."""
    for seed in (b"a" * 32, b"b" * 32, b"c" * 32):
        state = BRIDGE.initial(
            BRIDGE.parse_options({"variant": "standard", "board": board}), seed
        ).state
        while True:
            (seat,) = BRIDGE.actors(state)
            view = BRIDGE.view(state, seat)
            if view["phase"] != "auction":
                break
            raw = call(view)
            assert raw == call(view)
            assert len(raw.get("alert", "")) <= 80
            state = BRIDGE.apply(state, seat, BRIDGE.parse_move(raw)).state
            if state.outcome is not None:
                break
