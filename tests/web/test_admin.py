"""The admins' pages: for admins only, each change on record, and all of it without a script."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.services import accounts, audit, chat, matches, moderation, reports, tables, tokens
from app.services.access import Viewer
from app.services.audit import HOST
from app.services.house import House
from app.services.records import MatchRecord, Setup
from app.services.sessions import Client
from tests.web.conftest import Visitor
from tests.web.test_every_page import check

Make = Callable[[str], Visitor]
ELSEWHERE = "192.0.2.9"


@pytest.fixture
def boss(account: Make, house: House) -> Visitor:
    """An admin's browser."""
    person = account("boss")
    moderation.make_admin(house, HOST, "boss")
    return person


@pytest.fixture
def ann(house: House) -> None:
    """A player who can be done things to."""
    accounts.register(house, "ann", "pw", client=Client(ELSEWHERE, "Mozilla/5.0 (X11) Firefox/1"))


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
    "admin.mark_bot": ("/admin/players/ann/bot", {}, "mark_program"),
    "admin.unmark_bot": ("/admin/players/ann/no-bot", {}, "unmark_program"),
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
    "admin.unmark_bot": ["admin.mark_bot"],
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
        "table": tables.open(house, ben.caller(house), Setup("uttt")).id,
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


Play = Callable[..., MatchRecord]


def viewer_of(person: Visitor, house: House) -> Viewer:
    return Viewer(person.caller(house).user_id, "127.0.0.1")


# People


def test_who_is_here_and_from_where(boss: Visitor, account: Make, house: House) -> None:
    from app.services import presence

    presence.arrive(house)
    presence.connect(house, account("ann").caller(house), "raw", ELSEWHERE)
    page = boss.text("/admin/online")
    assert "/admin/players/ann" in page
    assert ELSEWHERE in page
    assert "raw" in page


@pytest.mark.usefixtures("ann")
def test_players_are_found_by_part_of_a_name(boss: Visitor) -> None:
    assert "/admin/players/ann" in boss.text("/admin/players")
    found = boss.text("/admin/players?name=AN")
    assert "/admin/players/ann" in found
    assert "/admin/players/boss" not in found
    for odd in ("%25", "_", "é", "%00", "zz"):
        assert "/admin/players/ann" not in boss.text(f"/admin/players?name={odd}")
    assert boss.get("/admin/players/nobody").status_code == 404
    assert boss.get("/admin/players?page=x").status_code == 200


def test_the_players_of_a_match_are_searched_for_in_full(
    boss: Visitor, account: Make, play: Play
) -> None:
    record = play(account("ann"), account("ben"), plies=2)
    play(account("cara"), account("dan"), plies=2)
    page = boss.text("/admin/matches?name=ann")
    assert record.id in page
    assert "cara" not in page
    assert "cara" in boss.text("/admin/matches")


def test_a_match_that_is_ended_is_so_for_its_players(
    boss: Visitor, account: Make, play: Play, house: House
) -> None:
    record = play(account("ann"), account("ben"), plies=2)
    boss.post(f"/admin/matches/{record.id}/end")
    ended = matches.get(house, record.id)
    assert ended.over
    assert ended.ended_by is not None
    assert (ended.ended_by.reason, ended.ended_by.user) == ("abort", None)
    boss.post(f"/admin/matches/{record.id}/end")
    assert "That match is over already." in boss.text("/admin/matches")


def test_a_banned_player_is_out_and_told_why(
    boss: Visitor, account: Make, visitor: Callable[[], Visitor]
) -> None:
    ann = account("ann")
    boss.post("/admin/players/ann/ban", reason="Rude", term="24")
    assert ann.get("/settings").status_code == 302
    refused = visitor().sign_in("ann")
    assert refused.status_code == 403
    assert "You are banned until" in refused.text
    assert "Why: Rude" in refused.text
    assert "banned" in boss.text("/admin/players/ann")
    assert "Rude" in boss.text("/admin/bans")
    assert visitor().sign_in("ann", "wrong").status_code == 422
    boss.post("/admin/players/ann/unban")
    assert visitor().sign_in("ann").status_code == 302


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"term": "24", "end": "2001-01-01T00:00"}, "A ban ends in the future."),
        ({"term": "24", "end": "tomorrow"}, "Not a valid"),
        ({"term": "7"}, "Not a valid choice"),
        ({"term": "24", "reason": "x" * 201}, "That is too long."),
    ],
)
def test_a_ban_that_makes_no_sense_says_why(
    boss: Visitor, fields: dict[str, str], complaint: str
) -> None:
    answer = boss.post("/admin/players/ann/ban", **fields)
    assert answer.status_code == 422
    assert complaint in answer.text
    assert "tag-wrong" not in boss.text("/admin/players/ann")


