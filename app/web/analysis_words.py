"""What is said of the analysis of a match, on the server and in its script: a part of `words`."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

ANALYSIS = {
    "an_percent": _l("{n}%"),
    # Of the move that led to the position one looks at.
    "an_best": _l("{move} was the best move."),
    "an_good": _l("{move} was a good move."),
    "an_inaccuracy": _l(
        "{move} was an inaccuracy: {best} keeps {kept} of the chances, not {left}."
    ),
    "an_mistake": _l("{move} was a mistake: {best} keeps {kept} of the chances, not {left}."),
    "an_blunder": _l("{move} was a blunder: {best} keeps {kept} of the chances, not {left}."),
    # Of the position itself.
    "an_stands": _l("Chances: x {x}, o {o}. Best now: {best}."),
    "an_over": _l("The board has decided the match."),
    "an_unseen": _l("This position is yet to be looked at."),
    # A marked move, in the list of moves and in the table.
    "an_move_inaccuracy": _l("{move}, an inaccuracy"),
    "an_move_mistake": _l("{move}, a mistake"),
    "an_move_blunder": _l("{move}, a blunder"),
    "an_kind_inaccuracy": _l("Inaccuracy"),
    "an_kind_mistake": _l("Mistake"),
    "an_kind_blunder": _l("Blunder"),
    "an_means": _l(
        "Chances count a win as {win} and a draw as {draw}. A move that costs {inaccuracy} of them"
        " or more is an inaccuracy, from {mistake} on a mistake, from {blunder} on a blunder."
        " Accuracy is {win} where every move was the best."
    ),
    # How far it has come.
    "an_waiting": _l("It begins in a moment."),
    "an_queue_one": _l("1 match is to be analysed before this one."),
    "an_queue_many": _l("{count} matches are to be analysed before this one."),
    "an_running": _l("Looked at {looked} of {positions} positions."),
    "an_done": _l("The analysis is done."),
}
