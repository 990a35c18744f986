"""Chat in the browser: live, by keyboard, on a phone, after an outage, and never as markup."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.browser.checks import violations
from tests.browser.conftest import Arrive, Register
from tests.browser.players import Person, Player, new_name
from tests.support.server import Server
from tests.support.site import Visitor

HOSTILE = (
    '"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script> '
    "javascript:alert(1) https://example.org/'onclick='x"
)
PHONE: Any = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


def field(page: Page) -> Locator:
    return page.locator(".chat:visible .chat-form input[name=text]")


def texts(page: Page) -> Locator:
    return page.locator(".chat:visible .lines .line-text")


def write(player: Player, text: str) -> None:
    field(player.page).fill(text)
    field(player.page).press("Enter")


def talk(one: Person, other: Person, text: str) -> None:
    """One writes to the other, without a browser."""
    one.post("/chat", room=f"with:{other.name}", text=text)


def pen(one: Player, server: Server) -> tuple[str, Callable[[str], None]]:
    """Somebody who writes to `one` much and fast, without a browser: their name, and how."""
    name = new_name("pen")
    socket = Visitor(server.url).register(name).socket()

    def send(text: str) -> None:
        assert socket.ask("chat", room=f"with:{one.name}", text=text)["ok"]

    return name, send


@pytest.fixture
def talkers(arrive: Arrive) -> tuple[Player, Player]:
    """Two who look at their talk with each other."""
    one, other = arrive(at=""), arrive(at="")
    one.open(f"/messages/{other.name}")
    other.open(f"/messages/{one.name}")
    return one, other


def test_a_talk_as_it_goes_on(talkers: tuple[Player, Player]) -> None:
    one, other = talkers
    write(one, "hello, look at https://example.org/a?b=c")
    expect(texts(other.page)).to_have_text(["hello, look at https://example.org/a?b=c"])
    link = other.page.locator(".line-text a")
    expect(link).to_have_attribute("href", "https://example.org/a?b=c")
    expect(link).to_have_attribute("rel", "noopener nofollow ugc")
    expect(link).to_have_attribute("target", "_blank")
    expect(field(one.page)).to_have_value("")
    expect(field(one.page)).to_be_focused()
    expect(one.page.locator(".line-mine")).to_have_count(1)
    write(other, "yes")
    expect(texts(one.page)).to_have_text([re.compile("hello"), "yes"])
    log = one.page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    one.page.reload()
    expect(texts(one.page)).to_have_text([re.compile("hello"), "yes"])

    # A refused text stays in the field.
    write(one, "x" * 301)
    error = one.page.locator(".chat-form .error")
    expect(error).to_have_text("Too long: at most 300 characters.")
    expect(field(one.page)).to_have_value("x" * 301)
    expect(field(one.page)).to_be_focused()
    expect(field(one.page)).to_have_attribute("aria-invalid", "true")
    field(one.page).press("Backspace")
    expect(error).to_be_empty()
    other.post("/friends/block", player=one.name)
    write(one, "please")
    expect(error).to_have_text("You cannot reach that player.")
    expect(field(one.page)).to_have_value("please")
    expect(one.page.locator(".chat-form button")).to_be_enabled()


def test_nothing_becomes_markup(talkers: tuple[Player, Player]) -> None:
    """What the house would never send is text, too: control characters, names, everything."""
    one, other = talkers
    write(one, HOSTILE)
    for page in (one.page, other.page):
        expect(texts(page)).to_have_text([HOSTILE])
    other.page.reload()
    expect(texts(other.page)).to_have_text([HOSTILE])
    line = {
        "id": 10**9, "room": f"with:{other.name}", "name": HOSTILE, "text": HOSTILE + "\u202e",
        "at": "2026-01-01T00:00:00+00:00",
    }  # fmt: skip

    def between(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def forward(frame: str | bytes) -> None:
            socket.send(frame)
            if '"lines"' in str(frame):
                socket.send("42" + json.dumps(["chat_message", {"type": "x", "data": line}]))

        server.on_message(forward)

    one.page.route_web_socket("**/socket.io/**", between)
    one.page.reload()
    expect(one.page.locator(".line-name").last).to_have_text(HOSTILE)
    for page in (one.page, other.page):
        assert page.locator(".chat img, .chat script, .line-text [onclick]").count() == 0
        assert page.locator('.line-text a:not([href="https://example.org/"])').count() == 0
        assert page.evaluate("window.hacked") is None


def test_older_lines_come_by_scrolling_and_the_place_is_kept(
    arrive: Arrive, server: Server
) -> None:
    one = arrive()
    name, send = pen(one, server)
    for number in range(120):
        send(f"line {number}")
    one.open_live(f"/messages/{name}")
    expect(texts(one.page)).to_have_count(50)
    expect(texts(one.page).last).to_be_in_viewport()
    for first, count in ((70, 100), (20, 120)):
        top = one.page.locator(".line", has_text=re.compile(rf"line {first}\s*$"))
        top.scroll_into_view_if_needed()
        expect(texts(one.page)).to_have_count(count)
    expect(texts(one.page)).to_have_text([f"line {number}" for number in range(120)])
    expect(one.page.locator(".chat-older")).to_be_hidden()
    reading = one.page.locator(".line", has_text=re.compile(r"line 40\s*$"))
    reading.scroll_into_view_if_needed()
    before = reading.bounding_box()
    send("news")
    expect(texts(one.page)).to_have_count(121)
    after = reading.bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] == pytest.approx(before["y"], abs=1)
    one.page.get_by_role("button", name="New messages").click()
    expect(texts(one.page).last).to_be_in_viewport()
    expect(one.page.locator(".chat-new")).to_be_hidden()


def test_an_outage_leaves_no_gap_and_no_double(arrive: Arrive, server: Server) -> None:
    one = arrive()
    name, send = pen(one, server)
    send("before")
    one.open(f"/messages/{name}")
    expect(texts(one.page)).to_have_text(["before"])
    stayed = one.stay()
    one.page.context.set_offline(True)
    expect(one.page.locator("#connection")).to_have_text("Reconnecting…")
    meanwhile = [f"meanwhile {number}" for number in range(70)]
    for text in meanwhile:
        send(text)
    field(one.page).fill("are you still there?")
    one.page.context.set_offline(False)
    expect(texts(one.page)).to_have_text(["before", *meanwhile])
    field(one.page).press("Enter")
    expect(texts(one.page)).to_have_text(["before", *meanwhile, "are you still there?"])
    send("yes")
    expect(texts(one.page).last).to_have_text("yes")
    stayed()


def test_unread_marks_come_and_go(arrive: Arrive, register: Register) -> None:
    one, other = arrive(), register()
    badge = one.page.locator("#unread")
    expect(badge).to_be_hidden()
    talk(other, one, "hello")
    expect(badge).to_contain_text("1 unread message")
    talk(other, one, "are you there?")
    expect(badge).to_contain_text("2 unread messages")
    one.open("/messages")
    row = one.page.locator("#talks li", has_text=other.name)
    expect(row).to_contain_text("are you there?")
    expect(row.locator(".badge")).to_contain_text("2")
    talk(other, one, "I am waiting")
    expect(row).to_contain_text("I am waiting")
    expect(row.locator(".badge")).to_contain_text("3")
    another = one.page.context.new_page()
    another.goto(f"/messages/{other.name}")
    expect(badge).to_be_hidden()  # read in the other tab
    expect(row.locator(".badge")).to_have_count(0)


def test_players_and_spectators(pair: tuple[Player, Player], arrive: Arrive) -> None:
    one, other = pair
    watcher = arrive(guest=True)
    watcher.open(one.at_match())
    write(one, "good luck")
    expect(texts(other.page)).to_have_text(["good luck"])
    write(watcher, "she should take e5")
    expect(texts(watcher.page)).to_have_text(["she should take e5"])
    expect(other.page.locator(".chats-switch")).to_be_hidden()
    other.page.click("#leave")
    other.page.locator("#leaving button").first.click()
    for player in pair:
        switch = player.page.locator(".chats-switch")
        spectators = switch.get_by_role("button", name="Spectators")
        spectators.click()
        expect(spectators).to_have_attribute("aria-pressed", "true")
        expect(texts(player.page)).to_have_text(["she should take e5"])
    write(one, "so that is what you said")
    expect(texts(watcher.page).last).to_have_text("so that is what you said")
    switch.get_by_role("button", name="Players").click()
    expect(texts(other.page)).to_have_text(["good luck"])


def test_a_phones_board_stays_where_it_is(
    pair: tuple[Player, Player],
) -> None:
    one, other = pair
    page = one.page
    other.leave()
    page.set_viewport_size(PHONE["viewport"])
    one.reload_live()
    board = page.locator(".board").bounding_box()
    fold = page.locator("#chat > summary")
    expect(field(page)).to_have_count(0)  # folded
    other.post("/chat", room=one.at_match().replace("/match/", "match:"), text="your move")
    expect(fold.locator(".badge")).to_contain_text("1 unread message")
    expect(fold).to_be_in_viewport(ratio=1)
    fold.click()
    expect(texts(page)).to_have_text(["your move"])
    expect(texts(page)).to_be_in_viewport()
    expect(field(page)).to_be_in_viewport(ratio=1)
    expect(fold.locator(".badge")).to_be_hidden()
    assert page.locator(".board").bounding_box() == board
    assert page.evaluate("[scrollX, scrollY, document.documentElement.scrollWidth]") == [0, 0, 360]
    assert violations(page) == []
    fold.click()
    expect(field(page)).to_have_count(0)
    page.set_viewport_size({"width": 1280, "height": 720})


def test_a_message_is_reported_and_its_author_blocked(
    arrive: Arrive, register: Register, server: Server
) -> None:
    one, other = arrive(), register()
    rude = new_name("rude")
    visitor = Visitor(server.url).register(rude)
    visitor.post("/chat", room="lobby", text=f"something rude by {rude}")
    page = one.page
    line = page.locator(".line", has_text=f"something rude by {rude}")
    more = line.get_by_role("link", name=f"More about this message by {rude}")
    more.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"something rude by {rude}")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(more).to_be_focused()
    page.keyboard.press("Enter")
    report = dialog.get_by_role("button", name="Report it to the admins")
    report.click()
    expect(dialog.locator(".error:visible")).to_have_text("Write something first.")
    dialog.get_by_label("What is wrong with this message?").fill("it is rude")
    report.click()
    expect(dialog).to_have_text(re.compile("An admin will look at it."))
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    more.click()
    dialog.get_by_role("button", name=f"Block {rude}").click()
    expect(dialog).to_contain_text(f"You will hear nothing of {rude} any more.")
    expect(line).to_have_count(0)
    page.keyboard.press("Enter")
    visitor.post("/chat", room="lobby", text=f"and again {rude}")
    other.post("/chat", room="lobby", text=f"calm down {rude}")
    expect(texts(page).last).to_have_text(f"calm down {rude}")
    assert page.locator(".line", has_text=f"and again {rude}").count() == 0


def test_a_talk_without_a_script(arrive: Arrive, server: Server) -> None:
    one = arrive(java_script_enabled=False, at="")
    name, send = pen(one, server)
    for number in range(60):
        send(f"line {number}")
    one.open("/rankings")
    expect(one.page.locator("#unread")).to_contain_text("60")
    one.page.get_by_role("link", name="Messages").click()
    one.page.get_by_role("link", name=name).click()
    expect(texts(one.page)).to_have_count(50)
    expect(texts(one.page).last).to_be_in_viewport()
    one.page.get_by_role("link", name="Older messages").click()
    expect(texts(one.page)).to_have_text([f"line {number}" for number in range(10)])
    one.page.get_by_role("link", name="To the latest messages").click()
    expect(one.page.locator("#unread")).to_be_hidden()
    field(one.page).fill("hello")
    one.page.get_by_role("button", name="Send").click()
    expect(texts(one.page).last).to_have_text("hello")
    field(one.page).fill("y" * 301)
    field(one.page).press("Enter")
    expect(one.page.locator(".chat-form .error")).to_contain_text("Too long")
    expect(field(one.page)).to_have_value("y" * 301)


def test_axe_finds_nothing(arrive: Arrive, register: Register) -> None:
    one, other = arrive(at=""), register()
    talk(other, one, "hello https://example.org/")
    other.post("/chat", room="lobby", text="hello everybody")
    for path in ("/messages", f"/messages/{other.name}", "/lobby"):
        one.open(path)
        if path != "/messages":
            expect(texts(one.page).last).to_be_visible()
        assert violations(one.page, dark=True) == [], path
