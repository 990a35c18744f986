"""Bots on the pages: becoming one, standing apart in the rankings, and the word beside the name."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.services import accounts, audit, chat, lobby, moderation, presence, programs, tables
from app.services.access import Viewer
from app.services.audit import HOST
from app.services.house import House
from app.services.records import Setup
from app.services.sessions import Caller, Client
from tests.services.conftest import play_out
from tests.web.conftest import Visitor

CLIENT = Client("192.0.2.1", "test")
TAG = re.compile(r'<span class="tag" data-automatic[^>]*>bot</span>')
SHOWN = re.compile(r'<span class="tag" data-automatic title="[^"]+">bot</span>')

Visit = Callable[[], Visitor]


def bot(house: House, name: str = "far") -> Caller:
    """A bot's account."""
    caller = accounts.register(house, name, "pw", client=CLIENT).caller
    programs.mark(house, caller.user_id)
    return caller


def person(house: House, name: str) -> Caller:
    return accounts.register(house, name, "pw", client=CLIENT).caller


@pytest.fixture
def anna(visitor: Visit) -> Visitor:
    """A person on the website."""
    visit = visitor()
    visit.register("anna")
    return visit


def mark(visit: Visitor, **fields: str) -> TestResponse:
    return visit.post("/settings/program", look_at="/settings", **fields)


def test_an_account_becomes_a_bots_on_the_settings(anna: Visitor, house: House) -> None:
    assert "Make this a bot account" in anna.text("/settings")
    answer = mark(anna)
    assert (answer.status_code, answer.location) == (303, "/settings#program")
    assert "Tick that you mean it" in anna.text("/settings")
    assert not anna.caller(house).automatic
    mark(anna, sure="1")
    page = anna.text("/settings")
    assert "This account is a bot&#39;s now" in page
    assert anna.caller(house).automatic
    assert "Make this a bot account" not in page
    mark(anna, sure="1")
    assert "This account is a bot&#39;s already." in anna.text("/settings")


def test_who_has_been_rated_stays_a_person(anna: Visitor, house: House) -> None:
    bert, caller = person(house, "bert"), anna.caller(house)
    play_out(house, lobby.invite(house, caller, "bert").id, caller, bert)
    page = anna.text("/settings")
    assert "Make this a bot account" not in page
    assert "so it stays a person's" in page
    mark(anna, sure="1")
    assert "It stays a person&#39;s." in anna.text("/settings")
    assert not anna.caller(house).automatic


def test_guests_are_not_asked(visitor: Visit) -> None:
    guest = visitor()
    guest.post("/guest", name="passer-by")
    assert 'id="program"' not in guest.text("/settings")
    assert mark(guest, sure="1").status_code == 403
    assert visitor().post("/settings/program", sure="1").status_code == 302  # sign in first


def test_people_and_bots_have_lists_of_their_own(anna: Visitor, house: House) -> None:
    assert "No program plays here yet." in anna.text("/rankings/uttt/bots")
    far = bot(house)
    people, bots = anna.text("/rankings/uttt"), anna.text("/rankings/uttt/bots")
    names = re.compile(r'/player/(\w+)">')
    assert set(names.findall(people)) == {"anna"}
    assert set(names.findall(bots)) - {"anna"} == {"far"}
    assert "1 bot: a program plays under this name." in bots
    assert 'href="/rankings/scopa/bots"' in bots  # another game's list of the same kind
    assert 'href="/rankings/uttt/bots"' in people
    assert anna.get("/rankings/go/bots").status_code == 404
    assert far.name not in people


def test_ones_own_line_stands_in_ones_own_list(visitor: Visit, house: House) -> None:
    visit = visitor()
    visit.register("deep")
    mark(visit, sure="1")
    own = '<tr class="own">'
    assert own in visit.text("/rankings/uttt/bots")
    assert own not in visit.text("/rankings/uttt")


