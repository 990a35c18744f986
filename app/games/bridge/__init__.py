"""Contract bridge: one deal, from the first call to the score.

Four play, North and South against East and West. Whoever plays more deals at a table, or the same
deal at more tables, plays more matches: what compares them is in `app.games.bridge.comparison`.
"""

from typing import Final

from app.games.bridge.deal import SIDES
from app.games.bridge.game import Bridge
from app.games.bridge.move import Answer, Call, Claim, Play, Undo
from app.games.bridge.options import BridgeOptions
from app.games.bridge.state import State

BRIDGE: Final = Bridge()
"""The game; it has no state of its own."""

__all__ = [
    "BRIDGE",
    "SIDES",
    "Answer",
    "Bridge",
    "BridgeOptions",
    "Call",
    "Claim",
    "Play",
    "State",
    "Undo",
]
