"""Telling the user elsewhere: sounds, notifications, the icon's number; one page of many tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.games.scopa import SCOPA
from tests.browser.conftest import Arrive, Register
from tests.browser.players import SHORTEST_WIN, Person, Player, begin, new_name
from tests.browser.scopa_people import deal, house_of
from tests.support.pages import Pages
from tests.support.server import Server
from tests.support.site import Visitor

SOUNDS = {"parlour.tell.sounds": "on"}
NOTICES = {"parlour.tell.notices": "on"}

# What a page does is noted; in a tab out of sight, as a browser without a window cannot have one.
NOTE = """
  window.rung = [];
  window.counts = [];
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (at) {
    window.rung.push(Math.round(this.frequency.value));
    return start.call(this, at);
  };
  navigator.setAppBadge = async (count) => { window.counts.push(count); };
"""
HIDE = """
  (hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
    document.dispatchEvent(new Event("visibilitychange"));
  }
"""
NOTIFIED = """
  async () => {
    await navigator.serviceWorker.ready;
    const registration = await navigator.serviceWorker.getRegistration();
    const found = await registration.getNotifications();
    return found.map(({ title, body, tag }) => ({ title, body, tag }));
  }
"""
BEGINNING = 587  # Hz: the lower tone of "your turn"
MESSAGE = 698
QUIET = 1100  # milliseconds; what waits when a page opens is no news for so long


@pytest.fixture(scope="module")
def pages(whole_browser: Browser) -> Pages:
    return Pages(whole_browser)


def chooses(player: Player, *choices: dict[str, str]) -> None:
    """From now on this browser does so, once a page is opened anew."""
    for choice in choices:
        for key, value in choice.items():
            player.page.evaluate("([key, value]) => localStorage.setItem(key, value)", [key, value])


def rung(page: Page, kind: int) -> int:
    """How often a page has sounded a tone of that pitch."""
    tones: list[int] = page.evaluate("window.rung")
    return tones.count(kind)


def notified(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(NOTIFIED)
    return found


def wait_until(page: Page, done: Callable[[], bool]) -> None:
    """Wait for what no element of the page shows."""
    for _ in range(150):
        if done():
            return
        page.wait_for_timeout(100)
    assert done()


def hear_each_other(one: Player, other: Person) -> str:
    """A match between them in which the first is to move, and both pages are live; its path."""
    path = begin(one, other)
    one.open_live(path)
    one.page.wait_for_timeout(QUIET)
    return path


def test_a_soft_sound_by_one_page_of_many(
    arrive: Arrive, register: Register, server: Server
) -> None:
    """If it was chosen."""
    one, other = arrive(), register()
    page = one.page
    page.add_init_script(NOTE)
    path = hear_each_other(one, other)
    one.play(SHORTEST_WIN[0])
    other.post(f"{path}/move", square=SHORTEST_WIN[1])
    one.sees_last(SHORTEST_WIN[1], "b")
    page.wait_for_timeout(300)
    assert page.evaluate("window.rung") == []
    chooses(one, SOUNDS)
    one.reload_live()
    page.wait_for_timeout(QUIET)
    second = page.context.new_page()
    second.add_init_script(NOTE)
    second.goto("/friends", wait_until="domcontentloaded")
    second.click("h1")  # so that this page, too, may sound
    second.wait_for_timeout(QUIET)
    one.play(SHORTEST_WIN[2])
    one.sees_last(SHORTEST_WIN[2], "a")
    assert (rung(page, BEGINNING), rung(second, BEGINNING)) == (0, 0)
    other.post(f"{path}/move", square=SHORTEST_WIN[3])
    one.sees_last(SHORTEST_WIN[3], "b")
    wait_until(page, lambda: rung(page, BEGINNING) + rung(second, BEGINNING) > 0)
    expect(second.locator("#waiting")).to_be_visible()
    assert page.evaluate("window.counts.at(-1)") == 1
    page.wait_for_timeout(300)  # the other page would have sounded by now
    assert rung(page, BEGINNING) + rung(second, BEGINNING) == 1
    # Who reads what is written hears nothing; who is elsewhere does.
    page.goto(f"/messages/{other.name}")
    page.click(".chat-log")
    second.close()
    other.post("/chat", room=f"with:{one.name}", text="hello there")
    expect(page.locator(".chat-log")).to_contain_text("hello there")
    assert rung(page, MESSAGE) == 0
    page.goto("/rules")
    page.click("h1")
    page.wait_for_timeout(1500)  # so soon after it would be the same news
    other.post("/chat", room=f"with:{one.name}", text="and again")
    expect(page.locator("#unread")).to_be_visible()
    wait_until(page, lambda: rung(page, MESSAGE) == 1)
    other.post(f"{path}/end")
    scopa_and_bridge_tell_the_same_way(one, other, server)


def scopa_and_bridge_tell_the_same_way(one: Player, other: Person, server: Server) -> None:
    page = one.page
    one.open_live("/rules")
    page.click("h1")
    page.wait_for_timeout(QUIET)
    with house_of(server) as house:
        record = deal(house, [other.name, one.name], bytes(32))
        assert record.seats[min(record.actors)].name == other.name
        card = SCOPA.move_json(SCOPA.legal_moves(record.state, 0)[0])
    other.ask("move", id=record.id, version=0, **card)
    wait_until(page, lambda: rung(page, BEGINNING) == 1)
    one.post(f"/match/{record.id}/end")
    others = [Visitor(server.url).register(new_name()) for _ in "ESW"]
    table = one.post("/bridge/open", position="N")
    for person, side in zip(others, "ESW", strict=True):
        person.post(f"{table}/sit", position=side)
    expect(page.locator(".toast", has_text="Cards have been dealt")).to_be_visible()
    while page.locator("#waiting").is_hidden():
        for person in others:
            person.post(f"{table}/bid", bid="pass")
    wait_until(page, lambda: page.evaluate("window.rung.length") > 4)  # each tone is two
    for person in (*others, one):
        person.post(f"{table}/leave")


def test_a_notification_while_the_page_is_out_of_sight(arrive: Arrive, register: Register) -> None:
    one, other = arrive(service_workers="allow"), register()
    page = one.page
    page.context.grant_permissions(["notifications"])
    page.add_init_script(NOTE)
    chooses(one, NOTICES)
    path = hear_each_other(one, other)
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    one.play(SHORTEST_WIN[0])
    one.sees_last(SHORTEST_WIN[0], "a")
    page.evaluate(HIDE, True)
    other.post(f"{path}/move", square=SHORTEST_WIN[1])
    one.sees_last(SHORTEST_WIN[1], "b")
    wait_until(page, lambda: notified(page) != [])
    told = {"title": "Your turn", "body": f"Ultimate tic-tac-toe with {other.name}", "tag": path}
    assert notified(page) == [told]
    # Answered elsewhere: it waits no longer, and goes.
    one.post(f"{path}/move", square=SHORTEST_WIN[2])
    one.sees_last(SHORTEST_WIN[2], "a")
    wait_until(page, lambda: notified(page) == [])
    # Told again, and gone with a look at the match.
    page.wait_for_timeout(1500)  # so soon after it would be the same news
    other.post(f"{path}/move", square=SHORTEST_WIN[3])
    wait_until(page, lambda: notified(page) == [told])
    page.evaluate(HIDE, False)
    wait_until(page, lambda: notified(page) == [])
    # A page in sight is told by what it shows.
    second = page.context.new_page()
    second.goto("/friends")
    page.evaluate(HIDE, True)
    one.post(f"{path}/move", square=SHORTEST_WIN[4])
    page.wait_for_timeout(1500)
    other.post(f"{path}/move", square=SHORTEST_WIN[5])
    one.sees_last(SHORTEST_WIN[5], "b")
    page.wait_for_timeout(300)
    assert notified(page) == []
    second.close()
    # A challenge, and what has been written.
    asked = other.ask("challenge", player=one.name, game="scopa", variant="classic")["table"]
    table = f"/table/{asked['id']}"
    wait_until(page, lambda: [each["tag"] for each in notified(page)] == [table])
    other.post("/chat", room=f"with:{one.name}", text="a secret between us")
    wait_until(page, lambda: len(notified(page)) == 2)
    titles = [each["title"] for each in notified(page)]
    assert f"{other.name} has written to you." in titles
    assert "secret" not in str(notified(page))
    # It goes with the challenge, whether the page still shows a notice of it or not.
    page.locator(".toast", has=page.locator(f'a[href="{table}"]')).evaluate("(it) => it.remove()")
    other.post(f"{table}/withdraw")
    wait_until(page, lambda: len(notified(page)) == 1)
    other.post(f"{path}/end")


def test_the_settings_turn_them_on_and_off(arrive: Arrive) -> None:
    one = arrive(at="")
    page = one.page
    page.add_init_script(NOTE)
    page.context.grant_permissions(["notifications"])
    one.open("/settings")
    sounds, button = page.locator("#tell-sounds"), page.locator("#tell-notices")
    expect(sounds).not_to_be_checked()
    page.click("#tell-try")
    wait_until(page, lambda: rung(page, BEGINNING) == 1)
    sounds.check()
    expect(button).to_have_text("Turn on")
    button.click()
    expect(page.locator("#tell-notices-state")).to_have_text(
        "Notifications are on in this browser."
    )
    page.reload()
    expect(sounds).to_be_checked()
    expect(button).to_have_text("Turn off")
    button.click()
    sounds.uncheck()
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.includes('tell'))") == []

    # A browser that keeps notifications back is explained.
    other = page.context.new_page()
    other.add_init_script(
        'Object.defineProperty(Notification, "permission", { get: () => "denied" });'
    )
    other.goto("/settings", wait_until="domcontentloaded")
    expect(other.locator("#tell-notices")).to_be_disabled()
    expect(other.locator("#tell-notices-state")).to_contain_text("Allow them")
    assert other.evaluate("localStorage.getItem('parlour.tell.notices')") is None
