"""The site as an app: what it keeps in a browser, the page without a way to the house, news of a
newer house, and the button that installs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.checks import violations
from tests.browser.conftest import Arrive
from tests.browser.players import Player
from tests.support.server import Server

KEPT = """
  async () => {
    const kept = {};
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      kept[name] = (await cache.keys()).map(({ url }) => new URL(url).pathname);
    }
    return kept;
  }
"""
IN_CHARGE = """
  new Promise((done) => {
    if (navigator.serviceWorker.controller) done();
    else navigator.serviceWorker.addEventListener("controllerchange", () => done());
  })
"""
PHONE = {"width": 360, "height": 740}


def installed(page: Page) -> dict[str, list[str]]:
    """Wait for the worker to be in charge of this page; what it has kept."""
    page.evaluate(IN_CHARGE)
    kept: dict[str, list[str]] = page.evaluate(KEPT)
    return kept


def test_no_way_to_the_house_and_back(
    make_server: Callable[..., Server], new_page: Callable[..., Page]
) -> None:
    server = make_server()
    page = new_page(base_url=server.url, service_workers="allow", locale="de-DE", viewport=PHONE)
    page.goto("/")
    installed(page)
    server.kill()
    page.goto("/rules/uttt?from=here")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("h1")).to_have_count(1)
    line = page.locator("[data-trying]")
    expect(line).to_have_text(str(line.get_attribute("data-trying")))
    # In the site's own look: what it is drawn with was kept, too.
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert ground == "rgb(246, 241, 231)"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert violations(page, dark=True) == []
    page.emulate_media(color_scheme="light")
    page.context.add_cookies([{"name": "theme", "value": "dark", "url": server.url}])
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    server.start()
    expect(page.locator("h1")).to_contain_text("tic-tac-toe", ignore_case=True)  # by itself
    assert page.url.endswith("/rules/uttt?from=here")


def test_what_is_kept_and_that_it_may_be_installed(arrive: Arrive) -> None:
    one = arrive(service_workers="allow", at="/offline")  # which has no worker
    page = one.page
    page.evaluate("caches.open('files-of-old-en').then((old) => old.put('/x', new Response('x')))")
    page.goto("/settings")
    assert "files-of-old-en" not in installed(page)  # what another version has kept goes
    pages_and_persons_are_not_kept(one)
    the_browser_finds_nothing_to_keep_it_from_being_installed(page)


def pages_and_persons_are_not_kept(one: Player) -> None:
    page = one.page
    for path in ("/friends", f"/player/{one.name}", "/lobby"):
        one.open_live(path)
    kept = page.evaluate(KEPT)
    assert len(kept) == 1
    ((name, paths),) = kept.items()
    version = page.evaluate("fetch('/version').then((answer) => answer.json())")["version"]
    assert name == f"files-{version}-en"
    others = [path for path in paths if not path.startswith(f"/static/{version}/")]
    assert others == ["/offline"]
    assert any(path.endswith("/js/hall.js") for path in paths)
    text = page.evaluate("caches.match('/offline?language=en').then((page) => page.text())")
    assert one.name not in text
    assert "csrf" not in text


def the_browser_finds_nothing_to_keep_it_from_being_installed(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    found: dict[str, Any] = session.send("Page.getAppManifest")
    assert found["errors"] == []
    assert found["url"].endswith("/manifest.webmanifest?language=en")
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # A browser without a window of its own, as tests have it, says so; nothing else is wrong.
    assert [each["errorId"] for each in errors if each["errorId"] != "in-incognito"] == []


def test_a_page_hears_that_the_house_is_another(arrive: Arrive) -> None:
    one = arrive(at="")
    page = one.page
    one.open_live("/lobby")
    page.evaluate("location.hash = 'main'")  # to load it anew is not to go to a place of it
    stays = one.stay()
    one.page.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('offline'))")
    expect(page.locator("#connection")).to_have_text("Reconnecting…")
    page.route("**/version", lambda route: route.fulfill(json={"version": "newer"}))
    one.page.context.set_offline(False)
    toast = page.locator(".toast", has_text="The house has been renewed.")
    expect(toast.get_by_role("link", name="Load it anew")).to_be_visible()
    stays()
    page.unroute("**/version")
    toast.get_by_role("link").click()
    expect(page.locator(".toast")).to_have_count(0)
    assert page.evaluate("window.marked") is None


OFFER = """
  window.asked = 0;
  const offer = new Event("beforeinstallprompt", { cancelable: true });
  offer.prompt = () => { window.asked += 1; };
  dispatchEvent(offer);
"""


def test_the_button_is_there_where_the_browser_offers_it(arrive: Arrive) -> None:
    one = arrive(at="/settings")
    page = one.page
    button = page.locator("#app").get_by_role("button", name="Install the app")
    expect(page.locator("#app")).to_be_visible()
    expect(button).to_be_hidden()
    page.evaluate(OFFER)
    button.click()
    assert page.evaluate("window.asked") == 1
    expect(button).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('appinstalled'))")
    expect(page.locator("#app-state")).to_have_text("The app is installed.")
