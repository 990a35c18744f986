"""What a deal came to: its board's next result, and what that does to ratings.

All of it inside the transaction that ends the match. The formula is in docs/bridge.md.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session as Unit

from app.games.api import Outcome
from app.games.bridge.comparison import cross_imps
from app.games.bridge.deal import SIDES
from app.services import ratings, settling
from app.services.bridge import boards
from app.services.house import House
from app.services.records import MatchRecord, RatingStep
from app.store import Board, BoardResult

POINTS_AN_IMP: Final = 50  # of rating: so much stronger is who wins an IMP more on every board


def settle(
    house: House, unit: Unit, record: MatchRecord, outcome: Outcome
) -> tuple[RatingStep | None, ...]:
    """Store what came of a match that has just ended, and change the ratings if it is rated.

    The rating steps by seat. A deal that was not finished is no result of its board; one that
    there is nothing to compare with, neither an earlier result nor par, is rated nobody by. Either
    way those who look on see the whole board from now on.
    """
    if record.board_id is not None and record.table_id is not None:
        boards.show(unit, record.board_id, record.table_id)
    result = record.engine.open_view(record.state)["result"]
    unrated = (None,) * len(record.seats)
    if result is None or record.board_id is None:
        return unrated
    worth = against_field(unit, record.board_id, result["score_ns"])
    declarer = result["declarer"]
    unit.add(
        BoardResult(
            match_id=record.id,
            board_id=record.board_id,
            table_id=record.table_id or "",
            contract=result["contract"],
            declarer=None if declarer is None else SIDES.index(declarer),
            tricks=result["tricks"],
            lead=result["lead"],
            score=result["score_ns"],
            imps=worth,
            at=house.clock(),
        )
    )
    if not record.rated or worth is None:
        return unrated
    win = (worth > 0) + (worth == 0) / 2
    share = share_of(worth / 100)
    rated = settling.Rated(record, (share, 1 - share), (win, 1 - win))
    return settling.rate(house, unit.connection(), [rated])[0]


def against_field(unit: Unit, board_id: str, score: int) -> int | None:
    """What a board's next result is worth to North and South, in hundredths of an IMP.

    The mean of the IMPs against each result before; against par where it is the first; None where
    that is not known either.
    """
    before = select(BoardResult.score).where(BoardResult.board_id == board_id)
    scores = list(unit.scalars(before)) or par_of(unit.get_one(Board, board_id))
    return round(cross_imps(score, scores) * 100) if scores else None


def par_of(board: Board) -> list[int]:
    """The score of a board's par, North and South's, as the one result of a field; or none."""
    analysis = boards.analysis_of(board)
    return [] if analysis is None else [analysis["par"]["score_ns"]]


def share_of(imps: float) -> float:
    """The share, from 0 to 1, that a pair wins of a board by so many IMPs.

    What Elo expects of whoever is stronger by `POINTS_AN_IMP` for each: who wins a steady margin
    comes to be rated by as much above the others as it says.

    >>> share_of(0), round(share_of(2), 2), round(share_of(8), 2), round(share_of(-8), 2)
    (0.5, 0.64, 0.91, 0.09)
    """
    return ratings.expected(POINTS_AN_IMP * imps, 0)
