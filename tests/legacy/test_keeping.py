"""Keeping raw connections on a real server, under whichever engine it runs."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable

import pytest

from tests.legacy.cage import eventually
from tests.legacy.players import Player, begin
from tests.support.rawclient import PING, Closed, RawClient, build_frame
from tests.support.server import Server


def test_dead_peers_are_cut_and_live_ones_kept(make_server: Callable[..., Server]) -> None:
    server = make_server(PING_INTERVAL="1", PING_TIMEOUT="2")
    with Player.arrive(server) as one, RawClient(server.host, server.port) as dead:
        dead.answer_pings = False
        assert one.quiet(5)
        assert one.pings >= 2
        with pytest.raises(Closed) as closed:
            dead.frame(1)
        assert closed.value.code is None
        assert dead.pings == 1
        one.settle()


STATES = build_frame(b'{"type": "match_states_request", "data": {}}') * 100


def ask_for_much(server: Server, slow: Player, times: int) -> None:
    """Have `slow` sent 4 KB `times` times over, with its own request for each."""
    opponents = [Player.arrive(server, pw=None) for _ in range(5)]
    for opponent in opponents:
        begin(slow, opponent)
    request = build_frame(b'{"type": "match_states_request", "data": {}}') * 20
    with contextlib.suppress(OSError):  # the server may have enough of it
        for _ in range(times // 20):
            slow.sock.sendall(request)
            opponents[0].settle()  # nobody else waits meanwhile


@pytest.mark.one_worker("nginx takes what a slow client does not")
def test_a_client_that_reads_nothing_is_cut(make_server: Callable[..., Server]) -> None:
    server = make_server(OUTBOX_BYTES="200000")
    with Player.arrive(server, pw=None) as slow:
        ask_for_much(server, slow, 5000)
        eventually(lambda: "too slow" in server.log(), 30)
        assert slow.closed() is None


@pytest.mark.one_worker("nginx takes what a slow client does not")
def test_a_slow_client_gets_everything(make_server: Callable[..., Server]) -> None:
    server = make_server(OUTBOX_BYTES="100000000", PING_INTERVAL="1", PING_TIMEOUT="1")
    with Player.arrive(server, pw=None) as slow:
        ask_for_much(server, slow, 2000)
        for heard in range(2000 * 5):
            assert b'"match_update"' in slow.frame().payload
            if heard % 2500 == 0:
                time.sleep(0.5)
        slow.settle()


def test_what_a_client_says_before_it_is_answered(server: Server) -> None:
    ping = build_frame(b"early", PING)
    with RawClient(server.host, server.port, early=ping + ping[:3]) as client:
        client.sock.sendall(ping[3:] + build_frame(b"{}"))
        assert client.expect("error")["code"] == "malformed"
        assert client.pongs == [b"early", b"early"]


def test_nonsense_hurts_nobody(make_server: Callable[..., Server]) -> None:
    server = make_server()
    chance = random.Random(3)
    with Player.arrive(server) as bystander:
        for number in range(60):
            noise = chance.randbytes(chance.randrange(1, 400))
            if number % 3 == 0:  # a whole text frame around it
                noise = build_frame(noise)
            elif number % 3 == 1:  # a fair beginning, then noise
                noise = build_frame(b'{"type": "login"')[:-5] + noise
            client = RawClient(server.host, server.port, early=noise if number % 2 else b"")
            with contextlib.suppress(OSError):
                client.sock.sendall(noise)
            client.drop()
        bystander.settle()
        begin(bystander, Player.arrive(server))
    assert "Traceback" not in server.log()
