"""What the live pages say: one table for the templates and for the scripts.

The scripts say the same things as the server does, so both take them from here: a page carries
the sections it needs as JSON (`words("board", "play")`), static/js/words.js puts in the values.
Values stand in braces, "{name}".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from flask import Blueprint
from flask_babel import format_decimal, get_locale
from flask_babel import lazy_gettext as _l

from app.services.tables import TableRow
from app.services.time_control import TimeControl
from app.web import refusals
from app.web.analysis_words import ANALYSIS
from app.web.bridge_words import BRIDGE
from app.web.hall_words import CLOCK, FORM, HALL, TABLES
from app.web.scopa_words import SCOPA, VERIFY
from app.web.tell_words import TELL, TELLING
from app.web.watch_words import WATCH
from app.web.why_words import COACH, WHY

SITE = {
    "lost": _l("Reconnecting…"),
    "signed_out": _l("You have been signed out. Reload the page to come back in."),
    "unanswered": _l("That did not reach us. Try again in a moment."),
    "invited": _l("{name} has started a match with you."),
    "started": _l("Your match with {name} has begun."),
    "rematch": _l("{name} has started a rematch with you."),
    "go": _l("Go to the match"),
    "dealt": _l("Cards have been dealt at your bridge table."),
    "go_table": _l("Go to the table"),
    "close": _l("Close"),
    "waiting_one": _l("1 match waits for you"),
    "waiting_many": _l("{count} matches wait for you"),
    "unread_one": _l("1 unread message"),
    "unread_many": _l("{count} unread messages"),
    "deleted_player": _l("deleted player"),
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
    # Where one plays: "so you play in the top left board".
    "in_0": _l("in the top left board"),
    "in_1": _l("in the top board"),
    "in_2": _l("in the top right board"),
    "in_3": _l("in the left board"),
    "in_4": _l("in the centre board"),
    "in_5": _l("in the right board"),
    "in_6": _l("in the bottom left board"),
    "in_7": _l("in the bottom board"),
    "in_8": _l("in the bottom right board"),
    "in_any": _l("in any lit board"),
    "empty": _l("Nobody has moved yet."),
    "position": _l("Boards won: x {x}, o {o}, drawn {drawn}. Last move {square}."),
    "position_swap": _l(
        "Boards won: x {x}, o {o}, drawn {drawn}. Last move: {one} and {other} changed places."
    ),
}

PLAY = {
    "yours": _l("Your turn: play {where}."),
    "yours_anywhere": _l("Your turn: begin anywhere."),
    "theirs": _l("{name} is to play {where}."),
    "theirs_bot": _l("The computer is to play {where}."),
    "theirs_anywhere": _l("{name} begins, anywhere."),
    "theirs_anywhere_bot": _l("The computer begins, anywhere."),
    "played": _l("{mark} played {square}."),
    "ended": _l("The match is over."),
    "past": _l("After move {ply} of {plies}."),
    "start": _l("Before the first move."),
    "not_now": _l("It is not your turn yet."),
    "not_here": _l("That square cannot be played now. Take a free one in a lit board."),
    "taken": _l("That square is taken. Choose a free one in a lit board."),
    "decided": _l("That board is already won. Play in a lit one."),
    "present": _l("You are looking at an earlier move. Go back to the latest to play."),
    "befriended": _l("{name} is now among your friends."),
}

SWAP = {
    "yours_or_swap": _l("Your turn: play {where}, or swap two."),
    "swapped": _l("{mark} swapped {one} and {other}."),
    "swaps_left": _l("{count} left"),
    "swap_boards": _l("Boards to swap"),
    "swap_tile_0": _l("{board}, undecided"),
    "swap_tile_1": _l("{board}, won by x"),
    "swap_tile_2": _l("{board}, won by o"),
    "swap_tile_3": _l("{board}, drawn"),
    "swap_first": _l("Choose two boards to swap."),
    "swap_second": _l("Now choose what changes places with {board}."),
    "swap_barred": _l("You may not undo the swap your opponent has just made."),
    "swap_none": _l("You have no swaps left."),
}

LOBBY = {
    "your_turn": _l("Your turn"),
    "their_turn": _l("Their turn"),
    "turn_of": _l("{name}'s turn"),
    "seeking": _l("Waiting for an opponent…"),
    "challenge": _l("Challenge {name}"),
}

PEOPLE = {
    "online": _l("online"),
    "away": _l("away"),
}

CHAT = {
    "chat_more": _l("More about this message by {name}"),
    "chat_too_long": _l("Too long: at most {most} characters."),
    "chat_house": _l("the house"),
    "chat_block_done": _l("You will hear nothing of {name} any more."),
    "chat_report_done": _l("Thank you. An admin will look at it."),
}

SECTIONS: Mapping[str, Mapping[str, Any]] = {
    "site": SITE,
    "time": TIME,
    "board": BOARD,
    "play": PLAY,
    "swap": SWAP,
    "why": WHY,
    "coach": COACH,
    "lobby": LOBBY,
    "people": PEOPLE,
    "hall": HALL,
    "form": FORM,
    "tables": TABLES,
    "clock": CLOCK,
    "chat": CHAT,
    "scopa": SCOPA,
    "bridge": BRIDGE,
    "verify": VERIFY,
    "analysis": ANALYSIS,
    "watch": WATCH,
    "tell": TELL,
    "telling": TELLING,
}
NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})
SAID = {key: text for section in SECTIONS.values() for key, text in section.items()}

_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60


def say(key: str, **values: Any) -> str:
    """A text of this table with its values put in, in the reader's language."""
    return str(SAID[key]).format(**values)


