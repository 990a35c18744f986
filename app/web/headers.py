"""What pages tell the browser beside what every answer does (`app.headers`), and their cookie."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")

_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "connect-src {connect}; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'"
)


def content_policy(host: str) -> str:
    """The Content-Security-Policy of a page served as `host`.

    Nothing inline and nothing foreign: no script needs a nonce, since each is a file of ours. The
    WebSocket is named beside 'self' because browsers differ in whether 'self' covers it.
    """
    connect = f"'self' ws://{host} wss://{host}" if _HOST.fullmatch(host) else "'self'"
    return _POLICY.format(connect=connect)


def add_headers(response: Response) -> Response:
    """Add the policy; pages (not static files) are always asked for anew."""
    response.headers.setdefault("Content-Security-Policy", content_policy(request.host))
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.vary.update(("Cookie", "Accept-Language"))
    return response


class _Ageless(TimestampSigner):
    """Signs with the time and does not ask for it: how old a session may be, the database says.

    The system's clock may have been set back since, and a signature from the future is otherwise
    refused: everybody would be signed out until then.
    """

    def unsign(
        self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False
    ) -> Any:
        signed: Any = super()
        return signed.unsign(signed_value, None, return_timestamp)


class SessionCookies(SecureCookieSessionInterface):
    """Flask's signed cookie, `Secure` wherever the page itself came over HTTPS."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        made = super().get_signing_serializer(app)
        if made is not None:
            made.signer = _Ageless
        return made

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def init_app(app: Flask) -> None:
    """Send these headers with every response."""
    app.session_interface = SessionCookies()
    app.after_request(add_headers)
