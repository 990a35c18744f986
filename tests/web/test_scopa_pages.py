"""The pages of a match of scopa without a script: playing, looking on, looking back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape

import pytest

from app.games.cards import ITALIAN
from app.games.scopa import SCOPA, Move
from app.services import matches
from app.services.house import House
from app.services.records import Bot, MatchRecord
from tests.web.conftest import Visitor
from tests.web.scopa_tables import begin, first_seed, go_on, has_choice, play
from tests.web.test_every_page import check

Make = Callable[[str], Visitor]


@pytest.fixture
def pair(account: Make, house: House) -> tuple[Visitor, Visitor, MatchRecord]:
    """Whoever leads, the other, and their match."""
    ann, ben = account("ann"), account("ben")
    record = begin(house, [person.caller(house).user_id for person in (ann, ben)])
    lead = record.state.to_move
    return (ann, ben, record) if lead == 0 else (ben, ann, record)


Pair = tuple[Visitor, Visitor, MatchRecord]


def buttons(page: str, able: bool = True) -> set[int]:
    """The numbers of the cards a page has as buttons, those that can be pressed or the others."""
    found = re.findall(r'<button class="playing-card"[^>]*?value="(\d+)"([^>]*)>', page)
    return {int(number) for number, rest in found if ("disabled" not in rest) == able}


def faces(page: str) -> list[str]:
    """What is drawn on the cards of a page, in order."""
    return re.findall(r"cards\.svg[^#\"]*#(\w+-\d+|back)", page)


def flashes(page: str) -> list[str]:
    return [unescape(text) for text in re.findall(r'<p class="flash[^"]*">(.*?)</p>', page)]


# Playing


def test_only_the_player_to_move_can_press_a_card(
    pair: Pair, visitor: Callable[[], Visitor], account: Make
) -> None:
    lead, other, record = pair
    path = f"/match/{record.id}"
    seat = record.state.to_move
    mine = {card.id for card in record.state.hands[seat]}
    theirs = {card.id for card in record.state.hands[1 - seat]}
    page = lead.text(path)
    check(page)
    assert buttons(page) == mine
    assert "Your turn: play a card." in page
    page = other.text(path)
    check(page)
    assert (buttons(page), buttons(page, able=False)) == (set(), theirs)
    assert f"{record.seats[seat].name} is to play." in page
    for onlooker in (visitor(), account("carl")):
        page = onlooker.text(path)
        check(page)
        assert '<button class="playing-card"' not in page
        assert 'id="leave"' not in page
        assert len([name for name in faces(page) if name != "back"]) == 4  # those on the table


def test_a_card_is_played_by_a_form(pair: Pair, house: House) -> None:
    lead, other, record = pair
    path = f"/match/{record.id}"
    move = SCOPA.legal_moves(record.state, record.state.to_move)[0]
    raw = {"card": move.card.id} | ({} if move.take is None else {f"take-{move.card.id}": 0})
    answer = lead.post(f"{path}/move", version=0, **raw)
    assert (answer.status_code, answer.location) == (303, path)
    assert matches.get(house, record.id).version == 1
    page = other.text(path)
    assert "Your turn: play a card." in page
    name = record.seats[record.state.to_move].name
    said = re.search(r'<p id="last"[^>]*>([^<]*)<', page)
    assert said
    assert said[1].startswith(f"{name} ")
    assert ITALIAN.name(move.card) in said[1]


@pytest.mark.parametrize(
    ("card", "version", "said"),
    [
        ("theirs", "", "You do not hold that card."),
        ("40", "", "A card is named by its number from 0 to 39."),
        ("seven", "", "A card is named by its number from 0 to 39."),
        ("", "", "A card is named by its number from 0 to 39."),
        ("9" * 5000, "", "A card is named by its number from 0 to 39."),
        ("mine", "1", "The match has moved on. Look again."),
    ],
    ids=["theirs", "none", "word", "empty", "long", "stale"],
)
def test_a_wrong_card_is_said_and_changes_nothing(
    pair: Pair, house: House, card: str, version: str, said: str
) -> None:
    lead, _, record = pair
    hands = record.state.hands
    seat = record.state.to_move
    card = {"mine": str(hands[seat][0].id), "theirs": str(hands[1 - seat][0].id)}.get(card, card)
    fields = {"card": card} | ({"version": version} if version else {})
    path = f"/match/{record.id}"
    assert lead.post(f"{path}/move", **fields).location == path
    assert flashes(lead.text(path)) == [said]
    assert matches.get(house, record.id).version == 0


def test_a_choice_of_captures_is_a_choice_of_radios(account: Make, house: House) -> None:
    ann, ben = account("ann"), account("ben")
    players = [person.caller(house).user_id for person in (ann, ben)]
    record = begin(house, players, first_seed(has_choice, players=2))
    seat = record.state.to_move
    lead = (ann, ben)[seat]
    last = max(
        (move for move in SCOPA.legal_moves(record.state, seat) if move.take),
        key=lambda move: move.take or 0,
    )
    path = f"/match/{record.id}"
    page = lead.text(path)
    check(page)
    name = f"take-{last.card.id}"
    offered = re.findall(rf'<input type="radio" name="{name}"[^>]*value="(\d+)"', page)
    assert offered == [str(number) for number in range((last.take or 0) + 1)]
    before = record.state.table
    lead.post(f"{path}/move", card=last.card.id)  # without saying which
    assert flashes(lead.text(path)) == ["Choose which cards to capture."]
    lead.post(f"{path}/move", card=last.card.id, **{name: last.take})
    after = matches.get(house, record.id).state
    assert last.card in after.piles[seat]
    right = SCOPA.apply(record.state, seat, last).state
    assert set(before) - set(after.table) == set(before) - set(right.table)


def test_nobody_plays_for_another(pair: Pair, account: Make, house: House) -> None:
    lead, other, record = pair
    path = f"/match/{record.id}"
    card = record.state.hands[record.state.to_move][0].id
    for person, said in (
        (other, "It is not your turn yet."),
        (account("carl"), "You do not play in this match."),
    ):
        person.post(f"{path}/move", card=card)
        assert flashes(person.text(path)) == [said]
        person.get(f"{path}/move", query_string={"card": card})
    assert lead.client.post(f"{path}/move", data={"card": card}).status_code == 400
    assert matches.get(house, record.id).version == 0


def test_a_page_without_script_looks_again_while_it_waits(pair: Pair) -> None:
    lead, other, record = pair
    refresh = '<noscript><meta http-equiv="refresh"'
    assert refresh in other.text(f"/match/{record.id}")
    assert refresh not in lead.text(f"/match/{record.id}")


# Four, and the computer


def test_four_sit_crosswise_and_partners_share_a_pile(account: Make, house: House) -> None:
    people = [account(name) for name in ("ann", "ben", "carl", "dora")]
    players = [person.caller(house).user_id for person in people]
    record = go_on(house, begin(house, players, variant="rebello"), 5)
    page = people[1].text(f"/match/{record.id}")
    check(page)
    order = re.findall(r'class="spot spot-(\w+)" id="spot-(\d)"', page)
    assert sorted(order) == [("bottom", "1"), ("left", "0"), ("right", "2"), ("top", "3")]
    assert re.findall(r'data-pile="(\d)"', page) == ["0", "1"]  # theirs above, one's own below
    assert "ben and dora" in page
    assert "re bello" in page


def test_the_computer_has_no_page_and_no_friends(account: Make, house: House) -> None:
    ann = account("ann")
    record = begin(house, [ann.caller(house).user_id, Bot("strong", "cpu1")])
    page = ann.text(f"/match/{record.id}")
    check(page)
    assert "cpu1" in page
    assert "/player/cpu1" not in page
    assert "strong" in page
    assert 'id="befriend' not in page
    assert matches.end(house, ann.caller(house), record.id).over
    page = ann.text(f"/match/{record.id}")
    assert "Not rated: the computer was playing." in page


# The end


def test_a_finished_match_says_who_won_and_by_how_much(pair: Pair, house: House) -> None:
    lead, other, record = pair
    record = go_on(house, record)
    path = f"/match/{record.id}"
    assert record.outcome is not None
    totals = record.state.totals
    (winner,) = record.outcome.winners
    score = f"{totals[winner]} to {totals[1 - winner]}"
    people = {person.caller(house).name: person for person in (lead, other)}
    name = record.seats[winner].name
    page = people.pop(name).text(path)
    check(page)
    assert f"You won, {score}." in page
    assert re.search(r"Your rating: 1000 → 10\d\d", page)
    (loser,) = people.values()
    assert f"{name} won, {score}." in loser.text(path)
    summary = re.search(r'<table class="summary-table">(.*?)</table>', page, re.S)
    assert summary
    counted = re.findall(r'<tr><th scope="row">Cards</th><td class="number">(\d+)', summary[1])
    assert counted == [str(len(record.state.piles[0]))]
    total = re.search(r'sum-total">.*?(\d+)</td><td class="number">(\d+)</td>', summary[1], re.S)
    assert total
    assert total.groups() == tuple(map(str, totals))


@pytest.mark.parametrize("early", [True, False])
def test_leaving_says_what_it_costs_and_who_left(pair: Pair, house: House, early: bool) -> None:
    lead, other, record = pair
    record = record if early else go_on(house, record, 2)
    path = f"/match/{record.id}"
    asked = lead.text(f"{path}/end")
    assert ("it ends without a result" in asked) == early
    name = lead.caller(house).name
    lead.post(f"{path}/end")
    told = other.text(path)
    said = f"{name} closed the match before both had moved" if early else f"{name} left the match"
    assert said in told


def test_of_a_team_the_one_who_left_is_named(account: Make, house: House) -> None:
    people = [account(name) for name in ("ann", "ben", "carl", "dora")]
    players = [person.caller(house).user_id for person in people]
    record = go_on(house, begin(house, players), 4)
    path = f"/match/{record.id}"
    people[2].post(f"{path}/end")
    assert "You won: carl left the match." in people[3].text(path)
    assert "ben and dora won: carl left the match." in people[0].text(path)
    assert "ben and dora won: you left the match." in people[2].text(path)


def test_the_last_deal_is_told_while_the_next_is_fresh(pair: Pair, house: House) -> None:
    lead, _, record = pair
    page = ""
    while len(record.state.points) == 0:
        record = go_on(house, record, 1)
    page = lead.text(f"/match/{record.id}")
    assert "<h3>Deal 1</h3>" in page
    first = record.state.points[0]
    total = re.search(r'sum-partial">.*?(\d+)</td><td class="number">(\d+)</td>', page, re.S)
    assert total
    assert total.groups() == tuple(map(str, first))
    record = go_on(house, record, 2)
    page = lead.text(f"/match/{record.id}")
    assert "<h3>Deal 1</h3>" not in page
    assert re.search(rf"<td>1</td><td class=\"number\">{first[0]}</td>", page)


# Looking back


def test_the_replay_shows_every_position_with_open_hands(pair: Pair, house: House) -> None:
    lead, _, record = pair
    record = go_on(house, record)
    steps = matches.steps(house, record.id)
    path = f"/match/{record.id}/replay"
    for ply in (0, 1, 7, 36, record.version):
        page = lead.text(f"{path}?ply={ply}")
        check(page)
        state = steps[ply].state
        shown = {
            10 * ("coins", "cups", "clubs", "swords").index(suit) + int(value) - 1
            for suit, value in (name.split("-") for name in faces(page) if name != "back")
        }
        expected = {card.id for hand in state.hands for card in hand}
        expected |= {card.id for card in state.table}
        expected |= {card.id for side in state.scope for card in side if card}
        assert shown == expected, ply
    found = re.search(r'<script type="application/json" id="replay">(.*?)</script>', page)
    assert found
    data = json.loads(found[1])
    assert len(data["positions"]) == record.version + 1 == len(data["moves"]) + 1
    for ply, position in enumerate(data["positions"]):
        state = steps[ply].state
        hands = [[card.id for card in hand] for hand in state.hands]
        assert position["cards"]["hands"] == hands
        assert position["cards"]["table"] == [card.id for card in state.table]
        assert position["totals"] == list(state.totals)


def test_a_match_is_exported_so_that_it_can_be_played_again(pair: Pair, house: House) -> None:
    lead, _, record = pair
    record = go_on(house, record)
    log = lead.get(f"/match/{record.id}/export.json").get_json()
    options = SCOPA.parse_options(log["options"])
    step = SCOPA.initial(options, bytes.fromhex(log["seed"]))
    for entry in log["moves"]:
        step = SCOPA.apply(step.state, entry["seat"], SCOPA.parse_move(entry["move"]))
    assert step.state == record.state
    assert log["commitment"] == record.commitment
    text = lead.get(f"/match/{record.id}/export.txt").text
    heading, notation = text.split("\n\n", 1)
    values = dict(line.split(": ", 1) for line in heading.splitlines())
    assert (values["Seed"], values["Commitment"]) == (log["seed"], log["commitment"])
    assert (values["Variant"], values["Players"]) == ("classic", "2")
    assert notation.startswith("Deal 1, ")
    plays = re.findall(r"^ *\d+\. (\w+) plays (\w+)$", notation, re.M)
    assert [ITALIAN.parse(card).id for _, card in plays] == [
        m["move"]["card"] for m in log["moves"]
    ]


def test_a_resignation_ends_the_text(pair: Pair, house: House) -> None:
    lead, _, record = pair
    go_on(house, record, 3)
    lead.post(f"/match/{record.id}/end")
    text = lead.get(f"/match/{record.id}/export.txt").text
    assert text.splitlines()[-1] == f"{lead.caller(house).name}: resigned"
    assert lead.get(f"/match/{record.id}/replay").status_code == 200


def test_the_matta_shows_what_it_stands_for(account: Make, house: House) -> None:
    def declares(state: object) -> bool:
        return getattr(state, "matta", None) is not None

    ann, ben = account("ann"), account("ben")
    players = [person.caller(house).user_id for person in (ann, ben)]
    seed = first_seed(declares, variant="cirulla", players=2)
    record = begin(house, players, seed, variant="cirulla")
    assert record.state.matta is not None
    page = ann.text(f"/match/{record.id}")
    check(page)
    value = record.state.matta[1]
    assert f'data-stands="{value}"' in page
    assert "seven of cups, standing for" in page


def test_other_games_have_no_cards_to_check(account: Make, play: Callable[..., object]) -> None:
    record: MatchRecord = play(account("ann"), account("ben"), 3)  # type: ignore[assignment]
    assert account("carl").get(f"/match/{record.id}/verify").status_code == 404


def test_every_move_of_a_choice_has_its_words(house: House, account: Make) -> None:
    ann, ben = account("ann"), account("ben")
    players = [person.caller(house).user_id for person in (ann, ben)]
    record = begin(house, players, first_seed(has_choice, players=2))
    seat = record.state.to_move
    move: Move = next(m for m in SCOPA.legal_moves(record.state, seat) if m.take)
    record = play(house, record, move)
    page = (ann, ben)[1 - seat].text(f"/match/{record.id}")
    said = re.search(r'<p id="last"[^>]*>([^<]*)<', page)
    assert said
    assert said[1].endswith(f"with the {ITALIAN.name(move.card)}.")
