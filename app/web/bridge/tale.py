"""Calls, cards, contracts and what happened at a table of bridge, in words.

static/js/bridge-words.js says the same things while a deal is being played.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from app.games.bridge import SIDES
from app.web.words import say, say_many

Json = Any

SUITS: Final = "CDHS"
ORDER: Final = "SHCD"
"""Suits as one holds them, so that colours alternate."""

STRAINS: Final = "ZSHDC"


def suit_of(card: int) -> str:
    """The letter of a card's suit.

    >>> suit_of(0), suit_of(51)
    ('C', 'S')
    """
    return SUITS[card // 13]


def side_words(side: str) -> str:
    """A side by its name: "North"."""
    return say(f"b_side_{side}")


def b_card_words(card: int) -> str:
    """A card by its name: "queen of hearts"."""
    return say("b_card", rank=say(f"b_rank_{card % 13}"), suit=say(f"b_suit_{suit_of(card)}"))


def call_words(bid: str) -> str:
    """A call by its name: "pass", "1 spade", "3 no trumps"."""
    if bid in ("pass", "dbl", "rdbl"):
        return say(f"b_{bid}")
    level, strain = bid[0], bid[1]
    if level == "1":
        return say(f"b_one_{strain}")
    return say("b_more", level=level, strain=say(f"b_suit_{strain}"))


def contract_words(contract: str, declarer: str | None) -> str:
    """A contract with its declarer: "4 spades doubled, North"."""
    if contract == "pass" or declarer is None:
        return say("b_passed_out")
    key = f"b_contract_{contract[2:]}" if contract[2:] else "b_contract"
    return say(key, bid=call_words(contract[:2]), side=side_words(declarer))


def tricks_words(contract: str, tricks: int) -> str:
    """How a contract fares with so many tricks to declarer: "just made", "2 over", "1 down"."""
    over = tricks - int(contract[0]) - 6
    if over == 0:
        return say("b_made")
    return say_many("b_over" if over > 0 else "b_down", abs(over))


def tricks_sign(contract: str, tricks: int) -> str:
    """The same as bridge players write it: "=", "+2", "−1"."""
    over = tricks - int(contract[0]) - 6
    return "=" if over == 0 else f"+{over}" if over > 0 else f"−{-over}"


def is_declarers(view: Json, side: str) -> bool:
    """Whether that side is declarer or dummy."""
    return side in (view["declarer"], view["dummy"])


def declarers_tricks(view: Json, side: str, tricks: int) -> int:
    """How many tricks declarer gets where the pair of `side` gets so many."""
    return tricks if is_declarers(view, side) else 13 - tricks


def claim_result(view: Json, side: str, tricks: int) -> str:
    """What a claim of so many tricks in all for the pair of `side` would make of the contract."""
    return tricks_words(view["contract"], declarers_tricks(view, side, tricks))


def columns(cards: Sequence[int], trump: str | None = None) -> list[tuple[str, list[int]]]:
    """A hand by suits, trumps first, each from the highest card on.

    >>> columns([0, 12, 51], "C")
    [('C', [12, 0]), ('S', [51]), ('H', []), ('D', [])]
    """
    order = sorted(ORDER, key=lambda suit: suit != trump)
    return [
        (suit, sorted((c for c in cards if suit_of(c) == suit), reverse=True)) for suit in order
    ]


def fan(cards: Sequence[int]) -> list[int]:
    """A hand as one holds it: by suits, each from the highest card on."""
    return [card for _suit, held in columns(cards) for card in held]


def trump_of(view: Json) -> str | None:
    """The letter of the trump suit, or None."""
    contract = view["contract"]
    return contract[1] if contract and contract != "pass" and contract[1] in SUITS else None


def rows(view: Json) -> list[list[Json | None]]:
    """The auction in rows from West to South: calls with their number, or None for a gap."""
    order = "WNES"
    cells: list[Json | None] = [None] * order.index(view["dealer"])
    cells += [{**call, "number": number} for number, call in enumerate(view["auction"])]
    cells += [None] * (-len(cells) % 4)
    return [cells[at : at + 4] for at in range(0, len(cells), 4)]


def is_vulnerable(view: Json, side: str) -> bool:
    """Whether a side is vulnerable on this board."""
    return view["vuln"] == "both" or side in view["vuln"]


def turn_words(view: Json, names: Mapping[str, str], own: str | None) -> str:
    """What the table waits for, as static/js/bridge-words.js says it after every move."""
    for kind in ("claim", "undo"):
        if view[kind]:
            return _answer_words(kind, view[kind], names, own)
    mover, actor = view["to_move"], view["actor"]
    if mover is None:
        return ""
    if view["phase"] == "auction":
        return _whose("call", actor, names, own)
    lead = not view["trick"]
    if mover != actor and actor == own:
        return say("b_your_dummy_lead" if lead else "b_your_dummy")
    if mover != actor:
        return say("b_their_dummy", name=names[actor])
    return _whose("lead" if lead else "card", actor, names, own)


def _whose(what: str, actor: str, names: Mapping[str, str], own: str | None) -> str:
    if actor == own:
        return say(f"b_your_{what}")
    return say(f"b_their_{what}", name=names[actor])


def _answer_words(kind: str, asked: Json, names: Mapping[str, str], own: str | None) -> str:
    name = names[asked["side"]]
    if own in asked["waiting"]:
        return say(f"b_asked_{kind}", name=name)
    waiting = _listed(
        [names[side] for side in asked["waiting"]], "b_and" if kind == "claim" else "b_or"
    )
    if asked["side"] == own:
        return say(f"b_wait_own_{kind}", names=waiting)
    return say(f"b_wait_{kind}", names=waiting, name=name)


def _listed(names: Sequence[str], joint: str) -> str:
    *others, last = names
    return say(joint, list=", ".join(others), last=last) if others else last


def last_words(
    view: Json, names: Mapping[str, str], explained: Mapping[int, str] = MappingProxyType({})
) -> str:
    """What was done last: the last card, else the last call, else that a board is dealt.

    `explained`: what the robots' calls mean, said in place of their alerts, which are in English.
    """
    done = [*(view["played"][-1] if view["played"] else ()), *view["trick"]]
    if done:
        last = done[-1]
        key = "b_did_lead" if len(view["trick"]) == 1 else "b_did_play"
        text = say(key, name=names[last["side"]], card=b_card_words(last["card"]))
        if view["trick"] or view["last_trick"] is None:
            return text
        return f"{text} {say('b_trick_to', side=side_words(view['last_trick']['winner']))}"
    if view["auction"]:
        call, number = view["auction"][-1], len(view["auction"]) - 1
        return call_told(call, names, explained.get(number))
    return dealt_words(view)


def call_told(call: Json, names: Mapping[str, str], meaning: str | None = None) -> str:
    """A call as it is told: "ann bid 1 spade.", with its alert if there is one to be heard.

    `meaning`: what is said of an alerted call instead of the alert itself.
    """
    bid, name = call["bid"], names[call["side"]]
    if bid in ("pass", "dbl", "rdbl"):
        text = say(f"b_did_{bid}", name=name)
    else:
        text = say("b_did_bid", name=name, call=call_words(bid))
    return say("b_alerted", text=text, alert=meaning or call["alert"]) if call["alert"] else text


def dealt_words(view: Json) -> str:
    """That a board has been dealt, who deals, and who is vulnerable."""
    dealer = say("b_dealer", side=side_words(view["dealer"]))
    return say("b_dealt", board=view["board"], dealer=dealer, vul=say(f"b_vul_{view['vuln']}"))


def result_words(result: Json) -> str:
    """How a deal ended, in a line: "4 spades, North: 1 over, 450"."""
    contract = contract_words(result["contract"], result["declarer"])
    if result["contract"] == "pass":
        return contract
    return f"{contract}: {tricks_words(result['contract'], result['tricks'])}"


def names_of(seats: Sequence[Any]) -> dict[str, str]:
    """Names by side, of a match's seats."""
    return {side: seat.name for side, seat in zip(SIDES, seats, strict=True)}
