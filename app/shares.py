"""How much of a worker one address may take: requests a second, and WebSockets at once.

What costs by itself (a sign-in, a match, an analysis) has a limit of its own in the services, and
each connection's messages are counted where they come in. This is what is left: somebody who asks
for pages without end, or opens connections until there is room for nobody else. Each worker counts
for itself, in memory, before anything is read or looked up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Final

import structlog

from app.edge import LAST_KEY
from app.legacy.handshake import refuse, wants_websocket
from app.services.standing import neighbourhood

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from config import Config

log = structlog.get_logger(__name__)

STATIC_COST: Final = 0.1  # of a page: a first visit takes dozens of files, and keeps them
MOST_KNOWN: Final = 10_000  # addresses after which those that have been quiet are forgotten
SAY_EVERY: Final = 60.0  # seconds between two lines in the log about the same thing

_TOO_MANY: Final = "Too many requests. Try again in a moment."
_TOO_MANY_OPEN: Final = "Too many connections from your address."
_API: Final = "/api/"


class Shares:
    """A WSGI application around another one, `wsgi_app`, that leaves each address its share.

    Put it behind whatever corrects the client's address, and what a load balancer asks for all who
    are behind it. IPv6 is counted by networks of a /64,
    which is what one customer has. Who has no address (a proxy on a UNIX socket that is not
    trusted) is not counted.
    """

    def __init__(
        self, wsgi_app: WSGIApplication, config: Config, clock: Callable[[], float] = monotonic
    ) -> None:
        self._app = wsgi_app
        self._on = config.RATELIMIT_ENABLED
        self._requests = Requests(
            config.ADDRESS_REQUESTS_PER_SECOND, config.ADDRESS_REQUEST_BURST, clock
        )
        self._most_open = config.ADDRESS_CONNECTIONS
        self._open: dict[str, int] = {}
        self._lock = Lock()
        self._clock = clock
        self._say_again: dict[str, float] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        address = environ.get("REMOTE_ADDR", "")
        path = environ.get("PATH_INFO", "")
        if not self._on or not address:
            return self._app(environ, start_response)
        place = neighbourhood(address)
        upgrade = wants_websocket(environ)
        # Commands have a limit of their own (API_LIMIT), which all workers share.
        if (upgrade or not path.startswith(_API)) and not self._requests.take(place, _cost(path)):
            self._note("requests", place)
            return _turn_away(environ, start_response, _TOO_MANY)
        if not upgrade:
            return self._app(environ, start_response)
        if not self._enter(place):
            self._note("connections", place)
            return _turn_away(environ, start_response, _TOO_MANY_OPEN)
        try:
            # Returns when the connection is over.
            return self._app(environ, start_response)
        finally:
            self._leave(place)

    def _enter(self, place: str) -> bool:
        with self._lock:
            count = self._open.get(place, 0)
            if self._most_open and count >= self._most_open:
                return False
            self._open[place] = count + 1
            return True

    def _leave(self, place: str) -> None:
        with self._lock:
            left = self._open[place] - 1
            if left:
                self._open[place] = left
            else:
                del self._open[place]

    def _note(self, what: str, place: str) -> None:
        """Log it, now and then: a flood must not fill the log."""
        now = self._clock()
        if now >= self._say_again.get(what, 0.0):
            self._say_again[what] = now + SAY_EVERY
            log.warning(f"too many {what} from one address; a proxy to be trusted?", address=place)


class Requests:
    """A token bucket for each address: `rate` requests a second, `burst` after a silence.

    `rate` 0: as many as they like.
    """

    def __init__(self, rate: int, burst: int, clock: Callable[[], float] = monotonic) -> None:
        self._rate = rate
        self._burst = float(max(burst, 1))
        self._clock = clock
        self._lock = Lock()
        self._left: dict[str, tuple[float, float]] = {}  # what was left, and when

    def __len__(self) -> int:
        return len(self._left)

    def take(self, place: str, cost: float = 1.0) -> bool:
        """Whether a request of that cost may pass now."""
        if not self._rate:
            return True
        now = self._clock()
        with self._lock:
            left, at = self._left.get(place, (self._burst, now))
            left = min(self._burst, left + (now - at) * self._rate)
            passes = left >= cost
            self._left[place] = (left - cost if passes else left, now)
            if len(self._left) > MOST_KNOWN:
                self._forget(now)
        return passes

    def _forget(self, now: float) -> None:
        """Forget those who have been quiet for so long that they start afresh anyway.

        Where those are few, it is the floods of many addresses at once: forget them all.
        """
        fresh = now - self._burst / self._rate
        kept = {place: known for place, known in self._left.items() if known[1] > fresh}
        self._left = kept if len(kept) < MOST_KNOWN // 2 else {}


def _cost(path: str) -> float:
    return STATIC_COST if path.startswith("/static/") else 1.0


def _turn_away(
    environ: WSGIEnvironment, start_response: StartResponse, text: str
) -> Iterable[bytes]:
    """Say no, and end the connection: whoever goes on pays for a new one each time."""
    environ[LAST_KEY] = True
    status, later = "429 Too Many Requests", ("Retry-After", "5")
    if not environ.get("PATH_INFO", "").startswith(_API):
        return refuse(start_response, status, text, (later,))
    body = json.dumps({"error": text}).encode()
    head = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response(status, [*head, ("Connection", "close"), later])
    return [body]
