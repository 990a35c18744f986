"""WebSockets fed with whatever comes to mind: every raw protocol, and Engine.IO's framing."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from app.legacy import PROTOCOLS
from app.legacy.commands.table import COMMANDS
from app.live.commands import TYPES
from tests.security.fuzz import (
    BROKEN_JSON,
    INSIDE,
    dumped,
    fuzzing,
    payloads,
    texts,
    unharmed,
    values,
)
from tests.support.rawclient import BINARY, CLOSE, PING, PONG, TEXT, build_frame, handshake
from tests.support.server import Server
from tests.support.site import Visitor

PATHS = sorted({path for protocol in PROTOCOLS for path in protocol.paths})
SUBPROTOCOLS = sorted({p.subprotocol for p in PROTOCOLS if p.subprotocol})
WEBSOCKET = "/socket.io/?EIO=4&transport=websocket"
POLLING = "/socket.io/?EIO=4&transport=polling"
CONTROLS = ("login", "register", "token_login", "chat", "match_proposal", "new_match", "play")
DESTROYS = {"shutdown", "restart"}

_numbers = count()


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that nobody else needs, with the usual limits on messages but none on sign-ins."""
    settings = {"MESSAGES_PER_SECOND": "50", "MESSAGE_BURST": "100", "SIGN_IN_TIMEOUT": "10"}
    with Server(tmp_path_factory.mktemp("fuzz") / "instance", settings) as server:
        yield server


@pytest.fixture(scope="module")
def cookie(target: Server) -> str:
    return Visitor(target.url).guest("fuzzer").cookie


# What is said

envelopes = st.builds(
    lambda type, data: dumped({"type": type, "data": data}),
    st.sampled_from(sorted(TYPES)) | texts,
    payloads,
)
controls = st.builds(
    lambda control, data: dumped({"control": control, "data": data}),
    st.sampled_from(CONTROLS) | texts,
    payloads,
)
words = st.builds(
    lambda name, given: " ".join([name, *given]),
    st.sampled_from(sorted(set(COMMANDS) - DESTROYS)) | texts,
    st.lists(texts | values.map(dumped), max_size=6),
)
messages = envelopes | controls | words | values.map(dumped) | st.sampled_from(BROKEN_JSON) | texts


@st.composite
def frames(draw: st.DrawFn) -> bytes:
    """A frame, now and then one that breaks the rules, or bytes that are none."""
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return draw(st.binary(max_size=60))
    if kind == 1:
        return build_frame(
            draw(st.binary(max_size=200)),
            draw(st.integers(0, 15)),
            fin=draw(st.booleans()),
            mask=draw(st.booleans()),
            rsv=draw(st.sampled_from((0, 0, 0x10, 0x40, 0x70))),
        )
    if kind == 2:
        opcode = draw(st.sampled_from((PING, PONG, CLOSE, BINARY)))
        return build_frame(draw(st.binary(max_size=125)), opcode)
    text = draw(messages).encode("utf-8", "surrogatepass")
    if kind == 3 and len(text) > 1:
        cut = draw(st.integers(1, len(text) - 1))
        return build_frame(text[:cut], TEXT, fin=False) + build_frame(text[cut:], 0)
    return build_frame(text, TEXT)


def exchange(server: Server, request: bytes, *said: bytes) -> str:
    """Say all that at once, hang up, and hear what came back until the server has, too."""
    with socket.create_connection((server.host, server.port), timeout=60) as sock:
        heard = b""
        with suppress(ConnectionError):
            sock.sendall(request + b"".join(said))
            sock.shutdown(socket.SHUT_WR)
            while piece := sock.recv(65536):
                heard += piece
    text = heard.decode("utf-8", "replace")
    assert not INSIDE.search(text), text
    return text


def login(path: str) -> bytes:
    """Come in first, as each protocol has it: a guest, or somebody new."""
    name = f"fuzz-{next(_numbers)}"
    say = {
        "/ws/scopa": {"control": "register", "data": {"username": name, "password": "pw"}},
        "/api/ws": f"register {name}",
    }.get(path, {"type": "login", "data": {"name": name, "pw": None}})
    return build_frame((say if isinstance(say, str) else json.dumps(say)).encode())


