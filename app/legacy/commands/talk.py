"""Talking: in the joined game, else in the lobby."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.legacy.commands.answers import Answer, done
from app.legacy.commands.desk import Call, Shown, Wait
from app.legacy.commands.shapes import Chat
from app.live.names import LOBBY, user_room, watch_room
from app.services import channels, chat, hearing, joined
from app.services.access import Viewer
from app.services.hearing import Heard, Said
from app.services.house import House
from app.services.joined import Place

LINES = 16


def talk(call: Call) -> Answer | Wait:
    args: Chat = call.args
    caller, house = call.caller, call.house
    place = joined.place_of(house, caller.user_id)
    room = _room(place)
    watched = place.id if place is not None and place.spectating else None
    code = place.game.code if place is not None else None
    viewer = Viewer(caller.user_id, call.address, code)
    question = ChatQuestion(
        room, caller.user_id, watched, call.desk.shown, call.desk.shown.last(caller.user_id, room)
    )
    if args.msg:
        line = chat.say(house, caller, viewer, room, args.msg)
        said = chat.history(house, viewer, room, before=line.id + 1, limit=LINES)
        return question.shows([Said(line.id, line.name, line.text) for line in said])
    channels.enter(house, viewer, room)
    if args.timeout:
        return Wait(question, args.timeout)
    return ChatQuestion.answer(house, [question], finally_=True)[0]


@dataclass(frozen=True, slots=True)
class ChatQuestion:
    """What is said in a room; `after` is the last line that the user has been shown, if known."""

    room: str
    user_id: int
    watched: str | None  # the match, for a spectator
    shown: Shown
    after: int | None

    @property
    def key(self) -> bytes:
        return f"chat {self.room}".encode()

    @property
    def rooms(self) -> Sequence[str]:
        # Their own room, too, for the lobby: it is by this that they hear nobody they have blocked.
        own = user_room(self.user_id)
        if self.watched is not None:
            return own, watch_room(self.watched)
        return (own, LOBBY) if self.room == channels.LOBBY else (own,)

    def look(self, house: House) -> Answer | None:
        if self.after is None:
            return None
        lines = _heard(house, self.room, {self.user_id}).by(self.user_id)
        return self.shows(lines) if lines and lines[-1].id > self.after else None

    @classmethod
    def answer(cls, house: House, asked: Sequence[ChatQuestion], *, finally_: bool) -> list[Answer]:
        """To each; who was woken has something new to hear."""
        rooms: dict[str, set[int]] = defaultdict(set)
        for question in asked:
            rooms[question.room].add(question.user_id)
        heard = {room: _heard(house, room, ids) for room, ids in rooms.items()}
        alike = {room: _said(found.lines) for room, found in heard.items()}
        return [
            question.shows(heard[question.room].by(question.user_id), alike[question.room])
            if question.user_id not in heard[question.room].apart
            else question.shows(heard[question.room].by(question.user_id))
            for question in asked
        ]

    def shows(self, lines: Sequence[Said], answer: Answer | None = None) -> Answer:
        """The answer with these lines (said already, perhaps); the user has been shown them."""
        if lines:
            self.shown.note(self.user_id, self.room, lines[-1].id)
        return answer or _said(lines)


def _room(place: Place | None) -> str:
    if place is None:
        return channels.LOBBY
    return f"{channels.WATCH if place.spectating else channels.MATCH}:{place.id}"


def _heard(house: House, room: str, user_ids: set[int]) -> Heard:
    """The last lines of a room that these users have entered; they may have sat down since."""
    heard = hearing.last_lines(house, room, user_ids, LINES)
    if not room.startswith(f"{channels.WATCH}:"):
        return heard
    players = user_ids.intersection(channels.unseen(house, room).audience.but)
    return replace(heard, apart=heard.apart | dict.fromkeys(players, ()))


def _said(lines: Sequence[Said]) -> Answer:
    return done([{line.name: line.text} for line in lines])
