"""A whole table of scopa in one message, for a player who comes back."""

from __future__ import annotations

from app.games.api import Json, Seat
from app.live.scopa.stream import DECK, waiting
from app.live.scopa.wire import (
    MAIN_DECK,
    TABLE,
    Groups,
    Message,
    hand_id,
    info,
    message,
    move,
    pile_id,
)
from app.services.records import MatchRecord


def whole_table(record: MatchRecord, viewer: Seat | None) -> Message:
    """Everything on the table as a viewer (None: a spectator) may see it, in one `match_data`.

    All groups are described as before the deal, every card moves from the deck to where it is now,
    and the groups come as they are then. Last among the infos is whom the match waits for, or how
    it ended and who won.
    """
    over = record.over
    engine = record.engine
    view = engine.open_view(record.state) if over else engine.view(record.state, viewer)
    groups = Groups(record)
    hands = [len(hand) for hand in view["hands"]]
    infos = [
        groups.described(hands, DECK),
        info("first_player", groups.names[view["first"]]),
        *_end(record, groups.names),
        *waiting(record),
    ]
    shows = [
        [*view["scope"][team], *[None] * view["declared"][team]] for team in range(groups.teams)
    ]
    now = [
        *(groups.pile(team, view["piles"][team], shows[team]) for team in range(groups.teams)),
        *(groups.hand(seat, length) for seat, length in enumerate(hands)),
        groups.deck(view["deck"]),
        groups.table(len(view["table"])),
    ]
    return message(record, infos, _moves(view, groups, opened=over), now)


def _moves(view: Json, groups: Groups, *, opened: bool) -> list[Message]:
    """How every card came to where it is, in as few moves as can be; all hands are seen if so."""
    piles = view["captured"]
    moves = [move(MAIN_DECK, pile_id(team), pile) for team, pile in enumerate(piles)]
    moves.append(move(MAIN_DECK, TABLE, view["table"]))
    for seat, hand in enumerate(view["hands"]):
        name = groups.names[seat]
        only = None if opened or view["shown"][seat] else name
        moves.append(move(MAIN_DECK, hand_id(name), hand, only=only))
    return [one for one in moves if one["cards"]]


def _end(record: MatchRecord, names: list[str]) -> list[Message]:
    """Why the match ended, where that was off the table, and who has won."""
    if record.outcome is None:
        return []
    infos = [info("winner", [names[seat] for seat in record.outcome.winners])]
    if record.ended_by is None:
        return infos
    data = {"reason": record.ended_by.reason, "player": record.ended_by.user}
    return [info("ended", data), *infos]
