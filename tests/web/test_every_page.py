"""What holds of every page: it stands, asks changes by form only, and trusts nothing foreign."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import NoReturn

import pytest
from flask import Flask, abort
from sqlalchemy.exc import OperationalError

from app.games import GAMES
from app.games.uttt.notation import parse_turn
from app.services import sessions
from app.services.house import House
from app.web import diagrams
from app.web.diagrams import Diagram
from app.web.headers import content_policy
from tests.web.conftest import PASSWORD, Visitor

Make = Callable[[str], Visitor]

PUBLIC = ("/", "/watch", "/sign-in", "/register", "/rankings/uttt", "/rules/uttt", "/player/ann")
PRIVATE = ("/lobby", "/table/new", "/table/join", "/friends", "/messages", "/settings")
CHANGES = (
    "/guest",
    "/sign-out",
    "/settings/password",
    "/settings/keep",
    "/settings/theme",
    "/settings/sessions",
    "/settings/sessions/others",
    "/friends/add",
    "/friends/remove",
    "/friends/block",
    "/friends/unblock",
    "/chat/line/report",
)


class Page(HTMLParser):
    """What matters about a page's markup."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.inputs: list[dict[str, str | None]] = []
        self.forms: list[dict[str, str | None]] = []
        self.inline: list[str] = []
        self.headings: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "label":
            self.labels.add(str(given.get("for")))
        if tag == "input" and given.get("type") != "hidden" and "hidden" not in given:
            self.inputs.append(given)
        if tag == "form":
            self.forms.append(given)
        if tag in ("h1", "h2", "h3"):
            self.headings.append(tag)
        is_code = tag == "script" and given.get("type") != "application/json"
        if tag == "style" or (is_code and not given.get("src")):
            self.inline.append(tag)
        self.inline += [name for name in given if name == "style" or name.startswith("on")]


def check(text: str) -> None:
    page = Page(text)
    assert page.inline == []
    assert page.headings.count("h1") == 1
    assert len(page.ids) == len(set(page.ids)), "an id twice"
    for control in page.inputs:
        assert control.get("id") in page.labels, control
    posts = sum(form.get("method") == "post" for form in page.forms)
    assert len(re.findall('name="csrf_token"', text)) == posts


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_stand_for_everybody(
    visitor: Callable[[], Visitor], account: Make, guest: Make, path: str
) -> None:
    ann = account("ann")
    check(visitor().text(path))
    for person in (ann, guest("passer-by")):
        response = person.get(path)
        if path == "/" or (path in ("/sign-in", "/register") and response.status_code == 302):
            continue
        check(response.text)
        assert response.status_code == 200


@pytest.mark.parametrize("path", PRIVATE)
def test_private_pages_stand_for_those_who_are_in(
    visitor: Callable[[], Visitor], account: Make, guest: Make, path: str
) -> None:
    assert visitor().get(path).location.startswith("/sign-in?next=")
    for person in (account("ann"), guest("passer-by")):
        check(person.text(path))


# Changes


def test_nothing_that_takes_only_forms_answers_a_visit(app: Flask, account: Make) -> None:
    ann = account("ann")
    rules = list(app.url_map.iter_rules())
    visited = {rule.rule for rule in rules if "GET" in (rule.methods or ())}
    seen = set()
    for rule in rules:
        if rule.rule in visited or rule.rule.startswith("/admin"):  # for her there is none
            continue
        path = rule.rule.replace("<match_id>", "0" * 16).replace("<int:number>", "1")
        seen.add(path)
        response = ann.get(path)
        assert response.status_code == 405, path
        assert "Nothing was changed." in response.text
    assert set(CHANGES) <= seen


def test_visits_change_nothing(account: Make, guest: Make, app: Flask, house: House) -> None:
    """Every address that can be visited is, with everything a form would send; nobody is out."""
    ann, passer = account("ann"), guest("passer-by")
    everything = {
        "name": "eve", "password": PASSWORD, "player": "passer-by", "theme": "dark",
        "old": PASSWORD, "new": "x", "again": "x", "id": ann.caller(house).session_id,
    }  # fmt: skip
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments:
            ann.get(rule.rule, query_string=everything)
            passer.get(rule.rule, query_string=everything)
    assert ann.caller(house).name == "ann"
    assert not passer.caller(house).registered
    assert len(sessions.rows(house, ann.caller(house))) == 1
    assert ann.client.get_cookie("theme") is None


