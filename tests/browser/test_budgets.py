"""Every page there is, at two sizes, light and dark: axe finds nothing, it weighs little, it is
complete before any script has run, nothing of it moves, and it fits a phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.checks import CHANGED, MEASURE_SHIFT, violations
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
SCRIPT = re.compile(r"<script\b([^>]*)>")
HEADING = re.compile(r"<h1[^>]*>(.*?)</h1>", re.S)


class Wire:
    """What comes over the wire to a page that keeps nothing."""

    def __init__(self, session: CDPSession) -> None:
        session.on("Network.loadingFinished", self._note)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        self.clear()

    def clear(self) -> None:
        self.sizes: list[int] = []

    def _note(self, event: dict[str, float]) -> None:
        self.sizes.append(int(event["encodedDataLength"]))


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
    page.set_viewport_size(DESK)
    page.goto(path)
    people = [Visitor(server.url).sign_in(name, PASSWORD) for name in (PLAYER, *OTHERS)]
    trick = page.locator("#trick [data-key]")

    def all_do(action: str, **fields: str) -> None:
        for person in people:  # whose turn it is not is refused
            person.post(f"{path}/{action}", **fields)

    def play_to(count: int) -> None:
        for card in map(str, range(52)):
            if trick.count() < count:
                all_do("play", card=card)

    all_do("bid", bid="1S")
    expect(page.locator("#auction")).to_contain_text("1")
    assert page.evaluate("window.shift") < 0.01
    for _ in range(2):
        all_do("bid", bid="pass")
    expect(page.locator("#tricks")).to_be_visible()
    play_to(1)
    expect(trick).not_to_have_count(0)
    page.evaluate(CHANGED)
    page.evaluate("window.shift = 0")
    play_to(2)
    expect(trick).not_to_have_count(1)
    assert page.evaluate("window.shift") < 0.01


def check(reader: Look, path: str) -> None:
    page, wire = reader.page, reader.wire
    page.set_viewport_size(DESK)
    page.goto("about:blank")  # what the page before has asked for comes no more
    wire.clear()
    answer = page.goto(path, wait_until="load")
    assert answer is not None
    assert answer.status == 200, path
    complete(path, answer.text(), page)
    page.wait_for_timeout(250)  # for what comes over the live connection
    weight, requests = sum(wire.sizes), len(wire.sizes)
    assert page.evaluate("window.shift") < 0.01, (path, page.evaluate("window.moved"))
    assert violations(page, dark=True) == [], path
    page.set_viewport_size(PHONE)
    page.evaluate(CHANGED)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
    assert violations(page, dark=True) == [], (path, "phone")
    assert 0 < weight < MOST_BYTES, (path, weight)
    assert 0 < requests < MOST_REQUESTS, (path, requests)
    assert reader.errors == []


def complete(path: str, html: str, page: Page) -> None:
    """What the server has sent is the page; no script stands in the way of its being shown."""
    for attributes in SCRIPT.findall(html):
        assert 'type="module"' in attributes or 'type="application/json"' in attributes, path
    headings = HEADING.findall(html)
    assert len(headings) == 1, path
    shown = page.locator("h1").inner_text()
    assert re.sub(r"\W", "", shown) in re.sub(r"<[^>]*>|\W", "", headings[0]), path
