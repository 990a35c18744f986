"""docs/bots.md as it stands there: the example plays, the session happens, the limits are those."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from websocket import WebSocket, create_connection

from app.live import commands
from config import ROOT, Config
from tests.legacy.cage import eventually
from tests.support.server import Server

PAGE = (ROOT / "docs" / "bots.md").read_text()
BOT = ROOT / "docs" / "examples" / "uttt_bot.py"
PATIENCE = 60.0
MATCHES = 2

Message = dict[str, Any]


class Client:
    """A WebSocket that speaks messages."""

    def __init__(self, server: Server, path: str = "/ws/uttt") -> None:
        self.house: WebSocket = create_connection(server.ws_url + path, timeout=PATIENCE)

    def say(self, type: str, **data: Any) -> None:
        self.house.send(json.dumps({"type": type, "data": data}))

    def hear(self, type: str | None = None) -> Message:
        """The next message, or the next of that type."""
        while True:
            message: Message = json.loads(self.house.recv())
            if type in (None, message["type"]):
                return message


def account(server: Server, nick: str, *, bot: bool = False) -> str:
    """A new account's token."""
    made = requests.post(f"{server.url}/api/register", data={"nick": nick}, timeout=PATIENCE)
    token: str = made.json()["token"]
    if bot:
        said = requests.post(f"{server.url}/api/bot", data={"token": token}, timeout=PATIENCE)
        assert said.json() == {"msg": f"{nick} is a bot now, for good"}
    return token


@pytest.fixture
def house(make_server: Callable[..., Server]) -> Server:
    return make_server()


@pytest.fixture
def far(house: Server) -> Iterator[subprocess.Popen[str]]:
    """The example at work, until it has played `MATCHES` matches."""
    bot = start(house, account(house, "far", bot=True), str(MATCHES))
    yield bot
    bot.kill()


