"""Finding somebody to play scopa, and playing the same people again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from app.services import friends, lobby, matches, presence, tables, watching
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.services.tables import Bot, Setup, Unavailable
from app.services.time_control import TimeControl
from app.store import User
from tests.services.conftest import Heard
from tests.services.hall import at_once, refusal, user_heard
from tests.services.scopa_hall import FOUR, TWO, names, opened

Account = Callable[[str], Caller]


@pytest.fixture
def people(account: Account) -> list[Caller]:
    return [account(name) for name in ("anna", "bert", "carl", "dora")]


def at_table(house: House, people: list[Caller], setup: Setup = FOUR) -> MatchRecord:
    """A match of these people, in the order of the seats."""
    row = opened(house, people[0], setup)
    for caller in people[1:]:
        record = tables.join(house, caller, row.id)
    assert isinstance(record, MatchRecord)
    return record


def over(house: House, caller: Caller, record: MatchRecord) -> str:
    matches.end(house, caller, record.id)
    return record.id


def test_each_waits_for_their_own_game(house: House, people: list[Caller], heard: Heard) -> None:
    anna, bert, carl, dora = people
    assert lobby.seek(house, anna, "scopa") is None
    assert lobby.seek(house, bert) is None
    assert refusal(lambda: lobby.seek(house, anna)) == "already_seeking"
    record = lobby.seek(house, carl, "scopa")
    assert record is not None
    assert (record.game, record.variant, record.rated) == ("scopa", "classic", True)
    assert names(record) == ["anna", "carl"]
    assert user_heard(heard, anna.user_id, "seek_update")[-1] == {
        "seeking": False,
        "match": record.id,
    }
    assert lobby.is_seeking(house, bert.user_id)
    found = lobby.seek(house, dora)
    assert found is not None
    assert found.game == "uttt"
    assert refusal(lambda: lobby.seek(house, anna, "chess")) == "bad_game"


def test_two_who_play_scopa_may_meet_at_the_other_game(house: House, people: list[Caller]) -> None:
    anna, bert, *_ = people
    assert lobby.invite(house, anna, "bert", "scopa").game == "scopa"
    assert refusal(lambda: lobby.invite(house, bert, "anna", "scopa")) == "already_playing"
    lobby.seek(house, anna, "scopa")
    assert lobby.seek(house, bert, "scopa") is None, "these two play scopa already"
    assert lobby.invite(house, bert, "anna").game == "uttt"
    assert refusal(lambda: lobby.invite(house, bert, "carl", "chess")) == "bad_game"


def test_a_rematch_of_two_changes_sides(house: House, people: list[Caller]) -> None:
    anna, bert, *_ = people
    setup = Setup("scopa", "cirulla", False, TimeControl(600), "plum-7", {"grande": "downwards"})
    row = opened(house, anna, setup)
    record = tables.join(house, bert, row.id, "plum-7", "192.0.2.1")
    assert isinstance(record, MatchRecord)
    again = lobby.rematch(house, bert, over(house, anna, record))
    assert names(again) == ["bert", "anna"]
    assert (again.variant, again.rated, again.code) == ("cirulla", False, "plum-7")
    assert (again.options, again.time) == (record.options, record.time)
    assert again.seed != record.seed


def test_a_rematch_of_four_keeps_the_seats(
    house: House, people: list[Caller], heard: Heard
) -> None:
    anna, bert, carl, _ = people
    record = at_table(house, people)
    assert refusal(partial(lobby.rematch, house, anna, record.id)) == "not_over"
    over(house, anna, record)
    watching.enter(house, record.id, None, [])
    done = at_once(*[partial(lobby.rematch, house, caller, record.id) for caller in people])
    assert {again.id for again in done} == {done[0].id}
    assert names(done[0]) == ["anna", "bert", "carl", "dora"]
    assert matches.get(house, record.id).rematch_id == done[0].id
    (by,) = {offer["by"] for offer in user_heard(heard, bert.user_id, "rematch")}
    for caller in people:
        assert user_heard(heard, caller.user_id, "rematch") == [
            {"id": record.id, "match": done[0].id, "by": by}
        ]
    assert heard.carried == [(record.id, done[0].id)]
    assert lobby.rematch(house, carl, record.id) == matches.get(house, done[0].id)


def test_the_computer_comes_along(house: House, people: list[Caller]) -> None:
    anna, bert, *_ = people
    row = opened(house, anna, FOUR, [Bot("easy", "tin"), tables.FREE, Bot("strong", "")])
    record = tables.join(house, bert, row.id)
    assert isinstance(record, MatchRecord)
    again = lobby.rematch(house, bert, over(house, anna, record))
    assert [(info.name, info.bot) for info in again.seats] == [
        ("anna", None),
        ("tin", "easy"),
        ("bert", None),
        ("cpu1", "strong"),
    ]
    alone = tables.open(house, anna, TWO, [Bot("easy", "")])
    assert isinstance(alone, MatchRecord)
    again = lobby.rematch(house, anna, over(house, anna, alone))
    assert [info.bot for info in again.seats] == ["easy", None]


def test_all_must_be_able_to_play_again(
    house: House, people: list[Caller], account: Account
) -> None:
    anna, bert, carl, dora = people
    match_id = over(house, anna, at_table(house, people))
    again = partial(lobby.rematch, house, anna, match_id)
    friends.block(house, bert, "dora")
    assert refusal(again) == "blocked"
    friends.unblock(house, bert, "dora")
    for number in range(house.config.MAX_OPEN_MATCHES):
        lobby.invite(house, account(f"user{number}"), "carl")
    assert refusal(again) == "opponent_busy"
    assert refusal(partial(lobby.rematch, house, carl, match_id)) == "too_many_matches"
    for record in matches.open_of(house, carl.user_id):
        matches.end(house, carl, record.id)
    assert refusal(partial(lobby.rematch, house, account("emil"), match_id)) == "not_your_match"
    with house.store.write() as unit:
        unit.get_one(User, dora.user_id).active = False
    assert refusal(again) == "unknown_user"
    assert matches.get(house, match_id).rematch_id is None


def test_where_nobody_may_be_away_all_must_be_here(house: House, people: list[Caller]) -> None:
    anna, bert, *_ = people
    links = {caller.name: presence.connect(house, caller, "raw") for caller in (anna, bert)}
    setup = Setup("scopa", "classic", time=TimeControl(600), grace=60)
    row = opened(house, anna, setup, [tables.Ask("bert")])
    record = tables.accept(house, bert, row.id)
    assert isinstance(record, MatchRecord)
    over(house, anna, record)
    presence.disconnect(house, links["bert"])
    with pytest.raises(Unavailable) as caught:
        lobby.rematch(house, anna, record.id)
    assert caught.value.name == "bert"
    presence.connect(house, bert, "raw")
    again = lobby.rematch(house, anna, record.id)
    assert (names(again), again.grace) == (["bert", "anna"], 60)
