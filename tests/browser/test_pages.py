"""What holds for the pages as such: their weight, their markup, their stillness."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response, WebSocketRoute, expect

from tests.browser.checks import MEASURE_SHIFT, violations
from tests.browser.conftest import Arrive, Register
from tests.browser.players import SHORTEST_WIN, Player, begin, move_on
from tests.support.server import Server
from tests.support.site import Visitor

MOST_BYTES = 100 * 1024


def test_axe_finds_nothing(pair: tuple[Player, Player]) -> None:
    """In a match, of which the page weighs little; every page as it comes is in `test_budgets`."""
    one, other = pair
    path = one.at_match()
    page = one.page
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    page.on("response", note)
    one.reload_live()
    page.remove_listener("response", note)
    weighs_little(answers)
    move_on(one, other, path, SHORTEST_WIN[:9])
    for player in pair:
        player.sees_last(SHORTEST_WIN[8], "a")
    assert violations(page) == []  # waiting
    assert violations(other.page, dark=True) == []  # to move
    other.page.click("#leave")
    expect(other.page.locator("#leaving")).to_be_visible()
    assert violations(other.page, dark=True) == []
    other.page.keyboard.press("Escape")
    other.leave()
    one.post(f"{path}/end")
    one.open(f"{path}/replay")
    expect(page.locator("#status h2")).to_be_visible()
    assert violations(page, dark=True) == []


def weighs_little(answers: list[Response]) -> None:
    weights = {}
    for answer in answers:
        kind = answer.headers.get("content-type", "").split(";")[0]
        if kind in {"text/html", "text/css", "text/javascript"}:
            weights[answer.url] = len(gzip.compress(answer.body()))
    assert len(weights) > 5
    assert sum(weights.values()) < MOST_BYTES, weights


def test_the_board_is_there_before_any_script(
    register: Register, new_page: Callable[..., Page]
) -> None:
    """The start page shows it as it is played."""
    one, other = register(), register()
    path = begin(one, other)
    move_on(one, other, path, SHORTEST_WIN[:5])
    page = new_page(java_script_enabled=False)
    page.goto(path)
    watcher = Player(page, "")
    watcher.sees_last(SHORTEST_WIN[4], "a")
    expect(page.locator(".tile.is-a")).to_have_count(3)
    expect(page.locator(".tile.is-b")).to_have_count(2)
    expect(page.locator(".plate.lit")).to_have_count(1)
    box = page.locator(".board").bounding_box()
    assert box is not None
    assert box["width"] > 300

    start = new_page()
    start.goto("/", wait_until="domcontentloaded")  # played last, so the one that is shown
    watcher = Player(start, "")
    watcher.sees_last(SHORTEST_WIN[4], "a")
    move_on(one, other, path, SHORTEST_WIN[5:6], ply=5)
    watcher.sees_last(SHORTEST_WIN[5], "b")
    board = start.get_by_role("img", name=f"Last move {SHORTEST_WIN[5]}")
    expect(board).to_be_visible()
    one.post(f"{path}/end")


def test_the_whole_board_is_in_sight_and_nothing_moves(arrive: Arrive, register: Register) -> None:
    one, other = arrive(at=""), register()
    path = begin(one, other)
    page = one.page
    one.open_live(path)
    is_in_sight(page)
    for address in (path, "/lobby"):
        one.open_live(address)
        page.evaluate(MEASURE_SHIFT)  # since the page was opened
        if address == path:
            one.play(SHORTEST_WIN[0])
            move_on(one, other, path, SHORTEST_WIN[1:2], ply=1)
            one.sees_last(SHORTEST_WIN[1], "b")
        else:
            move_on(one, other, path, SHORTEST_WIN[2:3], ply=2)
            turn = page.locator(f'[href="{path}"] ~ .end [data-turn]')
            expect(turn).to_have_text("Their turn")
        assert page.evaluate("window.shift") < 0.01, address
    one.post(f"{path}/end")


def is_in_sight(page: Page) -> None:
    for width, height in ((360, 740), (740, 360), (1024, 768), (1440, 900), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        dock = page.locator("nav.rooms").bounding_box()
        assert dock is not None
        floor = dock["y"] if dock["y"] > height / 2 else height
        for selector in (".board", "#seat-0", "#seat-1", "#turn"):
            box = page.locator(selector).bounding_box()
            assert box is not None
            assert box["x"] >= 0, (selector, width)
            assert box["x"] + box["width"] <= width, (selector, width)
            assert box["y"] + box["height"] <= floor, (selector, width)
        board = page.locator(".board").bounding_box()
        assert board is not None
        assert min(board["width"], board["height"]) >= 0.75 * min(width, height) - 40
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1280, "height": 720})


def test_no_name_becomes_markup(arrive: Arrive) -> None:
    """No name can hold markup; should one ever come along, it is text on the page."""
    page = arrive(at="").page
    nasty = '"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
    messages = (
        ("presence_update", {"name": nasty, "registered": True, "elo": nasty, "online": True}),
        ("match_request", {"player": nasty}),
        ("rematch", {"id": nasty, "match": nasty, "by": nasty + "."}),
    )

    def between(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def forward(frame: str | bytes) -> None:
            socket.send(frame)
            if "lobby_state" in str(frame):
                for type, data in messages:
                    socket.send("42" + json.dumps([type, {"type": type, "data": data}]))

        server.on_message(forward)

    page.route_web_socket("**/socket.io/**", between)
    page.goto("/lobby", wait_until="domcontentloaded")
    expect(page.locator("#online-list")).to_contain_text(nasty)
    expect(page.locator(".toast")).to_have_count(2)
    assert page.locator("main img, .toasts img, main script").count() == 0
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize("name", ["<b>bold</b>", "a b c", "ab", "ééééé", "x" * 17, "a'b\"c"])
def test_no_odd_name_is_let_in(server: Server, name: str) -> None:
    visitor = Visitor(server.url)
    for path, page in (("/register", "/register"), ("/guest", "/")):
        answer = visitor.post(path, page=page, name=name, password="pw")
        assert answer.status_code == 422
        assert "<b>bold" not in answer.text
