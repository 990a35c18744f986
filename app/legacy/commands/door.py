"""The commands over HTTP: `/api/<command>`, in front of the pages.

Cookies are not looked at, so no page can act for the visitor it is shown to; who may read the
answers is said by `LEGACY_ORIGINS`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus
from queue import SimpleQueue
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from app.legacy.commands import openapi, table
from app.legacy.commands.answers import Answer, Refused, internal, refusal
from app.legacy.commands.desk import Desk, Wait
from app.legacy.commands.parameters import of_request
from app.legacy.commands.parked import Headers, Parked
from app.legacy.commands.waiting import Waiter
from app.legacy.handshake import DETACH_KEY, ender, forget_request
from app.services import trouble
from app.services.errors import ServiceError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

PREFIX: Final = "/api/"
DOCUMENT: Final = "openapi.json"
METHODS: Final = ("GET", "POST")

_FIXED: Final = (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))
_PREFLIGHT: Final = (
    ("Access-Control-Allow-Methods", ", ".join((*METHODS, "OPTIONS"))),
    ("Access-Control-Allow-Headers", "Content-Type"),
    ("Access-Control-Max-Age", "86400"),
)
_ALLOW: Final = ("Allow", ", ".join((*METHODS, "OPTIONS")))


class Door:
    """A WSGI application around another one, `wsgi_app`, that takes commands.

    `spawn(function, *args)` starts a background task of the async engine in use.
    """

    def __init__(self, wsgi_app: WSGIApplication, desk: Desk, *, spawn: Callable[..., Any]) -> None:
        self._app = wsgi_app
        self._desk = desk
        self._spawn = spawn
        config = desk.house.config
        self._origins = config.legacy_origins
        self._most_bytes = config.MAX_FRAME_BYTES
        self._document = openapi.encoded(config.SITE_NAME)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        name = path.removeprefix(PREFIX).rstrip("/")
        if not path.startswith(PREFIX) or not name:
            return self._app(environ, start_response)
        headers = (*_FIXED, *self._cors(environ.get("HTTP_ORIGIN")))
        if environ["REQUEST_METHOD"] == "OPTIONS":
            start_response("204 No Content", [*headers, *_PREFLIGHT, _ALLOW])
            return []
        try:
            return self._command(environ, start_response, name, headers)
        except Exception as failed:
            # The outermost loop of a request.
            unavailable = trouble.refusal(failed)
            if unavailable is not None:
                return _respond(start_response, refusal(unavailable), headers)
            log.exception("a command failed: %s", name[:40])
            return _respond(start_response, internal(), headers)

    def _command(
        self, environ: WSGIEnvironment, start_response: StartResponse, name: str, headers: Headers
    ) -> Iterable[bytes]:
        began = perf_counter()
        outcome = self._run(environ, name)
        status = str(outcome.status) if isinstance(outcome, Answer) else "waits"
        route = f"api.{name}" if name in table.COMMANDS or name == DOCUMENT else "api"
        self._desk.house.tally.answered(route, status, perf_counter() - began)
        if isinstance(outcome, Answer):
            if outcome.status == HTTPStatus.METHOD_NOT_ALLOWED:
                headers = (*headers, _ALLOW)
            return _respond(start_response, outcome, headers)
        try:
            waiter = self._desk.waits.begin(*outcome, environ.get("REMOTE_ADDR", ""))
        except (Refused, ServiceError) as problem:
            return _respond(start_response, refusal(problem), headers)
        detach = environ.get(DETACH_KEY)
        if waiter.answered is None and detach is not None:
            end = ender(environ)
            waiter.sock = parked = Parked(detach(), headers, self._spawn)
            forget_request(environ)
            waiter.then(parked.answer)
            return end(None)
        return _respond(start_response, _wait_here(waiter), headers)

    def _run(self, environ: WSGIEnvironment, name: str) -> Answer | Wait:
        address = environ.get("REMOTE_ADDR", "")
        try:
            self._desk.house.limits.hit("api", address)
            if environ["REQUEST_METHOD"] not in METHODS:
                raise Refused(405, "Commands are given with GET or POST")
            if name == DOCUMENT:
                return Answer(200, self._document)
            given = of_request(environ, self._most_bytes)
        except (Refused, ServiceError) as problem:
            return refusal(problem)
        return table.run(self._desk, name, given, address)

    def _cors(self, origin: str | None) -> Headers:
        """Which pages may read the answer."""
        if "*" in self._origins:
            return (("Access-Control-Allow-Origin", "*"),)
        if origin is not None and origin.lower() in self._origins:
            return (("Access-Control-Allow-Origin", origin), ("Vary", "Origin"))
        return (("Vary", "Origin"),)


def _wait_here(waiter: Waiter) -> Answer:
    """The answer, waited for in this thread: where the server would not let the socket go."""
    answers: SimpleQueue[Answer] = SimpleQueue()
    waiter.then(answers.put)
    return answers.get()


def _respond(start_response: StartResponse, answer: Answer, headers: Headers) -> list[bytes]:
    status = HTTPStatus(answer.status)
    length = str(len(answer.body))
    start_response(
        f"{status.value} {status.phrase}",
        [("Content-Type", answer.media), ("Content-Length", length), *headers],
    )
    return [answer.body]
