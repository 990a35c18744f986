"""The rules of scopa, sentence by sentence; the variants have files of their own."""

from __future__ import annotations

from collections import Counter

import pytest

from app.games.api import (
    SYSTEM,
    Event,
    GameOver,
    Illegal,
    Json,
    Malformed,
    NotYourTurn,
    Seat,
    SystemMove,
)
from app.games.cards import ITALIAN
from app.games.scopa import SCOPA, Move, State
from tests.games.scopa_positions import (
    FOUR,
    SEEDS,
    THREES,
    cards,
    data_of,
    kinds,
    last_turn,
    offered,
    play,
    position,
    rest,
    scored,
    start,
    text_of,
    won_by,
)


def refusal(state: State, card: str, take: int | None = None) -> str:
    with pytest.raises(Illegal) as refused:
        play(state, card, take)
    return refused.value.msg


# The table


def test_the_deck() -> None:
    assert [suit.name for suit in ITALIAN.suits] == ["coins", "cups", "clubs", "swords"]
    assert [(card.suit, card.value) for card in ITALIAN.cards] == [
        (suit, value) for suit in range(4) for value in range(1, 11)
    ]
    assert [rank.name for rank in ITALIAN.ranks[7:]] == ["knave", "knight", "king"]


def test_two_players_or_four_crosswise() -> None:
    assert (start().options.players, len(start(players=4).hands)) == (2, 4)
    state = position("2D", "7D", "", "", "", options=FOUR)
    for seat, winners in enumerate([(1, 3), (0, 2), (1, 3), (0, 2)]):
        step = SCOPA.apply(state, SYSTEM, SystemMove("resign", seat))
        assert step.state.outcome is not None
        assert step.state.outcome.winners == winners


@pytest.mark.parametrize("players", [2, 4])
def test_the_first_player_is_drawn(players: int) -> None:
    leads = Counter(start(seed, players=players).first for seed in SEEDS)
    assert leads.keys() == set(range(players))
    assert start().to_move == start().first


def test_seats_play_in_order() -> None:
    state, turns = start(players=4), []
    for _ in range(12):
        turns.append(state.to_move)
        state = SCOPA.apply(state, state.to_move, SCOPA.legal_moves(state, state.to_move)[0]).state
    assert turns == [(state.first + turn) % 4 for turn in range(12)]


@pytest.mark.parametrize("players", [2, 4])
def test_the_lead_passes_to_the_next_seat_each_deal(players: int) -> None:
    state, leads = start(players=players), {}
    while state.outcome is None:
        leads[len(state.points)] = state.first
        state = SCOPA.apply(state, state.to_move, SCOPA.legal_moves(state, state.to_move)[0]).state
    assert len(leads) > 2
    assert list(leads.values()) == [(leads[0] + number) % players for number in range(len(leads))]


# A turn


def test_a_card_captures_one_of_equal_value() -> None:
    step = play(position("7D 3C", "7S 1D", ""), "7S")
    assert kinds(step.events) == ["played", "captured"]
    assert step.state.table == cards("3C")
    assert step.state.piles == (cards("7D 7S"), ())
    assert step.state.taker == 0
    assert step.state.to_move == 1


def test_or_a_set_that_sums_to_it() -> None:
    step = play(position("4D 3C 8S", "7S 1D", ""), "7S")
    assert step.state.piles == (cards("4D 3C 7S"), ())
    assert step.state.table == cards("8S")


def test_a_set_only_if_there_is_none_of_equal_value() -> None:
    assert offered(position("7D 4D 3C", "7S 1D", ""), "7S") == {"7D"}


def test_several_of_equal_value_are_a_choice() -> None:
    state = position("7D 7C 4D", "7S 1D", "")
    assert offered(state, "7S") == {"7D", "7C"}
    assert play(state, "7S", 1).state.piles[0] == cards("7C 7S")


def test_with_several_captures_the_player_chooses() -> None:
    state = position("2D 5C 4C 3S", "7S 1D", "")
    assert offered(state, "7S") == {"2D 5C", "4C 3S"}
    assert refusal(state, "7S") == "Choose which cards to capture."
    assert refusal(state, "7S", 2) == "There is no such capture."
    assert play(state, "7S", 1).state.table == cards("2D 5C")


def test_capturing_is_compulsory() -> None:
    state = position("4D 3C", "7S 1D", "")
    assert SCOPA.legal_moves(state, 0) == (Move(cards("7S")[0]), Move(cards("1D")[0]))
    assert play(state, "7S").state.table == ()
    assert refusal(state, "7S", 0) == "That card leaves no choice of captures."


def test_what_captures_nothing_stays_on_the_table() -> None:
    step = play(position("4D 3C", "1D 6D", ""), "1D")
    assert kinds(step.events) == ["played"]
    assert step.state.table == cards("4D 3C 1D")
    assert (step.state.piles, step.state.taker) == (((), ()), None)
    assert refusal(position("4D 3C", "1D 6D", ""), "1D", 0).endswith("no choice of captures.")


