"""Engine.IO's connections: upgraded in the middle, pinged, and going away."""

from __future__ import annotations

import json
import re
import secrets
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from engineio.packet import Packet as Frame

from app.live import packets
from app.live.frames import text_frame
from tests.support.rawclient import Closed, RawClient, handshake
from tests.support.server import Server
from tests.support.site import Visitor

POLLING = "/socket.io/?EIO=4&transport=polling"


class Polling:
    """A client that speaks Engine.IO by plain requests, and may go on over a WebSocket."""

    def __init__(self, server: Server) -> None:
        self._base = server.url  # all of them must come to the same worker
        visitor = Visitor(self._base).guest(f"polls-{secrets.token_hex(4)}")
        self._headers = {"Cookie": visitor.cookie}
        found = re.search(r'"sid":"([^"]+)"', self._get(self._base + POLLING))
        assert found
        self._query = f"&sid={found[1]}"
        self.url = f"{self._base}{POLLING}{self._query}"

    def _get(self, url: str) -> str:
        answer = requests.get(url, headers=self._headers, timeout=30)
        answer.raise_for_status()
        return answer.text

    def post(self, packet: str) -> None:
        answer = requests.post(self.url, data=packet, headers=self._headers, timeout=30)
        answer.raise_for_status()

    def poll(self) -> list[str]:
        return self._get(self.url).split("\x1e")

    def greeted(self) -> None:
        """Say hello, and hear all that follows."""
        self.post("40")
        heard: list[str] = []
        while not any(packet.startswith('42["friends_update"') for packet in heard):
            heard += self.poll()

    def probe(self) -> RawClient:
        """A WebSocket that could take over."""
        path = POLLING.replace("polling", "websocket") + self._query
        sock = socket.create_connection((urlsplit(self._base).hostname, urlsplit(self._base).port))
        cookie = [("Cookie", self._headers["Cookie"])]
        return RawClient.over(sock, handshake(path, cookie))


def text(client: RawClient) -> str:
    return client.frame().payload.decode()


def ask(client: RawClient, number: int) -> Any:
    request = {"type": "match_states_request", "data": {}}
    client.send_text(f"42{number}{json.dumps(['match_states_request', request])}")
    answer = text(client)
    assert answer.startswith(f"43{number}")
    return json.loads(answer.removeprefix(f"43{number}"))


def test_a_connection_goes_on_over_a_websocket(server: Server) -> None:
    polling = Polling(server)
    polling.greeted()
    with polling.probe() as client:
        client.send_text("2probe")
        assert text(client) == "3probe"
        assert polling.poll() == ["6"]  # what was waited for comes over the WebSocket
        client.send_text("5")
        assert ask(client, 1) == [{"ok": True}]
        answer = requests.get(polling.url, timeout=30)
        assert answer.status_code == 400


@pytest.mark.parametrize("first", ["2", "5", "42[]", "probe"])
def test_a_websocket_that_does_not_probe_takes_nothing_over(server: Server, first: str) -> None:
    polling = Polling(server)
    polling.greeted()
    with polling.probe() as client:
        client.send_text(first)
        with pytest.raises(Closed):
            text(client)
    request = {"type": "match_states_request", "data": {}}
    polling.post(f"429{json.dumps(['match_states_request', request])}")
    assert '439[{"ok":true}]' in polling.poll()


def test_a_browser_is_pinged_even_while_it_talks(make_server: Callable[..., Server]) -> None:
    """Its library waits for the ping alone."""
    server = make_server(PING_INTERVAL="1", PING_TIMEOUT="1")
    polling = Polling(server)
    polling.greeted()
    with polling.probe() as client:
        client.send_text("2probe")
        while text(client) != "3probe":
            pass
        polling.poll()
        client.send_text("5")
        pings = 0
        while pings < 3:  # more than two seconds, in which nobody is cut
            heard = text(client)
            pings += heard == "2"
            client.send_text("3" if heard == "2" else "6")
        assert ask(client, 1) == [{"ok": True}]


@pytest.mark.parametrize(
    ("packet", "event"),
    [
        ('2["move",{}]', (None, ["move", {}])),
        ('2117["move"]', (117, ["move"])),
        ("20[]", (0, [])),
        ('2/,["move"]', None),
        ('2-["move"]', None),
        ("2" + "1" * 16 + "[]", None),
        ("2٣[]", None),
        ("2", None),
        ('3["move"]', None),
    ],
)
def test_plain_events_are_read_here_and_all_else_by_the_library(packet: str, event: object) -> None:
    assert packets.read_event(packet) == event


@pytest.mark.parametrize("packet", ["2[", '27["move",]', "2" + "[" * 50_000])
def test_an_event_that_is_no_json(packet: str) -> None:
    with pytest.raises(ValueError, match=r"JSON|truncated|deep"):
        packets.read_event(packet)


def test_an_event_is_the_same_on_every_way() -> None:
    event = packets.event("hi", {"name": "Zoë"})
    again = Frame(encoded_packet=event.encode())
    assert again.data == event.data
    assert event.frame == text_frame(event.encode().encode()) == packets.frame_of(again)
