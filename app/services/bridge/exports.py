"""Boards and sessions as files that other programs of bridge read.

Every text is Latin-1, whatever names and alerts have been written in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from sqlalchemy import select

from app.games.bridge import lin, notation, pbn
from app.games.bridge.notation import Record
from app.services.bridge import boards, field
from app.services.errors import ServiceError
from app.services.house import House
from app.services.loading import load, load_all
from app.services.records import MatchRecord
from app.store import Board, BoardResult, Match

FORMATS: Final[Mapping[str, Callable[[Iterable[Record]], str]]] = MappingProxyType(
    {"pbn": pbn.session_pbn, "lin": lin.session_lin}
)
"""What writes a file of several deals, by its ending."""

ROUND: Final = 20  # matches that are decoded at a time


def board(house: House, viewer_id: int | None, board_id: str, ending: str) -> str:
    """How a board was played at every table, the earliest first, in the format of that ending.

    Raises `no_such_board`, `no_such_format`, and `not_allowed` as its page does.
    """
    write = _format(ending)
    if not boards.may_see(house, viewer_id, board_id):
        boards.get(house, board_id)
        raise boards.not_allowed()
    with house.store.read() as unit:
        results = field.of_boards(unit, [board_id])[board_id]
    return write(_records(house, results))


def session(house: House, tid: str, ending: str, viewer_id: int | None = None) -> str:
    """The deals of a table in their order, those that the viewer may see.

    Raises `no_such_format`.
    """
    write = _format(ending)
    played = select(BoardResult).where(BoardResult.table_id == tid)
    with house.store.read() as unit:
        results = list(unit.scalars(played.order_by(BoardResult.at, BoardResult.match_id)))
    visible = boards.visible(house, viewer_id, {result.board_id for result in results})
    return write(_records(house, [result for result in results if result.board_id in visible]))


def match(house: House, viewer_id: int | None, match_id: str, ending: str) -> str:
    """One deal, also one that was broken off.

    Raises `no_such_match`, `no_such_format`, and `not_allowed` for whom it is not open
    (`boards.open_match`).
    """
    write = _format(ending)
    with house.store.read() as unit:
        played = load(unit, match_id)
        known = unit.get(Board, played.board_id) if played.board_id else None
        result = unit.get(BoardResult, match_id)
    if known is None or not boards.open_match(house, viewer_id, played):
        raise boards.not_allowed()
    return write([_record(house, played, known, result)])


def deals_pbn(house: House, played: Sequence[MatchRecord]) -> Iterator[str]:
    """These deals, which are over, as a PBN file in pieces; for somebody who has played them all.

    Broken off ones, too. Others are let in after each.
    """
    ids = [record.id for record in played]
    board_ids = [record.board_id for record in played]
    with house.store.read() as unit:
        found = unit.scalars(select(Board).where(Board.id.in_(board_ids)))
        known = {board.id: board for board in found}
        rows = unit.scalars(select(BoardResult).where(BoardResult.match_id.in_(ids)))
        results = {result.match_id: result for result in rows}
    yield pbn.session_pbn([])
    for record in played:
        if record.board_id is not None:
            yield pbn.board_pbn(
                _record(house, record, known[record.board_id], results.get(record.id))
            )
            house.pause()


def _format(ending: str) -> Callable[[Iterable[Record]], str]:
    if ending not in FORMATS:
        raise ServiceError("no_such_format", "There is no such format.")
    return FORMATS[ending]


def _records(house: House, results: Sequence[BoardResult]) -> Iterator[Record]:
    """The deals behind these results, in their order; others are let in now and then."""
    for start in range(0, len(results), ROUND):
        some = results[start : start + ROUND]
        matches = select(Match).where(Match.id.in_([result.match_id for result in some]))
        ids = {result.board_id for result in some}
        with house.store.read() as unit:
            played = {record.id: record for record in load_all(unit, matches)}
            known = {
                board.id: board for board in unit.scalars(select(Board).where(Board.id.in_(ids)))
            }
        for result in some:
            yield _record(house, played[result.match_id], known[result.board_id], result)
        house.pause()


def _record(house: House, played: MatchRecord, known: Board, result: BoardResult | None) -> Record:
    north, east, south, west = (info.name for info in played.seats)
    worth = None if result is None or result.imps is None else result.imps / 100
    return notation.record(
        played.state,
        (north, east, south, west),
        played.moved_at.date(),
        site=house.config.SITE_NAME,
        table=(played.table_id or "")[:8],
        imps=worth,
        analysis=boards.analysis_of(known),
    )