def test_only_ones_own_cards_are_played() -> None:
    state = position("4D 3C", "1D", "6D 5S")
    for card in ("6D", "4D", "10S"):
        assert refusal(state, card) == "You do not hold that card."
    with pytest.raises(NotYourTurn):
        SCOPA.apply(state, 1, Move(cards("6D")[0]))


def test_capturing_every_table_card_is_a_scopa() -> None:
    step = play(position("4D 3C", "7S 1D", ""), "7S")
    assert data_of(step, "captured")["scopa"] is True
    assert step.state.scope == (cards("7S"), ())
    step = play(position("4D 3C 10D", "7S 1D", ""), "7S")
    assert data_of(step, "captured")["scopa"] is False
    assert step.state.scope == ((), ())


def test_not_with_the_last_card_of_a_deal() -> None:
    state = last_turn("4D 3C", "7S", (rest("4D 3C 7S"), ""), points=((0, 5),))
    step = play(state, "7S")
    assert data_of(step, "captured")["scopa"] is False
    assert data_of(step, "scored")["teams"][0]["scopa"] == 0
    # With the last card of a hand, but not of the deal, it is one.
    assert play(position("4D 3C", "7S", ""), "7S").state.scope == (cards("7S"), ())


@pytest.mark.parametrize("variant", THREES)
@pytest.mark.parametrize("players", [2, 4])
def test_three_cards_each_until_the_deck_is_out(variant: str, players: int) -> None:
    state, dealt, sizes = start(variant=variant, players=players), [], set()
    while not state.points and state.outcome is None:
        if not dealt or dealt[-1] != state.dealt:
            dealt.append(state.dealt)
            sizes |= {len(hand) for hand in state.hands}
        state = SCOPA.apply(state, state.to_move, SCOPA.legal_moves(state, state.to_move)[0]).state
    assert dealt == list(range(4 + 3 * players, 41, 3 * players))
    assert sizes == {3}


def test_what_then_lies_on_the_table_goes_to_the_last_capturer() -> None:
    piles = (rest("9S 10S 4D 2S"), "")
    step = play(last_turn("9S 10S 4D", "2S", piles, taker=1), "2S")
    assert text_of(data_of(step, "leftovers")["cards"]) == "9S 10S 4D 2S"
    assert data_of(step, "leftovers")["seat"] == 1
    assert [team["cards"] for team in data_of(step, "scored")["teams"]] == [36, 4]
    assert [team["scopa"] for team in data_of(step, "scored")["teams"]] == [0, 0]


def test_the_last_card_may_make_its_player_the_last_capturer() -> None:
    step = play(last_turn("9S 10S 4D", "4S", (rest("9S 10S 4D 4S"), ""), taker=1), "4S")
    assert data_of(step, "leftovers")["seat"] == 0


def test_what_nobody_captured_is_nobodys() -> None:
    state = position("9S", "10S", "", dealt=40)
    step = play(state, "10S")
    assert kinds(step.events)[:2] == ["played", "scored"]
    assert [team["cards"] for team in data_of(step, "scored")["teams"]] == [0, 0]


# Scoring a deal

HALF = "1D 2D 3D 4D 5D 1C 2C 3C 4C 5C 1B 2B 3B 4B 5B 1S 2S 3S 4S 10S"
"""Twenty cards, five of them coins."""


def test_most_cards_and_most_coins() -> None:
    few = "1D 2D 3D 4D 5D 6D"
    first, second = scored(last_turn("10S", "10C", (few, rest(few, "10S 10C"))), "10C")
    assert (first["cards"], second["cards"]) == (8, 32)
    assert (first["coins"], second["coins"]) == (6, 4)
    # Seven of coins, cards and primiera against the coins.
    assert (first["partial"], second["partial"]) == (1, 3)


def test_a_tie_gives_nobody_the_point() -> None:
    # The ten of swords is played, catches nothing and is the last capturer's own.
    state = last_turn("", "10S", (HALF.removesuffix(" 10S"), rest(HALF)), taker=0)
    first, second = scored(state, "10S")
    assert (first["cards"], second["cards"]) == (20, 20)
    assert (first["coins"], second["coins"]) == (5, 5)
    assert (first["primiera"], second["primiera"]) == (16 * 4, 21 * 4)
    # The other side has the seven of coins and the primiera.
    assert (first["partial"], second["partial"]) == (0, 2)


def test_the_seven_of_coins_is_a_point() -> None:
    state = last_turn("10C", "10S", ("7D", rest("7D 10C 10S")))
    first, second = scored(state, "10S")
    assert (first["seven_of_coins"], second["seven_of_coins"]) == (1, 0)
    assert (first["partial"], second["partial"]) == (1, 3)


