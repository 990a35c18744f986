"""What every answer tells the browser about how far to trust it, whoever gave the answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# What is no page needs nothing at all; pages bring a policy of their own (`app.web.headers`).
_NOTHING: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Content-Security-Policy": _NOTHING,
}
"""Each answer carries these, unless it says something else itself."""


class SafeHeaders:
    """A WSGI application around another one, `wsgi_app`, whose answers get these headers.

    Over HTTPS also `Strict-Transport-Security`, for `hsts` seconds (0: not). Put it outermost, so
    that it sees every answer, and the scheme as a trusted proxy has said it. What takes a socket
    over (WebSockets, commands that wait) answers past it.
    """

    def __init__(self, wsgi_app: WSGIApplication, hsts: int) -> None:
        self._app = wsgi_app
        self._hsts = f"max-age={hsts}" if hsts else None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            said = {name.lower() for name, _ in headers}
            whole = headers + [pair for pair in FIXED.items() if pair[0].lower() not in said]
            if self._hsts and environ.get("wsgi.url_scheme") == "https":
                whole.append(("Strict-Transport-Security", self._hsts))
            return start_response(status, whole, *more)

        return self._app(environ, start)
