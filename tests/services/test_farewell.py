"""Good-bye for good: what goes with an account, what stays, and who is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, event, func, select

from app.services import (
    accounts,
    analysis,
    channels,
    chat,
    farewell,
    friends,
    housekeeping,
    lobby,
    matches,
    moderation,
    offers,
    presence,
    profiles,
    ratings,
    removal,
    reports,
    sessions,
    tokens,
)
from app.services.access import Viewer
from app.services.audit import HOST
from app.services.bridge import tables as bridge_tables
from app.services.errors import ServiceError
from app.services.house import House
from app.services.sessions import Caller
from app.store import Base, Message, Report, Seat, Session, User
from app.store.people import DELETED_NAME
from tests.services.bridge_hall import at, deal, seated, with_robots
from tests.services.conftest import CLIENT, Clock, Heard, move, play_out
from tests.services.hall import open_table

Account = Callable[[str], Caller]

# A user's that is left on purpose: whose seat it was, as a deleted player's.
STAYS = {Seat.user_id}


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(ServiceError) as refused:
        action()
    return refused.value.code


def say(house: House, caller: Caller, room: str, text: str) -> int:
    return chat.say(house, caller, Viewer(caller.user_id, ""), room, text).id


def lines(house: House, caller: Caller, room: str) -> list[str]:
    return [line.text for line in chat.history(house, Viewer(caller.user_id, ""), room)]


@pytest.fixture
def ann(account: Account) -> Caller:
    return account("ann")


@pytest.fixture
def ben(account: Account) -> Caller:
    return account("ben")


def test_the_password_is_asked_for(house: House, ann: Caller) -> None:
    for wrong in (None, "", "not this"):
        assert code_of(lambda wrong=wrong: farewell.delete(house, ann, wrong)) == "wrong_password"
    assert moderation.is_known(house, "ann")
    farewell.delete(house, ann, "pw")
    assert not moderation.is_known(house, "ann")
    assert code_of(lambda: farewell.delete(house, ann, "pw")) in {"session_ended", "wrong_password"}


def test_the_name_is_free_and_nobody_can_come_back(house: House, ann: Caller) -> None:
    token = tokens.renew(house, ann.user_id)
    there = accounts.sign_in(house, "ann", "pw", client=CLIENT)
    farewell.delete(house, ann, "pw")
    assert code_of(lambda: accounts.sign_in(house, "ann", "pw", client=CLIENT)) == "wrong_password"
    assert sessions.resume(house, there.token) is None
    assert tokens.caller_of(house, token) is None
    again = accounts.register(house, "ann", "other", client=CLIENT).caller
    assert again.user_id != ann.user_id


def test_a_guest_may_go_without_a_password(house: House, guest: Account) -> None:
    passer = guest("passer-by")
    farewell.delete(house, passer, None)
    assert not moderation.is_known(house, "passer-by")


def test_no_row_names_them_any_more(house: House, ann: Caller, ben: Caller) -> None:
    """Whatever table gets a column for users: what is theirs goes with them."""
    friends.add(house, ann, "ben")
    friends.add(house, ben, "ann")
    say(house, ann, channels.LOBBY, "good day")
    line = say(house, ben, channels.LOBBY, "good day to you")
    reports.report(house, ann, Viewer(ann.user_id, ""), line, "too polite")
    say(house, ann, "with:ben", "psst")
    tokens.renew(house, ann.user_id)
    lobby.seek(house, ann)
    open_table(house, ann)
    record = play_out(house, lobby.invite(house, ann, "ben").id, ann, ben)
    lobby.invite(house, ben, "ann")
    analysis.want(house, Viewer(ann.user_id, ""), ann, record.id)
    friends.block(house, ben, "ann")
    farewell.delete(house, ann, "pw")
    left = []
    with house.store.read() as unit:
        for table in Base.metadata.sorted_tables:
            for key in table.foreign_keys:
                if key.column.table.name != "user":
                    continue
                count = unit.scalar(select(func.count()).where(key.parent == ann.user_id))
                if count and key.parent not in {column.property.columns[0] for column in STAYS}:
                    left.append(f"{table.name}.{key.parent.name}")
        user = unit.get_one(User, ann.user_id)
    assert left == []
    assert (user.name, user.active, user.password_hash) == (DELETED_NAME, False, None)
    assert user.seen_at == user.created_at
    assert ratings.page(house, "uttt").total == 1


def test_opponents_keep_their_matches_and_ratings(
    house: House, ann: Caller, ben: Caller, heard: Heard
) -> None:
    finished = play_out(house, lobby.invite(house, ann, "ben").id, ann, ben)
    running = lobby.invite(house, ann, "ben")
    matches.submit(house, ann, running.id, move(4, 4))
    matches.submit(house, ben, running.id, move(4, 0))
    assert house.matches.get(running.id) is not None
    before = ratings.place(house, "uttt", ben.user_id)
    farewell.delete(house, ann, "pw")
    ended = matches.get(house, running.id)
    assert ended.over
    assert ended.outcome is not None
    assert ended.outcome.winners == (1,)
    assert [info.name for info in ended.seats] == [DELETED_NAME, "ben"]
    assert heard.matches[-1].id == running.id
    assert heard.matches[-1].seats[0].name == DELETED_NAME
    now = ratings.place(house, "uttt", ben.user_id)
    assert before is not None
    assert now is not None
    assert now[1] > before[1]
    assert [info.name for info in matches.get(house, finished.id).seats] == [DELETED_NAME, "ben"]
    recent = profiles.player(house, "ben").recent
    assert [step is not None for step in recent[0].ratings] == [False, True]


def test_the_computer_takes_their_seat_in_the_bridge_hall(house: House, account: Account) -> None:
    house = with_robots(house)
    people = [account(name) for name in ("anna", "bert", "carl", "dora")]
    row = seated(house, people, robots=True)
    record = deal(house, row)
    farewell.delete(house, people[0], "pw")
    now = bridge_tables.look(house, row.id)
    assert now is not None
    assert at(now) == ["cpu1", "bert", "carl", "dora"]
    assert [info.name for info in deal(house, row).seats] == ["cpu1", "bert", "carl", "dora"]
    assert deal(house, row).id == record.id
    assert ratings.page(house, "bridge").total == 3


def test_what_they_said_is_gone_at_once_and_told(
    house: House, ann: Caller, ben: Caller, heard: Heard
) -> None:
    hers = say(house, ann, channels.LOBBY, "hers")
    say(house, ben, channels.LOBBY, "his")
    secret = say(house, ann, "with:ben", "a secret")
    say(house, ben, "with:ann", "and mine")
    farewell.delete(house, ann, "pw")
    assert lines(house, ben, channels.LOBBY) == ["his"]
    assert chat.talks(house, ben.user_id) == []
    assert chat.unread(house, ben.user_id) == {}
    hidden = [data for _, type, data in heard.told if type == "chat_hidden"]
    assert hidden == [{"room": channels.LOBBY, "id": hers}]
    told = [data for id, type, data in heard.users if (id, type) == (ben.user_id, "chat_hidden")]
    assert {"room": "with:ann", "id": secret} in told
    assert len(told) == 2
    unread = [data for id, type, data in heard.users if (id, type) == (ben.user_id, "unread")]
    assert unread[-1] == {"room": "with:ann", "count": 0, "total": 0}
    with house.store.read() as unit:
        assert list(unit.scalars(select(Message.text))) == ["his"]


def test_what_was_reported_is_kept_for_admins_alone(
    house: House, ann: Caller, ben: Caller, clock: Clock
) -> None:
    bad = say(house, ann, "with:ben", "something bad")
    say(house, ann, "with:ben", "something else")
    reports.report(house, ben, Viewer(ben.user_id, ""), bad, "look at that")
    farewell.delete(house, ann, "pw")
    (row,) = reports.waiting(house)
    assert (row.text, row.name, row.hidden) == ("something bad", DELETED_NAME, True)
    assert (row.reporter, row.reason) == ("ben", "look at that")
    assert chat.talks(house, ben.user_id) == []
    clock.turn(seconds=house.config.CHAT_TTL + 1)
    chat.expire(house)
    with house.store.read() as unit:
        assert unit.scalar(select(func.count(Report.id))) == 0


def test_what_they_reported_stays_without_their_name(
    house: House, ann: Caller, ben: Caller
) -> None:
    bad = say(house, ben, channels.LOBBY, "something bad")
    reports.report(house, ann, Viewer(ann.user_id, ""), bad, "look at that")
    farewell.delete(house, ann, "pw")
    (row,) = reports.waiting(house)
    assert (row.text, row.reporter, row.reason) == ("something bad", None, "look at that")
    assert lines(house, ben, channels.LOBBY) == ["something bad"]


def test_lists_forget_them_and_are_told(
    house: House, ann: Caller, ben: Caller, heard: Heard
) -> None:
    friends.add(house, ben, "ann")
    presence.connect(house, ben, "test")
    presence.connect(house, ann, "test")
    heard.users.clear()
    heard.lobbies.clear()
    farewell.delete(house, ann, "pw")
    assert friends.list_of(house, ben.user_id) == []
    assert [data["friends"] for _, type, data in heard.users if type == "friends_update"] == [[]]
    assert ann.session_id in heard.ended
    here = [data for type, data in heard.lobbies if type == "presence_update"]
    assert [(row["name"], row["online"]) for row in here] == [("ann", False)]
    for number, connection in dict(house.connections).items():
        if connection.user_id == ann.user_id:
            presence.disconnect(house, number)
    here = [data for type, data in heard.lobbies if type == "presence_update"]
    assert len(here) == 1, "nobody is told of a deleted player who leaves"


def test_the_last_admin_stays(house: House, ann: Caller, ben: Caller) -> None:
    moderation.make_admin(house, HOST, "ann")
    assert code_of(lambda: farewell.delete(house, ann, "pw")) == "last_admin"
    moderation.make_admin(house, HOST, "ben")
    farewell.delete(house, ann, "pw")
    assert code_of(lambda: farewell.delete(house, ben, "pw")) == "last_admin"


def test_what_a_killed_worker_has_left_is_done_by_housekeeping(
    house: House, ann: Caller, ben: Caller
) -> None:
    record = lobby.invite(house, ann, "ben")
    with house.store.write() as unit:
        removed = removal.remove(house, unit, [ann.user_id])
    assert removed.names == {ann.user_id: "ann"}
    housekeeping.run(house)
    assert matches.get(house, record.id).over
    assert ratings.page(house, "uttt").total == 1


def test_nobody_is_taken_away_twice(house: House, ann: Caller) -> None:
    with house.store.write() as unit:
        assert removal.remove(house, unit, [ann.user_id]).names == {ann.user_id: "ann"}
    with house.store.write() as unit:
        assert removal.remove(house, unit, [ann.user_id]).names == {}


def test_a_connection_whose_session_has_ended_elsewhere_is_cut(
    house: House, ann: Caller, ben: Caller, heard: Heard
) -> None:
    for caller in (ann, ben):
        presence.connect(house, caller, "test")
    with house.store.write() as unit:
        unit.delete(unit.get_one(Session, ann.session_id))
    assert housekeeping.PARTS["connections_cut"](house) == 1
    assert heard.ended == [ann.session_id]


def test_two_who_are_deleted_do_not_get_in_each_others_way(
    house: House, ann: Caller, ben: Caller, account: Account
) -> None:
    carl = account("carl")
    one, other = lobby.invite(house, ann, "carl"), lobby.invite(house, ben, "carl")
    for caller in (ann, ben):
        say(house, caller, "with:carl", "hello")
        farewell.delete(house, caller, "pw")
    assert [matches.get(house, record.id).over for record in (one, other)] == [True, True]
    assert chat.talks(house, carl.user_id) == []
    assert offers.own(house, ann.user_id) is None


def test_who_comes_back_at_the_last_moment_stays(house: House, ann: Caller, clock: Clock) -> None:
    limit = house.clock()
    clock.turn(seconds=5)
    accounts.sign_in(house, "ann", "pw", client=CLIENT)
    assert not farewell.dismiss(house, ann.user_id, unseen_since=limit)
    assert moderation.is_known(house, "ann")
    clock.turn(seconds=5)
    assert farewell.dismiss(house, ann.user_id, unseen_since=house.clock())
    assert not moderation.is_known(house, "ann")


@pytest.mark.parametrize("by", ["themselves", "an admin"])
def test_matches_are_held_before_users(house: House, ann: Caller, ben: Caller, by: str) -> None:
    """As group commits do it: else each could wait for the other, on PostgreSQL."""
    lobby.invite(house, ann, "ben")
    if by == "themselves":
        for name in ("ann", "ben"):
            moderation.make_admin(house, HOST, name)
    asked: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(house.store.engine, "begin", lambda _: asked.append("BEGIN"))
    event.listen(house.store.engine, "before_cursor_execute", note)
    if by == "themselves":
        farewell.delete(house, ann, "pw")
    else:
        moderation.delete_user(house, HOST, "ann")
    first_write = next(n for n, one in enumerate(asked) if one.startswith(("UPDATE", "DELETE")))
    begun = max(n for n, one in enumerate(asked[:first_write]) if one == "BEGIN")
    assert "SELECT seat.match_id" in asked[begun + 1]
