"""A deal that is over, in a browser: going through it, its board's page, and whether it was dealt
fairly."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Page, expect

from app import create_app
from app.games.bridge import BRIDGE
from app.services import accounts, matches
from app.services.records import MatchRecord
from app.web.bridge import paper, replay
from config import Config
from tests.browser.checks import MEASURE_SHIFT, violations
from tests.browser.conftest import PATIENCE, Arrive
from tests.browser.players import new_name
from tests.conftest import lay_out, settings_for_tests
from tests.services.bridge_deals import analyse, bid, dealt
from tests.services.conftest import CLIENT
from tests.support.server import Server
from tests.support.site import Visitor
from tests.web.bridge_deals import go_on

NAMES = ("anna", "bert", "carl", "hanna-margareta")
PHONE = {"width": 360, "height": 740}


@dataclass(frozen=True)
class Played:
    """A server where four have played a deal to its last card, and anna's browser."""

    page: Page
    record: MatchRecord

    def go(self, path: str) -> None:
        self.page.goto(path, wait_until="domcontentloaded")


@pytest.fixture
def played(
    make_server: Callable[..., Server],
    new_page: Callable[..., Page],
    tmp_path: Path,
    migrated: Path,
) -> Played:
    instance = tmp_path / "instance"
    config: Config = replace(settings_for_tests(instance), SECRET_KEY="")
    lay_out(config, migrated)
    house = create_app(config).extensions["house"]
    callers = [accounts.register(house, name, "pw", client=CLIENT).caller for name in NAMES]
    record = dealt(house, *callers)
    bid(house, record.id, callers, "1Z", "pass", "3Z", "pass", "pass", "pass")
    analyse(house, record.board_id)
    record = go_on(house, record, callers, Random(0), asides=False)
    server = make_server(instance=instance)
    page = new_page(base_url=server.url)
    page.set_default_timeout(PATIENCE)
    anna = Visitor(server.url).sign_in("anna", "pw")
    page.context.add_cookies(
        [{"name": c.name, "value": c.value or "", "url": server.url} for c in anna.http.cookies]
    )
    return Played(page, matches.get(house, record.id))


def test_the_pages_of_a_deal(played: Played) -> None:
    step_by_step(played)
    from_the_board(played)
    checked_here(played)
    on_a_phone(played)


def shows(played: Played, ply: int) -> None:
    """Wait for the page to show the position after so many steps, as the house has it."""
    page, view = played.page, BRIDGE.open_view(played.record.state)
    steps = replay.steps_of(view)
    text = f"After move {ply} of {len(steps)}." if ply else "Before the first move."
    expect(page.locator("[data-caption]")).to_have_text(text)
    now = replay.position(view, steps, ply)
    for side, cards in now["hands"].items():
        ranks = page.locator(f'.paper[data-side="{side}"] [data-ranks]')
        expect(ranks).to_have_text([paper.ranks_of(cards, letter) for letter in "SHDC"])
    expect(page.locator("#trick [data-text]")).to_have_count(len(now["trick"]))
    for step in now["trick"]:
        shown = page.locator(f'#trick [data-side="{step["side"]}"] [data-text]')
        expect(shown).to_have_text(step["text"])
    expect(page.locator("#calls .later")).to_have_count(len(view["auction"]) - now["calls"])
    for pair, tricks in now["tricks"].items():
        expect(page.locator(f'[data-tricks="{pair}"]')).to_have_text(str(tricks))


