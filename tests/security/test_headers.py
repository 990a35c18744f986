"""What every answer says about how far to trust it: on every address, whoever asks, errors too."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.headers import FIXED
from app.services import bans
from app.services.audit import HOST
from app.services.house import House
from config import Config
from tests.security.conftest import People
from tests.security.routes import Address
from tests.web.conftest import Visitor
from tests.web.test_every_page import Page

HTTPS = "https://house.example"
PAGES = ("default-src 'self'", "script-src 'self'", "object-src 'none'", "base-uri 'none'")
EVERYWHERE = ("frame-ancestors 'none'", "form-action")


def check(response: TestResponse, where: str) -> None:
    for name in FIXED:
        assert len(response.headers.getlist(name)) == 1, (where, name)
    for name, value in FIXED.items():
        if name != "Content-Security-Policy":
            assert response.headers[name] == value, where
    policy = response.headers["Content-Security-Policy"]
    assert all(part in policy for part in EVERYWHERE), (where, policy)
    assert "unsafe" not in policy, where
    assert "*" not in policy, where
    assert "Server" not in response.headers, where
    if response.mimetype == "text/html":
        assert all(part in policy for part in PAGES), (where, policy)
        assert Page(response.text).inline == [], where
        assert not re.search(r"""(?:src|href|action)=["']?\s*javascript:""", response.text), where


def ask(person: Visitor, address: Address, **options: object) -> TestResponse:
    return person.client.open(address.path, method="GET", **options)


def test_every_answer_of_every_route_carries_them(people: People, every: list[Address]) -> None:
    seen = set()
    for address in every:
        for person in (people.stranger, people.admin):
            response = ask(person, address)
            seen.add(response.status_code)
            check(response, address.path)
        check(people.player.client.post(address.path), address.path)  # refused: no token
    assert {200, 302, 404, 405} <= seen


def test_no_page_with_somebodys_name_on_it_is_kept_by_a_cache(
    people: People, every: list[Address]
) -> None:
    for address in every:
        if address.rule.endpoint == "static":
            continue
        response = ask(people.player, address)
        kept = response.headers.get("Cache-Control", "")
        if "public" in kept or "max-age" in kept:
            assert "ann" not in response.text.split(), address.path
        else:
            assert "no-cache" in kept or "no-store" in kept, address.path
        if "no-store" not in kept:
            assert "Cookie" in response.headers["Vary"], address.path


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/no/such/page"),
        ("GET", "/static/0/none.js"),
        ("GET", "/ws/uttt"),
        ("GET", "/ws/scopa"),
        ("GET", "/ws/bridge"),
        ("GET", "/api/openapi.json"),
        ("GET", "/api/no-such-command"),
        ("PUT", "/api/lobby"),
        ("OPTIONS", "/api/lobby"),
        ("GET", "/api/lobby?token=x"),
        ("GET", "/socket.io/?EIO=4&transport=polling"),
        ("GET", "/socket.io/?EIO=3&transport=polling"),
        ("POST", "/socket.io/?EIO=4&transport=polling&sid=none"),
        ("GET", "/player/%00"),
        ("TRACE", "/"),
    ],
)
def test_what_does_not_come_from_a_page_carries_them_too(
    client: FlaskClient, method: str, path: str
) -> None:
    check(client.open(path, method=method), path)


def test_what_is_no_page_may_do_nothing_in_a_browser(client: FlaskClient) -> None:
    for path in ("/api/openapi.json", "/socket.io/?EIO=4&transport=polling", "/ws/uttt"):
        assert "default-src 'none'" in client.get(path).headers["Content-Security-Policy"]


def test_the_refusals_at_the_door_carry_them(app: Flask, house: House, config: Config) -> None:
    client = app.test_client()
    bans.ban(house, HOST, ["192.0.2.7"])
    bans.reload(house)
    for path in ("/", "/api/lobby"):
        response = client.get(path, environ_base={"REMOTE_ADDR": "192.0.2.7"})
        assert response.status_code == 403
        check(response, path)
    app.extensions["edge"].gate.close()
    response = client.get("/")
    assert response.status_code == 503
    check(response, "closing")


def test_our_own_fault_carries_them_and_tells_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken(*_: object) -> None:
        raise RuntimeError("the secret is 12345")

    monkeypatch.setitem(app.view_functions, "watch.index", broken)
    response = app.test_client().get("/watch")
    assert response.status_code == 500
    check(response, "/watch")
    assert "12345" not in response.text
    assert "Traceback" not in response.text


# HTTPS


def test_over_https_browsers_are_told_to_stay_there(config: Config) -> None:
    app = create_app(replace(config, HSTS_SECONDS=3600))
    client = app.test_client()
    for path in ("/", "/api/openapi.json", "/no/such/page", "/ws/uttt"):
        assert client.get(path, base_url=HTTPS).headers["Strict-Transport-Security"] == (
            "max-age=3600"
        )
        assert "Strict-Transport-Security" not in client.get(path).headers
    silent = create_app(replace(config, HSTS_SECONDS=0)).test_client()
    assert "Strict-Transport-Security" not in silent.get("/", base_url=HTTPS).headers


def test_a_trusted_proxy_says_that_it_is_https(config: Config) -> None:
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    trusting = create_app(replace(config, TRUSTED_PROXIES="127.0.0.1")).test_client()
    assert "Strict-Transport-Security" in trusting.get("/", headers=said).headers
    assert "Secure" in trusting.get("/sign-in", headers=said).headers["Set-Cookie"]
    doubting = create_app(config).test_client()
    assert "Strict-Transport-Security" not in doubting.get("/", headers=said).headers
    assert "Secure" not in doubting.get("/sign-in", headers=said).headers["Set-Cookie"]


# Cookies

# Read by the site's own scripts; nothing that lets anybody in.
SCRIPTS_READ = {"theme", "heard"}


def test_every_cookie_is_secure_over_https_and_stays_on_the_site(
    app: Flask, visitor: Callable[[], Visitor]
) -> None:
    person = visitor()
    seen: dict[str, str] = {}

    def note(response: TestResponse) -> None:
        for line in response.headers.getlist("Set-Cookie"):
            seen[line.partition("=")[0]] = line

    own = {"base_url": HTTPS, "headers": {"Referer": HTTPS}}
    note(person.get("/register", **own))
    forms = {
        "/register": {"name": "ann", "password": "only a test"},
        "/settings/theme": {"theme": "dark"},
        "/settings/language": {"language": "it"},
        "/notices/1/close": {},
        "/coach/off": {},
    }
    for path, fields in forms.items():
        person.get("/no-such-page", **own)
        response = person.client.post(path, data={"csrf_token": person._token, **fields}, **own)
        assert response.status_code < 400, (path, response.status)
        note(response)
    assert {"parlour", "theme", "language"} <= set(seen), set(seen)
    for name, line in seen.items():
        assert "; Secure" in line, line
        assert "; SameSite=Lax" in line, line
        assert ("; HttpOnly" in line) or name in SCRIPTS_READ, line
        assert "Domain=" not in line, line


def test_the_session_cookie_is_signed(people: People, app: Flask) -> None:
    cookie = people.player.client.get_cookie("parlour")
    assert cookie
    stranger = app.test_client()
    for at in range(3, len(cookie.value), 7):
        other = "A" if cookie.value[at] != "A" else "B"
        forged = cookie.value[:at] + other + cookie.value[at + 1 :]
        stranger.set_cookie("parlour", forged)
        assert stranger.get("/lobby").status_code == 302, forged
    stranger.set_cookie("parlour", cookie.value)
    assert stranger.get("/lobby").status_code == 200
