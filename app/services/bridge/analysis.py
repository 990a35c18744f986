"""What a board's hands are worth, with all cards seen: worked out in the background, and kept.

`{"tricks": {"N": {"C": 7, "D", "H", "S", "Z"}, "E", "S", "W"}, "par": {"score_ns": points,
"contracts": ["4SX by N"]}}`: the tricks each declarer takes in each strain against the best
defence, and the score that neither side can better.
"""

from __future__ import annotations

import json

from sqlalchemy import exists, func, select, update

from app.services.bridge.boards import dealt
from app.services.house import House
from app.store import Board, Match

ROUND = 10  # boards a round of housekeeping: each holds up the robots for a while


def want(house: House, board_id: str) -> None:
    """Have a board analysed in the background, unless it has been."""
    house.thinking.spawn(_analyse, house, board_id)


def catch_up(house: House) -> int:
    """Analyse boards that were dealt and forgotten, of those that are dealt still; how many.

    In any order, so that one that cannot be analysed does not always stand before the others.
    """
    played = exists().where(Match.board_id == Board.id)
    still = Board.open_until > house.clock(), Board.analysis.is_(None), played
    query = select(Board.id).where(*still).order_by(func.random())
    with house.store.read() as unit:
        ids = list(unit.scalars(query.limit(ROUND)))
    done = 0
    for board_id in ids:
        if not _analyse(house, board_id):
            break  # nobody can tell here, or just now
        done += 1
        house.pause()
    return done


def _analyse(house: House, board_id: str) -> bool:
    """Analyse a board, if nobody has; whether that is known now."""
    with house.store.read() as unit:
        board = unit.get(Board, board_id)
    if board is None:
        return False
    if board.analysis is not None:
        return True
    deal = dealt(board)
    found = house.thinking.analyse(deal.hands, deal.dealer, deal.vuln)
    if found is None:
        return False
    with house.store.write() as unit:
        known = update(Board).where(Board.id == board_id, Board.analysis.is_(None))
        unit.execute(known.values(analysis=json.dumps(found)))
    return True
