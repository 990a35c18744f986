"""Every page there is, at two sizes, light and dark: axe finds nothing, it weighs little, it is
complete before any script has run, nothing of it moves, and it fits a phone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.checks import (
    CHANGED,
    COLOURS,
    MEASURE_SHIFT,
    change_theme,
    violations,
)
from tests.browser.conftest import PATIENCE
from tests.browser.every_page import (
    ADMIN,
    NO_PAGES,
    OTHERS,
    PASSWORD,
    PLACES,
    PLAYER,
    STRANGER,
    Made,
    endpoints,
    fill,
    who_looks,
)
from tests.conftest import lay_out, settings_for_tests
from tests.support import cluster
from tests.support.pages import PLAIN
from tests.support.server import Server
from tests.support.site import Visitor

# What a first visit to any page may cost, everything together as it comes over the wire.
MOST_BYTES = 256 * 1024
MOST_REQUESTS = 60
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SCRIPT = re.compile(r"<script\b([^>]*)>")
STATE = re.compile(r'<script type="application/json" id="bridge"[^>]*>(.*?)</script>', re.S)
HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.S)


class Wire:
    """What comes over the wire to whoever visits a page first.

    The browser keeps files, which have another address when they change: each is weighed when it
    comes, and counted for every page that asks for it.
    """

    def __init__(self, session: CDPSession) -> None:
        self._weights: dict[str, int] = {}  # by URL
        self._urls: dict[str, str] = {}  # by request
        self._document = ""
        self.asked: set[str] = set()  # URLs that the last page has asked for
        session.on("Network.requestWillBeSent", self._note)
        session.on("Network.loadingFinished", self._weigh)
        session.send("Network.enable")

    def weight(self) -> int:
        """Bytes. Raises KeyError when something has not come yet."""
        return sum(self._weights[url] for url in self.asked)

    def _note(self, event: dict[str, Any]) -> None:
        request, url, document = event["requestId"], event["request"]["url"], event["loaderId"]
        if answer := event.get("redirectResponse"):
            self._weights[self._urls[request]] = int(answer["encodedDataLength"])
        self._urls[request] = url
        if event.get("type") == "Document" and document != self._document:
            self._document = document
            self.asked.clear()
        if document == self._document:  # or the page before is about to go
            self.asked.add(url)

    def _weigh(self, event: dict[str, Any]) -> None:
        url = self._urls[event["requestId"]]
        self._weights[url] = max(int(event["encodedDataLength"]), self._weights.get(url, 0))


class Look:
    """One reader's browser."""

    def __init__(self, browser: Browser, server: Server, name: str) -> None:
        self.context = browser.new_context(base_url=server.url, viewport=DESK, **PLAIN)
        if name:
            visitor = Visitor(server.url).sign_in(name, PASSWORD)
            self.context.add_cookies(
                [{"name": c.name, "value": c.value or "", "url": server.url}
                 for c in visitor.http.cookies]
            )  # fmt: skip
        self.context.add_init_script(MEASURE_SHIFT)
        self.context.set_default_timeout(PATIENCE)
        self.errors: list[str] = []
        self.context.on("weberror", lambda error: self.errors.append(str(error.error)))
        self.page = self.context.new_page()
        self.wire = Wire(self.context.new_cdp_session(self.page))
        self.theme = 0  # of `THEMES`: which the next page has at first


@pytest.fixture(scope="module")
def filled(
    tmp_path_factory: pytest.TempPathFactory, migrated: Path
) -> Iterator[tuple[Server, Made]]:
    """A server in whose house every page has something to show."""
    instance = tmp_path_factory.mktemp("full") / "instance"
    lay_out(settings_for_tests(instance), migrated)
    made = fill(instance)
    with cluster.serve(instance, {"BRIDGE_AWAY": "86400"}) as server:
        yield server, made


