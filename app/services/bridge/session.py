"""A session: the deals played at one table, and what they were worth to whoever sat there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from app.games.bridge.deal import SIDES
from app.services.bridge import boards, field
from app.services.bridge.field import Player, Score
from app.services.errors import ServiceError
from app.services.house import House
from app.store import Board, BoardResult, BridgeTable


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A deal of a session, sides as letters.

    Of a board that the viewer may still be dealt only `board_id`, `number`, `players` and `at` are
    told; the rest is None (`shown` False). `score` and `imps` are North and South's. `against` says
    what the IMPs are against: the other tables ("field"), or par while there are none; None where
    nothing is known of either.
    """

    match_id: str
    board_id: str
    number: int
    players: Mapping[str, Player]
    at: datetime
    shown: bool
    contract: str | None
    declarer: str | None
    tricks: int | None
    score: int | None
    imps: float | None
    against: Literal["field", "par"] | None


@dataclass(frozen=True, slots=True)
class Share:
    """What somebody has won at a table, in IMPs, over so many deals that had something to be
    compared with."""

    player: Player
    deals: int
    imps: float


@dataclass(frozen=True, slots=True)
class Session:
    """The deals of a table, in their order, and what they came to: `imps` for North and South,
    whoever sat there, and for each player, the best first."""

    table_id: str
    rows: list[SessionRow]
    imps: float
    shares: list[Share]


def of(house: House, tid: str, viewer_id: int | None = None) -> Session:
    """The session of a table, also of one that is gone, as a user or a stranger may see it.

    Raises `no_such_table`.
    """
    with house.store.read() as unit:
        played = select(BoardResult).where(BoardResult.table_id == tid)
        results = list(unit.scalars(played.order_by(BoardResult.at, BoardResult.match_id)))
        if not results and unit.get(BridgeTable, tid) is None:
            raise ServiceError("no_such_table", "There is no such table.")
        ids = {result.board_id for result in results}
        dealt = {board.id: board for board in unit.scalars(select(Board).where(Board.id.in_(ids)))}
        others = field.scores_of(unit, ids)
        players = field.players_of(unit, [result.match_id for result in results])
    visible = boards.visible(house, viewer_id, ids)
    rows = [
        _row(
            result,
            dealt[result.board_id],
            others[result.board_id],
            players[result.match_id],
            result.board_id in visible,
        )
        for result in results
    ]
    total = sum(row.imps for row in rows if row.imps is not None)
    return Session(tid, rows, total, _shares(rows))


def _row(
    result: BoardResult,
    board: Board,
    others: list[Score],
    players: Mapping[str, Player],
    shown: bool,
) -> SessionRow:
    if not shown:
        return SessionRow(
            *(result.match_id, board.id, board.number, players, result.at, False),
            *(None,) * 6,
        )
    imps = field.imps_of(result, others)
    against: Literal["field", "par"] | None = None if imps is None else "field"
    if imps is None and result.imps is not None:
        imps, against = result.imps / 100, "par"
    return SessionRow(
        match_id=result.match_id,
        board_id=board.id,
        number=board.number,
        players=players,
        at=result.at,
        shown=True,
        contract=result.contract,
        declarer=field.side_of(result.declarer),
        tricks=result.tricks,
        score=result.score,
        imps=imps,
        against=against,
    )


def _shares(rows: Iterable[SessionRow]) -> list[Share]:
    """What each player won, in whatever seat."""
    won: defaultdict[Player, list[float]] = defaultdict(list)
    for row in rows:
        for seat, side in enumerate(SIDES):
            if row.imps is not None:
                won[row.players[side]].append(-row.imps if seat % 2 else row.imps)
    shares = [Share(player, len(imps), sum(imps)) for player, imps in won.items()]
    return sorted(shares, key=lambda share: (-share.imps, share.player.name))
