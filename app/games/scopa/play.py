"""A turn, and what follows from it: new cards, the end of a deal, the end of the match."""

from __future__ import annotations

from dataclasses import asdict, replace

from app.games.api import Event, Illegal, Json, Step, over_event
from app.games.cards import Card
from app.games.scopa.captures import Take
from app.games.scopa.dealing import deal, deal_hands, side_of
from app.games.scopa.move import Move
from app.games.scopa.scoring import Pair, basic_points, count
from app.games.scopa.state import State, plus, team_of, totals, with_pile, with_scope, won
from app.games.scopa.view import card_json, cards_json


def takes(state: State, card: Card) -> tuple[Take, ...]:
    """What a card can take from the table, by the cards' places there, in the order offered."""
    return state.rules.takes(state.value(card), [state.value(other) for other in state.table])


def legal_moves(state: State) -> tuple[Move, ...]:
    """The moves of the player to move: by the cards in hand, each with its captures in order."""
    moves: list[Move] = []
    for card in state.hands[state.to_move]:
        offered = len(takes(state, card))
        if offered > 1:
            moves += [Move(card, take) for take in range(offered)]
        else:
            moves.append(Move(card))
    return tuple(moves)


def play(state: State, move: Move) -> Step[State]:
    """The position after the player to move made `move`. Raises Illegal, saying why.

    Events: `played`, `captured` if it takes cards, and what follows: `dealt` and `declared`, or
    `leftovers`, `scored` and those of the next deal, or `over`.
    """
    card, seat = move.card, state.to_move
    if card not in state.hands[seat]:
        raise Illegal("You do not hold that card.")
    take = _chosen(takes(state, card), move.take)
    events = [Event("played", {"seat": seat, "card": card_json(state, card)})]
    hand = tuple(other for other in state.hands[seat] if other != card)
    hands = (*state.hands[:seat], hand, *state.hands[seat + 1 :])
    to_move = (seat + 1) % state.options.players
    if take is None:
        state = replace(state, hands=hands, table=(*state.table, card), to_move=to_move)
    else:
        state = replace(state, hands=hands, to_move=to_move)
        state, captured = _capture(state, card, take)
        events.append(captured)
    step = _follow(state)
    return Step(step.state, (*events, *step.events))


def _chosen(offered: tuple[Take, ...], chosen: int | None) -> Take | None:
    """The capture that a card makes; None for none. A capture that can be made must be made."""
    if len(offered) <= 1:
        if chosen is not None:
            raise Illegal("That card leaves no choice of captures.")
        return offered[0] if offered else None
    if chosen is None:
        raise Illegal("Choose which cards to capture.")
    if chosen >= len(offered):
        raise Illegal("There is no such capture.")
    return offered[chosen]


def _capture(state: State, card: Card, take: Take) -> tuple[State, Event]:
    """The position after `card`, just played, takes those cards, and the event of it.

    To take all that lies on the table is a scopa, except with the last card of a deal.
    """
    seat = (state.to_move - 1) % state.options.players
    team = team_of(seat)
    taken = tuple(state.table[place] for place in take)
    table = tuple(other for other in state.table if other not in taken)
    scopa = not table and not _is_deal_over(state)
    data = {
        "seat": seat,
        "card": card_json(state, card),
        "taken": cards_json(state, taken),
        "scopa": scopa,
    }
    pile = (*taken, card)
    # Once captured, the matta is again what is printed on it.
    matta = None if state.matta is not None and state.matta[0] in pile else state.matta
    after = replace(
        state,
        table=table,
        matta=matta,
        piles=with_pile(state.piles, team, pile),
        scope=with_scope(state.scope, team, (card,)) if scopa else state.scope,
        taker=seat,
    )
    return after, Event("captured", {**data, **side_of(after, team)})


def _is_deal_over(state: State) -> bool:
    return state.dealt == len(state.deck) and not any(state.hands)


def _follow(state: State) -> Step[State]:
    """What a turn leads to before the next one."""
    won_at_once = _won_at_once(state)
    if won_at_once is not None:
        return won_at_once
    if any(state.hands):
        return Step(state)
    return _end_deal(state) if _is_deal_over(state) else deal_hands(state)


def _won_at_once(state: State) -> Step[State] | None:
    """The end of a match that is won by what a team has captured; None if it goes on."""
    team = state.rules.winner_at_once(state.piles)
    if team is None:
        return None
    outcome = won("coins", team, state.options.players)
    return Step(replace(state, outcome=outcome), (over_event(outcome),))


def _end_deal(state: State) -> Step[State]:
    """What lies on the table goes to the last to capture; the deal is scored; another, or the end.

    If nobody has captured, the table's cards are nobody's.
    """
    events: list[Event] = []
    if state.table and state.taker is not None:
        left = {"seat": state.taker, "cards": cards_json(state, state.table)}
        team = team_of(state.taker)
        piles = with_pile(state.piles, team, state.table)
        matta = None if state.matta is not None and state.matta[0] in state.table else state.matta
        state = replace(state, table=(), piles=piles, matta=matta)
        events.append(Event("leftovers", {**left, **side_of(state, team)}))
    step = _won_at_once(state)
    if step is None:
        scored = score(state)
        points = (*state.points, scored)
        events.append(Event("scored", summary(state, scored)))
        step = _next_deal(replace(state, points=points))
    return Step(step.state, (*events, *step.events))


def _next_deal(state: State) -> Step[State]:
    """The end of the match if somebody has won it, else the next deal. The next seat leads that."""
    team = state.rules.winner(state.totals)
    if team is None:
        first = (state.first + 1) % state.options.players
        return deal(state.options, state.seed, first, state.points)
    outcome = won("points", team, state.options.players)
    return Step(replace(state, outcome=outcome), (over_event(outcome),))


def score(state: State) -> Pair:
    """What each team scores in a deal that is over."""
    points = state.declared
    for basic in basic_points(count(state.piles[0]), count(state.piles[1])):
        points = points[0] + basic[0], points[1] + basic[1]
    for team, pile in enumerate(state.piles):
        bonus = state.rules.bonus(pile, state.options)
        points = plus(points, team, len(state.scope[team]) + sum(bonus.values()))
    return points


def summary(state: State, scored: Pair) -> dict[str, Json]:
    """The event data of a deal that scored so: what each team has and what it makes in points.

    `{"deal", "teams": [{"cards", "coins", "seven_of_coins", "primiera", "scopa", "declared",
    "partial", "total"}, …]}`, and for each what its variant scores beyond: `re_bello`, `piccola`,
    `grande`. `scopa` is the number of scope, `partial` the deal's points, `total` the match's.
    """
    total = totals((*state.points, scored))
    sides = []
    for team, pile in enumerate(state.piles):
        counts = asdict(count(pile))
        del counts["whole"]
        sides.append(
            {
                **counts,
                "scopa": len(state.scope[team]),
                "declared": state.declared[team],
                **state.rules.bonus(pile, state.options),
                "partial": scored[team],
                "total": total[team],
            }
        )
    return {"deal": len(state.points) + 1, "teams": sides}
