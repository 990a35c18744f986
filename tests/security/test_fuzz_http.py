"""HTTP fed with whatever comes to mind: every page and form, as everybody; and broken requests."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from typing import Any

import pytest
import requests
import schemathesis
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error

from app import create_app
from config import Config
from tests.security.fuzz import INSIDE, fuzzing, unharmed
from tests.support.server import Server
from tests.support.site import Visitor

BOSS, PASSWORD = "boss", "a good secret"
QUERY = ("next", "page", "code", "seat", "ply", "name", "game", "lines", "strength", "player")
FORM = (*QUERY, "password", "old", "new", "again", "token", "sure", "player", "theme", "language",
        "id", "room", "text", "reason", "version", "bid", "card", "claim", "alert", "answer",
        "position", "owner", "variant", "opponent", "time", "minutes", "increment", "rated",
        "access", "addresses", "network", "class", "over", "computer", "kind")  # fmt: skip
LIKELY = ("uttt", "scopa", "bridge", BOSS, "lobby", "pbn", "N", "1", "0" * 32, "x")
UNTOUCHED = {"admin.stop", "auth.sign_out", "mydata.delete", "static"}
ODD_LINES = (
    "GET / HTTP/1.1",
    "GET / HTTP/1.0",
    "GET / HTTP/9.9",
    "GET  /  HTTP/1.1",
    "GET /",
    "/",
    "BREW / HTTP/1.1",
    "CONNECT x:1 HTTP/1.1",
    "GET http://evil.example/ HTTP/1.1",
    "GET //x/ HTTP/1.1",
    "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1",
    "GET /static/../config.py HTTP/1.1",
    "GET /\xff HTTP/1.1",
    "POST /sign-in HTTP/1.1",
    "POST /api/lobby HTTP/1.1",
    "HEAD / HTTP/1.1",
    "PRI * HTTP/2.0",
    "OPTIONS * HTTP/1.1",
    "POST /socket.io/?EIO=4&transport=polling HTTP/1.1",
    "GET /?a=%zz HTTP/1.1",
)
ODD_HEADERS = (
    "Host: localhost",
    "Host: ",
    "Host: a b",
    "Host: [::1",
    "Host: x\x00y",
    "Host: \xe9vil:99999999",
    "Content-Length: 5",
    "Content-Length: -1",
    "Content-Length: 99999999999",
    "Content-Length: x",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip",
    "Expect: 100-continue",
    "Upgrade: h2c",
    "Connection: upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Key: x",
    "Sec-WebSocket-Version: 13",
    "Content-Type: application/json",
    "Content-Type: multipart/form-data; boundary=x",
    "Range: bytes=0-",
    "Content-Type: multipart/form-data",
    "Content-Type: application/x-www-form-urlencoded; charset=x",
    "Cookie: parlour=.eJx; theme=\xff",
    "Cookie: =;;=",
    "Origin: \x01",
    "Referer: \xff",
    "no colon",
    "Accept-Language: " + "x," * 500,
    "X: " + "y" * 9000,
    "X-Forwarded-For: ,,,",
    " folded: x",
    "If-Modified-Since: never",
    "Accept-Encoding: gzip;q=x",
    "Authorization: Basic \xff",
    "Sec-Fetch-Site: \xff",
    "X-Forwarded-Host: \x00",
)

_numbers = count()


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = {"SIGN_IN_TIMEOUT": "3"}
    with Server(tmp_path_factory.mktemp("pages") / "instance", settings) as server:
        Visitor(server.url).register(BOSS, PASSWORD)
        yield server


def document(app: Flask) -> dict[str, Any]:
    """The site as OpenAPI, from the map by which it is served: every page and every form."""
    likely = {"anyOf": [{"enum": list(LIKELY)}, {"type": "string", "minLength": 1}]}
    number = {"anyOf": [{"type": "integer"}, {"type": "string", "minLength": 1}]}
    form = {"type": "object", "properties": dict.fromkeys(FORM, likely)}
    paths: dict[str, Any] = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint in UNTOUCHED:
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        kind = number if "int:" in rule.rule else likely
        inside = [
            {"name": name, "in": "path", "required": True, "schema": kind}
            for name in sorted(rule.arguments)
        ]
        asked = [{"name": name, "in": "query", "schema": likely} for name in QUERY]
        operation = {"parameters": inside + asked, "responses": {"default": {"description": ""}}}
        here = paths.setdefault(path, {})
        if "GET" in (rule.methods or ()):
            here["get"] = operation
        if "POST" in (rule.methods or ()):
            body = {"content": {"application/x-www-form-urlencoded": {"schema": form}}}
            here["post"] = operation | {"requestBody": body}
    info = {"title": "The site", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": paths}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    instance = str(tmp_path_factory.mktemp("map"))
    config = Config(INSTANCE_PATH=instance, TESTING=True, ASYNC_MODE="threading", SECRET_KEY="x")
    return document(create_app(config))


@pytest.fixture(scope="module")
def people(target: Server) -> list[Visitor]:
    """A stranger, a guest, and the admin."""
    boss = Visitor(target.url).sign_in(BOSS, PASSWORD)
    _make_admin(target)
    return [Visitor(target.url), Visitor(target.url).guest("fuzzer"), boss]


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_page_and_no_form_breaks(
    target: Server, site: dict[str, Any], people: list[Visitor], method: str
) -> None:
    """schemathesis drives each of them, with the page's token where a form wants it."""
    schema = schemathesis.openapi.from_dict(site)
    operations = [
        schema[path][method.upper()] for path in site["paths"] if method in site["paths"][path]
    ]
    assert len(operations) > 50
    tokens = [_token(person) for person in people]
    seen: set[int] = set()

    @given(st.data())
    @fuzzing(2)
    def ask(data: st.DataObject) -> None:
        for operation in operations:
            case = data.draw(operation.as_strategy())
            who = next(_numbers) % len(people)
            if isinstance(case.body, dict):
                case.body["csrf_token"] = tokens[who]
            answer = case.call(
                base_url=target.url, session=people[who].http, timeout=60, allow_redirects=False
            )
            seen.add(answer.status_code)
            case.validate_response(answer, checks=(not_a_server_error,))
            if "/api" not in case.path:  # where the API's own examples are shown
                assert not re.search(
                    r"Traceback|sqlalchemy|sqlite3", answer.content.decode("utf-8", "replace")
                ), case.path
            if case.path in ("/sign-in", "/register", "/guest", "/computer", "/sign-in/token"):
                tokens[who] = _token(people[who])  # perhaps they came in as somebody

    with unharmed(target):
        ask()
    assert {200, 302, 404} & seen, seen
    assert 400 not in seen or len(seen) > 2, seen


