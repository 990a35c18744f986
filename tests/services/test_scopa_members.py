"""Who belongs to a table or match of several: who sees it, who talks there, who leaves it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable

import pytest

from app.services import access, chat, friends, guests, joined, matches, moderation, oversight
from app.services import channels as rooms
from app.services.access import Viewer
from app.services.audit import Admin
from app.services.house import House
from app.services.matches import Setup
from app.services.publish import Audience
from app.services.records import EndedBy
from app.services.sessions import Caller
from app.services.watching import live
from app.store import Match, OpenTable, TableSeat
from app.store.people import DELETED_NAME
from tests.services.cards import CPU, begin, play_rounds, scopa
from tests.services.conftest import Clock, Heard
from tests.services.hall import refusal

Account = Callable[[str], Caller]
HERE = "192.0.2.1"


@pytest.fixture
def people(account: Account) -> list[Caller]:
    return [account(name) for name in ("anna", "bert", "carl", "dora", "emil")]


def table(
    house: House,
    owner: Caller,
    *others: Caller,
    asked: Caller | None = None,
    code: str | None = None,
    grace: int | None = None,
    game: str = "scopa",
) -> str:
    """A table for four with these at it, and perhaps one who is asked; its id."""
    table_id = secrets.token_hex(16)
    with house.store.write() as unit:
        unit.add(
            OpenTable(
                id=table_id,
                owner_id=owner.user_id,
                game=game,
                variant="classic",
                options=json.dumps({"players": 4}),
                players=4,
                rated=False,
                code=code,
                grace=grace,
                created_at=house.clock(),
            )
        )
        unit.flush()
        for seat, caller in enumerate((owner, *others)):
            unit.add(TableSeat(table_id=table_id, seat=seat, user_id=caller.user_id))
        if asked is not None:
            unit.add(TableSeat(table_id=table_id, seat=3, invitee_id=asked.user_id))
    return table_id


def eyes(caller: Caller | None, code: str | None = None) -> Viewer:
    return Viewer(caller and caller.user_id, HERE, code)


def test_a_private_table_is_theirs_who_sit_or_are_asked(house: House, people: list[Caller]) -> None:
    owner, sitter, asked, stranger, other = people
    table_id = table(house, owner, sitter, asked=asked, code="plum-7")
    for caller in (owner, sitter, asked):
        assert access.find(house, eyes(caller), table_id) is not None
    for caller in (stranger, other, None):
        assert access.find(house, eyes(caller), table_id) is None
    assert access.find(house, eyes(stranger, "plum-7"), table_id) is not None


def test_a_proposal_is_between_those_who_are_in_it(house: House, people: list[Caller]) -> None:
    table_id = table(house, people[0], asked=people[2], grace=60)
    assert access.find(house, eyes(people[0]), table_id) is not None
    assert access.find(house, eyes(people[2]), table_id) is not None
    assert access.find(house, eyes(people[3]), table_id) is None
    assert access.find(house, eyes(None), table_id) is None


def test_those_who_sit_at_a_table_talk_where_the_match_will_be(
    house: House, people: list[Caller], heard: Heard
) -> None:
    owner, sitter, asked, stranger, _ = people
    table_id = table(house, owner, sitter, asked=asked)
    chat.say(house, sitter, eyes(sitter), f"match:{table_id}", "one more?")
    audience, _, line = heard.told[-1]
    assert audience == Audience(users=(owner.user_id, sitter.user_id))
    assert line["text"] == "one more?"
    for caller in (asked, stranger):
        room = f"match:{table_id}"
        assert refusal(lambda: chat.history(house, eyes(caller), room)) == "no_such_room"  # noqa: B023


def test_at_a_table_only_others_wait_among_the_spectators(
    house: House, people: list[Caller]
) -> None:
    owner, sitter, asked, stranger, _ = people
    room = f"watch:{table(house, owner, sitter, asked=asked)}"
    channel = rooms.enter(house, eyes(stranger), room)
    assert channel.closed is not None
    assert channel.closed.code == "not_begun"
    assert channel.audience.but == (owner.user_id, sitter.user_id)
    for caller in (owner, sitter, asked):
        assert refusal(lambda: rooms.enter(house, eyes(caller), room)) == "no_such_room"  # noqa: B023


def test_all_four_talk_and_the_computer_does_not(
    house: House, people: list[Caller], heard: Heard
) -> None:
    house.thinking.spawn = lambda *_: None
    record = begin(house, scopa(4), *people[:3], CPU)
    chat.say(house, people[1], eyes(people[1]), f"match:{record.id}", "hello")
    assert heard.told[-1][0].users == tuple(caller.user_id for caller in people[:3])
    assert refusal(lambda: rooms.enter(house, eyes(people[2]), f"watch:{record.id}"))
    chat.announce(house, "tea at five")
    told = [each for each, _, data in heard.told if "house" in data]
    players = tuple(caller.user_id for caller in people[:3])
    assert Audience(users=players) in told
    assert Audience(watching=(record.id,), but=players) in told


def test_no_word_of_a_match_goes_to_whom_a_player_has_blocked(
    house: House, people: list[Caller], heard: Heard
) -> None:
    friends.block(house, people[2], "emil")
    record = play_rounds(house, begin(house, scopa(4), *people[:4]).id, people[:4], moves=2)
    assert live(house, people[4].user_id) == []
    assert [row.record.id for row in live(house, None)] == [record.id]
    ((audience, _, row),) = [each for each in heard.told if each[1] == "live_update"]
    assert set(audience.but) == {caller.user_id for caller in people}
    assert [player["name"] for player in row["players"]] == ["anna", "bert", "carl", "dora"]
    assert all("bot" not in player for player in row["players"])


def test_the_list_says_where_the_computer_plays(house: House, people: list[Caller]) -> None:
    house.thinking.spawn = lambda *_: None
    record = begin(house, scopa(), CPU, people[0])
    play_rounds(house, record.id, [CPU, people[0]], moves=2)
    (row,) = live(house, None)
    assert row.json()["players"] == [
        {"name": "cpu1", "elo": None, "bot": "easy"},
        {"name": "anna", "elo": 1000},
    ]


def test_a_deleted_player_ends_the_match_of_four(house: House, people: list[Caller]) -> None:
    record = play_rounds(house, begin(house, scopa(4), *people[:4]).id, people[:4], moves=4)
    moderation.delete_user(house, Admin("console", ""), "carl")
    ended = matches.get(house, record.id)
    assert ended.ended_by == EndedBy("resign", DELETED_NAME)
    assert ended.outcome is not None
    assert ended.outcome.winners == (1, 3)


def test_an_admin_ends_a_match_with_the_computer(house: House, people: list[Caller]) -> None:
    house.thinking.spawn = lambda *_: None
    record = begin(house, scopa(4), CPU, *people[:3])
    assert [row.id for row in oversight.running(house, "bert").rows] == [record.id]
    ended = moderation.end_match(house, Admin("console", ""), record.id)
    assert ended.ended_by == EndedBy("abort", None)
    assert not guests.close_matches(house)


def test_a_guest_who_is_gone_ends_a_match_with_the_computer(
    house: House, guest: Account, clock: Clock
) -> None:
    house.thinking.spawn = lambda *_: None
    caller = guest("gast")
    record = begin(house, scopa(), caller, CPU)
    clock.turn(seconds=house.config.GUEST_TTL + 1)
    assert guests.release(house) == 1
    assert matches.get(house, record.id).ended_by == EndedBy("abort", "gast")
    with house.store.read() as unit:
        assert unit.get_one(Match, record.id).over


def test_the_command_api_knows_tables_of_its_own_game_only(
    house: House, people: list[Caller]
) -> None:
    anna, bert = people[:2]
    table(house, anna)
    assert joined.place_of(house, anna.user_id) is None
    missing = lambda: joined.find_to_watch(house, eyes(bert), "anna")  # noqa: E731
    assert refusal(missing) == "no_such_match"
    board = begin(house, Setup("uttt"), anna, bert)
    begin(house, scopa(), anna, bert)
    place = joined.place_of(house, anna.user_id)
    assert place is not None
    assert place.id == board.id
