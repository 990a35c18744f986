"""The play: leads, following suit, tricks, dummy, and the score of a deal played out."""

from __future__ import annotations

from random import Random

import pytest

from app.games.api import SYSTEM, Illegal, Malformed, NotYourTurn, Outcome, SystemMove
from app.games.bridge import BRIDGE, SIDES, Play
from app.games.bridge.deal import SUITS, card_text, deal, dealer, is_vulnerable, vulnerable
from app.games.bridge.play import winner
from tests.games.bridge_positions import (
    called,
    card,
    do,
    hand,
    kinds,
    played,
    played_out,
    start,
    told,
)
from tests.games.matches import play

VULNERABLE = {
    **dict.fromkeys((1, 8, 11, 14), "none"),
    **dict.fromkeys((2, 5, 12, 15), "NS"),
    **dict.fromkeys((3, 6, 9, 16), "EW"),
    **dict.fromkeys((4, 7, 10, 13), "both"),
}

MIXED = (
    hand("AKQ2.AKQ.AKQ.AKQ"),
    hand("J3.J2.J32.J65432"),
    hand("T987.T987.T98.T9"),
    hand("654.6543.7654.87"),
)


@pytest.mark.parametrize("board", range(1, 49))
def test_boards_repeat_every_sixteen(board: int) -> None:
    assert vulnerable(board) == VULNERABLE[(board - 1) % 16 + 1]
    assert SIDES[dealer(board)] == "NESW"[(board - 1) % 4]
    sides = {"none": (), "both": range(4), "NS": (0, 2), "EW": (1, 3)}[vulnerable(board)]
    assert [seat for seat in range(4) if is_vulnerable(board, seat)] == list(sides)


def test_a_deal_is_the_seeds_and_the_boards() -> None:
    hands = deal(b"seed", 1)
    assert sorted(card for dealt in hands for card in dealt) == list(range(52))
    assert all(len(dealt) == 13 and list(dealt) == sorted(dealt) for dealt in hands)
    # Written down once: a match that is stored must replay the same for ever.
    north = "C8 CT CJ D5 D9 DT H7 H9 S4 S7 ST SQ SA"
    assert " ".join(card_text(card) for card in hands[0]) == north
    assert deal(b"seed", 2) != hands != deal(b"seeds", 1)


def test_the_left_of_declarer_leads_and_dummy_is_shown() -> None:
    state = called(start(deal=MIXED), "1Z - - -")
    view = BRIDGE.view(state, 1)
    assert (view["lead"], view["to_move"], view["actor"]) == ("E", "E", "E")
    assert view["hands"]["S"] is None
    step = do(state, Play(card("HJ")))
    assert kinds(step.events) == ["card", "shown", "shown"]
    assert told(step, "card", 0) == {
        **{"side": "E", "card": card("HJ"), "by": "E", "next": "S", "actor": "N"},
        **{"allowed": "H", "trick": None},
    }
    # Declarer plays dummy's cards, so it is declarer who is told what dummy may play.
    assert told(step, "card", 2)["allowed"] is None
    assert told(step, "card")["allowed"] is None
    assert BRIDGE.actors(step.state) == {0}
    assert BRIDGE.view(step.state, 0)["cards"] == [card(f"H{rank}") for rank in "789T"]
    assert BRIDGE.view(step.state, 2)["cards"] == []
    dummy, declarer = (event for event in step.events if event.kind == "shown")
    for viewer in (None, 0, 1, 2, 3):
        assert BRIDGE.event_view(dummy, viewer) == {
            "type": "shown",
            "data": {"side": "S", "cards": list(MIXED[2])},
        }
        assert (BRIDGE.event_view(declarer, viewer) is not None) is (viewer in (0, 2))


def test_dummy_does_not_play() -> None:
    state = played(called(start(deal=MIXED), "1Z - - -"), "HJ")
    with pytest.raises(NotYourTurn):
        do(state, Play(card("HT")), 2)
    after = do(state, Play(card("HT")), 0)
    assert (told(after, "card")["side"], told(after, "card")["by"]) == ("S", "N")


def test_one_follows_suit_if_one_can() -> None:
    state = played(called(start(deal=MIXED), "1Z - - -"), "HJ")
    for text, complaint in (
        ("ST", "You must follow suit."),
        ("HA", "That hand does not hold this card."),
    ):
        with pytest.raises(Illegal) as refused:
            do(state, Play(card(text)))
        assert refused.value.msg == complaint
    # Without a card of the suit any will do.
    state = played(called(start(), "1Z - - -"), "D5")
    assert len(BRIDGE.legal_moves(state, 0)) == 13
    assert told(do(state, Play(card("H9"))), "card", 3)["allowed"] == "all"


@pytest.mark.parametrize(
    ("cards", "strain", "wins"),
    [
        *(("D2 D9 DT D8", "Z", 2), ("D2 S9 HT CA", "Z", 0), ("D2 S9 HT CA", "C", 3)),
        *(("D2 C2 DA C3", "C", 3), ("DA DK C2 DQ", "C", 2), ("C2 CA DA SA", "C", 1)),
        ("S2 HA HK S3", "H", 1),
    ],
)
def test_who_wins_a_trick(cards: str, strain: str, wins: int) -> None:
    assert winner([card(text) for text in cards.split()], strain) == wins


