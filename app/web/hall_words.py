"""What is said of tables, challenges, clocks and those who look on: a part of `words`."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

# On every page.
HALL = {
    "begun": _l("The match has begun."),
    "begun_with": _l("Your match with {name} has begun."),
    "challenged": _l("{name} challenges you: {kind}."),
    "challenge_sent": _l("You have challenged {name}. The match begins when they accept."),
    "challenge_declined": _l("Your challenge was declined."),
    "challenge_expired": _l("A challenge has run out."),
    "asked_one": _l("1 challenge waits for your answer"),
    "asked_many": _l("{count} challenges wait for your answer"),
    "accept": _l("Accept"),
    "decline": _l("Decline"),
    "see": _l("See"),
    "copied": _l("The link is copied."),
    # What is played.
    "game_uttt": _l("Ultimate tic-tac-toe"),
    "variant_standard": _l("{game}"),
    "variant_swap": _l("{game}, swap"),
    "rated": _l("rated"),
    "casual": _l("casual"),
    # How much time there is: "3 d a move", "3+2".
    "amount_d": _l("{n} d"),
    "amount_h": _l("{n} h"),
    "amount_min": _l("{n} min"),
    "amount_s": _l("{n} s"),
    "a_move": _l("{time} a move"),
    "a_clock": _l("{base}+{increment}"),
}

# The form for a table.
FORM = {
    "variant_name_standard": _l("Standard"),
    "variant_name_swap": _l("Swap"),
    "variant_hint_standard": _l("Where you play decides where your opponent must."),
    "variant_hint_swap": _l("Three times each, you may let two boards change places instead."),
}

# The lobby's lists of what is offered and what is played.
TABLES = {
    "join_named": _l("Join {name}'s table"),
    "accept_named": _l("Accept {name}'s challenge"),
    "decline_named": _l("Decline {name}'s challenge"),
    "withdraw_named": _l("Withdraw the challenge to {name}"),
    "table_gone": _l("This table is no longer open."),
    "table_opened": _l("{name} has opened a table: {kind}."),
}

CLOCK = {
    "clock_low": _l("You have {seconds} seconds left."),
    "to_rematch": _l("A rematch begins. You are taken along."),
    "watching_one": _l("1 watching"),
    "watching_many": _l("{count} watching"),
}
