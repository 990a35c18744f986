"""A ban cuts whoever it keeps out, however they are connected, and nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import requests

from app.services import moderation
from app.services.audit import HOST
from tests.faults.ledger import open_house
from tests.support.rawclient import RawClient, Refused, handshake
from tests.support.server import Server
from tests.support.site import SocketClient, Visitor

NEAR, FAR = "192.0.2.1", "198.51.100.7"


@pytest.fixture
def server(make_server: Callable[..., Server]) -> Server:
    """A house behind a proxy, which the tests are."""
    return make_server(TRUSTED_PROXIES="127.0.0.1", HOUSEKEEPING_INTERVAL="1")


@pytest.fixture
def boss(server: Server) -> Iterator[Visitor]:
    """An admin, who is near."""
    visitor = visitor_from(server, NEAR).register("boss")
    moderation.make_admin(open_house(server.instance), HOST, "boss")
    yield visitor
    visitor.http.close()


def visitor_from(server: Server, address: str) -> Visitor:
    visitor = Visitor(server.url)
    visitor.http.headers["X-Forwarded-For"] = address
    return visitor


def raw_from(server: Server, address: str, path: str = "/") -> RawClient:
    return RawClient(server.host, server.port, path, headers=[("X-Forwarded-For", address)])


def browser_from(server: Server, address: str) -> RawClient:
    """A browser's Socket.IO connection, seen at the frames; nobody is signed in there."""
    client = raw_from(server, address, "/socket.io/?EIO=4&transport=websocket")
    client.send_text("40")
    while not client.frame().payload.startswith(b"40"):
        pass
    return client


def ban(boss: Visitor, *addresses: str) -> None:
    answer = boss.post("/admin/bans", "/admin/bans", addresses="\n".join(addresses), term="24")
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize("banned", [FAR, "198.51.100.0/24", "::ffff:198.51.100.7"])
def test_live_connections_from_there_are_cut_at_once(
    server: Server, boss: Visitor, banned: str
) -> None:
    with (
        raw_from(server, FAR) as signed_in,
        raw_from(server, f"::ffff:{FAR}") as silent,
        browser_from(server, FAR) as browser,
        raw_from(server, NEAR) as neighbour,
        browser_from(server, NEAR) as other,
    ):
        signed_in.login("ann")
        neighbour.login("ben")
        ban(boss, banned)
        assert signed_in.closed(5) == 1008
        assert silent.closed(5) == 1008
        assert browser.closed(5) is not None
        neighbour.send("match_states_request", {"id": "0" * 32})
        assert neighbour.until("error")["code"] == "no_such_match"
        other.send_text('420["watch",{"type":"watch","data":{"id":"x"}}]')
        assert b"no_such_match" in other.frame(5).payload


def test_nobody_comes_in_again_from_there(server: Server, boss: Visitor) -> None:
    far = visitor_from(server, FAR)
    assert far.http.get(server.url).status_code == 200
    ban(boss, FAR)
    refused = far.http.get(server.url, timeout=30)
    assert (refused.status_code, refused.headers["Content-Type"]) == (
        403,
        "text/plain; charset=utf-8",
    )
    assert refused.text.startswith("You are banned until ")
    for path in ("/", "/uttt", "/socket.io/?EIO=4&transport=websocket"):
        with pytest.raises(Refused) as refusal:
            raw_from(server, FAR, path)
        assert refusal.value.status == 403
        assert "You are banned" in refusal.value.body
    polling = f"{server.url}/socket.io/?EIO=4&transport=polling"
    assert far.http.get(polling, timeout=30).status_code == 403
    spoofed = {"X-Forwarded-For": f"{NEAR}, {FAR}"}
    assert requests.get(server.url, headers=spoofed, timeout=30).status_code == 403
    boss.post("/admin/bans/remove", "/admin/bans", network=FAR)
    assert far.http.get(server.url).status_code == 200


def test_a_worker_that_was_not_told_finds_out(server: Server) -> None:
    """A ban by a command, or by a worker that shares no more than the database."""
    from app.services import bans

    with raw_from(server, FAR) as ann:
        ann.login("ann")
        bans.ban(open_house(server.instance), HOST, [FAR])
        assert ann.closed(10) == 1008


def test_a_banned_player_is_out_on_every_transport(server: Server, boss: Visitor) -> None:
    far = visitor_from(server, FAR).register("ann")
    with raw_from(server, FAR) as raw, SocketClient(server.url, far.cookie) as browser:
        raw.login("ann", "pw")
        answer = boss.post("/admin/players/ann/ban", "/admin/players/ann", term="24", reason="Rude")
        assert answer.status_code == 303
        assert raw.closed(5) == 1008
        browser.hear_until("session_ended")
        assert browser.hear()[0] == "disconnect"
    with raw_from(server, FAR) as raw:
        raw.send("login", {"name": "ann", "pw": "pw"})
        refused = raw.until("login_response")
        assert not refused["success"]
        assert "banned until" in str(refused)
        assert "Rude" in str(refused)
    answer = far.post("/sign-in", page="/sign-in", name="ann", password="pw")
    assert answer.status_code == 403
    assert "Rude" in answer.text


def test_an_announcement_comes_to_every_connection_that_knows_it(
    server: Server, boss: Visitor
) -> None:
    near = visitor_from(server, NEAR).register("ann")
    with (
        SocketClient(server.url, near.cookie) as browser,
        SocketClient(server.url, "") as stranger,
        raw_from(server, FAR) as old,
    ):
        old.login("ben")
        boss.post("/admin/broadcast", "/admin/broadcast", text="Tea at five")
        assert browser.hear_until("broadcast")["text"] == "Tea at five"
        assert stranger.hear_until("broadcast")["text"] == "Tea at five"
        assert old.quiet()
        number = 1
        boss.post(f"/admin/broadcast/{number}/withdraw", "/admin/broadcast")
        assert browser.hear_until("broadcast_gone") == {"id": number}


def test_a_handshake_names_its_address() -> None:
    """What these tests rest on: the header goes out with the upgrade."""
    assert b"X-Forwarded-For: 192.0.2.1" in handshake("/", [("X-Forwarded-For", NEAR)])
