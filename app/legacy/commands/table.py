"""Every command: what it takes and gives, what it may refuse, and who does it.

The one list. What comes in is dispatched by it, and what is published about the API
(`app.legacy.commands.openapi`) is made from it.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import msgspec

from app.legacy.commands import admin, answers, game, hall, shapes, talk
from app.legacy.commands.answers import Answer, Refused, done, refusal
from app.legacy.commands.desk import Call, Desk, Handler, Outcome, Wait
from app.services import tokens, trouble
from app.services.audit import Admin
from app.services.errors import ServiceError
from app.services.house import House
from app.services.sessions import Caller

ADMIN: Final = "admin"  # what the holder of ADMIN_TOKEN is called


class Problem(NamedTuple):
    """An error that a command may answer, as an example of its text."""

    status: int
    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """A command. `answers` are the types of what it may answer: `Answer` where that is text."""

    name: str
    takes: type[msgspec.Struct]
    answers: tuple[Any, ...]
    does: Handler
    summary: str
    notes: str = ""
    problems: tuple[Problem, ...] = ()
    admin: bool = False
    example: Any = None  # of an answer

    @property
    def words(self) -> tuple[str, ...]:
        """Its parameters in the order in which a WebSocket's words are read."""
        return self.takes.__struct_fields__

    @property
    def needs_token(self) -> bool:
        return "token" in self.words


def run(desk: Desk, name: str, given: Mapping[str, Any], address: str) -> Outcome:
    """Do a command. `given` are its parameters as JSON values, numbers and booleans perhaps as
    strings; empty ones are as good as none. A refusal is an answer, too.
    """
    try:
        command = COMMANDS.get(name)
        if command is None:
            raise Refused(404, f"There is no command {name[:40]}")
        given = {key: value for key, value in given.items() if value != "" and value is not None}
        user, by = _who(desk, command, given, address)
        call = Call(desk, _read(command, given), address, user, by)
        outcome = command.does(call)
    except (Refused, ServiceError) as problem:
        return refusal(problem)
    except trouble.ERRORS as failed:
        return refusal(trouble.said(failed))
    return outcome if isinstance(outcome, Wait) else done(outcome)


def _who(
    desk: Desk, command: Command, given: Mapping[str, Any], address: str
) -> tuple[Caller | None, Admin | None]:
    """Whose token it is, and which admin that makes them. Raises Refused, and `banned`."""
    if not command.needs_token:
        return None, None
    house, token = desk.house, given.get("token")
    if not isinstance(token, str):
        raise Refused(401, answers.BAD_TOKEN)
    if command.admin and _is_admin_token(house, token, address):
        return None, Admin(ADMIN, address)
    caller = tokens.caller_of(house, token)
    if caller is None:
        # Those that are somebody's go on being taken: twelve letters are not to be guessed, and
        # one client with an old token must not keep out all that share its address. ADMIN_TOKEN,
        # which somebody has chosen, is not.
        house.limits.hit("api_token", address)
        raise Refused(401, answers.BAD_TOKEN)
    if not command.admin:
        return caller, None
    if not caller.admin:
        raise Refused(403, "You are not an admin")
    return caller, Admin(caller.name, address, caller.user_id)


def _is_admin_token(house: House, token: str, address: str) -> bool:
    """Whether that is `ADMIN_TOKEN`; nothing is, from an address that has guessed too often."""
    right = house.config.ADMIN_TOKEN
    if not right:
        return False
    try:
        house.limits.check("api_token", address)
    except ServiceError:
        return False
    return hmac.compare_digest(right.encode(), token.encode())


def _read(command: Command, given: Mapping[str, Any]) -> msgspec.Struct:
    """The parameters as the command takes them; unknown ones are left alone. Raises Refused."""
    for name in command.words:
        value = given.get(name)
        if isinstance(value, str) and "\0" in value:
            raise Refused(400, f"{name}: NUL is no character of a text")
    try:
        return msgspec.convert(given, command.takes, strict=False)
    except msgspec.ValidationError as problem:
        raise Refused(400, _in_words(command, str(problem))) from None


