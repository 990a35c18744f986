"""One deal after another at a table: what follows from who sits there, and when.

`settle` brings a table to what it has to be, whatever has just happened to it, so that it does not
matter who finds that something is due: an action, a timer, or housekeeping after a killed worker.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session as Unit

from app.games.api import RuleError
from app.services import matches, moves
from app.services.bridge import analysis, boards, news, rows, seating, takeover
from app.services.bridge.news import Change
from app.services.bridge.rows import KEY, TableRow
from app.services.bridge.seating import Table
from app.services.house import House
from app.services.records import Bot, MatchRecord, Setup
from app.services.rounds import one_by_one
from app.store import Block, BridgeSeat, BridgeTable, Kibitzer, Match, Worker
from app.store.people import blocked_between

log = structlog.get_logger(__name__)

Work: TypeAlias = Callable[[Unit, Table, Change], object]
"""Something that is done to a table, inside the transaction that holds it."""


def settle(house: House, unit: Unit, table: Table, change: Change) -> None:
    """Do what is due at a table, inside a transaction; `carry_out` does the rest after it.

    In mid-deal the computer takes seats that are kept no longer, if the table allows it. Between
    deals seats that were left are free, the computer takes them if it may, and the next deal
    begins: at once where a seat had been free until now, else when all want it or it is time.
    Where nobody sits any more, nor may come back, the table goes.
    """
    (_go_on if table.playing else _between)(house, unit, table, change)
    _part_blocked(unit, table, change)


def carry_out(house: House, change: Change) -> None:
    """Tell of what has been done to a table, and let its deal begin, go on or end."""
    news.tell(house, change)
    takeover.tell(house, change)
    if change.aborted is not None:
        moves.end_by_house(house, change.aborted)
    if change.begun is not None:
        match_id, board_id = change.begun
        matches.begun(house, match_id)
        analysis.want(house, board_id)
    _set_timer(house, change.table_id, rows.look(house, change.table_id))


def act(house: House, table_id: str, work: Work) -> bool:
    """Do something to a table, in a transaction, and what follows from it; whether it is there."""
    change = Change(table_id)
    with house.store.write() as unit:
        table = seating.hold(unit, table_id)
        if table is None:
            return False
        work(unit, table, change)
        if not change.closed:
            settle(house, unit, table, change)
    carry_out(house, change)
    return True


def look_again(house: House, table_id: str) -> None:
    """Do what is due at a table."""
    act(house, table_id, lambda unit, table, change: None)


def depart(house: House, unit: Unit, table: Table, seat: BridgeSeat, change: Change) -> None:
    """Have somebody leave who wants to: at once between deals, else their seat is kept.

    Where nobody else is there, nor may come back, they do not either.
    """
    if not table.playing:
        seating.stand(unit, table, seat.seat, change)
        return
    now = house.clock()
    seating.leave(seat, now, change, gone=False)
    others = [other for other in table.people if other is not seat]
    if all(other.left_at and not seating.is_kept(house, other, now) for other in others):
        seating.close(unit, table, change)


def after(house: House, record: MatchRecord) -> None:
    """A deal is over: the table waits for the next one."""

    def wait(unit: Unit, table: Table, change: Change) -> None:
        if table.row.match_id == record.id and table.row.next_at is None and not table.playing:
            table.row.next_at = house.clock() + timedelta(seconds=house.config.BRIDGE_NEXT)
            _keep_apart(unit, table, change)

    if record.table_id is not None:
        act(house, record.table_id, wait)


def sweep(house: House) -> int:
    """Settle every table where something is overdue, and end deals whose table is gone; how many.

    That is what killed workers have left.
    """
    now = house.clock()
    with house.store.read() as unit:
        overdue = [row.id for row in rows.rows(house, unit, most=None) if _is_due(row, now)]
        table = select(BridgeTable.id).where(
            BridgeTable.id == Match.table_id, BridgeTable.match_id == Match.id
        )
        lost = list(
            unit.scalars(select(Match.id).where(Match.game == KEY, ~Match.over, ~table.exists()))
        )
    for table_id in overdue:
        try:
            look_again(house, table_id)
        except RuleError as error:  # as in `one_by_one`: the others are not kept from their turn
            log.error("table cannot be settled", table=table_id, why=error.msg)
        house.pause()
    ended = one_by_one(house, lost, lambda match_id: moves.end_by_house(house, match_id))
    return len(overdue) + ended


def set_timers(house: House) -> None:
    """Have this worker do to the moment what is to follow at the tables.

    While the house was closed nobody could come back: where this is the only worker, seats that
    were left are kept as long as if they were left now, and the next deals wait anew.
    """
    now = house.clock()
    with house.store.write() as unit:
        others = select(Worker.id).where(Worker.id != house.worker_id)
        if unit.scalar(others.limit(1)) is None:
            anew = now + timedelta(seconds=house.config.BRIDGE_NEXT)
            kept = update(BridgeSeat).where(BridgeSeat.left_at.is_not(None)).values(left_at=now)
            next_deal = update(BridgeTable).where(BridgeTable.next_at.is_not(None))
            for statement in (kept, next_deal.values(next_at=anew)):
                unit.execute(statement.execution_options(synchronize_session=False))
    with house.store.read() as unit:
        tables = rows.rows(house, unit, most=None)
    for row in tables:
        _set_timer(house, row.id, row)


def _go_on(house: House, unit: Unit, table: Table, change: Change) -> None:
    now = house.clock()
    left = [seat for seat in table.people if seat.left_at is not None]
    lost = [seat for seat in left if not seating.is_kept(house, seat, now)]
    if len(lost) == len(table.people):
        seating.close(unit, table, change)
    elif table.row.robots:
        for seat in lost:
            _give_to_robot(house, unit, table, seat.seat, change)


def _give_to_robot(house: House, unit: Unit, table: Table, seat: int, change: Change) -> None:
    """Have the computer play on in a seat, unless the deal is over by now."""
    assert table.row.match_id is not None
    bot = seating.robot(table)
    if takeover.replace_player(house, unit, table.row.match_id, seat, bot, change):
        change.also.update(table.user_ids)
        seating.put_robot(unit, table, seat, bot, change)


def _between(house: House, unit: Unit, table: Table, change: Change) -> None:
    for seat in [seat for seat in table.people if seat.left_at is not None]:
        change.also.update(table.user_ids)
        seating.free(unit, table, seat.seat)  # that they left has been told
    people = table.people
    if not people:
        seating.close(unit, table, change)
        return
    row = table.row
    if row.robots and row.deals:
        seating.fill(unit, table, change)
    if not table.full:
        row.next_at = None
    elif row.next_at is None or row.next_at <= house.clock() or all(s.ready for s in people):
        _begin(house, unit, table, change)


def _begin(house: House, unit: Unit, table: Table, change: Change) -> None:
    """Begin a deal, of a board that nobody of the four has seen."""
    people = table.user_ids
    board = boards.pick(house, unit, people)
    setup = Setup(KEY, options={"board": board.number}, board_id=board.id, table_id=table.row.id)
    players = [
        seat.user_id or Bot(seat.bot or "", seat.bot_name or "")
        for _, seat in sorted(table.seats.items())
    ]
    match_id = matches.start(house, unit, setup, players, seed=board.seed)
    boards.mark_seen(unit, board.id, people)
    lookers = unit.scalars(select(Kibitzer).where(Kibitzer.table_id == table.row.id)).all()
    for hand in (True, False):
        looking = [who.user_id for who in lookers if (who.seat is not None) is hand]
        boards.mark_seen(unit, board.id, looking, hand=hand)
    for seat in table.seats.values():
        seat.ready, seat.swap_with = False, None
    row = table.row
    row.match_id, row.deals, row.next_at = match_id, row.deals + 1, None
    change.begun = match_id, board.id


def _keep_apart(unit: Unit, table: Table, change: Change) -> None:
    """Who has blocked somebody at the table during the deal goes after it."""
    ids = table.user_ids
    pairs = Block.user_id.in_(ids), Block.blocked_id.in_(ids)
    for user_id in sorted(set(unit.scalars(select(Block.user_id).where(*pairs)))):
        seat = table.seat_of(user_id)
        if seat is not None:
            seating.stand(unit, table, seat.seat, change)


def _part_blocked(unit: Unit, table: Table, change: Change) -> None:
    """Nobody looks over the shoulder of who has sat down there, if one has blocked the other."""
    over = select(Kibitzer).where(Kibitzer.table_id == table.row.id, Kibitzer.seat.is_not(None))
    for looker in unit.scalars(over):
        player = None if looker.seat is None else table.seats.get(looker.seat)
        if player is None or player.user_id is None:
            continue
        if blocked_between(unit, looker.user_id, player.user_id):
            looker.seat = None
            change.looks.append((table.row.id, looker.user_id, True, None))


def _is_due(row: TableRow, now: datetime) -> bool:
    """Whether `settle` has something to do at a table."""
    people = [seat for seat in row.seats.values() if seat is not None and seat.user_id is not None]
    left = [seat for seat in people if seat.left_at is not None]
    if row.playing:
        lost = [seat for seat in left if seat.kept_until is not None and seat.kept_until <= now]
        return len(lost) == len(people) or (row.robots and bool(lost))
    if left or not people:
        return True
    if row.free:
        return row.next_at is not None or (row.robots and row.deals > 0)
    return row.next_at is None or row.next_at <= now or all(seat.ready for seat in people)


def _set_timer(house: House, table_id: str, row: TableRow | None) -> None:
    """Have a table settled when the next of its moments comes."""
    moments = [] if row is None else _moments(row)
    key, now = ("bridge", table_id), house.clock()
    coming = [moment for moment in moments if moment > now]
    if not coming:
        house.timers.cancel(key)
        return
    house.timers.at(key, min(coming), lambda: look_again(house, table_id))


def _moments(row: TableRow) -> list[datetime]:
    if not row.playing:
        return [] if row.next_at is None else [row.next_at]
    return [seat.kept_until for seat in row.seats.values() if seat and seat.kept_until]