@pytest.mark.usefixtures("ann")
def test_a_ban_until_a_moment(boss: Visitor) -> None:
    boss.post("/admin/players/ann/ban", term="24", end="2099-05-04T12:30")
    assert "4 May 2099, 12:30 UTC" in boss.text("/admin/players/ann")


@pytest.mark.parametrize("what", ["ban", "delete", "no-admin"])
def test_nobody_does_it_to_themselves(boss: Visitor, what: str) -> None:
    answer = boss.post(f"/admin/players/boss/{what}", term="24")
    said = answer.text if answer.status_code == 422 else boss.text("/admin/players/boss")
    assert "That is you." in said
    assert boss.get("/admin").status_code == 200


def test_an_admin_is_no_player_to_be_banned_or_deleted(boss: Visitor, account: Make) -> None:
    account("ann")
    boss.post("/admin/players/ann/admin")
    assert "They are an admin." in boss.post("/admin/players/ann/ban", term="24").text
    boss.post("/admin/players/ann/delete")
    assert "They are an admin." in boss.text("/admin/players/ann")


def test_a_deleted_player_is_gone_and_their_name_free(
    boss: Visitor, account: Make, house: House, play: Play
) -> None:
    ann, ben = account("ann"), account("ben")
    record = play(ann, ben, plies=2)
    token = tokens.renew(house, ann.caller(house).user_id)
    boss.post("/admin/players/ann/delete")
    assert ann.get("/settings").status_code == 302
    assert boss.get("/admin/players/ann").status_code == 404
    assert matches.get(house, record.id).over
    assert tokens.caller_of(house, token) is None
    account("ann")


def test_a_token_is_seen_once_and_stands_nowhere_else(
    boss: Visitor, account: Make, house: House, app: Flask
) -> None:
    user_id = account("ann").caller(house).user_id
    first = tokens.renew(house, user_id)
    assert first not in boss.text("/admin/players/ann")
    assert first in boss.post("/admin/players/ann/token").text
    second = found_token(boss.post("/admin/players/ann/token/new").text)
    assert second == tokens.show(house, user_id) != first
    for path in ("/admin/audit", "/admin/players/ann", "/admin/log"):
        page = boss.text(path)
        assert first not in page
        assert second not in page


def found_token(page: str) -> str:
    found = re.search(r'id="token">(\w+)<', page)
    assert found
    return found[1]


# Addresses


def test_addresses_are_banned_together_or_not_at_all(boss: Visitor) -> None:
    given = "192.0.2.1, 2001:db8::/32\n192.0.2.300"
    answer = boss.post("/admin/bans", addresses=given, term="24")
    assert answer.status_code == 422
    assert "192.0.2.300 is no address" in answer.text
    assert "192.0.2.1" not in boss.text("/admin/bans").split("bans-heading")[1]
    answer = boss.post("/admin/bans", addresses=given.rsplit("\n", 1)[0], term="24")
    assert answer.status_code == 303
    page = boss.text("/admin/bans")
    assert "2 ranges are banned." in page
    assert "2001:db8::/32" in page
    boss.post("/admin/bans/remove", network="192.0.2.1")
    assert "192.0.2.1 may come in again." in boss.text("/admin/bans")
    boss.post("/admin/bans/remove", network="192.0.2.1")
    assert "192.0.2.1 is not banned." in boss.text("/admin/bans")


@pytest.mark.parametrize("range", ["127.0.0.1", "0.0.0.0/0", "127.0.0.0/8", "::ffff:127.0.0.1"])
def test_nobody_bans_the_address_they_are_at(boss: Visitor, range: str) -> None:
    answer = boss.post("/admin/bans", addresses=f"192.0.2.1 {range}", term="")
    assert answer.status_code == 422
    assert "That would keep you out: you are at 127.0.0.1." in answer.text
    assert boss.get("/admin").status_code == 200


def test_whoever_is_at_a_banned_address_gets_no_further_than_the_door(
    boss: Visitor, visitor: Callable[[], Visitor]
) -> None:
    boss.post("/admin/bans", addresses=ELSEWHERE, reason="Spam", term="")
    person = visitor().client
    for path in ("/", "/lobby", "/static/x", "/socket.io/?EIO=4&transport=polling"):
        answer = person.get(path, environ_base={"REMOTE_ADDR": f"::ffff:{ELSEWHERE}"})
        assert answer.status_code == 403
        assert answer.mimetype == "text/plain"
        assert answer.text == "You are banned for good: Spam\n"
    answer = person.post("/api/lobby", environ_base={"REMOTE_ADDR": ELSEWHERE})
    assert answer.status_code == 403
    assert answer.json == {"error": "You are banned for good: Spam"}
    assert person.get("/", environ_base={"REMOTE_ADDR": "192.0.2.10"}).status_code == 200


