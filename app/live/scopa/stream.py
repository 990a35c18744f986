"""What happens in a match of scopa, as a stream of `match_data` messages for one viewer.

They are meant to be shown one after another. Everything in them comes from the events as
`event_view` gives them to that viewer, and from what all know of a match: its players, whose turn
it is, how it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from types import MappingProxyType
from typing import Any, Final

from app.games.api import ENDINGS, Event, Json, Seat
from app.games.cards import ITALIAN
from app.games.scopa import ScopaOptions
from app.games.scopa.rules import Rules
from app.games.scopa.variants import RULES
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
from app.live.scopa.wire import cards as cards_of
from app.services.records import MatchRecord

DECK: Final = len(ITALIAN.cards)

DECLARATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "low": "cards_value_lt_10",
        "two_alike": "2_equal_cards",
        "three_alike": "3_equal_cards",
    }
)
"""By what a hand declares: the info that says so."""

_COUNTS: Final = ("cards", "primiera", "seven_of_coins", "coins", "scopa")
_BONUS: Final = ("re_bello", "piccola", "grande")


def messages(record: MatchRecord, events: Sequence[Event], viewer: Seat | None) -> list[Message]:
    """The messages in which a viewer (None: a spectator) hears of `events`.

    `record` is the match after the move that made them, or as it begins, at version 0. The last
    message is `waiting`, if a human is to play, or `winner`, if the match is over; when the
    computer is to play there is neither. Where nothing has happened there is no message.
    """
    seen = [record.engine.event_view(event, viewer) for event in events]
    told = [event for event in seen if event is not None]
    if not told:
        return []
    teller = Teller(record)
    for event, following in zip_longest(told, told[1:]):
        teller.hear(event["type"], event["data"], following)
    return teller.finish()


def choice(record: MatchRecord, seat: Seat, takes: Sequence[Sequence[Json]]) -> list[Message]:
    """What a player hears, and nobody else, who has to choose among captures of a card."""
    data = {"player": record.seats[seat].name, "takes": [cards_of(take) for take in takes]}
    return [message(record, [info("choice", data)]), message(record, waiting(record))]


def refused(match_id: str, code: str, msg: str) -> Message:
    """What a player hears, and nobody else, whose play was refused; the version is None."""
    infos = [info("error", {"code": code, "msg": msg})]
    return {"id": match_id, "version": None, "infos": infos, "moves": [], "cards": []}


def rules_of(record: MatchRecord) -> Rules:
    """The rules of the match's variant."""
    assert isinstance(record.options, ScopaOptions), "a match of scopa has its options"
    return RULES[record.options.variant]


def waiting(record: MatchRecord) -> list[Message]:
    """The info that says who is to play; none when it is the computer, or when all is over."""
    names = [record.seats[seat].name for seat in record.actors if record.seats[seat].bot is None]
    return [info("waiting", name) for name in names]


