"""Accounts of programs: who may become one and when, who hears of it, and whom they meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.services import (
    accounts,
    audit,
    chat,
    friends,
    lobby,
    matches,
    oversight,
    presence,
    profiles,
    programs,
    ratings,
    sessions,
    tables,
    tokens,
    watching,
)
from app.services.access import Viewer
from app.services.audit import HOST
from app.services.bridge import kibitzers
from app.services.bridge import rows as bridge_rows
from app.services.bridge import tables as bridge_tables
from app.services.errors import ServiceError
from app.services.house import House
from app.services.records import Setup
from app.services.sessions import Caller
from tests.services.conftest import CLIENT, SHORT_WIN, Heard, move, play_out

Account = Callable[[str], Caller]


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(ServiceError) as caught:
        call()
    return caught.value.code


@pytest.fixture
def anna(account: Account) -> Caller:
    return account("anna")


@pytest.fixture
def far(house: House, account: Account) -> Caller:
    """A bot."""
    caller = account("far")
    programs.mark(house, caller.user_id)
    return caller


def test_an_account_says_so_once(house: House, anna: Caller) -> None:
    assert programs.standing(house, anna.user_id) == programs.PERSON
    programs.mark(house, anna.user_id)
    assert programs.standing(house, anna.user_id) == programs.PROGRAM
    assert refusal(lambda: programs.mark(house, anna.user_id)) == "already_a_program"
    again = accounts.sign_in(house, "anna", "pw", client=CLIENT)
    assert again.caller.automatic
    resumed = sessions.resume(house, again.token)
    assert resumed is not None
    assert resumed.automatic
    by_token = tokens.caller_of(house, tokens.renew(house, anna.user_id))
    assert by_token is not None
    assert by_token.automatic


def test_guests_and_the_departed_are_no_programs(
    house: House, guest: Account, anna: Caller
) -> None:
    assert refusal(lambda: programs.mark(house, guest("passer-by").user_id)) == "guest"
    assert refusal(lambda: programs.mark(house, anna.user_id + 1000)) == "session_ended"


def test_only_before_the_first_rated_match_has_ended(
    house: House, anna: Caller, account: Account
) -> None:
    bert, cleo = account("bert"), account("cleo")
    running = lobby.invite(house, anna, "bert")
    programs.mark(house, bert.user_id)  # it runs, but nothing is rated yet
    record = matches.get(house, running.id)
    assert [info.automatic for info in record.seats] == [False, True]
    assert record.revision > running.revision  # so that no worker saves what it knew before
    play_out(house, running.id, anna, bert)
    assert all(matches.get(house, running.id).ratings or [None])
    assert programs.standing(house, anna.user_id) == programs.RATED
    assert refusal(lambda: programs.mark(house, anna.user_id)) == "rated_already"
    casual = tables.challenge(house, cleo, "anna", Setup("uttt", rated=False))
    unrated = tables.accept(house, anna, casual.id)
    play_out(house, unrated.id, *(cleo, anna))
    programs.mark(house, cleo.user_id)


def test_an_admin_knows_better(house: House, anna: Caller, account: Account) -> None:
    bert = account("bert")
    play_out(house, lobby.invite(house, anna, "bert").id, anna, bert)
    programs.put(house, HOST, "anna", automatic=True)
    assert oversight.player(house, "anna").automatic
    assert [row.name for row in ratings.page(house, "uttt").rows] == ["bert"]
    twice = refusal(lambda: programs.put(house, HOST, "anna", automatic=True))
    assert twice == "already_a_program"
    programs.put(house, HOST, "anna", automatic=False)
    assert [row.name for row in ratings.page(house, "uttt").rows] == ["anna", "bert"]
    assert refusal(lambda: programs.put(house, HOST, "anna", automatic=False)) == "no_program"
    assert refusal(lambda: programs.put(house, HOST, "nobody", automatic=True)) == "unknown_user"
    done = [(entry.action, entry.target) for entry in audit.entries(house).entries]
    assert done == [("unmark_program", "anna"), ("mark_program", "anna")]


def test_an_admin_makes_no_bot_of_a_guest(house: House, guest: Account) -> None:
    guest("passer-by")
    assert refusal(lambda: programs.put(house, HOST, "passer-by", automatic=True)) == "guest"
    assert audit.entries(house).entries == []


def test_people_and_bots_are_ranked_apart(
    house: House, anna: Caller, far: Caller, account: Account
) -> None:
    deep, bert = account("deep"), account("bert")
    programs.mark(house, deep.user_id)
    play_out(house, lobby.invite(house, far, "bert").id, far, bert)  # the bot wins
    k = house.config.RATING_K // 2
    people, bots = (ratings.page(house, "uttt", automatic=kind) for kind in (False, True))
    assert [(row.rank, row.name) for row in people.rows] == [(1, "anna"), (2, "bert")]
    assert [(row.rank, row.name, row.value) for row in bots.rows] == [
        (1, "far", 1000 + k),
        (2, "deep", 1000),
    ]
    assert (people.total, bots.total) == (2, 2)
    assert ratings.place(house, "uttt", bert.user_id) == (2, 1000 - k)
    assert ratings.place(house, "uttt", deep.user_id) == (2, 1000)
    assert profiles.player(house, "deep").ratings[0].rank == 2
    assert profiles.player(house, "deep").automatic
    told = ratings.snapshots(house, [anna.user_id, far.user_id, deep.user_id])
    assert told[anna.user_id]["top_names"] == ["anna", "bert"]
    assert told[deep.user_id] == {
        "elo": 1000,
        "rank": 2,
        "top_names": ["far", "deep"],
        "top_elos": [1000 + k, 1000],
    }
    assert told[far.user_id]["rank"] == 1


def test_a_guest_is_shown_the_people(house: House, far: Caller, guest: Account) -> None:
    told = ratings.snapshot(house, guest("passer-by").user_id)
    assert told == {"elo": None, "rank": None, "top_names": [], "top_elos": []}


def test_a_rating_that_begins_later_is_a_bots_too(house: House, far: Caller, anna: Caller) -> None:
    """An account from before a game was rated gets its rating with the first match."""
    with house.store.write() as unit:
        unit.delete(unit.get_one(ratings.Rating, (far.user_id, "uttt")))
    play_out(house, lobby.invite(house, far, "anna").id, far, anna)
    assert [row.name for row in ratings.page(house, "uttt", automatic=True).rows] == ["far"]


def test_a_random_opponent_is_of_ones_own_kind(
    house: House, anna: Caller, far: Caller, account: Account
) -> None:
    bert, deep = account("bert"), account("deep")
    programs.mark(house, deep.user_id)
    assert lobby.seek(house, far) is None
    assert lobby.seek(house, anna) is None
    among_people, among_bots = lobby.seek(house, bert), lobby.seek(house, deep)
    assert among_people is not None
    assert among_bots is not None
    assert [info.name for info in among_people.seats] == ["anna", "bert"]
    assert [info.name for info in among_bots.seats] == ["far", "deep"]


def test_who_becomes_a_bot_while_waiting_meets_bots(
    house: House, anna: Caller, far: Caller, account: Account
) -> None:
    assert lobby.seek(house, anna) is None
    programs.mark(house, anna.user_id)
    assert lobby.seek(house, account("bert")) is None
    assert lobby.seek(house, far) is not None


def test_people_challenge_bots_and_it_is_rated_as_agreed(
    house: House, anna: Caller, far: Caller
) -> None:
    for rated in (True, False):
        row = tables.challenge(house, anna, "far", Setup("uttt", rated=rated))
        assert row.invitee_automatic
        assert not row.owner_automatic
        record = tables.accept(house, far, row.id)
        play_out(house, record.id, anna, far)
        assert any(matches.get(house, record.id).ratings or ()) is rated
    table = tables.open(house, far, Setup("uttt"), None)
    assert table.owner_automatic
    assert tables.join(house, anna, table.id, None, "192.0.2.1").rated


def test_everybody_is_told_at_once(
    house: House, anna: Caller, account: Account, heard: Heard
) -> None:
    """Wherever the name stands just now it is told anew: matches, tables, the lobby."""
    bert = account("bert")
    match = lobby.invite(house, anna, "bert")
    for number, who in enumerate((anna, bert)):
        matches.submit(house, who, match.id, move(*SHORT_WIN[number]))
    table = tables.open(house, bert, Setup("uttt"), None)
    bridge_tables.open(house, bert, "S", robots=False)
    presence.connect(house, bert, "test")
    for told in (heard.matches, heard.lobbies, heard.told, heard.users):
        told.clear()
    programs.mark(house, bert.user_id)
    assert [record.id for record in heard.matches] == [match.id]
    assert [info.automatic for info in heard.matches[0].seats] == [False, True]
    for action in house.timers.take_due(house.clock() + 2 * watching.TOGETHER):
        action()
    assert ("presence_update", {**_here("bert"), "online": True}) in heard.lobbies
    (live,) = [data["players"] for _, type, data in heard.told if type == "live_update"]
    assert [player.get("automatic") for player in live] == [None, True]
    updates = [data for _, type, data in heard.told if type == "table_update"]
    assert [(data["id"], data["automatic"]) for data in updates] == [(table.id, True)]
    seats = [data["seats"] for _, type, data in heard.told if type == "bridge_table"]
    assert seats
    assert seats[-1]["S"]["automatic"] is True
    games = [(type, data.get("game")) for _, type, data in heard.users if "rank" in data]
    assert games == [("elo_update", None), ("rating_update", "scopa"), ("rating_update", "bridge")]


def test_nobody_hears_of_a_bot_that_is_not_here(house: House, anna: Caller, heard: Heard) -> None:
    programs.mark(house, anna.user_id)
    assert heard.lobbies == []


def _here(name: str) -> dict[str, Any]:
    return {"name": name, "elo": 1000, "registered": True, "automatic": True}


def test_it_stands_beside_the_name_wherever_it_is_listed(
    house: House, anna: Caller, far: Caller
) -> None:
    presence.connect(house, far, "test")
    presence.connect(house, anna, "test")
    people = {row.name: row.json() for row in presence.online(house)}
    assert people["far"] == _here("far")
    assert "automatic" not in people["anna"]
    friends.add(house, anna, "far")
    assert friends.list_of(house, anna.user_id)[0].automatic
    assert set(friends.update_of(house, anna.user_id)) == {"friends", "elos", "online"}
    record = lobby.invite(house, anna, "far")
    for number, who in enumerate((anna, far)):
        matches.submit(house, who, record.id, move(*SHORT_WIN[number]))
    (live,) = watching.live(house, None)
    assert [player.get("automatic") for player in live.json()["players"]] == [None, True]
    assert [info.json().get("automatic") for info in record.seats] == [None, True]
    assert [row.automatic for row in oversight.players(house).rows if row.name == "far"] == [True]
    assert [row.automatic for row in oversight.online(house).rows] == [False, True]


def test_a_table_says_which_seat_is_a_bots(house: House, anna: Caller, far: Caller) -> None:
    table = tables.open(
        house, anna, Setup("scopa", "classic", options={"players": 2}), [tables.Ask("far")]
    )
    assert not isinstance(table, matches.MatchRecord)
    assert "automatic" not in table.json()
    assert [seat.get("automatic") for seat in table.json()["seats"]] == [None, True]
    row = bridge_tables.open(house, anna, "S", robots=False)
    kibitzers.watch(house, far, row.id)
    shown = bridge_rows.row(house, row.id).json()
    assert shown["kibitzers"] == [{"name": "far", "over": None, "automatic": True}]
    assert "automatic" not in shown["seats"]["S"]


def test_what_a_bot_says_is_a_bots(house: House, anna: Caller, far: Caller, heard: Heard) -> None:
    viewer = Viewer(far.user_id, "192.0.2.1", None)
    chat.say(house, anna, Viewer(anna.user_id, "192.0.2.1", None), "lobby", "hello")
    line = chat.say(house, far, viewer, "lobby", "hello")
    assert [each.automatic for each in chat.history(house, viewer, "lobby")] == [False, True]
    assert chat.find(house, viewer, line.id).automatic
    said = [data.get("automatic") for _, type, data in heard.told if type == "chat_message"]
    assert said == [None, True]
    chat.say(house, far, viewer, "with:anna", "a word in private")
    (talk,) = chat.talks(house, anna.user_id)
    assert (talk.name, talk.automatic) == ("far", True)
    (other,) = chat.talks(house, far.user_id)
    assert (other.name, other.automatic) == ("anna", False)
