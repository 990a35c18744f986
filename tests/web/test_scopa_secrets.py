"""What the pages of a match of scopa must not tell while it is played, and what they tell after."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from html import unescape
from random import Random
from typing import Any

import pytest
from sqlalchemy import update

from app.games.cards import ITALIAN
from app.games.rng import Stream
from app.games.scopa import SCOPA, State
from app.services import matches
from app.services.house import House
from app.services.records import MatchRecord
from app.store import Match
from tests.games.scopa_positions import reshuffle
from tests.web.conftest import Visitor
from tests.web.scopa_tables import DECK, begin, go_on, seen_cards
from tests.web.test_every_page import check

Make = Callable[[str], Visitor]
PAGES = ("", "/replay?ply=1", "/export.txt", "/export.json", "/verify", "/end")
NAMES = {ITALIAN.name(card): card.id for card in ITALIAN.cards}
TABLES: list[dict[str, Any]] = [
    {"variant": "classic", "players": 2},
    {"variant": "cirulla", "players": 2},
    {"variant": "scopone", "players": 4},
]


@pytest.fixture
def people(guest: Make) -> list[Visitor]:
    return [guest(name) for name in ("ann-g", "ben-g", "carl-g", "dora-g")]


def seated(house: House, people: list[Visitor], *, players: int, **options: Any) -> MatchRecord:
    return begin(house, [person.caller(house).user_id for person in people[:players]], **options)


def everybody(
    record: MatchRecord, people: list[Visitor], stranger: Visitor
) -> Iterator[tuple[int | None, Visitor]]:
    yield from enumerate(people[: len(record.seats)])
    yield None, stranger


def told(page: str) -> set[int]:
    """Every card that a page names in any way: drawn, called, as a value or in its data."""
    drawn = re.findall(r"#(coins|cups|clubs|swords)-(\d+)", page)
    suits = ("coins", "cups", "clubs", "swords")
    cards = {10 * suits.index(suit) + int(value) - 1 for suit, value in drawn}
    text = unescape(page.split("data-words")[0])
    cards |= {number for name, number in NAMES.items() if name in text}
    cards |= {int(number) for number in re.findall(r'name="card" value="(\d+)"', page)}
    for data in re.findall(r'type="application/json" id="\w+">(.*?)</script>', page, re.S):
        cards |= set(in_data(json.loads(data)))
    return cards


def in_data(value: Any) -> Iterator[int]:
    """The cards anywhere in the data of a page."""
    if isinstance(value, dict):
        if value.get("value") and "suit" in value:
            yield 10 * value["suit"] + value["value"] - 1
        for each in value.values():
            yield from in_data(each)
    elif isinstance(value, list):
        for each in value:
            yield from in_data(each)


# While it is played


@pytest.mark.parametrize("options", TABLES, ids=lambda options: options["variant"])
def test_no_page_names_a_card_that_its_reader_has_not_seen(
    house: House, people: list[Visitor], visitor: Callable[[], Visitor], options: dict[str, Any]
) -> None:
    record = seated(house, people, **options)
    seed = record.seed.hex()
    for plies in (0, 1, 9):
        record = go_on(house, record, plies)
        assert not record.over
        for seat, person in everybody(record, people, visitor()):
            known = seen_cards(record, seat)
            assert len(known) < DECK
            for what in PAGES:
                page = person.get(f"/match/{record.id}{what}", follow_redirects=True).text
                assert told(page) <= known, (seat, what, plies)
                assert seed not in page.lower(), (seat, what)
                # Nor in any other clothes.
                assert str(int(seed, 16)) not in page
                assert str(list(record.seed))[1:20] not in page


@pytest.mark.parametrize("options", TABLES, ids=lambda options: options["variant"])
def test_a_page_is_the_same_whatever_lies_in_the_dark(
    house: House, people: list[Visitor], visitor: Callable[[], Visitor], options: dict[str, Any]
) -> None:
    """Other cards where a reader cannot see them, and not a byte of their page is another."""
    record = seated(house, people, **options)
    random = Random(3)
    for seat, person in everybody(record, people, visitor()):
        path = f"/match/{record.id}"
        pages = []
        for state in (record.state, hidden_otherwise(record.state, seat, random)):
            store(house, record, state)
            pages.append([still(person.text(path)), still(person.text(f"{path}/verify"))])
        for one, other in zip(*pages, strict=True):
            assert one.splitlines() == other.splitlines(), seat
    store(house, record, record.state)


def hidden_otherwise(state: State, viewer: int | None, random: Random) -> State:
    """Another position that a viewer cannot tell from this one."""
    seat = state.to_move
    for _ in range(50):
        move = random.choice(SCOPA.legal_moves(state, seat))
        other = reshuffle(state, seat, move, viewer, random)
        # As it is read back: a hand that would have been declared is no hand to hide.
        if other.deck != state.deck and SCOPA.load(SCOPA.dump(other)).shown == state.shown:
            return other
    raise AssertionError("nothing is hidden from them")


def store(house: House, record: MatchRecord, state: State) -> None:
    with house.store.write() as unit:
        dumped = json.dumps(SCOPA.dump(state))
        unit.execute(update(Match).where(Match.id == record.id).values(state=dumped))
    house.matches.drop(record.id)


def still(page: str) -> str:
    """A page without what is another each time it is asked for."""
    page = re.sub(r'(name="csrf_token"[^>]*value=")[^"]*', r"\1", page)
    return re.sub(r'(data-deadline|datetime)="[^"]*"[^<]*', "", page)


def test_the_match_as_it_goes_on_has_no_replay_and_no_export(
    house: House, people: list[Visitor]
) -> None:
    record = seated(house, people, variant="classic", players=2)
    for what in ("/replay", "/export.txt", "/export.json"):
        answer = people[0].get(f"/match/{record.id}{what}")
        assert answer.location == f"/match/{record.id}", what


def test_a_private_match_is_not_there_for_others(house: House, people: list[Visitor]) -> None:
    ann, ben, carl, _ = people
    players = [person.caller(house).user_id for person in (ann, ben)]
    record = go_on(house, begin(house, players, code="sesame"))
    for what in ("", "/replay", "/export.txt", "/export.json", "/verify"):
        assert carl.get(f"/match/{record.id}{what}").status_code == 404, what
        assert ann.get(f"/match/{record.id}{what}").status_code == 200, what


# The commitment, and the seed after


def test_the_hash_is_shown_from_the_start_and_the_seed_at_the_end(
    house: House, people: list[Visitor], visitor: Callable[[], Visitor]
) -> None:
    record = seated(house, people, variant="classic", players=2)
    path = f"/match/{record.id}/verify"
    for person in (people[0], visitor()):
        page = person.text(path)
        check(page)
        assert record.commitment in page
        assert 'id="seed"' not in page
        assert 'id="verify"' not in page
    record = go_on(house, record)
    page = visitor().text(path)
    check(page)
    found = re.search(r'<code id="seed">(\w+)</code>', page)
    assert found
    assert hashlib.sha256(bytes.fromhex(found[1])).hexdigest() == record.commitment


@pytest.mark.parametrize("options", TABLES, ids=lambda options: options["variant"])
def test_the_cards_to_check_are_those_that_were_dealt(
    house: House, people: list[Visitor], visitor: Callable[[], Visitor], options: dict[str, Any]
) -> None:
    record = go_on(house, seated(house, people, **options))
    page = visitor().text(f"/match/{record.id}/verify")
    found = re.search(r'<script type="application/json" id="verify">(.*?)</script>', page)
    assert found
    data = json.loads(found[1])
    assert data["players"] == len(record.seats)
    deals = [each for each in data["dealings"] if each["first"] is not None]
    assert len(deals) == max(each["deal"] for each in data["dealings"])
    assert len(deals) >= len(record.state.points)
    for each in data["dealings"]:
        label = f"scopa deal {each['deal'] - 1} {each['attempt']}"
        deck = Stream(record.seed, label).shuffled(range(DECK))
        assert all(deck[place] == card for place, card in each["cards"])
    played = {entry.move["card"] for entry in matches.log(house, record.id)[-3:]}
    assert played <= {card for _, card in deals[-1]["cards"]}


def test_cards_that_were_dealt_again_are_shown_as_tries(
    house: House, people: list[Visitor], visitor: Callable[[], Visitor]
) -> None:
    """A first deal with three kings on the table, if some seed has one."""
    options = {"variant": "cirulla", "players": 2}

    def again(number: int) -> bool:
        events = SCOPA.initial(SCOPA.parse_options(options), number.to_bytes(32, "big")).events
        return events[0].kind == "misdealt"

    seed = next(filter(again, range(2000))).to_bytes(32, "big")
    players = [person.caller(house).user_id for person in people[:2]]
    record = begin(house, players, seed, variant="cirulla")
    matches.end(house, people[0].caller(house), record.id)
    page = visitor().text(f"/match/{record.id}/verify")
    check(page)
    assert "try 2" in page


def test_the_program_shown_computes_the_cards(
    house: House, people: list[Visitor], visitor: Callable[[], Visitor]
) -> None:
    record = go_on(house, seated(house, people, variant="classic", players=2), 2)
    matches.end(house, people[0].caller(house), record.id)
    page = visitor().text(f"/match/{record.id}/verify")
    found = re.search(r"<pre[^>]*><code>(.*?)</code></pre>", page, re.S)
    assert found
    program = unescape(found[1])
    run = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    )
    digest, first, deck = run.stdout.splitlines()
    assert digest == record.commitment
    state = matches.steps(house, record.id)[0].state
    assert int(first) == state.first
    # Unless the table was dealt again, this is the deck that was dealt.
    assert json.loads(deck) == [card.id for card in state.deck]
