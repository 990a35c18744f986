"""A board of three rows of three as nine bits, and tables over its 512 values.

Bit `3*y + x` is the place in column x and row y, both from 0 at the top left. The same nine bits
serve for the cells of a local board and for the local boards of the global one.
"""

from __future__ import annotations

from typing import Final

FULL: Final = 0b111_111_111

# An octal digit is a row, the last digit the top one.
LINES: Final = (0o007, 0o070, 0o700, 0o111, 0o222, 0o444, 0o421, 0o124)
"""The eight lines: rows, columns, diagonals."""

HAS_LINE: Final = tuple(any(bits & line == line for line in LINES) for bits in range(FULL + 1))
"""By nine bits: whether three in a line are set."""

PLACES: Final = tuple(tuple(i for i in range(9) if bits >> i & 1) for bits in range(FULL + 1))
"""By nine bits: the places that are set, ascending."""
