"""People at the website, each in a browser of their own or, where nobody looks, without one."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from typing import Any, Self

from playwright.sync_api import Locator, Page, WebSocket, expect

from tests.support.pages import NOWHERE
from tests.support.server import Server
from tests.support.site import SocketClient, Visitor

# Player A wins by the diagonal of boards, in as few moves as it can be done.
# fmt: off
SHORTEST_WIN = [
    "a9", "b8", "d5", "a6", "b9", "d9", "c9", "g9", "e5", "d6", "f5", "g6", "g1", "a3", "h1", "d3",
    "i1",
]
# fmt: on
SECONDS = 30.0  # until a page that does not become live is given up
MATCH_URL = re.compile(r"/match/[0-9a-f]{32}$")


def new_name(prefix: str = "p") -> str:
    """A name that nobody else has in a server that all tests share."""
    return f"{prefix}-{secrets.token_hex(4)}"


class Person:
    """A signed-in user, by requests alone: for what a test takes for granted."""

    def __init__(self, name: str, visitor: Visitor | None) -> None:
        self.name = name
        self._visitor = visitor

    @classmethod
    def register(cls, server: Server) -> Person:
        """Somebody new."""
        name = new_name()
        return Person(name, Visitor(server.url).register(name))

    def leave(self) -> None:
        """Leave the site, where they look at a page of it."""

    def socket(self) -> SocketClient:
        """A connection beside the browser's; with one they are here."""
        assert self._visitor is not None
        return self._visitor.socket()

    def ask(self, type: str, **data: Any) -> dict[str, Any]:
        """Make a request over Socket.IO without the browser; the acknowledgement."""
        with self.socket() as socket:
            answer: dict[str, Any] = socket.ask(type, **data)
        assert answer["ok"], answer
        return answer

    def post(self, path: str, **fields: str) -> str:
        """Send a form without the browser; where it led to, or ""."""
        assert self._visitor is not None
        return self._visitor.post(path, **fields).headers.get("Location", "")

    def is_refused(self, path: str) -> bool:
        """Whether to them there is no such page."""
        assert self._visitor is not None
        return self._visitor.http.get(self._visitor.url + path).status_code == 404


