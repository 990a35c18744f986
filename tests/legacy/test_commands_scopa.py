"""The command API beside scopa: it knows one game, and tables of others are not there for it."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from app.legacy.commands.desk import Desk
from app.services import matches, tables
from app.services.house import House
from app.services.records import MatchRecord, Setup
from app.services.tables import Bot, TableRow
from tests.legacy.test_commands_inside import Giver

SCOPA = Setup("scopa", "classic", options={"players": 4})


@pytest.fixture
def desk(app: Flask) -> Desk:
    desk: Desk = app.extensions["desk"]
    return desk


@pytest.fixture
def far(desk: Desk) -> Giver:
    return Giver(desk, "far")


@pytest.fixture
def bob(desk: Desk) -> Giver:
    return Giver(desk, "bob")


def test_tables_of_other_games_are_not_there(house: House, far: Giver, bob: Giver) -> None:
    tables.open(house, far.caller, SCOPA)
    assert bob.ok("lobby") == "[]"
    assert bob.does("join", nick="far") == (404, '{"error":"Game does not exist"}')
    assert bob.does("join", nick="far", spectate=True)[0] == 404
    assert bob.does("join", nick="far", code="guess")[0] == 403
    assert far.does("state")[0] == 409, "nor is far in a game here"
    table = tables.own(house, far.caller.user_id)
    assert table is not None
    assert table.free == (1, 2, 3)
    assert far.does("join", nick="far")[0] == 409, "but has a table open"


def test_a_game_goes_on_beside_a_seat_at_another(house: House, far: Giver, bob: Giver) -> None:
    row = tables.open(house, bob.caller, SCOPA)
    assert isinstance(row, TableRow)
    tables.join(house, far.caller, row.id)
    far.ok("join", nick="far")
    assert [game["nick"] for game in json.loads(bob.ok("lobby"))] == ["far"]
    bob.ok("join", nick="far")
    assert json.loads(far.ok("state"))["game"] == "uttt"
    assert [seated.id for seated in tables.seated(house, far.caller.user_id)] == [row.id]


def test_its_own_game_comes_before_a_match_of_another(house: House, far: Giver, bob: Giver) -> None:
    far.ok("join", nick="far")
    bob.ok("join", nick="far")
    scopa = tables.open(house, far.caller, Setup("scopa", "classic"), [Bot("easy", "")])
    assert isinstance(scopa, MatchRecord)
    assert json.loads(far.ok("state"))["game"] == "uttt"
    far.ok("leave")
    assert not matches.get(house, scopa.id).over
