"""What the table of scopa says, on the server and in its scripts: a part of `words`."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

SCOPA = {
    # The cards.
    "card": _lp("scopa", "{value} of {suit}"),
    "card_hidden": _l("a hidden card"),
    "card_stands": _l("{card}, standing for {value}"),
    "suit_0": _lp("scopa", "coins"),
    "suit_1": _lp("scopa", "cups"),
    "suit_2": _lp("scopa", "clubs"),
    "suit_3": _lp("scopa", "swords"),
    "value_1": _lp("scopa", "ace"),
    "value_2": _lp("scopa", "two"),
    "value_3": _lp("scopa", "three"),
    "value_4": _lp("scopa", "four"),
    "value_5": _lp("scopa", "five"),
    "value_6": _lp("scopa", "six"),
    "value_7": _lp("scopa", "seven"),
    "value_8": _lp("scopa", "knave"),
    "value_9": _lp("scopa", "knight"),
    "value_10": _lp("scopa", "king"),
    "list_and": _l("{list} and {last}"),
    # Where they lie.
    "lying": _l("Cards on the table"),
    "hand_own": _l("Your hand"),
    "hand_of": _l("{name}'s hand"),
    "cards_hidden_one": _l("1 hidden card"),
    "cards_hidden_many": _l("{count} hidden cards"),
    "pile_of": _l("{names}: cards captured {count}, points shown beside {scope}"),
    "pile_own": _l("Captured by your side: cards {count}, points shown beside {scope}"),
    "deck_left": _l("Cards left to deal: {count}"),
    # Whose turn it is.
    "yours_card": _l("Your turn: play a card."),
    "yours_choose": _l("Choose what it takes."),
    "theirs_card": _l("{name} is to play."),
    "deal_over": _l("The deal is over."),
    # What was played.
    "laid_by": _l("{name} laid the {card}."),
    "laid_you": _l("You laid the {card}."),
    "took_by": _l("{name} took the {taken} with the {card}."),
    "took_you": _l("You took the {taken} with the {card}."),
    "scopa_by": _l("Scopa! {text}"),
    "left_by": _l("{name} captured last and takes what lies there: {taken}."),
    "left_you": _l("You captured last and take what lies there: {taken}."),
    "dealer_by": _l("{name} dealt a table of 15 or 30, and takes it: {taken}."),
    "dealer_you": _l("You dealt a table of 15 or 30, and take it: {taken}."),
    "misdealt": _l("Too many of a kind on the table: the cards are dealt again."),
    "declared_low": _l("{name} shows: no more than 9 in all."),
    "declared_two_alike": _l("{name} shows: two alike."),
    "declared_three_alike": _l("{name} shows: three alike."),
    "begins": _l("Deal {deal}. {name} leads."),
    "banner_scopa": _l("Scopa!"),
    # What a card in the hand would do.
    "card_lays": _l("{card}: takes nothing"),
    "card_takes": _l("{card}: takes the {taken}"),
    "card_choice": _l("{card}: a choice of captures"),
    # A choice of captures.
    "choice": _l("What does the {card} take?"),
    "choice_take": _l("Take the {taken}"),
    "choice_back": _l("Another card"),
    # The end of a deal.
    "summary_of": _l("Deal {deal}"),
    "score_cards": _lp("scopa", "Cards"),
    "score_coins": _lp("scopa", "Coins"),
    "score_seven_of_coins": _l("Seven of coins"),
    "score_primiera": _l("Primiera"),
    "score_scopa": _lp("scopa", "Scope"),
    "score_declared": _lp("scopa", "Declared"),
    "score_re_bello": _l("King of coins"),
    "score_piccola": _l("Piccola"),
    "score_grande": _l("Grande"),
    "score_partial": _l("This deal"),
    "score_total": _l("Total"),
    "yes": _l("yes"),
    "go_on": _l("Continue"),
    # What cannot be.
    "wait_show": _l("One moment: the cards are still moving."),
    "none_left": _l("You hold no card {number}."),
}

VERIFY = {
    "verify_seed": _l("The seed gives the hash that was published."),
    "verify_seed_wrong": _l("The seed does not give the hash that was published."),
    "verify_first": _l("The seed draws the seat that led."),
    "verify_first_wrong": _l("The seed draws another seat than the one that led."),
    "verify_deal": _l("{same} of {count} cards"),
    "verify_good": _l("Everything is as the seed says: the cards were not chosen by anybody."),
    "verify_bad": _l("Something is not as the seed says. Please tell the house."),
    "verify_old": _l("This browser cannot compute it here. Do it by hand, as said below."),
}
