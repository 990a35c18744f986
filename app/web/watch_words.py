"""What small boards and the pages of matches to look at say: a part of `words`."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

WATCH = {
    # Under a small board: whose turn it is, or how the match has ended.
    "small_turn": _l("{name} is to move"),
    "small_won_one": _l("{name} has won"),
    "small_won_two": _l("{one} and {other} have won"),
    "small_draw": _l("A draw"),
    "small_over": _l("The match is over"),
    "small_auction": _l("The auction"),
    "small_trick": _l("Trick {trick} of 13"),
    "small_program": _l("bot"),
    # What a small board shows, for whoever does not see it.
    "small_scopa": _l("Cards on the table: {table}. Cards left to deal: {deck}."),
    "small_points": _l("Points:"),
    "small_link": _l("{kind}: {one} – {other}"),
    "small_and": _l("{one} and {other}"),
    # The best match.
    "best_next": _l("You go on to the next match in {seconds} s."),
    "best_stays": _l("You stay with this match."),
    "best_begins": _l("A match has begun. You are taken there."),
}
