"""A deal step by step, all hands open, and what shows that its cards were dealt fairly.

Only for those to whom the deal is open (`services.access`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from app.games.bridge import SIDES
from app.services.bridge import explaining, exports
from app.services.matches import LoggedMove
from app.services.records import MatchRecord
from app.web import access
from app.web.bridge import paper, robots, tale
from app.web.context import house
from app.web.results import deal_words, unrated_words
from app.web.verify import SHUFFLE
from app.web.words import say

Json = Any

TEMPLATES: Final = {"replay": "bridge/replay.html", "verify": "bridge/verify.html"}

PROGRAM: Final = (
    SHUFFLE
    + """
seed = bytes.fromhex("{seed}")
print(hashlib.sha256(seed).hexdigest())                      # the hash
cards = shuffled(seed, "bridge board {board}", range(52))
for side in range(4):
    hand = sorted(cards[13 * side : 13 * side + 13])
    print("NESW"[side], *("CDHS"[card // 13] + "23456789TJQKA"[card % 13] for card in hand))
"""
)


def replay_page(record: MatchRecord, ply: int | None) -> dict[str, Any]:
    """Everything the replay shows, after `ply` calls and cards (None: after the last)."""
    view = record.engine.open_view(record.state)
    steps = steps_of(view)
    ply = len(steps) if ply is None else min(max(ply, 0), len(steps))
    names = tale.names_of(record.seats)
    return {
        "record": record,
        "view": view,
        "names": names,
        "now": position(view, steps, ply),
        "moves": [step["text"] for step in steps],
        "ply": ply,
        "caption": caption(ply, len(steps)),
        "explained": explaining.of(house(), record, robots.said),
        "result": deal_words(record),
        "unrated": unrated_words(record),
        "data": {
            "ply": ply,
            "deal": view["deal"],
            "steps": steps,
            "names": names,
        },
    }


def steps_of(view: Json) -> list[Json]:
    """The calls and then the cards of a deal, in their order.

    `{"kind": "bid" | "card", "side", "text", "said", "card": number or None, "led": whether it is
    the first of its trick, "won": the side to which the trick goes with this card, or None}`.
    """
    steps = [
        {
            "kind": "bid",
            "side": call["side"],
            "text": paper.call_text(call["bid"]),
            "said": tale.call_words(call["bid"]),
            "card": None,
            "led": False,
            "won": None,
        }
        for call in view["auction"]
    ]
    tricks = [*view["played"], view["trick"]]
    for number, trick in enumerate(tricks):
        following = tricks[number + 1] if number + 1 < len(tricks) else []
        for place, each in enumerate(trick):
            steps.append(
                {
                    "kind": "card",
                    "side": each["side"],
                    "text": paper.card_text(each["card"]),
                    "said": tale.b_card_words(each["card"]),
                    "card": each["card"],
                    "led": place == 0,
                    "won": _winner(view, following) if place == 3 else None,
                }
            )
    return steps


def _winner(view: Json, following: Sequence[Json]) -> str:
    """The side that won a complete trick: whoever leads to the next, or won the last."""
    return str(following[0]["side"] if following else view["last_trick"]["winner"])


def position(view: Json, steps: Sequence[Json], ply: int) -> Json:
    """The table after so many steps: `{"hands", "calls": how many, "trick": [step, …], "tricks"}`.

    A complete trick lies there until the next card is led, as static/js/bridge-replay.js has it.
    """
    hands = {side: list(cards) for side, cards in view["deal"].items()}
    trick: list[Json] = []
    tricks = {"NS": 0, "EW": 0}
    for step in steps[:ply]:
        if step["kind"] != "card":
            continue
        hands[step["side"]].remove(step["card"])
        trick = [step] if step["led"] else [*trick, step]
        if step["won"]:
            tricks["NS" if step["won"] in "NS" else "EW"] += 1
    calls = sum(step["kind"] == "bid" for step in steps[:ply])
    return {"hands": hands, "calls": calls, "trick": trick, "tricks": tricks}


def caption(ply: int, plies: int) -> str:
    """Which position one is looking at."""
    return say("past", ply=ply, plies=plies) if ply else say("start")


def notation(record: MatchRecord, _log: Sequence[LoggedMove]) -> str:
    """The deal as PBN."""
    caller = access.caller()
    return exports.match(house(), caller.user_id if caller else None, record.id, "pbn")


def verify_page(record: MatchRecord) -> dict[str, Any]:
    """The hash of the board's seed, and the seed behind it once the deal is over."""
    seed = record.seed.hex() if record.over else None
    view = record.engine.open_view(record.state) if record.over else None
    board = record.state.options.board
    return {
        "record": record,
        "board": board,
        "seed": seed,
        "names": {side: tale.side_words(side) for side in SIDES},
        "deal": view and view["deal"],
        "program": PROGRAM.format(seed=seed or "…", board=board),
        "data": {
            "commitment": record.commitment,
            "seed": seed,
            "board": board,
            "deal": view and view["deal"],
        },
    }
