"""Who watches, who is told of it, and which matches are there to be watched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.services import best, friends, lobby, matches, presence, profiles, tables, watching
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.services.time_control import TimeControl
from app.store import Joined, User, Watcher, Worker
from tests.services.conftest import SHORT_WIN, Clock, Heard, move, play_out
from tests.services.hall import NOWHERE, everything_heard, lobby_heard, open_table, turn, user_heard

Account = Callable[[str], Caller]
CODE = "plum-7"


@pytest.fixture
def players(account: Account) -> tuple[Caller, Caller]:
    return account("anna"), account("bert")


@pytest.fixture
def carl(account: Account) -> Caller:
    return account("carl")


@pytest.fixture
def match_id(house: House, players: tuple[Caller, Caller]) -> str:
    return begin(house, players)


def begin(house: House, players: tuple[Caller, Caller], code: str | None = None) -> str:
    row = open_table(house, players[0], code=code, time=TimeControl(86_400))
    return tables.join(house, players[1], row.id, code).id


def play(house: House, match_id: str, players: tuple[Caller, Caller], moves: int) -> MatchRecord:
    record = matches.get(house, match_id)
    for number in range(record.version, record.version + moves):
        mover = players[number % 2]
        record = matches.submit(house, mover, match_id, move(*SHORT_WIN[number]))
    return record


def ids(house: House, viewer: Caller | None = None) -> list[str]:
    return [row.record.id for row in watching.live(house, viewer and viewer.user_id)]


# Who watches


def test_a_user_counts_once_and_each_stranger(
    house: House, match_id: str, carl: Caller, account: Account
) -> None:
    twice = [watching.enter(house, match_id, carl.user_id) for _ in range(2)]
    watching.enter(house, match_id, account("dora").user_id)
    strangers = [watching.enter(house, match_id, None) for _ in range(3)]
    assert watching.count(house, match_id) == 5
    assert watching.names(house, match_id) == ["carl", "dora"]
    watching.leave(house, [twice[0], strangers[0]])
    assert watching.count(house, match_id) == 4
    watching.leave(house, [twice[1], twice[1]])
    assert watching.count(house, match_id) == 3
    assert watching.names(house, match_id) == ["dora"]
    assert watching.count(house, NOWHERE) == 0


def test_who_watches_through_the_api_counts_while_the_token_is_used(
    house: House, match_id: str, players: tuple[Caller, Caller], carl: Caller, clock: Clock
) -> None:
    with house.store.write() as unit:
        unit.add(Joined(user_id=carl.user_id, game_id=match_id, spectating=True))
        unit.add(Joined(user_id=players[0].user_id, game_id=match_id, spectating=False))
    assert watching.count(house, match_id) == 1
    assert watching.names(house, match_id) == ["carl"]
    number = watching.enter(house, match_id, carl.user_id)
    assert watching.count(house, match_id) == 1
    watching.leave(house, [number])
    clock.turn(seconds=121)
    assert watching.count(house, match_id) == 0
    with house.store.write() as unit:
        unit.get_one(User, carl.user_id).seen_at = clock.now
    assert watching.count(house, match_id) == 1


def test_players_and_watchers_are_told_about_once_a_second(
    house: House,
    match_id: str,
    players: tuple[Caller, Caller],
    carl: Caller,
    heard: Heard,
    clock: Clock,
) -> None:
    heard.told.clear()
    numbers = [watching.enter(house, match_id, None) for _ in range(4)]
    watching.leave(house, numbers[:1])
    turn(house, clock, seconds=0.5)
    assert heard.told == []
    turn(house, clock, seconds=0.5)
    ((audience, type, data),) = heard.told
    assert (type, data) == ("watchers", {"id": match_id, "count": 3})
    assert set(audience.users) == {player.user_id for player in players}
    assert (audience.watching, audience.lobby) == ((match_id,), False)
    turn(house, clock, seconds=10)
    assert len(heard.told) == 1
    watching.leave(house, numbers)
    turn(house, clock, seconds=1)
    assert heard.told[-1][2] == {"id": match_id, "count": 0}


def test_watching_a_private_match_is_told_to_those_in_it_alone(
    house: House, players: tuple[Caller, Caller], carl: Caller, heard: Heard, clock: Clock
) -> None:
    private_id = begin(house, players, CODE)
    play(house, private_id, players, 4)
    watching.enter(house, private_id, carl.user_id)
    turn(house, clock, seconds=1)
    ((audience, _, data),) = [entry for entry in heard.told if entry[1] == "watchers"]
    assert data == {"id": private_id, "count": 1}
    assert (audience.lobby, audience.everyone) == (False, False)
    assert (audience.users, audience.watching) == (
        tuple(player.user_id for player in players),
        (private_id,),
    )


def test_a_connection_keeps_its_number_for_one_match(
    house: House, match_id: str, carl: Caller
) -> None:
    number = watching.enter(house, match_id, None)
    assert watching.enter(house, match_id, None, [number]) == number
    assert watching.enter(house, match_id, None, [number + 100]) != number
    assert watching.count(house, match_id) == 2
    watching.leave(house, [number], NOWHERE)
    assert watching.count(house, match_id) == 2
    watching.leave(house, [number], match_id)
    assert watching.count(house, match_id) == 1


def test_watchers_go_with_their_worker(
    house: House, match_id: str, heard: Heard, clock: Clock
) -> None:
    other = replace(house, worker_id="f" * 16, connections={})
    with house.store.write() as unit:
        unit.add(Worker(id=other.worker_id, address="elsewhere", beat_at=clock.now))
    watching.enter(other, match_id, None)
    watching.enter(house, match_id, None)
    turn(house, clock, seconds=1)
    assert watching.count(house, match_id) == 2
    clock.turn(seconds=house.config.PRESENCE_TTL)
    assert presence.beat(house) == 1
    assert watching.count(house, match_id) == 1
    turn(house, clock, seconds=1)
    assert heard.told[-1][1:] == ("watchers", {"id": match_id, "count": 1})


def test_a_worker_given_up_too_early_comes_back_with_its_first_watcher(
    house: House, match_id: str, carl: Caller
) -> None:
    presence.connect(house, carl, "socket.io")
    presence.leave(house)
    assert not presence.is_here(house, carl.user_id)
    watching.enter(house, match_id, carl.user_id)
    assert watching.count(house, match_id) == 1
    assert presence.is_here(house, carl.user_id)
    assert presence.beat(house) == 0
    assert presence.count(house) == 1


def test_a_worker_given_up_too_early_comes_back_with_its_next_connection(
    house: House, match_id: str, carl: Caller
) -> None:
    number = watching.enter(house, match_id, None)
    presence.leave(house)
    presence.connect(house, carl, "socket.io")
    assert presence.is_here(house, carl.user_id)
    assert watching.count(house, match_id) == 1
    watching.leave(house, [number])
    assert watching.count(house, match_id) == 0


def test_a_worker_given_up_too_early_brings_its_watchers_back(
    house: House,
    match_id: str,
    players: tuple[Caller, Caller],
    carl: Caller,
    heard: Heard,
    clock: Clock,
) -> None:
    numbers = [watching.enter(house, match_id, user) for user in (None, None, carl.user_id)]
    passing = watching.enter(house, match_id, None)
    play_out(house, match_id, *players)
    again = lobby.rematch(house, players[1], match_id).id
    watching.carried(house, *heard.carried[0])
    presence.leave(house)
    assert watching.count(house, again) == 0
    watching.leave(house, [passing])  # while the others think that nobody is here
    turn(house, clock, seconds=2)
    heard.told.clear()
    presence.beat(house)
    assert (watching.count(house, match_id), watching.count(house, again)) == (0, 3)
    assert watching.names(house, again) == ["carl"]
    turn(house, clock, seconds=1)
    assert heard.told[-1][1:] == ("watchers", {"id": again, "count": 3})
    watching.leave(house, numbers)
    assert watching.count(house, again) == 0


def test_a_watcher_whose_row_is_gone_comes_back_as_a_stranger(
    house: House, match_id: str, guest: Account
) -> None:
    passer = guest("passer-by").user_id
    watching.enter(house, match_id, passer)
    presence.leave(house)
    with house.store.write() as unit:
        unit.delete(unit.get_one(User, passer))
    presence.beat(house)
    assert watching.count(house, match_id) == 1
    assert watching.names(house, match_id) == []


def test_watching_shares_its_transactions(
    house: House, match_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.store, "write", None)  # a commit of one's own
    number = watching.enter(house, match_id, None)
    watching.leave(house, [number], match_id)
    assert watching.count(house, match_id) == 0


def test_what_is_not_watched_is_left_for_nothing(
    house: House, match_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = watching.enter(house, match_id, None)
    monkeypatch.setattr(house.store, "write", None)
    monkeypatch.setattr(house.store, "group", None)
    watching.leave(house, [number], NOWHERE)
    watching.leave(house, [number + 1], match_id)
    assert watching.count(house, match_id) == 1


def test_whose_row_is_gone_watches_as_a_stranger(house: House, match_id: str) -> None:
    watching.enter(house, match_id, 999_999)
    assert watching.count(house, match_id) == 1
    assert watching.names(house, match_id) == []


def test_a_rematch_takes_everyone_along(
    house: House, match_id: str, players: tuple[Caller, Caller], carl: Caller, heard: Heard
) -> None:
    number = watching.enter(house, match_id, None)
    with house.store.write() as unit:
        unit.add(Joined(user_id=carl.user_id, game_id=match_id, spectating=True))
        unit.add(Joined(user_id=players[0].user_id, game_id=match_id, spectating=False))
    play_out(house, match_id, *players)
    again = lobby.rematch(house, players[1], match_id)
    assert heard.carried == [(match_id, again.id)]
    assert watching.count(house, match_id) == 0
    assert watching.count(house, again.id) == 2
    with house.store.read() as unit:
        games = {row.user_id: row.game_id for row in unit.query(Joined)}
    assert games == {carl.user_id: again.id, players[0].user_id: again.id}
    # Asked to watch where it was carried to, the connection is the one it was.
    assert watching.enter(house, again.id, None, [number]) == number
    assert watching.count(house, again.id) == 2


def test_a_refused_rematch_takes_nobody_along(
    house: House, match_id: str, players: tuple[Caller, Caller], heard: Heard
) -> None:
    watching.enter(house, match_id, None)
    play_out(house, match_id, *players)
    friends.block(house, players[0], players[1].name)
    with pytest.raises(Exception, match="do not play each other"):
        lobby.rematch(house, players[1], match_id)
    assert watching.count(house, match_id) == 1
    assert heard.carried == []


# What there is to watch


def test_a_match_is_live_from_its_second_move_to_its_end(
    house: House, match_id: str, players: tuple[Caller, Caller], heard: Heard
) -> None:
    play(house, match_id, players, 1)
    assert ids(house) == []
    assert not lobby_heard(heard, "live_update", "live_gone")
    play(house, match_id, players, 1)
    assert ids(house) == [match_id]
    ((audience, _, data),) = [entry for entry in heard.told if entry[1] == "live_update"]
    assert data == {
        "id": match_id,
        "game": "uttt",
        "variant": "standard",
        "players": [{"name": "anna", "elo": 1000}, {"name": "bert", "elo": 1000}],
        "moves": 2,
        "watchers": 0,
        "time": "86400",
    }
    assert (audience.lobby, set(audience.but)) == (True, {p.user_id for p in players})
    (row,) = watching.live(house, None)
    assert row.json() == data
    play_out(house, match_id, *players)
    assert ids(house) == []
    assert lobby_heard(heard, "live_gone") == [("live_gone", {"id": match_id})]


def test_the_lobby_hears_how_many_watch(
    house: House,
    match_id: str,
    players: tuple[Caller, Caller],
    guest: Account,
    heard: Heard,
    clock: Clock,
) -> None:
    play(house, match_id, players, 3)
    watching.enter(house, match_id, guest("passer-by").user_id)
    assert [row.watchers for row in watching.live(house, None)] == [1]
    turn(house, clock, seconds=1)
    update = lobby_heard(heard, "live_update")[-1][1]
    assert (update["moves"], update["watchers"]) == (3, 1)


def test_live_matches_last_moved_first(
    house: House, account: Account, clock: Clock, guest: Account
) -> None:
    pairs = [(account(f"a{n}x"), account(f"b{n}x")) for n in range(3)]
    pairs.append((account("host"), guest("passer-by")))
    begun = []
    for pair in pairs:
        clock.turn(seconds=1)
        begun.append(begin(house, pair))
        play(house, begun[-1], pair, 2)
    assert ids(house) == begun[::-1]
    clock.turn(seconds=1)
    play(house, begun[1], pairs[1], 1)
    first, second = watching.live(house, None, 2)
    assert (first.record.id, second.record.id) == (begun[1], begun[3])
    assert second.ratings == (1000, None)


def test_nobody_is_shown_their_own_match_or_that_of_the_blocked(
    house: House,
    match_id: str,
    players: tuple[Caller, Caller],
    carl: Caller,
    account: Account,
    heard: Heard,
) -> None:
    dora = account("dora")
    friends.block(house, carl, "anna")
    friends.block(house, players[1], "dora")
    play(house, match_id, players, 2)
    assert ids(house) == [match_id]
    assert ids(house, account("eva")) == [match_id]
    for viewer in (*players, carl, dora):
        assert ids(house, viewer) == []
    ((audience, _, _),) = [entry for entry in heard.told if entry[1] == "live_update"]
    assert set(audience.but) == {p.user_id for p in (*players, carl, dora)}


def test_a_private_match_is_in_no_list(
    house: House, players: tuple[Caller, Caller], carl: Caller, heard: Heard, clock: Clock
) -> None:
    private_id = begin(house, players, CODE)
    play(house, private_id, players, 6)
    turn(house, clock, seconds=5)
    inside = [player.user_id for player in players]
    assert ids(house) == ids(house, carl) == []
    assert best.now(house) is None
    assert watching.still_live(house, [private_id]) == set()
    play_out(house, private_id, *players)
    for viewer_id in (None, carl.user_id):
        profile = profiles.player(house, "anna", viewer_id=viewer_id)
        assert (profile.recent, profile.pages) == ([], 1)
        assert profiles.recent(house, inside[0], viewer_id=viewer_id) == []
    for viewer_id in inside:
        seen = profiles.player(house, "anna", viewer_id=viewer_id).recent
        assert [record.id for record in seen] == [private_id]
        seen = profiles.recent(house, inside[1], viewer_id=viewer_id)
        assert [record.id for record in seen] == [private_id]
    for secret in (private_id, CODE):
        assert secret not in everything_heard(heard, but=inside)
    assert CODE not in str(user_heard(heard, inside[1], "match_begins", "table_own"))


def test_profiles_count_what_the_viewer_sees(
    house: House, players: tuple[Caller, Caller], carl: Caller
) -> None:
    for number in range(3):
        match_id = begin(house, players, CODE if number else None)
        matches.end(house, players[0], match_id)
    assert len(profiles.player(house, "anna").recent) == 1
    assert len(profiles.recent(house, players[0].user_id, 2, players[0].user_id)) == 2
    assert len(profiles.player(house, "bert", viewer_id=players[0].user_id).recent) == 3


def test_the_end_of_a_match_is_the_last_that_is_heard_of_it(
    house: House, match_id: str, players: tuple[Caller, Caller], heard: Heard
) -> None:
    """Resigned through another worker between the second move and the word of it."""
    record = play(house, match_id, players, 2)
    tell = heard.tell

    def resigning(*told: object) -> None:
        heard.tell = tell  # type: ignore[method-assign]
        matches.end(house, players[0], match_id)
        tell(*told)  # type: ignore[arg-type]

    heard.tell = resigning  # type: ignore[method-assign]
    watching.show(house, record)
    assert heard.lobbies == [], "it has just been shown: this waits a moment"
    (show,) = house.timers.take_due(house.clock() + watching.TOGETHER)
    show()
    assert heard.lobbies[-2:] == [("live_gone", {"id": match_id})] * 2


def test_matches_that_come_together_are_shown_together(
    house: House, account: Callable[[str], Caller], heard: Heard
) -> None:
    """The first at once, the others a moment later; of one that is over by then only the end."""
    pairs = [(account(f"{name}a"), account(f"{name}b")) for name in ("one", "two", "six")]
    ids = [lobby.invite(house, *(pair[0], pair[1].name)).id for pair in pairs]
    heard.told.clear()
    for match_id, pair in zip(ids, pairs, strict=True):
        play(house, match_id, pair, 2)
    assert shown(heard) == ids[:1]
    matches.end(house, pairs[1][0], ids[1])
    for action in house.timers.take_due(house.clock() + watching.TOGETHER):
        action()
    assert shown(heard) == [ids[0], ids[2]]
    assert heard.lobbies.count(("live_gone", {"id": ids[1]})) == 1
    assert house.unshown == {}


def shown(heard: Heard) -> list[str]:
    """The matches that the lobby was told of."""
    return [data["id"] for _, type, data in heard.told if type == "live_update"]


def test_rows_of_watchers_go_with_nothing_left_behind(house: House, match_id: str) -> None:
    numbers = [watching.enter(house, match_id, None) for _ in range(3)]
    watching.leave(house, numbers)
    with house.store.read() as unit:
        assert unit.query(Watcher).count() == 0
