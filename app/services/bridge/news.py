"""How bridge tables are told of: to the hall, to who sits there and to who looks on.

What a transaction does to a table is noted in a `Change` and told after the commit. Whoever tells
of a table looks again afterwards: if it changed in between, the last word heard is how it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.games.api import Event
from app.games.bridge import SIDES
from app.services.bridge.rows import TableRow, look
from app.services.house import House
from app.services.publish import Audience
from app.services.records import MatchRecord

LOOKS: Final = "bridge_looks"
"""The order given when somebody looks on otherwise than before, or no longer: each worker sees to
it that the user's connections hear what is theirs. Its data: `{"tid", "user_id", "watching",
"over"}`."""


@dataclass(slots=True)
class Change:
    """What has been done to a table, to be told once it is committed.

    `also`: who hears of it although they have left. `lines`: who sat down and who left, in order,
    as the hall's messages. `looks`: whose looking on changed, as `(table, user, watching,
    over)`, at other tables too. `aborted`: the deal that is to end with the table. `replaced`: the
    deal after each seat that was taken over. `begun`: the deal that has begun, and its board.
    """

    table_id: str
    opened: bool = False
    closed: bool = False
    also: set[int] = field(default_factory=set)
    lines: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    looks: list[tuple[str, int, bool, str | None]] = field(default_factory=list)
    replaced: list[tuple[MatchRecord, Sequence[Event]]] = field(default_factory=list)
    aborted: str | None = None
    begun: tuple[str, str] | None = None

    def sat(self, seat: int, name: str) -> None:
        """Somebody has sat down there, or is back."""
        place = {"tid": self.table_id, "name": name, "position": SIDES[seat]}
        self.lines.append(("player.sit", place))

    def left(self, seat: int, user_id: int | None = None) -> None:
        """Somebody has left that seat: for good, or for a while."""
        self.lines.append(("player.leave", {"tid": self.table_id, "position": SIDES[seat]}))
        if user_id is not None:
            self.also.add(user_id)


def tell(house: House, change: Change) -> None:
    """Tell of a change: what it was, and how the table is now."""
    row = look(house, change.table_id)
    if change.opened and row is not None:
        house.publish.tell(Audience(hall=True), "table.add", row.brief())
    there = _around(change.table_id, row, change.also)
    for type, data in change.lines:
        house.publish.tell(there, type, data)
    for table_id, user_id, watching, over in change.looks:
        _tell_looks(house, table_id, user_id, (watching, over))
    if change.closed:
        house.publish.tell(there, "table.remove", {"tid": change.table_id})
    else:
        tell_table(house, change.table_id, change.also)
    for table_id in {looks[0] for looks in change.looks}.difference({change.table_id}):
        tell_table(house, table_id)


def tell_table(house: House, table_id: str, also: set[int] | frozenset[int] = frozenset()) -> None:
    """Tell how a table is now; `also` are those who have just left it."""
    row = look(house, table_id)
    while row is not None:
        house.publish.tell(_around(table_id, row, also), "bridge_table", row.json())
        told, row = row, look(house, table_id)
        if row == told:
            return


def _tell_looks(house: House, table_id: str, user_id: int, how: tuple[bool, str | None]) -> None:
    """Tell the workers whether a user looks on at a table, and over whose shoulder."""
    while True:
        watching, over = how
        look_so = {"tid": table_id, "user_id": user_id, "watching": watching, "over": over}
        house.publish.control(LOOKS, look_so)
        row = look(house, table_id)
        told, how = how, (False, None)
        if row is not None and row.is_looker(user_id):
            how = True, row.over_of(user_id)
        if how == told:
            return


def _around(table_id: str, row: TableRow | None, also: set[int] | frozenset[int]) -> Audience:
    seated = () if row is None else row.seated
    users = tuple(dict.fromkeys((*seated, *sorted(also))))
    return Audience(users=users, hall=True, tables=(table_id,))
