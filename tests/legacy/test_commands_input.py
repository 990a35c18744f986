"""Whatever else one may send to the command API: named, answered in its own form, and harmless."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.legacy.commanders import Answer, ByForm, ByJson, ByWebSocket, http
from tests.legacy.players import new_name
from tests.support.rawclient import BINARY, RawClient, Refused, build_frame
from tests.support.server import Server


@pytest.fixture(scope="module")
def nick_and_token(server: Server) -> tuple[str, str]:
    nick = new_name()
    return nick, ByForm(server).register(nick)


@pytest.fixture
def token(nick_and_token: tuple[str, str]) -> str:
    return nick_and_token[1]


@pytest.fixture
def ws(server: Server) -> Iterator[ByWebSocket]:
    client = ByWebSocket(server)
    yield client
    client.close()


def error_of(answer: Answer, status: int) -> str:
    assert answer.status == status, answer
    assert answer.value.keys() == {"error"}
    text: str = answer.value["error"]
    return text


def post(server: Server, command: str, **options: Any) -> Answer:
    return http(server, "POST", command, **options)


# Parameters


@pytest.mark.parametrize(
    ("command", "given", "named"),
    [
        ("register", {}, "nick is missing"),
        ("register", {"nick": ""}, "nick is missing"),
        ("join", {}, "nick is missing"),
        ("play", {"type": "place"}, "coordinates is missing"),
        ("play", {"coordinates": "1,1"}, "type is missing"),
        ("play", {"type": "hop", "coordinates": "1,1"}, "type:"),
        ("join", {"nick": "far", "spectate": "perhaps"}, "spectate:"),
        ("join", {"nick": "far", "variant": "chess"}, "variant:"),
        ("chat", {"timeout": "soon"}, "timeout:"),
        ("chat", {"timeout": "-1"}, "timeout:"),
        ("chat", {"timeout": "nan"}, "timeout:"),
        ("state", {"version": "latest"}, "version:"),
        ("state", {"version": "-1"}, "version:"),
        ("state", {"version": "1.5"}, "version:"),
        ("register", {"nick": "a\0b"}, "nick:"),
        ("chat", {"msg": "a\0b"}, "msg:"),
    ],
)
def test_a_parameter_that_is_wrong_is_named(
    server: Server, ws: ByWebSocket, token: str, command: str, given: dict[str, str], named: str
) -> None:
    if command != "register":
        given = {"token": token, **given}
    texts = [
        error_of(http(server, "GET", command, params=given), 400),
        error_of(post(server, command, data=given), 400),
        error_of(post(server, command, json=given), 400),
    ]
    if "is missing" not in named:
        texts.append(ws.do(command, **given).value["error"])
    assert all(text.startswith(named) for text in texts), texts


@pytest.mark.parametrize(
    ("command", "given"),
    [
        ("register", {"nick": 5}),
        ("register", {"nick": ["far"]}),
        ("chat", {"msg": {"text": "hi"}}),
        ("chat", {"timeout": True}),
        ("chat", {"timeout": [1]}),
        ("state", {"version": {}}),
        ("join", {"nick": "far", "spectate": 2}),
        ("join", {"nick": "far", "code": 12345}),
    ],
)
def test_json_of_another_type(
    server: Server, token: str, command: str, given: dict[str, Any]
) -> None:
    name = next(reversed(given))
    text = error_of(post(server, command, json={"token": token, **given}), 400)
    assert text.startswith(f"{name}: expected")


@pytest.mark.parametrize("token", [5, None, ["x"], {"a": 1}, True])
def test_a_token_that_is_no_text(server: Server, token: Any) -> None:
    answer = post(server, "lobby", json={"token": token})
    assert error_of(answer, 401) == "Invalid or non-existence token!"


def test_numbers_and_booleans_may_be_either(server: Server, token: str) -> None:
    by_json = ByJson(server)
    for no in (False, "false", "0", 0, "False"):
        by_json.refused(
            404, "Game does not exist", "join", token=token, nick="nobody-there", spectate=no
        )
    for seconds in (0, 0.0, "0", "0.0"):
        assert isinstance(by_json.ok("chat", token=token, timeout=seconds), list)


def test_unknown_parameters_are_left_alone(server: Server, token: str) -> None:
    assert isinstance(ByForm(server).ok("lobby", token=token, colour="blue"), list)


def test_a_null_is_none(server: Server, token: str) -> None:
    given = {"token": token, "msg": None, "timeout": None}
    assert isinstance(ByJson(server).ok("chat", **given), list)


def test_the_body_counts_more_than_the_query(server: Server, token: str) -> None:
    answer = post(server, "lobby", params={"token": "x"}, data={"token": token})
    assert answer.status == 200


def test_a_form_in_parts(server: Server, token: str) -> None:
    answer = post(server, "chat", files={"token": (None, token), "msg": (None, "größer")})
    assert answer.status == 200
    assert list(answer.value[-1].values()) == ["größer"]


def test_a_body_in_chunks(server: Server, token: str) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    body = iter([b"token=", token.encode()])
    assert post(server, "lobby", data=body, headers=headers).status == 200


# What cannot be read


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b"5",
        b'{"nick": "\xff"}',
        b'{"nick": "\\ud800"}',
        b"[" * 20_000,
        b"\x00",
    ],
)
def test_what_is_no_json_object(server: Server, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    error_of(post(server, "register", data=body, headers=headers), 400)


@pytest.mark.parametrize("where", ["query", "form", "parts"])
def test_what_is_no_utf8(server: Server, where: str) -> None:
    broken = "nick=%ff%fe"
    if where == "query":
        answer = http(server, "GET", f"register?{broken}")
    elif where == "form":
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = post(server, "register", data=broken, headers=headers)
    else:
        answer = post(server, "register", files={"nick": (None, b"\xff\xfe")})
    assert error_of(answer, 400) == "Parameters are UTF-8"


def test_bare_bytes_in_a_query(server: Server) -> None:
    with socket.create_connection((server.host, server.port), timeout=30) as sock:
        sock.sendall(b"GET /api/register?nick=\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 400 " in sock.recv(4096)


def test_another_kind_of_body(server: Server) -> None:
    headers = {"Content-Type": "application/xml"}
    assert "Send parameters as" in error_of(
        post(server, "register", data=b"<nick/>", headers=headers), 400
    )


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_a_body_that_is_too_big(server: Server, kind: str) -> None:
    answer = post(server, "register", data=b"x" * 70_000, headers={"Content-Type": kind})
    assert error_of(answer, 413) == "A command has at most 65536 bytes"


def test_too_many_fields(server: Server) -> None:
    fields = [(f"f{number}", "x") for number in range(60)]
    assert "fields" in error_of(http(server, "GET", "register", params=fields), 400)


def test_a_huge_number(server: Server, token: str) -> None:
    answer = post(server, "state", json={"token": token, "version": 10**40})
    assert error_of(answer, 409) == "You have not joined a game"


# HTTP itself

NOUGHT = pytest.param("%00", marks=pytest.mark.one_worker("nginx refuses it by itself"))


@pytest.mark.parametrize("command", ["nothing-like-it", "lobby/more", "LOBBY", NOUGHT])
def test_an_unknown_command(server: Server, command: str) -> None:
    for method in ("GET", "POST"):
        answer = http(server, method, command)
        assert error_of(answer, 404).startswith("There is no command")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD"])
def test_another_method(server: Server, method: str) -> None:
    answer = requests.request(method, f"{server.url}/api/lobby", timeout=30)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, POST, OPTIONS"


def test_cookies_are_not_looked_at(server: Server) -> None:
    answer = requests.get(f"{server.url}/api/lobby", headers={"Cookie": "parlour=x"}, timeout=30)
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers


def test_pages_of_anywhere_may_read_it(server: Server, token: str) -> None:
    url, origin = f"{server.url}/api/lobby", {"Origin": "https://elsewhere.example"}
    answer = requests.get(url, params={"token": token}, headers=origin, timeout=30)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    asked = requests.options(
        url, headers=origin | {"Access-Control-Request-Method": "POST"}, timeout=30
    )
    assert asked.status_code == 204
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    assert asked.headers["Access-Control-Allow-Headers"] == "Content-Type"


def test_pages_of_some_places_may_read_it(make_server: Callable[..., Server]) -> None:
    server = make_server(LEGACY_ORIGINS="https://friends.example")
    for origin, allowed in (("https://friends.example", True), ("https://foes.example", False)):
        answer = requests.get(f"{server.url}/api/lobby", headers={"Origin": origin}, timeout=30)
        given = answer.headers.get("Access-Control-Allow-Origin")
        assert given == (origin if allowed else None)
        assert answer.headers["Vary"] == "Origin"
    with pytest.raises(Refused) as refused:
        RawClient(server.host, server.port, "/api/ws", headers=[("Origin", "https://foes.example")])
    assert refused.value.status == 403


def test_too_many_commands(make_server: Callable[..., Server]) -> None:
    server = make_server(RATELIMIT_ENABLED="1", API_LIMIT="5 per minute")
    answers = [http(server, "GET", "lobby") for _ in range(7)]
    assert [answer.status for answer in answers] == [401] * 5 + [429] * 2
    assert "Too many tries" in answers[-1].value["error"]


def test_too_many_unknown_tokens(make_server: Callable[..., Server]) -> None:
    server = make_server(RATELIMIT_ENABLED="1", API_TOKEN_LIMIT="3 per minute")
    client = ByForm(server)
    token = client.register(new_name())
    statuses = [client.do("lobby", token=f"nobodys{n:05}").status for n in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    client.ok("lobby", token=token)  # who has one, goes on


def test_the_admins_token_is_not_to_be_guessed(make_server: Callable[..., Server]) -> None:
    """Whichever way one comes: an address has so many tries."""
    admin = "the admin's own token, which nobody guesses"
    server = make_server(RATELIMIT_ENABLED="1", API_TOKEN_LIMIT="4 per minute", ADMIN_TOKEN=admin)
    client, socket_ = ByForm(server), ByWebSocket(server)
    token = client.register(new_name())
    for n in range(2):
        client.refused(401, "Invalid or non-existence token!", "logs", token=f"guess-{n}")
        socket_.refused(401, "Invalid or non-existence token!", "logs", token=f"guess-{n}")
    for guess in ("guess", admin):
        assert client.do("logs", token=guess).status == 429
        assert "Too many tries" in socket_.do("logs", token=guess).value["error"]
    client.ok("lobby", token=token)
    socket_.ok("lobby", token=token)


# The WebSocket


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "Say a command"),
        ("   ", "Say a command"),
        ('""', "There is no command "),
        ("nothing-like-it", "There is no command nothing-like-it"),
        ("LOBBY x", "There is no command LOBBY"),
        ('chat "unbalanced', "That is no line of words: No closing quotation"),
        ("chat 'unbalanced", "That is no line of words: No closing quotation"),
        ("chat x\\", "That is no line of words: No escaped character"),
        ("lobby a b", "lobby takes token and no more"),
        ("register", "nick is missing: register takes nick"),
        ("x" * 20_000, "A command has at most 16384 characters"),
        ("lobby", "Invalid or non-existence token!"),
        ('{"type": "login"}', "There is no command {type:"),
        ("register \0\0\0", "nick: NUL is no character of a text"),
    ],
)
def test_a_line_that_is_no_command(ws: ByWebSocket, text: str, error: str) -> None:
    ws.raw.send_text(text)
    assert ws.hear() == {"error": error}
    assert ws.do("lobby", token="x").value  # and it goes on


def test_words_as_a_shell_has_them(ws: ByWebSocket, nick_and_token: tuple[str, str]) -> None:
    nick, token = nick_and_token
    for words, said in (
        ('"well played"', "well played"),
        ("'it''s'", "its"),
        ("a\\ b", "a b"),
        ('"a \\" b"', 'a " b'),
        ("größe", "größe"),
        ("'$HOME `ls` #'", "$HOME `ls` #"),
    ):
        ws.raw.send_text(f"chat {token} {words}")
        assert ws.hear()[-1] == {nick: said}


def test_a_binary_frame(ws: ByWebSocket) -> None:
    ws.raw.send_frame(b"lobby", BINARY)
    assert ws.hear() == {"error": "Send text frames, not binary ones."}
    assert ws.do("lobby", token="x").value == {"error": "Invalid or non-existence token!"}


def test_a_frame_that_is_too_big(ws: ByWebSocket) -> None:
    ws.raw.send_text("x" * 70_000)
    assert "65536" in ws.hear()["error"]
    assert ws.do("lobby", token="x").value == {"error": "Invalid or non-existence token!"}


def test_a_frame_that_is_no_utf8_ends_it(ws: ByWebSocket) -> None:
    ws.raw.send_frame(b"chat \xff\xfe")
    assert ws.raw.closed() == 1007


@pytest.mark.one_worker("what one connection may say, its worker counts")
def test_a_flood_is_told_once_and_closed(make_server: Callable[..., Server]) -> None:
    server = make_server(MESSAGES_PER_SECOND="1", MESSAGE_BURST="10")
    client = ByWebSocket(server)
    client.raw.sock.sendall(build_frame(b"lobby x") * 500)
    answers = [client.hear()["error"]]
    while answers[-1] == "Invalid or non-existence token!":
        answers.append(client.hear()["error"])
    assert answers[-1] == "Too many messages at once."
    assert len(answers) > 10
    assert client.raw.closed() == 1008


def test_a_plain_visit_is_told(server: Server) -> None:
    assert requests.get(f"{server.url}/api/ws", timeout=30).status_code == 426


def test_who_says_nothing_is_sent_away(make_server: Callable[..., Server]) -> None:
    server = make_server(SIGN_IN_TIMEOUT="1")
    token = ByForm(server).register(new_name())
    silent, guesser, speaker = (ByWebSocket(server) for _ in range(3))
    speaker.ok("lobby", token=token)
    assert guesser.do("lobby", token="nobodys").value == {
        "error": "Invalid or non-existence token!"
    }
    assert silent.raw.closed() == guesser.raw.closed() == 1008
    speaker.ok("lobby", token=token)


def test_answers_are_json_all_the_time(server: Server) -> None:
    for command in ("lobby", "nothing-like-it", "logs"):
        answer = requests.get(f"{server.url}/api/{command}", timeout=30)
        assert answer.headers["Content-Type"] == "application/json"
        json.loads(answer.text)
