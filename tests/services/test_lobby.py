"""How matches come about, friends and blocks, presence and housekeeping."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from app.services import (
    accounts,
    friends,
    guests,
    housekeeping,
    lobby,
    matches,
    presence,
    profiles,
    ratings,
    sessions,
)
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import EndedBy
from app.services.sessions import Caller
from app.store import Match, RatingChange, User
from app.store.people import DELETED_NAME
from tests.services.conftest import CLIENT, Clock, Heard, move, play_out

Account = Callable[[str], Caller]


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(ServiceError) as caught:
        call()
    return caught.value.code


@pytest.fixture
def anna(account: Account) -> Caller:
    return account("anna")


@pytest.fixture
def bert(account: Account) -> Caller:
    return account("bert")


def test_who_waited_moves_first(house: House, anna: Caller, bert: Caller, heard: Heard) -> None:
    assert lobby.seek(house, anna) is None
    assert lobby.is_seeking(house, anna.user_id)
    assert refusal(lambda: lobby.seek(house, anna)) == "already_seeking"
    record = lobby.seek(house, bert)
    assert record is not None
    assert [info.name for info in record.seats] == ["anna", "bert"]
    assert not lobby.is_seeking(house, anna.user_id)
    assert heard.users == [
        (anna.user_id, "seek_update", {"seeking": True}),
        (anna.user_id, "seek_update", {"seeking": False, "match": record.id}),
    ]


def test_a_wait_can_be_given_up(house: House, anna: Caller, bert: Caller) -> None:
    lobby.seek(house, anna)
    assert lobby.cancel(house, anna.user_id)
    assert not lobby.cancel(house, anna.user_id)
    assert lobby.seek(house, bert) is None


def test_two_seeks_at_once_make_one_match(house: House, account: Account) -> None:
    callers = [account(f"user{n}") for n in range(8)]
    barrier = Barrier(len(callers))

    def seek(caller: Caller) -> None:
        barrier.wait()
        lobby.seek(house, caller)

    with ThreadPoolExecutor(len(callers)) as pool:
        list(pool.map(seek, callers))
    with house.store.read() as unit:
        assert unit.scalar(select(func.count()).select_from(Match)) == 4
    assert all(len(matches.open_of(house, caller.user_id)) == 1 for caller in callers)


def test_the_queue_passes_over_who_may_not_meet(
    house: House, anna: Caller, bert: Caller, account: Account
) -> None:
    carl, dora = account("carl"), account("dora")
    lobby.invite(house, anna, "bert")
    friends.block(house, carl, "anna")
    lobby.seek(house, bert)
    assert lobby.seek(house, anna) is None  # plays bert already
    assert lobby.seek(house, carl) is not None  # blocked anna, so bert it is
    record = lobby.seek(house, dora)
    assert record is not None
    assert record.seats[0].name == "anna"


def test_invitations(house: House, anna: Caller, bert: Caller, heard: Heard) -> None:
    record = lobby.invite(house, anna, " BERT ")
    assert [info.name for info in record.seats] == ["anna", "bert"]
    assert heard.users == [(bert.user_id, "match_request", {"player": "anna"})]
    assert heard.matches == [record]
    assert refusal(lambda: lobby.invite(house, bert, "anna")) == "already_playing"
    assert refusal(lambda: lobby.invite(house, anna, "anna")) == "yourself"
    assert refusal(lambda: lobby.invite(house, anna, "nobody")) == "unknown_user"


def test_an_invitation_leaves_the_queue_as_it_is(house: House, anna: Caller, bert: Caller) -> None:
    for waiting in (anna, bert):
        assert lobby.seek(house, waiting) is None
        matches.end(house, anna, lobby.invite(house, anna, "bert").id)
        assert lobby.is_seeking(house, waiting.user_id)
        lobby.cancel(house, waiting.user_id)


def test_an_invitation_is_under_the_name_of_now(
    house: House, guest: Account, bert: Caller, heard: Heard
) -> None:
    """A guest's connections stay open, with the caller they began with, when they register."""
    before = guest("passer-by")
    accounts.upgrade(house, before, "anna", "pw")
    match_id = lobby.invite(house, before, "bert").id
    assert heard.users[-1] == (bert.user_id, "match_request", {"player": "anna"})
    play_out(house, match_id, before, bert)
    lobby.rematch(house, before, match_id)
    offers = [data["by"] for _, type, data in heard.users if type == "rematch"]
    assert offers == ["anna", "anna"]


