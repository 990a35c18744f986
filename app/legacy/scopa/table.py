"""A match as a client has it: what it is told of it, its plays, what is said, and its end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from app.legacy.envelope import Malformed
from app.legacy.scopa import negotiation
from app.legacy.scopa.client import Client, Game
from app.legacy.scopa.controls import Control, Vocabulary, read
from app.legacy.scopa.sequence import Message, Sequence
from app.live import scopa
from app.live.commands.cards import HUMAN_PLAY, Play, play_card
from app.live.scopa.stream import waiting
from app.services import chat, grace, matches, players, reach
from app.services.channels import MATCH
from app.services.errors import ServiceError
from app.services.records import MatchRecord

words = Vocabulary()

DATA: Final = "match_data"
END_DUE: Final = "end_due"  # an old client has had its time to see the end
GAP_DUE: Final = "gap_due"  # what was missing has had its time to come
PATIENCE: Final = timedelta(seconds=2)  # for what has been saved earlier and is told later


class PlayCommand(msgspec.Struct):
    command: str
    data: Play


# What a client asks


@words.handles(DATA)
def _play(client: Client, control: Control) -> None:
    try:
        asked: PlayCommand = read(control, PlayCommand)
        if asked.command != HUMAN_PLAY:
            raise ServiceError("unknown_command", f"The one command in a match is {HUMAN_PLAY}.")
        play = asked.data
        game = _running(client)
        done = play_card(client.house, client.user, game.id, play.player, play.card, play.take)
    except (Malformed, ServiceError) as error:
        _refuse(client, error)
        return
    for message in done.messages:
        _tell(client, message)


@words.handles("chat")
def _chat(client: Client, control: Control) -> None:
    text: str = read(control, str)
    game = _running(client)
    chat.say(client.house, client.user, client.viewer(), f"{MATCH}:{game.id}", text)


def _running(client: Client) -> Game:
    if client.game is None:
        raise ServiceError("no_match", "You are in no match.")
    return client.game


def _refuse(client: Client, error: Malformed | ServiceError) -> None:
    """Say that a play was not taken. An old client locked its hand: on its turn that is freed."""
    if client.dialect.keeps_up:
        _tell(client, scopa.refused("", error.code, error.msg))
    elif client.game is not None:
        record = matches.get(client.house, client.game.id)
        infos = waiting(record)
        if record.seat_of(client.user.user_id) in record.actors:
            client.say(DATA, {"infos": infos, "moves": [], "cards": []})


# What rooms bring


def hear_data(client: Client, message: Message) -> None:
    """A message of a match's stream; the first one of a match that this client is to be in."""
    game = client.game
    if (game is None or game.id != message["id"]) and not _begin(client, message):
        return
    assert client.game is not None
    client.game.told.add(message)


def hear_update(client: Client, data: dict[str, Any]) -> None:
    """How a match stands: with it all messages of that version have come."""
    game = client.game
    if game is None or game.id != data["id"]:
        return
    state, version = data["match_state"], data["version"]
    names = [seat["name"] for seat in state["seats"]]
    if state["game_over"]:
        game.ends_at = version
    if names != (game.names or names):  # a guest has become an account
        _resume(client, game)
        return
    game.names = names
    for message in game.told.complete(version):
        _tell(client, message)
    if game.told.gap:
        when = client.house.clock() + PATIENCE
        client.house.timers.set_once(_key(client, GAP_DUE), when, _reminder(client, GAP_DUE))
    elif game.ends_at is not None and game.told.version >= game.ends_at:
        _over(client, game)


def hear_chat(client: Client, line: dict[str, Any]) -> None:
    """Something has been said, here or elsewhere."""
    if client.game is not None and line["room"] == f"{MATCH}:{client.game.id}":
        at = datetime.fromisoformat(line["at"]).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        client.say("chat", {"player": line["name"], "message": line["text"], "date": at})


def end_due(client: Client, game: Game) -> None:
    """The end of a match has been shown for long enough."""
    if client.game is game:
        finish(client)


def gap_due(client: Client, game: Game) -> None:
    """If something of a match is missing still, show the table as it stands instead."""
    if client.game is game and game.told.gap:
        _resume(client, game)


# Coming and going


def come_back(client: Client) -> None:
    """Give a client that can take it up the match that its user is in."""
    if not client.dialect.keeps_up:
        return
    match_id = players.running(client.house, client.user.user_id)
    if match_id is not None:
        client.say("match_started")
        client.game = Game(match_id, Sequence(-1))
        _resume(client, client.game)


def give_up(client: Client) -> None:
    """End the match that a client which cannot come back to it has left, with its user gone."""
    house, user_id = client.house, client.user.user_id
    if client.dialect.keeps_up or reach.is_here(house, user_id):
        return
    match_id = players.running(house, user_id)
    if match_id is not None:
        grace.leave_now(house, match_id, user_id)


def finish(client: Client) -> None:
    """Say that the match is over, and go on to what there is to do next."""
    _forget(client)
    client.say("match_end")
    negotiation.look(client)


def leave(client: Client) -> None:
    """The client is gone, and its user with it: a match that it cannot come back to ends."""
    game = client.game
    _forget(client)
    if game is not None and not game.over and not client.dialect.keeps_up:
        grace.leave_now(client.house, game.id, client.user.user_id)


def _begin(client: Client, message: Message) -> bool:
    """Whether a match begins with this message that the client is in from now on."""
    busy = client.game is not None and not client.game.over
    if busy or message["version"] != 0 or not _concerns(client, message["id"]):
        return False
    if client.game is not None:
        _forget(client)
        client.say("match_end")
    client.proposal = None
    client.game = Game(message["id"], Sequence(-1))
    client.met = players.met(client.house, client.user.user_id)
    client.say("match_started")
    return True


def _concerns(client: Client, match_id: str) -> bool:
    """Whether a match of the user's is for this client: what it was asked to, or any proposal's."""
    if client.proposal is not None and client.proposal.row.id == match_id:
        return True
    record = client.house.matches.get(match_id) or matches.get(client.house, match_id)
    return record.grace is not None


def _resume(client: Client, game: Game) -> None:
    """Show the whole table as it stands now."""
    record = matches.get(client.house, game.id)
    game.told = Sequence(record.version)
    game.names = [info.name for info in record.seats]
    _tell(client, _whole(client, record))
    if record.over:
        _over(client, game)


def _whole(client: Client, record: MatchRecord) -> Message:
    return scopa.whole_table(record, record.seat_of(client.user.user_id))


def _over(client: Client, game: Game) -> None:
    """The end has been told. An old client shows it first, and would forget it at `match_end`."""
    if client.dialect.keeps_up:
        finish(client)
    elif not game.over:
        game.over = True
        when = client.house.clock() + timedelta(seconds=client.house.config.SCOPA_END_DELAY)
        client.house.timers.at(_key(client, END_DUE), when, _reminder(client, END_DUE))


def _forget(client: Client) -> None:
    client.game = None
    for due in (END_DUE, GAP_DUE):
        client.house.timers.cancel(_key(client, due))


def _tell(client: Client, message: Message) -> None:
    client.say(DATA, {key: message[key] for key in ("infos", "moves", "cards")})


def _key(client: Client, due: str) -> tuple[str, Client]:
    return due, client


def _reminder(client: Client, due: str) -> Any:
    game = client.game
    return lambda: client.inbox.put(due, game)