def start(server: Server, token: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", str(BOT), server.ws_url, *words],
        env=os.environ | {"TOKEN": token},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def first_legal(state: Message) -> Message:
    """The first of the moves that the rules allow, as the engine sees them."""
    view = {key: state[key] for key in ("complete_field", "global_field", "last_move")}
    boards = [n for n in range(9) if not view["global_field"][n // 3][n % 3]]
    last = view["last_move"]
    sent_to = None if last is None else 3 * last["y"] + last["x"]
    for board in [sent_to] if sent_to in boards else boards:
        for cell in range(9):
            row, column = 3 * (board // 3) + cell // 3, 3 * (board % 3) + cell % 3
            if not view["complete_field"][row][column]:
                return {"sub_x": board % 3, "sub_y": board // 3, "x": cell % 3, "y": cell // 3}
    raise AssertionError("nothing is left to play")


def play(ann: Client, match_id: str) -> Message:
    """Play somebody's side of a match to its end; how it stands then."""
    while True:
        data = ann.hear("match_update")["data"]
        if data["id"] != match_id:
            continue
        state: Message = data["match_state"]
        if state["game_over"]:
            return state
        if state["current_player"] == "ann":
            ann.say("move", id=match_id, version=data["version"], **first_legal(state))


def test_the_example_plays_matches_to_their_end(house: Server, far: subprocess.Popen[str]) -> None:
    """The first it is challenged to, the second finds it where it is; what it cannot, it declines.

    Between the two the house is killed and comes back: the bot does, too.
    """
    ann = arrive(house)
    ann.say("challenge", player="far", variant="swap")
    assert ann.hear("challenge_gone")["data"]["reason"] == "declined"
    ann.say("challenge", player="far")
    match_id = ann.hear("match_begins")["data"]["id"]
    ann.say("match_states_request", id=match_id)
    state = play(ann, match_id)
    assert "ended_by" not in state  # the board decided, nobody gave up
    words = ann.hear("chat_message")["data"]
    assert (words["name"], words["automatic"]) == ("far", True)
    house.restart()
    ann = arrive(house, "ann-again")
    ann.say("match_request", player="far")
    begun = ann.hear("match_update")["data"]
    ann.say("move", id=begun["id"], **first_legal(begun["match_state"]))
    while ann.hear("match_update")["data"]["version"] < 2:  # the bot is back, and has answered
        pass
    ann.say("end_match", id=begun["id"])
    assert far.wait(PATIENCE) == 0, far.stdout and far.stdout.read()


def arrive(server: Server, nick: str = "ann") -> Client:
    """Sign in with a token, by which one is told of everything."""
    client = Client(server)
    client.say("token_login", token=account(server, nick))
    assert client.hear()["data"]["user"] == nick
    return client


def test_the_example_ends_with_a_wrong_token(house: Server) -> None:
    bot = start(house, "nobodys12345")
    said, _ = bot.communicate(timeout=PATIENCE)
    assert (bot.returncode, said) == (1, "not let in: That is nobody's token.\n")


def test_a_session_of_a_token_ends_with_its_connection(house: Server) -> None:
    token = account(house, "far")
    browser = requests.Session()
    page = browser.get(f"{house.url}/sign-in/token", timeout=PATIENCE).text
    csrf = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert csrf is not None
    sent = {"csrf_token": csrf[1], "token": token}
    browser.post(f"{house.url}/sign-in/token", data=sent, timeout=PATIENCE)

    def sessions() -> int:
        page = browser.get(f"{house.url}/settings", timeout=PATIENCE).text
        return page.count("A JSON client</strong>")

    client = Client(house)
    client.say("token_login", token=token)
    answer = client.hear("login_response")["data"]
    assert (answer["id"], answer["registered"], answer["user"]) == (None, True, "far")
    client.hear("friends_update")
    assert sessions() == 1
    client.house.close()
    eventually(lambda: sessions() == 0, PATIENCE)


@pytest.mark.parametrize(
    ("path", "data", "code"),
    [
        ("/ws/uttt", {"token": "nobodys12345"}, None),
        ("/ws/uttt", {"token": 7}, "malformed"),
        ("/ws/bridge", {}, "malformed"),
    ],
)
def test_what_is_no_token_lets_nobody_in(
    server: Server, path: str, data: Message, code: str | None
) -> None:
    client = Client(server, path)
    client.say("token_login", **data)
    if code is not None:
        assert client.hear()["data"]["code"] == code
    answer = client.hear()
    assert answer["type"] == "login_response"
    assert (answer["data"]["success"], answer["data"]["id"]) == (False, None)
    assert client.house.recv() == ""  # the close frame: nothing more is said


def test_a_token_opens_every_protocol(house: Server) -> None:
    token = account(house, "far")
    scopa = Client(house, "/ws/scopa")
    scopa.house.send(json.dumps({"control": "token_login", "data": {"token": "nobodys12345"}}))
    refused = json.loads(scopa.house.recv())
    assert (refused["type"], refused["data"]["code"]) == ("error", "wrong_token")
    scopa.house.send(json.dumps({"control": "token_login", "data": {"token": token}}))
    entered = json.loads(scopa.house.recv())
    assert (entered["control"], entered["data"]["username"]) == ("logged_in", "far")
    bridge = Client(house, "/ws/bridge")
    bridge.say("token_login", token=token)
    assert bridge.hear("login_response")["data"]["user"] == "far"
    assert bridge.hear()["type"] == "chat.add"  # its own greeting


# The session on the page

LINE = re.compile(r"(\w+) ([→←]) (\{.*\})")


def session() -> list[tuple[str, str, Message]]:
    """Who says (→) or hears (←) what, line by line."""
    block = PAGE.partition("\n## A session\n")[2].partition("```\n")[2].partition("```")[0]
    found = [LINE.fullmatch(line) for line in block.splitlines()]
    assert found
    assert all(found)
    return [(line[1], line[2], json.loads(line[3])) for line in found if line]


def with_id(message: Any, known: dict[str, str]) -> Any:
    """The message with what is known by now put in."""
    text = json.dumps(message)
    for name, value in known.items():
        text = text.replace(f'"{name}"', json.dumps(value)).replace(f":{name}", f":{value}")
    return json.loads(text)


def same(shown: Any, heard: Any) -> bool:
    """Whether something is as it is shown, `…` being whatever it may be."""
    if shown == "…":
        return True
    if isinstance(shown, dict) and isinstance(heard, dict):
        return list(shown) == list(heard) and all(same(shown[key], heard[key]) for key in shown)
    return bool(shown == heard)


def test_the_session_happens(house: Server) -> None:
    token = account(house, "far", bot=True)
    known = {"TOKEN": token}
    far, ann = Client(house), Client(house)
    ann.say("token_login", token=account(house, "ann"))
    ann.hear("friends_update")
    lines = session()
    for who, arrow, message in lines:
        if arrow == "→":
            client = far if who == "far" else ann
            said = with_id(message, known)
            client.say(said["type"], **said["data"])
            continue
        heard = far.hear()
        if message["type"] == "challenge":
            known["ID"] = heard["data"]["id"]
        assert same(with_id(message, known), heard), (message, heard)
    assert {message["type"] for _, arrow, message in lines if arrow == "→"} <= {
        "token_login",
        *commands.TYPES,
    }


def test_every_request_on_the_page_can_be_made() -> None:
    table = PAGE.partition("\n## What you may ask\n")[2].partition("\n## ")[0]
    named = {
        name
        for row in table.splitlines()
        if row.startswith("| `")
        for name in re.findall(r"`(\w+)`", row.split("|")[1])
    }
    assert len(named) > 10
    assert named <= commands.TYPES


def test_the_limits_are_those_of_the_house() -> None:
    table = PAGE.partition("\n## Limits\n")[2].partition("\n## ")[0]
    rows = [row.split("|") for row in table.splitlines() if "`" in row and row.startswith("| ")]
    shown = {
        name: value.strip()
        for _, _, values, names, _ in rows
        for value, name in zip(values.split(";"), re.findall(r"`(\w+)`", names), strict=True)
    }
    assert len(shown) > 8
    assert shown == {name: str(getattr(Config(), name)) for name in shown}
