"""The robots' bidding: a natural system of rules, by which they call and by which they explain.

docs/robots.md says it in words. `call(view)` is what a robot calls, `meaning(...)` what each call
of an auction shows; both read the same rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.bots.bridge.bidding.hand import Hand
from app.bots.bridge.bidding.system import Meaning, choose, explain, read
from app.games.api import Json

__all__ = ["Hand", "Meaning", "call", "meaning"]

_ALERT: Final = 80  # characters that an alert may have


def call(view: Json) -> Json:
    """What a robot in the viewer's seat, who is to call, calls: `{"bid": "2C", "alert": "…"}`.

    It depends on nothing but the viewer's hand and the auction. An artificial call is alerted.
    """
    calls = tuple(said["bid"] for said in view["auction"])
    _, rules = read(view["dealer"], view["vuln"], calls)
    way = choose(rules, Hand.of(view["hands"][view["viewer"]]))
    raw: Json = {"bid": way.call}
    if way.artificial:
        raw["alert"] = way.words()[:_ALERT]
    return raw


def meaning(dealer: str, vuln: str, calls: Sequence[str]) -> list[Meaning]:
    """What each call of an auction shows, as the robots understand it, whoever made it.

    `dealer` is a letter; `vuln` is none, NS, EW or both; `calls` are `1C` … `7Z`, `pass`, `dbl`
    and `rdbl`, lawful ones from the dealer on.
    """
    return explain(dealer, vuln, calls)