def test_a_long_list_of_bots_has_its_own_pages(
    anna: Visitor, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.ratings.PAGE", 1)
    bot(house, "far")
    bot(house, "deep")
    assert 'href="/rankings/uttt/bots?page=2"' in anna.text("/rankings/uttt/bots")


def test_the_word_stands_beside_the_name(anna: Visitor, house: House) -> None:
    far, caller = bot(house), anna.caller(house)
    presence.connect(house, accounts.sign_in(house, "far", "pw", client=CLIENT).caller, "test")
    anna.post("/friends/add", player="far")
    chat.say(house, far, Viewer(far.user_id, "192.0.2.1", None), "with:anna", "hello")
    match = lobby.invite(house, far, "anna")
    scopa = lobby.invite(house, far, "anna", "scopa")
    table = tables.open(house, far, Setup("uttt", rated=False), None)
    pages = {
        "/friends": 1,
        "/friends?name=far": 2,
        "/player/far": 1,
        "/messages": 1,
        "/messages/far": 1,
        f"/match/{match.id}": 1,
        f"/table/{table.id}": 1,
        "/lobby": 2,  # who is online, and the open table
    }
    for page, count in pages.items():
        assert len(SHOWN.findall(anna.text(page))) == count, page
    assert '<span class="rating is-bot">bot</span>' in anna.text(f"/match/{scopa.id}")
    assert not SHOWN.search(anna.text("/player/anna"))
    assert "Rank among bots" in anna.text("/player/far")
    assert "Rank among bots" not in anna.text("/player/anna")
    assert caller.name == "anna"


def test_rows_that_scripts_fill_in_have_a_place_for_it(anna: Visitor, house: House) -> None:
    page = anna.text("/lobby")
    templates = re.findall(r'<template id="([\w-]+)">(.*?)</template>', page, re.S)
    assert {name for name, row in templates if TAG.search(row)} == {
        "online-row",
        "table-row",
        "incoming-row",
        "outgoing-row",
        "live-row",
    }
    assert not any(SHOWN.search(row) for _, row in templates)


def test_an_admin_says_so_and_takes_it_back(anna: Visitor, house: House) -> None:
    moderation.make_admin(house, HOST, "anna")
    person(house, "bert")
    page = anna.text("/admin/players/bert")
    assert "Make this a bot" in page
    assert not SHOWN.search(page)
    answer = anna.post("/admin/players/bert/bot", look_at="/admin/players/bert")
    assert (answer.status_code, answer.location) == (303, "/admin/players/bert")
    assert SHOWN.search(anna.text("/admin/players/bert"))
    assert len(SHOWN.findall(anna.text("/admin/players"))) == 1
    anna.post("/admin/players/bert/bot", look_at="/admin/players/bert")
    assert "bot&#39;s already" in anna.text("/admin/players/bert")
    anna.post("/admin/players/bert/no-bot", look_at="/admin/players/bert")
    assert not SHOWN.search(anna.text("/admin/players/bert"))
    actions = [entry.action for entry in audit.entries(house).entries]
    assert actions[:2] == ["unmark_program", "mark_program"]


def test_only_admins_mark_others(anna: Visitor, house: House) -> None:
    person(house, "bert")
    assert anna.post("/admin/players/bert/bot").status_code in (403, 404)
    assert programs.standing(house, person(house, "cleo").user_id) == programs.PERSON


def test_the_host_marks_an_account(app: Flask, house: House) -> None:
    run = app.test_cli_runner().invoke
    caller = person(house, "far")
    assert run(args=["mark-bot", "far"]).output == "far is a bot now.\n"
    assert programs.standing(house, caller.user_id) == programs.PROGRAM
    again = run(args=["mark-bot", "far"])
    assert (again.exit_code, again.output) == (1, "Error: far is a bot already.\n")
    assert run(args=["mark-bot", "--undo", "far"]).output == "far is no bot any more.\n"
    assert programs.standing(house, caller.user_id) == programs.PERSON
