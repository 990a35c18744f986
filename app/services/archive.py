"""Everything the house has of somebody, in one ZIP file that they may take away.

Only what is theirs: of a match that is still being played what they may see of it, and of finished
ones all, as its replay shows. Written piece by piece, with pauses for the living, so that it takes
no more memory for many matches than for a few.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import IO, Any, Final, TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import select
from sqlalchemy.orm import Session as Unit

from app.games import GAMES
from app.games.api import Json
from app.services import archive_rows, matches
from app.services.bridge import exports
from app.services.errors import ServiceError
from app.services.house import House
from app.services.loading import load_all, matches_of
from app.services.matches import LoggedMove
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.store import Match, Move, Seat

ROUND: Final = 4  # matches that are decoded at a time
FILE: Final = 100  # matches in one file
BATCH: Final = 32_768  # characters that are compressed at once

Write: TypeAlias = Callable[[MatchRecord, Sequence[LoggedMove]], str]
"""Makes a finished match readable: what its replay offers as text."""

README: Final = """\
Your data at {site}, as of {now}.

All files but the PBN ones are UTF-8; times are UTC.

account.json            who you are here, and your settings
sessions.json           where you are signed in, and from which address
connections.json        the connections you have open now
friends.json            your friends
blocked.json            whom you have blocked
ratings.json            your ratings and results, a line for each game
rating-changes.json     how each rated match changed them
chat.json               what you have said: in the lobby, at tables, beside matches
private-messages.json   your private talks, both sides
read.json               how far you have read
reports.json            the messages you have reported
analyses.json           what the computer thinks of your matches
open.json               tables you have open, where you sit, wait and look on
matches/                your finished matches, {file} in a file, by game:
  *.json                  the log of each: options, seed, every move and its time
  *.txt                   the same in the game's notation, to read
  *.pbn                   bridge: the deals, with auction and play, for any bridge program
matches/running.json    matches still being played, as you see them now

Your password and your token are in none of them: the house keeps them only in a form that
cannot be turned back, or that is of no use elsewhere.
"""


def make(house: House, caller: Caller, into: IO[bytes], texts: Mapping[str, Write]) -> None:
    """Write the caller's archive into a file that is open for writing.

    `texts`: by game. Raises `too_many`, `session_ended`.
    """
    house.limits.hit("archive", str(caller.user_id))
    account = archive_rows.account(house, caller.user_id)
    now = house.clock()
    with ZipFile(into, "w", ZIP_DEFLATED) as archive:

        def put(name: str, pieces: Iterable[str], encoding: str = "utf-8") -> None:
            info = ZipInfo(name, now.timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            with archive.open(info, "w", force_zip64=True) as file:
                for some in _batches(pieces):
                    file.write(some.encode(encoding))
                    house.pause()

        readme = README.format(site=house.config.SITE_NAME, now=f"{now:%Y-%m-%d %H:%M}", file=FILE)
        put("README.txt", [readme])
        put("account.json", [_pretty(account)])
        for name, rows in archive_rows.TABLES.items():
            put(name, _array(rows(house, caller.user_id)))
            house.pause()
        put("matches/running.json", _array(_running(house, caller.user_id)))
        for game in GAMES:
            for number, ids in enumerate(_ended(house, caller.user_id, game), 1):
                for ending, encoding, pieces in _files(house, ids, texts.get(game)):
                    put(f"matches/{game}-{number:03}.{ending}", pieces, encoding)


def _running(house: House, user_id: int) -> Iterator[Json]:
    for record in matches.open_of(house, user_id):
        yield {
            **_head(record),
            "seat": record.seat_of(user_id),
            "view": matches.view(house, record, user_id),
        }
        house.pause()


def _ended(house: House, user_id: int, game: str) -> Iterator[list[str]]:
    """The ids of a user's finished matches of a game in their order, `FILE` at a time."""
    mine = matches_of(user_id, ~Seat.open, Match.game == game)
    query = mine.with_only_columns(Match.id).order_by(Match.created_at, Match.id)
    with house.store.read() as unit:
        ids = list(unit.scalars(query))
    for start in range(0, len(ids), FILE):
        yield ids[start : start + FILE]


