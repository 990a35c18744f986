"""Against the computer, without a script: from the front page, the lobby, the form and a match."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from app.services import lobby, matches, newcomers
from app.services.computer import strengths
from app.services.house import House
from app.services.records import MatchRecord
from app.services.time_control import PER_MOVE
from tests.web.conftest import Visitor
from tests.web.test_every_page import check

Make = Callable[[str], Visitor]
Strangers = Callable[[], Visitor]


def the_match(house: House, person: Visitor) -> MatchRecord:
    (record,) = matches.open_of(house, person.caller(house).user_id)
    return record


def begin(person: Visitor, house: House, **chosen: str) -> MatchRecord:
    """A match with the computer from the lobby's button."""
    answer = person.post("/computer", look_at="/lobby", **chosen)
    record = matches.get(house, answer.location.removeprefix("/match/"))
    assert answer.status_code == 303
    return record


def over(house: House, person: Visitor, record: MatchRecord) -> MatchRecord:
    return matches.end(house, person.caller(house), record.id)


def test_a_stranger_plays_at_once(visitor: Strangers, house: House) -> None:
    stranger = visitor()
    front = stranger.text("/")
    check(front)
    form = front[front.index('action="/computer"') :]
    assert form.index("Play the computer") < form.index("Play as a guest") < form.index("</form>")
    answer = stranger.post("/computer", name="Passer-By")
    record = the_match(house, stranger)
    assert (answer.status_code, answer.location) == (303, f"/match/{record.id}")
    assert [(info.name, info.bot) for info in record.seats] == [
        ("passer-by", None),
        ("cpu1", "easy"),
    ]
    assert (record.game, record.variant, record.rated, record.private) == (
        "uttt",
        "standard",
        False,
        False,
    )
    page = stranger.text(answer.location)
    check(page)
    assert "<strong>Computer, easy</strong>" in page
    assert "Your turn: begin anywhere." in page
    assert "Nobody has moved yet, so every board is lit." in page
    assert 'id="coach"' in page


def test_a_stranger_without_a_name_is_given_one(visitor: Strangers, house: House) -> None:
    stranger = visitor()
    stranger.get("/")
    assert stranger.post("/computer", name="").status_code == 303
    assert the_match(house, stranger).seats[0].name == stranger.caller(house).name


@pytest.mark.parametrize(
    ("name", "said"),
    [("ann", "That name is taken."), ("x", "A name has 3 to 16 letters, digits, - or _.")],
)
def test_a_name_that_is_none_brings_back_the_front_page(
    visitor: Strangers, account: Make, name: str, said: str
) -> None:
    account("ann")
    stranger = visitor()
    answer = stranger.post("/computer", look_at="/", name=name)
    assert answer.status_code == 422
    assert said in answer.text
    check(answer.text)
    assert stranger.token() is None


def test_the_lobby_offers_each_game_and_remembers(account: Make, house: House) -> None:
    ann = account("ann")
    page = ann.text("/lobby")
    offered = {
        game: tuple(re.findall(rf'name="strength_{game}" value="(\w+)"', page))
        for game in ("uttt", "scopa")
    }
    assert offered == {game: strengths(game) for game in offered}
    assert offered["uttt"][0] == "beginner"
    assert re.search(r'value="uttt" checked', page)
    assert re.search(r'name="strength_uttt" value="easy" checked', page)
    record = begin(ann, house, game="uttt", strength_uttt="beginner", strength_scopa="strong")
    assert record.seats[1].bot == "beginner"
    page = ann.text("/lobby")
    assert re.search(r'name="strength_uttt" value="beginner" checked', page)
    assert "Ultimate tic-tac-toe · Computer, beginner" in page
    record = begin(ann, house, game="scopa", strength_uttt="easy", strength_scopa="medium")
    assert [info.bot for info in record.seats] == [None, "medium"]
    page = ann.text("/lobby")
    assert re.search(r'value="scopa" checked', page)
    assert re.search(r'name="strength_scopa" value="medium" checked', page)


@pytest.mark.parametrize(
    "chosen",
    [
        {"game": "bridge", "strength_bridge": "easy"},  # it has a hall of its own
        {"game": "chess"},
        {"game": "scopa", "strength_scopa": "beginner"},
        {"game": "uttt", "strength_uttt": "huge"},
    ],
)
def test_what_is_not_offered_is_refused(
    account: Make, house: House, chosen: dict[str, str]
) -> None:
    ann = account("ann")
    assert ann.post("/computer", **chosen).status_code == 400
    assert matches.open_of(house, ann.caller(house).user_id) == []


def test_whoever_plays_too_much_already_is_told_so(account: Make, house: House) -> None:
    ann = account("ann")
    for _ in range(house.config.MAX_OPEN_MATCHES):
        record = begin(ann, house, game="uttt", strength_uttt="beginner")
        ann.post(f"/match/{record.id}/move", square="e5")
    assert ann.post("/computer").location == "/lobby"
    said = "You have as many matches as one may have. Finish one first."
    assert f'<p class="flash flash-wrong">{said}</p>' in ann.text("/lobby")


