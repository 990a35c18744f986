"""A client whose process stands still: its kernel goes on, and takes what is sent, for a while."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.server import Server
from tests.support.site import Visitor

ROOT = Path(__file__).parents[2]

RAW = """
import sys
from tests.support.rawclient import Closed, RawClient
with RawClient(sys.argv[1], int(sys.argv[2])) as client:
    client.login(sys.argv[3], None)
    print("here", flush=True)
    try:
        while True:
            client.frame(60)
    except (Closed, OSError):
        print("cut", flush=True)
"""

WEBSITE = """
import sys
from tests.support.rawclient import Closed, RawClient, handshake
from tests.support.site import Visitor
import socket
visitor = Visitor(f"http://{sys.argv[1]}:{sys.argv[2]}").guest(sys.argv[3])
sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
path = "/socket.io/?EIO=4&transport=websocket"
client = RawClient.over(sock, handshake(path, [("Cookie", visitor.cookie)]))
client.send_text("40")
while not client.frame().payload.startswith(b'42["friends_update"'):
    pass
print("here", flush=True)
try:
    while True:
        if client.frame(60).payload == b"2":
            client.send_text("3")
except (Closed, OSError):
    print("cut", flush=True)
"""


@contextmanager
def process(server: Server, program: str, name: str) -> Iterator[subprocess.Popen[str]]:
    """A client in a process of its own, which says when it is here and when it has been cut."""
    client = subprocess.Popen(
        [sys.executable, "-c", program, server.host, str(server.port), name],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        assert client.stdout is not None
        assert client.stdout.readline() == "here\n"
        yield client
    finally:
        client.kill()
        client.communicate()


def test_who_stands_still_is_gone_and_finds_that_out(make_server: Callable[..., Server]) -> None:
    """Both by the old protocol and as a browser."""
    server = make_server(PING_INTERVAL="1", PING_TIMEOUT="2")
    host = Visitor(server.url).guest("host")
    with (
        host.socket() as lobby,
        process(server, RAW, "stone") as raw,
        process(server, WEBSITE, "statue") as browser,
    ):
        assert lobby.ask("lobby")["ok"]
        people = lobby.hear_until("lobby_state")["online"]
        assert {person["name"] for person in people} == {"host", "stone", "statue"}
        for client, name in ((raw, "stone"), (browser, "statue")):
            client.send_signal(signal.SIGSTOP)
            assert lobby.hear_of(name, online=False)
            client.send_signal(signal.SIGCONT)
            said, _ = client.communicate(timeout=30)
            assert said == "cut\n"
