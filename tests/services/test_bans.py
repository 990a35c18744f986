"""Who must stay out: addresses and users, until their time is over."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Event
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.services import accounts, audit, bans, housekeeping, presence, sessions, tables, tokens
from app.services.audit import Admin
from app.services.errors import ServiceError
from app.services.house import House
from app.services.sessions import Caller
from app.services.standing import BanList, Kept, address_of, network_of, written
from app.store import Ban, Session, User, locks
from tests.services.conftest import CLIENT, Clock, Heard
from tests.services.hall import open_table

ADMIN = Admin("boss", "192.0.2.200")
Account = Callable[[str], Caller]


# Addresses


@pytest.mark.parametrize(
    ("given", "inside", "outside"),
    [
        ("198.51.100.7", ["198.51.100.7", "::ffff:198.51.100.7"], ["198.51.100.8", "::1"]),
        ("198.51.100.0/24", ["198.51.100.0", "198.51.100.255"], ["198.51.101.0"]),
        ("2001:db8::/32", ["2001:db8::1", "2001:DB8:ffff::"], ["2001:db9::", "198.51.100.7"]),
        ("2001:db8::7", ["2001:db8:0::7"], ["2001:db8::8"]),
        ("::ffff:198.51.100.0/120", ["198.51.100.9", "::ffff:c633:6409"], ["198.51.101.9"]),
        ("::/0", ["2001:db8::1"], ["198.51.100.7", "::ffff:198.51.100.7"]),
    ],
)
def test_a_banned_range_holds_its_addresses_and_no_others(
    house: House, given: str, inside: list[str], outside: list[str]
) -> None:
    bans.ban(house, ADMIN, [given])
    assert all(bans.is_banned(house, address) for address in inside)
    assert not any(bans.is_banned(house, address) for address in [*outside, "", "unix", "x"])
    bans.unban(house, ADMIN, [given])
    assert not any(bans.is_banned(house, address) for address in inside)


@pytest.mark.parametrize(
    "bad",
    [
        "x",
        "198.51.100",
        "198.51.100.300",
        "198.51.100.7/8",
        "10.0.0.0/33",
        "::g",
        "1",
        "fe80::1%eth0",
    ],
)
def test_one_bad_address_and_nothing_is_done(house: House, heard: Heard, bad: str) -> None:
    for action in (bans.ban, bans.unban):
        with pytest.raises(ServiceError, match=re.escape(bad)) as refused:
            action(house, ADMIN, ["198.51.100.1", bad, "2001:db8::/32"])
        assert refused.value.code == "bad_address"
    assert bans.listed(house).rows == []
    assert audit.entries(house).entries == []
    assert heard.orders == []


@pytest.mark.parametrize(
    "given", [[], ["10.0.0.0/8", "192.0.2.200"], ["0.0.0.0/0"], ["192.0.2.0/24"]]
)
def test_what_an_admin_may_not_ban(house: House, given: list[str]) -> None:
    with pytest.raises(ServiceError) as refused:
        bans.ban(house, ADMIN, given)
    assert refused.value.code == ("own_address" if given else "no_address")
    assert not bans.is_banned(house, "10.0.0.1")


def test_the_host_itself_may_ban_any_address(house: House) -> None:
    bans.ban(house, audit.HOST, ["0.0.0.0/0"])
    assert bans.is_banned(house, "192.0.2.200")


def test_a_ban_ends_by_itself(house: House, clock: Clock) -> None:
    end = clock.now + timedelta(hours=1)
    bans.ban(house, ADMIN, ["198.51.100.7"], "Spam", end)
    refusal = bans.on(house, "198.51.100.7")
    assert refusal is not None
    assert refusal.msg == "You are banned until 2026-01-01 13:00 UTC: Spam"
    clock.turn(minutes=59, seconds=59)
    assert bans.is_banned(house, "198.51.100.7")
    clock.turn(seconds=1)
    assert not bans.is_banned(house, "198.51.100.7")
    assert bans.listed(house).rows == []
    assert housekeeping.run(house)["bans_lapsed"] == 1
    assert housekeeping.run(house)["bans_lapsed"] == 0


def test_of_two_bans_the_one_that_lasts_longer_counts(house: House, clock: Clock) -> None:
    bans.ban(house, ADMIN, ["198.51.100.0/24"], "wide", clock.now + timedelta(hours=1))
    bans.ban(house, ADMIN, ["198.51.100.7"], "narrow", clock.now + timedelta(hours=2))
    bans.ban(house, ADMIN, ["198.51.100.8"], "narrow", clock.now + timedelta(minutes=2))
    found = [bans.on(house, f"198.51.100.{host}") for host in (7, 8)]
    assert [ban and ban.reason for ban in found] == ["narrow", "wide"]
    bans.ban(house, ADMIN, ["198.51.0.0/16"], "for good")
    assert [getattr(bans.on(house, f"198.51.100.{n}"), "until", 0) for n in (7, 8)] == [None] * 2


def test_who_is_banned_again_is_banned_anew(house: House, clock: Clock) -> None:
    bans.ban(house, ADMIN, ["198.51.100.7"], "old", clock.now + timedelta(hours=1))
    bans.ban(house, ADMIN, [" 198.51.100.7 ", "::ffff:198.51.100.7"], "new")
    (row,) = bans.listed(house).rows
    assert (row.network, row.reason, row.until, row.by) == ("198.51.100.7", "new", None, "boss")


def test_only_what_is_banned_just_so_can_be_let_in(house: House) -> None:
    bans.ban(house, ADMIN, ["198.51.100.0/24", "203.0.113.1"])
    with pytest.raises(ServiceError, match=r"198\.51\.100\.7 is not banned") as refused:
        bans.unban(house, ADMIN, ["203.0.113.1", "198.51.100.7"])
    assert refused.value.code == "not_banned"
    assert bans.is_banned(house, "203.0.113.1")


def test_other_workers_are_told_and_take_it_over(house: House, heard: Heard) -> None:
    other = replace(house, standing=type(house.standing)())
    bans.ban(house, ADMIN, ["198.51.100.7"])
    assert heard.orders == [("bans_changed", {})]
    assert not bans.is_banned(other, "198.51.100.7")
    bans.reload(other)
    assert bans.is_banned(other, "198.51.100.7")


def test_of_two_copies_the_later_is_kept(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that is still being taken when the next begins does not come after it."""
    read, reading, go_on = house.store.read, Event(), Event()

    @contextmanager
    def slow() -> Iterator[SimpleNamespace]:
        with read() as unit:
            rows = list(unit.scalars(select(Ban)))
            monkeypatch.setattr(house.store, "read", read)
            reading.set()
            go_on.wait(30)
            yield SimpleNamespace(scalars=lambda query: rows if "ban" in str(query) else [])

    with ThreadPoolExecutor() as threads:
        monkeypatch.setattr(house.store, "read", slow)
        older = threads.submit(bans.reload, house)
        assert reading.wait(30)
        newer = threads.submit(bans.ban, house, ADMIN, ["198.51.100.7"])
        wait([newer], timeout=0.2)
        go_on.set()
        older.result(30)
        newer.result(30)
    assert bans.is_banned(house, "198.51.100.7")