class Teller:
    """Puts events into messages, one after another.

    A new round's events become messages when all of them are there: the cards that lie on the
    table, those in the hands, and what the hands declare are shown in one.
    """

    def __init__(self, record: MatchRecord) -> None:
        self.record = record
        self.groups = Groups(record)
        self.names = self.groups.names
        self._told: list[Message] = []
        self._round = _Round()
        # What a new deal must clear away first; nothing at the beginning of a match.
        self._cleared: list[Message] = []
        if record.version == 0:
            self.tell([self.groups.described(rules_of(record).hand_size, DECK)])

    def hear(self, kind: str, data: Json, following: Json | None) -> None:
        """The next event, and the one after it."""
        if kind in _OF_A_ROUND:
            _OF_A_ROUND[kind](self._round, data)
            return
        self.flush()
        _TELL[kind](self, data, following)

    def finish(self) -> list[Message]:
        """All messages, the last event having been heard."""
        self.flush()
        infos = waiting(self.record)
        if infos:
            self.tell(infos)
        return self._told

    def tell(
        self,
        infos: Sequence[Message] = (),
        moves: Sequence[Message] = (),
        groups: Sequence[Message] = (),
    ) -> None:
        """One message more."""
        self._told.append(message(self.record, infos, moves, groups))

    def cleared(self) -> list[Message]:
        """The groups that a new deal begins with, where they have to be told; told once."""
        groups, self._cleared = self._cleared, []
        return groups

    # What a turn brings

    def played(self, data: Json, following: Json | None) -> None:
        captured = following and following["type"] == "captured"
        on = following["data"]["taken"][0] if following and captured else None
        source = hand_id(self.names[data["seat"]])
        self.tell(moves=[move(source, TABLE, [data["card"]], on=on)])

    def captured(self, data: Json, _: Json | None) -> None:
        infos = [info("scopa", self.names[data["seat"]])] if data["scopa"] else []
        self._take(data, [*data["taken"], data["card"]], infos)

    def leftovers(self, data: Json, _: Json | None) -> None:
        team = self.groups.team_of(data["seat"])
        group = self.groups.pile(team, data["pile"], data["side"])
        self.tell(moves=[move(TABLE, pile_id(team), data["cards"])], groups=[group])

    def scored(self, data: Json, _: Json | None) -> None:
        sides = [self._side(team, counts) for team, counts in enumerate(data["teams"])]
        self.tell([info("summary", sides)])
        piles = [self.groups.pile(team, 0) for team in range(self.groups.teams)]
        self._cleared = [self.groups.deck(DECK), *piles]

    def misdealt(self, data: Json, _: Json | None) -> None:
        table, groups = data["table"], self.groups
        laid = [groups.table(len(table)), groups.deck(DECK - len(table))]
        self.tell(moves=[move(MAIN_DECK, TABLE, table)], groups=[*self.cleared(), *laid])
        gone = [groups.table(0), groups.deck(DECK)]
        self.tell(moves=[move(TABLE, MAIN_DECK, table)], groups=gone)

    def ended(self, kind: str, data: Json) -> None:
        name = None if data["seat"] is None else self.names[data["seat"]]
        self.tell([info("ended", {"reason": kind, "player": name})])

    def over(self, data: Json, _: Json | None) -> None:
        self.tell([info("winner", [self.names[seat] for seat in data["winners"]])])

    # What a round brings

    def flush(self) -> None:
        """The round that has been heard of, if there is one."""
        heard, self._round = self._round, _Round()
        if heard.dealt is None:
            return
        self._deal(heard, heard.dealt)
        if heard.took is not None:
            took = heard.took
            self._take(took, took["cards"], [info("scopa", self.names[took["seat"]])])
        for declared in heard.declared:
            name, team = self.names[declared["seat"]], self.groups.team_of(declared["seat"])
            infos = [info(DECLARATIONS[kind], name) for kind in declared["kinds"]]
            group = self.groups.pile(team, declared["pile"], declared["side"])
            self.tell(infos, groups=[group])

    def _deal(self, heard: _Round, dealt: Json) -> None:
        """The cards on the table, if there are new ones, and in the hands; who leads a deal."""
        infos, moves = [], []
        groups = self.cleared()
        if heard.deal is not None:
            infos.append(info("first_player", self.names[heard.deal["first"]]))
            table = heard.deal["table"]
            moves += [move(MAIN_DECK, TABLE, table)] if table else []
            groups.append(self.groups.table(len(table)))
        shown = {declared["seat"]: declared["cards"] for declared in heard.declared}
        for seat, hand in enumerate(dealt["hands"]):
            name = self.names[seat]
            only = None if seat in shown else name
            moves.append(move(MAIN_DECK, hand_id(name), shown.get(seat, hand), only=only))
            groups.append(self.groups.hand(seat, len(hand)))
        self.tell(infos, moves, [*groups, self.groups.deck(dealt["left"])])

    def _take(self, data: Json, taken: Sequence[Json], infos: Sequence[Message]) -> None:
        """Cards go from the table to a team, and then what it has."""
        team = self.groups.team_of(data["seat"])
        self.tell(infos, [move(TABLE, pile_id(team), taken)])
        self.tell(groups=[self.groups.pile(team, data["pile"], data["side"])])

    def _side(self, team: int, counts: Json) -> Message:
        """A team's entry in the summary of a deal."""
        extra = ("declared", *_BONUS) if rules_of(self.record).declares else _BONUS
        fields = [*_COUNTS, *(key for key in extra if key in counts), "partial", "total"]
        return {"players": self.groups.members(team), **{key: counts[key] for key in fields}}


class _Round:
    """What has been heard of a round of cards so far, each as its event's data."""

    def __init__(self) -> None:
        self.deal: Json | None = None
        self.took: Json | None = None
        self.dealt: Json | None = None
        self.declared: list[Json] = []

    def hear_deal(self, data: Json) -> None:
        self.deal = data

    def hear_took(self, data: Json) -> None:
        self.took = data

    def hear_dealt(self, data: Json) -> None:
        self.dealt = data

    def hear_declared(self, data: Json) -> None:
        self.declared.append(data)


_OF_A_ROUND: Final[Mapping[str, Callable[[_Round, Json], None]]] = MappingProxyType(
    {
        "deal": _Round.hear_deal,
        "dealer_took": _Round.hear_took,
        "dealt": _Round.hear_dealt,
        "declared": _Round.hear_declared,
    }
)


def _ending(kind: str) -> Callable[[Teller, Json, Json | None], None]:
    return lambda teller, data, _: teller.ended(kind, data)


_TELL: Final[Mapping[str, Callable[[Teller, Any, Any], None]]] = MappingProxyType(
    {
        "played": Teller.played,
        "captured": Teller.captured,
        "leftovers": Teller.leftovers,
        "scored": Teller.scored,
        "misdealt": Teller.misdealt,
        "over": Teller.over,
        **{kind: _ending(kind) for kind in ENDINGS},
    }
)
"""By the kind of an event that is told as it comes."""
