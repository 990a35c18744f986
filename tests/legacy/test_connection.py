"""The raw connection loop: framing, limits, floods, goodbyes."""

from __future__ import annotations

import contextlib
import logging
import socket
import struct
import threading
import time

import pytest

from app.live.frames import text_frame
from tests.legacy.cage import Cage, ended, eventually, said
from tests.support.rawclient import (
    BINARY,
    CLOSE,
    PING,
    PONG,
    Closed,
    Frame,
    RawClient,
    build_frame,
)


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536, 70000])
def test_a_server_frame_is_read_back(size: int) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(5)
        reader = threading.Thread(target=ours.sendall, args=(text_frame(b"x" * size),))
        client = RawClient.__new__(RawClient)
        client.sock, client._buffer, client.close_code = theirs, b"", None
        reader.start()
        assert client._next(time.monotonic() + 5) == Frame(1, b"x" * size)
        reader.join()


def test_messages_are_answered_in_order() -> None:
    cage = Cage()
    with cage.client() as client:
        client.sock.sendall(b"".join(build_frame(b"%d" % n) for n in range(50)))
        assert [said(client) for _ in range(50)] == [f"echo:{n}" for n in range(50)]
        client.close()
    ended(cage)


def test_what_comes_with_the_handshake_is_not_lost() -> None:
    cage = Cage()
    early = build_frame("früh".encode()) + build_frame(b"half")[:5]
    with cage.client(early=early) as client:
        assert said(client) == "echo:früh"


def test_a_frame_byte_by_byte() -> None:
    cage = Cage()
    with cage.client() as client:
        for byte in build_frame("Grüße, 世界".encode()):
            client.sock.sendall(bytes([byte]))
        assert said(client) == "echo:Grüße, 世界"


def test_fragments_become_one_message_with_a_ping_between() -> None:
    cage = Cage()
    whole = "añb".encode()
    with cage.client() as client:
        client.send_frame(whole[:2], fin=False)
        client.send_frame(b"now", PING)
        client.send_frame(b"", 0, fin=False)
        client.send_frame(whole[2:], 0)
        assert said(client) == "echo:añb"
        assert client.pongs == [b"now"]


def test_a_ping_gets_its_payload_back() -> None:
    cage = Cage()
    with cage.client() as client:
        client.send_frame(b"x" * 125, PING)
        client.send_text("on")
        assert said(client) == "echo:on"
        assert client.pongs == [b"x" * 125]


def test_a_binary_frame_is_refused_and_the_connection_lives() -> None:
    cage = Cage()
    with cage.client() as client:
        client.send_frame(b"\xff\x00", BINARY)
        assert said(client) == "error:binary"
        client.send_text("still here")
        assert said(client) == "echo:still here"


@pytest.mark.parametrize("text", ["x" * 1000, "é" * 500, "界" * 333 + "x", "😀" * 250])
def test_a_message_as_long_as_may_be(text: str) -> None:
    cage = Cage(MAX_FRAME_BYTES=1000)
    assert len(text.encode()) == 1000
    with cage.client() as client:
        client.send_text(text)
        assert said(client) == f"echo:{text}"
        client.send_text(text + "!")
        assert said(client) == "error:too_big"
        client.send_text("on")
        assert said(client) == "echo:on"


def test_fragments_count_together() -> None:
    cage = Cage(MAX_FRAME_BYTES=1000)
    with cage.client() as client:
        for _ in range(3):
            client.send_frame(b"x" * 400, 1 if _ == 0 else 0, fin=False)
        client.send_frame(b"", 0)
        assert said(client) == "error:too_big"
        assert cage.heard == []


def test_a_huge_message_costs_no_memory_and_is_answered_once() -> None:
    cage = Cage()
    size, piece = 64 * 1024 * 1024, b"x" * 65536
    with cage.client() as client:
        # A masking key of zeros leaves the payload as it is.
        client.sock.sendall(struct.pack("!BBQ", 0x81, 0xFF, size) + bytes(4))
        for sent in range(0, size, len(piece)):
            client.sock.sendall(piece)
            if sent == size // 2:
                connection = cage.parrots[0].connection
                assert connection._partial == ""
                assert len(connection._framing._proto._frame_decoder.buffer) < 100_000
        assert said(client) == "error:too_big"
        client.send_text("on")
        assert said(client) == "echo:on"


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (build_frame(b"bare", mask=False), 1002),
        (build_frame(b"", 3), 1002),
        (build_frame(b"", 11), 1002),
        (build_frame(b"x", rsv=0x40), 1002),
        (build_frame(b"x" * 126, PING), 1002),
        (build_frame(b"", PING, fin=False), 1002),
        (build_frame(b"more", 0), 1002),
        (build_frame(b"\xff\xfe"), 1007),
        (build_frame("é".encode()[:1]), 1007),
        (build_frame(struct.pack("!H", 1005), CLOSE), 1002),
        (build_frame(b"x", CLOSE), 1002),
    ],
)
def test_broken_framing_ends_the_connection_with_its_code(frame: bytes, code: int) -> None:
    cage = Cage()
    with cage.client() as client:
        client.send_text("fine")
        assert said(client) == "echo:fine"
        client.sock.sendall(frame)
        assert client.closed() == code
        with pytest.raises(Closed):  # the stream ends too, without waiting for a timeout
            client._fill()
    ended(cage)


