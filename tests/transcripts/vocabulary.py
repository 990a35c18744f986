"""What is said of tables, challenges, chats and who looks on, to the website and new clients."""

from __future__ import annotations

from typing import Any

from app.services import moderation
from app.services.audit import HOST
from tests.legacy.players import game
from tests.transcripts.messages import begin, play
from tests.transcripts.recorder import Person, Scene, session


def told_all(scene: Scene, *people: Person) -> None:
    """Have these be known as no old clients, so that they hear everything."""
    with scene.aside():
        for person in people:
            person.say("chat_unread").settle()


@session("new-lobby")
def lobby(scene: Scene) -> None:
    anna, bert = scene.account("anna"), scene.account("bert")
    told_all(scene, anna, bert)
    anna.say("lobby").settle()
    bert.say("match_request", player=None)
    scene.everybody()
    bert.say("match_request", cancel=True)
    scene.everybody()
    with scene.aside():
        carl = scene.guest("carl")
        anna.settle()
        scene.later()
    anna.settle()
    carl.raw.close()
    anna.hear()


@session("new-table")
def table(scene: Scene) -> None:
    anna, bert = scene.account("anna"), scene.account("bert")
    told_all(scene, anna, bert)
    with scene.aside():
        bert.say("lobby").settle()
    anna.say("open_table", game="uttt", variant="swap", rated=False, time="300+3")
    scene.everybody()
    table_id = bert.last("table_update")["id"]
    bert.say("join_table", id=table_id)
    scene.everybody()
    anna.say("open_table", game="uttt", private=True)
    scene.everybody()
    anna.say("close_table")
    scene.everybody()


@session("new-seats")
def seats(scene: Scene) -> None:
    anna, bert = scene.account("anna"), scene.account("bert")
    told_all(scene, anna, bert)
    anna.say(
        "open_table",
        game="scopa",
        variant="scopone",
        seats=[{"kind": "free"}, {"kind": "free"}, {"kind": "bot", "strength": "easy"}],
    )
    anna.settle()
    table_id = anna.last("table_own")["id"]
    anna.say("set_seat", id=table_id, seat=1, kind="bot", strength="easy").settle()
    anna.say("set_seat", id=table_id, seat=1, kind="free").settle()
    bert.say("join_table", id=table_id)
    scene.everybody()
    bert.say("leave_table", id=table_id)
    scene.everybody()


@session("new-challenge")
def challenge(scene: Scene) -> None:
    anna, bert = scene.account("anna"), scene.account("bert")
    told_all(scene, anna, bert)
    anna.say("challenge", player="bert", game="uttt", variant="standard", rated=True)
    scene.everybody()
    bert.say("decline_challenge", id=bert.last("challenge")["id"])
    scene.everybody()
    anna.say("challenge", player="bert", game="uttt")
    scene.everybody()
    anna.say("withdraw_challenge", id=anna.last("challenge_sent")["id"])
    scene.everybody()
    scene.gap()
    with scene.aside():
        bert.say("challenge", player="anna", game="scopa")
        scene.everybody()
    anna.say("accept_challenge", id=anna.last("challenge")["id"])
    scene.everybody()


@session("new-chat")
def chat(scene: Scene) -> None:
    anna, bert = scene.account("anna"), scene.account("bert")
    told_all(scene, anna, bert)
    with scene.aside():
        anna.say("lobby").settle()
        bert.say("lobby").settle()
    anna.say("chat", room="lobby", text="Good evening!")
    scene.everybody()
    anna.say("chat", room="with:bert", text="Shall we play?")
    scene.everybody()
    line = bert.last("chat_message")["id"]
    bert.say("chat_read", room="with:anna", id=line)
    scene.everybody()
    bert.say("report", id=line, reason="far too friendly").settle()
    bert.say("block", user="anna")
    scene.everybody()
    anna.say("chat", room="with:bert", text="Hello?")
    scene.everybody()
    bert.say("unblock", user="anna").settle()


@session("new-watch")
def watch(scene: Scene) -> None:
    anna, bert, carl = scene.account("anna"), scene.account("bert"), scene.guest("carl")
    told_all(scene, anna, bert, carl)
    match_id = begin(scene, anna, bert)
    play(scene, match_id, anna, bert, but=1)
    carl.say("watch", id=match_id)
    scene.everybody()
    carl.say("small_boards", ids=[match_id]).settle()
    carl.say("unwatch", id=match_id)
    scene.everybody()
    players = (anna, bert)
    moves = game("a")
    players[(len(moves) - 1) % 2].say("move", id=match_id, **moves[-1])
    scene.everybody()
    anna.say("rematch", id=match_id)
    scene.everybody()


@session("new-cards")
def cards(scene: Scene) -> None:
    anna, bert = scene.account("anna"), scene.account("bert")
    told_all(scene, anna, bert)
    with scene.aside():
        anna.say("challenge", player="bert", game="scopa")
        scene.everybody()
    bert.say("accept_challenge", id=bert.last("challenge")["id"])
    scene.everybody()
    update = anna.last("match_update")
    seat = update["match_state"]["to_move"]
    mover = next(each for each in (anna, bert) if each.name == seats_of(update)[seat])
    card = mover.last("match_update")["match_state"]["hands"][seat][0]["place"]
    played = {"player": mover.name, "card": card}
    mover.say("match_data", id=update["id"], command="human_play", data=played)
    scene.everybody()
    mover.say("match_data", id=update["id"], command="human_play", data=played)
    scene.everybody()


def seats_of(update: dict[str, Any]) -> list[str]:
    """Who plays, by their seats."""
    return [seat["name"] for seat in update["match_state"]["seats"]]


@session("new-acknowledged")
def acknowledged(scene: Scene) -> None:
    anna, bert = scene.account("anna"), scene.account("bert")
    match_id = begin(scene, anna, bert)
    one, other = game("a")[:2]
    anna.ask("move", id=match_id, **one)
    bert.ask("move", id=match_id, version=1, **other)
    bert.ask("move", id=match_id, version=2, **one)
    anna.ask("match_log", id=match_id)
    line = anna.ask("chat", room=f"match:{match_id}", text="Good luck!")["line"]
    bert.ask("chat_history", room=f"match:{match_id}")
    bert.ask("chat_unread")
    bert.ask("chat_read", room=f"match:{match_id}", id=line["id"])
    anna.ask("end_match", id=match_id)
    anna.ask("challenge", player="bert")
    anna.ask("open_table", private=True)
    anna.ask("close_table")


@session("new-announcement")
def announcement(scene: Scene) -> None:
    anna = scene.account("anna")
    told_all(scene, anna)
    number = moderation.broadcast(scene.house, HOST, "Tea at five")
    anna.settle()
    moderation.withdraw_broadcast(scene.house, HOST, number)
    anna.settle()
