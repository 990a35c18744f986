"""The admins' status page in a browser: lines where there is a script, numbers always."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from app.services import moderation
from app.services.audit import HOST
from tests.browser.checks import violations
from tests.faults.ledger import open_house
from tests.legacy.cage import eventually
from tests.support.server import Server
from tests.support.site import Visitor

pytestmark = pytest.mark.one_worker("its figures are those of the worker that is asked")

PLOTS = 9


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that adds a point a second."""
    instance = tmp_path_factory.mktemp("house") / "instance"
    with Server(instance, {"STATUS_INTERVAL": "1"}) as server:
        yield server


@pytest.fixture(scope="module")
def visitor(server: Server) -> Visitor:
    """An admin."""
    visitor = Visitor(server.url).register("boss")
    moderation.make_admin(open_house(server.instance), HOST, "boss")
    return visitor


@pytest.fixture
def look(server: Server, visitor: Visitor, new_page: Callable[..., Page]) -> Callable[..., Page]:
    """An admin's look at the page."""

    def come(**options: object) -> Page:
        page = new_page(**options)
        page.context.add_cookies(
            [{"name": c.name, "value": c.value or "", "url": server.url}
             for c in visitor.http.cookies]
        )  # fmt: skip
        page.goto("/admin/status")
        return page

    return come


def drawn(page: Page) -> int:
    """How many plots show something: pixels of a line, and not only the ground."""
    return page.evaluate("""() => [...document.querySelectorAll(".plot-box canvas")].filter(
      (canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
        .data.some((value) => value)).length""")


def test_lines_come_by_themselves_and_follow_the_worker(look: Callable[..., Page]) -> None:
    page = look(viewport={"width": 1440, "height": 900})
    page.wait_for_selector(".plot-box canvas")
    expect(page.locator(".plot-box canvas")).to_have_count(PLOTS)
    assert drawn(page) == PLOTS
    shown = "JSON.parse(document.getElementById('status-points').textContent).at.length"
    before = page.evaluate(shown)
    eventually(lambda: page.evaluate(shown) > before + 1, 30)
    memory = page.locator("[data-plot=memory] .plot-note")
    now = page.locator("tr:has([data-series=memory]) td").first
    expect(memory).to_have_text(f"Memory (MiB): {now.text_content()}")
    page.locator("[data-plot=cpu] .u-over").hover()
    expect(memory.locator("span")).to_have_count(2)  # the moment that is pointed at, in each
    assert violations(page, dark=True) == []


def test_it_fits_a_phone(look: Callable[..., Page]) -> None:
    page = look(viewport={"width": 360, "height": 740})
    page.wait_for_selector(".plot-box canvas")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page, dark=True) == []


def test_without_a_script_there_are_the_numbers(look: Callable[..., Page]) -> None:
    page = look(java_script_enabled=False)
    while page.locator(".numbers").count() == 0:
        page.reload()
    expect(page.locator(".plots")).to_be_hidden()
    expect(page.locator(".numbers tbody tr")).to_have_count(13)
