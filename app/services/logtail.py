"""The end of the server's log, read from its end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.services.errors import ServiceError
from app.services.house import House

LINES: Final = 100
MOST_LINES: Final = 5_000
BLOCK: Final = 64 * 1024


def tail(house: House, lines: int = LINES, text: str = "") -> list[str]:
    """The last `lines` lines of the log, in their order; with `text`, the last that hold it.

    Raises `bad_number` unless `lines` is one of 1 to 5000.
    """
    if not 1 <= lines <= MOST_LINES:
        raise ServiceError("bad_number", f"Ask for 1 to {MOST_LINES} lines.")
    wanted = text.casefold()
    found: list[str] = []
    for line in backwards(house.config.log_path):
        if wanted in line.casefold():
            found.append(line)
            if len(found) == lines:
                break
    return found[::-1]


def backwards(path: Path, block: int = BLOCK) -> Iterator[str]:
    """The lines of a file, the last one first; none of a file that is not there.

    No more of it is read than the lines asked for take up, in pieces of `block` bytes.
    """
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        position = file.seek(0, os.SEEK_END)
        rest: list[bytes] = []  # the pieces of a line whose beginning was not read yet, last first
        ended = False  # the line break at the very end begins no further line
        while position > 0:
            size = min(block, position)
            position = file.seek(position - size)
            first, *whole = file.read(size).split(b"\n")
            if whole:
                last = whole.pop() + b"".join(reversed(rest))
                if last or ended:
                    yield _text(last)
                ended = True
                yield from map(_text, reversed(whole))
                rest = []
            rest.append(first)
        if rest:
            yield _text(b"".join(reversed(rest)))


def _text(line: bytes) -> str:
    return line.decode(errors="replace")
