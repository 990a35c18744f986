"""Stores what `bench/uttt/learn.c` has learned: `python -m bench.uttt_pack FROM TO`."""

from __future__ import annotations

import sys
from array import array
from pathlib import Path

from app.bots.uttt.cells import LOCALS, SHAPES
from app.bots.uttt.weights import KINDS, pack


def main() -> None:
    """Read the one file and write the other."""
    source, target = map(Path, sys.argv[1:])
    numbers = array("h", source.read_bytes())
    parts = []
    for size in (LOCALS, SHAPES**3, LOCALS):
        parts.append(numbers[: KINDS * size])
        numbers = numbers[KINDS * size :]
    local, line, sent = parts
    target.write_bytes(pack(local, line, sent, numbers))


if __name__ == "__main__":
    main()