def _in_words(command: Command, problem: str) -> str:
    """What is wrong with a parameter, named: msgspec's word for it, put the other way round.

    >>> _in_words(COMMANDS["state"], "Expected `int`, got `str` - at `$.version`")
    'version: expected int, got str'
    >>> _in_words(COMMANDS["play"], "Object missing required field `type`")
    'type is missing: play takes token, type, coordinates'
    """
    what, _, where = problem.replace("`", "").partition(" - at $.")
    if what.startswith("Object missing"):
        takes = ", ".join(command.words)
        return f"{what.rpartition(' ')[2]} is missing: {command.name} takes {takes}"
    return f"{where}: {what[:1].lower()}{what[1:]}" if where else what


_NOT_JOINED: Final = Problem(409, answers.NOT_JOINED)
_NO_SUCH_NICK: Final = Problem(404, answers.NO_SUCH_NICK)
_LATER: Final = Problem(429, "Too many tries. Try again in a minute.")

_STATE: Final = {
    "id": "0c408edac26ad9a7815bcdaec6aab3f2",
    "game": "uttt",
    "variant": "swap",
    "version": 2,
    "started": True,
    "over": False,
    "you": "X",
    "turn": "O",
    "winner": "",
    "reason": "",
    "players": {"X": "far", "O": "bob"},
    "spectators": ["joe"],
    "board": [[""] * 9] * 4 + [[""] * 4 + ["X"] + [""] * 4] + [[""] * 9] * 4,
    "global": [""] * 9,
    "allowed": [1, 2, 3, 4, 5, 6, 7, 8, 9],
    "swaps_left": {"X": 3, "O": 3},
    "last": {"type": "place", "coordinates": "5,5", "char": "X"},
}