def test_what_can_be_no_name_or_id_is_never_looked_for(house: House, anna: Caller) -> None:
    """PostgreSQL refuses a NUL with an error of its own; here it must not come to that."""
    asked: list[str] = []

    @event.listens_for(house.store.engine, "before_cursor_execute")
    def _listen(*call: Any) -> None:
        asked.append(repr(call[3]))

    for odd in ("a\0b", "\0", "\ud800bc", "änna", "x\n", ""):
        for by_name in (lobby.invite, friends.add, friends.remove, friends.block):
            assert refusal(partial(by_name, house, anna, f"<{odd}>")) == "unknown_user"
        assert refusal(lambda odd=odd: friends.unblock(house, anna, f"<{odd}>")) == "not_blocked"
        assert refusal(lambda odd=odd: profiles.player(house, f"<{odd}>")) == "unknown_user"
        match_id = odd.ljust(32, "0")[:32] + ("" if odd else "0")
        for by_id in (matches.end, lobby.rematch):
            assert refusal(partial(by_id, house, anna, match_id)) == "no_such_match"
        assert refusal(partial(matches.submit, house, anna, match_id, {})) == "no_such_match"
        assert refusal(partial(matches.replay, house, match_id)) == "no_such_match"
    event.remove(house.store.engine, "before_cursor_execute", _listen)
    assert asked
    assert not any("\\x00" in values or "ud800" in values for values in asked)


def test_five_matches_are_enough(house: House, anna: Caller, account: Account) -> None:
    others = [account(f"other{n}") for n in range(6)]
    for other in others[:5]:
        lobby.invite(house, anna, other.name)
    assert refusal(lambda: lobby.invite(house, anna, "other5")) == "too_many_matches"
    assert refusal(lambda: lobby.seek(house, anna)) == "too_many_matches"
    assert refusal(lambda: lobby.invite(house, others[5], "anna")) == "opponent_busy"
    matches.end(house, anna, matches.open_of(house, anna.user_id)[0].id)
    assert lobby.invite(house, others[5], "anna").version == 0


def test_a_block_works_both_ways(house: House, anna: Caller, bert: Caller) -> None:
    friends.add(house, anna, "bert")
    friends.block(house, bert, "anna")
    friends.block(house, bert, "anna")
    assert friends.blocked(house, bert.user_id) == ["anna"]
    assert friends.list_of(house, anna.user_id) == []
    assert refusal(lambda: lobby.invite(house, anna, "bert")) == "blocked"
    assert refusal(lambda: lobby.invite(house, bert, "anna")) == "blocked"
    friends.unblock(house, bert, "anna")
    assert refusal(lambda: friends.unblock(house, bert, "anna")) == "not_blocked"
    assert lobby.invite(house, anna, "bert")


def test_a_block_says_whose_lists_changed(
    house: House, anna: Caller, bert: Caller, account: Account
) -> None:
    carl = account("carl")
    assert friends.add(house, anna, "bert") == [anna.user_id]
    assert friends.block(house, bert, "anna") == [anna.user_id]
    assert friends.block(house, bert, "anna") == []
    friends.add(house, anna, "carl")
    friends.add(house, carl, "anna")
    assert friends.block(house, anna, "carl") == [anna.user_id, carl.user_id]


def test_a_block_ends_with_whom_it_is_about(
    house: House, anna: Caller, bert: Caller, guest: Account, clock: Clock
) -> None:
    """A guest who has played keeps their row when they go; the name is for the next one."""
    matches.end(house, bert, lobby.invite(house, guest("gast"), "bert").id)
    friends.block(house, anna, "gast")
    clock.turn(hours=2)
    assert guests.release(house) == 1
    assert friends.blocked(house, anna.user_id) == []
    assert refusal(lambda: friends.unblock(house, bert, "gast")) == "not_blocked"
    friends.unblock(house, anna, " GAST ")
    assert refusal(lambda: friends.unblock(house, anna, "gast")) == "not_blocked"

    guest("gast")
    friends.block(house, anna, "gast")
    assert friends.blocked(house, anna.user_id) == ["gast"]


