"""What admins do, and what is kept of it; and the end of the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services import (
    accounts,
    audit,
    bans,
    joined,
    lobby,
    logtail,
    matches,
    moderation,
    oversight,
    presence,
    tables,
    tokens,
)
from app.services.audit import HOST, Admin
from app.services.errors import ServiceError
from app.services.house import House
from tests.services.conftest import CLIENT, Account, Clock, Heard, move


@pytest.fixture
def boss(house: House, account: Account) -> Admin:
    caller = account("boss")
    moderation.make_admin(house, HOST, "boss")
    return Admin("boss", "192.0.2.1", caller.user_id)


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(ServiceError) as refused:
        action()
    return refused.value.code


# Admins


def test_an_admin_is_made_with_or_without_an_account(house: House, account: Account) -> None:
    account("ann")
    assert not moderation.create_admin(house, HOST, "Ann", "unused")
    assert moderation.create_admin(house, HOST, "ben", "secret")
    for name, password in (("ann", "pw"), ("ben", "secret")):
        caller = accounts.sign_in(house, name, password, client=CLIENT).caller
        assert caller.admin
        assert oversight.player(house, name).admin
    assert code_of(lambda: moderation.create_admin(house, HOST, "cara", None)) == "unknown_user"
    assert code_of(lambda: moderation.create_admin(house, HOST, "admin", "pw")) == "bad_name"
    assert code_of(lambda: moderation.create_admin(house, HOST, "cara", "")) == "bad_password"
    assert len(oversight.player(house, "ben").sessions) == 1  # the one opened here


def test_a_guest_and_a_banned_player_are_no_admins(
    house: House, account: Account, guest: Account
) -> None:
    guest("passer-by")
    account("ann")
    bans.ban_user(house, HOST, "ann")
    assert code_of(lambda: moderation.make_admin(house, HOST, "passer-by")) == "guest"
    assert code_of(lambda: moderation.make_admin(house, HOST, "ann")) == "banned_user"


def test_admins_are_made_players_again_by_others(house: House, boss: Admin) -> None:
    assert code_of(lambda: moderation.revoke_admin(house, boss, "boss")) == "yourself"
    moderation.revoke_admin(house, HOST, "boss")
    assert code_of(lambda: moderation.revoke_admin(house, HOST, "boss")) == "no_admin"
    assert not accounts.sign_in(house, "boss", "pw", client=CLIENT).caller.admin


# Players


def test_a_deleted_player_leaves_nothing_open(
    house: House, boss: Admin, account: Account, heard: Heard
) -> None:
    ann, ben = account("ann"), account("ben")
    record = lobby.invite(house, ann, "ben")
    matches.submit(house, ann, record.id, move(4, 4))
    matches.submit(house, ben, record.id, move(4, 0))
    tables.open(house, ann)
    token = tokens.renew(house, ann.user_id)
    moderation.delete_user(house, boss, "ann")
    assert ann.session_id in heard.ended
    assert tables.own(house, ann.user_id) is None
    assert tokens.caller_of(house, token) is None
    ended = matches.get(house, record.id)
    assert ended.over
    assert ended.outcome is not None
    assert ended.outcome.scores == (0.0, 1.0)
    assert code_of(lambda: moderation.delete_user(house, boss, "ann")) == "unknown_user"
    assert account("ann").user_id != ann.user_id


def test_admins_are_not_deleted_but_may_be_once_they_are_players(house: House, boss: Admin) -> None:
    assert code_of(lambda: moderation.delete_user(house, HOST, "boss")) == "is_admin"
    assert code_of(lambda: bans.ban_user(house, HOST, "boss")) == "is_admin"
    assert code_of(lambda: moderation.delete_user(house, boss, "boss")) == "yourself"
    moderation.revoke_admin(house, HOST, "boss")
    moderation.delete_user(house, HOST, "boss")


def test_tokens_are_handed_out_and_never_written_down(
    house: House, boss: Admin, account: Account, guest: Account
) -> None:
    ann = account("ann")
    guest("passer-by")
    assert moderation.show_token(house, boss, "ann") is None
    token = moderation.renew_token(house, boss, "Ann")
    assert moderation.show_token(house, boss, "ann") == token
    caller = tokens.caller_of(house, token)
    assert caller is not None
    assert caller.user_id == ann.user_id
    assert code_of(lambda: moderation.renew_token(house, boss, "passer-by")) == "guest"
    assert code_of(lambda: moderation.show_token(house, boss, "nobody")) == "unknown_user"
    written = "".join(str(entry) for entry in audit.entries(house).entries)
    assert "show_token" in written
    assert token not in written


# Games


def test_a_match_is_ended_once_and_without_a_result(
    house: House, boss: Admin, account: Account
) -> None:
    ann = account("ann")
    account("ben")
    record = lobby.invite(house, ann, "ben")
    ended = moderation.end_match(house, boss, record.id)
    assert ended.over
    assert ended.ended_by is not None
    assert ended.ended_by.user is None
    assert code_of(lambda: moderation.end_match(house, boss, record.id)) == "game_over"
    assert code_of(lambda: moderation.end_match(house, boss, "0" * 32)) == "no_such_match"
    assert audit.entries(house).entries[0].detail == "ann and ben"


def test_the_game_of_a_player_is_found_by_their_name(
    house: House, boss: Admin, account: Account
) -> None:
    ann = account("ann")
    account("ben")
    assert code_of(lambda: moderation.end_game_of(house, boss, "ann")) == "no_such_game"
    assert code_of(lambda: moderation.end_game_of(house, boss, "nobody")) == "no_such_game"
    record = lobby.invite(house, ann, "ben")
    tables.open(house, ann)
    moderation.end_game_of(house, boss, "ANN")
    assert [matches.get(house, record.id).over, tables.own(house, ann.user_id)].count(None) == 0
    moderation.end_game_of(house, boss, "ann")
    assert matches.get(house, record.id).over
    assert tables.own(house, ann.user_id) is None
    assert code_of(lambda: moderation.end_game_of(house, boss, "ann")) == "no_such_game"


def test_a_table_is_closed_by_its_number(house: House, boss: Admin, account: Account) -> None:
    table = tables.open(house, account("ann"), private=True)
    (row,) = oversight.tables(house)
    assert (row.id, row.code) == (table.id, None)
    moderation.end_table(house, boss, table.id)
    assert code_of(lambda: moderation.end_table(house, boss, table.id)) == "no_such_table"


# Words


def test_an_announcement_reaches_everybody_and_ends_by_itself(
    house: House, boss: Admin, heard: Heard, clock: Clock
) -> None:
    number = moderation.broadcast(house, boss, "  Tea at\nfive ")
    audience, _, data = next(each for each in heard.told if each[1] == "broadcast")
    assert (audience.everyone, data) == (True, {"id": number, "text": "Tea at five"})
    (notice,) = house.standing.notices
    assert notice.until == clock.now + timedelta(seconds=house.config.BROADCAST_TTL)
    moderation.withdraw_broadcast(house, boss, number)
    assert house.standing.notices == ()
    assert heard.told[-1][1:] == ("broadcast_gone", {"id": number})
    assert code_of(lambda: moderation.withdraw_broadcast(house, boss, number)) == (
        "no_such_broadcast"
    )
    moderation.broadcast(house, boss, "Cake")
    clock.turn(seconds=house.config.BROADCAST_TTL)
    bans.reload(house)
    assert house.standing.notices == ()


# Looking


def test_who_is_here_is_listed_with_every_connection(house: House, account: Account) -> None:
    ann = account("ann")
    for transport, address in (("raw", "192.0.2.1"), ("socket.io", "2001:db8::1")):
        presence.connect(house, ann, transport, address)
    (row,) = oversight.online(house).rows
    assert row.name == "ann"
    assert [(link.transport, link.address) for link in row.links] == [
        ("raw", "192.0.2.1"),
        ("socket.io", "2001:db8::1"),
    ]
    assert oversight.figures(house).online == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [("", 3), ("an", 2), ("_", 0), ("%", 0), ("\\", 0), ("\x00", 0), ("é", 0), ("ben", 1)],
)
def test_players_are_searched_for_to_the_letter(
    house: House, account: Account, text: str, found: int
) -> None:
    for name in ("ann", "anna", "ben"):
        account(name)
    assert oversight.players(house, text).total == found


def test_pages_beyond_the_end_are_the_last(house: House, account: Account) -> None:
    account("ann")
    for page in (-5, 0, 99):
        assert [row.name for row in oversight.players(house, "", page).rows] == ["ann"]
        assert oversight.online(house, page).page == 1
        assert audit.entries(house, page).page == 1


# The log


def test_the_log_that_is_not_there_is_empty(house: House, boss: Admin) -> None:
    assert moderation.read_log(house, boss) == []
    assert audit.entries(house).entries[0].action == "read_log"


@pytest.mark.parametrize("lines", [0, -1, 5001])
def test_a_number_of_lines_that_is_none(house: House, lines: int) -> None:
    assert code_of(lambda: logtail.tail(house, lines)) == "bad_number"


def test_the_last_lines_and_the_last_that_hold_a_text(house: House) -> None:
    log = house.config.log_path
    log.write_text("".join(f"Line {number}\n" for number in range(10_000)))
    assert logtail.tail(house, 2) == ["Line 9998", "Line 9999"]
    assert len(logtail.tail(house, 5000)) == 5000
    assert logtail.tail(house, 2, "LINE 12") == ["Line 1298", "Line 1299"]
    assert logtail.tail(house, 1, "nowhere") == []


def test_a_long_log_is_not_read_whole(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    log = house.config.log_path
    log.write_bytes(b"x" * 99 + b"\n" + b"y" * 50_000_000 + b"\n" + b"last\n")
    read = []
    whole = Path.open

    class Counting:
        def __init__(self, file):
            self._file = file

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self._file.close()

        def seek(self, *args):
            return self._file.seek(*args)

        def read(self, size):
            read.append(size)
            return self._file.read(size)

    monkeypatch.setattr(Path, "open", lambda path, mode: Counting(whole(path, mode)))
    assert logtail.tail(house, 1) == ["last"]
    assert sum(read) <= logtail.BLOCK


@given(st.text("ab\n é", max_size=60), st.integers(1, 9))
def test_lines_come_whole_whatever_the_pieces(tmp_path_factory, text: str, block: int) -> None:
    path = tmp_path_factory.mktemp("log") / "log"
    path.write_bytes(text.encode())
    lines = text.removesuffix("\n").split("\n") if text else []
    assert list(logtail.backwards(path, block))[::-1] == lines


def test_joined_games_come_first(house: House, boss: Admin, account: Account) -> None:
    """Of several matches the one that a client of the command API is in is ended."""
    ann = account("ann")
    for name in ("ben", "cara"):
        account(name)
    first = lobby.invite(house, ann, "ben")
    second = lobby.invite(house, ann, "cara")
    matches.submit(house, ann, second.id, move(4, 4))
    place = joined.place_of(house, ann.user_id)
    moderation.end_game_of(house, boss, "ann")
    over = {record.id for record in (first, second) if matches.get(house, record.id).over}
    assert place is not None
    assert over == {place.id}
