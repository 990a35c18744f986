"""What the tests of boards and of what becomes of them have in common: deals that end soon."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import update

from app.games.api import Seat
from app.services import matches
from app.services.bridge import boards
from app.services.house import House
from app.services.matches import Setup
from app.services.records import Bot, MatchRecord
from app.services.sessions import Caller
from app.store import Board, Kibitzer

Player = Caller | Bot
ROBOT = Bot("easy", "robot")
TABLE = "a" * 32
PAR = {
    "tricks": {side: dict.fromkeys("CDHSZ", 8 if side in "NS" else 5) for side in "NESW"},
    "par": {"score_ns": 110, "contracts": ["2S by N"]},
}


def dealt(
    house: House, *players: Player, tid: str = TABLE, board_id: str | None = None
) -> MatchRecord:
    """A deal that begins at a table of these four, North first, and is seen by them.

    Its board is what they are given, unless it is said which."""
    ids = [player if isinstance(player, Bot) else player.user_id for player in players]
    users = [user_id for user_id in ids if not isinstance(user_id, Bot)]
    with house.store.write() as unit:
        given = boards.pick(house, unit, users) if board_id is None else unit.get(Board, board_id)
        assert given is not None
        board = {"board": given.number}
        setup = Setup("bridge", options=board, board_id=given.id, table_id=tid)
        match_id = matches.start(house, unit, setup, ids, seed=given.seed)
        boards.mark_seen(unit, given.id, users)
    return matches.begun(house, match_id)


def act(house: House, match_id: str, players: Sequence[Player], seat: Seat, raw: Any) -> None:
    """Make a move from a seat."""
    player = players[seat]
    if isinstance(player, Caller):
        matches.submit(house, player, match_id, raw)
    else:
        assert matches.submit_for(house, matches.get(house, match_id), seat, raw) is not None


def bid(house: House, match_id: str, players: Sequence[Player], *calls: str) -> None:
    """Make these calls, each by whoever's turn it is."""
    for call in calls:
        (seat,) = matches.get(house, match_id).actors
        act(house, match_id, players, seat, {"bid": call})


def passed(house: House, record: MatchRecord, players: Sequence[Player]) -> MatchRecord:
    """The deal passed out."""
    bid(house, record.id, players, *["pass"] * 4)
    return matches.get(house, record.id)


def claimed(
    house: House,
    record: MatchRecord,
    players: Sequence[Player],
    tricks: int,
    *calls: str,
) -> MatchRecord:
    """The deal after these calls (one no trump of the dealer's) and three passes, a lead, and a
    claim of so many tricks that the defenders accept."""
    bid(house, record.id, players, *(calls or ["1Z"]), *["pass"] * 3)
    (leader,) = matches.get(house, record.id).actors
    lead = record.engine.legal_moves(matches.get(house, record.id).state, leader)[0]
    act(house, record.id, players, leader, record.engine.move_json(lead))
    act(house, record.id, players, (leader + 3) % 4, {"claim": tricks})
    for defender in (leader, (leader + 2) % 4):
        act(house, record.id, players, defender, {"answer": True})
    return matches.get(house, record.id)


def analyse(house: House, board_id: str, analysis: Any = PAR) -> None:
    """Have it known what a board is worth."""
    with house.store.write() as unit:
        known = update(Board).where(Board.id == board_id)
        unit.execute(known.values(analysis=json.dumps(analysis)))


def look_on(house: House, tid: str, caller: Caller) -> None:
    """Have somebody look on at a table."""
    with house.store.write() as unit:
        unit.add(Kibitzer(table_id=tid, user_id=caller.user_id, seat=None))


def four(account: Callable[[str], Caller], names: Iterable[str]) -> list[Caller]:
    """Accounts for a table."""
    return [account(name) for name in names]
