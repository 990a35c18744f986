"""What is said of tables, challenges, clocks and those who look on: a part of `words`."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

# On every page.
HALL = {
    "begun": _l("The match has begun."),
    "begun_with": _l("Your match with {name} has begun."),
    "challenged": _l("{name} challenges you: {kind}."),
    "asked_to": _l("{name} keeps a seat for you: {kind}."),
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
    "game_scopa": _l("Scopa"),
    "game_bridge": _l("Bridge"),
    "variant_standard": _l("{game}"),
    "variant_swap": _l("{game}, swap"),
    "variant_classic": _l("{game}"),
    "variant_scopone": _l("{game}, scopone"),
    "variant_rebello": _l("{game}, re bello"),
    "variant_cucita": _l("{game}, cucita"),
    "variant_cirulla": _l("{game}, cirulla"),
    # Where a table does not play as is usual: "Scopa, cirulla (matta the seven of coins)".
    "unusual": _l("{kind} ({options})"),
    "unusual_matta_seven_of_coins": _l("matta the seven of coins"),
    "unusual_grande_downwards": _l("grande counted downwards"),
    "seats_free": _l("{free} of {players} seats free"),
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
    "variant_name_classic": _l("Classic"),
    "variant_name_scopone": _l("Scopone"),
    "variant_name_rebello": _l("Re bello"),
    "variant_name_cucita": _l("Cucita"),
    "variant_name_cirulla": _l("Cirulla"),
    "variant_hint_classic": _l("Three cards at a time, four on the table, to 11 points."),
    "variant_hint_scopone": _l("Four players, all ten cards at once, to 11 points."),
    "variant_hint_rebello": _l("Classic, and the king of coins is a point, too."),
    "variant_hint_cucita": _l("Low hands, pairs and threes score as they are dealt. To 21."),
    "variant_hint_cirulla": _l("Whatever makes 15 is captured, too, and hands score. To 51."),
    # What traditions differ in: the name of an option, and its values with what they mean.
    "option_matta": _l("Matta"),
    "matta_seven_of_cups": _l("Seven of cups"),
    "matta_seven_of_coins": _l("Seven of coins"),
    "matta_hint_seven_of_cups": _l("The usual one."),
    "matta_hint_seven_of_coins": _l("As some play it."),
    "option_grande": _l("Grande: knave, knight and king of coins"),
    "term_matta": _l("Matta"),
    "term_grande": _l("Grande"),
    "grande_five": _l("5 points"),
    "grande_downwards": _l("Counted downwards"),
    "grande_hint_five": _l("The usual way."),
    "grande_hint_downwards": _l("3 points, and 1 more for each next coin below the knave."),
    # Who is to have the other seats.
    "players_2": _l("Two"),
    "players_4": _l("Four, in teams of two"),
    "seat_free": _l("Anybody"),
    "seat_ask": _l("A player by name"),
    "seat_bot": _l("Computer, {strength}"),
    "strength_beginner": _l("beginner"),
    "strength_easy": _l("easy"),
    "strength_medium": _l("medium"),
    "strength_strong": _l("strong"),
    "open_offer": _l("Open the table"),
    "open_offer_hint": _l("The match begins when every seat is taken."),
    "open_challenge": _l("Challenge"),
    "open_challenge_hint": _l("The match begins when they accept."),
    "open_play": _l("Play"),
    "open_play_hint": _l("The match begins at once."),
}

# The lobby's lists of what is offered and what is played.
TABLES = {
    "join_named": _l("Join {name}'s table"),
    "leave_named": _l("Leave {name}'s table"),
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
