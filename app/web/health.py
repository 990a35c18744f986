"""For load balancers and monitors: is the worker alive, is it ready?

Before everything else that speaks WSGI, so that no ban, no limit, no session and no closing gate
stands between a monitor and its answer; and so cheap that none is needed: however often readiness
is asked for, it is looked at once a second.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Final

import redis
import structlog
from sqlalchemy import text

from app.migrating import heads
from app.services.house import House
from app.services.trouble import ERRORS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger(__name__)

ALIVE: Final = "/healthz"
READY: Final = "/readyz"
LOOK_EVERY: Final = 1.0  # seconds
REDIS_SECONDS: Final = 2.0  # that Redis has for an answer
OK: Final = "ok"


class Readiness:
    """Whether this worker can be given work: what of it cannot be reached, what it lacks."""

    def __init__(self, house: House, closing: Callable[[], bool]) -> None:
        """`closing()`: whether the worker is about to stop."""
        self._house = house
        self._closing = closing
        self._lock = Lock()
        self._checks: Mapping[str, str] = {}
        self._looked = float("-inf")

    def checks(self) -> Mapping[str, str]:
        """What was looked at, each `ok` or what is wrong with it, a second old at most."""
        if self._closing():
            return {**self._checks, "worker": "closing"}
        with self._lock:
            if monotonic() - self._looked >= LOOK_EVERY:
                before, self._checks = self._checks, self._look()
                self._looked = monotonic()
                if before != self._checks:
                    self._tell()
            return self._checks

    def _look(self) -> dict[str, str]:
        checks = {"worker": OK, "database": OK, "migrations": OK}
        try:
            with self._house.store.read() as unit:
                versions = unit.scalars(text("SELECT version_num FROM alembic_version"))
                if set(versions) != self._heads:
                    checks["migrations"] = "missing"
        except ERRORS:
            checks |= {"database": "unreachable", "migrations": "unknown"}
        if self._redis is not None:
            try:
                self._redis.ping()
                checks["redis"] = OK
            except redis.RedisError:
                checks["redis"] = "unreachable"
        return checks

    def _tell(self) -> None:
        wrong = {name: said for name, said in self._checks.items() if said != OK}
        if wrong:
            log.warning("not ready", **wrong)
        else:
            log.info("ready")

    @cached_property
    def _heads(self) -> set[str]:
        """The versions that a database brought up to date has."""
        return heads()

    @cached_property
    def _redis(self) -> redis.Redis | None:
        url = self._house.config.REDIS_URL
        if not url:
            return None
        patience = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS}
        return redis.Redis.from_url(url, **patience)


class Health:
    """A WSGI application around another one, `wsgi_app`, that answers `/healthz` and `/readyz`."""

    def __init__(self, wsgi_app: WSGIApplication, readiness: Readiness) -> None:
        self._app = wsgi_app
        self._readiness = readiness

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path not in (ALIVE, READY):
            return self._app(environ, start_response)
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return _answer(start_response, "405 Method Not Allowed", {}, [("Allow", "GET, HEAD")])
        if path == ALIVE:
            answer = _answer(start_response, "200 OK", {"alive": True})
        else:
            checks = self._readiness.checks()
            ready = all(said == OK for said in checks.values())
            status = "200 OK" if ready else "503 Service Unavailable"
            answer = _answer(start_response, status, {"ready": ready, "checks": checks})
        return answer if method == "GET" else []


def _answer(
    start_response: StartResponse,
    status: str,
    said: Mapping[str, object],
    headers: Iterable[tuple[str, str]] = (),
) -> list[bytes]:
    body = json.dumps(said).encode()
    fixed = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    start_response(status, [*fixed, *headers])
    return [body]