def test_a_rematch_swaps_sides_and_is_one(
    house: House, anna: Caller, bert: Caller, heard: Heard, account: Account
) -> None:
    match_id = lobby.invite(house, anna, "bert").id
    assert refusal(lambda: lobby.rematch(house, anna, match_id)) == "not_over"
    play_out(house, match_id, anna, bert)
    assert refusal(lambda: lobby.rematch(house, account("eve"), match_id)) == "not_your_match"
    first = lobby.rematch(house, bert, match_id)
    assert [info.name for info in first.seats] == ["bert", "anna"]
    assert lobby.rematch(house, anna, match_id).id == first.id
    assert matches.get(house, match_id).rematch_id == first.id
    offers = [user_id for user_id, type, _ in heard.users if type == "rematch"]
    assert sorted(offers) == sorted([anna.user_id, bert.user_id])


def test_friends_are_one_way(house: House, anna: Caller, bert: Caller, guest: Account) -> None:
    friends.add(house, anna, "Bert")
    presence.connect(house, bert, "raw")
    assert friends.update_of(house, anna.user_id) == {
        "friends": ["bert"],
        "elos": [1000],
        "online": [True],
    }
    assert friends.list_of(house, bert.user_id) == []
    gast = guest("gast")
    assert refusal(lambda: friends.add(house, anna, "bert")) == "already_friends"
    assert refusal(lambda: friends.add(house, anna, "anna")) == "yourself"
    assert refusal(lambda: friends.add(house, anna, "nobody")) == "unknown_user"
    assert refusal(lambda: friends.add(house, gast, "anna")) == "guest"
    assert refusal(lambda: friends.add(house, anna, "gast")) == "guest"
    friends.remove(house, anna, "bert")
    assert refusal(lambda: friends.remove(house, anna, "bert")) == "not_friends"


def test_presence_counts_connections(house: House, anna: Caller, heard: Heard) -> None:
    first = presence.connect(house, anna, "raw")
    second = presence.connect(house, anna, "socket.io")
    lobby.seek(house, anna)
    presence.disconnect(house, first)
    presence.disconnect(house, first)
    assert presence.is_here(house, anna.user_id)
    assert lobby.is_seeking(house, anna.user_id)
    presence.disconnect(house, second)
    assert not presence.is_here(house, anna.user_id)
    assert not lobby.is_seeking(house, anna.user_id)
    for action in house.timers.take_due(house.clock() + timedelta(seconds=1)):
        action()
    assert [data["online"] for _, data in heard.lobbies] == [True, False]


def test_a_revoked_session_cannot_connect(house: House, anna: Caller) -> None:
    sessions.sign_out(house, anna)
    assert refusal(lambda: presence.connect(house, anna, "raw")) == "session_ended"


def test_a_killed_workers_connections_are_forgotten(
    house: House, anna: Caller, bert: Caller, clock: Clock, heard: Heard
) -> None:
    presence.connect(house, anna, "raw")
    lobby.seek(house, anna)
    restarted = replace(house, worker_id="another", connections={})
    presence.arrive(restarted)  # at the same address
    assert presence.online(house) == []
    assert not lobby.is_seeking(house, anna.user_id)

    there = replace(house.config, PORT=1)
    elsewhere = replace(house, worker_id="third", config=there, connections={})
    presence.arrive(elsewhere)
    presence.connect(elsewhere, bert, "raw")
    clock.turn(seconds=house.config.PRESENCE_TTL - 1)
    assert presence.beat(elsewhere) == 0
    clock.turn(seconds=house.config.PRESENCE_TTL + 1)
    assert presence.beat(restarted) == 1
    assert presence.online(house) == []
    for action in house.timers.take_due(house.clock() + timedelta(seconds=1)):
        action()
    assert {row["name"]: row["online"] for row in told(heard)} == {"anna": False, "bert": False}