@pytest.mark.parametrize(("sent", "answered"), [(1000, 1000), (1001, 1001), (4000, 4000)])
def test_a_goodbye_is_returned(sent: int, answered: int) -> None:
    cage = Cage()
    with cage.client() as client:
        client.send_frame(struct.pack("!H", sent) + b"bye", CLOSE)
        assert client.closed() == answered
    ended(cage)


def test_a_goodbye_without_a_code() -> None:
    cage = Cage()
    with cage.client() as client:
        client.send_frame(b"", CLOSE)
        assert client.closed() in (1000, 1005)
    ended(cage)


def test_a_client_that_vanishes() -> None:
    cage = Cage()
    cage.client().drop()
    eventually(lambda: cage.gone)
    ended(cage)


def test_our_goodbye_comes_after_what_was_said_and_nothing_is_heard_after_it() -> None:
    cage = Cage()
    with cage.client() as client:
        client.sock.sendall(b"".join(map(build_frame, (b"one", b"bye", b"two"))))
        assert said(client) == "echo:one"
        with pytest.raises(Closed) as closed:
            client.frame()
        assert (closed.value.code, closed.value.reason) == (1000, "bye")
        eventually(lambda: cage.gone)
        assert cage.heard == ["one", "bye"]
        cage.parrots[0].connection.send(text_frame(b"too late"))
    ended(cage)


def test_a_goodbye_nobody_answers_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.legacy.connection.CLOSE_TIMEOUT", 0.2)
    cage = Cage(PING_INTERVAL=1)
    with cage.client() as client:
        client.send_text("bye")
        eventually(lambda: cage.gone)
    ended(cage)


def test_a_flood_is_answered_once_and_closed() -> None:
    cage = Cage(MESSAGES_PER_SECOND=1, MESSAGE_BURST=10)
    with cage.client() as client:
        client.sock.sendall(build_frame(b"x") * 200)
        answers = [said(client)]
        while answers[-1] == "echo:x":
            answers.append(said(client))
        assert answers[:10] == ["echo:x"] * 10
        assert answers[-1] == "error:flood"
        with pytest.raises(Closed) as closed:
            client.frame()
        assert closed.value.code == 1008
    ended(cage)
    assert len(cage.heard) < 20  # a machine that pauses earns one a second


@pytest.mark.parametrize("opcode", [PING, PONG])
def test_control_frames_can_flood_too(opcode: int) -> None:
    cage = Cage(MESSAGES_PER_SECOND=1, MESSAGE_BURST=10)
    with cage.client() as client:
        client.sock.sendall(build_frame(b"", opcode) * 50)
        assert client.closed() == 1008
        assert len(client.pongs) < 20


def test_whoever_keeps_flooding_is_not_listened_to_for_ever() -> None:
    cage = Cage(MESSAGES_PER_SECOND=1, MESSAGE_BURST=10)
    with cage.client() as client:
        sent = 0
        with contextlib.suppress(OSError):  # which one depends on the moment
            while sent < 64 * 1024 * 1024:
                client.sock.sendall(build_frame(b"x" * 1000) * 50)
                sent += 50_000
        assert sent < 4 * 1024 * 1024
    ended(cage)


def test_a_pause_earns_messages() -> None:
    cage = Cage(MESSAGES_PER_SECOND=100, MESSAGE_BURST=5)
    with cage.client() as client:
        for n in range(20):
            client.send_text(str(n))
            assert said(client) == f"echo:{n}"
            time.sleep(0.02)


def test_a_failing_handler_is_logged_and_the_connection_lives(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cage = Cage()
    with caplog.at_level(logging.ERROR), cage.client() as client:
        client.send_text("boom")
        assert said(client) == "error:internal"
        client.send_text("on")
        assert said(client) == "echo:on"
    assert "RuntimeError: boom" in caplog.text


def test_a_handler_that_fails_at_the_end_leaves_nothing_behind() -> None:
    cage = Cage()
    cage.fail_at_the_end = True
    with cage.client() as client:
        client.close()
    ended(cage)