def say_many(key: str, count: int, **values: Any) -> str:
    """What is said of so many: the text `<key>_one` or `<key>_many`; `sayMany` in the scripts."""
    return say(f"{key}_{'one' if count == 1 else 'many'}", count=count, **values)


def words(*sections: str) -> dict[str, str]:
    """The sections a page's scripts need; "site" has what is said to refusals, `error_<code>`."""
    return _words(sections, str(get_locale()))


@cache
def _words(sections: tuple[str, ...], _language: str) -> dict[str, str]:
    """`words` in the reader's language, put together once: every page has hundreds."""
    texts = {key: str(text) for name in sections for key, text in SECTIONS[name].items()}
    if "site" in sections:
        texts |= {f"error_{code}": str(text) for code, text in refusals.WORDS.items()}
        texts |= refusals.sentences()
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


def time_words(time: TimeControl) -> str:
    """A time control as static/js/time.js says it: "3 d a move", and "3+2" for a clock."""
    if time.base is not None:
        minutes, seconds = divmod(time.base, _MINUTE)
        base = f"{minutes}:{seconds:02}" if seconds else str(minutes)
        return say("a_clock", base=base, increment=time.increment)
    return say("a_move", time=_amount(time.per_move or 0))


def _amount(seconds: int) -> str:
    """So much time in the largest unit that divides it: "10 min", "3 d"."""
    for unit, size in (("d", _DAY), ("h", _HOUR), ("min", _MINUTE)):
        if seconds and seconds % size == 0:
            return say(f"amount_{unit}", n=seconds // size)
    return say("amount_s", n=seconds)


def game_words(game: str, variant: str, options: Mapping[str, Any] = NO_OPTIONS) -> str:
    """A game by name, with its variant and its options where they are not the usual ones."""
    kind = say(f"variant_{variant}", game=say(f"game_{game}"))
    keys = (f"unusual_{name}_{value}" for name, value in options.items())
    unusual = ", ".join(say(key) for key in keys if key in SAID)
    return say("unusual", kind=kind, options=unusual) if unusual else kind


def kind_words(
    game: str,
    variant: str,
    rated: bool,
    time: TimeControl,
    options: Mapping[str, Any] = NO_OPTIONS,
    seats: tuple[int, int] | None = None,
) -> str:
    """What is offered: "Ultimate tic-tac-toe, swap · casual · 3+2".

    `seats`: how many are free, and how many there are, where that is to be said.
    """
    terms = [game_words(game, variant, options)]
    if seats is not None:
        terms.append(say("seats_free", free=seats[0], players=seats[1]))
    terms += say("rated" if rated else "casual"), time_words(time)
    return " · ".join(terms)


def offer_words(row: TableRow) -> str:
    """What a table or a challenge offers; of more than two seats, how many are free."""
    free = sum(seat.kind == "free" for seat in row.seats)
    seats = (free, row.players) if row.players > 2 else None
    return kind_words(row.game, row.variant, row.rated, row.time, row.options, seats)


def play_words(game: str, variant: str, time: TimeControl | None) -> str:
    """What is played: "Ultimate tic-tac-toe, swap · 3+2"; the game alone if it has no time."""
    words = game_words(game, variant)
    return words if time is None else f"{words} · {time_words(time)}"


def clock_words(left: int) -> str:
    """What a clock shows with `left` milliseconds on it: 1:02:03, 2:03, and 9.4 near the end."""
    if left < 10_000:
        return str(format_decimal(left // 100 / 10, "0.0"))
    minutes, seconds = divmod(left // 1000, 60)
    if minutes < 60:
        return f"{minutes}:{seconds:02}"
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def tile_words(square: str, mark: int, last: bool, playable: bool) -> str:
    """What a screen reader says of a square. `mark`: 0 free, 1 x, 2 o."""
    text = say("tile_open" if playable else f"tile_{mark}", square=square)
    return say("tile_last", tile=text) if last else text


def position_words(view: Any) -> str:
    """A position in one sentence, from the game's view of it."""
    move, swap = view["last_move"], view.get("last_swap")
    if move is None and swap is None:
        return say("empty")
    boards = [mark for row in view["global_field"] for mark in row]
    won = {"x": boards.count(1), "o": boards.count(2), "drawn": boards.count(3)}
    if move is None:
        one, other = (say(f"sub_{board}") for board in swap)
        return say("position_swap", one=one, other=other, **won)
    square = "abcdefghi"[move["sub_x"] * 3 + move["x"]] + str(9 - move["sub_y"] * 3 - move["y"])
    return say("position", square=square, **won)


def where_words(view: Any) -> str:
    """Where the next move must be: "in the top board", or "in any lit board"."""
    allowed = view["allowed"]
    return say(f"in_{allowed[0]}" if len(allowed) == 1 else "in_any")


def init_blueprint(blueprint: Blueprint) -> None:
    """Make these known to every template."""
    for function in (
        say, say_many, words, tile_words, position_words, where_words, time_words, game_words,
        kind_words, offer_words, play_words, clock_words,
    ):  # fmt: skip
        blueprint.add_app_template_global(function)