class Player(Person):
    """A signed-in user and the page they look at."""

    def __init__(self, page: Page, name: str, visitor: Visitor | None = None) -> None:
        """`visitor`: the same user without the browser."""
        super().__init__(name, visitor)
        self.page = page

    @classmethod
    def arrive(cls, page: Page, server: Server, *, guest: bool = False, at: str = "/lobby") -> Self:
        """Somebody new, signed in and looking at the page `at`; "": at none yet."""
        name = new_name("g" if guest else "p")
        visitor = Visitor(server.url)
        visitor = visitor.guest(name) if guest else visitor.register(name)
        page.context.add_cookies(
            [{"name": c.name, "value": c.value or "", "url": server.url}
             for c in visitor.http.cookies]
            + [{"name": "coach", "value": "off", "url": server.url}]  # they know how it is played
        )  # fmt: skip
        if at:
            page.goto(at, wait_until="domcontentloaded")
        return cls(page, name, visitor)

    # Finding an opponent

    def seek(self) -> None:
        self.page.click("#seek-button")

    def wait_for_opponent(self) -> None:
        """Seek, and be known to the house as waiting: whoever seeks next plays second."""
        self.seek()
        expect(self.page.locator("#cancel-form")).to_be_visible()
        expect(self.page.locator("#seek-button[aria-disabled]")).to_have_count(0)  # answered

    def challenge(self, name: str) -> None:
        """Challenge somebody by name from the lobby, on the usual terms."""
        self.page.fill("#player", name)
        self.page.click("#challenge-button")

    def invite(self, name: str) -> str:
        """Begin a match with somebody at once, as old clients may; the path of the match."""
        self.open(f"/match/{self.ask('match_request', player=name)['match']}")
        return self.at_match()

    def at_match(self) -> str:
        """Wait until a match is on the page and live; its path."""
        self.page.wait_for_url(MATCH_URL)
        return self.page.url.removeprefix(self._origin())

    def open(self, path: str) -> None:
        self.page.goto(path, wait_until="domcontentloaded")  # by then the modules have run

    def leave(self) -> None:
        """Leave the site: to the house it is as if the browser were closed."""
        if self.page.url != "about:blank":
            self.page.goto(NOWHERE)

    def open_live(self, path: str) -> None:
        """Open a page and wait until it is live: from now on it misses nothing."""
        self._go_live(lambda: self.open(path), asks=path.startswith("/match/"))

    def reload_live(self) -> None:
        """Load the match on the page anew and wait until it is live."""
        self._go_live(self.page.reload, asks=True)

    def _go_live(self, load: Callable[[], Any], *, asks: bool) -> None:
        """Wait for the house's greeting, and for its answer to what a page of a match asks then.

        A move made before that answer may be part of it, and is not told card by card.
        """
        sent: list[str] = []
        heard: list[str] = []

        def listen(socket: WebSocket) -> None:
            socket.on("framesent", lambda frame: sent.append(str(frame)))
            socket.on("framereceived", lambda frame: heard.append(str(frame)))

        def is_live() -> bool:
            if not asks:
                return any(frame.startswith('42["friends_update"') for frame in heard)
            questions = [re.match(r'42(\d+)\["watch"', frame) for frame in sent]
            answers = tuple(f"43{found[1]}[" for found in questions if found)
            return any(frame.startswith(answers) for frame in heard)

        self.page.on("websocket", listen)
        load()
        deadline = time.monotonic() + SECONDS
        while not is_live():
            assert time.monotonic() < deadline, f"the page is not live: {heard}"
            self.page.wait_for_timeout(20)
        self.page.remove_listener("websocket", listen)

    # Playing

    def tile(self, square: str) -> Locator:
        return self.page.locator(f'[data-at="{square}"]')

    def play(self, square: str) -> None:
        """Press a square as soon as it may be played."""
        self.page.click(f'[data-at="{square}"][aria-disabled="false"]')

    def sees_last(self, square: str, mark: str) -> None:
        """Wait for `square` to be the marked last move, `mark` "a" or "b"."""
        expect(self.tile(square)).to_have_class(re.compile(rf"\bis-{mark}\b.*\blast\b"))

    def sees_result(self, text: str) -> None:
        expect(self.page.locator("#status")).to_contain_text(text)

    def presses_in_vain(self, square: str, reason: str) -> None:
        """Press a square that may not be played; the page says why."""
        self.tile(square).click(force=True)
        expect(self.page.locator("#message")).to_contain_text(reason)

    def rating(self) -> int:
        """The rating shown in the user's own seat."""
        strip = self.page.locator(".seat", has_text="you")
        return int(strip.locator(".rating").inner_text())

    def stay(self) -> Callable[[], None]:
        """Mark the page; the returned check fails if it was loaded anew since."""
        self.page.evaluate("window.marked = true")

        def check() -> None:
            assert self.page.evaluate("window.marked === true"), "the page was reloaded"

        return check

    def _origin(self) -> str:
        return str(self.page.evaluate("location.origin"))


def begin(one: Person, other: Person, **terms: str) -> str:
    """Begin a match without the browser, by a challenge and its acceptance; its path.

    `terms` are fields of the form for a table, as `time="180+2"`. `one` has seat A.
    """
    for player in (one, other):
        player.leave()  # from the lobby it would go to the match by itself
    terms = {"variant": "standard", "time": "604800", "rated": "y", "access": "public"} | terms
    table = one.post("/table/new", player=other.name, **terms)
    path = other.post(f"{table}/accept")
    assert path.startswith("/match/"), (table, path)
    return path


def play_on(first: Player, second: Player, squares: list[str], ply: int = 0) -> None:
    """Play `squares` in turn, `first` having seat A; each move is awaited by both."""
    for number, square in enumerate(squares, ply):
        mover = (first, second)[number % 2]
        mover.play(square)
        for player in (first, second):
            player.sees_last(square, "ab"[number % 2])


def move_on(first: Person, second: Person, path: str, squares: list[str], ply: int = 0) -> None:
    """Have these moves made without the browser, `first` having seat A; nobody waits for them."""
    for number, square in enumerate(squares, ply):
        (first, second)[number % 2].post(f"{path}/move", square=square)


def table_of(owner: Person, **terms: str) -> str:
    """Open a table without the browser; its path. `terms` are fields of the form."""
    terms = {
        "variant": "standard", "opponent": "free", "time": "180+2", "rated": "y",
        "access": "public",
    } | terms  # fmt: skip
    path = owner.post("/table/new", **terms)
    assert path.startswith("/table/"), path
    return path


def open_table(player: Player, *chips: str) -> str:
    """Open a table with the form, pressing what these words stand on; its path."""
    player.open("/table/new")
    for words in chips:
        player.page.locator(".chip label", has_text=re.compile(f"^{re.escape(words)}")).click()
    player.page.click("#open-button")
    player.page.wait_for_url(re.compile("/table/[0-9a-f]{32}$"))
    return re.sub("^https?://[^/]+", "", player.page.url)


def row_of(player: Player, owner: str) -> Any:
    return player.page.locator("#table-list li", has_text=owner)