def test_the_winner_leads_to_the_next() -> None:
    state = played(called(start(deal=MIXED), "1Z - - -"), "HJ HT H6")
    step = do(state, Play(card("HA")))
    assert told(step, "card", 0) == {
        **{"side": "N", "card": card("HA"), "by": "N", "next": "N", "actor": "N"},
        **{"allowed": "all", "trick": "N"},
    }
    view = BRIDGE.view(step.state, None)
    assert view["tricks"] == {"NS": 1, "EW": 0}
    assert view["trick"] == []
    assert view["last_trick"]["winner"] == "N"
    order = [
        {"side": side, "card": card(text)}
        for side, text in zip("ESWN", ("HJ", "HT", "H6", "HA"), strict=True)
    ]
    assert view["last_trick"]["cards"] == order
    assert view["played"] == [order]
    assert view["counts"] == dict.fromkeys(SIDES, 12)


def test_a_deal_played_out_is_scored() -> None:
    state = played_out(called(start(board=2), "- - 7S - - -"))
    assert state.play is not None
    # West's spades draw one trump after another from nobody; all the tricks are theirs.
    assert BRIDGE.view(state, 0)["result"] == {
        **{"contract": "7S", "declarer": "W", "tricks": 13, "points": 1510, "score_ns": -1510},
        "lead": 0,
    }
    assert BRIDGE.outcome(state) == Outcome("played", (0.0, 1.0), (1, 3))
    opened = BRIDGE.open_view(state)
    assert opened["deal"] == {
        side: list(range(13 * n, 13 * n + 13)) for n, side in enumerate(SIDES)
    }
    assert opened["hands"] == {side: [] for side in SIDES}


def test_who_goes_down_has_lost() -> None:
    # Vulnerable on board 2, North and South lose all thirteen tricks redoubled.
    state = played_out(called(start(board=2), "- 7Z dbl rdbl - - -"))
    result = BRIDGE.view(state, 0)["result"]
    assert (result["tricks"], result["points"], result["score_ns"]) == (0, -7600, -7600)
    assert BRIDGE.outcome(state) == Outcome("played", (0.0, 1.0), (1, 3))


@pytest.mark.parametrize("number", range(40))
def test_every_trick_of_random_deals(number: int) -> None:
    """Followed by somebody who counts the cards: suits, winners, leads and tricks are right."""
    match = play(BRIDGE, "standard", number)
    view = BRIDGE.open_view(match.states[-1])
    hands = {side: set(cards) for side, cards in view["deal"].items()}
    leader, won = view["lead"], {"NS": 0, "EW": 0}
    for trick in [*view["played"], view["trick"]]:
        sides = [play["side"] for play in trick]
        first = SIDES.index(leader) if trick else 0
        assert sides == [SIDES[(first + n) % 4] for n in range(len(trick))]
        led = trick[0]["card"] // 13 if trick else None
        for each in trick:
            suits = {held // 13 for held in hands[each["side"]]}
            assert each["card"] // 13 == led or led not in suits
            hands[each["side"]].remove(each["card"])
        if len(trick) == 4:
            trumps = view["contract"][1]

            def worth(each: dict[str, int], led: int | None = led, trumps: str = trumps) -> int:
                suit, rank = divmod(each["card"], 13)
                return rank + (100 if SUITS[suit] == trumps else 50 if suit == led else 0)

            leader = max(trick, key=worth)["side"]
            won["NS" if leader in "NS" else "EW"] += 1
    assert view["tricks"] == won
    assert {side: set(cards) for side, cards in view["hands"].items()} == hands


def test_the_legal_cards_are_those_of_the_hand_to_play() -> None:
    random = Random(4)
    state = called(start(deal=MIXED), "1Z - - -")
    while state.outcome is None:
        (actor,) = BRIDGE.actors(state)
        assert BRIDGE.view(state, actor)["cards"] == [
            move.card for move in BRIDGE.legal_moves(state, actor) if isinstance(move, Play)
        ]
        state = do(state, random.choice(BRIDGE.legal_moves(state, actor)), actor).state


def test_another_plays_on_in_a_seat() -> None:
    state = called(start(), "1C")
    step = BRIDGE.apply(state, SYSTEM, SystemMove("replace", 2))
    assert step.state == state
    assert told(step, "replaced") == {"side": "S"}
    with pytest.raises(Malformed):
        BRIDGE.apply(state, SYSTEM, SystemMove("replace", 4))


def test_who_resigns_loses_with_their_partner() -> None:
    step = BRIDGE.apply(called(start(), "1C"), SYSTEM, SystemMove("resign", 3))
    assert told(step, "resign") == {"side": "W"}
    assert BRIDGE.outcome(step.state) == Outcome("resign", (1.0, 0.0), (0, 2))
    assert BRIDGE.view(step.state, None)["result"] is None
