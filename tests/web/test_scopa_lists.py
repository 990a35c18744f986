"""Matches for any number of seats in every list: the lobby, watching, rankings, players' pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from app.services import lobby, matches, moderation, tables
from app.services.access import Viewer
from app.services.audit import HOST
from app.services.chat import say
from app.services.house import House
from app.services.records import Bot, MatchRecord, Setup
from app.services.tables import Ask, Plan
from app.services.time_control import PER_MOVE, TimeControl
from app.web.words import game_words, kind_words
from tests.web.conftest import Visitor
from tests.web.test_every_page import check

Make = Callable[[str], Visitor]
New = Callable[[], Visitor]

DAYS = TimeControl(PER_MOVE[1])
EASY = Bot("easy", "")


def begin(house: House, owner: Visitor, *others: Visitor | Bot, variant: str = "classic") -> str:
    """Begin a match of scopa between these, in the order of the seats; its id."""
    setup = Setup("scopa", variant, time=DAYS, options={"players": 1 + len(others)})
    plans: list[Plan] = [
        other if isinstance(other, Bot) else Ask(other.caller(house).name) for other in others
    ]
    game = tables.open(house, owner.caller(house), setup, plans)
    for other in others:
        if not isinstance(other, Bot):
            tables.accept(house, other.caller(house), game.id)
    return game.id


def play_on(house: House, people: list[Visitor], match_id: str, most: int = 10_000) -> MatchRecord:
    """Play first legal moves for everybody, `most` of them or to the end."""
    callers = {person.caller(house).user_id: person.caller(house) for person in people}
    record = matches.get(house, match_id)
    while not record.over and record.version < most:
        seat = min(record.actors)
        move = record.engine.legal_moves(record.state, seat)[0]
        caller = callers[record.seats[seat].user_id]
        matches.submit(house, caller, match_id, record.engine.move_json(move))
        record = matches.get(house, match_id)  # the computer has answered meanwhile
    return record


def text_of(fragment: str) -> str:
    return unescape(" ".join(re.sub("<[^>]*>", " ", fragment).split()))


def rows(page: str, list_id: str) -> list[str]:
    """The texts of the rows of a list, or of a section, of that id."""
    part = re.search(rf'(?s)id="{list_id}".*?</ul>', page)
    assert part, list_id
    return [text_of(row) for row in re.findall(r"(?s)<li[^>]*>(.*?)</li>", part[0])]


@pytest.fixture
def four(account: Make) -> list[Visitor]:
    return [account(name) for name in ("ann", "ben", "carl", "dora")]


def test_my_matches_name_partner_opponents_and_whose_turn(
    four: list[Visitor], house: House
) -> None:
    record = matches.get(house, begin(house, *four))
    to_move = record.seats[min(record.actors)].name
    against = {
        "ann": "with carl, against ben and dora",
        "ben": "with dora, against ann and carl",
        "carl": "with ann, against ben and dora",
        "dora": "with ben, against ann and carl",
    }
    for person in four:
        page = person.text("/lobby")
        check(page)
        (row,) = rows(page, "matches")
        name = person.caller(house).name
        turn = "Your turn" if name == to_move else f"{to_move}'s turn"
        assert row.startswith(f"{against[name]} Scopa {turn} "), row
        assert 'data-players="ann ben carl dora"' in page


def test_ended_matches_name_both_sides_and_what_they_did_to_the_rating(
    four: list[Visitor], house: House
) -> None:
    record = play_on(house, four, begin(house, *four))
    assert record.outcome
    for person, seat in zip(four, range(4), strict=True):
        (row,) = rows(person.text("/lobby"), "recent")
        step = record.ratings[seat]
        assert step
        won = seat in record.outcome.winners
        partner = ("carl", "dora", "ann", "ben")[seat]
        assert row.startswith(f"with {partner}, against ")
        change = f"{step.after - step.before:+d}".replace("-", "−")
        assert row.endswith(f"Won {change}" if won else f"Lost {change}")
        name = person.caller(house).name
        page = person.text(f"/player/{name}")
        check(page)
        assert f'<a href="/player/{name}?game=scopa" aria-current="page">' in page
        (result,) = re.findall(r'(?s)<ul class="list results">(.*?)</ul>', page)
        assert text_of(result).startswith("Won" if won else "Lost")
        assert ("result-won" in result) is won
    (result,) = re.findall(r'(?s)<ul class="list results">(.*?)</ul>', four[0].text("/player/ann"))
    assert "against ben & dora with carl" in text_of(result)
    for name in ("ben", "carl", "dora"):
        assert f'href="/player/{name}"' in result


def test_a_players_page_is_about_one_game_at_a_time(
    account: Make, visitor: New, house: House, play: Callable[..., MatchRecord]
) -> None:
    ann, ben = account("ann"), account("ben")
    uttt = play(ann, ben)
    scopa = play_on(house, [ann, ben], begin(house, ann, ben))
    last, first = visitor().text("/player/ann"), visitor().text("/player/ann?game=uttt")
    for page in (last, first):
        check(page)
    assert f"/match/{scopa.id}" in last
    assert f"/match/{uttt.id}" not in last
    assert f"/match/{uttt.id}" in first
    assert f"/match/{scopa.id}" not in first
    for page, record in ((last, scopa), (first, uttt)):
        step = record.ratings[0]
        assert step
        assert re.search(rf"<dt>Rating</dt><dd>{step.after}</dd>", page)
        assert page.count("<dt>Rating</dt>") == 1
    assert visitor().get("/player/ann?game=chess").status_code == 404
    found = ben.text("/friends?name=ann")  # beside a name stands the rating of the usual game
    assert uttt.ratings[0]
    assert f'<span class="rating">{uttt.ratings[0].after}</span>' in found


def test_rankings_have_a_tab_a_game(account: Make, visitor: New, house: House) -> None:
    ann, ben = account("ann"), account("ben")
    record = play_on(house, [ann, ben], begin(house, ann, ben))
    assert record.outcome
    winner = record.seats[record.outcome.winners[0]].name
    scopa, uttt = visitor().text("/rankings/scopa"), visitor().text("/rankings/uttt")
    for page in (scopa, uttt):
        check(page)
        assert 'href="/rankings/scopa"' in page
        assert 'href="/rankings/uttt"' in page
    assert re.search(rf'<td class="number">1</td><td><a href="/player/{winner}">', scopa)
    assert "1010" in scopa
    assert "1010" not in uttt
    place = re.search(r'(?s)<p class="places.*?</p>', ann.text("/lobby"))
    assert place
    points = 1010 if winner == "ann" else 990
    assert re.search(rf"Scopa {points} · rank [12]\b", text_of(place[0]))


def test_matches_to_watch_show_both_sides(
    four: list[Visitor], account: Make, visitor: New, house: House
) -> None:
    match_id = begin(house, *four)
    play_on(house, four, match_id, most=2)
    page = account("eve").text("/lobby")
    check(page)
    (row,) = rows(page, "live-list")
    assert re.match(r"ann .*carl .*– ben .*dora .*Scopa · 1 d a move", row)
    page = visitor().text("/watch")
    check(page)
    (row,) = rows(page, "live-list")
    assert row.startswith("ben 1000 dora 1000 Points: 0 ")
    assert "ann 1000 carl 1000 Points: 0" in row
    assert "Scopa · 1 d a move" in row
    assert "ann" not in rows(four[0].text("/lobby"), "live-list")
    assert f'data-watch="{match_id}"' not in visitor().text("/")  # there a board is shown


def test_the_computer_has_no_page_and_no_link(account: Make, house: House) -> None:
    ann, boss = account("ann"), account("boss")
    moderation.make_admin(house, HOST, "boss")
    match_id = begin(house, ann, EASY, Bot("strong", ""), EASY)
    play_on(house, [ann], match_id, most=2)
    (row,) = rows(ann.text("/lobby"), "matches")
    assert row.startswith(
        "with cpu2, against cpu1 and cpu3 Scopa · Computer, easy · Computer, strong Your turn"
    )
    page = boss.text("/admin/matches")
    check(page)
    (row,) = rows(page, "running")
    assert row.startswith("ann & cpu2 computer – cpu1 computer & cpu3 computer Scopa · ")
    boss.post(f"/admin/matches/{match_id}/end", look_at="/admin/matches")
    assert rows(ann.text("/lobby"), "recent")[0].startswith("with cpu2, against cpu1 and cpu3")
    for text in (page, ann.text("/player/ann"), ann.text("/lobby"), boss.text("/watch")):
        assert "/player/cpu" not in text
        assert "/admin/players/cpu" not in text
    page = ann.text("/player/ann")
    check(page)
    assert (
        "against cpu1 Computer, easy & cpu3 Computer, easy with cpu2 Computer, strong"
        in text_of(page)
    )


def test_what_was_said_in_a_match_of_four_is_listed(four: list[Visitor], house: House) -> None:
    ann, ben = four[0], four[1]
    match_id = begin(house, *four)
    caller = ben.caller(house)
    say(house, caller, Viewer(caller.user_id, "", None), f"match:{match_id}", "well played")
    page = ann.text("/messages")
    check(page)
    assert "with carl, against ben and dora" in page
    assert f'href="/match/{match_id}#chat"' in page


def test_a_random_opponent_is_found_at_the_game_that_is_wished(account: Make, house: House) -> None:
    ann, ben, carl = account("ann"), account("ben"), account("carl")
    page = ann.text("/lobby")
    assert '<option value="scopa">' in page
    ann.post("/lobby/seek", game="scopa")
    assert ben.post("/lobby/seek", game="uttt").location == "/lobby?wait=1"
    answer = carl.post("/lobby/seek", game="scopa")
    (record,) = matches.open_of(house, carl.caller(house).user_id)
    assert answer.location == f"/match/{record.id}"
    assert (record.game, record.variant) == ("scopa", "classic")
    assert {info.name for info in record.seats} == {"ann", "carl"}
    assert lobby.is_seeking(house, ben.caller(house).user_id)
    odd = account("dora")
    odd.post("/lobby/seek", game="chess")
    assert not lobby.is_seeking(house, odd.caller(house).user_id)


@pytest.mark.usefixtures("app_context")
def test_terms_are_said_as_far_as_they_are_not_the_usual_ones() -> None:
    usual = {"players": 4, "matta": "seven_of_cups", "grande": "five"}
    assert game_words("scopa", "classic") == "Scopa"
    assert game_words("scopa", "rebello", {"players": 2}) == "Scopa, re bello"
    assert game_words("scopa", "cirulla", usual) == "Scopa, cirulla"
    odd = usual | {"matta": "seven_of_coins"}
    said = "Scopa, cirulla (matta the seven of coins)"
    assert game_words("scopa", "cirulla", odd) == said
    terms: Any = ("scopa", "cirulla", True, TimeControl(600), odd, (2, 4))
    assert kind_words(*terms) == f"{said} · 2 of 4 seats free · rated · 10 min a move"
