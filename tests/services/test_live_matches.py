"""Which matches there are to be watched, and who is told of them."""

from __future__ import annotations

import pytest

from app.services import friends, matches, profiles, tables, watching
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.services.time_control import TimeControl
from app.store import Watcher
from tests.services.conftest import SHORT_WIN, Account, Clock, Heard, move, play_out
from tests.services.hall import everything_heard, lobby_heard, turn, user_heard

CODE = "plum-7"


@pytest.fixture
def players(account: Account) -> tuple[Caller, Caller]:
    return account("anna"), account("bert")


@pytest.fixture
def match_id(house: House, players: tuple[Caller, Caller]) -> str:
    return begin(house, players)


def begin(house: House, players: tuple[Caller, Caller], code: str | None = None) -> str:
    row = tables.open(house, players[0], code=code, time=TimeControl(86_400))
    return tables.join(house, players[1], row.id, code).id


def play(house: House, match_id: str, players: tuple[Caller, Caller], moves: int) -> MatchRecord:
    record = matches.get(house, match_id)
    for number in range(record.version, record.version + moves):
        mover = players[number % 2]
        record = matches.submit(house, mover, match_id, move(*SHORT_WIN[number]))
    return record


def ids(house: House, viewer: Caller | None = None) -> list[str]:
    return [row.record.id for row in watching.live(house, viewer and viewer.user_id)]


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
    assert matches.featured(house) is None
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
    assert heard.lobbies[-2:] == [("live_gone", {"id": match_id})] * 2


def test_rows_of_watchers_go_with_nothing_left_behind(house: House, match_id: str) -> None:
    numbers = [watching.enter(house, match_id, None) for _ in range(3)]
    watching.leave(house, numbers)
    with house.store.read() as unit:
        assert unit.query(Watcher).count() == 0
