"""What every request must know without asking the database: who is kept out, what is announced.

A worker's own copy of what is stored, taken anew when an order says that it has changed and by
housekeeping. Whether something has ended is asked of the clock each time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from threading import Lock

from app.services.errors import ServiceError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_MAPPED = IPv6Network("::ffff:0:0/96")  # where IPv6 keeps the addresses of IPv4


class Banned(ServiceError):
    """The refusal of whoever must stay out: why (may be empty), and until when (None: for good)."""

    def __init__(self, reason: str, until: datetime | None) -> None:
        end = "for good" if until is None else f"until {until:%Y-%m-%d %H:%M} UTC"
        why = f": {reason}" if reason else "."
        super().__init__("banned", f"You are banned {end}{why}")
        self.reason = reason
        self.until = until


class AddressError(ServiceError):
    """A refusal that is about one address or range: `about`, as it was given."""

    def __init__(self, code: str, about: str, msg: str) -> None:
        super().__init__(code, msg)
        self.about = about


@dataclass(frozen=True, slots=True)
class Kept:
    """A range of addresses that must stay out."""

    network: Network
    reason: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What every page says until `until`."""

    id: int
    text: str
    by: str
    at: datetime
    until: datetime


class BanList:
    """Ranges of addresses, found by an address in a few steps however many there are."""

    def __init__(self, bans: Iterable[Kept] = ()) -> None:
        # IP version -> prefix length -> the ranges' first bits.
        self._tables: dict[int, dict[int, dict[int, Kept]]] = {4: {}, 6: {}}
        for ban in bans:
            network = ban.network
            tables = self._tables[network.version].setdefault(network.prefixlen, {})
            tables[_prefix(network.network_address, network.prefixlen)] = ban

    def find(self, address: str, now: datetime) -> Kept | None:
        """The ban that keeps this address out now, if any does; the one that lasts longest."""
        if not any(self._tables.values()):
            return None
        known = address_of(address)
        if known is None:
            return None
        found = None
        for length, table in self._tables[known.version].items():
            ban = table.get(_prefix(known, length))
            if ban is None or (ban.until is not None and ban.until <= now):
                continue
            if found is None or _outlasts(ban, found):
                found = ban
        return found


@dataclass(slots=True)
class Standing:
    """One worker's copy; `app.services.bans.reload` takes it."""

    bans: BanList = field(default_factory=BanList)
    notices: tuple[Notice, ...] = ()
    taking: Lock = field(default_factory=Lock, repr=False, compare=False)


def address_of(text: str) -> Address | None:
    """The address that `text` is, or None. One of IPv4 that came over IPv6 is one of IPv4.

    >>> address_of("::ffff:192.0.2.7"), address_of("unix")
    (IPv4Address('192.0.2.7'), None)
    """
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def neighbourhood(address: str) -> str:
    """Whom to count an address with: itself, or the /64 of IPv6 that its owner can choose from.

    What is no address is counted as it is.

    >>> neighbourhood("192.0.2.7"), neighbourhood("2001:db8:1:2:3::4"), neighbourhood("ann")
    ('192.0.2.7', '2001:db8:1:2::/64', 'ann')
    >>> neighbourhood("::ffff:192.0.2.7")
    '192.0.2.7'
    """
    if ":" not in address:
        return address
    known = address_of(address)
    if not isinstance(known, IPv6Address):
        return address if known is None else str(known)
    return str(IPv6Network((int(known) >> 64 << 64, 64)))


def network_of(text: str) -> Network:
    """The range (or the one address) that `text` is. Raises `bad_address`, naming it.

    What is an address on one link of one machine only (`fe80::1%eth0`) is none here.

    >>> network_of("192.0.2.0/24"), network_of("::ffff:192.0.2.7")
    (IPv4Network('192.0.2.0/24'), IPv4Network('192.0.2.7/32'))
    """
    try:
        if "%" in text:
            raise ValueError(text)
        network = ip_network(text)
    except ValueError:
        shown = text if len(text) <= 64 else f"{text[:64]}…"
        raise AddressError(
            "bad_address",
            shown,
            f"{shown} is no address and no range like 192.0.2.0/24 or 2001:db8::/32.",
        ) from None
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        low = int(network.network_address) & 0xFFFF_FFFF
        return IPv4Network((low, network.prefixlen - _MAPPED.prefixlen))
    return network


def written(network: Network) -> str:
    """A range as people write it: a single address without its `/32`.

    >>> written(network_of("192.0.2.7")), written(network_of("2001:DB8::/32"))
    ('192.0.2.7', '2001:db8::/32')
    """
    single = network.prefixlen == network.max_prefixlen
    return str(network.network_address) if single else str(network)


def _prefix(address: Address, length: int) -> int:
    return int(address) >> (address.max_prefixlen - length)


def _outlasts(one: Kept, other: Kept) -> bool:
    return other.until is not None and (one.until is None or one.until > other.until)
