"""Against the computer: a stranger with a phone, and the board that explains itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import MEASURE_SHIFT, violations
from tests.browser.conftest import Arrive
from tests.browser.players import MATCH_URL
from tests.support.server import Server
from tests.support.site import Visitor

PHONE = {"width": 360, "height": 740}
OPEN = '[data-at][aria-disabled="false"]'


@pytest.fixture
def stranger(new_page: Callable[..., Page], server: Server) -> Iterator[Page]:
    """Somebody with a phone who has never been here, at the front page."""
    page = new_page(viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto("/")
    yield page
    visitor = Visitor(server.url)
    visitor.http.cookies.update({c["name"]: c["value"] for c in page.context.cookies()})
    visitor.post(f"{urlsplit(page.url).path}/end")


def hold(page: Page, square: str, ms: int) -> Callable[[], None]:
    """Put a finger on a square and leave it there so long; what is returned lifts it."""
    box = page.locator(f'[data-at="{square}"]').bounding_box()
    assert box is not None
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    finger = page.context.new_cdp_session(page)
    down = {"type": "touchStart", "touchPoints": [place]}
    finger.send("Input.dispatchTouchEvent", down)
    page.wait_for_timeout(ms)
    return lambda: finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_two_taps_and_one_plays_and_knows_why(stranger: Page) -> None:
    page = stranger
    button = page.get_by_role("button", name="Play the computer")
    box = button.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < PHONE["height"] / 2, "it is in sight at once, above all else"
    button.tap()  # the first
    page.wait_for_url(MATCH_URL)
    turn, why, coach = (page.locator(at) for at in ("#turn", "#why", "#coach"))
    expect(turn).to_have_text("Your turn: begin anywhere.")
    expect(why).to_have_text("Nobody has moved yet, so every board is lit.")
    expect(coach).to_contain_text("your opponent must answer in the board at that same place")
    expect(page.locator("#seat-1")).to_contain_text("Computer, easy")
    expect(page.locator(OPEN)).to_have_count(81)
    page.evaluate(MEASURE_SHIFT)
    page.locator('[data-at="f6"]').tap()  # the second: one is playing
    expect(page.locator("#moves li")).to_have_count(2)
    expect(page.locator(".plate.lit")).to_have_count(1)
    expect(page.locator(".plate.lit")).to_have_css("box-shadow", re.compile("px"))
    expect(why).to_have_text(re.compile("^The computer took .* of a board, so you play in the"))
    board = re.search(r"so you play (in .* board)\.", why.inner_text())
    assert board is not None
    expect(turn).to_have_text(f"Your turn: play {board[1]}.")
    expect(page.locator("#announce")).to_have_text(re.compile(rf"^o played ..\. .*{board[1]}\.$"))
    expect(coach).to_contain_text("hold a finger on it")
    assert page.evaluate("window.shift") < 0.02, "nothing moved as the answer came"
    assert violations(page, dark=True) == []

    # A finger that stays looks ahead, and does not play.
    square = page.locator(OPEN).first.get_attribute("data-at")
    assert square is not None
    lift = hold(page, square, 600)
    expect(page.locator(".plate[data-sends]")).to_have_count(1)
    expect(why).to_have_text(re.compile("^If you play here, the computer must play in the"))
    lift()
    expect(page.locator(".plate[data-sends]")).to_have_count(0)
    expect(why).to_have_text(re.compile("^The computer took"))
    expect(page.locator("#moves li")).to_have_count(2)
    page.locator(f'[data-at="{square}"]').tap()
    expect(page.locator("#moves li")).to_have_count(4)

    # The coach goes for good.
    with page.expect_response("**/coach/off"):
        coach.get_by_role("button", name="No more hints").tap()
    expect(coach).to_have_count(0)
    page.reload()
    expect(page.locator("#moves li")).to_have_count(4)
    expect(coach).to_have_count(0)


def test_looking_ahead_with_mouse_and_keys_and_again_afterwards(arrive: Arrive) -> None:
    player = arrive()
    page = player.page
    page.locator("label[for=uttt-beginner]").click()
    page.click("#computer")
    path = player.at_match()
    why, sends = page.locator("#why"), page.locator(".plate[data-sends]")
    expect(page.locator(OPEN)).to_have_count(81)
    page.hover('[data-at="a9"]')
    expect(sends).to_have_count(1)
    expect(page.locator(".plate").first).to_have_attribute("data-sends", "")
    expect(why).to_have_text("If you play here, the computer must play in the top left board.")
    page.hover("#seat-0")
    expect(why).to_have_text("Nobody has moved yet, so every board is lit.")
    page.keyboard.press("Tab")
    page.locator('[data-at="e5"]').focus()
    page.keyboard.press("ArrowRight")
    expect(why).to_have_text("If you play here, the computer must play in the right board.")
    page.keyboard.press("Enter")
    expect(page.locator("#moves li")).to_have_count(2)
    player.post(f"{path}/end")
    player.sees_result("Not rated: the computer was playing.")
    expect(page.locator("#rematch")).to_have_text("Again")
    page.click("#stronger")
    page.wait_for_url(lambda url: not url.endswith(path))
    again = player.at_match()
    expect(page.locator("#seat-0")).to_contain_text("Computer, easy")
    expect(page.locator("#moves li")).to_have_count(1)  # it begins
    player.open("/lobby")
    expect(page.locator("#uttt-easy")).to_be_checked()
    expect(page.locator("#matches li")).to_contain_text("Computer, easy")
    player.post(f"{again}/end")
