"""The house begins anew, or ends, in mid-play: what is in hand is finished, nothing is lost."""

from __future__ import annotations

import json
import signal
import socket
import threading
import time
from contextlib import suppress

import pytest
import requests

from app.services import matches, moderation
from app.services.audit import HOST
from tests.browser.players import SHORTEST_WIN
from tests.faults.bots import Player, Witness, playing, start_match, state_of
from tests.faults.ledger import check_matches, check_ratings, open_house
from tests.support.rawclient import Closed, RawClient, Refused, handshake
from tests.support.site import Visitor

RESTARTS = 2
SEED = 21
THINKS = 0.1  # seconds before a move: a restart takes its time, and they play on meanwhile
PATIENCE = 60.0  # two cores may be busy with other tests
PROMPT = 15.0  # so is at once, where otherwise nothing would come for 20 seconds and more
SERVING = "serving"


def wait_for(what, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it has not come about"
        time.sleep(0.05)


@pytest.fixture
def server(make_server):
    return make_server(LOG_LEVEL="INFO")


@pytest.fixture
def boss(server):
    """An admin at the website."""
    visitor = Visitor(server.url).register("boss")
    moderation.make_admin(open_house(server.instance), HOST, "boss")
    return visitor


def starts(server):
    return server.log().count(f" {SERVING} ")


def order(boss, how):
    """Have the house restart or shut down; it must say that it will."""
    answer = boss.post(f"/admin/stop/{how}", page=f"/admin/stop/{how}")
    assert answer.status_code == 200, answer.text


def restart(server, boss):
    """Have the house restart, and wait until it is back."""
    before = starts(server)
    order(boss, "restart")
    wait_for(lambda: starts(server) == before + 1)
    server.wait_ready()


class WebPair(threading.Thread):
    """Two accounts that play their matches by the forms of the website, over plain HTTP.

    `acknowledged`: by match, the number of moves that the site has taken without an objection;
    `moves`: all of them.
    """

    def __init__(self, server):
        super().__init__(daemon=True)
        self.acknowledged = {}
        self.moves = 0
        self._server = server
        self._visitors = [Visitor(server.url).register(name) for name in ("web-a", "web-b")]
        self._stopping = threading.Event()

    def stop(self):
        self._stopping.set()

    def run(self):
        while not self._stopping.is_set():
            try:
                self._play(self._begin())
            except (requests.RequestException, Closed, Refused, OSError):
                time.sleep(0.02)

    def _begin(self):
        address = self._server.host, self._server.port
        with RawClient(*address) as one, RawClient(*address) as other:
            one.login("web-a", "pw")
            other.login("web-b", "pw")
            one.send("match_request", {"player": "web-b"})
            return one.until("match_update")

    def _play(self, update):
        # A match that was left when the house went away is gone on with where it stands.
        match, version = update["id"], update["version"]
        while version < len(SHORTEST_WIN) and not self._stopping.is_set():
            visitor = self._visitors[version % 2]
            time.sleep(THINKS)
            if self._moved(visitor, match, version):
                version += 1
                self.acknowledged[match] = version
                self.moves += 1

    def _moved(self, visitor, match, version):
        path = f"/match/{match}"
        fields = {"square": SHORTEST_WIN[version], "version": str(version)}
        try:
            answer = visitor.post(f"{path}/move", page=path, **fields)
            if answer.status_code != 303:
                return self._is_past(match, version)
            page = visitor.http.get(self._server.url + path)
        except requests.RequestException:
            time.sleep(0.02)
            return self._is_past(match, version)
        if page.status_code != 200:
            return self._is_past(match, version)
        # A refusal may be of a move that was taken before, when its answer was lost.
        return "flash-wrong" not in page.text or self._is_past(match, version)

    def _is_past(self, match, version):
        """Whether a move without an answer was taken: the match itself says so."""
        address = self._server.host, self._server.port
        with suppress(Closed, Refused, OSError), RawClient(*address) as client:
            client.login("web-a", "pw")
            return state_of(client, match)["version"] > version
        return False


def test_restarted_again_and_again_the_house_keeps_its_word(server, boss):
    pid = server.pid
    witness = Witness()
    players = [
        Player(server, witness, "red-a", "red-b", SEED, thinks=THINKS),
        Player(server, witness, "red-b", None, SEED, thinks=THINKS),
    ]
    pair = WebPair(server)
    with playing([*players, pair]):
        for _ in range(RESTARTS):
            before = pair.moves
            wait_for(lambda before=before: pair.moves > before + 2)
            restart(server, boss)
        time.sleep(0.5)
    assert server.pid == pid
    assert server.running()
    server.stop()
    assert "Traceback" not in server.log(), server.log()
    assert witness.problems == []
    assert min(player.reconnects for player in players) > RESTARTS
    house = open_house(server.instance)
    assert check_matches(house, witness) >= 2
    check_ratings(house)
    assert pair.moves > 2 * RESTARTS
    for match, moves in pair.acknowledged.items():
        assert matches.get(house, match).version >= moves


def slow_request(server):
    """A form of which the second half is still to come, and that half."""
    body = b"name=slow&csrf_token=none"
    sock = socket.create_connection((server.host, server.port), timeout=PATIENCE)
    head = (
        f"POST /guest HTTP/1.1\r\nHost: {server.host}:{server.port}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    sock.sendall(head.encode() + body[:8])
    return sock, body[8:]


def answer_of(sock):
    received = b""
    with suppress(OSError):
        while piece := sock.recv(65536):
            received += piece
    return received


def test_what_is_in_hand_is_finished_and_nothing_new_begun(server):
    server_address = server.host, server.port
    sock, rest = slow_request(server)
    with sock, RawClient(*server_address) as raw:
        raw.login("ann")
        time.sleep(0.3)  # by now it has begun to read the form
        server.send(signal.SIGTERM)
        wait_for(lambda: requests.get(server.url, timeout=PATIENCE).status_code == 503)
        assert requests.get(f"{server.url}/rules/uttt", timeout=PATIENCE).headers["Retry-After"]
        api = requests.post(f"{server.url}/api/lobby", timeout=PATIENCE)
        assert (api.status_code, list(api.json())) == (503, ["error"])
        with pytest.raises(Refused) as refused:
            RawClient(*server_address)
        assert refused.value.status == 503
        raw.send("match_states_request", {"id": "0" * 32})
        assert raw.until("error")["code"] == "closing"
        assert server.running()
        sock.sendall(rest)
        assert answer_of(sock).startswith(b"HTTP/1.1 400 ")  # the site's own: no such token
        assert raw.closed() == 1001
    assert server.ended() == 0


@pytest.mark.parametrize("how", ["shutdown", "SIGTERM", "SIGINT"])
def test_everybody_is_told_goodbye(server, boss, how):
    if how == "shutdown":  # by the other order it comes back
        match = a_move_in_flight(server, boss)
        wait_for(lambda: starts(server) == 2)
        server.wait_ready()
        assert boss.http.get(f"{server.url}/admin").status_code == 200
    with (
        RawClient(server.host, server.port) as raw,
        browser_of(server, boss) as browser,
    ):
        raw.login("ann")
        if how == "shutdown":
            order(boss, how)
        else:
            server.send(getattr(signal, how))
        started = time.monotonic()
        assert raw.closed() == 1001
        assert browser.closed() == 1001
        assert time.monotonic() - started < PROMPT
    assert server.ended() == 0
    if how == "shutdown":
        match_id, answered = match
        record = matches.get(open_house(server.instance), match_id)
        assert record.version == 1 or not answered


def browser_of(server, visitor):
    """A Socket.IO connection of which every frame is seen."""
    socket_io = handshake("/socket.io/?EIO=4&transport=websocket", [("Cookie", visitor.cookie)])
    sock = socket.create_connection((server.host, server.port))
    client = RawClient.over(sock, socket_io)
    client.send_text("40")
    while b"friends_update" not in client.frame().payload:
        pass
    return client


def a_move_in_flight(server, boss):
    """A move as the house restarts; its match, and whether it was answered."""
    with (
        RawClient(server.host, server.port) as ann,
        RawClient(server.host, server.port) as ben,
        browser_of(server, boss) as browser,
    ):
        ann.login("ann")
        ben.login("ben")
        update = start_match(ann, ben, "ben")
        order(boss, "restart")
        ann.send("move", {"id": update["id"], "sub_x": 1, "sub_y": 1, "x": 1, "y": 1})
        started = time.monotonic()
        heard, code = everything(ann)
        assert code == ben.closed() == browser.closed() == 1001
        assert time.monotonic() - started < PROMPT
    answered = any(kind == "match_update" and data["version"] == 1 for kind, data in heard)
    return update["id"], answered


def everything(client):
    """All that comes until the connection is over, and the code with which it is."""
    heard = []
    try:
        while True:
            heard.append(client.receive())
    except Closed as closed:
        return heard, closed.code


def test_nobody_waits_for_whoever_waits_for_news(server):
    """A browser that polls has a request in hand all the time, and one that never ends it."""
    polling = f"{server.url}/socket.io/?EIO=4&transport=polling"
    opened = requests.get(polling, timeout=PATIENCE).text
    session = f"{polling}&sid={json.loads(opened[1:])['sid']}"
    assert requests.post(session, data="40", timeout=PATIENCE).text == "OK"
    assert requests.get(session, timeout=PATIENCE).text.startswith("40")
    heard = []
    poll = threading.Thread(
        target=lambda: heard.append(requests.get(session, timeout=PATIENCE).text)
    )
    poll.start()
    time.sleep(0.3)
    assert requests.get(polling, timeout=PATIENCE).ok  # which came after it
    time.sleep(0.3)
    started = time.monotonic()
    server.send(signal.SIGTERM)
    assert server.ended() == 0
    assert time.monotonic() - started < PROMPT
    poll.join(PATIENCE)
    assert heard == ["1"]  # Engine.IO's goodbye
