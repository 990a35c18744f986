"""Opening a table with seats for more than one other, and sitting down there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from app.services import accounts, lobby, matches, tables
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.services.tables import FREE, Ask, Bot, Setup, TableRow
from app.store import TableSeat
from tests.services.conftest import CLIENT, Heard
from tests.services.hall import at_once, lobby_heard, refusal, user_heard
from tests.services.scopa_hall import FOUR, TWO, at, names, now, opened

Account = Callable[[str], Caller]


@pytest.fixture
def people(account: Account) -> list[Caller]:
    return [account(name) for name in ("anna", "bert", "carl", "dora", "emil")]


# Opening


def test_a_table_tells_its_options_and_seats(house: House, people: list[Caller]) -> None:
    anna = people[0]
    setup = Setup("scopa", "cirulla", options={"players": 4, "matta": "seven_of_coins"})
    plans = [Ask(" BERT"), FREE, Bot("strong", "")]
    row = opened(house, anna, setup, plans)
    assert (row.players, dict(row.options)) == (
        4,
        {"players": 4, "matta": "seven_of_coins", "grande": "five"},
    )
    assert at(row) == ["anna", "bert?", "-", "cpu1 strong"]
    assert (row.free, row.asked) == ((2,), (people[1].user_id,))
    assert row.members == (anna.user_id, people[1].user_id)
    assert row.json()["seats"] == [
        {"kind": "taken", "name": "anna", "registered": True, "strength": None},
        {"kind": "asked", "name": "bert", "registered": True, "strength": None},
        {"kind": "free", "name": None, "registered": False, "strength": None},
        {"kind": "bot", "name": "cpu1", "registered": False, "strength": "strong"},
    ]
    assert (row.json()["players"], row.json()["options"]) == (4, dict(row.options))
    assert tables.own(house, anna.user_id) == row
    assert not row.rated, "the computer plays for no rating"


def test_the_owner_chooses_a_seat(house: House, people: list[Caller]) -> None:
    row = opened(house, people[0], FOUR, [Ask("bert"), FREE, Bot("easy", "tin")], seat=2)
    assert at(row) == ["bert?", "-", "anna", "tin easy"]
    assert at(opened(house, people[1], TWO, seat=1)) == ["-", "bert"]


def test_seats_that_make_no_table(house: House, people: list[Caller]) -> None:
    offer = partial(tables.open, house, people[0])
    assert refusal(lambda: offer(FOUR, [FREE])) == "bad_seats"
    assert refusal(lambda: offer(TWO, [FREE, FREE])) == "bad_seats"
    assert refusal(lambda: offer(TWO, [])) == "bad_seats"
    for seat in (-1, 4):
        assert refusal(lambda seat=seat: offer(FOUR, seat=seat)) == "bad_seats"
    assert refusal(lambda: offer(FOUR, [Ask("bert"), FREE, Ask("bert")])) == "bad_seats"
    assert refusal(lambda: offer(FOUR, [FREE, FREE, Ask("anna")])) == "yourself"
    assert refusal(lambda: offer(FOUR, [FREE, FREE, Ask("nobody")])) == "unknown_user"
    assert refusal(lambda: offer(FOUR, [FREE, FREE, Bot("divine", "")])) == "bad_seats"
    assert refusal(lambda: offer(Setup("uttt"), [Bot("divine", "")])) == "bad_seats"
    assert refusal(lambda: offer(Setup("scopa"))) == "bad_variant"
    for options in ({"players": 3}, {"matta": "seven_of_cups"}, {"hands": 4}, {"players": "2"}):
        assert refusal(lambda o=options: offer(replace(TWO, options=o))) == "bad_options"  # type: ignore[misc]
    assert refusal(lambda: tables.challenge(house, people[0], "bert", FOUR)) == "bad_seats"
    assert tables.own(house, people[0].user_id) is None


def test_what_the_computer_may_be_called(house: House, people: list[Caller]) -> None:
    def offer(*bots: str) -> object:
        others = [*(Bot("easy", name) for name in bots), *[FREE] * (3 - len(bots))]
        return tables.open(house, people[0], FOUR, others)

    for odd in ("bert", " BERT ", "anna", "admin", "ab", "c p u", "x" * 17, "\u00fcnsal", "\0\0\0"):
        assert refusal(lambda odd=odd: offer(odd)) == "bad_name"  # type: ignore[misc]
    assert refusal(lambda: offer("tin", "TIN")) == "bad_seats"
    assert names(offer("", "cpu1", "")) == ["anna", "cpu2", "cpu1", "cpu3"]
    for sign_up in (
        partial(accounts.register, house, "cpu7", "pw", client=CLIENT),
        partial(accounts.guest, house, "cpu", client=CLIENT),
        partial(accounts.upgrade, house, people[0], "cpu12", "pw"),
    ):
        assert refusal(sign_up) == "bad_name"


def test_against_the_computer_a_match_begins_at_once(
    house: House, people: list[Caller], heard: Heard
) -> None:
    anna = people[0]
    waiting = opened(house, anna)
    heard.told.clear()
    record = tables.open(house, anna, TWO, [Bot("easy", "")], seat=1)
    assert isinstance(record, MatchRecord)
    assert [(info.name, info.bot, info.user_id) for info in record.seats] == [
        ("cpu1", "easy", None),
        ("anna", None, anna.user_id),
    ]
    assert (record.rated, record.options) == (False, record.engine.parse_options({}))
    assert user_heard(heard, anna.user_id, "match_begins") == [{"id": record.id}]
    assert not lobby_heard(heard, "table_update", "table_gone")
    assert tables.own(house, anna.user_id) == waiting, "beside it a table may wait"
    team = tables.open(house, anna, FOUR, [Bot("easy", ""), Bot("strong", ""), Bot("medium", "")])
    assert isinstance(team, MatchRecord)
    assert [info.bot for info in team.seats] == [None, "easy", "strong", "medium"]


def test_a_seat_for_one_other_is_a_challenge(house: House, people: list[Caller]) -> None:
    anna, bert, *_ = people
    row = opened(house, anna, TWO, [Ask("bert")], seat=1)
    assert (row.invitee, at(row)) == ("bert", ["bert?", "anna"])
    assert tables.own(house, anna.user_id) is None
    assert refusal(lambda: tables.open(house, anna, TWO, [Ask("bert")])) == "challenge_open"
    record = tables.accept(house, bert, row.id)
    assert names(record) == ["bert", "anna"]
    assert isinstance(record, MatchRecord)
    assert record.rated


# Sitting down


def test_the_match_begins_when_nobody_is_missing(
    house: House, people: list[Caller], heard: Heard
) -> None:
    anna, bert, carl, dora, emil = people
    row = opened(house, anna, FOUR, [FREE, Ask("carl"), FREE])
    assert at(tables.join(house, bert, row.id)) == ["anna", "bert", "carl?", "-"]
    assert at(tables.join(house, bert, row.id)) == ["anna", "bert", "carl?", "-"]
    heard.told.clear()
    assert at(tables.join(house, dora, row.id)) == ["anna", "bert", "carl?", "dora"]
    assert lobby_heard(heard, "table_update", "table_gone") == [("table_gone", {"id": row.id})]
    told = user_heard(heard, bert.user_id, "table_update")
    assert [seat["kind"] for seat in told[-1]["seats"]] == ["taken", "taken", "asked", "taken"]
    assert row.id not in [listed.id for listed in tables.listed(house, None)]
    assert refusal(lambda: tables.join(house, emil, row.id)) == "seat_taken"
    record = tables.accept(house, carl, row.id)
    assert names(record) == ["anna", "bert", "carl", "dora"]
    assert isinstance(record, MatchRecord)
    assert (record.id, record.rated, record.user_ids) == (
        row.id,
        True,
        tuple(caller.user_id for caller in people[:4]),
    )
    for player in people[:4]:
        assert user_heard(heard, player.user_id, "match_begins") == [{"id": row.id}]
    assert user_heard(heard, anna.user_id, "table_own")[-1] is None
    for player in people[:4]:
        assert names(tables.join(house, player, row.id)) == names(record)
    assert refusal(lambda: tables.join(house, emil, row.id)) == "no_such_table"
    with house.store.read() as unit:
        assert not list(unit.scalars(TableSeat.__table__.select())), "nothing is left of it"


def test_a_certain_seat_and_another_later(house: House, people: list[Caller]) -> None:
    anna, bert, carl, dora, _ = people
    row = opened(house, anna, FOUR, [FREE, FREE, Ask("carl")])
    assert at(tables.join(house, bert, row.id, seat=2)) == ["anna", "-", "bert", "carl?"]
    assert at(tables.join(house, bert, row.id, seat=1)) == ["anna", "bert", "-", "carl?"]
    assert refusal(lambda: tables.join(house, dora, row.id, seat=1)) == "seat_taken"
    assert refusal(lambda: tables.join(house, dora, row.id, seat=3)) == "seat_taken"
    for seat in (4, -1):
        assert refusal(lambda seat=seat: tables.join(house, dora, row.id, seat=seat)) == "bad_seats"
    assert refusal(lambda: tables.join(house, anna, row.id, seat=2)) == "yourself"
    # Who is asked may sit elsewhere: the seat kept for them is free then.
    assert at(tables.join(house, carl, row.id, seat=2)) == ["anna", "bert", "carl", "-"]
    assert names(tables.join(house, dora, row.id)) == ["anna", "bert", "carl", "dora"]


def test_who_is_asked_sits_down_by_joining_too(
    house: House, people: list[Caller], heard: Heard
) -> None:
    anna, bert, *_ = people
    row = opened(house, anna, FOUR, [FREE, Ask("bert"), FREE], private=True)
    assert at(tables.join(house, bert, row.id)) == ["anna", "-", "bert", "-"]
    gone = user_heard(heard, bert.user_id, "challenge_gone")
    assert gone == [{"id": row.id, "reason": "accepted", "by": "bert"}]


def test_many_sit_down_at_once(house: House, people: list[Caller], account: Account) -> None:
    row = opened(house, people[0])
    others = [account(f"user{n}") for n in range(7)]
    done = at_once(*[partial(tables.join, house, other, row.id) for other in others])
    assert sum(found in ("seat_taken", "no_such_table") for found in done) == 4
    (record,) = [found for found in done if isinstance(found, MatchRecord)]
    waited = [found for found in done if isinstance(found, TableRow)]
    assert sorted(len(found.free) for found in waited) == [1, 2]
    assert matches.get(house, row.id).seats == record.seats
    assert len({info.user_id for info in record.seats}) == 4


def test_two_want_the_same_seat(house: House, people: list[Caller]) -> None:
    anna, bert, carl, *_ = people
    for _ in range(5):
        row = opened(house, anna)
        done = at_once(
            partial(tables.join, house, bert, row.id, seat=2),
            partial(tables.join, house, carl, row.id, seat=2),
        )
        assert sorted(isinstance(found, TableRow) for found in done) == [False, True]
        assert "seat_taken" in done
        tables.close(house, anna)


def test_the_last_seat_while_another_is_left(house: House, people: list[Caller]) -> None:
    anna, bert, carl, dora, _ = people
    for _ in range(6):
        row = opened(house, anna)
        tables.join(house, bert, row.id)
        tables.join(house, carl, row.id)
        left, sat = at_once(
            partial(tables.stand, house, bert, row.id),
            partial(tables.join, house, dora, row.id, seat=3),
        )
        if isinstance(sat, MatchRecord):
            assert left == "no_such_table"
            matches.end(house, anna, row.id)
        else:
            assert left is None
            assert now(house, row) == ["anna", "-", "carl", "dora"]
            tables.close(house, anna)


def test_a_guest_may_sit_down_but_not_for_a_rating(
    house: House, people: list[Caller], guest: Account
) -> None:
    row = opened(house, people[0], TWO)
    assert row.rated
    record = tables.join(house, guest("passer-by"), row.id)
    assert isinstance(record, MatchRecord)
    assert not record.rated
    four = opened(house, people[0])
    rated = [tables.join(house, who, four.id) for who in (people[1], guest("early-bird"))]
    assert [isinstance(row, TableRow) and row.rated for row in rated] == [True, False]


def test_nobody_sits_beside_the_computer_of_their_name(
    house: House, people: list[Caller], guest: Account
) -> None:
    row = opened(house, people[0], FOUR, [Bot("easy", "tin"), FREE, FREE])
    assert refusal(lambda: tables.join(house, guest("tin"), row.id)) == "bad_name"


def test_who_plays_each_other_already_may_with_others(house: House, people: list[Caller]) -> None:
    anna, bert, *_ = people
    row = opened(house, anna, TWO)
    uttt = lobby.invite(house, anna, "bert")
    tables.join(house, bert, row.id)  # another game
    row = opened(house, anna, TWO)
    assert refusal(lambda: tables.join(house, bert, row.id)) == "already_playing"
    tables.close(house, anna)
    for owner, other in ((anna, bert), (bert, anna)):
        row = opened(house, owner)
        assert at(tables.join(house, other, row.id))[:2] == [owner.name, other.name]
    matches.end(house, anna, uttt.id)
    assert lobby.invite(house, anna, "bert").game == "uttt"