def test_a_connected_session_does_not_expire(house: House, guest: Account, clock: Clock) -> None:
    gast = guest("gast")
    presence.connect(house, gast, "raw")
    for _ in range(30):
        clock.turn(minutes=5)
        house_alive = housekeeping.run(house)
    assert house_alive["guests_released"] == 0
    assert len(sessions.rows(house, gast)) == 1


def test_two_housekeepers_do_nothing_twice(
    house: House, anna: Caller, bert: Caller, clock: Clock
) -> None:
    match_id = lobby.invite(house, anna, "bert").id
    matches.submit(house, anna, match_id, move(4, 4))
    matches.submit(house, bert, match_id, move(4, 0))
    clock.turn(days=8)
    barrier = Barrier(4)

    def keep(number: int) -> int:
        worker = replace(house, worker_id=str(number))
        barrier.wait()
        return housekeeping.expire_matches(worker)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(keep, range(4))) == 1
    with house.store.read() as unit:
        assert unit.scalar(select(func.count()).select_from(RatingChange)) == 2
    assert matches.get(house, match_id).version == 3


def test_old_sessions_and_lost_seeks_go(house: House, anna: Caller, clock: Clock) -> None:
    lobby.seek(house, anna)
    assert housekeeping.drop_seeks(house) == 0
    clock.turn(minutes=3)
    assert housekeeping.drop_seeks(house) == 1
    assert not lobby.is_seeking(house, anna.user_id)
    clock.turn(days=21)
    assert housekeeping.expire_sessions(house) == 1


def test_accounts_are_removed_only_where_the_host_wants_it(
    house: House, anna: Caller, bert: Caller, clock: Clock
) -> None:
    match_id = lobby.invite(house, anna, "bert").id
    matches.submit(house, anna, match_id, move(4, 4))
    matches.submit(house, bert, match_id, move(4, 0))
    clock.turn(days=3)
    accounts.sign_in(house, "bert", "pw", client=CLIENT)
    assert housekeeping.run(house)["accounts_removed"] == 0
    tidy = replace(house, config=replace(house.config, ACCOUNT_TTL=86_400 * 2))
    done = housekeeping.run(tidy)
    assert done["accounts_removed"] == 1
    assert done["matches_closed"] == done["ratings_cleared"] == 0  # that was part of it
    assert set(done) == set(housekeeping.PARTS)
    with house.store.read() as unit:
        active = list(unit.scalars(select(User.name).where(User.active)))
    assert active == ["bert"]
    record = matches.get(house, match_id)
    assert record.ended_by == EndedBy("resign", DELETED_NAME)
    assert ratings.snapshot(house, bert.user_id)["top_names"] == ["bert"]
    assert ratings.place(house, "uttt", bert.user_id) == (1, 1010)
    accounts.register(house, "anna", "pw", client=CLIENT)  # the name is free again


@pytest.mark.parametrize("state", ["{}", "torn"])
def test_one_bad_match_stops_nothing(
    house: House, anna: Caller, bert: Caller, account: Account, clock: Clock, state: str
) -> None:
    bad = lobby.invite(house, anna, "bert").id
    good = lobby.invite(house, anna, account("carl").name).id
    with house.store.write() as unit:
        unit.execute(update(Match).where(Match.id == bad).values(state=state))
    clock.turn(days=8)
    done = housekeeping.run(house)
    assert done["matches_expired"] == 1
    assert set(done) == set(housekeeping.PARTS)
    assert matches.get(house, good).over


def test_a_worker_that_stood_still_brings_its_connections_back(
    house: House, anna: Caller, clock: Clock
) -> None:
    presence.connect(house, anna, "raw")
    other = replace(house, worker_id="other", config=replace(house.config, PORT=1), connections={})
    presence.arrive(other)
    clock.turn(seconds=house.config.PRESENCE_TTL + 1)
    assert presence.beat(other) == 1
    assert not presence.is_here(house, anna.user_id)
    presence.beat(house)
    assert presence.is_here(house, anna.user_id)


def told(heard: Heard) -> list[dict[str, Any]]:
    """What the lobby was told of who is here, person by person."""
    return [row for _, data in heard.lobbies for row in data.get("people", [data])]