def test_primiera_values() -> None:
    worth = {7: 21, 6: 18, 1: 16, 5: 15, 4: 14, 3: 13, 2: 12, 8: 10, 9: 10, 10: 10}
    for value, points in worth.items():
        pile = " ".join(f"{value}{suit}" for suit in "DCB")
        first, _ = scored(last_turn("", "10S", (pile, rest(pile, "10S")), taker=0), "10S")
        assert first["primiera"] == 3 * points + 10


def test_primiera_takes_the_best_card_of_each_suit() -> None:
    pile = "7D 1D 6C 5C 4B 3B 2S"
    first, _ = scored(last_turn("", "10S", (pile, rest(pile, "10S")), taker=0), "10S")
    assert first["primiera"] == 21 + 18 + 14 + 12


def test_equal_primiere_give_nobody_the_point() -> None:
    state = position("", "10S", "", piles=("7D 7C 1B 1S", "5D 1C 7B 7S 1D"), dealt=40, taker=0)
    first, second = scored(state, "10S")
    assert (first["primiera"], second["primiera"]) == (74, 74)
    assert (first["cards"], second["cards"]) == (5, 5)
    # One has the seven of coins, the other the most coins.
    assert (first["partial"], second["partial"]) == (1, 1)


def test_four_suits_beat_a_suit_that_lacks() -> None:
    whole, lacking = "2D 2C 2B", "7C 7B 7S 6C 6B 6S"
    state = position("", "10S", "", piles=(whole, lacking), dealt=40, taker=0)
    first, second = scored(state, "10S")
    assert (first["primiera"], second["primiera"]) == (46, 63)
    # The coins and the primiera against the cards.
    assert (first["partial"], second["partial"]) == (2, 1)


def test_every_scopa_is_a_point() -> None:
    pile = "7D 7C 1B 1S"
    state = position("", "10S", "", piles=(pile, "2D"), dealt=40, taker=0)
    bare, _ = scored(state, "10S")
    swept = position("", "10S", "", piles=(pile, "2D"), dealt=40, taker=0, scope=(cards(pile), ()))
    first, second = scored(swept, "10S")
    assert (first["scopa"], second["scopa"]) == (4, 0)
    assert first["partial"] == bare["partial"] + 4


def test_teams_share_a_pile() -> None:
    state = position("4D 3C", "7S 1D", "", "", "", options=FOUR, to_move=0)
    assert play(state, "7S").state.piles[0] == cards("4D 3C 7S")
    state = position("4D 3C", "", "", "7S 1D", "", options=FOUR, to_move=2)
    step = play(state, "7S")
    assert step.state.piles[0] == cards("4D 3C 7S")
    assert (step.state.taker, step.state.to_move) == (2, 3)


# The match


def ends_with(points: tuple[int, int], **fields: Json) -> State:
    """The position after a deal in which team 0 scores four and the other nothing."""
    state = last_turn("", "10S", (rest("10S"), ""), taker=0, points=(points,), **fields)
    step = play(state, "10S")
    assert [team["partial"] for team in data_of(step, "scored")["teams"]] == [4, 0]
    return step.state


def test_the_first_side_with_eleven_points_wins() -> None:
    assert ends_with((6, 10)).outcome is None
    assert ends_with((7, 10)).outcome == won_by(0)
    assert ends_with((5, 8)).outcome is None


def test_and_more_than_the_other() -> None:
    state = ends_with((8, 12))
    assert (state.totals, state.outcome) == ((12, 12), None)
    assert ends_with((8, 13)).outcome == won_by(1)


def test_a_new_deal_follows_one_that_decides_nothing() -> None:
    state = ends_with((5, 8))
    assert state.points == ((5, 8), (4, 0))
    assert (state.first, state.to_move, state.dealt) == (1, 1, 10)
    assert (state.piles, state.scope, state.taker) == (((), ()), ((), ()), None)


def test_nothing_is_played_after_the_end() -> None:
    state = ends_with((7, 0))
    assert SCOPA.actors(state) == frozenset()
    assert SCOPA.legal_moves(state, 1) == ()
    with pytest.raises(GameOver):
        play(state, "10S")
    view = SCOPA.view(state, None)
    assert (view["over"], view["outcome"]) == (True, {"reason": "points", "winners": [0]})
    assert (view["deal"], view["totals"]) == (2, [11, 0])


@pytest.mark.parametrize("seat", [0, 1])
def test_system_moves(seat: Seat) -> None:
    state = start()
    for kind in ("resign", "timeout"):
        step = SCOPA.apply(state, SYSTEM, SystemMove(kind, seat))
        assert step.state.outcome == won_by(1 - seat, reason=kind)
        assert step.events[0] == Event(kind, {"seat": seat})
    step = SCOPA.apply(state, SYSTEM, SystemMove("abort"))
    assert step.state.outcome is not None
    assert step.state.outcome.winners == ()
    with pytest.raises(Malformed, match="The system plays no card"):
        SCOPA.apply(state, SYSTEM, SCOPA.legal_moves(state, state.to_move)[0])
    with pytest.raises(Malformed, match="A player moves by playing a card"):
        SCOPA.apply(state, state.to_move, SystemMove("abort"))
