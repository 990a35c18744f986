"""Playing with swaps: two boards pressed one after the other, by hand or by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.checks import violations
from tests.browser.conftest import Arrive, seated
from tests.browser.players import Player, new_name
from tests.support.server import Server
from tests.support.site import Visitor

BOARDS = (
    *("top left", "top", "top right"),
    *("left", "centre", "right"),
    *("bottom left", "bottom", "bottom right"),
)
LIT = "the {} board, undecided"


@pytest.fixture
def pair(arrive: Arrive) -> Iterator[tuple[Player, Player]]:
    """The two at the start of a match with swaps; the first has seat A."""
    yield from seated(arrive, variant="swap")


def button(player: Player) -> Locator:
    return player.page.get_by_role("button", name="Swap boards")


def lit(player: Player, board: int) -> Locator:
    """A board as it may be chosen for a swap."""
    return player.page.get_by_role("group", name="Boards to swap").get_by_role("button").nth(board)


def swap(player: Player, one: int, other: int) -> None:
    """Press the button and two boards, as soon as it may be done."""
    player.page.click('#swap[aria-disabled="false"]')
    lit(player, one).click()
    lit(player, other).click()


def move_on(pair: tuple[Player, Player], path: str, names: str, ply: int = 0) -> None:
    """Have moves made in turn without the browser, "e5" or "1=5"; both see the last."""
    moves = names.split()
    for number, name in enumerate(moves, ply):
        first, sign, second = name.partition("=")
        swapped = {"first": str(int(first) - 1), "second": str(int(second) - 1)} if sign else {}
        pair[number % 2].post(f"{path}/move", **(swapped or {"square": name}))
    for player in pair:
        expect(player.page.locator("#moves li")).to_have_count(ply + len(moves))


def sees_swapped(player: Player, *boards: int) -> None:
    marked = player.page.locator(".plate.swapped")
    expect(marked).to_have_count(2)
    plates = player.page.locator(".plate")
    for board in boards:
        expect(plates.nth(board)).to_have_class(re.compile(r"\bswapped\b"))


def test_two_boards_change_places(pair: tuple[Player, Player]) -> None:
    one, other = pair
    path = one.at_match()
    expect(other.page.locator("#swap")).to_have_attribute("aria-disabled", "true")
    one.play("a9")
    other.sees_last("a9", "a")
    move_on(pair, path, "e5 b8", ply=1)
    other.page.click('#swap[aria-disabled="false"]')
    expect(button(other)).to_have_attribute("aria-pressed", "true")
    for board, name in enumerate(BOARDS):
        expect(lit(other, board)).to_have_accessible_name(LIT.format(name))
    lit(other, 0).click()
    expect(lit(other, 0)).to_have_attribute("aria-pressed", "true")
    expect(other.page.locator("#turn")).to_have_text(
        "Now choose what changes places with the top left board."
    )
    lit(other, 0).click()  # not this one after all
    expect(lit(other, 0)).to_have_attribute("aria-pressed", "false")
    lit(other, 4).click()
    lit(other, 0).click()
    for player in pair:
        sees_swapped(player, 0, 4)
        expect(player.tile("d6")).to_have_class(re.compile("is-a"))
        expect(player.tile("b8")).to_have_class(re.compile("is-b"))
        expect(player.page.locator(".tile.last")).to_have_count(0)
        expect(player.page.locator("#moves li")).to_have_text(["a9", "e5", "b8", "1=5"])
    expect(one.page.locator("#announce")).to_have_text(
        "o swapped the top left board and the centre board. "
        "Your turn: play in any lit board, or swap two."
    )
    expect(one.page.locator("#turn")).to_have_text("Your turn: play in any lit board, or swap two.")
    expect(one.page.locator("#seat-1 [data-swaps]")).to_have_text("2")
    expect(button(other)).to_contain_text("2 left")
    expect(button(other)).to_have_attribute("aria-disabled", "true")

    the_last_swap_may_not_be_undone(one, other)
    looking_back_and_coming_again(one, other)
    move_on(pair, path, "2=4 1=2 3=6", ply=7)
    three_swaps_and_no_more(one, other)


def the_last_swap_may_not_be_undone(one: Player, other: Player) -> None:
    """After the fourth move, by which the top left board and the centre changed places."""
    message = one.page.locator("#message")
    one.page.click('#swap[aria-disabled="false"]')
    lit(one, 4).click()
    expect(lit(one, 0)).to_have_attribute("aria-disabled", "true")
    lit(one, 0).click(force=True)
    expect(message).to_have_text("You may not undo the swap your opponent has just made.")
    lit(one, 1).click()
    for player in (one, other):
        sees_swapped(player, 1, 4)
    expect(message).to_be_empty()
    other.page.click("#swap", force=True)  # one may, but changes their mind
    other.page.keyboard.press("Escape")
    expect(other.page.locator(".swap-tiles")).to_have_count(0)
    other.play("h2")
    one.sees_last("h2", "b")


def looking_back_and_coming_again(one: Player, other: Player) -> None:
    for player in (one, other):
        player.page.reload(wait_until="domcontentloaded")
        player.sees_last("h2", "b")
    one.page.click('#moves a[data-ply="4"]')
    sees_swapped(one, 0, 4)
    expect(one.tile("d6")).to_have_class(re.compile("is-a"))
    button(one).click(force=True)
    expect(one.page.locator("#message")).to_contain_text("You are looking at an earlier move.")
    one.page.click('[data-step="last"]')
    swap(one, 7, 8)
    sees_swapped(other, 7, 8)


def three_swaps_and_no_more(one: Player, other: Player) -> None:
    expect(button(one)).to_contain_text("0 left")
    expect(one.page.locator("#turn")).to_have_text("Your turn: play in any lit board.")
    button(one).click(force=True)
    expect(one.page.locator("#message")).to_have_text("You have no swaps left.")
    button(other).click(force=True)
    expect(other.page.locator("#message")).to_have_text("It is not your turn yet.")


def test_by_keyboard_on_a_phone_and_with_axe(pair: tuple[Player, Player]) -> None:
    one, other = pair
    path = one.at_match()
    by_keyboard(one, other)
    move_on(pair, path, "e5 d6", ply=1)
    axe_finds_nothing(one, other)
    on_a_phone(one, other)


def by_keyboard(one: Player, other: Player) -> None:
    page = one.page
    expect(page.locator('#swap[aria-disabled="false"]')).to_be_visible()
    button(one).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#announce")).to_have_text("Choose two boards to swap.")
    for key, board in (
        ("", 4),
        ("ArrowUp", 1),
        ("ArrowUp", 1),
        ("ArrowLeft", 0),
        ("ArrowLeft", 0),
        ("ArrowDown", 3),
    ):
        if key:
            page.keyboard.press(key)
        expect(lit(one, board)).to_be_focused()
    page.keyboard.press("Escape")
    expect(button(one)).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Space")  # the centre
    expect(page.locator("#announce")).to_contain_text("changes places with the centre board")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    sees_swapped(other, 4, 5)
    expect(button(one)).to_be_focused()
    assert page.locator('.board [tabindex="0"]').count() == 1


def axe_finds_nothing(one: Player, other: Player) -> None:
    move_on((one, other), one.at_match(), "2=3", ply=3)  # marked as the last move
    for player in (one, other):
        assert violations(player.page, dark=True) == []
    one.page.click('#swap[aria-disabled="false"]')
    lit(one, 1).click()
    assert violations(one.page, dark=True) == []
    one.page.keyboard.press("Escape")
    one.page.keyboard.press("Escape")
    move_on((one, other), one.at_match(), "i9", ply=4)


def on_a_phone(one: Player, other: Player) -> None:
    """Nothing moves when boards are chosen, and all is in sight."""
    for player in (one, other):
        player.page.set_viewport_size({"width": 360, "height": 740})
        player.page.reload(wait_until="domcontentloaded")
    expect(other.page.locator('#swap[aria-disabled="false"]')).to_be_visible()
    before = places(other)
    button(other).click()
    assert places(other) == before
    lit(other, 0).click()
    assert places(other) == before
    dock = other.page.locator("nav.rooms").bounding_box()
    assert dock is not None
    for selector, box in before.items():
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 360, selector
        assert 0 <= box["y"] <= box["y"] + box["height"] <= dock["y"], selector
    assert lit(other, 8).bounding_box() == other.page.locator(".plate").nth(8).bounding_box()
    lit(other, 8).click()
    for player in (one, other):
        sees_swapped(player, 0, 8)
        assert player.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_swap_wins(pair: tuple[Player, Player]) -> None:
    one, other = pair
    path = one.at_match()
    move_on(pair, path, "a9 c6 b8 b5 c7 a4 d9 f6 e8 e5 f7 d4 g6 i3 h5 h2 i4 h8")
    swap(one, 2, 5)
    one.sees_result("You won: three boards in a row.")
    other.sees_result("Not rated: matches of this kind are played for fun.")
    for player in pair:
        expect(player.page.locator(".plate.line.won-a")).to_have_count(3)
        expect(player.page.locator("#swap")).to_have_count(0)
    other.open(f"{path}/replay")
    expect(other.page.locator("#seat-0 [data-swaps]")).to_have_text("2")
    other.page.keyboard.press("ArrowLeft")
    other.sees_last("h8", "b")
    expect(other.page.locator("#seat-0 [data-swaps]")).to_have_text("3")
    other.page.keyboard.press("End")
    sees_swapped(other, 2, 5)
    other.page.reload(wait_until="domcontentloaded")
    sees_swapped(other, 2, 5)


def places(player: Player) -> dict[str, Any]:
    """Where the board is on the screen, and what is around it."""
    parts = (".board", "#seat-0", "#seat-1", "#turn", "#swap")
    return {part: player.page.locator(part).bounding_box() for part in parts}


def test_without_a_script(arrive: Arrive, server: Server) -> None:
    one = arrive(java_script_enabled=False, at="")
    name = new_name()
    other = Visitor(server.url).register(name)
    table = one.post("/table/new", player=name, variant="swap", time="604800", access="public")
    path = other.post(f"{table}/accept").headers["Location"]
    one.open(path)
    expect(one.page.locator("#swap")).to_be_hidden()
    one.page.click('[data-at="a9"]:enabled')
    other.post(f"{path}/move", first="0", second="4")
    one.page.reload()
    sees_swapped(one, 0, 4)
    one.page.click(".swap-form summary")
    one.page.select_option("#swap-first", label="the top right board")
    one.page.select_option("#swap-second", label="the centre board")
    one.page.click(".swap-form button")
    sees_swapped(one, 2, 4)
    expect(one.tile("g9")).to_have_class(re.compile("is-a"))
    one.post(f"{path}/end")
