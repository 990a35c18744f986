"""The admins' pages: for admins only, each change on record, and all of it without a script."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.services import audit, chat, moderation, reports, tables
from app.services.audit import HOST
from app.services.house import House
from app.services.records import MatchRecord
from tests.web.conftest import Visitor, viewer_of
from tests.web.test_every_page import check

Play = Callable[..., MatchRecord]
Make = Callable[[str], Visitor]


def rules(app: Flask) -> list[Rule]:
    found = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("admin.")]
    assert len(found) > 20
    return found


def path_of(rule: Rule) -> str:
    """An address that the rule is met by."""
    values = {"name": "boss", "how": "restart", "report_id": "1", "number": "1"}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values.get(found[1], "x"), rule.rule)


def test_for_all_others_there_is_nothing(
    app: Flask, boss: Visitor, visitor: Callable[[], Visitor], account: Make, guest: Make
) -> None:
    for person in (visitor(), account("ann"), guest("passer-by")):
        for rule in rules(app):
            path = path_of(rule)
            assert person.get(path).status_code == 404, path
            assert person.post(path).status_code == 404, path
            # A refusal of the form's token, or of the method, would give the page away.
            assert person.client.post(path).status_code == 404, path
            assert person.client.put(path).status_code == 404, path
        assert "/admin" not in person.get("/rules/uttt").text


def test_an_admin_finds_the_way_in(boss: Visitor) -> None:
    assert 'href="/admin"' in boss.text("/rules/uttt")


@pytest.mark.usefixtures("ann")
def test_every_page_stands(app: Flask, boss: Visitor) -> None:
    seen = 0
    for rule in rules(app):
        if "GET" in (rule.methods or ()):
            path = path_of(rule).replace("boss", "ann")
            response = boss.get(path)
            assert response.status_code == 200, path
            assert response.headers["Cache-Control"] == "no-store"
            check(response.text)
            assert response.text.count('aria-current="page"') == 1, path
            seen += 1
    assert seen > 10


def test_an_admin_no_more_is_out_at_once(boss: Visitor, house: House) -> None:
    assert boss.get("/admin").status_code == 200
    moderation.revoke_admin(house, HOST, "boss")
    assert boss.get("/admin").status_code == 404


def test_a_form_without_its_token_is_refused(boss: Visitor, house: House) -> None:
    assert boss.client.post("/admin/broadcast", data={"text": "hello"}).status_code == 400
    assert house.standing.notices == ()


# What each form is sent, with what then stands in the record. One for every form there is.
FORMS = {
    "admin.ban": ("/admin/players/ann/ban", {"term": "24"}, "ban_player"),
    "admin.unban": ("/admin/players/ann/unban", {}, "unban_player"),
    "admin.delete": ("/admin/players/ann/delete", {}, "delete_player"),
    "admin.make_admin": ("/admin/players/ann/admin", {}, "make_admin"),
    "admin.revoke_admin": ("/admin/players/ann/no-admin", {}, "revoke_admin"),
    "admin.show_token": ("/admin/players/ann/token", {}, "show_token"),
    "admin.renew_token": ("/admin/players/ann/token/new", {}, "renew_token"),
    "admin.end_match": ("/admin/matches/{match}/end", {}, "end_match"),
    "admin.end_table": ("/admin/tables/{table}/close", {}, "end_table"),
    "admin.ban_addresses": ("/admin/bans", {"addresses": "192.0.2.0/24", "term": ""}, "ban"),
    "admin.unban_address": ("/admin/bans/remove", {"network": "192.0.2.0/24"}, "unban"),
    "admin.close_report": ("/admin/reports/1/close", {"hide": "1"}, "close_report"),
    "admin.broadcast": ("/admin/broadcast", {"text": "Tea at five"}, "broadcast"),
    "admin.withdraw": ("/admin/broadcast/1/withdraw", {}, "withdraw"),
    "admin.stop": ("/admin/stop/restart", {}, "restart"),
}
# What must have been done before a form has anything to do.
BEFORE = {
    "admin.unban": ["admin.ban"],
    "admin.revoke_admin": ["admin.make_admin"],
    "admin.show_token": ["admin.renew_token"],
    "admin.unban_address": ["admin.ban_addresses"],
    "admin.withdraw": ["admin.broadcast"],
}


@pytest.mark.parametrize("endpoint", FORMS)
def test_everything_an_admin_does_is_on_record(
    endpoint: str, app: Flask, boss: Visitor, account: Make, house: House, play: Play
) -> None:
    ann, ben = account("ann"), account("ben")
    made = {
        "match": play(ann, ben, plies=2).id,
        "table": tables.open(house, ben.caller(house)).id,
    }
    line = chat.say(house, ann.caller(house), viewer_of(ann, house), "lobby", "rude")
    reports.report(house, ben.caller(house), viewer_of(ben, house), line.id, "rude")
    for each in [*BEFORE.get(endpoint, []), endpoint]:
        path, fields, action = FORMS[each]
        answer = boss.post(path.format(**made), **fields)
        assert answer.status_code in (200, 303), (each, answer.text)
    entry = audit.entries(house).entries[0]
    caller = boss.caller(house)
    assert (entry.who, entry.address, entry.action) == (caller.name, "127.0.0.1", action)


@pytest.mark.usefixtures("ann")
def test_visits_change_nothing_but_that_the_log_was_read(
    app: Flask, boss: Visitor, house: House
) -> None:
    before = len(audit.entries(house).entries)
    everything = {"addresses": "192.0.2.1", "term": "24", "text": "hello", "reason": "x"}
    visited = {rule.rule for rule in rules(app) if "GET" in (rule.methods or ())}
    for rule in rules(app):
        path = path_of(rule).replace("boss", "ann")
        answer = boss.get(path, query_string=everything)
        assert answer.status_code == (200 if rule.rule in visited else 405), path
    actions = [entry.action for entry in audit.entries(house).entries[:-before]]
    assert set(actions) == {"read_log"}


def test_no_form_is_without_a_record(app: Flask) -> None:
    posts = {rule.endpoint for rule in rules(app) if "POST" in (rule.methods or ())}
    assert posts == FORMS.keys()