_LIST: Final = (
    Command(
        "register",
        shapes.Register,
        (shapes.GivenToken,),
        hall.register,
        "Make an account and get its token",
        "The nick becomes an account of the site without a password. On the website one signs "
        "in to it with the token, and may set a password then.",
        (
            Problem(400, "A nick has 3 to 16 letters, digits, - or _."),
            Problem(409, "The nick Far is already registered"),
            _LATER,
        ),
        example={"token": "mQ2vT7xLr9Zc"},
    ),
    Command(
        "lobby",
        shapes.TokenOnly,
        (list[shapes.OpenGame],),
        hall.lobby,
        "The open public games, oldest first",
        example=[
            {"nick": "far", "game": "uttt", "variant": "swap", "since": "2026-11-20T20:16:00+00:00"}
        ],
    ),
    Command(
        "join",
        shapes.Join,
        (shapes.Entered,),
        hall.join,
        "Join a game, open one, or watch one",
        "With somebody else's nick one sits down at the game they have opened; with one's own "
        "nick one opens a game, which is private if a code is given. Who opened it is X and "
        "moves first. One is in one game at a time. A private game is found by nobody who does "
        "not give its code.",
        (
            Problem(403, answers.WRONG_CODE),
            Problem(404, answers.NO_GAME),
            Problem(409, answers.ALREADY_JOINED),
            _LATER,
        ),
        example={"msg": "Successfully joined Far's game", "char": "O"},
    ),
    Command(
        "leave",
        shapes.TokenOnly,
        (shapes.Done,),
        hall.leave,
        "Leave the joined game",
        "To leave a running game is to lose it, once both have moved. A game that nobody has "
        "joined yet is closed. A spectator just goes.",
        (_NOT_JOINED,),
        example={"msg": "Successfully left far's game"},
    ),
    Command(
        "chat",
        shapes.Chat,
        (list[dict[str, str]],),
        talk.talk,
        "The last 16 messages, after saying something or waiting for it",
        "Of the joined game, else of the lobby; oldest first, each with the speaker's nick as its "
        "key. What is said with `msg` is the last of them. With `timeout` and no `msg` the answer "
        "comes with the next message: one that this token has not been shown yet.",
        (
            Problem(400, "Too long message. Max length is 300"),
            Problem(429, answers.TOO_FAST),
        ),
        example=[{"far": "Hi!"}, {"joe": "Lo!"}],
    ),
    Command(
        "play",
        shapes.Play,
        (shapes.Played,),
        game.play,
        "Make a turn",
        "`place` a mark, or in the variant `swap` exchange two tiles with all that is in them.",
        (
            Problem(400, "X and Y must each be from 1 to 9"),
            Problem(400, "X and Y must not be the same number"),
            _NOT_JOINED,
            Problem(409, "The game has not started"),
            Problem(409, "It is not your turn"),
            Problem(409, "The selected place is not blank"),
            Problem(409, "The game is over"),
        ),
        example={"msg": "Placed at 5,5", "state": _STATE},
    ),
    Command(
        "state",
        shapes.State,
        (shapes.GameState, shapes.OtherState),
        game.state,
        "The joined game, as you see it",
        "With `version`, waits until the game is past it: give the one of the answer before.",
        (_NOT_JOINED,),
        example=_STATE,
    ),
    Command(
        "bot",
        shapes.TokenOnly,
        (shapes.Done,),
        hall.bot,
        "Say that a program plays under your nick",
        "For good, and only before your first rated match has ended. Everybody is told so: `bot` "
        "stands beside the nick wherever it is shown, bots have a ranking of their own, and who "
        "asks for any opponent is given one of their own kind.",
        (
            Problem(409, "far is a bot already."),
            Problem(
                409, "Only before the first rated match has ended can an account become a bot."
            ),
        ),
        example={"msg": "far is a bot now, for good"},
    ),
    Command(
        "ban",
        shapes.Addresses,
        (shapes.Done,),
        admin.ban,
        "Keep addresses out",
        "Addresses or CIDR ranges, v4 and v6; if one of them is none, nothing is done.",
        (Problem(400, "x is no address and no range like 192.0.2.0/24 or 2001:db8::/32."),),
        admin=True,
        example={"msg": "Banned 192.0.2.7, 2001:db8::/32"},
    ),
    Command(
        "unban",
        shapes.Addresses,
        (shapes.Done,),
        admin.unban,
        "Let banned addresses in again",
        problems=(Problem(409, "192.0.2.7 is not banned."),),
        admin=True,
        example={"msg": "Unbanned 192.0.2.7"},
    ),
    Command(
        "shutdown",
        shapes.TokenOnly,
        (shapes.Done,),
        admin.shutdown,
        "Shut the server down",
        "What is in hand is finished first.",
        admin=True,
        example={"msg": "The server shuts down"},
    ),
    Command(
        "restart",
        shapes.TokenOnly,
        (shapes.Done,),
        admin.restart,
        "Start the server anew, in place",
        "What is in hand is finished first.",
        admin=True,
        example={"msg": "The server restarts"},
    ),
    Command(
        "token",
        shapes.ShowToken,
        (shapes.GivenToken,),
        admin.token,
        "A nick's token, or a new one for it",
        problems=(_NO_SUCH_NICK,),
        admin=True,
        example={"token": "mQ2vT7xLr9Zc"},
    ),
    Command(
        "end",
        shapes.OneNick,
        (shapes.Done,),
        admin.end,
        "End the game that somebody is in, without a result",
        problems=(Problem(404, answers.NO_SUCH_GAME),),
        admin=True,
        example={"msg": "The game of far has ended"},
    ),
    Command(
        "broadcast",
        shapes.Broadcast,
        (None,),
        admin.broadcast,
        "Say something to everyone",
        "In the lobby, in every game and on every page. The answer is `null`.",
        admin=True,
    ),
    Command(
        "delete",
        shapes.OneNick,
        (shapes.Done,),
        admin.delete,
        "Delete a nick",
        problems=(_NO_SUCH_NICK,),
        admin=True,
        example={"msg": "Deleted far"},
    ),
    Command(
        "logs",
        shapes.Logs,
        (Answer,),
        admin.logs,
        "The last lines of the server's log",
        "The one answer that is text, not JSON.",
        (Problem(400, "Ask for 1 to 5000 lines."),),
        admin=True,
    ),
)

COMMANDS: Final[Mapping[str, Command]] = MappingProxyType({c.name: c for c in _LIST})
"""Every command by its name, in the order of the documents."""
