"""Coming in through the website's own forms, as a browser does, for a Socket.IO connection."""

from __future__ import annotations

import re
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode

from tests.support.server import Server

TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
TIMEOUT = 60.0


class Visitor:
    """A browser's memory: one connection and the cookies it has been given."""

    def __init__(self, server: Server) -> None:
        self._connection = HTTPConnection(server.host, server.port, timeout=TIMEOUT)
        self._cookies: dict[str, str] = {}

    @property
    def cookie(self) -> str:
        """What the `Cookie` header says now."""
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def get(self, path: str) -> bytes:
        self._connection.request("GET", path, headers={"Cookie": self.cookie})
        return self._answer()[1]

    def post(self, page: str, action: str, fields: dict[str, str]) -> None:
        """Send the form on `page` to `action`. Raises OSError when it is not accepted."""
        found = TOKEN.search(self.get(page))
        if found is None:
            raise OSError(f"no form on {page}")
        body = urlencode(fields | {"csrf_token": found[1].decode()})
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request("POST", action, body, headers)
        response, _ = self._answer()
        if response.status not in (302, 303):
            raise OSError(f"{action} answered {response.status}")

    def close(self) -> None:
        self._connection.close()

    def _answer(self) -> tuple[HTTPResponse, bytes]:
        response = self._connection.getresponse()
        body = response.read()
        for header in response.headers.get_all("Set-Cookie", []):
            name, _, value = header.partition(";")[0].partition("=")
            self._cookies[name] = value
        return response, body


def register(server: Server, name: str) -> str:
    """A new account of that name; the cookie that stands for it."""
    visitor = Visitor(server)
    visitor.post("/register", "/register", {"name": name, "password": f"password of {name}"})
    visitor.close()
    return visitor.cookie


def guest(server: Server, name: str) -> str:
    """A guest of that name; the cookie that stands for them."""
    visitor = Visitor(server)
    visitor.post("/", "/guest", {"name": name})
    visitor.close()
    return visitor.cookie
