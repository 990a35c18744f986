"""One's own data as a file: all of it, readable, and nothing of anybody else's."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import event

from app.games import GAMES
from app.services import archive, archive_rows, channels, chat, friends, lobby, matches, reports
from app.services.access import Viewer
from app.services.house import House
from app.services.records import Setup
from app.services.sessions import Caller
from app.store import Base
from tests.services.bridge_hall import pass_out, seated, with_robots
from tests.services.cards import begin, play_rounds, scopa
from tests.services.conftest import Clock, move, play_out
from tests.services.hall import limited, refusal

Account = Callable[[str], Caller]


def made(house: House, caller: Caller) -> dict[str, str]:
    """The archive's files, by name."""
    file = io.BytesIO()
    texts = {"uttt": lambda record, log: f"{len(log)} moves\n", "scopa": lambda *_: "cards\n"}
    archive.make(house, caller, file, texts)
    with ZipFile(file) as found:
        assert found.testzip() is None
        return {
            name: found.read(name).decode("latin-1" if name.endswith(".pbn") else "utf-8")
            for name in found.namelist()
        }


def rows(files: dict[str, str], name: str) -> Any:
    return json.loads(files[name])


def say(house: House, caller: Caller, room: str, text: str) -> int:
    return chat.say(house, caller, Viewer(caller.user_id, ""), room, text).id


@pytest.fixture
def ann(account: Account) -> Caller:
    return account("ann")


@pytest.fixture
def ben(account: Account) -> Caller:
    return account("ben")


def test_it_has_all_that_is_theirs(house: House, ann: Caller, ben: Caller) -> None:
    friends.add(house, ann, "ben")
    say(house, ann, channels.LOBBY, "grüß Gott")
    his = say(house, ben, channels.LOBBY, "his own")
    reports.report(house, ann, Viewer(ann.user_id, ""), his, "why not")
    say(house, ann, "with:ben", "psst")
    say(house, ben, "with:ann", "what?")
    record = play_out(house, lobby.invite(house, ann, "ben").id, ann, ben)
    files = made(house, ann)
    account = rows(files, "account.json")
    assert (account["name"], account["registered"], account["token"]) == ("ann", True, None)
    assert [row["address"] for row in rows(files, "sessions.json")] == ["192.0.2.1"]
    assert [row["name"] for row in rows(files, "friends.json")] == ["ben"]
    assert [row["text"] for row in rows(files, "chat.json")] == ["grüß Gott"]
    talk = [(row["from"], row["text"]) for row in rows(files, "private-messages.json")]
    assert talk == [("ann", "psst"), ("ben", "what?")]
    assert [row["reason"] for row in rows(files, "reports.json")] == ["why not"]
    assert [row["after"] for row in rows(files, "rating-changes.json")] == [1010]
    assert {row["game"]: row["points"] for row in rows(files, "ratings.json")}["uttt"] == 1010
    (logged,) = rows(files, "matches/uttt-001.json")
    assert (logged["id"], logged["players"]) == (record.id, ["ann", "ben"])
    assert len(logged["moves"]) == record.version
    assert "17 moves" in files["matches/uttt-001.txt"]
    assert "README.txt" in files
    for name in files:
        known = name in files["README.txt"] or name == "README.txt" or name.startswith("matches/")
        assert known, f"the README does not say what {name} is"


def test_there_is_no_secret_in_it(house: House, ann: Caller, ben: Caller) -> None:
    say(house, ben, channels.LOBBY, "of nobody's business")
    play_out(house, lobby.invite(house, ben, "ann").id, ben, ann)
    everything = "".join(made(house, ann).values())
    assert "argon2id hash" in everything
    assert "$argon2" not in everything
    assert "of nobody's business" not in everything
    assert "203.0.113" not in everything


def test_every_table_of_theirs_is_in_it(house: House) -> None:
    """A new table with a user's column is to be put into the archive, too."""
    named = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "user"
    }
    source = Path(archive_rows.__file__).read_text()
    read = {
        mapper.local_table.name  # type: ignore[attr-defined]
        for mapper in Base.registry.mappers
        if re.search(rf"\b{mapper.class_.__name__}\b", source)
    }
    assert named <= read


def test_of_a_running_match_it_has_what_they_may_see(house: House, account: Account) -> None:
    house.thinking.spawn = lambda *_: None
    people = [account(name) for name in ("anna", "bert")]
    record = play_rounds(house, begin(house, scopa(), *people).id, people, moves=2)
    files = made(house, people[0])
    (running,) = rows(files, "matches/running.json")
    assert running["id"] == record.id
    assert running["view"] == json.loads(json.dumps(matches.view(house, record, people[0].user_id)))
    everything = "".join(files.values())
    assert record.seed.hex() not in everything
    assert "matches/scopa-001.json" not in files


