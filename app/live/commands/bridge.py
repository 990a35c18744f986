"""Bridge: the hall, its tables, and what is played at them."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any, Final, Literal

import msgspec

from app.games.api import Seat
from app.games.bridge import SIDES
from app.live import bridge
from app.live.bridge.talk import GLOBAL, channel_of, text_of, window_of
from app.live.commands.base import Reply, Result, Vocabulary
from app.live.links import Link
from app.live.names import BRIDGE_HALL, bridge_room, kibitz_room, kibitz_rooms
from app.live.orders import Orders
from app.live.views import match_update
from app.services import chat, matches
from app.services.bridge import playing, tables
from app.services.bridge.rows import TableRow
from app.services.channels import TALK
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller

words = Vocabulary()

OLD_TYPES: Final = frozenset(
    {
        *("hall", "table.add", "table.watch", "player.sit", "player.leave", "chat.message"),
        *("bid", "move", "claim", "claim.accept", "claim.decline"),
    }
)
"""What the clients of the first protocol know to ask."""

TALKS: Final = 20  # windows of talks that are opened for who comes
AWAY: Final = timedelta(seconds=5)  # for a page that looks on to be loaded anew
ANSWER: Final = timedelta(seconds=2)  # for other workers to say that it is with them

# What workers ask each other, and answer: whether a user looks on at a table through them.
_WHO, _HERE = "bridge_who_looks", "bridge_looks_here"

Side = Literal["N", "E", "S", "W"]


class Nothing(msgspec.Struct):
    """Nothing is asked but what the type says."""


class OpenTable(msgspec.Struct):
    """Where to sit at a new table; whether the computer takes what is left (`fill`: at once), and
    whether who looks on may look over a shoulder.
    """

    position: Side = "N"
    robots: bool = False
    kibitz: bool = False
    fill: bool = False


class Table(msgspec.Struct):
    tid: str


class Place(Table):
    position: Side


class Robot(Place):
    seated: bool


class Settings(Table):
    """What stays as it is, is left out."""

    robots: bool | None = None
    kibitz: bool | None = None


class Watch(Table):
    over: Side | None = None


class Bid(Table):
    bid: str
    alert: str | None = None
    version: int | None = None


class Card(Table):
    """The card by its number; in a string, too, as the house tells it."""

    card: int | str
    version: int | None = None


class Claim(Table):
    tricks: int
    version: int | None = None


class Undo(Table):
    version: int | None = None


class Say(msgspec.Struct):
    """A line for a chat window, URI-encoded."""

    wid: str
    message: str


# The hall


@words.handles("hall", Nothing)
def _hall(house: House, link: Link, _request: Nothing, _: Any) -> Result:
    _speak(link)
    return Result(hall(house, link))


def hall(house: House, link: Link) -> list[Reply]:
    """The list of tables and the chat windows of somebody; they hear of changes from now on."""
    assert link.caller is not None
    link.join(BRIDGE_HALL)
    talks = chat.talks(house, link.caller.user_id, TALKS)
    windows = [window_of(f"{TALK}:{talk.name}") for talk in reversed(talks) if talk.here]
    return [
        *(Reply("table.add", row.brief()) for row in tables.listed(house)),
        _window(GLOBAL, "Lobby"),
        *(_window(wid, wid.removeprefix(f"{TALK}:")) for wid in windows if wid is not None),
    ]


def greeting(house: House, link: Link) -> list[Reply]:
    """What follows the sign-in of a client that speaks bridge: the hall, and the table at which
    its user sits, as it stands.
    """
    assert link.caller is not None
    _speak(link)
    replies = hall(house, link)
    table_id = tables.seated_at(house, link.caller.user_id)
    row = None if table_id is None else tables.look(house, table_id)
    if row is not None:
        replies += _as_it_stands(house, link, row, row.side_of(link.caller.user_id))
    return replies


@words.handles("table.add", OpenTable)
def _open(house: House, link: Link, request: OpenTable, _: Any) -> Result:
    assert link.caller is not None
    _speak(link)
    row = tables.open(
        house,
        link.caller,
        request.position,
        robots=request.robots,
        kibitz=request.kibitz,
        fill=request.fill,
    )
    _look_away(house, link)
    return _at(row, [_table_window(row)])


@words.handles("player.sit", Place)
def _sit(house: House, link: Link, request: Place, _: Any) -> Result:
    """Who sits down in the middle of a deal is shown it; who makes it begin hears it begin."""
    assert link.caller is not None
    _speak(link)
    before = tables.row(house, request.tid)
    row = tables.sit(house, link.caller, request.tid, request.position)
    _look_away(house, link)
    if before.playing and row.match_id == before.match_id:
        side = row.side_of(link.caller.user_id)
        return _at(row, _as_it_stands(house, link, row, side))
    return _at(row, [_table_window(row)])


@words.handles("player.leave", Table)
def _leave(house: House, link: Link, request: Table, _: Any) -> Result:
    assert link.caller is not None
    tables.leave(house, link.caller, request.tid)
    return Result()


@words.handles("table.ready", Table)
def _ready(house: House, link: Link, request: Table, _: Any) -> Result:
    assert link.caller is not None
    tables.ready(house, link.caller, request.tid)
    return Result()


@words.handles("table.swap", Place)
def _swap(house: House, link: Link, request: Place, _: Any) -> Result:
    assert link.caller is not None
    tables.swap(house, link.caller, request.tid, request.position)
    return Result()


@words.handles("table.robot", Robot)
def _robot(house: House, link: Link, request: Robot, _: Any) -> Result:
    assert link.caller is not None
    tables.robot(house, link.caller, request.tid, request.position, request.seated)
    return Result()


@words.handles("table.settings", Settings)
def _settings(house: House, link: Link, request: Settings, _: Any) -> Result:
    assert link.caller is not None
    robots, kibitz = request.robots, request.kibitz
    tables.settings(house, link.caller, request.tid, robots=robots, kibitz=kibitz)
    return Result()


# Looking on


@words.handles("table.watch", Watch)
def _watch(house: House, link: Link, request: Watch, _: Any) -> Result:
    assert link.caller is not None
    user_id = link.caller.user_id
    _speak(link)
    tables.watch(house, link.caller, request.tid, request.over)
    if link.looking != request.tid:
        _look_away(house, link)
        link.looking = request.tid
        house.lookers[request.tid, user_id] += 1
    for room in kibitz_rooms(request.tid):
        link.leave(room)
    link.join(kibitz_room(request.tid, request.over))
    # Only now, in its room, can it be reached by what ends its looking on: has that come already?
    row = tables.row(house, request.tid)
    if link.gone or not row.is_looker(user_id) or row.over_of(user_id) != request.over:
        _look_away(house, link)
        raise ServiceError("not_now", "You do not look on here any more.")
    return _at(row, _as_it_stands(house, link, row, request.over, kibitz=True))


@words.handles("table.unwatch", Table)
def _unwatch(house: House, link: Link, request: Table, _: Any) -> Result:
    assert link.caller is not None
    if link.looking == request.tid:
        _look_away(house, link)
    tables.unwatch(house, link.caller, request.tid)
    return Result()


def stop(house: House, link: Link) -> None:
    """The connection is over: unless its user is back soon, they look on no longer."""
    table_id, caller = link.looking, link.caller
    _look_away(house, link)
    if table_id is not None and caller is not None:
        due = house.clock() + AWAY
        house.timers.at(_gone(table_id, caller.user_id), due, lambda: _ask(house, caller, table_id))


def obey(orders: Orders, house: House) -> None:
    """Have this worker say when somebody looks on through it of whom another one asks."""

    def say(place: dict[str, Any]) -> None:
        if house.lookers[place["tid"], place["user_id"]]:
            house.publish.control(_HERE, place)

    orders.on(_WHO, say)
    orders.on(_HERE, lambda place: house.timers.cancel(_gone(place["tid"], place["user_id"])))


def _ask(house: House, caller: Caller, table_id: str) -> None:
    """Somebody whose connection was lost looks on no longer, unless a worker has them now."""

    def unless_here() -> None:
        with suppress(ServiceError):  # the table has gone, too
            tables.unwatch(house, caller, table_id)

    house.timers.at(_gone(table_id, caller.user_id), house.clock() + ANSWER, unless_here)
    house.publish.control(_WHO, {"tid": table_id, "user_id": caller.user_id})


def _gone(table_id: str, user_id: int) -> tuple[str, str, int]:
    return "looks away", table_id, user_id


# The deal


@words.handles("bid", Bid)
def _bid(house: House, link: Link, request: Bid, _: Any) -> Result:
    move = {"bid": request.bid, "alert": request.alert}
    return _submit(house, link, request.tid, move, request.version)


@words.handles("move", Card)
def _card(house: House, link: Link, request: Card, _: Any) -> Result:
    card = request.card
    if isinstance(card, str):
        if not (card.isascii() and card.isdigit() and len(card) <= 2):
            raise ServiceError("malformed", "move: a card is a number from 0 to 51.")
        card = int(card)
    return _submit(house, link, request.tid, {"card": card}, request.version)


@words.handles("claim", Claim)
def _claim(house: House, link: Link, request: Claim, _: Any) -> Result:
    return _submit(house, link, request.tid, {"claim": request.tricks}, request.version)


@words.handles("undo", Undo)
def _undo(house: House, link: Link, request: Undo, _: Any) -> Result:
    assert link.caller is not None
    return _moved(playing.take_back(house, link.caller, request.tid, request.version))


def _answers(type: str, about: Literal["claim", "undo"], agreed: bool) -> None:
    @words.handles(type, Table)
    def _answer(house: House, link: Link, request: Table, _: Any) -> Result:
        assert link.caller is not None
        return _moved(playing.answer(house, link.caller, request.tid, about, agreed=agreed))


_answers("claim.accept", "claim", True)
_answers("claim.decline", "claim", False)
_answers("undo.accept", "undo", True)
_answers("undo.decline", "undo", False)


@words.handles("chat.message", Say)
def _say(house: House, link: Link, request: Say, _: Any) -> Result:
    assert link.caller is not None
    room, text = channel_of(request.wid), text_of(request.message)
    line = chat.say(house, link.caller, link.viewer(), room, text)
    return Result(more={"line": line.json(link.caller.user_id)})


def _submit(house: House, link: Link, table_id: str, move: Any, version: int | None) -> Result:
    assert link.caller is not None
    return _moved(tables.play(house, link.caller, table_id, move, version))


def _moved(record: MatchRecord) -> Result:
    return Result(more={"version": record.version})


# Who hears what, and how things stand


def _speak(link: Link) -> None:
    """From its first such request on, a connection is told of its user's deals as they go on."""
    assert link.caller is not None
    link.join(bridge_room(link.caller.user_id))


