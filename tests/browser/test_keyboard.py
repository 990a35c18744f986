"""Playing without a mouse, and what a screen reader is told."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Arrive
from tests.browser.players import Player


def focused(page: Page) -> str:
    """The square the focus is on, or "" when it is elsewhere."""
    return str(page.evaluate("document.activeElement?.dataset.at ?? ''"))


def tab_to_board(page: Page) -> None:
    """Tab on from the top of the page until the board has the focus."""
    page.evaluate("document.activeElement?.blur()")
    for _ in range(30):
        if focused(page):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab never came to the board")


def test_a_match_by_keyboard(pair: tuple[Player, Player]) -> None:
    one, other = pair
    path, page = one.at_match(), one.page
    expect(page.locator('[data-at="e5"]')).to_have_attribute("aria-disabled", "false")
    tab_to_board(page)
    assert focused(page) == "e5"
    # The board is one stop, and the buttons come after.
    page.keyboard.press("Tab")
    assert focused(page) == ""
    assert page.locator('.board [tabindex="0"]').count() == 1
    page.locator("#leave").focus()
    page.keyboard.press("Enter")
    dialog = page.locator("#leaving")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "leave"
    one.tile("e5").focus()
    for key, square in (
        ("ArrowLeft", "d5"),
        ("ArrowUp", "d6"),
        ("ArrowRight", "e6"),
        ("ArrowDown", "e5"),
        ("Home", "a5"),
        ("PageUp", "a9"),
        ("ArrowUp", "a9"),
        ("End", "i9"),
        ("PageDown", "i1"),
        ("ArrowRight", "i1"),
        ("Control+ArrowLeft", "f1"),
    ):
        page.keyboard.press(key)
        assert focused(page) == square, key
    page.keyboard.press("Enter")
    other.sees_last("f1", "a")
    expect(page.locator("#announce")).to_have_text(
        "x played f1. You took the bottom right square of a board, "
        f"so {other.name} plays in the bottom right board."
    )
    expect(other.page.locator("#announce")).to_have_text(
        f"x played f1. {one.name} took the bottom right square of a board, "
        "so you play in the bottom right board."
    )
    other.play("g3")
    one.sees_last("g3", "b")
    expect(page.locator("#announce")).to_have_text(
        f"o played g3. {other.name} took the top left square of a board, "
        "so you play in the top left board."
    )
    assert focused(page) == "f1"  # the focus is the user's own: news does not move it
    page.keyboard.press("Home")
    for _ in range(8):
        page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    other.sees_last("a9", "a")
    one.sees_last("a9", "a")
    other.post(f"{path}/move", square="b8")
    one.sees_last("b8", "b")
    squares_and_position_have_words(page)


def squares_and_position_have_words(page: Page) -> None:
    board = page.get_by_role("grid", name="Board")
    expect(board.get_by_role("row")).to_have_count(9)
    expect(board.get_by_role("gridcell")).to_have_count(81)
    for words in ("a9, x", "b8, o, the last move", "i9, free"):
        expect(board.get_by_role("button", name=words, exact=True)).to_have_count(1)
    expect(board.get_by_role("button", name="e5, free, yours to take")).to_have_count(1)
    expect(board).to_have_accessible_description("Boards won: x 0, o 0, drawn 0. Last move b8.")


def test_the_end_is_told_and_the_focus_is_not_lost(pair: tuple[Player, Player]) -> None:
    one, other = pair
    for player in pair:
        expect(player.page.locator("#announce")).to_be_empty()
    one.page.locator("#leave").focus()
    one.page.keyboard.press("Enter")
    one.page.locator("#leaving button").press("Enter")
    expect(one.page.locator("#announce")).to_contain_text("You closed the match")
    expect(other.page.locator("#announce")).to_contain_text(f"{one.name} closed the match")
    assert one.page.evaluate("document.activeElement.id") == "actions"
    one.page.keyboard.press("Tab")
    assert one.page.evaluate("document.activeElement.id") == "rematch"


def test_from_the_lobby_into_a_match(arrive: Arrive) -> None:
    other, one = arrive(), arrive(guest=True)
    one.page.locator("#player").focus()
    one.page.keyboard.type(other.name)
    one.page.keyboard.press("Enter")
    other.page.get_by_role("button", name=f"Accept {one.name}'s challenge").focus()
    other.page.keyboard.press("Enter")
    one.post(f"{other.at_match()}/end")
