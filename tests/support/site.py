"""A person at the website without a browser: forms over HTTP, and Socket.IO with their cookie."""

from __future__ import annotations

import queue
import re
from typing import Any, Self

import requests
import socketio

from tests.support.rawclient import PATIENCE

ANY_PAGE = "/no-such-page"  # costs least, and has the forms that every page's head has
_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Visitor:
    """One browser's worth of cookies."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()
        self._token = ("", "")  # the CSRF token last found, and the cookie that it belongs to

    def post(self, path: str, page: str = ANY_PAGE, **fields: str) -> requests.Response:
        """Send a form as `page` would: with its CSRF token. Redirects are not followed.

        The page itself is asked for only if the token that is known is of another session.
        """
        if self._token[1] != self.cookie or not self.cookie or page != ANY_PAGE:
            found = _CSRF.search(self.http.get(self.url + page).text)
            self._token = (found[1] if found else "", self.cookie)
        data = fields | {"csrf_token": self._token[0]}
        return self.http.post(self.url + path, data=data, allow_redirects=False)

    def register(self, name: str, password: str = "pw") -> Self:
        answer = self.post("/register", page="/register", name=name, password=password)
        assert answer.status_code == 302, answer.text
        return self

    def guest(self, name: str) -> Self:
        answer = self.post("/guest", page="/", name=name)
        assert answer.status_code == 302, answer.text
        return self

    def sign_in(self, name: str, password: str = "pw") -> Self:
        answer = self.post("/sign-in", page="/sign-in", name=name, password=password)
        assert answer.status_code == 302, answer.text
        return self

    @property
    def cookie(self) -> str:
        return "; ".join(f"{c.name}={c.value}" for c in self.http.cookies)

    def socket(self, url: str | None = None) -> SocketClient:
        """A Socket.IO connection that carries this visitor's cookie."""
        return SocketClient(url or self.url, self.cookie)


class SocketClient:
    """A Socket.IO client that keeps what it hears in order."""

    def __init__(self, url: str, cookie: str) -> None:
        self._heard: queue.Queue[tuple[str, Any]] = queue.Queue()
        self._io = socketio.Client(reconnection=False)
        self._io.on("*", lambda event, *args: self._heard.put((event, args[0])))
        self._io.on("disconnect", lambda *_: self._heard.put(("disconnect", None)))
        self._io.connect(url, headers={"Cookie": cookie}, transports=["websocket"])

    def ask(self, type: str, **data: Any) -> Any:
        """Send a request; its acknowledgement."""
        return self.ask_raw(type, {"type": type, "data": data})

    def ask_raw(self, event: str, argument: Any) -> Any:
        return self._io.call(event, argument, timeout=PATIENCE)

    def hear(self, timeout: float = PATIENCE) -> tuple[str, Any]:
        """The next message as `(type, data)`; the envelope's type is its event's name."""
        event, envelope = self._heard.get(timeout=timeout)
        if event == "disconnect":
            return event, None
        assert envelope["type"] == event
        assert envelope.keys() == {"type", "data"}, envelope  # what else workers say is theirs
        return event, envelope["data"]

    def hear_until(self, type: str) -> Any:
        """Skip to the next message of a type; its data."""
        while True:
            heard, data = self.hear()
            if heard == type:
                return data

    def hear_of(self, name: str, *, online: bool) -> Any:
        """Skip to the word that somebody has come or gone, alone or with others; that row."""
        while True:
            heard, data = self.hear()
            people = {"presence_update": [data], "presence_updates": (data or {}).get("people")}
            for person in people.get(heard) or ():
                if (person["name"], person["online"]) == (name, online):
                    return person

    def close(self) -> None:
        self._io.disconnect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