def test_a_finished_match_of_cards_has_its_seed_and_text(house: House, account: Account) -> None:
    people = [account(name) for name in ("anna", "bert")]
    record = begin(house, scopa(), *people)
    matches.end(house, people[0], record.id)
    files = made(house, people[1])
    (logged,) = rows(files, "matches/scopa-001.json")
    assert logged["seed"] == record.seed.hex()
    assert logged["commitment"] == record.commitment
    assert "cards" in files["matches/scopa-001.txt"]


def test_deals_of_bridge_are_in_one_file(house: House, account: Account) -> None:
    house = with_robots(house)
    people = [account(name) for name in ("anna", "bert", "carl", "dora")]
    row = seated(house, people, robots=False)
    pass_out(house, row, people)
    files = made(house, people[2])
    deals = files["matches/bridge-001.pbn"]
    assert deals.startswith("% PBN 2.1")
    assert deals.count('[South "carl"]') == 1
    assert len(rows(files, "matches/bridge-001.json")) == 1


def test_many_matches_are_in_several_files(
    house: House, ann: Caller, ben: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "FILE", 2)
    monkeypatch.setattr(archive, "ROUND", 1)
    monkeypatch.setattr(archive_rows, "PAGE", 2)
    played = [play_out(house, lobby.invite(house, ann, "ben").id, ann, ben).id for _ in range(5)]
    for text in "abcde":
        say(house, ann, channels.LOBBY, text)
    paused = []
    files = made(replace(house, pause=lambda: paused.append(1)), ann)
    names = [f"matches/uttt-00{number}.json" for number in (1, 2, 3)]
    found = [row["id"] for name in names for row in rows(files, name)]
    assert sorted(found) == sorted(played)
    assert [len(rows(files, name)) for name in names] == [2, 2, 1]
    assert [row["text"] for row in rows(files, "chat.json")] == list("abcde")
    assert len(rows(files, "rating-changes.json")) == 5
    assert len(paused) > 10


def test_guests_have_one_too(house: House, guest: Account) -> None:
    files = made(house, guest("passer-by"))
    assert rows(files, "account.json")["registered"] is False
    assert rows(files, "ratings.json") == []
    assert not any(name.startswith(f"matches/{game}") for game in GAMES for name in files)


def test_it_is_not_made_all_the_time(house: House, ann: Caller) -> None:
    house = limited(house, archive="1 per hour")
    made(house, ann)
    assert refusal(lambda: made(house, ann)) == "too_many"


def test_messages_of_the_blocked_are_not_in_it(house: House, ann: Caller, ben: Caller) -> None:
    say(house, ann, "with:ben", "hello")
    say(house, ben, "with:ann", "go away")
    friends.block(house, ann, "ben")
    talk = [row["text"] for row in rows(made(house, ann), "private-messages.json")]
    assert talk == ["hello"]


def test_a_round_of_matches_takes_as_many_queries_as_one(
    house: House, ann: Caller, ben: Caller, clock: Clock
) -> None:
    def queries() -> int:
        asked: list[str] = []

        def note(*args: Any) -> None:
            asked.append(args[2])

        event.listen(house.store.engine, "before_cursor_execute", note)
        made(house, ann)
        event.remove(house.store.engine, "before_cursor_execute", note)
        return len(asked)

    def play() -> None:
        record = lobby.invite(house, ann, "ben")
        matches.submit(house, ann, record.id, move(4, 4))
        matches.end(house, ann, record.id)

    play()
    before = queries()
    for _ in range(archive.ROUND - 1):
        play()
    assert queries() == before


def test_setups_are_told(house: House, ann: Caller, ben: Caller) -> None:
    """What was agreed on is told of games that need it to be played through again."""
    record = begin(house, Setup("uttt", "swap"), ann, ben)
    matches.end(house, ann, record.id)
    (logged,) = rows(made(house, ann), "matches/uttt-001.json")
    assert logged["variant"] == "swap"


@pytest.mark.parametrize("name", archive_rows.TABLES)
def test_no_transaction_is_open_while_others_are_let_in(
    house: House, account: Account, name: str
) -> None:
    ann, ben = account("ann"), account("ben")
    play_out(house, lobby.invite(house, ann, "ben").id, ann, ben)
    friends.add(house, ann, "ben")
    account("carl")
    friends.block(house, ann, "carl")
    lobby.seek(house, ann)
    say(house, ann, channels.LOBBY, "good day")
    open_now: list[int] = []
    event.listen(house.store.engine, "checkout", lambda *_: open_now.append(1))
    event.listen(house.store.engine, "checkin", lambda *_: open_now.pop())
    for _ in archive_rows.TABLES[name](house, ann.user_id):
        assert not open_now
