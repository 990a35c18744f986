"""The raw connection loop with clients that are idle, slow or gone, and with many at once."""

from __future__ import annotations

import contextlib
import struct
import threading
import time

import pytest

from app.live.frames import text_frame
from tests.legacy.cage import Cage, ended, eventually, said
from tests.support.rawclient import (
    CLOSE,
    Closed,
    RawClient,
)


def test_an_idle_client_is_pinged_and_a_dead_one_cut() -> None:
    cage = Cage(PING_INTERVAL=1, PING_TIMEOUT=2)
    with cage.client() as alive, cage.client() as dead:
        dead.answer_pings = False
        answering = threading.Thread(target=alive.quiet, args=(5.0,))
        answering.start()
        with pytest.raises(Closed) as closed:
            dead.frame()
        assert closed.value.code is None
        assert dead.pings == 1
        answering.join()
        alive.send_text("on")
        assert said(alive) == "echo:on"
        assert alive.pings >= 1
        alive.close()
    ended(cage)


def test_who_talks_is_not_pinged() -> None:
    cage = Cage(PING_INTERVAL=1, PING_TIMEOUT=1)
    with cage.client() as client:
        pause, last = 0.0, time.monotonic()
        for _ in range(10):
            client.send_text("on")
            assert said(client) == "echo:on"
            time.sleep(0.15)
            pause, last = max(pause, time.monotonic() - last), time.monotonic()
        assert client.pings == 0 or pause > 0.9  # the machine's own


def test_who_does_not_sign_in_is_shown_out_whatever_else_they_say() -> None:
    cage = Cage(SIGN_IN_TIMEOUT=1)
    with cage.client() as known:
        eventually(lambda: cage.parrots)
        cage.parrots[0].connection.signed_in()
        with cage.client() as unknown:
            talking = threading.Thread(target=talk_on, args=(unknown,))
            talking.start()
            assert unknown.closed() == 1008
            talking.join()
        known.send_text("on")
        assert said(known) == "echo:on"
        known.close()
    ended(cage)


def talk_on(client: RawClient) -> None:
    """Say something ten times a second, for as long as it can be said."""
    with contextlib.suppress(OSError):
        while client.close_code is None:
            client.send_text("on")
            time.sleep(0.1)


def test_a_slow_client_gets_everything_in_order_while_the_sender_goes_on() -> None:
    cage = Cage(OUTBOX_BYTES=8 * 1024 * 1024)
    with cage.client() as client:
        eventually(lambda: cage.parrots)
        connection = cage.parrots[0].connection
        frames = [b"%05d" % n + b"x" * 5000 for n in range(1000)]
        began = time.monotonic()
        for payload in frames:
            connection.send(text_frame(payload))
        assert time.monotonic() - began < 15  # the client has read nothing yet
        for payload in frames:
            assert client.frame().payload == payload
        eventually(lambda: connection._backlog is None)
        connection.send(text_frame(b"direct again"))
        assert said(client) == "direct again"


def test_a_client_that_never_reads_is_cut(caplog: pytest.LogCaptureFixture) -> None:
    cage = Cage(OUTBOX_BYTES=100_000)
    with cage.client():
        eventually(lambda: cage.parrots)
        connection = cage.parrots[0].connection
        for _ in range(200):
            connection.send(text_frame(b"x" * 10_000))
        eventually(lambda: cage.gone)
        connection.send(text_frame(b"nobody there"))
    ended(cage)
    assert "too slow" in caplog.text


def test_a_slow_client_that_leaves_takes_its_backlog_along() -> None:
    cage = Cage()
    with cage.client() as client:
        eventually(lambda: cage.parrots)
        connection = cage.parrots[0].connection
        while connection._backlog is None:
            connection.send(text_frame(b"x" * 10_000))
        client.send_frame(struct.pack("!H", 1000), CLOSE)
        ended(cage)
        assert connection._backlog is None


def test_frames_of_many_threads_do_not_mix() -> None:
    cage = Cage(OUTBOX_BYTES=64 * 1024 * 1024)
    with cage.client() as client:
        eventually(lambda: cage.parrots)
        connection = cage.parrots[0].connection

        def talk(name: bytes) -> None:
            for n in range(200):
                connection.send(text_frame(name * 3000 + b"%d" % n))

        threads = [threading.Thread(target=talk, args=(bytes([65 + i]),)) for i in range(6)]
        for thread in threads:
            thread.start()
        heard: dict[str, list[int]] = {}
        for _ in range(1200):
            text = said(client)
            assert text[:3000] == text[0] * 3000
            heard.setdefault(text[0], []).append(int(text[3000:]))
        for thread in threads:
            thread.join()
        assert all(numbers == list(range(200)) for numbers in heard.values())
        assert len(heard) == 6


def test_what_rooms_bring_waits_while_held() -> None:
    cage = Cage()
    with cage.client() as client:
        eventually(lambda: cage.parrots)
        connection = cage.parrots[0].connection
        connection.hold()
        connection.deliver(text_frame(b"update 1"))
        connection.deliver(text_frame(b"update 2"))
        connection.send(text_frame(b"greeting"))
        assert said(client) == "greeting"
        assert client.quiet(0.05)
        connection.release()
        connection.deliver(text_frame(b"update 3"))
        assert [said(client) for _ in range(3)] == ["update 1", "update 2", "update 3"]


def test_what_a_client_knows_is_not_brought_again() -> None:
    cage = Cage()
    with cage.client() as client:
        eventually(lambda: cage.parrots)
        connection = cage.parrots[0].connection
        connection.hold()
        for version in (6, 7, 8):
            connection.deliver(text_frame(b"a match, %d" % version), ("a match", version))
        connection.knows(("a match", 7))
        connection.send(text_frame(b"as it stands"))
        connection.release()
        connection.deliver(text_frame(b"late"), ("a match", 7))
        connection.deliver(text_frame(b"the next match"), ("the next match", 0))
        connection.deliver(text_frame(b"a match, 9"), ("a match", 9))
        told = ["as it stands", "a match, 8", "the next match", "a match, 9"]
        assert [said(client) for _ in told] == told
        assert client.quiet(0.05)


def test_everyone_is_told_when_the_house_closes() -> None:
    cage = Cage()
    clients = [cage.client() for _ in range(3)]
    eventually(lambda: len(cage.parrots) == 3)
    cage.edge.exchange.close_all(1001)
    assert [client.closed() for client in clients] == [1001] * 3
    ended(cage)