def _look_away(house: House, link: Link) -> None:
    """This connection looks on nowhere any more."""
    table_id, link.looking = link.looking, None
    if table_id is None or link.caller is None:
        return
    for room in kibitz_rooms(table_id):
        link.leave(room)
    place = table_id, link.caller.user_id
    house.lookers[place] -= 1
    if not house.lookers[place]:
        del house.lookers[place]


def _as_it_stands(
    house: House, link: Link, row: TableRow, side: str | None, *, kibitz: bool = False
) -> list[Reply]:
    """A table and what is played there, as that side has it before them."""
    replies = [_table_window(row), Reply("bridge_table", row.json())]
    if not row.playing or row.match_id is None:
        return [*replies, *(Reply(*told) for told in bridge.at_table(row.brief()))]
    record = matches.get(house, row.match_id)
    link.knows(record.id, record.version)
    viewer: Seat | None = None if side is None else SIDES.index(side)
    told = bridge.whole_table(record, viewer, kibitz=kibitz)
    update = match_update(record, viewer, house.clock(), kibitz=kibitz)
    return [*replies, *(Reply(*one) for one in told), Reply("match_update", update)]


def _at(row: TableRow, replies: list[Reply]) -> Result:
    return Result(replies, more={"table": row.json()})


def _window(wid: str, title: str) -> Reply:
    return Reply("chat.add", {"wid": wid, "title": title})


def _table_window(row: TableRow) -> Reply:
    return _window(f"table_{row.id}", "Table")
