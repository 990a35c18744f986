"""A board's field: how it went at every table, and what each result is worth against the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session as Unit

from app.games.bridge.comparison import cross_imps, matchpoints
from app.games.bridge.deal import SIDES
from app.services.bridge import boards
from app.services.house import House
from app.store import BoardResult, Seat, User


@dataclass(frozen=True, slots=True)
class Player:
    """Who played a seat to the end: a user, or the computer (`bot`)."""

    name: str
    bot: bool


class Scored(Protocol):
    """A result as far as others are compared with it: `score` is North and South's."""

    @property
    def match_id(self) -> str: ...

    @property
    def score(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Score:
    """No more of a result than that: a session has many, of all its boards."""

    match_id: str
    score: int


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A line of a board's page. Sides are letters, `lead` is a card.

    `contract` as on the wire, `4SX` or `pass`; what a passed-out deal has not is None. `score`,
    `matchpoints` (2 for each pair beaten, 1 for each tied) and `imps` (the mean against every other
    result, None if there is none) are North and South's; East and West have what is missing to
    `BoardPage.top`, and the negative.
    """

    match_id: str
    table_id: str
    players: Mapping[str, Player]
    contract: str
    declarer: str | None
    lead: int | None
    tricks: int | None
    score: int
    matchpoints: int
    imps: float | None
    at: datetime


@dataclass(frozen=True, slots=True)
class BoardPage:
    """A board with all that is known of it.

    `hands` by side. The best score for North and South comes first. `analysis` as in
    `app.services.bridge.analysis`, None until it is known. `open_until`: it may be dealt to
    others before that.
    """

    id: str
    number: int
    dealer: str
    vuln: str
    hands: Mapping[str, Sequence[int]]
    rows: list[ResultRow]
    top: int
    analysis: Any
    open_until: datetime


def board_page(house: House, viewer_id: int | None, board_id: str) -> BoardPage:
    """A board's page for a user, or a stranger (None).

    Raises `no_such_board`, and `not_allowed` for whoever may still play it (`boards.may_see`).
    """
    board = boards.get(house, board_id)
    if not boards.may_see(house, viewer_id, board_id):
        raise boards.not_allowed()
    with house.store.read() as unit:
        results = of_boards(unit, [board_id])[board_id]
        players = players_of(unit, [result.match_id for result in results])
    dealt = boards.dealt(board)
    return BoardPage(
        id=board.id,
        number=board.number,
        dealer=dealt.dealer,
        vuln=dealt.vuln,
        hands=dealt.hands,
        rows=_rows(results, players),
        top=2 * max(0, len(results) - 1),
        analysis=boards.analysis_of(board),
        open_until=board.open_until,
    )


def of_boards(unit: Unit, board_ids: Iterable[str]) -> Mapping[str, list[BoardResult]]:
    """The results of each of these boards, the earliest first."""
    found: defaultdict[str, list[BoardResult]] = defaultdict(list)
    query = select(BoardResult).where(BoardResult.board_id.in_(set(board_ids)))
    for result in unit.scalars(query.order_by(BoardResult.at, BoardResult.match_id)):
        found[result.board_id].append(result)
    return found


def scores_of(unit: Unit, board_ids: Iterable[str]) -> Mapping[str, list[Score]]:
    """What was scored on each of these boards, at every table."""
    found: defaultdict[str, list[Score]] = defaultdict(list)
    columns = BoardResult.board_id, BoardResult.match_id, BoardResult.score
    for board_id, match_id, score in unit.execute(
        select(*columns).where(BoardResult.board_id.in_(set(board_ids)))
    ):
        found[board_id].append(Score(match_id, score))
    return found


def players_of(unit: Unit, match_ids: Collection[str]) -> Mapping[str, dict[str, Player]]:
    """Who played these matches, by side, under the names they have now."""
    found: defaultdict[str, dict[str, Player]] = defaultdict(dict)
    rows = unit.execute(
        select(Seat.match_id, Seat.seat, Seat.bot, Seat.bot_name, User.name)
        .outerjoin(User, User.id == Seat.user_id)
        .where(Seat.match_id.in_(match_ids))
        .order_by(Seat.match_id, Seat.seat)
    )
    for match_id, seat, bot, bot_name, name in rows:
        found[match_id][SIDES[seat]] = Player(name or bot_name or "", bot is not None)
    return found


def side_of(seat: int | None) -> str | None:
    """A seat's letter, or None for none."""
    return None if seat is None else SIDES[seat]


def imps_of(own: Scored, results: Sequence[Scored]) -> float | None:
    """What a result is worth against all others of its board; None if there are none."""
    others = [result.score for result in results if result.match_id != own.match_id]
    return float(cross_imps(own.score, others)) if others else None


def _rows(
    results: Sequence[BoardResult], players: Mapping[str, Mapping[str, Player]]
) -> list[ResultRow]:
    points = matchpoints([result.score for result in results])
    rows = [
        ResultRow(
            match_id=result.match_id,
            table_id=result.table_id,
            players=players[result.match_id],
            contract=result.contract,
            declarer=side_of(result.declarer),
            lead=result.lead,
            tricks=result.tricks,
            score=result.score,
            matchpoints=own,
            imps=imps_of(result, results),
            at=result.at,
        )
        for result, own in zip(results, points, strict=True)
    ]
    return sorted(rows, key=lambda row: -row.score)