# Words


def test_an_announcement_is_on_every_page_until_it_is_closed_there(
    boss: Visitor, visitor: Callable[[], Visitor], house: House
) -> None:
    boss.post("/admin/broadcast", text="Tea <b>at</b> noon")
    reader, other = visitor(), visitor()
    page = reader.text("/rules/uttt")
    assert "Tea &lt;b&gt;at&lt;/b&gt; noon" in page
    check(page)
    number = house.standing.notices[0].id
    closed = reader.post(f"/notices/{number}/close", next="/rules/uttt")
    assert closed.location == "/rules/uttt"
    assert "noon" not in reader.text("/rules/uttt")
    assert "noon" in other.text("/rules/uttt")
    line = chat.history(house, Viewer(1, ""), "lobby")[-1]
    assert (line.name, line.text) == ("admin", "Tea <b>at</b> noon")
    boss.post("/admin/broadcast", text="Cake at six")
    assert "Cake" in reader.text("/rules/uttt")
    boss.post(f"/admin/broadcast/{number}/withdraw")
    assert "noon" not in other.text("/rules/uttt")


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_an_announcement_says_something_and_not_too_much(boss: Visitor, text: str) -> None:
    assert boss.post("/admin/broadcast", text=text).status_code == 422


@pytest.mark.parametrize("cookie", ["", "...", "x", "1.x", "9" * 5000])
def test_an_odd_cookie_closes_nothing(boss: Visitor, cookie: str) -> None:
    boss.post("/admin/broadcast", text="Tea at five")
    boss.client.set_cookie("heard", cookie.replace("1.", "77."))
    assert "Tea at five" in boss.text("/rules/uttt")


def test_a_report_is_shown_with_what_was_said_around_it(
    boss: Visitor, account: Make, house: House
) -> None:
    ann, ben = account("ann"), account("ben")
    viewer = viewer_of(ann, house)
    lines = [
        chat.say(house, ann.caller(house), viewer, "lobby", f"line {number}") for number in range(9)
    ]
    reports.report(house, ben.caller(house), viewer_of(ben, house), lines[4].id, "Boring")
    page = boss.text("/admin/reports")
    assert "Boring" in page
    assert "<mark>line 4</mark>" in page
    assert [f"line {n}" in page for n in range(9)] == [False, *[True] * 7, False]
    report = reports.waiting(house)[0]
    boss.post(f"/admin/reports/{report.id}/close", hide="1")
    assert "Nobody objects to anything." in boss.text("/admin/reports")
    said = chat.history(house, viewer_of(ben, house), "lobby")
    assert "line 4" not in [line.text for line in said]


# The house


def test_the_end_of_the_log(boss: Visitor, house: House) -> None:
    log: Path = house.config.log_path
    lines = [f'{{"event": "line {n}", "level": "info", "n": {n}}}' for n in range(300)]
    log.write_text("\n".join([*lines, "<script>alert(1)</script>"]) + "\n")
    page = boss.text("/admin/log?lines=3")
    assert "info line 299 n=299" in page
    assert "line 297" not in page
    assert "&lt;script&gt;" in page
    page = boss.text("/admin/log?lines=2&text=LINE+11")
    assert [f"line {n} " in page for n in (111, 118, 119, 299)] == [False, True, True, False]
    for odd in ("0", "5001", "-1"):
        assert boss.get(f"/admin/log?lines={odd}").status_code == 422
    assert boss.get("/admin/log?lines=many").status_code == 200
    check(page)


def test_the_record_is_paged(boss: Visitor, house: House) -> None:
    for number in range(audit.PAGE + 1):
        audit.note_alone(house, replace(HOST, address="198.51.100.1"), "ban", f"t{number}-")
    first, second = boss.text("/admin/audit"), boss.text("/admin/audit?page=2")
    assert "t1-" in first
    assert "t0-" not in first
    assert "t0-" in second
    assert "command line" in second


@pytest.mark.parametrize("how", ["restart", "shutdown"])
def test_the_end_is_asked_for_twice(boss: Visitor, app: Flask, how: str) -> None:
    asked: list[object] = []
    app.extensions["orders"].on("stop", asked.append)
    assert boss.get(f"/admin/stop/{how}").status_code == 200
    assert asked == []
    answer = boss.post(f"/admin/stop/{how}")
    assert answer.status_code == 200
    assert asked == [{"restart": how == "restart"}]
    assert ('http-equiv="refresh"' in answer.text) == (how == "restart")
    check(answer.text)
    assert boss.get("/admin/stop/explode").status_code == 404
