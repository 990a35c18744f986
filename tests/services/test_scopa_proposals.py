"""Proposals: matches that all who are asked agree to there and then, or that do not come about."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from app.services import (
    friends,
    guests,
    housekeeping,
    lobby,
    matches,
    offers,
    players,
    presence,
    tables,
)
from app.services.access import Viewer
from app.services.house import House
from app.services.records import MatchRecord
from app.services.sessions import Caller
from app.services.tables import FREE, Ask, Bot, Setup, TableRow, Unavailable
from app.services.time_control import TimeControl
from app.store import User
from tests.services.conftest import Clock, Heard
from tests.services.hall import (
    HERE,
    at_once,
    everything_heard,
    lobby_heard,
    open_table,
    refusal,
    turn,
    user_heard,
)
from tests.services.scopa_hall import names, now, opened

Account = Callable[[str], Caller]
GRACE = 60
TWO = Setup("scopa", "classic", time=TimeControl(600), grace=GRACE)
FOUR = Setup("scopa", "classic", time=TimeControl(600), options={"players": 4}, grace=GRACE)


@pytest.fixture
def people(house: House, account: Account) -> list[Caller]:
    """Five who are here."""
    here = [account(name) for name in ("anna", "bert", "carl", "dora", "emil")]
    for caller in here:
        presence.connect(house, caller, "raw")
    return here


def unavailable(call: Callable[[], object]) -> str:
    """The name of who cannot be asked."""
    with pytest.raises(Unavailable) as caught:
        call()
    assert caught.value.code == "player_unavailable"
    return caught.value.name


def statuses(house: House, *people: Caller) -> list[str]:
    with house.store.read() as unit:
        return [players.status(unit, caller.user_id) for caller in people]


def gone(heard: Heard, user: Caller) -> list[tuple[str, str | None]]:
    """Why proposals to or by a user went, and through whom."""
    told = user_heard(heard, user.user_id, "challenge_gone")
    return [(data["reason"], data["by"]) for data in told]


def test_all_accept_and_the_match_begins(house: House, people: list[Caller], heard: Heard) -> None:
    anna, bert, carl, dora, _ = people
    row = opened(house, anna, FOUR, [Ask("bert"), Bot("medium", "cpu1"), Ask("carl")])
    assert (row.grace, row.public, row.invitee) == (GRACE, False, None)
    for asked in (bert, carl):
        assert user_heard(heard, asked.user_id, "challenge") == [row.json()]
        assert [offer.id for offer in tables.challenges(house, asked.user_id)[0]] == [row.id]
    assert user_heard(heard, anna.user_id, "challenge_sent") == [row.json()]
    assert statuses(house, *people) == ["busy"] * 3 + ["available"] * 2
    assert tables.own(house, anna.user_id) is None
    assert tables.listed(house, None) == []
    assert refusal(lambda: tables.get(house, Viewer(dora.user_id, HERE), row.id)) == "no_such_table"
    assert refusal(lambda: tables.join(house, bert, row.id)) == "no_such_table"
    assert refusal(lambda: tables.accept(house, dora, row.id)) == "no_such_challenge"
    waiting = tables.accept(house, carl, row.id)
    assert isinstance(waiting, TableRow)
    for member in (anna, bert, carl):
        told = user_heard(heard, member.user_id, "table_update")
        assert [seat["kind"] for seat in told[-1]["seats"]] == ["taken", "asked", "bot", "taken"]
    record = tables.accept(house, bert, row.id)
    assert names(record) == ["anna", "bert", "cpu1", "carl"]
    assert isinstance(record, MatchRecord)
    assert (record.id, record.grace, record.rated) == (row.id, GRACE, False)
    for member in (anna, bert, carl):
        assert user_heard(heard, member.user_id, "match_begins") == [{"id": row.id}]
        assert gone(heard, member) == [("accepted", "bert")]
    assert statuses(house, *people) == ["busy"] * 3 + ["available"] * 2
    assert not lobby_heard(heard, "table_update", "table_gone", "challenge")
    heard_by_others = everything_heard(heard, but=[anna.user_id, bert.user_id, carl.user_id])
    assert row.id not in heard_by_others


def test_two_humans_play_for_a_rating(house: House, people: list[Caller]) -> None:
    anna, bert, *_ = people
    row = opened(house, anna, TWO, [Ask("bert")], seat=1)
    record = tables.accept(house, bert, row.id)
    assert names(record) == ["bert", "anna"]
    assert isinstance(record, MatchRecord)
    assert record.rated
    again = unavailable(lambda: tables.open(house, people[2], TWO, [Ask("bert")]))
    assert again == "bert", "in a match that waits for nobody"


def test_the_computer_alone_needs_no_asking(house: House, people: list[Caller]) -> None:
    record = tables.open(house, people[0], TWO, [Bot("easy", "cpu1")])
    assert isinstance(record, MatchRecord)
    assert record.grace == GRACE
    assert unavailable(lambda: tables.open(house, people[0], TWO, [Ask("bert")])) == "anna"


@pytest.mark.parametrize("after", ["at once", "having accepted"])
def test_one_refusal_and_it_is_over(
    house: House, people: list[Caller], heard: Heard, after: str
) -> None:
    anna, bert, carl, dora, _ = people
    row = opened(house, anna, FOUR, [Ask("bert"), Ask("carl"), Ask("dora")])
    tables.accept(house, carl, row.id)
    if after == "having accepted":
        tables.accept(house, bert, row.id)
    decline = tables.stand if after == "having accepted" else tables.decline
    assert refusal(partial(tables.decline, house, anna, row.id)) == "no_such_challenge"
    decline(house, bert, row.id)
    for member in (anna, bert, carl, dora):
        assert gone(heard, member)[-1] == ("declined", "bert")
    assert statuses(house, *people) == ["available"] * 5
    for answer in (tables.accept, tables.decline):
        for asked in (bert, carl, dora):
            assert refusal(partial(answer, house, asked, row.id)) == "no_such_challenge"
    assert matches.open_of(house, anna.user_id) == []


@pytest.mark.parametrize("take_back", [tables.withdraw, tables.stand])
def test_it_may_be_taken_back(
    house: House, people: list[Caller], heard: Heard, take_back: Callable[..., None]
) -> None:
    anna, bert, *_ = people
    row = opened(house, anna, TWO, [Ask("bert")])
    assert refusal(partial(tables.withdraw, house, bert, row.id)) == "no_such_challenge"
    assert refusal(partial(tables.close, house, anna, row.id)) == "no_such_table"
    take_back(house, anna, row.id)
    assert gone(heard, anna) == gone(heard, bert) == [("withdrawn", "anna")]
    assert statuses(house, anna, bert) == ["available"] * 2


def test_it_stands_for_so_long(
    house: House, people: list[Caller], clock: Clock, heard: Heard
) -> None:
    anna, bert, carl, *_ = people
    row = opened(house, anna, FOUR, [Ask("bert"), Ask("carl"), Bot("easy", "")])
    tables.accept(house, bert, row.id)
    turn(house, clock, seconds=GRACE - 1)
    assert now(house, row) is not None
    turn(house, clock, seconds=1)
    assert now(house, row) is None
    for member in (anna, bert, carl):
        assert gone(heard, member)[-1] == ("expired", "carl")
    assert statuses(house, anna, bert, carl) == ["available"] * 3


def test_housekeeping_ends_those_that_a_killed_worker_forgot(
    house: House, people: list[Caller], clock: Clock, heard: Heard
) -> None:
    anna, _, carl, *_ = people
    opened(house, anna, TWO, [Ask("bert")])
    clock.turn(seconds=GRACE - 1)
    young = opened(house, carl, TWO, [Ask("dora")])
    assert housekeeping.PARTS["tables_expired"](house) == 0
    clock.turn(seconds=1)
    assert housekeeping.PARTS["tables_expired"](house) == 1
    assert gone(heard, anna) == [("expired", "bert")]
    assert now(house, young) is not None
    turn(house, clock, seconds=0)  # the timer finds nothing any more
    assert gone(heard, anna) == [("expired", "bert")]


def test_who_cannot_be_asked(
    house: House, people: list[Caller], account: Account, guest: Account
) -> None:
    anna, bert, carl, dora, emil = people
    account("away")
    presence.connect(house, guest("passer-by"), "raw")

    def propose(*others: str, by: Caller = anna) -> object:
        setup, seats = (
            (TWO, [*map(Ask, others)]) if len(others) == 1 else (FOUR, [*map(Ask, others)])
        )
        return tables.open(house, by, setup, seats)

    assert unavailable(lambda: propose("away")) == "away"
    assert unavailable(lambda: propose("passer-by")) == "passer-by", "has no account"
    assert unavailable(lambda: propose(" NoBody")) == "nobody"
    assert unavailable(lambda: propose("bert", "carl", "away")) == "away"
    opened(house, bert, TWO, [Ask("carl")])
    assert unavailable(lambda: propose("dora", "bert", "emil")) == "bert"
    assert unavailable(lambda: propose("carl")) == "carl"
    assert unavailable(lambda: propose("dora", by=carl)) == "carl", "who is asked asks nobody"
    friends.block(house, dora, "anna")
    assert unavailable(lambda: propose("dora")) == "dora"
    friends.unblock(house, dora, "anna")
    friends.block(house, dora, "emil")
    assert (
        unavailable(
            lambda: tables.open(house, anna, FOUR, [Ask("emil"), Bot("easy", ""), Ask("dora")])
        )
        == "dora"
    )
    assert refusal(lambda: propose("anna")) == "yourself"
    assert refusal(lambda: tables.open(house, anna, TWO, [FREE])) == "bad_seats"
    assert refusal(lambda: tables.open(house, anna, FOUR, [Ask("dora"), Ask("dora"), FREE])) == (
        "bad_seats"
    )
    assert refusal(lambda: tables.open(house, anna, TWO, [Bot("easy", "bert")])) == "bad_name"
    assert statuses(house, anna, dora, emil) == ["available"] * 3, "nobody was asked"


def test_who_plays_too_much_is_not_asked(
    house: House, people: list[Caller], account: Account
) -> None:
    for number in range(house.config.MAX_OPEN_MATCHES):
        lobby.invite(house, account(f"user{number}"), "bert")
    assert unavailable(lambda: tables.open(house, people[0], TWO, [Ask("bert")])) == "bert"
    assert refusal(lambda: tables.open(house, people[1], TWO, [Ask("anna")])) == "too_many_matches"


def test_one_proposal_beside_a_table(house: House, people: list[Caller]) -> None:
    anna, _, carl, *_ = people
    waiting = open_table(house, anna, time=TimeControl(86_400))
    opened(house, anna, TWO, [Ask("bert")])
    assert unavailable(lambda: tables.open(house, anna, TWO, [Ask("carl")])) == "anna"
    assert tables.own(house, anna.user_id) == waiting
    assert tables.find(house, "anna") == waiting
    assert isinstance(tables.join_named(house, carl, "anna"), MatchRecord)


def test_two_ask_each_other_at_once(house: House, people: list[Caller]) -> None:
    anna, bert, *_ = people
    for _ in range(5):
        done = at_once(
            partial(tables.open, house, anna, TWO, [Ask("bert")]),
            partial(tables.open, house, bert, TWO, [Ask("anna")]),
        )
        (row,) = [found for found in done if isinstance(found, TableRow)]
        assert "player_unavailable" in done
        tables.withdraw(house, anna if row.owner == "anna" else bert, row.id)


def test_one_accepts_as_another_declines(house: House, people: list[Caller]) -> None:
    anna, bert, carl, *_ = people
    for _ in range(6):
        row = opened(house, anna, FOUR, [Ask("bert"), Ask("carl"), Bot("easy", "")])
        tables.accept(house, bert, row.id)
        accepted, declined = at_once(
            partial(tables.accept, house, carl, row.id),
            partial(tables.decline, house, bert, row.id),
        )
        if isinstance(accepted, MatchRecord):
            assert declined == "no_such_challenge"
            matches.end(house, bert, row.id)
        else:
            assert (accepted, declined) == ("no_such_challenge", None)
        assert now(house, row) is None


def test_a_lost_connection_is_a_refusal_after_a_while(
    house: House, account: Account, clock: Clock, heard: Heard
) -> None:
    anna, bert = account("anna"), account("bert")
    here = {who.name: presence.connect(house, who, "raw") for who in (anna, bert)}
    row = opened(house, anna, TWO, [Ask("bert")])
    presence.disconnect(house, here["bert"])
    turn(house, clock, seconds=10)
    presence.connect(house, bert, "socket.io")
    turn(house, clock, seconds=10)
    assert now(house, row) is not None
    presence.disconnect(house, here["anna"])
    turn(house, clock, seconds=15)
    assert gone(heard, bert) == [("declined", "anna")]


def test_a_block_ends_it(house: House, people: list[Caller], heard: Heard) -> None:
    anna, bert, carl, *_ = people
    opened(house, anna, FOUR, [Ask("bert"), Ask("carl"), Bot("easy", "")])
    friends.block(house, bert, "carl")
    assert gone(heard, anna)[-1][0] == "withdrawn"
    opened(house, anna, TWO, [Ask("bert")])
    friends.block(house, anna, "bert")
    assert gone(heard, bert)[-1][0] == "withdrawn"
    assert statuses(house, anna, bert, carl) == ["available"] * 3


def test_another_match_that_begins_ends_ones_own(
    house: House, people: list[Caller], heard: Heard
) -> None:
    """Where that one asks for its players at once, too."""
    anna, bert, carl, *_ = people
    opened(house, anna, TWO, [Ask("bert")])
    table = open_table(house, carl, time=TimeControl(600))
    tables.join(house, anna, table.id)
    assert gone(heard, bert) == [("withdrawn", None)]
    assert statuses(house, anna, bert) == ["available"] * 2


def test_an_account_that_goes_takes_it_along(
    house: House, people: list[Caller], heard: Heard
) -> None:
    anna, bert, *_ = people
    row = opened(house, anna, FOUR, [Ask("bert"), Ask("carl"), Bot("easy", "")])
    with house.store.write() as unit:
        unit.get_one(User, bert.user_id).active = False
    assert refusal(partial(tables.accept, house, bert, row.id)) == "session_ended"
    guests.close_matches(house)
    assert now(house, row) is None
    assert gone(heard, anna)[-1][0] == "expired"
    assert offers.drop_of(house, [anna.user_id]) == 0


def test_a_new_name_is_told(house: House, people: list[Caller], heard: Heard) -> None:
    anna, bert, *_ = people
    row = opened(house, anna, TWO, [Ask("bert")])
    with house.store.write() as unit:
        unit.get_one(User, bert.user_id).name = "berta"
    offers.tell_renamed(house, bert.user_id)
    told = user_heard(heard, anna.user_id, "challenge_sent")[-1]
    assert (told["id"], [seat["name"] for seat in told["seats"]]) == (row.id, ["anna", "berta"])


def test_everybody_is_told_that_statuses_change(
    house: House, people: list[Caller], heard: Heard
) -> None:
    anna, bert, *_ = people
    heard.orders.clear()
    row = opened(house, anna, TWO, [Ask("bert")])
    assert heard.orders == [("players_changed", {})]
    tables.decline(house, bert, row.id)
    assert heard.orders == [("players_changed", {})] * 2
