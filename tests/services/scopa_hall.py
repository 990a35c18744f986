"""What the tests of tables with more than two seats have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from app.services import tables
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.services.table_rows import look
from app.services.tables import Plan, Setup, TableRow

TWO: Final = Setup("scopa", "classic")
FOUR: Final = Setup("scopa", "classic", options={"players": 4})

_WORDS: Final = {
    "free": "-",
    "taken": "{0.name}",
    "asked": "{0.name}?",
    "bot": "{0.name} {0.strength}",
}


def opened(
    house: House,
    owner: Caller,
    setup: Setup = FOUR,
    others: Sequence[Plan] | None = None,
    **more: Any,
) -> TableRow:
    """A table that waits."""
    row = tables.open(house, owner, setup, others, **more)
    assert isinstance(row, TableRow)
    return row


def at(row: object) -> list[str]:
    """The seats in words: "anna", "bert?" who is asked, "cpu1 easy" the computer, "-" free."""
    assert isinstance(row, TableRow)
    return [_WORDS[seat.kind].format(seat) for seat in row.seats]


def now(house: House, row: TableRow) -> list[str] | None:
    """The seats as they are stored; None: the table is gone."""
    found = look(house, row.id)
    return None if found is None else at(found)


def names(record: object) -> list[str]:
    """Who plays a match, by seat."""
    assert isinstance(record, MatchRecord)
    return [info.name for info in record.seats]
