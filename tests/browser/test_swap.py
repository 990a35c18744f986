"""Playing with swaps: two boards pressed one after the other, by hand or by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.checks import violations
from tests.browser.conftest import Arrive, seated
from tests.browser.players import Player, begin

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


def play_on(pair: tuple[Player, Player], names: str) -> None:
    """Play moves in turn from the start, "e5" or "1=5"; each is awaited by both."""
    for ply, name in enumerate(names.split()):
        mover = pair[ply % 2]
        first, sign, second = name.partition("=")
        if sign:
            swap(mover, int(first) - 1, int(second) - 1)
        else:
            mover.play(name)
        for player in pair:
            expect(player.page.locator("#moves li")).to_have_count(ply + 1)


def sees_swapped(player: Player, *boards: int) -> None:
    marked = player.page.locator(".plate.swapped")
    expect(marked).to_have_count(2)
    plates = player.page.locator(".plate")
    for board in boards:
        expect(plates.nth(board)).to_have_class(re.compile(r"\bswapped\b"))


def test_two_boards_change_places(pair: tuple[Player, Player]) -> None:
    one, other = pair
    expect(other.page.locator("#swap")).to_have_attribute("aria-disabled", "true")
    play_on(pair, "a9 e5 b8")
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


def test_the_last_swap_may_not_be_undone(pair: tuple[Player, Player]) -> None:
    one, other = pair
    play_on(pair, "1=5")
    message = other.page.locator("#message")
    other.page.click('#swap[aria-disabled="false"]')
    lit(other, 4).click()
    expect(lit(other, 0)).to_have_attribute("aria-disabled", "true")
    lit(other, 0).click(force=True)
    expect(message).to_have_text("You may not undo the swap your opponent has just made.")
    lit(other, 1).click()
    for player in pair:
        sees_swapped(player, 1, 4)
    expect(message).to_be_empty()
    one.page.click("#swap", force=True)  # one may, but changes their mind
    one.page.keyboard.press("Escape")
    expect(one.page.locator(".swap-tiles")).to_have_count(0)
    one.play("e5")
    other.sees_last("e5", "a")


def test_three_swaps_and_no_more(pair: tuple[Player, Player]) -> None:
    one, other = pair
    play_on(pair, "1=2 a9 1=2 b9 1=2 c8")
    expect(button(one)).to_contain_text("0 left")
    expect(one.page.locator("#turn")).to_have_text("Your turn: play in any lit board.")
    button(one).click(force=True)
    expect(one.page.locator("#message")).to_have_text("You have no swaps left.")
    button(other).click(force=True)
    expect(other.page.locator("#message")).to_have_text("It is not your turn yet.")


def test_by_keyboard(pair: tuple[Player, Player]) -> None:
    one, other = pair
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


def test_a_swap_wins(pair: tuple[Player, Player]) -> None:
    one, other = pair
    play_on(pair, "a9 c6 b8 b5 c7 a4 d9 f6 e8 e5 f7 d4 g6 i3 h5 h2 i4 h8")
    swap(one, 2, 5)
    one.sees_result("You won: three boards in a row.")
    other.sees_result("Not rated: matches of this kind are played for fun.")
    for player in pair:
        expect(player.page.locator(".plate.line.won-a")).to_have_count(3)
        expect(player.page.locator("#swap")).to_have_count(0)
    other.open(f"{other.at_match()}/replay")
    expect(other.page.locator("#seat-0 [data-swaps]")).to_have_text("2")
    other.page.keyboard.press("ArrowLeft")
    other.sees_last("h8", "b")
    expect(other.page.locator("#seat-0 [data-swaps]")).to_have_text("3")
    other.page.keyboard.press("End")
    sees_swapped(other, 2, 5)
    other.page.reload()
    sees_swapped(other, 2, 5)


def test_looking_back_and_coming_again(pair: tuple[Player, Player]) -> None:
    one, other = pair
    play_on(pair, "a9 1=5 e5")
    for player in pair:
        player.page.reload()
        player.sees_last("e5", "a")
    one.page.click('#moves a[data-ply="2"]')
    sees_swapped(one, 0, 4)
    expect(one.tile("d6")).to_have_class(re.compile("is-a"))
    button(one).click(force=True)
    expect(one.page.locator("#message")).to_contain_text("You are looking at an earlier move.")
    one.page.click('[data-step="last"]')
    swap(other, 7, 8)
    sees_swapped(one, 7, 8)


def test_axe_finds_nothing(pair: tuple[Player, Player]) -> None:
    one = pair[0]
    play_on(pair, "a9 1=5 e5 2=3")
    for player in pair:
        assert violations(player.page, dark=True) == []
    one.page.click('#swap[aria-disabled="false"]')
    lit(one, 1).click()
    assert violations(one.page, dark=True) == []


def test_nothing_moves_and_all_is_in_sight_on_a_phone(arrive: Arrive) -> None:
    one, other = (arrive(viewport={"width": 360, "height": 740}) for _ in range(2))
    path = begin(one, other, variant="swap")
    one.open(path)
    other.open(path)
    play_on((one, other), "a9")
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


def places(player: Player) -> dict[str, Any]:
    """Where the board is on the screen, and what is around it."""
    parts = (".board", "#seat-0", "#seat-1", "#turn", "#swap")
    return {part: player.page.locator(part).bounding_box() for part in parts}


def test_without_a_script(arrive: Arrive) -> None:
    one, other = arrive(java_script_enabled=False, at=""), arrive(at="")
    path = begin(one, other, variant="swap")
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