def step_by_step(played: Played) -> None:
    page, last = played.page, 6 + 52
    page.add_init_script(MEASURE_SHIFT)
    played.go(f"/match/{played.record.id}/replay?ply=0")
    shows(played, 0)
    assert violations(page, dark=True) == []
    keys = [*["ArrowRight"] * 6, "ArrowRight", "ArrowLeft", "End", "ArrowLeft", "Home", "End"]
    plies = [1, 2, 3, 4, 5, 6, 7, 6, last, last - 1, 0, last]
    for key, ply in zip(keys, plies, strict=True):
        page.keyboard.press(key)
        shows(played, ply)
        assert page.url.endswith(f"?ply={ply}")
    page.click('#moves a[data-ply="10"]')  # the first trick lies there, complete
    shows(played, 10)
    expect(page.locator("#announce")).to_contain_text("After move 10 of 58.")
    assert violations(page, dark=True) == []
    played.go(f"/match/{played.record.id}/replay?ply=33")
    shows(played, 33)
    assert page.evaluate("window.shift") < 0.01


def from_the_board(played: Played) -> None:
    page = played.page
    page.get_by_role("link", name="The board's page").click()
    page.wait_for_url(re.compile(f"/bridge/board/{played.record.board_id}$"))
    expect(page.locator("#results tbody tr")).to_have_count(1)
    expect(page.locator("#par")).to_have_text("Par +110: 2♠ North")
    with page.expect_download() as saved:
        page.get_by_role("link", name="PBN").click()
    assert '[North "anna"]' in Path(saved.value.path()).read_text("latin-1")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Share the link").click()
    expect(page.locator("#message")).to_have_text("The link is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.locator("#results a", has_text="3").first.click()
    page.wait_for_url(re.compile(r"/replay\?ply=0$"))


def checked_here(played: Played) -> None:
    page = played.page
    page.get_by_role("link", name="Check the cards").click()
    expect(page.locator("#verdict")).to_have_class(re.compile("good"))
    expect(page.locator("#checks .good")).to_have_count(5)
    assert violations(page, dark=True) == []
    answer = page.request.get(page.url)
    wrong = answer.text().replace(played.record.seed.hex(), "0" * 64)
    page.route("**/verify", lambda route: route.fulfill(response=answer, body=wrong))
    page.reload()
    expect(page.locator("#verdict")).to_have_class(re.compile("bad"))
    expect(page.locator("#checks .bad")).to_have_count(5)
    page.unroute("**/verify")


def on_a_phone(played: Played) -> None:
    """The steps are in sight with the hands; what else holds on a phone is in `test_budgets`."""
    page = played.page
    page.set_viewport_size(PHONE)
    played.go(f"/match/{played.record.id}/replay?ply=20")
    dock = page.locator(".rooms").bounding_box()
    steps = page.locator(".steps").bounding_box()
    assert dock
    assert steps
    assert steps["y"] + steps["height"] <= dock["y"]


def test_a_deal_that_begins_is_told_wherever_one_is(arrive: Arrive, server: Server) -> None:
    one = arrive(at="")
    others = [Visitor(server.url).register(new_name()) for _ in "ESW"]
    table = one.post("/bridge/open", position="N")
    one.open_live("/lobby")
    page = one.page
    stays = one.stay()
    expect(page.locator("#matches li")).to_have_count(0)
    for person, side in zip(others, "ESW", strict=True):
        person.post(f"{table}/sit", position=side)
    toast = page.locator(".toast", has_text="Cards have been dealt at your bridge table.")
    expect(toast.get_by_role("link", name="Go to the table")).to_have_attribute("href", table)
    row = page.locator("#matches li")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Bridge")
    expect(row.locator("[data-turn]")).to_have_text(re.compile("Your turn|'s turn"))
    mine = row.locator("[data-turn]").inner_text() == "Your turn"
    expect(page.locator("#waiting")).to_be_visible(visible=mine)
    assert violations(page, dark=True) == []
    for _ in range(4):  # around the table, whoever deals; who is not to call is refused
        one.post(f"{table}/bid", bid="pass")
        for person in others:
            person.post(f"{table}/bid", bid="pass")
    expect(page.locator("#matches li")).to_have_count(0)
    expect(page.locator("#waiting")).to_be_hidden()
    expect(page.locator("#recent li").first).to_contain_text("Bridge")
    stays()
    for person in (*others, one):
        person.post(f"{table}/leave")