def _files(
    house: House, ids: Sequence[str], write: Write | None
) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Some matches of one game as files: the ending, the encoding and what is in it."""
    logs: list[str] = []
    texts: list[str] = []
    deals: list[MatchRecord] = []
    for start in range(0, len(ids), ROUND):
        with house.store.read() as unit:
            query = select(Match).where(Match.id.in_(ids[start : start + ROUND]))
            found = load_all(unit, query.order_by(Match.created_at, Match.id))
            moves = _moves(unit, [record.id for record in found])
        for record in found:
            logs.append(_line(log_json(record, moves[record.id])))
            if record.board_id is not None:
                deals.append(record)
            elif write is not None:
                texts.append(_text(record, write, moves[record.id]))
            house.pause()
    yield "json", "utf-8", _listed(logs)
    if texts:
        yield "txt", "utf-8", (f"{text}\n\n" for text in texts)
    if deals:
        yield "pbn", "latin-1", exports.deals_pbn(house, deals)


def log_json(record: MatchRecord, log: Iterable[LoggedMove]) -> dict[str, Any]:
    """A finished match as its log, for programs: with it anyone can play it through again."""
    assert record.outcome is not None
    return {
        **_head(record),
        **chance(record),
        "ended": record.moved_at.isoformat(timespec="seconds"),
        "outcome": {
            "reason": record.outcome.reason,
            "scores": list(record.outcome.scores),
            "winners": list(record.outcome.winners),
        },
        "ratings": [
            None if step is None else {"before": step.before, "after": step.after}
            for step in record.ratings
        ],
        "moves": [
            {"number": m.number, "seat": m.seat, "move": m.move, "at": m.at.isoformat()}
            for m in log
        ],
    }


def _head(record: MatchRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "game": record.game,
        "variant": record.variant,
        "rated": record.rated,
        "private": record.private,
        "players": [info.name for info in record.seats],
        "started": record.created_at.isoformat(timespec="seconds"),
    }


def chance(record: MatchRecord) -> dict[str, Any]:
    """What was agreed on and what chance decided, of a finished match of a game that hides
    something; of other games there is nothing to tell."""
    if not record.engine.info.hidden or record.options is None:
        return {}
    return {
        "options": asdict(record.options),
        "commitment": record.commitment,
        "seed": record.seed.hex(),
    }


def _text(record: MatchRecord, write: Write, log: Sequence[LoggedMove]) -> str:
    """A match to read, under a line that says which it is."""
    names = " - ".join(info.name for info in record.seats)
    title = f"{record.engine.info.name} ({record.variant}), {record.created_at:%Y-%m-%d %H:%M}"
    try:
        return f"# {title}: {names}\n# {record.id}\n{write(record, log)}"
    except ServiceError as error:  # played by rules that are no longer here
        return f"# {title}: {names}\n# {record.id}\n{error.msg}\n"


def _moves(unit: Unit, ids: Sequence[str]) -> dict[str, list[LoggedMove]]:
    """The logs of these matches, with one query."""
    logs: dict[str, list[LoggedMove]] = defaultdict(list)
    query = select(Move.match_id, Move.number, Move.seat, Move.move, Move.at)
    rows = unit.execute(query.where(Move.match_id.in_(ids)).order_by(Move.match_id, Move.number))
    for match_id, number, seat, move, at in rows:
        logs[match_id].append(LoggedMove(number, seat, json.loads(move), at))
    return logs


def _array(rows: Iterable[Json]) -> Iterator[str]:
    """A JSON array, an element a line."""
    return _listed(map(_line, rows))


def _listed(lines: Iterable[str]) -> Iterator[str]:
    yield "["
    before = "\n"
    for line in lines:
        yield before + line
        before = ",\n"
    yield "\n]\n"


def _line(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def _pretty(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _batches(pieces: Iterable[str]) -> Iterator[str]:
    """The same text in pieces of at least `BATCH` characters but for the last."""
    some: list[str] = []
    size = 0
    for piece in pieces:
        some.append(piece)
        size += len(piece)
        if size >= BATCH:
            yield "".join(some)
            some, size = [], 0
    yield "".join(some)
