"""A page asks the database as often for many rows as for a few."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from app.services import (
    accounts,
    channels,
    chat,
    friends,
    ladders,
    lobby,
    matches,
    opening,
    presence,
    ratings,
    sessions,
    watching,
)
from app.services.access import Viewer
from app.services.bridge import tables as bridge_tables
from app.services.house import House
from app.services.records import Setup
from app.services.sessions import Caller, Client
from config import Config
from tests.services.conftest import SHORT_WIN, move
from tests.web.conftest import Visitor

CLIENT = Client("192.0.2.1", "test")
FEW, MANY = 3, 30

FOR_ALL = (
    "/rankings/uttt",
    "/rankings/uttt/bots",
    "/player/ann",
    "/player/p-00?game=uttt",
    "/watch",
    "/watch/best",
    "/bridge",
)
SIGNED_IN = (*FOR_ALL, "/lobby", "/friends", "/friends?name=p-01", "/messages", "/settings")


@pytest.fixture
def config(config: Config) -> Config:
    return replace(config, MAX_OPEN_MATCHES=1000)


@pytest.fixture(autouse=True)
def _nothing_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked after once a minute is not to happen in the middle of counting."""
    monkeypatch.setattr(sessions, "TOUCH_EVERY", timedelta(days=1))
    monkeypatch.setattr(ladders, "AGAIN", timedelta(days=1))


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(*args: Any) -> None:
        asked.append(args[2])

    event.listen(house.store.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(house.store.engine, "before_cursor_execute", note)


def begun(house: House, one: Caller, other: Caller) -> str:
    """A match in which both have moved; its id."""
    record = lobby.invite(house, one, other.name)
    for caller, each in zip((one, other), SHORT_WIN, strict=False):
        matches.submit(house, caller, record.id, move(*each))
    return record.id


def fill(house: House, ann: Caller, numbers: range) -> None:
    """More of everything: people who are here, friends, matches past and present, tables, talks."""
    for number in numbers:
        one, other = (
            accounts.register(house, f"{letter}-{number:02}", "only a test", client=CLIENT).caller
            for letter in "pq"
        )
        presence.connect(house, one, "test")
        matches.end(house, one, begun(house, ann, one))
        begun(house, one, ann)
        watching.enter(house, begun(house, one, other), ann.user_id)
        opening.open(house, other, Setup("uttt"))
        opening.challenge(house, one, "ann", Setup("scopa", "classic"))
        bridge_tables.open(house, other)
        chat.say(house, one, Viewer(one.user_id, ""), f"{channels.TALK}:ann", "hello")
        chat.say(house, one, Viewer(one.user_id, ""), channels.LOBBY, "hello, all of you")
        friends.add(house, ann, one.name)


def counted(house: House, browser: Visitor, paths: tuple[str, ...]) -> dict[str, int]:
    """How many statements each page takes, once whatever is remembered is."""
    counts = {}
    for path in paths:
        browser.text(path)
        with statements(house) as asked:
            browser.text(path)
        counts[path] = len(asked)
    return counts


def test_no_page_asks_more_often_for_more_rows(
    house: House, account: Callable[[str], Visitor], visitor: Callable[[], Visitor]
) -> None:
    presence.arrive(house)
    browser, stranger = account("ann"), visitor()
    ann = browser.caller(house)
    fill(house, ann, range(FEW))
    few = counted(house, browser, SIGNED_IN), counted(house, stranger, FOR_ALL)
    fill(house, ann, range(FEW, MANY))
    many = counted(house, browser, SIGNED_IN), counted(house, stranger, FOR_ALL)
    assert few == many


def test_what_is_told_at_the_end_of_a_match_takes_as_many_queries_however_many_are_rated(
    house: House, account: Callable[[str], Visitor]
) -> None:
    ann, bert = (account(name).caller(house) for name in ("ann", "bert"))

    def told() -> int:
        presence.announce(house, [ann.user_id])
        ratings.tell(house, [ann.user_id, bert.user_id], "uttt")
        with statements(house) as asked:
            ratings.tell(house, [ann.user_id, bert.user_id], "uttt")
        return len(asked)

    few = told()
    for number in range(MANY):
        accounts.register(house, f"p-{number:02}", "only a test", client=CLIENT)
    assert told() == few <= 3