def test_no_request_however_broken_breaks_it(target: Server) -> None:
    """Bytes that are HTTP, nearly HTTP, or nothing of the kind."""
    lines = st.sampled_from(ODD_LINES) | st.text(
        alphabet=st.characters(max_codepoint=255), max_size=40
    )
    heads = st.lists(
        st.sampled_from(ODD_HEADERS)
        | st.text(alphabet=st.characters(max_codepoint=255), max_size=40),
        max_size=6,
    )
    bodies = st.sampled_from((b"", b"5\r\nabcde\r\n0\r\n\r\n", b"zz\r\n", b"{", b"a=1&b=%ff")) | (
        st.binary(max_size=60)
    )

    @given(lines, heads, bodies)
    @fuzzing(120)
    def ask(line: str, head: list[str], body: bytes) -> None:
        request = "\r\n".join([line, *head, "", ""]).encode("latin-1") + body
        answer = _exchange(target, request)
        first = answer.partition("\r\n")[0]
        assert not re.match(r"HTTP/1\.[01] 5(?!01|05)\d\d", first), (request, answer[:500])
        assert not INSIDE.search(answer.partition("<!doctype")[0]), answer
        assert "root:x:" not in answer

    with unharmed(target):
        ask()


def _exchange(server: Server, request: bytes) -> str:
    heard = b""
    where = (server.host, server.port)
    with suppress(ConnectionError), socket.create_connection(where, timeout=60) as sock:
        sock.sendall(request)
        sock.shutdown(socket.SHUT_WR)
        while piece := sock.recv(65536):
            heard += piece
    return heard.decode("utf-8", "replace")


def _token(person: Visitor) -> str:
    found = re.search(
        r'name="csrf_token"[^>]*value="([^"]+)"', person.http.get(person.url + "/no-page").text
    )
    return found[1] if found else ""


def _make_admin(server: Server) -> None:
    """As the host would, with the command."""
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "create-admin", BOSS],
        env=server.environment(),
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert requests.get(server.url, timeout=30).ok
