"""A bridge table's page and the hall, without a script: forms, links, and who may see what."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from app.games.bridge import BRIDGE, SIDES
from app.services import matches
from app.services.bridge import tables
from app.services.house import House
from app.services.records import MatchRecord
from tests.web.conftest import Visitor
from tests.web.test_every_page import check

Make = Callable[[str], Visitor]

NAMES = ("anna", "ben", "carla", "dora")


class Four:
    """Four people at a table, by side, and the deal they play."""

    def __init__(self, house: House, people: list[Visitor], *options: str) -> None:
        self.house = house
        self.at = dict(zip(SIDES, people, strict=True))
        first, *others = people
        opened = first.post("/bridge/open", position="N", **dict.fromkeys(options, "on"))
        self.path = opened.location
        self.tid = self.path.rpartition("/")[2]
        for side, person in zip(SIDES[1:], others, strict=True):
            assert person.post(f"{self.path}/sit", position=side).location == self.path

    @property
    def record(self) -> MatchRecord:
        match_id = tables.row(self.house, self.tid).match_id
        assert match_id is not None
        return matches.get(self.house, match_id)

    def view(self, side: str | None = None) -> Any:
        return BRIDGE.view(self.record.state, None if side is None else SIDES.index(side))

    def post(self, side: str, act: str, **fields: Any) -> None:
        assert self.at[side].post(f"{self.path}/{act}", **fields).location == self.path

    def bid(self, *bids: str) -> None:
        for bid in bids:
            self.post(self.view()["actor"], "bid", bid=bid)

    def play(self, cards: int = 1) -> None:
        """Play first legal cards by the form."""
        for _ in range(cards):
            actor = self.view()["actor"]
            self.post(actor, "play", card=self.view(actor)["cards"][0])

    def text(self, side: str) -> str:
        return self.at[side].text(self.path)


@pytest.fixture
def four(account: Make, house: House) -> Four:
    return Four(house, [account(name) for name in NAMES], "kibitz")


def flashes(page: str) -> list[str]:
    return [unescape(text) for text in re.findall(r'<p class="flash[^"]*">(.*?)</p>', page)]


def drawn(page: str) -> set[int]:
    """The cards that are drawn on a page."""
    return {int(card) for card in re.findall(r"french\.svg#(?:card|top)-(\d+)", page)}


def pressable(page: str, name: str) -> set[str]:
    """The values of the buttons of that name that can be pressed."""
    found = re.findall(rf'<button class="[^"]*" name="{name}" value="(\w+)"([^>]*)>', page)
    return {value for value, rest in found if "disabled" not in rest}


def script_data(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="bridge">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])


# The hall


def test_the_hall_shows_tables_and_seats(
    account: Make, visitor: Callable[[], Visitor], house: House
) -> None:
    anna, ben = account("anna"), account("ben")
    check(visitor().text("/bridge"))
    page = anna.text("/bridge")
    check(page)
    assert "No table is open just now." in page
    path = anna.post("/bridge/open", position="E", robots="on").location
    tid = path.rpartition("/")[2]
    row = tables.row(house, tid)
    assert (row.name_at("E"), row.robots, row.kibitz) == ("anna", True, False)
    page = ben.text("/bridge")
    check(page)
    assert re.search(r'data-side="E">.*?anna', page, re.S)
    assert page.count(f'action="{path}/sit"') == 4  # the taken one is hidden
    assert "Waiting for players" in page
    assert 'action="/bridge' not in visitor().text("/bridge")
    # Who has a seat is led back to it, and opens no second table.
    assert f'href="{path}"' in anna.text("/bridge")
    assert anna.post("/bridge/robots").location == path
    assert flashes(anna.text(path))


def test_one_plays_with_three_robots_at_once(account: Make, house: House) -> None:
    anna = account("anna")
    path = anna.post("/bridge/robots").location
    row = tables.row(house, path.rpartition("/")[2])
    assert row.playing
    assert [row.seats[side].bot is None for side in SIDES if row.seats[side]] == [  # type: ignore[union-attr]
        False, False, True, False,
    ]  # fmt: skip
    page = anna.text(path)
    check(page)
    assert len(drawn(page)) == 13


def test_a_table_is_filled_and_emptied_of_robots(account: Make, house: House) -> None:
    anna = account("anna")
    path = anna.post("/bridge/open", position="N").location
    tid = path.rpartition("/")[2]
    page = anna.text(path)
    check(page)
    assert "Waiting for four players" in page
    anna.post(f"{path}/robot-in", position="E")
    row = tables.row(house, tid)
    assert row.seats["E"] is not None
    assert row.seats["E"].bot
    assert "The robot leaves East" in anna.text(path)
    anna.post(f"{path}/robot-out", position="E")
    assert tables.row(house, tid).seats["E"] is None
    anna.post(f"{path}/fill")
    assert tables.row(house, tid).playing


def test_leaving_before_the_deal_closes_the_table(account: Make) -> None:
    anna = account("anna")
    path = anna.post("/bridge/open", position="N").location
    assert anna.post(f"{path}/leave").location == "/bridge"
    gone = anna.get(path)
    assert gone.status_code == 404
    check(gone.text)
    assert "Table closed" in gone.text
    for act in ("sit", "ready", "play", "bid", "watch", "settings"):
        assert anna.post(f"{path}/{act}", position="N").location == "/bridge"


# Who sees what


def test_everybody_sees_their_own_hand_and_nobody_elses(
    four: Four, visitor: Callable[[], Visitor], account: Make
) -> None:
    deal = BRIDGE.open_view(four.record.state)["deal"]
    for side in SIDES:
        page = four.text(side)
        check(page)
        assert drawn(page) == set(deal[side])
        assert script_data(page)["view"]["hands"] == {
            other: deal[side] if other == side else None for other in SIDES
        }
    for onlooker in (visitor(), account("eve")):
        page = onlooker.text(four.path)
        check(page)
        assert drawn(page) == set()
        assert script_data(page)["view"] is None
        assert 'id="settings"' not in page
        assert 'id="leave"' not in page
        assert "Playing board" in page


def test_who_looks_on_sees_the_table_and_over_one_shoulder(four: Four, account: Make) -> None:
    eve = account("eve")
    eve.post(f"{four.path}/watch")
    page = eve.text(four.path)
    check(page)
    assert drawn(page) == set()
    assert "Look over the shoulder of" in page
    four.bid("1C", "pass", "pass", "pass")
    four.play()
    view = four.view()
    deal = BRIDGE.open_view(four.record.state)["deal"]
    assert drawn(eve.text(four.path)) == set(deal[view["dummy"]]) | {view["trick"][0]["card"]}
    eve.post(f"{four.path}/watch", over="E")
    seen = script_data(eve.text(four.path))
    assert (seen["over"], seen["bottom"], seen["me"]) == ("E", "E", None)
    assert seen["view"]["hands"]["E"] == four.view("E")["hands"]["E"]
    assert pressable(eve.text(four.path), "card") == set()
    assert eve.post(f"{four.path}/unwatch").location == "/bridge"
    assert drawn(eve.text(four.path)) == set()


def test_an_alert_is_told_to_opponents_and_not_to_the_partner(four: Four) -> None:
    dealer = four.view()["dealer"]
    four.post(dealer, "bid", bid="1C", alert="strong, any shape")
    turn = SIDES.index(dealer)
    for step, told in ((0, True), (1, True), (2, False), (3, True)):
        page = four.text(SIDES[(turn + step) % 4])
        assert ("strong, any shape" in page) == told, step


# Calls and cards


def test_the_box_offers_what_is_allowed_to_whom_it_is_for(four: Four) -> None:
    four.bid("1S", "dbl")
    actor = four.view()["actor"]
    for side in SIDES:
        offered = pressable(four.text(side), "bid")
        assert offered == (set(four.view(actor)["bids"]) if side == actor else set())
    assert "rdbl" in four.view(actor)["bids"]
    four.post(actor, "bid", bid="1H")
    assert flashes(four.text(actor)) == ["That call is not allowed now."]
    assert len(four.view()["auction"]) == 2


def test_declarer_plays_dummys_cards(four: Four) -> None:
    four.bid("1Z", "pass", "pass", "pass")
    four.play()
    view = four.view()
    declarer, dummy = view["declarer"], view["dummy"]
    legal = {str(card) for card in four.view(declarer)["cards"]}
    assert pressable(four.text(declarer), "card") == legal
    assert "Play a card from dummy." in four.text(declarer)
    assert pressable(four.text(dummy), "card") == set()
    card = min(legal)
    four.post(dummy, "play", card=card)
    assert flashes(four.text(dummy)) == ["It is not your turn yet."]
    four.post(declarer, "play", card=card)
    assert {"side": dummy, "card": int(card)} in four.view()["trick"]


@pytest.mark.parametrize("card", ["52", "-1", "ace", "", "9" * 5000])
def test_what_is_no_card_changes_nothing(four: Four, card: str) -> None:
    four.bid("1Z", "pass", "pass", "pass")
    lead = four.view()["actor"]
    four.post(lead, "play", card=card)
    assert flashes(four.text(lead)) == ["A card is named by its number from 0 to 51."]
    assert four.view()["trick"] == []


def test_a_page_that_has_grown_old_moves_nothing(four: Four) -> None:
    actor = four.view()["actor"]
    four.post(actor, "bid", bid="1C", version=5)
    assert flashes(four.text(actor)) == ["The match has moved on. Look again."]
    assert four.view()["auction"] == []


# Claims, take-backs, the end


def claimed(four: Four, tricks: int) -> tuple[str, list[str]]:
    """A claim by declarer after the lead: who, and who must answer."""
    four.bid("1Z", "pass", "pass", "pass")
    four.play()
    declarer = four.view()["declarer"]
    page = four.text(declarer)
    assert re.findall(r'name="claim" id="claim-\d+" value="(\d+)"', page) == [
        str(n) for n in range(13, -1, -1)
    ]
    four.post(declarer, "claim", claim=tricks)
    return declarer, four.view()["claim"]["waiting"]


def test_a_claim_is_answered_by_both_defenders(four: Four) -> None:
    declarer, waiting = claimed(four, 9)
    for side in SIDES:
        page = four.text(side)
        check(page)
        assert "9 tricks in all: 2 over." in page
        answers = re.search(r'id="ask-answers"( hidden)?>', page)
        assert answers
        assert (answers[1] is None) == (side in waiting)
    held = set(four.view(declarer)["hands"][declarer])
    assert held <= drawn(four.text(waiting[0]))
    for side in waiting:
        four.post(side, "answer", answer="true")
    page = four.text(declarer)
    check(page)
    assert "2 over · 150 to" in page
    assert four.record.over
    assert page.count('class="written ') == 4


def test_a_claim_that_is_declined_leaves_the_hands_shown(four: Four) -> None:
    declarer, waiting = claimed(four, 13)
    four.post(waiting[0], "answer", answer="false")
    assert four.view()["claim"] is None
    held = set(four.view(declarer)["hands"][declarer])
    for side in waiting:
        assert held <= drawn(four.text(side))


def test_a_call_is_taken_back_when_an_opponent_agrees(four: Four) -> None:
    dealer = four.view()["dealer"]
    four.bid("7Z")
    assert re.search(r'id="undo"[^>]*hidden', four.text(four.view()["actor"]))
    assert not re.search(r'id="undo"[^>]*hidden', four.text(dealer))
    four.post(dealer, "undo")
    opponent = four.view()["undo"]["waiting"][0]
    assert "would like to take the last call or card back." in four.text(opponent)
    four.post(opponent, "answer", answer="true")
    assert four.view()["auction"] == []


def test_the_next_board_comes_when_all_are_ready(four: Four) -> None:
    four.bid("pass", "pass", "pass", "pass")
    first = four.record
    assert first.over
    page = four.text("N")
    check(page)
    assert "Passed out" in page
    for side in SIDES:
        assert four.record.id == first.id
        four.post(side, "ready")
    assert four.record.id != first.id
    assert four.record.board_id != first.board_id


def test_partners_change_places_between_deals(four: Four) -> None:
    four.bid("pass", "pass", "pass", "pass")
    four.post("N", "swap", position="E")
    assert "would like to change places with you" in four.text("E")
    four.post("E", "swap", position="N")
    row = tables.row(four.house, four.tid)
    assert (row.name_at("N"), row.name_at("E")) == ("ben", "anna")


def test_leaving_in_mid_deal_is_asked_about_and_the_seat_is_kept(four: Four) -> None:
    page = four.at["W"].text(f"{four.path}/leave")
    check(page)
    assert "Your seat is kept for you for 5 minutes" in page
    four.at["W"].post(f"{four.path}/leave")
    assert "who-away" in four.text("N")
    page = four.text("W")
    assert "Come back" in page
    assert pressable(page, "bid") == set()
    four.post("W", "sit", position="W")
    assert "who-away" not in four.text("N")


def test_what_robots_call_is_explained(account: Make) -> None:
    anna = account("anna")
    path = anna.post("/bridge/robots").location
    data = script_data(anna.text(path))
    calls = data["view"]["auction"]
    assert len(calls) == 2  # the first board is North's to deal
    robots = {str(n) for n, call in enumerate(calls) if call["side"] != "S"}
    assert set(data["explained"]) <= robots
    assert data["explained"]
    answer = anna.get(f"{path}/meanings").get_json()
    assert answer == {"match": data["id"], "meanings": data["explained"]}


def test_who_sits_down_between_deals_is_told_of_the_next_and_may_be_ready(
    four: Four, account: Make, visitor: Callable[[], Visitor]
) -> None:
    four.post("N", "settings", robots="on")
    four.bid("pass", "pass", "pass", "pass")
    first = four.record
    four.at["W"].post(f"{four.path}/leave")  # and a robot sits down
    eve = account("eve")
    eve.post(f"{four.path}/sit", position="W")
    for page in (eve.text(four.path), visitor().text(four.path)):
        check(page)
        assert "Waiting for four players" not in page
        assert "The next board comes in" in page
    assert 'id="ready"' in eve.text(four.path)
    assert 'id="ready"' not in visitor().text(four.path)
    eve.post(f"{four.path}/ready")
    assert 'id="ready"' not in eve.text(four.path)
    for side in "NES":
        assert four.record.id == first.id
        four.post(side, "ready")
    assert four.record.id != first.id
