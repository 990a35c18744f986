"""Friends, rankings and players' pages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.services import friends, matches, presence, ratings
from app.services.house import House
from app.services.records import MatchRecord
from app.store import Friend, Rating, User
from tests.web.conftest import Visitor

Make = Callable[[str], Visitor]
Play = Callable[..., MatchRecord]


def populate(house: House, count: int) -> None:
    """Accounts player-0, player-1 …, each rated a point below the one before."""
    now = house.clock()
    with house.store.write() as unit:
        for number in range(count):
            user = User(name=f"player-{number}", registered=True, created_at=now, seen_at=now)
            unit.add(user)
            unit.flush()
            unit.add(Rating(user_id=user.id, game="uttt", value=3000 - number))


# Friends


def test_friends_are_found_added_and_removed(account: Make, house: House) -> None:
    ann, _ben = account("ann"), account("ben")
    assert "Nobody in your list yet." in ann.text("/friends")
    found = ann.text("/friends?name=BEN")
    assert "Add ben to your friends" in found
    assert ann.post("/friends/add", player=" Ben ").location == "/friends"
    page = ann.text("/friends")
    assert "ben is among your friends now." in page
    assert 'data-player="ben"' in page
    assert "Challenge ben" in page
    assert "Add ben to your friends" not in ann.text("/friends?name=ben")
    ann.post("/friends/remove", player="ben")
    assert friends.list_of(house, ann.caller(house).user_id) == []


def test_many_friends_come_in_pages(account: Make, house: House) -> None:
    ann = account("ann")
    user_id, now = ann.caller(house).user_id, house.clock()
    populate(house, friends.PAGE + 10)
    with house.store.write() as unit:
        for other in unit.scalars(select(User.id).where(User.name.startswith("player-"))):
            unit.add(Friend(user_id=user_id, friend_id=other, since=now))
    here = account("zoe").caller(house)
    friends.add(house, ann.caller(house), "zoe")
    presence.arrive(house)
    presence.connect(house, here, "test")

    def listed(path: str) -> list[str]:
        page = ann.text(path).split('id="friends"')[1]
        assert f'data-total="{friends.PAGE + 11}"' in page
        return re.findall(r'data-player="([^"]+)"', page)

    first, second = listed("/friends"), listed("/friends?page=2")
    assert (len(first), len(second)) == (friends.PAGE, 11)
    assert first[0] == "zoe"  # who is here comes first
    everybody = [f"player-{number}" for number in range(friends.PAGE + 10)]
    assert first[1:] + second == sorted(everybody)
    assert listed("/friends?page=99") == second
    assert "Add player-7 to" not in ann.text("/friends?name=player-7")


@pytest.mark.parametrize(
    ("action", "player", "complaint"),
    [
        ("add", "nobody", "Nobody here has that name."),
        ("add", "ann", "That is you."),
        ("add", "passer-by", "Guests have no friend lists."),
        ("remove", "ben", "They are not among your friends."),
        ("unblock", "ben", "They are not blocked."),
        ("block", "ann", "That is you."),
    ],
)
def test_what_cannot_be_done_is_said(
    account: Make, guest: Make, action: str, player: str, complaint: str
) -> None:
    guest("passer-by")
    account("ben")
    ann = account("ann")
    assert ann.post(f"/friends/{action}", player=player).location == "/friends"
    assert complaint in ann.text("/friends")


def test_a_friend_request_names_somebody(account: Make) -> None:
    assert account("ann").post("/friends/add").status_code == 400


def test_nobody_is_found_by_half_a_name(account: Make) -> None:
    assert "Nobody here is called be." in account("ann").text("/friends?name=be")
    assert "That is you." in account("ben").text("/friends?name=ben")


def test_guests_are_told_why_they_have_no_friends(guest: Make) -> None:
    page = guest("passer-by").text("/friends")
    assert "A guest has no friend list" in page
    assert "/settings#keep" in page


# Rankings


def test_rankings_go_to_the_first_game(visitor: Callable[[], Visitor]) -> None:
    assert visitor().get("/rankings").location == "/rankings/uttt"


@pytest.mark.parametrize("game", ["chess", "UTTT", "../uttt"])
def test_there_is_no_list_of_an_unknown_game(visitor: Callable[[], Visitor], game: str) -> None:
    assert visitor().get(f"/rankings/{game}").status_code == 404


def test_rankings_have_a_hundred_a_page_and_ones_own_place(account: Make, house: House) -> None:
    populate(house, 230)
    ann = account("ann")
    first = ann.text("/rankings/uttt")
    own = re.search(r'<tr class="own">.*?</tr>', first, re.DOTALL)
    assert own
    assert "231" in own[0]
    assert "/player/ann" in own[0]
    names = re.findall(r"/player/(player-\d+)", first)
    assert names == [f"player-{number}" for number in range(100)]
    assert "Page 1 of 3" in first
    last = ann.text("/rankings/uttt?page=3")
    assert last.count('class="own"') == 1
    assert last.count("<tr") == 1 + 31
    assert "Page 3 of 3" in ann.text("/rankings/uttt?page=99")
    for odd in ("0", "-5", "x", "99999999999999999999"):
        assert ann.get(f"/rankings/uttt?page={odd}").status_code == 200


def test_guests_and_strangers_see_the_list_without_a_place(
    visitor: Callable[[], Visitor], guest: Make, house: House
) -> None:
    assert "The first place is free." in visitor().text("/rankings/uttt")
    populate(house, 3)
    for person in (visitor(), guest("passer-by")):
        page = person.text("/rankings/uttt")
        assert "3 players." in page
        assert "guests have no rating" in page
        assert 'class="own"' not in page


# A player's page


def test_a_players_page_shows_record_chart_and_matches(
    visitor: Callable[[], Visitor], account: Make, play: Play, house: House
) -> None:
    ann, ben = account("ann"), account("ben")
    for _ in range(3):
        assert play(ann, ben).over
    page = visitor().text("/player/ANN")
    user_id = ann.caller(house).user_id
    place = ratings.place(house, "uttt", user_id)
    assert place
    rank, value = place
    figures = re.findall(r"<dt>(\w+)</dt><dd>(\d+)</dd>", page)
    assert dict(figures)["Rating"] == str(value)
    assert dict(figures)["Rank"] == str(rank)
    assert sum(int(dict(figures)[word]) for word in ("Won", "Drawn", "Lost")) == 3
    assert page.count('<td class="number">') == 3  # the chart's table
    assert page.count('class="result') >= 3
    assert f'<td class="number">{value}</td></tr></tbody>' in page
    assert "js/chart.js" in page


def test_a_match_that_was_left_says_so(account: Make, play: Play, house: House) -> None:
    ann, ben = account("ann"), account("ben")
    match = play(ann, ben, plies=4)
    matches.end(house, ann.caller(house), match.id)
    page = ben.text("/player/ben")
    assert "Won" in page
    assert "by resignation" in page
    assert "+10" in page
    lost = ben.text("/player/ann")
    assert "Lost" in lost
    assert "−10" in lost


def test_buttons_on_a_players_page_depend_on_who_looks(
    visitor: Callable[[], Visitor], account: Make, guest: Make
) -> None:
    ann, passer = account("ann"), guest("passer-by")
    account("ben")
    assert "Challenge" not in visitor().text("/player/ben")
    assert "Challenge" not in ann.text("/player/ann")
    for_guest = passer.text("/player/ben")
    assert "Challenge" in for_guest
    assert "Add friend" not in for_guest
    for_ann = ann.text("/player/ben")
    assert "Add friend" in for_ann
    assert "Block" in for_ann
    ann.post("/friends/add", player="ben", next="/player/ben")
    assert "Remove friend" in ann.text("/player/ben")
    ann.post("/friends/block", player="ben", next="/player/ben")
    after = ann.text("/player/ben")
    assert "Unblock" in after
    assert "Challenge" not in after


def test_a_long_history_is_paged(account: Make, play: Play) -> None:
    ann, ben = account("ann"), account("ben")
    for _ in range(21):
        play(ann, ben)
    assert "Page 1 of 2" in ann.text("/player/ann")
    assert "Page 2 of 2" in ann.text("/player/ann?page=2")


def test_an_unknown_player_has_no_page(visitor: Callable[[], Visitor]) -> None:
    for name in ("nobody", "%3Cscript%3E", "a" * 300):
        assert visitor().get(f"/player/{name}").status_code == 404


def test_a_badge_counts_the_matches_that_wait(account: Make, play: Play) -> None:
    ann, ben = account("ann"), account("ben")
    match = play(ann, ben, plies=0)
    assert match.version == 0
    assert "1 match waits for you" in ann.text("/friends")
    assert re.search(r'id="waiting" data-count="0" hidden', ben.text("/friends"))


# Names


def test_no_name_can_inject_markup(
    visitor: Callable[[], Visitor], account: Make, house: House, play: Play
) -> None:
    """Even a name that no rule of ours lets in is only ever text."""
    bad = "<i onx='1'>\"&"
    ann, ben = account("ann"), account("ben")
    play(ann, ben)
    play(ann, ben, plies=7)
    ann.post("/friends/add", player="ben")
    user_id = ben.caller(house).user_id
    with house.store.write() as unit:
        unit.get_one(User, user_id).name = bad
    quoted = "/player/%3Ci%20onx='1'%3E%22%26"
    pages = [
        visitor().text("/"),
        visitor().text("/rankings/uttt"),
        visitor().text(quoted),
        visitor().text("/player/ann"),
        ann.text("/friends"),
        ann.text("/lobby"),
        ann.text(quoted),
        ben.text("/settings"),
        ben.text("/lobby"),
    ]
    ann.post("/friends/block", player=bad)
    pages.append(ann.text("/settings"))
    for page in pages:
        assert "<i onx" not in page
        assert "onx" in page


def test_what_is_typed_comes_back_as_text(visitor: Callable[[], Visitor], account: Make) -> None:
    script = '"><script>alert(1)</script>'
    ann, person = account("ann"), visitor()
    person.client.environ_base["HTTP_USER_AGENT"] = script
    person.sign_in("ann")
    answers = [
        visitor().post("/sign-in", name=script, password="x").text,
        visitor().post("/register", name=script, password="x").text,
        visitor().post("/guest", name=script).text,
        visitor().get("/sign-in", query_string={"next": script}).text,
        ann.get("/friends", query_string={"name": script}).text,
        ann.text("/settings"),
    ]
    for answer in answers:
        assert "<script>alert" not in answer