def test_admins_ban_addresses_one_after_the_other(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL would let two delete what neither finds, and insert it twice."""
    asked: list[int] = []
    monkeypatch.setattr(house.store, "one_at_a_time", lambda _, lock: asked.append(lock))
    bans.ban(house, ADMIN, ["198.51.100.7"])
    assert asked == [locks.BANS]


def test_many_addresses_are_all_on_record(house: House) -> None:
    many = [f"10.0.{number}.0/24" for number in range(100)]
    bans.ban(house, ADMIN, many, "Botnet")
    (entry,) = audit.entries(house).entries
    assert all(network in entry.target + entry.detail for network in many)
    assert "Botnet" in entry.detail
    with pytest.raises(ServiceError) as refused:
        bans.ban(house, ADMIN, [f"10.{n // 256}.{n % 256}.0/24" for n in range(501)])
    assert refused.value.code == "too_many_addresses"


addresses = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6))
networks = addresses.flatmap(
    lambda address: st.integers(0, address.max_prefixlen).map(
        lambda length: ipaddress.ip_network(f"{address}/{length}", strict=False)
    )
)


@given(st.lists(networks, max_size=8), addresses)
def test_the_list_finds_what_python_finds(
    ranges: list[ipaddress.IPv4Network | ipaddress.IPv6Network],
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    clean = [network_of(str(network)) for network in ranges]
    known = address_of(str(address))
    assert known is not None
    held = any(known in network for network in clean if network.version == known.version)
    kept = BanList(Kept(network, "", None) for network in clean)
    assert (kept.find(str(address), Clock().now) is not None) == held
    assert all(network_of(written(network)) == network for network in clean)


# Users


def test_a_banned_user_is_out_everywhere(
    house: House, heard: Heard, account: Account, clock: Clock
) -> None:
    ann = account("ann")
    token = tokens.renew(house, ann.user_id)
    open_table(house, ann)
    bans.ban_user(house, ADMIN, "ann", "Rude", clock.now + timedelta(days=1))
    assert heard.ended == [ann.session_id]
    assert tables.own(house, ann.user_id) is None
    with pytest.raises(ServiceError) as refused:
        presence.connect(house, ann, "raw")
    assert refused.value.code == "session_ended"
    for enter in (
        lambda: accounts.sign_in(house, "ann", "pw", client=CLIENT),
        lambda: accounts.sign_in(house, "ann", "pw", client=CLIENT, create=True),
        lambda: tokens.caller_of(house, token),
        lambda: tokens.sign_in(house, token, client=CLIENT),
    ):
        with pytest.raises(ServiceError, match="until 2026-01-02 12:00 UTC: Rude") as refused:
            enter()
        assert refused.value.code == "banned"
    with pytest.raises(ServiceError) as refused:
        accounts.sign_in(house, "ann", "wrong", client=CLIENT)
    assert refused.value.code == "wrong_password"
    clock.turn(days=1)
    assert bans.user_ban(house, ann.user_id) is None
    assert accounts.sign_in(house, "ann", "pw", client=CLIENT).caller.user_id == ann.user_id


def test_a_session_that_begins_with_the_ban_does_not_outlive_it(
    house: House, account: Account
) -> None:
    """Whoever was let in before the ban, but has no session yet, gets none any more."""
    ann = account("ann")
    with house.store.read() as unit:
        user = unit.get_one(User, ann.user_id)
    bans.ban_user(house, ADMIN, "ann")
    with pytest.raises(ServiceError, match="banned"), house.store.write() as unit:
        sessions.add_session(unit, user, CLIENT, house.clock())
    with house.store.read() as unit:
        assert unit.scalar(select(func.count()).select_from(Session)) == 0


def test_a_banned_user_can_be_let_in_again(house: House, account: Account) -> None:
    account("ann")
    bans.ban_user(house, ADMIN, "ann")
    (row,) = bans.listed(house).rows
    assert (row.name, row.network, row.until) == ("ann", None, None)
    bans.unban_user(house, ADMIN, "ann")
    assert accounts.sign_in(house, "ann", "pw", client=CLIENT).caller.name == "ann"
    with pytest.raises(ServiceError) as refused:
        bans.unban_user(house, ADMIN, "ann")
    assert refused.value.code == "not_banned"


@pytest.mark.parametrize("name", ["nobody", "", "é", "a\x00b", "ANN'--"])
def test_nobody_is_nobody_to_be_banned(house: House, name: str) -> None:
    with pytest.raises(ServiceError) as refused:
        bans.ban_user(house, ADMIN, name)
    assert refused.value.code == "unknown_user"


def test_a_banned_guest_is_released_like_any_other(
    house: House, guest: Account, clock: Clock
) -> None:
    guest("passer-by")
    bans.ban_user(house, ADMIN, "passer-by", until=clock.now + timedelta(days=1))
    assert housekeeping.run(house)["guests_released"] == 1
    assert bans.listed(house).rows == []
