"""Why a board of ultimate tic-tac-toe is lit, and what a coach says of it: a part of `words`.

`{name}` is a player; of the computer it is said without one ("…_bot"). `{square}` is one of
"cell_0" to "cell_8", `{where}` one of "in_0" to "in_8", `{board}` one of "sub_0" to "sub_8".
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

WHY = {
    # A square by its place in its own board.
    "cell_0": _l("the top left square"),
    "cell_1": _l("the top square"),
    "cell_2": _l("the top right square"),
    "cell_3": _l("the left square"),
    "cell_4": _l("the centre square"),
    "cell_5": _l("the right square"),
    "cell_6": _l("the bottom left square"),
    "cell_7": _l("the bottom square"),
    "cell_8": _l("the bottom right square"),
    # Why the lit boards are lit: as the player to move is told, their opponent, and all others.
    "why_start": _l("Nobody has moved yet, so every board is lit."),
    "why_swaps": _l("With swaps nobody is sent anywhere: every lit board is open."),
    "why_sent_you": _l("{other} took {square} of a board, so you play {where}."),
    "why_sent_you_bot": _l("The computer took {square} of a board, so you play {where}."),
    "why_sent_them": _l("You took {square} of a board, so {name} plays {where}."),
    "why_sent_them_bot": _l("You took {square} of a board, so the computer plays {where}."),
    "why_sent_all": _l("{other} took {square} of a board, so {name} plays {where}."),
    "why_sent_all_by_bot": _l("The computer took {square} of a board, so {name} plays {where}."),
    "why_sent_all_to_bot": _l("{other} took {square} of a board, so the computer plays {where}."),
    "why_won_you": _l(
        "The last move points to {board}. That board is won, so you may choose any lit board."
    ),
    "why_won_them": _l(
        "The last move points to {board}. That board is won, so {name} may choose any lit board."
    ),
    "why_won_them_bot": _l(
        "The last move points to {board}. "
        "That board is won, so the computer may choose any lit board."
    ),
    "why_drawn_you": _l(
        "The last move points to {board}. That board is drawn, so you may choose any lit board."
    ),
    "why_drawn_them": _l(
        "The last move points to {board}. That board is drawn, so {name} may choose any lit board."
    ),
    "why_drawn_them_bot": _l(
        "The last move points to {board}. "
        "That board is drawn, so the computer may choose any lit board."
    ),
    # Where a square that is looked at would send the opponent.
    "sends": _l("If you play here, {name} must play {where}."),
    "sends_bot": _l("If you play here, the computer must play {where}."),
    "sends_any": _l("If you play here, {name} may choose any board that is left."),
    "sends_any_bot": _l("If you play here, the computer may choose any board that is left."),
    "sends_end": _l("If you play here, the match is over."),
}

# What a newcomer is told in their first matches.
COACH = {
    "coach_start": _l(
        "Whichever square you take, your opponent must answer in the board at that same place. "
        "Win three boards in a row to win the match."
    ),
    "coach_win": _l("Two of your marks stand in a row {where}: a third there wins that board."),
    "coach_block": _l(
        "Your opponent has two marks in a row {where}: "
        "a mark of yours on the third square stops that."
    ),
    "coach_won": _l(
        "Three in a row: {board} is yours. Three boards in a row, and you win the match."
    ),
    "coach_lost": _l("Your opponent has won {board}. Keep them from getting three in a row."),
    "coach_look": _l(
        "Point at a square, or hold a finger on it: the dashed board is where your opponent "
        "would have to play."
    ),
    "coach_free": _l(
        "A free choice is worth a lot. Try not to give one away: do not point to boards that "
        "are decided."
    ),
    "coach_mind": _l(
        "Before you take a square, look at the board it points to: that is where your opponent "
        "plays next."
    ),
    "coach_wait": _l("Now watch which square they take: it decides where you play next."),
    "coach_swaps": _l(
        "Win three boards in a row. Three times you may let two boards change places instead of "
        "playing a square."
    ),
}
