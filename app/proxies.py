"""Who is at the other end, where one's own reverse proxies stand in between.

A proxy that is trusted says whom it speaks for (`X-Forwarded-For`) and how it was called
(`-Proto`, `-Host`, `-Port`). What anybody else says of that is not believed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from app.services.errors import ServiceError
from app.services.standing import Network, address_of, network_of
from config import ConfigError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

UNIX: Final = "unix"  # the word for whoever comes by a UNIX socket, and has no address

_PORTS: Final = {"http": "80", "https": "443"}
_SAID: Final = "HTTP_X_FORWARDED_"


class Trusted:
    """The proxies that are believed: a comma-separated list of addresses, ranges, and `unix`."""

    def __init__(self, setting: str) -> None:
        """Raises ConfigError for a setting that is no such list."""
        words = [word.strip() for word in setting.split(",")]
        self._unix = UNIX in words
        self._networks = [_network(word) for word in words if word and word != UNIX]

    def __bool__(self) -> bool:
        return self._unix or bool(self._networks)

    def __contains__(self, peer: str) -> bool:
        """Whether this peer is one of them; "" is a peer without an address."""
        if not peer:
            return self._unix
        address = address_of(peer)
        return address is not None and any(address in network for network in self._networks)


class ProxyFix:
    """A WSGI application around another one, `wsgi_app`, that gets the client's own address."""

    def __init__(self, wsgi_app: WSGIApplication, trusted: Trusted) -> None:
        self._app = wsgi_app
        self._trusted = trusted

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        peer = environ.get("REMOTE_ADDR") or ""
        if peer in self._trusted:
            environ["REMOTE_ADDR"] = client_of(peer, environ.get(f"{_SAID}FOR", ""), self._trusted)
            _take_over(environ)
        return self._app(environ, start_response)


def client_of(peer: str, forwarded_for: str, trusted: Trusted) -> str:
    """The address of the client that a trusted `peer` speaks for.

    Each proxy adds on the right whom it was called by. So from there, past the proxies that are
    trusted, the first that is not is the client; what stands further left is the client's own
    tale. What is no address ends the walk: whoever said it is the last one known.
    """
    client = peer
    for hop in reversed(forwarded_for.split(",")):
        address = address_of(_without_port(hop.strip()))
        if address is None:
            break
        client = str(address)
        if client not in trusted:
            break
    return client


def _take_over(environ: WSGIEnvironment) -> None:
    """What the proxy was asked for, in the place of what it asked for itself."""
    scheme = _last(environ, "PROTO").lower()
    if scheme in _PORTS:
        environ["wsgi.url_scheme"] = scheme
    host, port = _last(environ, "HOST"), _last(environ, "PORT")
    if host:
        environ["HTTP_HOST"] = host
        name, colon, number = host.rpartition(":")
        named = colon and number.isdecimal()
        environ["SERVER_NAME"] = name if named else host
        environ["SERVER_PORT"] = number if named else _PORTS[environ["wsgi.url_scheme"]]
    if port.isascii() and port.isdecimal():
        current = environ.get("HTTP_HOST", "")
        name, colon, number = current.rpartition(":")
        bare = name if colon and number.isdecimal() else current
        usual = port == _PORTS[environ["wsgi.url_scheme"]]
        if current:
            environ["HTTP_HOST"] = bare if usual else f"{bare}:{port}"
        environ["SERVER_PORT"] = port


def _last(environ: WSGIEnvironment, what: str) -> str:
    """What the nearest proxy said; those before it may not be ours."""
    said: str = environ.get(f"{_SAID}{what}", "")
    return said.rpartition(",")[2].strip()


def _without_port(hop: str) -> str:
    """An address as some proxies write it, `192.0.2.7:4711` or `[2001:db8::1]:4711`, alone."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def _network(text: str) -> Network:
    try:
        return network_of(text)
    except ServiceError:
        raise ConfigError(
            "TRUSTED_PROXIES must be addresses and ranges between commas, like "
            f"'127.0.0.1, 10.0.0.0/8', or 'unix'; {text!r} is neither"
        ) from None
