"""The admins' pages in a browser, and what everybody else sees of what admins do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.services import moderation
from app.services.audit import HOST
from app.services.house import House
from tests.browser.checks import violations
from tests.browser.conftest import Arrive
from tests.browser.players import Player
from tests.conftest import lay_out, settings_for_tests
from tests.faults.ledger import open_house
from tests.support import cluster
from tests.support.server import Server

Enter = Callable[..., Player]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Server]:
    """A house for these tests alone, since what admins announce or end is everybody's.

    Each test takes back what it has announced or banned.
    """
    instance = tmp_path_factory.mktemp("house") / "instance"
    lay_out(settings_for_tests(instance), migrated)
    with cluster.serve(instance) as server:
        yield server


@pytest.fixture(scope="module")
def house(server: Server) -> House:
    """The server's house, as the host's commands see it."""
    return open_house(server.instance)


@pytest.fixture
def enter(arrive: Arrive, house: House) -> Enter:
    """Somebody new in a browser of their own: `enter(admin=True, viewport=…)`."""

    def come(*, admin: bool = False, **options: object) -> Player:
        player = arrive(**options)
        if admin:
            moderation.make_admin(house, HOST, player.name)
        return player

    return come


@pytest.mark.parametrize("scripts", [True, False])
def test_bans_by_the_form(enter: Enter, scripts: bool) -> None:
    boss = enter(admin=True, java_script_enabled=scripts, at="")
    page = boss.page
    page.goto("/lobby")
    page.click("details.menu summary")
    page.click("text=Administration")
    page.click("nav >> text=Bans")
    page.fill("#addresses", "192.0.2.7\n2001:db8::/129")
    page.fill("#reason", "Spam")
    page.get_by_role("button", name="Ban", exact=True).click()
    expect(page.locator("#addresses-error")).to_contain_text("2001:db8::/129 is no address")
    if scripts:
        a_refused_form_is_in_order_on_a_phone(page)
    page.fill("#addresses", "192.0.2.7\n2001:db8::/32")
    page.get_by_role("button", name="Ban", exact=True).click()
    expect(page.locator(".flash")).to_have_text("2 ranges are banned.")
    page.get_by_role("button", name="Let in 192.0.2.7").click()
    expect(page.locator(".list > li")).to_have_count(1)
    page.get_by_role("button", name="Let in 2001:db8::/32").click()
    expect(page.locator(".list > li")).to_have_count(0)
    page.click("nav >> text=Record")
    rows = page.locator(".list > li", has_text=boss.name)
    expect(rows).to_have_count(4)  # with the making of this admin


def a_refused_form_is_in_order_on_a_phone(page: Page) -> None:
    """The pages as they come are in `test_budgets`."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.fill("#addresses", "2001:db8:1234:5678:9abc:def0:1234:5678, 192.0.2.300")
    page.get_by_role("button", name="Ban", exact=True).click()
    expect(page.locator("#addresses-error")).to_contain_text("192.0.2.300")
    assert violations(page, dark=True) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 1280, "height": 720})


def test_an_announcement_is_there_at_once_and_stays_closed(enter: Enter) -> None:
    boss, reader = enter(admin=True, at=""), enter()
    check = reader.stay()
    boss.open("/admin/broadcast")
    announce(boss, "Tea <b>at</b> five")
    notice = reader.page.locator(".notice")
    expect(notice).to_contain_text("Tea <b>at</b> five")
    assert violations(reader.page) == []
    check()
    reader.open("/rules")
    expect(notice).to_contain_text("Tea <b>at</b> five")
    assert violations(reader.page) == []
    notice.get_by_role("button").click()
    expect(notice).to_have_count(0)
    reader.page.reload(wait_until="domcontentloaded")
    expect(notice).to_have_count(0)

    plain = enter(java_script_enabled=False, at="/rules/uttt").page
    plain.locator(".notice").get_by_role("button").click()
    plain.wait_for_url("**/rules/uttt")
    expect(plain.locator(".notice")).to_have_count(0)

    announce(boss, "Cake at six")
    expect(notice).to_contain_text("Cake at six")
    boss.page.get_by_role("button", name="Take down: Cake at six").click()
    expect(notice).to_have_count(0)
    boss.page.get_by_role("button", name="Take down: Tea <b>at</b> five").click()
    expect(boss.page.locator(".list > li")).to_have_count(0)


def announce(boss: Player, text: str) -> None:
    boss.page.fill("#text", text)
    boss.page.get_by_role("button", name="Announce", exact=True).click()


def test_after_a_restart_everybody_comes_back_by_themselves(enter: Enter) -> None:
    boss, reader = enter(admin=True, at=""), enter()
    check = reader.stay()
    boss.open("/admin")
    boss.page.click("text=Restart…")
    boss.page.get_by_role("button", name="Restart", exact=True).click()
    expect(boss.page.locator("h1")).to_have_text("The server starts anew")
    boss.page.wait_for_url("**/admin", timeout=30_000)
    here = boss.page.locator("#figures li").first
    expect(here).to_contain_text("2 people here", timeout=30_000)
    expect(reader.page.locator("#connection")).to_be_empty(timeout=15_000)
    check()