def test_a_double_click_begins_one_match(account: Make, house: House) -> None:
    ann = account("ann")
    record = begin(ann, house)
    assert begin(ann, house) == record
    assert begin(ann, house, game="uttt", strength_uttt="strong").id != record.id
    ann.post(f"/match/{record.id}/move", square="e5")
    assert begin(ann, house, game="uttt", strength_uttt="easy").id != record.id


def test_the_form_for_a_table_has_it_too(account: Make, house: House) -> None:
    ann = account("ann")
    page = ann.text("/table/new?game=uttt&computer=strong")
    check(page)
    assert "Against the computer" in page
    assert re.search(r'<input checked[^>]*value="bot-strong"', page)
    assert re.search(rf'<input checked[^>]*value="{PER_MOVE[-1]}"', page)
    terms = {"game": "uttt", "variant": "swap", "time": "180+2", "rated": "y", "access": "public"}
    answer = ann.post("/table/new", opponent="bot-beginner", **terms)
    record = the_match(house, ann)
    assert answer.location == f"/match/{record.id}"
    assert (record.variant, record.rated, record.time.text) == ("swap", False, "180+2")
    assert [info.bot for info in record.seats] == [None, "beginner"]
    plain = ann.text("/table/new")
    assert re.search(r'<input checked[^>]*name="opponent"[^>]*value="free"', plain)
    assert 'name="opponent"' not in ann.text("/table/new?player=ben")
    assert 'name="opponent"' not in ann.text("/table/new?game=scopa")
    refused = ann.post("/table/new", opponent="bot-huge", **terms)
    assert (refused.status_code, "Not a valid choice." in refused.text) == (422, True)


def test_a_move_is_answered_and_both_are_explained(account: Make, house: House) -> None:
    ann = account("ann")
    record = begin(ann, house, game="uttt", strength_uttt="beginner")
    path = f"/match/{record.id}"
    assert ann.post(f"{path}/move", square="e5").location == path
    record = matches.get(house, record.id)
    assert record.version == 2
    page = ann.text(path)
    assert re.search(r'<p id="why">The computer took the .* square of a board, so you play', page)
    assert "Point at a square" in page
    onlooker = account("carl").text(path)
    assert re.search(
        r'<p id="why">The computer took the .* square of a board, so ann plays in', onlooker
    )
    assert 'id="coach"' not in onlooker


def test_afterwards_again_stronger_or_weaker(account: Make, house: House) -> None:
    ann = account("ann")
    record = begin(ann, house, game="uttt", strength_uttt="beginner")
    ann.post(f"/match/{record.id}/move", square="e5")
    over(house, ann, record)
    page = ann.text(f"/match/{record.id}")
    assert "Not rated: the computer was playing." in page
    assert "Your rating" not in page
    assert 'id="befriend"' not in page
    assert re.search(r'<button class="button" id="rematch">.*<span>Again</span>', page)
    assert 'id="weaker"' not in page
    assert 'id="stronger" name="strength" value="easy"' in page
    answer = ann.post(f"/match/{record.id}/rematch", strength="easy")
    again = the_match(house, ann)
    assert answer.location == f"/match/{again.id}"
    assert [info.bot for info in again.seats] == ["easy", None]  # who moved second begins
    assert again.version == 1
    assert again.previous_id == record.id
    assert 'name="strength_uttt" value="easy" checked' in ann.text("/lobby")
    over(house, ann, again)
    page = ann.text(f"/match/{again.id}")
    assert 'id="weaker" name="strength" value="beginner"' in page
    assert 'id="stronger" name="strength" value="medium"' in page
    assert ann.post(f"/match/{again.id}/rematch", strength="huge").location == f"/match/{again.id}"
    assert matches.open_of(house, ann.caller(house).user_id) == []


def test_between_people_a_rematch_is_a_rematch(account: Make, house: House) -> None:
    ann, ben = account("ann"), account("ben")
    record = lobby.invite(house, ann.caller(house), "ben")
    over(house, ben, record)
    page = ann.text(f"/match/{record.id}")
    assert "<span>Rematch</span>" in page
    assert 'name="strength"' not in page


def test_the_coach_goes_for_good(account: Make, house: House) -> None:
    ann = account("ann")
    path = f"/match/{begin(ann, house, game='uttt', strength_uttt='beginner').id}"
    assert 'action="/coach/off"' in ann.text(path)
    answer = ann.post("/coach/off", next=path)
    assert (answer.status_code, answer.location) == (303, path)
    assert "Max-Age=31536000" in answer.headers["Set-Cookie"]
    page = ann.text(path)
    assert 'id="coach"' not in page
    assert "Whichever square you take" not in page  # nor among the words for the scripts
    assert ann.post("/coach/off", next="https://evil.example/").location == "/lobby"


def test_the_coach_is_for_newcomers(account: Make, house: House) -> None:
    ann = account("ann")
    for _ in range(newcomers.FIRST):
        record = begin(ann, house, game="uttt", strength_uttt="beginner")
        assert 'id="coach"' in ann.text(f"/match/{record.id}")
        over(house, ann, record)
        assert 'id="coach"' not in ann.text(f"/match/{record.id}")
    record = begin(ann, house, game="uttt", strength_uttt="beginner")
    assert 'id="coach"' not in ann.text(f"/match/{record.id}")