@pytest.mark.parametrize("path", PATHS)
def test_no_raw_endpoint_breaks(target: Server, path: str) -> None:
    @given(st.lists(frames(), max_size=12), st.booleans())
    @fuzzing(40)
    def talk(said: list[bytes], inside: bool) -> None:
        answer = exchange(target, handshake(path), *([login(path)] if inside else []), *said)
        assert answer.startswith("HTTP/1.1 101"), answer[:200]

    with unharmed(target):
        talk()


@pytest.mark.parametrize("subprotocol", SUBPROTOCOLS)
def test_no_subprotocol_breaks(target: Server, subprotocol: str) -> None:
    @given(st.lists(frames(), max_size=12))
    @fuzzing(20)
    def talk(said: list[bytes]) -> None:
        headers = [("Sec-WebSocket-Protocol", subprotocol)]
        exchange(target, handshake("/", headers), *said)

    with unharmed(target):
        talk()


# Engine.IO and Socket.IO

events = st.builds(
    lambda prefix, event, argument: f"{prefix}{dumped([event, argument])}",
    st.sampled_from(("42", "421", "42/,", "42/x,", "45-", "451-", "43", "431", "40", "44")),
    st.sampled_from(sorted(TYPES)) | texts,
    st.builds(
        lambda type, data: {"type": type, "data": data}, st.sampled_from(sorted(TYPES)), payloads
    )
    | values,
)
packets = (
    events
    | st.builds(
        lambda head, rest: head + rest,
        st.sampled_from(["", *"0123456789b", "40", "41", "4²"]),
        texts,
    )
    | st.sampled_from(("42[", "4" + "[" * 20_000, "40{", "\x1e" * 50, "1", "2probe", "5", "6"))
)


@st.composite
def engine_frames(draw: st.DrawFn) -> bytes:
    if draw(st.integers(0, 6)) == 0:
        return draw(frames())
    return build_frame(draw(packets).encode("utf-8", "surrogatepass"))


def test_engineio_over_a_websocket_does_not_break(target: Server, cookie: str) -> None:
    @given(st.lists(engine_frames(), max_size=12), st.booleans(), st.booleans())
    @fuzzing(60)
    def talk(said: list[bytes], known: bool, hello: bool) -> None:
        headers = [("Cookie", cookie)] if known else []
        start = [build_frame(b"40")] if hello else []
        exchange(target, handshake(WEBSOCKET, headers), *start, *said)

    with unharmed(target):
        talk()


def test_engineio_over_plain_requests_does_not_break(target: Server, cookie: str) -> None:
    words = st.sampled_from(("EIO", "transport", "sid", "t", "j", "b64")) | st.text(
        "abj", max_size=3
    )
    query = st.dictionaries(words, st.sampled_from(("4", "3", "polling", "websocket", "")) | texts)

    @given(st.lists(packets, max_size=4), query, st.booleans())
    @fuzzing(40)
    def ask(bodies: list[str], odd: dict[str, str], known: bool) -> None:
        headers = {"Cookie": cookie} if known else {}
        with requests.Session() as http:
            http.headers.update(headers)
            answers = [http.get(f"{target.url}/socket.io/", params=_clean(odd), timeout=60)]
            opened = http.get(target.url + POLLING, timeout=60)
            answers.append(opened)
            sid = json.loads(opened.text[1:])["sid"]
            for body in (*bodies, "1"):
                data = body.encode("utf-8", "surrogatepass")
                answers.append(http.post(f"{target.url}{POLLING}&sid={sid}", data, timeout=60))
        for answer in answers:
            assert answer.status_code < 500, answer.text
            assert not INSIDE.search(answer.text), answer.text

    with unharmed(target):
        ask()


def _clean(query: dict[str, str]) -> dict[str, Any]:
    """Without what `requests` itself cannot say, and without waiting for news of a session."""
    return {k: v.encode("utf-8", "surrogatepass") for k, v in query.items() if k != "sid"}


def test_a_fuzzer_notices_what_is_told_of_the_inside() -> None:
    assert INSIDE.search('Traceback (most recent call last):\n  File "/app/x.py", line 1')
    assert INSIDE.search("(sqlite3.OperationalError) no such table")
    assert not INSIDE.search('{"type": "error", "data": {"code": "malformed"}}')
