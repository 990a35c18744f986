"""What was played in a match of scopa: said in words, written as text, and packed for a script.

All of it comes from what the engine shows a viewer of its positions and events, so nothing can be
told here that they may not know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from app.games.api import Event, Seat, Step
from app.games.cards import ITALIAN
from app.games.scopa.dealing import deal
from app.services.matches import LoggedMove
from app.services.records import MatchRecord
from app.web.sides import listed
from app.web.words import say

Json = Any


def card_number(card: Json) -> int:
    """The number in the deck, 0 to 39, of a card as the engine shows it."""
    return 10 * int(card["suit"]) + int(card["value"]) - 1


def card_text(card: Json) -> str:
    """A card as it is written in an exported match: "7D"."""
    return ITALIAN.text(ITALIAN.cards[card_number(card)])


def card_words(card: Json) -> str:
    """A card as it is called, "seven of coins", as static/js/scopa-words.js calls it too."""
    if "value" not in card:
        return say("card_hidden")
    name = say("card", value=say(f"value_{card['value']}"), suit=say(f"suit_{card['suit']}"))
    if "new_value" not in card:
        return name
    return say("card_stands", card=name, value=say(f"value_{card['new_value']}"))


def cards_words(cards: Sequence[Json]) -> str:
    """Cards as one names them: "two of cups, ace of swords and seven of coins"."""
    return listed([card_words(card) for card in cards]) if cards else ""


# What was played last, in the shape of `last` in static/js/scopa.js


def play_of(events: Iterable[Json]) -> Json | None:
    """The play among one move's events, as a viewer sees them; None if there is none.

    `{"kind": "laid" | "took", "seat", "card", "taken": [card, …], "scopa"}`.
    """
    play = None
    for event in events:
        data = event["data"]
        if event["type"] == "played":
            play = _play("laid", data["seat"], data["card"], [], False)
        elif event["type"] == "captured":
            play = _play("took", data["seat"], data["card"], data["taken"], data["scopa"])
    return play


def _play(kind: str, seat: Seat, card: Json, taken: list[Json], scopa: bool) -> Json:
    return {"kind": kind, "seat": seat, "card": card, "taken": taken, "scopa": scopa}


def play_words(record: MatchRecord, play: Json | None, viewer: Seat | None) -> str:
    """A play in a sentence, as static/js/scopa-words.js says it."""
    if play is None:
        return ""
    mine = play["seat"] == viewer
    text = say(
        f"{play['kind']}_{'you' if mine else 'by'}",
        name=record.seats[play["seat"]].name,
        card=card_words(play["card"]),
        taken=cards_words(play["taken"]),
    )
    return say("scopa_by", text=text) if play["scopa"] else text


def plays_of_deal(
    record: MatchRecord, log: Sequence[LoggedMove], viewer: Seat | None
) -> list[Json]:
    """What has been played in the deal that is on, in order; for a match that is not over.

    The deal alone is played through again, so a long match costs no more than a short one.
    """
    state, engine = record.state, record.engine
    moves = [entry for entry in log if entry.seat is not None]
    played = state.dealt - state.rules.table_size - sum(map(len, state.hands))
    step: Step[Any] = deal(state.options, state.seed, state.first, state.points)
    plays = []
    for entry in moves[len(moves) - played :]:
        assert entry.seat is not None
        step = engine.apply(step.state, entry.seat, engine.parse_move(entry.move))
        plays.append(play_of(_seen(record, step.events, viewer)))
    return plays


def _seen(record: MatchRecord, events: Sequence[Event], viewer: Seat | None) -> list[Json]:
    seen = (record.engine.event_view(event, viewer) for event in events)
    return [event for event in seen if event is not None]


# A finished match, packed for the replay


def positions(record: MatchRecord, steps: Sequence[Step[Any]]) -> list[Json]:
    """Every position of a match that is over, with all hands open; cards as numbers.

    As `unpack` of static/js/scopa.js reads them.
    """
    return [_pack(record.engine.open_view(step.state), played_in(record, step)) for step in steps]


_KEPT: Final = ("deal", "first", "to_move", "deck", "piles", "declared", "totals", "over")


def _pack(view: Json, play: Json | None) -> Json:
    shown = [*view["table"], *(card for hand in view["hands"] for card in hand)]
    stands = [[card_number(card), card["new_value"]] for card in shown if "new_value" in card]
    return {
        **{key: view[key] for key in _KEPT},
        "matta": stands[0] if stands else None,
        "cards": {
            "table": _numbers(view["table"]),
            "hands": [_numbers(hand) for hand in view["hands"]],
            "scope": [_numbers(side) for side in view["scope"]],
        },
        "last": play
        and {
            **play,
            "card": card_number(play["card"]),
            "taken": _numbers(play["taken"]),
        },
    }


def _numbers(cards: Iterable[Json | None]) -> list[int | None]:
    return [None if card is None else card_number(card) for card in cards]


def played_in(record: MatchRecord, step: Step[Any]) -> Json | None:
    """The play that a step of a match came from, as all saw it; None if it was none."""
    return play_of(_seen(record, step.events, None))


def play_name(play: Json) -> str:
    """A play in short, for the list of moves: "7D", "7D×4C 3B", and "#" for a scopa."""
    taken = " ".join(card_text(card) for card in play["taken"])
    return card_text(play["card"]) + (f"×{taken}" if taken else "") + "#" * play["scopa"]


def play_names(record: MatchRecord, steps: Sequence[Step[Any]]) -> list[str]:
    """Every play of a match in short, in order."""
    plays = (played_in(record, step) for step in steps)
    return [play_name(play) for play in plays if play is not None]


# A finished match as text


def transcript(record: MatchRecord, steps: Iterable[Step[Any]]) -> Iterator[str]:
    """The lines of a match that is over: every deal with all its cards. In English, for programs.

    Cards are written as `app.games.cards.ITALIAN` writes them.
    """
    number = 0
    for step in steps:
        for event in step.events:
            write = _WRITTEN.get(event.kind)
            if write is None:
                continue
            number = 0 if event.kind == "deal" else number + (event.kind == "played")
            yield from write(_names(record), event.data, number)


def _names(record: MatchRecord) -> list[str]:
    return [info.name for info in record.seats]


def _texts(cards: Iterable[Json]) -> str:
    return " ".join(card_text(card) for card in cards) or "nothing"


def _deal(names: list[str], data: Mapping[str, Json], _: int) -> Iterator[str]:
    yield ""
    yield f"Deal {data['deal']}, {names[data['first']]} leads"
    yield f"  table: {_texts(data['table'])}"


def _dealt(names: list[str], data: Mapping[str, Json], _: int) -> Iterator[str]:
    for name, hand in zip(names, data["hands"], strict=True):
        yield f"  {name} is dealt {_texts(hand)}"


def _declared(names: list[str], data: Mapping[str, Json], _: int) -> Iterator[str]:
    kinds = " and ".join(kind.replace("_", " ") for kind in data["kinds"])
    yield f"  {names[data['seat']]} declares {kinds}: {data['points']}"


def _played(names: list[str], data: Mapping[str, Json], number: int) -> Iterator[str]:
    yield f"{number:3}. {names[data['seat']]} plays {card_text(data['card'])}"


def _captured(names: list[str], data: Mapping[str, Json], _: int) -> Iterator[str]:
    yield f"     takes {_texts(data['taken'])}" + (", scopa" if data["scopa"] else "")


def _scored(_names: list[str], data: Mapping[str, Json], _: int) -> Iterator[str]:
    for team, side in enumerate(data["teams"]):
        counts = ", ".join(f"{key} {value}" for key, value in side.items())
        yield f"  team {'AB'[team]}: {counts}"


def _ended(word: str) -> Callable[[list[str], Mapping[str, Json], int], Iterator[str]]:
    def write(names: list[str], data: Mapping[str, Json], _: int) -> Iterator[str]:
        yield ""
        yield word if data["seat"] is None else f"{names[data['seat']]}: {word}"

    return write


_Writer = Callable[[list[str], Mapping[str, Json], int], Iterator[str]]
_WRITTEN: Final[Mapping[str, _Writer]] = MappingProxyType(
    {
        "misdealt": lambda _n, data, _: iter([f"  dealt again: {_texts(data['table'])}"]),
        "deal": _deal,
        "dealer_took": lambda names, data, _: iter(
            [f"  {names[data['seat']]} takes the table, scope {data['scope']}"]
        ),
        "dealt": _dealt,
        "declared": _declared,
        "played": _played,
        "captured": _captured,
        "leftovers": lambda names, data, _: iter(
            [f"  {names[data['seat']]} takes what is left: {_texts(data['cards'])}"]
        ),
        "scored": _scored,
        "resign": _ended("resigned"),
        "timeout": _ended("out of time"),
        "abort": _ended("closed without a result"),
    }
)
"""By an event's kind: the lines that tell it."""


# A finished match, for who wants to check the cards


def dealings(steps: Iterable[Step[Any]]) -> list[Json]:
    """Every shuffle of a match that is over, and the cards that came out of it.

    `{"deal": number from 1, "attempt": from 0, one more each time the table's cards were dealt
    again, "first": seat that leads or None, "cards": [[place in the deck, card's number], …]}`.
    """
    found: list[Json] = []
    deals = attempt = 0
    for step in steps:
        for event in step.events:
            if event.kind in ("misdealt", "deal"):
                first = event.data.get("first")
                shuffle: Json = {"deal": deals + 1, "attempt": attempt, "first": first, "cards": []}
                found.append(shuffle)
                _note(shuffle, event.data["table"])
                attempt = 0 if event.kind == "deal" else attempt + 1
                deals += event.kind == "deal"
            elif event.kind == "dealt":
                for hand in event.data["hands"]:
                    _note(found[-1], hand)
    return found


def _note(shuffle: Json, cards: Iterable[Json]) -> None:
    shuffle["cards"] += [[card["place"], card_number(card)] for card in cards]
