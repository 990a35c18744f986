"""What is said in the messages of `/ws/uttt`, which the website speaks, too."""

from __future__ import annotations

from app.services import accounts, tokens
from app.services.sessions import Client
from tests.legacy.players import game
from tests.transcripts.recorder import PASSWORD, Person, Scene, session


def begin(scene: Scene, one: Person, other: Person) -> str:
    """A match by invitation, of which nothing is written down; its id."""
    with scene.aside():
        one.say("match_request", player=other.name)
        scene.everybody()
    match_id: str = one.last("match_update")["id"]
    return match_id


def play(scene: Scene, match_id: str, *players: Person, outcome: str = "a", but: int = 0) -> None:
    """The moves of a whole match but for the last `but`."""
    moves = game(outcome)
    with scene.aside():
        for number, move in enumerate(moves[: len(moves) - but]):
            players[number % 2].say("move", id=match_id, **move)
            scene.everybody()


@session("messages-sign-in")
def sign_in(scene: Scene) -> None:
    anna = scene.person("anna")
    anna.say("login", name="anna", pw=PASSWORD).hear(3)
    token = anna.last("login_response")["id"]
    anna.say("logout").end()
    again = scene.person("anna")
    again.say("reconnect", id=token).end()
    bert = scene.person("bert")
    bert.say("temp_session", name="bert").hear(3)
    wrong = scene.person("anna")
    wrong.say("login", name="anna", pw="not it").end()


@session("messages-come-back")
def come_back(scene: Scene) -> None:
    anna = scene.account("anna")
    with scene.aside():
        session_id = anna.last("login_response")["id"]
    anna.raw.drop()
    back = scene.person("anna")
    back.say("reconnect", id=session_id).hear(3)


@session("messages-token")
def token(scene: Scene) -> None:
    caller = accounts.register(
        scene.house, "anna", PASSWORD, client=Client("192.0.2.1", "test")
    ).caller
    made = tokens.renew(scene.house, caller.user_id)
    anna = scene.person("anna")
    anna.say("token_login", token=made).hear()
    anna.settle()


@session("messages-match")
def match(scene: Scene) -> None:
    anna, bert = scene.account("anna"), scene.account("bert")
    anna.say("match_request", player="bert")
    scene.everybody()
    match_id = anna.last("match_update")["id"]
    first, second = game("a")[:2]
    anna.say("move", id=match_id, **first)
    scene.everybody()
    anna.say("move", id=match_id, **second)
    scene.everybody()
    bert.say("match_states_request", id=match_id)
    scene.everybody()
    scene.gap()
    with scene.aside():
        bert.say("move", id=match_id, **second)
        scene.everybody()
    bert.say("end_match", id=match_id)
    scene.everybody()


@session("messages-random")
def random_opponent(scene: Scene) -> None:
    anna, bert = scene.guest("anna"), scene.guest("bert")
    anna.say("match_request", player=None)
    anna.settle()
    bert.say("match_request", player=None)
    scene.everybody()


@session("messages-friends")
def friends(scene: Scene) -> None:
    anna, _ = scene.account("anna"), scene.account("bert")
    anna.say("friend_request", user="bert").settle()
    anna.say("unfriend_request", user="bert").settle()
    anna.say("friend_request", user="nobody-here").settle()


@session("messages-errors")
def errors(scene: Scene) -> None:
    anna = scene.guest("anna")
    anna.say("move", id="0" * 32, sub_x=0, sub_y=0, x=0, y=0).settle()
    anna.say("move", id=7).settle()
    anna.say("tea").settle()
    anna.say("login", name="anna", pw=PASSWORD).settle()
    stranger = scene.person("somebody")
    stranger.say("move", id="0" * 32).end()
