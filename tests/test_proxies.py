"""Whose address counts: what a trusted proxy says, and nothing that anybody else says."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from app.proxies import ProxyFix, Trusted, client_of
from config import Config, ConfigError

OURS = Trusted("127.0.0.1, 10.0.0.0/8, 2001:db8:ffff::/48")
STRANGER = "203.0.113.5"

addresses = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).map(str)
junk = st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=40)
hops = st.one_of(
    addresses,
    addresses.map(lambda address: f"[{address}]:80" if ":" in address else f"{address}:80"),
    junk,
    st.sampled_from(["127.0.0.1", "10.1.2.3", "unknown", "", "_hidden", "10.0.0.1,10.0.0.2"]),
)
headers = st.lists(hops, max_size=6).map(", ".join)
SAID = ("FOR", "PROTO", "HOST", "PORT")


def seen(environ: dict[str, Any], trusted: Trusted = OURS) -> dict[str, Any]:
    """The environ that the application gets."""
    got: dict[str, Any] = {}

    def application(environ: Any, start_response: Any) -> list[bytes]:
        got.update(environ)
        return []

    usual = {"wsgi.url_scheme": "http", "HTTP_HOST": "parlour.test", "SERVER_PORT": "5000"}
    ProxyFix(application, trusted)(usual | environ, lambda *_: lambda _: None)
    return got


@given(peer=addresses.filter(lambda address: address not in OURS), data=st.data())
def test_nothing_a_stranger_says_changes_anything(peer: str, data: st.DataObject) -> None:
    said = {f"HTTP_X_FORWARDED_{what}": data.draw(headers) for what in SAID}
    environ = {"REMOTE_ADDR": peer, "SERVER_NAME": "parlour.test"} | said
    assert seen(dict(environ)).items() >= environ.items()
    got = seen(dict(environ))
    assert (got["wsgi.url_scheme"], got["HTTP_HOST"], got["SERVER_PORT"]) == (
        "http",
        "parlour.test",
        "5000",
    )


@given(tale=headers, client=addresses.filter(lambda a: a not in OURS), ours=st.integers(0, 3))
def test_what_stands_left_of_the_client_never_wins(tale: str, client: str, ours: int) -> None:
    """Whatever a client tells of itself, the nearest of our proxies has seen whom it is."""
    chain = ", ".join([tale, client, *["10.9.8.7"] * ours])
    got = seen({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": chain})
    assert ip_address(got["REMOTE_ADDR"]) in (ip_address(client), mapped(client))


def mapped(client: str) -> Any:
    return getattr(ip_address(client), "ipv4_mapped", None)


@given(header=headers)
def test_a_client_is_an_address_of_the_chain_or_the_proxy(header: str) -> None:
    client = client_of("127.0.0.1", header, OURS)
    assert client == "127.0.0.1" or ip_address(client)


@pytest.mark.parametrize(
    ("header", "client"),
    [
        ("", "127.0.0.1"),
        (STRANGER, STRANGER),
        (f"1.2.3.4, {STRANGER}", STRANGER),
        (f"1.2.3.4,{STRANGER},10.0.0.1", STRANGER),
        ("10.0.0.2, 10.0.0.1", "10.0.0.2"),
        (f"{STRANGER}:4711", STRANGER),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("2001:DB8::1", "2001:db8::1"),
        (f"::ffff:{STRANGER}", STRANGER),
        ("2001:db8:ffff::1, ::ffff:10.0.0.1", "2001:db8:ffff::1"),
        (f"{STRANGER}, unknown", "127.0.0.1"),
        (f"{STRANGER}, unknown, 10.0.0.1", "10.0.0.1"),
        (f"{STRANGER}, ", "127.0.0.1"),
    ],
)
def test_the_walk_from_the_right(header: str, client: str) -> None:
    assert client_of("127.0.0.1", header, OURS) == client


@pytest.mark.parametrize(
    ("said", "scheme", "host", "port"),
    [
        ({}, "http", "parlour.test", "5000"),
        ({"PROTO": "https"}, "https", "parlour.test", "5000"),
        ({"PROTO": "HTTPS", "HOST": "club.example", "PORT": "443"}, "https", "club.example", "443"),
        ({"HOST": "club.example:8443"}, "http", "club.example:8443", "8443"),
        ({"HOST": "club.example", "PORT": "8080"}, "http", "club.example:8080", "8080"),
        ({"HOST": "[::1]", "PORT": "8080"}, "http", "[::1]:8080", "8080"),
        ({"HOST": "evil.example, club.example"}, "http", "club.example", "80"),
        ({"PROTO": "gopher", "PORT": "x"}, "http", "parlour.test", "5000"),
        ({"PROTO": "http, https"}, "https", "parlour.test", "5000"),
    ],
)
def test_how_the_proxy_was_called(said: dict[str, str], scheme: str, host: str, port: str) -> None:
    given_headers = {f"HTTP_X_FORWARDED_{what}": value for what, value in said.items()}
    got = seen({"REMOTE_ADDR": "10.0.0.1"} | given_headers)
    assert (got["wsgi.url_scheme"], got["HTTP_HOST"], got["SERVER_PORT"]) == (scheme, host, port)


@pytest.mark.parametrize("setting", ["unix", "127.0.0.1, unix", " unix "])
def test_whoever_comes_by_a_unix_socket_may_be_trusted(setting: str) -> None:
    said = {"REMOTE_ADDR": "", "HTTP_X_FORWARDED_FOR": STRANGER}
    assert seen(dict(said), Trusted(setting))["REMOTE_ADDR"] == STRANGER
    assert seen(dict(said), Trusted("127.0.0.1"))["REMOTE_ADDR"] == ""


@pytest.mark.parametrize("setting", ["1", "localhost", "10.0.0.1/8", "10.0.0.0/40", "a, 10.0.0.1"])
def test_a_setting_that_is_none_is_named(config: Config, setting: str) -> None:
    with pytest.raises(ConfigError, match="TRUSTED_PROXIES"):
        create_app(replace(config, TRUSTED_PROXIES=setting))


@pytest.mark.parametrize(("setting", "trusted"), [("", False), (" , ", False), ("::1", True)])
def test_trusting_nobody_is_a_setting_too(setting: str, trusted: bool) -> None:
    assert bool(Trusted(setting)) == trusted


def test_the_whole_house_goes_by_it(config: Config) -> None:
    app = create_app(replace(config, TRUSTED_PROXIES="127.0.0.1"))
    app.add_url_rule("/who", "who", lambda: who())
    client = app.test_client()
    said = {"X-Forwarded-For": f"1.2.3.4, {STRANGER}", "X-Forwarded-Proto": "https"}
    assert client.get("/who", headers=said).text == f"{STRANGER} https"
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    answer = client.get("/who", headers=said, environ_base=elsewhere)
    assert answer.text == "203.0.113.9 http"


def who() -> str:
    from flask import request

    return f"{request.remote_addr} {request.scheme}"


def test_ranges_are_what_they_say() -> None:
    assert ip_network("10.0.0.0/8")[0].compressed in OURS
    assert "11.0.0.0" not in OURS
    assert "" not in OURS
    assert "unix" not in Trusted("unix")
