"""A match's pages without a script: playing, leaving, looking back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.services import matches
from app.services.house import House
from app.services.records import MatchRecord
from app.web.words import time_left
from tests.web.conftest import Visitor
from tests.web.test_every_page import check

Make = Callable[[str], Visitor]
Play = Callable[..., MatchRecord]


@pytest.fixture
def table(account: Make, play: Play) -> tuple[Visitor, Visitor, MatchRecord]:
    """ann and ben, and a match between them in which nobody has moved."""
    ann, ben = account("ann"), account("ben")
    return ann, ben, play(ann, ben, 0)


Table = tuple[Visitor, Visitor, MatchRecord]


def enabled(page: str) -> set[str]:
    """The squares that a page lets one press."""
    return {
        square
        for square, rest in re.findall(r'<button class="tile[^>]*value="(..)"([^>]*)>', page)
        if "disabled" not in rest
    }


def messages(page: str) -> list[str]:
    return re.findall(r'<p class="flash[^"]*">(.*?)</p>', page)


# Playing


def test_only_the_player_to_move_finds_squares_to_press(
    table: Table, visitor: Callable[[], Visitor], account: Make
) -> None:
    ann, ben, record = table
    path = f"/match/{record.id}"
    assert len(enabled(ann.text(path))) == 81
    assert enabled(ben.text(path)) == set()
    for onlooker in (visitor(), account("carl")):
        page = onlooker.text(path)
        assert '<button class="tile' not in page
        assert 'id="leave"' not in page
        check(page)
    check(ann.text(path))


def test_a_move_by_square_and_one_by_numbers(table: Table) -> None:
    ann, ben, record = table
    path = f"/match/{record.id}"
    answer = ann.post(f"{path}/move", square="e5", version=0)
    assert (answer.status_code, answer.location) == (303, path)
    page = ben.text(path)
    assert 'aria-label="e5, x, the last move"' in page
    assert "Your turn: play in the centre board." in page
    assert enabled(page) == {"d6", "e6", "f6", "d5", "f5", "d4", "e4", "f4"}
    ben.post(f"{path}/move", sub_x="1", sub_y="1", x="0", y="0", version=1)
    assert 'aria-label="d6, o, the last move"' in ann.text(path)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"square": "e5"}, "taken"),
        ({"square": "a1"}, "board"),
        ({"square": "z9"}, "Squares are named from a1 to i9."),
        ({"sub_x": "1", "sub_y": "1", "x": "3", "y": "0"}, ""),
        ({}, ""),
        ({"square": "d6", "version": "0"}, "The match has moved on. Look again."),
    ],
)
def test_a_wrong_move_is_said_and_changes_nothing(
    table: Table, house: House, fields: dict[str, str], said: str
) -> None:
    ann, ben, record = table
    path = f"/match/{record.id}"
    ann.post(f"{path}/move", square="e5")
    assert ben.post(f"{path}/move", **fields).location == path
    (text,) = messages(ben.text(path))
    assert said in text
    assert matches.get(house, record.id).version == 1


def test_nobody_moves_for_another(table: Table, account: Make, house: House) -> None:
    _, ben, record = table
    path = f"/match/{record.id}"
    for person, said in (
        (ben, "It is not your turn yet."),
        (account("carl"), "You do not play in this match."),
    ):
        person.post(f"{path}/move", square="e5")
        assert messages(person.text(path)) == [said]
        person.get(f"{path}/move", query_string={"square": "e5"})
    assert matches.get(house, record.id).version == 0


@pytest.mark.parametrize("what", ["move", "end", "rematch"])
def test_changes_need_the_pages_token_and_somebody_signed_in(
    table: Table, visitor: Callable[[], Visitor], house: House, what: str
) -> None:
    ann, _, record = table
    path = f"/match/{record.id}/{what}"
    assert ann.client.post(path, data={"square": "e5"}).status_code == 400
    assert visitor().post(path, square="e5").location == "/sign-in"
    assert matches.get(house, record.id) == record


def test_a_page_without_script_looks_again_while_it_waits(table: Table) -> None:
    ann, ben, record = table
    refresh = '<noscript><meta http-equiv="refresh"'
    assert refresh in ben.text(f"/match/{record.id}")
    assert refresh not in ann.text(f"/match/{record.id}")


def test_the_scripts_data_is_what_the_page_shows(table: Table) -> None:
    ann, ben, record = table
    ann.post(f"/match/{record.id}/move", square="e5")
    page = ben.text(f"/match/{record.id}")
    found = re.search(r'<script type="application/json" id="match">(.*?)</script>', page)
    assert found
    data = json.loads(found[1])
    assert data["names"] == ["ann", "ben"]
    assert (data["seat"], data["version"], data["active"], data["ply"]) == (1, 1, 1, None)
    assert data["moves"] == ["e5"]
    assert data["state"]["last_move"] == {"sub_x": 1, "sub_y": 1, "x": 1, "y": 1}


# Leaving


def test_leaving_before_both_have_moved_has_no_result(table: Table) -> None:
    ann, ben, record = table
    path = f"/match/{record.id}"
    assert "Nobody has moved yet: it ends without a result." in ann.text(f"{path}/end")
    ann.post(f"{path}/move", square="e5")
    page = ann.text(f"{path}/end")
    check(page)
    assert "Not both of you have moved yet: it ends without a result." in page
    ann.post(f"{path}/end")
    assert "You closed the match before both had moved: no result." in ann.text(path)
    assert "ann closed the match before both had moved: no result." in ben.text(path)
    assert "No result" in ben.text("/lobby")


def test_leaving_costs_what_was_said(account: Make, play: Play) -> None:
    ann, ben = account("ann"), account("ben")
    record = play(ann, ben, 2)
    path = f"/match/{record.id}"
    said = "It counts as a loss: your rating falls from 1000 to 990."
    assert said in ben.text(f"{path}/end")
    assert ben.post(f"{path}/end").location == path
    page = ben.text(path)
    check(page)
    assert "ann won: you left the match." in page
    assert "Your rating: 1000 → 990" in page
    assert "You won: ben left the match." in ann.text(path)
    assert ben.get(f"{path}/end").location == path  # nothing left to leave
    ben.post(f"{path}/end")
    assert messages(ben.text(path)) == ["This match is over."]


def test_leaving_an_unrated_match(account: Make, guest: Make, play: Play) -> None:
    ann, passer = account("ann"), guest("passer-by")
    record = play(ann, passer, 2)
    page = passer.text(f"/match/{record.id}/end")
    assert "The match is not rated: no rating changes." in page
    passer.post(f"/match/{record.id}/end")
    assert "Not rated: a guest was playing." in ann.text(f"/match/{record.id}")


def test_only_players_may_leave(table: Table, account: Make, house: House) -> None:
    _, _, record = table
    carl = account("carl")
    assert carl.get(f"/match/{record.id}/end").status_code == 403
    carl.post(f"/match/{record.id}/end")
    assert not matches.get(house, record.id).over


def test_running_out_of_time_is_told(account: Make, play: Play, house: House) -> None:
    ann, ben = account("ann"), account("ben")
    record = play(ann, ben, 2)
    late = replace_clock(house, days=8)
    assert matches.expire(late, record.id)
    assert "ben won: you ran out of time." in ann.text(f"/match/{record.id}")
    assert "You won: ann ran out of time." in ben.text(f"/match/{record.id}")


# Afterwards


def test_a_rematch_is_one_match_for_both(account: Make, play: Play, house: House) -> None:
    ann, ben = account("ann"), account("ben")
    record = play(ann, ben)
    first = ann.post(f"/match/{record.id}/rematch").location
    assert f'href="{first}"' in ben.text(f"/match/{record.id}")
    assert ben.post(f"/match/{record.id}/rematch").location == first
    again = matches.get(house, first.removeprefix("/match/"))
    assert [info.name for info in again.seats] == ["ben", "ann"]
    ann.post(f"{first}/rematch")
    assert ann.get(first).status_code == 200
    assert not matches.get(house, again.id).over


def test_looking_back_at_a_running_match(account: Make, play: Play) -> None:
    ann, ben = account("ann"), account("ben")
    record = play(ann, ben, 6)
    page = ann.text(f"/match/{record.id}?ply=2")
    assert "After move 2 of 6." in page
    assert enabled(page) == set()
    assert len(re.findall(r'<button class="tile[^"]* is-[ab]', page)) == 2
    for odd in ("-1", "6", "99", "x", ""):
        assert len(enabled(ann.text(f"/match/{record.id}?ply={odd}"))) > 0


def test_replay_at_every_ply(account: Make, play: Play) -> None:
    ann, ben = account("ann"), account("ben")
    record = play(ann, ben)
    plies = record.version
    for ply in (0, 1, plies // 2, plies - 1, plies, plies + 5, -3):
        page = ann.text(f"/match/{record.id}/replay?ply={ply}")
        check(page)
        shown = min(max(ply, 0), plies)
        assert len(re.findall(r'<span class="tile is-[ab]', page)) == shown
        assert page.count('class="plate lit') == 0 or shown < plies
    assert f"After move {plies} of {plies}." in ann.text(f"/match/{record.id}/replay")


def test_a_running_match_has_no_replay_yet(table: Table) -> None:
    ann, _, record = table
    for what in ("replay", "export.txt", "export.json"):
        assert ann.get(f"/match/{record.id}/{what}").location == f"/match/{record.id}"


def test_a_match_without_a_move_can_be_looked_at(table: Table) -> None:
    ann, _, record = table
    ann.post(f"/match/{record.id}/end")
    check(ann.text(f"/match/{record.id}/replay"))
    lines = ann.text(f"/match/{record.id}/export.txt").splitlines()
    assert lines[-1] == "A closed the match."


def test_export(account: Make, play: Play, visitor: Callable[[], Visitor]) -> None:
    ann, ben = account("ann"), account("ben")
    record = play(ann, ben)
    answer = visitor().get(f"/match/{record.id}/export.txt")
    assert answer.mimetype == "text/plain"
    assert f'filename="{record.id}.txt"' in answer.headers["Content-Disposition"]
    heading, notation = answer.text.split("\n\n")
    values = dict(line.split(": ", 1) for line in heading.splitlines())
    assert values["Player A"].startswith("ann (1000 to ")
    assert values["Site"].endswith(f"/match/{record.id}")
    assert len(re.findall(r"[a-i][1-9]", notation)) == record.version
    log = visitor().get(f"/match/{record.id}/export.json").get_json()
    assert [move["number"] for move in log["moves"]] == list(range(1, record.version + 1))
    assert log["variant"] == "standard"


def test_a_match_that_is_not(visitor: Callable[[], Visitor], account: Make) -> None:
    for what in ("", "/replay", "/export.txt", "/export.json"):
        assert visitor().get(f"/match/{'0' * 32}{what}").status_code == 404
    ann = account("ann")
    for what in ("/move", "/end", "/rematch"):
        assert ann.post(f"/match/{'0' * 32}{what}", square="e5").status_code == 404


def test_time_left(app_context: None, house: House) -> None:
    now = house.clock()
    for seconds, said in (
        (7 * 86_400, "7 d 0 h"),
        (7 * 86_400 - 1, "6 d 23 h"),
        (86_399, "23 h 59 min"),
        (3_599, "59 min"),
        (59, "59 s"),
        (-5, "0 s"),
    ):
        assert time_left(now + timedelta(seconds=seconds), now) == said


def replace_clock(house: House, **later: float) -> House:
    """The same house, some time later."""
    now = house.clock() + timedelta(**later)
    return replace(house, clock=lambda: now)
