"""The numbers of the locks that keep transactions apart: what `Store.one_at_a_time` takes.

Each has one purpose. A transaction takes one of them at most, so none can wait in a circle.
"""

from __future__ import annotations

from typing import Final

PAIRING: Final = 1  # who counts open matches must not count beside somebody else
MIGRATION: Final = 2  # one worker makes the tables, the others wait
LINES: Final = 4  # lines are committed in the order of their numbers
BANS: Final = 5  # an address is banned once
WORKERS: Final = 6  # a worker that was given up too early comes back once
BOARDS: Final = 7  # a board is made once, and not looked at while it is dealt
ANALYSES: Final = 8  # nobody has two matches analysed at a time