def test_a_crowd_that_comes_is_told_of_together(
    house: House, account: Account, clock: Clock, heard: Heard
) -> None:
    """The first at once, the others as they are a moment later: not as many messages as people."""
    callers = [account(f"user{number}") for number in range(5)]
    numbers = [presence.connect(house, caller, "raw") for caller in callers]
    presence.disconnect(house, numbers[4])
    assert [row["name"] for row in told(heard)] == ["user0"]
    heard.lobbies.clear()
    for action in house.timers.take_due(clock() + presence.TOGETHER * 2):
        action()
    ((type, data),) = heard.lobbies
    assert type == "presence_updates"
    here = {row["name"]: row["online"] for row in data["people"]}
    assert here == {"user1": True, "user2": True, "user3": True, "user4": False}
    heard.lobbies.clear()
    presence.disconnect(house, numbers[0])
    presence.disconnect(house, numbers[1])
    for action in house.timers.take_due(clock() + presence.TOGETHER * 2):
        action()
    assert [(type, data["name"]) for type, data in heard.lobbies] == [
        ("presence_update", "user0"),
        ("presence_update", "user1"),
    ]


def test_many_who_go_at_once_are_announced_together(
    house: House, account: Account, heard: Heard
) -> None:
    for number in range(presence.FEW + 1):
        presence.connect(house, account(f"user{number}"), "raw")
    heard.lobbies.clear()
    presence.leave(house)
    assert heard.lobbies == [("presence_reset", {})]
    assert presence.online(house) == []


def test_a_list_of_who_is_here_has_an_end(house: House, account: Account) -> None:
    for number in range(4):
        presence.connect(house, account(f"user{number}"), "raw")
    assert [row.name for row in presence.online(house, 3)] == ["user0", "user1", "user2"]


def test_an_ended_session_fits_nobody_elses_number(house: House, anna: Caller) -> None:
    sessions.sign_out(house, anna)
    new = accounts.register(house, "bert", "pw", client=CLIENT).caller
    assert new.session_id != anna.session_id
    forged = replace(anna, session_id=new.session_id)
    assert refusal(lambda: presence.connect(house, forged, "raw")) == "session_ended"


def test_a_guest_who_never_played_leaves_nothing(
    house: House, anna: Caller, guest: Account, clock: Clock
) -> None:
    guest("idler")
    lobby.invite(house, guest("player"), "anna")
    clock.turn(hours=2)
    assert housekeeping.run(house)["guests_released"] == 2
    with house.store.read() as unit:
        names = set(unit.scalars(select(User.name)))
    assert names == {"anna", "player"}


def test_rankings(house: House, account: Account) -> None:
    players = [account(f"player{n:03}") for n in range(103)]
    play_out(house, lobby.invite(house, players[5], "player007").id, players[5], players[7])
    page = ratings.page(house, "uttt", 1)
    assert (page.total, page.pages, len(page.rows)) == (103, 2, 100)
    assert [(row.rank, row.name) for row in page.rows[:3]] == [
        (1, "player005"),
        (2, "player000"),
        (2, "player001"),
    ]
    last = ratings.page(house, "uttt", 9)
    assert (last.page, last.rows[-1].name, last.rows[-1].rank) == (2, "player007", 103)
    assert last.rows[0].rank == 2
    assert ratings.place(house, "uttt", players[7].user_id) == (103, 990)
    top = ratings.snapshot(house, players[0].user_id)
    assert (top["elo"], top["rank"], len(top["top_names"])) == (1000, 2, 100)
    assert top["top_elos"][0] == 1010


def test_a_profile(house: House, anna: Caller, bert: Caller) -> None:
    play_out(house, lobby.invite(house, anna, "bert").id, anna, bert)
    profile = profiles.player(house, "ANNA")
    assert (profile.name, profile.registered, profile.online) == ("anna", True, False)
    standing = profile.ratings[0]
    assert (standing.value, standing.rank, standing.won, standing.played) == (1010, 1, 1, 1)
    assert [value for _, value in profile.history] == [1010]
    assert len(profile.recent) == 1
    assert refusal(lambda: profiles.player(house, "nobody")) == "unknown_user"