@pytest.mark.parametrize("path", CHANGES)
def test_a_form_without_the_pages_token_is_refused(account: Make, house: House, path: str) -> None:
    ann = account("ann")
    for token in ({}, {"csrf_token": "guessed"}):
        response = ann.client.post(path, data=token | {"name": "eve", "player": "ben"})
        assert response.status_code == 400
        assert "This page had grown old" in response.text
    assert ann.caller(house).name == "ann"


@pytest.mark.parametrize("path", [path for path in CHANGES if path.count("/") > 1])
def test_strangers_change_nothing(visitor: Callable[[], Visitor], path: str) -> None:
    response = visitor().post(path, player="ben", id=1)
    if path == "/settings/theme":
        assert response.status_code == 400
    else:
        assert response.location == "/sign-in"


# Errors


def test_errors_have_the_houses_look(app: Flask, visitor: Callable[[], Visitor]) -> None:
    for code in (400, 403, 404, 405, 429):
        app.add_url_rule(f"/err/{code}", f"err{code}", lambda code=code: abort_with(code))
    for code in (400, 403, 404, 405, 429):
        response = visitor().get(f"/err/{code}")
        assert response.status_code == code
        check(response.text)
        assert "Go to the front door" in response.text


def abort_with(code: int) -> NoReturn:
    abort(code)


@pytest.mark.parametrize(
    ("fault", "status", "shown"),
    [
        (RuntimeError("the disk is gone"), 500, "Something broke on our side"),
        (
            OperationalError("SELECT 1", {}, Exception("the disk is gone")),
            503,
            "We cannot get at our books just now",
        ),
    ],
)
def test_our_own_fault_is_shown_without_the_database(
    app: Flask,
    account: Make,
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
    status: int,
    shown: str,
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    ann = account("ann")

    def broken(*_: object) -> None:
        raise fault

    monkeypatch.setattr("app.services.sessions.resume", broken)
    response = ann.get("/settings")
    assert response.status_code == status
    assert shown in response.text
    assert "disk" not in response.text
    check(response.text)


def test_an_unknown_page_is_a_404_for_whoever_is_signed_in_too(account: Make) -> None:
    response = account("ann").get("/no/such/page")
    assert response.status_code == 404
    assert "There is no such page" in response.text
    assert "Sign out" in response.text


# Headers


@pytest.mark.parametrize("path", ["/", "/rules/uttt", "/nothing-here", "/player/nobody"])
def test_every_answer_carries_the_policy(visitor: Callable[[], Visitor], path: str) -> None:
    headers = visitor().get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "connect-src 'self' ws://localhost wss://localhost;" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Cookie" in headers["Vary"]
    assert "no-cache" in headers["Cache-Control"]


def test_a_strange_host_stays_out_of_the_policy() -> None:
    assert "wss://evil" not in content_policy("evil; script-src *")
    assert "wss://[::1]:5000" in content_policy("[::1]:5000")


def test_static_files_are_kept_long(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/").text
    url = re.search(r'href="(/static/[^"]+site\.css)"', page)
    assert url
    response = client.get(url[1])
    assert response.status_code == 200
    assert "max-age=31536000" in response.headers["Cache-Control"]
    assert "Content-Security-Policy" in response.headers


# Diagrams


@pytest.mark.parametrize("diagram", diagrams.ALL, ids=lambda diagram: diagram.moves[:20])
def test_diagrams_say_what_the_rules_say(diagram: Diagram) -> None:
    game = GAMES["uttt"]
    state = game.initial(game.parse_options({"variant": diagram.variant}), b"").state
    for ply, name in enumerate(diagram.names):
        state = game.apply(state, ply % 2, parse_turn(name)).state
    said, right = diagram.view(), game.view(state, None)
    if right["over"]:
        said.pop("active")
        right.pop("active")
    assert said == right
