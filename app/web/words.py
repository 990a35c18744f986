"""What the live pages say: one table for the templates and for the scripts.

The scripts say the same things as the server does, so both take them from here: a page carries
the sections it needs as JSON (`words("board", "play")`), static/js/words.js puts in the values.
Values stand in braces, "{name}".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from app.web import refusals

SITE = {
    "lost": _l("Reconnecting…"),
    "signed_out": _l("You have been signed out. Reload the page to come back in."),
    "unanswered": _l("That did not reach us. Try again in a moment."),
    "invited": _l("{name} has started a match with you."),
    "started": _l("Your match with {name} has begun."),
    "rematch": _l("{name} has started a rematch with you."),
    "go": _l("Go to the match"),
    "close": _l("Close"),
    "waiting_one": _l("1 match waits for you"),
    "waiting_many": _l("{count} matches wait for you"),
}

TIME = {
    "days": _l("{days} d {hours} h"),
    "hours": _l("{hours} h {minutes} min"),
    "minutes": _l("{minutes} min"),
    "seconds": _l("{seconds} s"),
}

BOARD = {
    "board": _l("Board"),
    "tile_0": _l("{square}, free"),
    "tile_1": _l("{square}, x"),
    "tile_2": _l("{square}, o"),
    "tile_open": _l("{square}, free, yours to take"),
    "tile_last": _l("{tile}, the last move"),
    "sub_0": _l("the top left board"),
    "sub_1": _l("the top board"),
    "sub_2": _l("the top right board"),
    "sub_3": _l("the left board"),
    "sub_4": _l("the centre board"),
    "sub_5": _l("the right board"),
    "sub_6": _l("the bottom left board"),
    "sub_7": _l("the bottom board"),
    "sub_8": _l("the bottom right board"),
    "sub_any": _l("any lit board"),
    "empty": _l("Nobody has moved yet."),
    "position": _l("Boards won: x {x}, o {o}, drawn {drawn}. Last move {square}."),
}

PLAY = {
    "yours": _l("Your turn: play in {board}."),
    "yours_anywhere": _l("Your turn: begin anywhere."),
    "theirs": _l("{name} is to play in {board}."),
    "theirs_anywhere": _l("{name} begins, anywhere."),
    "played_you": _l("{mark} played {square}; you may play in {board}."),
    "played_them": _l("{mark} played {square}; {name} may play in {board}."),
    "ended": _l("The match is over."),
    "past": _l("After move {ply} of {plies}."),
    "start": _l("Before the first move."),
    "not_now": _l("It is not your turn yet."),
    "not_here": _l("That square cannot be played now. Take a free one in a lit board."),
    "taken": _l("That square is taken. Choose a free one in a lit board."),
    "decided": _l("That board is already won. Play in a lit one."),
    "present": _l("You are looking at an earlier move. Go back to the latest to play."),
    "copied": _l("The link is copied."),
    "befriended": _l("{name} is now among your friends."),
}

LOBBY = {
    "your_turn": _l("Your turn"),
    "their_turn": _l("Their turn"),
    "seeking": _l("Waiting for an opponent…"),
    "challenge": _l("Challenge {name}"),
}

PEOPLE = {
    "online": _l("online"),
    "away": _l("away"),
}

SECTIONS: Mapping[str, Mapping[str, Any]] = {
    "site": SITE,
    "time": TIME,
    "board": BOARD,
    "play": PLAY,
    "lobby": LOBBY,
    "people": PEOPLE,
}
SAID = {key: text for section in SECTIONS.values() for key, text in section.items()}

_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60


def say(key: str, **values: Any) -> str:
    """A text of this table with its values put in, in the reader's language."""
    return str(SAID[key]).format(**values)


def words(*sections: str) -> dict[str, str]:
    """The sections a page's scripts need; "site" has what is said to refusals, `error_<code>`."""
    texts = {key: str(text) for name in sections for key, text in SECTIONS[name].items()}
    if "site" in sections:
        texts |= {f"error_{code}": str(text) for code, text in refusals.WORDS.items()}
    return texts


def time_left(deadline: datetime, now: datetime) -> str:
    """Time until a deadline in its two largest units, "6 d 23 h", as static/js/clock.js says it."""
    seconds = max(0, int((deadline - now).total_seconds()))
    minutes, hours = seconds % _HOUR // _MINUTE, seconds % _DAY // _HOUR
    if seconds >= _DAY:
        return say("days", days=seconds // _DAY, hours=hours)
    if seconds >= _HOUR:
        return say("hours", hours=hours, minutes=minutes)
    if seconds >= _MINUTE:
        return say("minutes", minutes=minutes)
    return say("seconds", seconds=seconds)


def tile_words(square: str, mark: int, last: bool, playable: bool) -> str:
    """What a screen reader says of a square. `mark`: 0 free, 1 x, 2 o."""
    text = say("tile_open" if playable else f"tile_{mark}", square=square)
    return say("tile_last", tile=text) if last else text


def position_words(view: Any) -> str:
    """A position in one sentence, from the game's view of it."""
    move = view["last_move"]
    if move is None:
        return say("empty")
    boards = [mark for row in view["global_field"] for mark in row]
    square = "abcdefghi"[move["sub_x"] * 3 + move["x"]] + str(9 - move["sub_y"] * 3 - move["y"])
    x, o, drawn = (boards.count(mark) for mark in (1, 2, 3))
    return say("position", x=x, o=o, drawn=drawn, square=square)


def where_words(view: Any) -> str:
    """The board the next move must be in, or "any lit board"."""
    allowed = view["allowed"]
    return say(f"sub_{allowed[0]}" if len(allowed) == 1 else "sub_any")


def init_blueprint(blueprint: Blueprint) -> None:
    """Make these known to every template."""
    for function in (say, words, tile_words, position_words, where_words):
        blueprint.add_app_template_global(function)
