"""Seed 002, line by line: every command, every answer it documents and every error, to the letter.

Over HTTP with GET, with POST as a form and as JSON, and over the WebSocket.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.legacy.commands.table import COMMANDS
from tests.legacy.commanders import TRANSPORTS, ByWebSocket, Commander
from tests.legacy.players import new_name
from tests.support import cluster
from tests.support.server import Server

ADMIN = "the admin's own token, which nobody guesses"
BAD_TOKEN = "Invalid or non-existence token!"
PLAYERS = ("lobby", "join", "leave", "chat", "play", "state", "bot")
ADMINS = ("ban", "unban", "shutdown", "restart", "token", "end", "broadcast", "delete", "logs")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    instance = tmp_path_factory.mktemp("commands") / "instance"
    with cluster.serve(
        instance, {"ADMIN_TOKEN": ADMIN, "CHAT_LENGTH": "40", "LOG_LEVEL": "INFO"}
    ) as server:
        yield server


@pytest.fixture(params=TRANSPORTS, ids=lambda kind: kind.__name__)
def client(request: pytest.FixtureRequest, house: Server) -> Iterator[Commander]:
    client = request.param(house)
    yield client
    client.close()


Someone = Callable[[], tuple[str, str]]


@pytest.fixture
def someone(client: Commander) -> Someone:
    """Registers somebody new: their nick and token."""

    def make() -> tuple[str, str]:
        nick = new_name()
        return nick, client.register(nick)

    return make


def joined(nick: str, char: str) -> dict[str, str]:
    return {"msg": f"Successfully joined {nick}'s game", "char": char}


def test_the_table_has_the_commands_of_the_page() -> None:
    assert tuple(COMMANDS) == ("register", *PLAYERS, *ADMINS)


def test_register(client: Commander) -> None:
    nick = new_name()
    token = client.ok("register", nick=nick)
    assert token.keys() == {"token"}
    assert re.fullmatch(r"[A-Za-z0-9]{12}", token["token"])
    client.refused(409, f"The nick {nick} is already registered", "register", nick=nick)
    # As the caller spells it; a name is the same in capital letters.
    shouted = nick.upper()
    client.refused(409, f"The nick {shouted} is already registered", "register", nick=shouted)
    client.refused(409, "The nick admin is already registered", "register", nick="admin")
    client.refused(409, "The nick Admin is already registered", "register", nick="Admin")


@pytest.mark.parametrize("token", ["nobodys12345", "x", "", None, "ünbekannt", "' or 1=1"])
def test_an_unknown_token_is_the_same_everywhere(client: Commander, token: str | None) -> None:
    rest = {"nick": "far", "type": "place", "coordinates": "1,1", "IPs": "192.0.2.1", "msg": "m"}
    for command in (*PLAYERS, *ADMINS):
        given = {name: rest[name] for name in COMMANDS[command].words if name in rest}
        if isinstance(client, ByWebSocket) and not token:
            given = {}
        client.refused(401, BAD_TOKEN, command, token=token, **given)


def test_the_token_is_looked_at_before_anything_else(client: Commander) -> None:
    for command in ("join", "play", "ban"):
        client.refused(401, BAD_TOKEN, command, token="nobodys12345")


def test_lobby(client: Commander, someone: Someone) -> None:
    (one, one_token), (two, two_token), (three, three_token) = someone(), someone(), someone()
    client.ok("join", token=one_token, nick=one)
    client.ok("join", token=two_token, nick=two, variant="standard")
    client.ok("join", token=three_token, nick=three, code="hidden")
    listed = [
        row for row in client.ok("lobby", token=one_token) if row["nick"] in (one, two, three)
    ]
    assert [(row["nick"], row["variant"]) for row in listed] == [(one, "swap"), (two, "standard")]
    for token in (one_token, two_token, three_token):
        client.ok("leave", token=token)
    assert not {one, two} & {row["nick"] for row in client.ok("lobby", token=one_token)}


def test_join(client: Commander, someone: Someone) -> None:
    (far, far_token), (bob, bob_token), (_, joe_token) = someone(), someone(), someone()
    assert client.ok("join", token=far_token, nick=far) == joined(far, "X")
    client.refused(409, "You have already joined a game", "join", token=far_token, nick=far)
    client.refused(409, "You have already joined a game", "join", token=far_token, nick=bob)
    # The code of a public game is ignored; the nick is written back as it came.
    answer = client.ok("join", token=bob_token, nick=far.upper(), code="whatever")
    assert answer == joined(far.upper(), "O")
    client.refused(409, "You have already joined a game", "join", token=bob_token, nick=far)
    client.refused(404, "Game does not exist", "join", token=joe_token, nick=far)
    assert client.ok("join", token=joe_token, nick=bob, spectate=True) == joined(bob, "")
    client.refused(
        409, "You have already joined a game", "join", token=joe_token, nick=far, spectate=True
    )


def test_a_private_game(client: Commander, someone: Someone) -> None:
    (far, far_token), (bob, bob_token), (_, joe_token) = someone(), someone(), someone()
    wrong = "Incorrect code for private game"
    assert client.ok("join", token=far_token, nick=far, code="open sesame") == joined(far, "X")
    client.refused(403, wrong, "join", token=bob_token, nick=far, code="open")
    client.refused(403, wrong, "join", token=joe_token, nick=far, code="open", spectate=True)
    assert client.ok("join", token=bob_token, nick=far, code="open sesame") == joined(far, "O")
    client.refused(403, wrong, "join", token=joe_token, nick=bob, code="open", spectate=True)
    answer = client.ok("join", token=joe_token, nick=bob, code="open sesame", spectate=True)
    assert answer == joined(bob, "")


def test_a_private_game_is_like_none(client: Commander, someone: Someone) -> None:
    (far, far_token), (bob, _), (_, joe_token) = someone(), someone(), someone()
    client.ok("join", token=far_token, nick=far, code="open sesame")
    for spectate in (False, True):
        for code in (None, "guessed"):
            asked = [
                client.do("join", token=joe_token, nick=nick, code=code, spectate=spectate)
                for nick in (far, bob)
            ]
            assert asked[0] == asked[1]


def test_spectating_what_is_not_there(client: Commander, someone: Someone) -> None:
    (bob, _), (_, joe_token) = someone(), someone()
    for nick in (bob, "nobody-like-it"):
        client.refused(
            404, "Game does not exist", "join", token=joe_token, nick=nick, spectate=True
        )


def test_leave(client: Commander, someone: Someone) -> None:
    (far, far_token), (_, bob_token), (_, joe_token) = someone(), someone(), someone()
    client.refused(409, "You have not joined a game", "leave", token=far_token)
    left = {"msg": f"Successfully left {far}'s game"}
    # One that nobody has joined yet is closed.
    client.ok("join", token=far_token, nick=far)
    assert client.ok("leave", token=far_token) == left
    client.refused(404, "Game does not exist", "join", token=bob_token, nick=far)
    # One that runs is lost; a spectator just goes.
    client.ok("join", token=far_token, nick=far)
    client.ok("join", token=bob_token, nick=far)
    client.ok("join", token=joe_token, nick=far, spectate=True)
    for token, coordinates in ((far_token, "5,5"), (bob_token, "5,1")):
        client.ok("play", token=token, type="place", coordinates=coordinates)
    assert client.ok("leave", token=joe_token) == left
    client.refused(409, "You have not joined a game", "leave", token=joe_token)
    assert client.ok("leave", token=bob_token) == left
    state = client.ok("state", token=far_token)
    assert (state["over"], state["winner"], state["reason"]) == (True, "X", "resign")
    assert client.ok("leave", token=far_token) == left
    client.refused(409, "You have not joined a game", "state", token=far_token)


def test_chat_in_the_lobby(client: Commander, someone: Someone) -> None:
    (far, far_token), (joe, joe_token) = someone(), someone()
    client.ok("chat", token=far_token, msg="Hi!")
    said = client.ok("chat", token=joe_token, msg="Lo!")
    assert said[-2:] == [{far: "Hi!"}, {joe: "Lo!"}]
    assert client.ok("chat", token=far_token) == said
    for number in range(20):
        client.ok("chat", token=far_token, msg=f"line {number}")
    assert client.ok("chat", token=joe_token) == [{far: f"line {n}"} for n in range(4, 20)]
    client.refused(400, "Too long message. Max length is 40", "chat", token=far_token, msg="x" * 41)
    assert client.ok("chat", token=far_token, msg="ü" * 40)[-1] == {far: "ü" * 40}


def test_chat_in_a_game(client: Commander, someone: Someone) -> None:
    (far, far_token), (_, bob_token), (joe, joe_token) = someone(), someone(), someone()
    client.ok("join", token=far_token, nick=far, code="open sesame")
    assert client.ok("chat", token=far_token) == []
    client.ok("join", token=bob_token, nick=far, code="open sesame")
    client.ok("join", token=joe_token, nick=far, code="open sesame", spectate=True)
    assert client.ok("chat", token=far_token, msg="well played") == [{far: "well played"}]
    assert client.ok("chat", token=bob_token) == [{far: "well played"}]
    # Spectators talk among themselves.
    assert client.ok("chat", token=joe_token) == []
    assert client.ok("chat", token=joe_token, msg="who wins?") == [{joe: "who wins?"}]
    assert client.ok("chat", token=bob_token) == [{far: "well played"}]


def test_play(client: Commander, someone: Someone) -> None:
    (far, far_token), (_, bob_token), (_, joe_token) = someone(), someone(), someone()

    def play(token: str, coordinates: str, type: str = "place") -> dict[str, Any]:
        return {"token": token, "type": type, "coordinates": coordinates}

    client.refused(409, "You have not joined a game", "play", **play(far_token, "5,5"))
    client.ok("join", token=far_token, nick=far)
    client.refused(409, "The game has not started", "play", **play(far_token, "5,5"))
    client.ok("join", token=bob_token, nick=far)
    client.ok("join", token=joe_token, nick=far, spectate=True)
    client.refused(409, "It is not your turn", "play", **play(bob_token, "5,5"))
    client.refused(409, "You only watch this game", "play", **play(joe_token, "5,5"))
    answer = client.ok("play", **play(far_token, "5,9"))
    assert answer["msg"] == "Placed at 5,9"
    assert answer["state"] == client.ok("state", token=far_token)
    assert answer["state"]["board"][4] == [""] * 8 + ["X"]
    client.refused(409, "It is not your turn", "play", **play(far_token, "5,5"))
    client.refused(409, "The selected place is not blank", "play", **play(bob_token, "5,9"))
    for coordinates in ("0,5", "5,0", "10,1", "1,10", "0,0"):
        client.refused(
            400, "X and Y must each be from 1 to 9", "play", **play(bob_token, coordinates)
        )
    for coordinates in ("5", "5,5,5", "a,b", "5;5", "-1,5", "1.5,2", "٣,٣"):
        client.refused(
            400,
            "Coordinates are X,Y, each a number from 1 to 9",
            "play",
            **play(bob_token, coordinates),
        )
    client.refused(
        400, "X and Y must not be the same number", "play", **play(bob_token, "3,3", "swap")
    )
    answer = client.ok("play", **play(bob_token, "5,1", "swap"))
    assert answer["msg"] == "Swapped 5 and 1"
    state = answer["state"]
    assert state["board"][0] == [""] * 8 + ["X"]
    assert state["last"] == {"type": "swap", "coordinates": "1,5", "char": "O"}
    assert state["swaps_left"] == {"X": 3, "O": 2}
    undo = client.do("play", **play(far_token, "1,5", "swap"))
    assert undo.status in (None, 409)
    assert "undo" in undo.value["error"]
    client.ok("leave", token=far_token)
    client.refused(409, "The game is over", "play", **play(bob_token, "5,5"))


def test_a_swap_where_there_are_none(client: Commander, someone: Someone) -> None:
    (far, far_token), (_, bob_token) = someone(), someone()
    client.ok("join", token=far_token, nick=far, variant="standard")
    client.ok("join", token=bob_token, nick=far)
    answer = client.do("play", token=far_token, type="swap", coordinates="1,2")
    assert answer.status in (None, 400, 409)
    assert answer.value.keys() == {"error"}


def test_state(client: Commander, someone: Someone) -> None:
    (far, far_token), (bob, bob_token), (joe, joe_token) = someone(), someone(), someone()
    client.refused(409, "You have not joined a game", "state", token=far_token)
    client.ok("join", token=far_token, nick=far)
    alone = client.ok("state", token=far_token)
    assert (alone["version"], alone["started"], alone["turn"]) == (0, False, "")
    assert alone["players"] == {"X": far, "O": ""}
    client.ok("join", token=bob_token, nick=far)
    client.ok("join", token=joe_token, nick=far, spectate=True)
    client.ok("play", token=far_token, type="place", coordinates="1,2")
    mine, theirs = client.ok("state", token=far_token), client.ok("state", token=bob_token)
    assert mine == theirs | {"you": "X"}
    assert client.ok("state", token=joe_token) == mine | {"you": ""}
    assert mine == {
        "id": alone["id"],
        "game": "uttt",
        "variant": "swap",
        "version": 2,
        "started": True,
        "over": False,
        "you": "X",
        "turn": "O",
        "winner": "",
        "reason": "",
        "players": {"X": far, "O": bob},
        "spectators": [joe],
        "board": [["", "X", *[""] * 7], *[[""] * 9] * 8],
        "global": [""] * 9,
        "allowed": list(range(1, 10)),
        "swaps_left": {"X": 3, "O": 3},
        "last": {"type": "place", "coordinates": "1,2", "char": "X"},
    }


def test_a_whole_game(client: Commander, someone: Someone) -> None:
    """X takes the first column of tiles 1, 4 and 7, and with them the game."""
    (far, far_token), (_, bob_token) = someone(), someone()
    client.ok("join", token=far_token, nick=far)
    client.ok("join", token=bob_token, nick=far)
    moves = [f"{tile},{cell}" for tile in (1, 4, 7) for cell in (1, 4, 7)]
    others = [f"{tile},{cell}" for tile in (2, 3, 5, 6) for cell in (1, 5)]
    for number, coordinates in enumerate(moves):
        client.ok("play", token=far_token, type="place", coordinates=coordinates)
        if number < len(others):
            client.ok("play", token=bob_token, type="place", coordinates=others[number])
    state = client.ok("state", token=bob_token)
    assert (state["over"], state["winner"], state["reason"]) == (True, "X", "line")
    assert (state["turn"], state["allowed"]) == ("", [])
    assert state["global"] == ["X", "", "", "X", "", "", "X", "", ""]
    # A game that is over keeps nobody from the next.
    assert client.ok("join", token=far_token, nick=far) == joined(far, "X")


# Admins


def test_a_player_is_no_admin(client: Commander, someone: Someone) -> None:
    nick, token = someone()
    rest = {"nick": nick, "IPs": "192.0.2.1", "msg": "m"}
    for command in ADMINS:
        given = {name: rest[name] for name in COMMANDS[command].words if name in rest}
        client.refused(403, "You are not an admin", command, token=token, **given)


def test_the_admins_token_is_no_players(client: Commander) -> None:
    client.refused(401, BAD_TOKEN, "lobby", token=ADMIN)


def test_ban_and_unban(client: Commander) -> None:
    networks = "192.0.2.7,198.51.100.0/24,2001:db8::/32"
    shown = networks.replace(",", ", ")
    assert client.ok("ban", token=ADMIN, IPs=networks) == {"msg": f"Banned {shown}"}
    assert client.ok("unban", token=ADMIN, IPs=networks) == {"msg": f"Unbanned {shown}"}
    bad = client.do("ban", token=ADMIN, IPs="192.0.2.8,not-an-address")
    assert bad.status in (None, 400)
    assert "not-an-address" in bad.value["error"]
    # Nothing was done about the good one either.
    client.refused(409, "192.0.2.8 is not banned.", "unban", token=ADMIN, IPs="192.0.2.8")


def test_token(client: Commander, someone: Someone) -> None:
    nick, token = someone()
    client.refused(404, "No such nick", "token", token=ADMIN, nick="nobody-like-it")
    assert client.ok("token", token=ADMIN, nick=nick) == {"token": token}
    other = client.ok("token", token=ADMIN, nick=nick, new=True)["token"]
    assert re.fullmatch(r"[A-Za-z0-9]{12}", other)
    assert other != token
    client.refused(401, BAD_TOKEN, "lobby", token=token)
    client.ok("lobby", token=other)
    assert client.ok("token", token=ADMIN, nick=nick, new=False) == {"token": other}


def test_end(client: Commander, someone: Someone) -> None:
    (far, far_token), (bob, bob_token) = someone(), someone()
    client.refused(404, "No such game", "end", token=ADMIN, nick=far)
    client.refused(404, "No such game", "end", token=ADMIN, nick="nobody-like-it")
    client.ok("join", token=far_token, nick=far)
    client.ok("join", token=bob_token, nick=far)
    assert client.ok("end", token=ADMIN, nick=bob) == {"msg": f"The game of {bob} has ended"}
    state = client.ok("state", token=far_token)
    assert (state["over"], state["winner"], state["reason"]) == (True, "", "abort")
    client.refused(404, "No such game", "end", token=ADMIN, nick=far)


def test_broadcast(client: Commander, someone: Someone) -> None:
    (far, far_token), (_, bob_token), (_, joe_token) = someone(), someone(), someone()
    client.ok("join", token=far_token, nick=far)
    client.ok("join", token=bob_token, nick=far)
    assert client.ok("broadcast", token=ADMIN, msg="Tea is served") is None
    for token in (far_token, bob_token, joe_token):
        assert client.ok("chat", token=token)[-1] == {"admin": "Tea is served"}


def test_delete(client: Commander, someone: Someone) -> None:
    nick, token = someone()
    client.refused(404, "No such nick", "delete", token=ADMIN, nick="nobody-like-it")
    assert client.ok("delete", token=ADMIN, nick=nick) == {"msg": f"Deleted {nick}"}
    client.refused(401, BAD_TOKEN, "lobby", token=token)
    client.refused(404, "No such nick", "delete", token=ADMIN, nick=nick)
    client.register(nick)  # the name is free again


def test_logs(client: Commander) -> None:
    some = client.ok("logs", token=ADMIN, X=1)
    assert isinstance(some, str)
    assert some.count("\n") == 1
    json.loads(some)  # a line of server.log
    assert 1 <= client.ok("logs", token=ADMIN).count("\n") <= 100
