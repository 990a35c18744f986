"""Boards: which one a table gets, who has seen it, and who may see it now.

A board goes to any number of tables until its time is over, to nobody twice. Nobody sees its
cards who may still play it, or plays it: `may_see` is the one place that decides who may, and
`open_match` whether a match that has been played on it may be shown.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import delete, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session as Unit

from app.games.bridge import deal
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.store import Board, BoardSeen, BridgeTable, Kibitzer, Match, Seat, locks
from app.store.base import affected

# An INSERT that may leave out what is there is not in the standard: each database has its own.
_INSERT: Final[Mapping[str, Callable[..., Any]]] = MappingProxyType(
    {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
)


@dataclass(frozen=True, slots=True)
class Dealt:
    """What a board is: the cards of each side, ascending, who deals, and who is vulnerable:
    `none`, `NS`, `EW` or `both`."""

    hands: Mapping[str, Sequence[int]]
    dealer: str
    vuln: str


def dealt(board: Board) -> Dealt:
    """The cards of a board. Whoever shows them asks `may_see` first."""
    hands = deal.deal(board.seed, board.number)
    return Dealt(
        {side: list(hand) for side, hand in zip(deal.SIDES, hands, strict=True)},
        deal.SIDES[deal.dealer(board.number)],
        deal.vulnerable(board.number),
    )


def get(house: House, board_id: str) -> Board:
    """The board of that id. Raises `no_such_board`."""
    with house.store.read() as unit:
        return _get(unit, board_id)


def pick(house: House, unit: Unit, user_ids: Iterable[int]) -> Board:
    """The board for a table of these users, inside the transaction that deals it.

    The one that has been open longest of those that none of them has seen, else a new one. No two
    tables make one at once (`locks.BOARDS`).
    """
    house.store.one_at_a_time(unit, locks.BOARDS)
    now = house.clock()
    seen = exists().where(BoardSeen.board_id == Board.id, BoardSeen.user_id.in_(set(user_ids)))
    # In the order of an index: past boards, which are ever more, are not looked through.
    oldest = select(Board).where(Board.open_until > now, ~seen)
    board = unit.scalar(oldest.order_by(Board.open_until, Board.number).limit(1))
    if board is None:
        board = Board(
            id=secrets.token_hex(16),
            number=(unit.scalar(select(func.max(Board.number))) or 0) + 1,
            seed=secrets.token_bytes(32),
            created_at=now,
            open_until=now + timedelta(seconds=house.config.BOARD_TTL),
            analysis=None,
        )
        unit.add(board)
        unit.flush()
    return board


def mark_seen(unit: Unit, board_id: str, user_ids: Iterable[int], *, hand: bool = True) -> None:
    """Note that these users see cards of a board.

    `hand` False: only what is on the table for all who look on there. Who has seen any of it
    before, at another table perhaps, has seen more than that.
    """
    rows = [
        {"board_id": board_id, "user_id": user_id, "hand": hand}
        for user_id in sorted(set(user_ids))
    ]
    if not rows:
        return
    note = _INSERT[unit.get_bind().dialect.name](BoardSeen)
    again = {"index_elements": ("board_id", "user_id"), "set_": {"hand": True}}
    unit.execute(note.on_conflict_do_update(**again), rows)


def show(unit: Unit, board_id: str, table_id: str) -> None:
    """Note that whoever looks on at a table sees the whole board, now that its deal is over."""
    lookers = select(Kibitzer.user_id).where(Kibitzer.table_id == table_id)
    mark_seen(unit, board_id, unit.scalars(lookers).all())


def has_seen(unit: Unit, board_id: str, user_id: int) -> bool:
    """Whether that user has seen cards of a board, and is not to be dealt it."""
    return unit.get(BoardSeen, (board_id, user_id)) is not None


def plays(unit: Unit, board_id: str, user_id: int) -> bool:
    """Whether that user plays the board now; then they may look on nowhere else where it is."""
    return board_id in _played_by(unit, user_id, [board_id])


def may_see(house: House, user_id: int | None, board_id: str) -> bool:
    """Whether a user, or a stranger (None), may see the cards of a board.

    Not while they play it or look on where it is played. Else once they have seen a hand of it, or
    when nobody can be dealt it any more and nobody plays it. No board: no.
    """
    return board_id in visible(house, user_id, [board_id])


def visible(house: House, user_id: int | None, board_ids: Iterable[str]) -> frozenset[str]:
    """Those of these boards that `may_see` is true of."""
    ids = set(board_ids)
    with house.store.read() as unit:
        past = Board.id.in_(ids), Board.open_until <= house.clock()
        running = select(Match.board_id).where(Match.board_id.in_(ids), ~Match.over)
        free = set(unit.scalars(select(Board.id).where(*past))) - set(unit.scalars(running))
        if user_id is None:
            return frozenset(free)
        # Who has only looked on over nobody's shoulder may yet take a seat where it is played.
        seen = BoardSeen.board_id.in_(ids), BoardSeen.user_id == user_id, BoardSeen.hand
        return frozenset(
            free.union(unit.scalars(select(BoardSeen.board_id).where(*seen)))
            - _played_by(unit, user_id, ids)
            - _watched_by(unit, user_id, ids)
        )


def open_match(house: House, user_id: int | None, record: MatchRecord) -> bool:
    """Whether a user, or a stranger (None), may be shown a match with nothing hidden.

    While it runs nobody may. Then its players may; of a board others may as far as `may_see` lets
    them, as those who looked on. Who may not is shown nothing of it: even what a spectator sees of
    a deal that is over, the cards played, is a board they may yet be dealt.
    """
    return record.id in open_matches(house, user_id, [record])


def open_matches(
    house: House, user_id: int | None, records: Iterable[MatchRecord]
) -> frozenset[str]:
    """The ids of those of these matches that `open_match` is true of."""
    over = [record for record in records if record.over]
    others = {
        record.id: record.board_id
        for record in over
        if record.board_id is not None and record.seat_of(user_id) is None
    }
    seen = visible(house, user_id, others.values()) if others else frozenset()
    return frozenset(
        record.id for record in over if record.id not in others or others[record.id] in seen
    )


def not_allowed() -> ServiceError:
    """The refusal for whoever may not see a board yet."""
    return ServiceError("not_allowed", "You may not see this board yet.")


def look(house: House, caller: Caller, board_id: str) -> None:
    """Have the caller give up being dealt a board, so that they may see it.

    Raises `no_such_board`, and `not_allowed` while they play it or look on where it is played.
    """
    with house.store.write() as unit:
        house.store.one_at_a_time(unit, locks.BOARDS)  # nobody deals it to them meanwhile
        _get(unit, board_id)
        there = unit, caller.user_id, [board_id]
        if _played_by(*there) or _watched_by(*there):
            raise ServiceError("not_allowed", "This board is being played at your table.")
        mark_seen(unit, board_id, [caller.user_id])


def is_at(house: House, user_id: int, board_id: str) -> bool:
    """Whether a user plays a board, or looks on where it is played."""
    with house.store.read() as unit:
        there = unit, user_id, [board_id]
        return bool(_played_by(*there) or _watched_by(*there))


def forget(house: House) -> int:
    """Forget who has seen the boards that everybody may see by now; how many notes that were."""
    # Asked of each note, of which there are never many, and not of all boards there ever were.
    past = exists().where(Board.id == BoardSeen.board_id, Board.open_until <= house.clock())
    running = exists().where(Match.board_id == BoardSeen.board_id, ~Match.over)
    old = delete(BoardSeen).where(past, ~running)
    with house.store.write() as unit:
        return affected(unit, old.execution_options(synchronize_session=False))


def analysis_of(board: Board) -> Any:
    """What is known of a board's hands: `{"tricks", "par"}`, see `analysis`; None if nothing."""
    return None if board.analysis is None else json.loads(board.analysis)


def _get(unit: Unit, board_id: str) -> Board:
    board = unit.get(Board, board_id)
    if board is None:
        raise ServiceError("no_such_board", "There is no such board.")
    return board


def _played_by(unit: Unit, user_id: int, board_ids: Collection[str]) -> set[str | None]:
    """Those of these boards that a user plays now."""
    running = select(Match.board_id).where(Match.board_id.in_(board_ids), ~Match.over)
    seated = running.join(Seat, Seat.match_id == Match.id).where(Seat.user_id == user_id)
    return set(unit.scalars(seated))


def _watched_by(unit: Unit, user_id: int, board_ids: Collection[str]) -> set[str | None]:
    """Those of these boards that are played now where a user looks on."""
    running = select(Match.board_id).where(Match.board_id.in_(board_ids), ~Match.over)
    tables = running.join(BridgeTable, BridgeTable.match_id == Match.id)
    lookers = tables.join(Kibitzer, Kibitzer.table_id == BridgeTable.id)
    return set(unit.scalars(lookers.where(Kibitzer.user_id == user_id)))