@pytest.fixture(scope="module")
def look(browser: Browser, filled: tuple[Server, Made]) -> Iterator[Callable[[str], Look]]:
    """The browser of a reader by name: `look("anna")`."""
    looks: dict[str, Look] = {}

    def of(name: str) -> Look:
        if name not in looks:
            looks[name] = Look(browser, filled[0], name)
        return looks[name]

    yield of
    for each in looks.values():
        each.context.close()


def test_no_page_is_forgotten(app: Flask) -> None:
    assert endpoints(app) == set(PLACES) | NO_PAGES
    assert not set(PLACES) & NO_PAGES
    assert {who_looks(endpoint) for endpoint in PLACES} == {STRANGER, PLAYER, ADMIN}


@pytest.mark.parametrize("endpoint", sorted(PLACES))
def test_every_page(
    look: Callable[[str], Look], filled: tuple[Server, Made], endpoint: str
) -> None:
    reader = look(who_looks(endpoint))
    for path in filled[1].paths(endpoint):
        check(reader, path)


def test_nothing_moves_at_a_bridge_table_while_live_data_arrives(
    look: Callable[[str], Look], filled: tuple[Server, Made]
) -> None:
    """Calls come, and cards; only where the play begins, the table is laid anew."""
    server, made = filled
    (path,) = made.paths("bridge.table")
    page = look(PLAYER).page
    page.goto(path)
    people = [Visitor(server.url).sign_in(name, PASSWORD) for name in (PLAYER, *OTHERS)]
    trick = page.locator("#trick [data-key]")

    def all_bid(bid: str) -> None:
        for person in people:  # whose turn it is not is refused
            person.post(f"{path}/bid", bid=bid)

    def play_one() -> None:
        for person in people:
            state = STATE.search(person.http.get(server.url + path).text)
            assert state is not None
            if cards := json.loads(state[1])["view"]["cards"]:
                person.post(f"{path}/play", card=str(cards[0]))
                return
        raise AssertionError("nobody may play")

    all_bid("1S")
    expect(page.locator("#auction")).to_contain_text("1")
    assert page.evaluate("window.shift") < 0.01
    for _ in range(2):
        all_bid("pass")
    expect(page.locator("#tricks")).to_be_visible()
    play_one()
    expect(trick).to_have_count(1)
    page.evaluate(CHANGED)
    page.evaluate("window.shift = 0")
    play_one()
    expect(trick).to_have_count(2)
    assert page.evaluate("window.shift") < 0.01


def check(reader: Look, path: str) -> None:
    """All of that, each size in each theme; the rules that colours do not touch once a size."""
    page, wire = reader.page, reader.wire
    answer = page.goto(path, wait_until="load")
    assert answer is not None
    assert answer.status == 200, path
    complete(path, answer.text(), page)
    assert violations(page) == [], path
    # By now what comes over the live connection has come.
    assert page.evaluate("window.shift") < 0.01, (path, page.evaluate("window.moved"))
    weight, requests = wire.weight(), len(wire.asked)
    assert 0 < weight < MOST_BYTES, (path, weight)
    assert 0 < requests < MOST_REQUESTS, (path, requests)
    page.set_viewport_size(PHONE)
    page.evaluate(CHANGED)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
    assert violations(page, COLOURS) == [], (path, "phone")
    reader.theme = 1 - reader.theme
    change_theme(page, THEMES[reader.theme])
    assert violations(page) == [], (path, "phone", THEMES[reader.theme])
    page.set_viewport_size(DESK)
    page.evaluate(CHANGED)
    assert violations(page, COLOURS) == [], (path, THEMES[reader.theme])
    assert reader.errors == []


def complete(path: str, html: str, page: Page) -> None:
    """What the server has sent is the page; no script stands in the way of its being shown."""
    for attributes in SCRIPT.findall(html):
        assert 'type="module"' in attributes or 'type="application/json"' in attributes, path
    headings = HEADING.findall(html)
    assert len(headings) == 1, path
    shown = page.locator("h1").inner_text()
    assert re.sub(r"\W", "", shown) in re.sub(r"<[^>]*>|\W", "", headings[0]), path
