"""Two people play scopa at the website, and somebody looks on."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.games.cards import ITALIAN
from app.games.scopa import SCOPA
from app.services import matches
from app.services.house import House
from tests.browser.checks import MEASURE_SHIFT, violations
from tests.browser.conftest import Arrive, Register
from tests.browser.players import SECONDS, Player
from tests.browser.scopa_people import Table, advance, deal, house_of
from tests.support.server import Server
from tests.web.scopa_tables import first_seed, has_choice

# Where things are: left, top, right and bottom; of several alike each has a number.
BOXES = """(parts) => Object.fromEntries(parts.flatMap((part) =>
  [...document.querySelectorAll(part)].map((each, number) => {
    const { left, top, right, bottom } = each.getBoundingClientRect();
    return [number ? `${part} ${number}` : part, [left, top, right, bottom]];
  })))"""


@pytest.fixture
def regulars(arrive: Arrive) -> tuple[Player, Player]:
    return arrive(at=""), arrive(at="")


@pytest.fixture(scope="module")
def shared(server: Server) -> Iterator[House]:
    with house_of(server) as house:
        yield house


def words(cards: list[Any]) -> str:
    *others, last = [ITALIAN.name(card) for card in cards]
    return f"{', '.join(others)} and {last}" if others else last


def test_a_choice_a_capture_and_who_may_see_what(
    regulars: tuple[Player, Player], shared: House, new_page: Callable[..., Page]
) -> None:
    seed = first_seed(has_choice, players=2)
    record = deal(shared, [player.name for player in regulars], seed)
    seat = record.state.to_move
    lead, other = regulars[seat], regulars[1 - seat]
    state = record.state
    mine, theirs = Table.of(lead, record), Table.of(other, record)
    page = new_page()
    page.goto(f"/match/{record.id}")
    watched = Table(page)
    hand = {card.id for card in state.hands[seat]}
    table = {card.id for card in state.table}
    for view, own in (
        (mine, hand),
        (theirs, {c.id for c in state.hands[1 - seat]}),
        (watched, set()),
    ):
        assert (view.hand(), view.lying()) == (own, table)
        assert view.cards(".spot") == set()
    assert page.locator("button.playing-card").count() == 0
    mine.turn("Your turn: play a card.")
    theirs.turn(f"{lead.name} is to play.")
    # Not yet, says the other's page.
    other.page.locator(".hand-own button").first.click(force=True)
    expect(other.page.locator("#message")).to_have_text("It is not your turn yet.")

    # A choice, by keyboard: to the card, into the choice, back, in again, and the second one.
    move = next(m for m in SCOPA.legal_moves(state, seat) if m.take == 1)
    number = state.hands[seat].index(move.card) + 1
    mine.can_play()
    lead.page.keyboard.press(str(number))
    assert lead.page.evaluate("document.activeElement.value") == str(move.card.id)
    lead.page.keyboard.press("Enter")
    choice = lead.page.get_by_role("dialog", name=re.compile("What does the"))
    expect(choice.locator(".take").first).to_be_focused()
    lead.page.keyboard.press("ArrowRight")
    expect(choice.locator(".take").nth(1)).to_be_focused()
    assert lead.page.locator("#lying .target").count() > 0
    mine.turn("Choose what it takes.")
    assert violations(lead.page) == []
    lead.page.keyboard.press("Escape")
    expect(choice).to_be_hidden()
    assert lead.page.evaluate("document.activeElement.value") == str(move.card.id)
    lead.page.keyboard.press("Enter")
    lead.page.keyboard.press("2")

    step = SCOPA.apply(state, seat, move)
    taken = next(event.data["taken"] for event in step.events if event.kind == "captured")
    cards = [
        card
        for card in state.table
        if 10 * card.suit + card.value - 1
        in {10 * each["suit"] + each["value"] - 1 for each in taken}
    ]
    said = f"took the {words(cards)} with the {ITALIAN.name(move.card)}."
    mine.last(f"You {said}")
    for view in (theirs, watched):
        view.last(f"{lead.name} {said}")
        left = {card.id for card in step.state.table}
        expect(view.page.locator(f'[data-pile="{seat}"] [data-count]')).to_have_text(
            str(len(taken) + 1)
        )
        assert view.lying() == left
    expect(lead.page.locator("#announce")).to_have_text(f"You {said} {other.name} is to play.")
    theirs.turn("Your turn: play a card.")
    expect(watched.page.locator(f"#seat-{1 - seat}")).to_have_class(re.compile("who-active"))
    assert watched.cards(":is(.hand, .spot)") == set()

    # The other answers with a press, a reload changes nothing, and leaving ends it.
    answer = SCOPA.legal_moves(step.state, 1 - seat)[-1]
    theirs.press(answer.card.id)
    if answer.take is not None:
        other.page.locator(".take").nth(answer.take).click()
    mine.turn("Your turn: play a card.")
    lead.page.reload()
    mine.can_play()
    assert mine.hand() == hand - {move.card.id}
    lead.page.click("#leave")
    lead.page.locator("#leaving").get_by_role("button").click()
    for view in (mine, theirs, watched):
        expect(view.page.locator("#status")).to_contain_text(
            "left" if view is not mine else "you left"
        )
    # Once it is over all hands are open.
    assert theirs.cards(".spot") == hand - {move.card.id}


def test_a_deal_comes_to_its_end(regulars: tuple[Player, Player], shared: House) -> None:
    """The last card of a deal: the summary, then the next deal once one has seen it."""
    one, other = regulars
    record = advance(shared, deal(shared, [one.name, other.name], bytes(31) + b"\x07"), 35)
    seat = record.state.to_move
    lead, waits = regulars[seat], regulars[1 - seat]
    mine, theirs = Table.of(lead, record), Table.of(waits, record)
    waits.page.evaluate(MEASURE_SHIFT)  # since the page was opened
    move = SCOPA.legal_moves(record.state, seat)[0]
    step = SCOPA.apply(record.state, seat, move)
    scored = next(event.data for event in step.events if event.kind == "scored")
    mine.press(move.card.id)
    for view in (mine, theirs):
        box = view.page.get_by_role("dialog", name="Deal 1")
        expect(box).to_be_visible()
        expect(box.get_by_role("button", name="Continue")).to_be_focused()
        row = box.get_by_role("row", name=re.compile("^Total"))
        for side in scored["teams"]:
            expect(row).to_contain_text(str(side["total"]))
        view.turn("The deal is over.")
    assert violations(waits.page) == []
    for view in (mine, theirs):
        view.page.keyboard.press("Enter")
        expect(view.page.locator("#over")).to_be_hidden()
        expect(view.page.locator("#deck [data-count]")).to_have_text("30")
        assert view.lying() == {card.id for card in step.state.table}
        expect(view.page.locator(".deals tbody tr")).to_have_count(1)
    assert waits.page.evaluate("window.shift") < 0.01
    assert mine.hand() == {card.id for card in step.state.hands[seat]}
    matches.end(shared, caller_of(shared, record.id, seat), record.id)


def test_who_was_away_when_a_deal_ended_sees_what_it_came_to(
    regulars: tuple[Player, Player], shared: House
) -> None:
    """The connection comes back after the last card: what is not told is fetched."""
    one, other = regulars
    record = advance(shared, deal(shared, [one.name, other.name], bytes(31) + b"\x07"), 35)
    seat = record.state.to_move
    lead, waits = regulars[seat], regulars[1 - seat]
    mine, theirs = Table.of(lead, record), Table.of(waits, record)
    waits.page.context.set_offline(True)
    expect(waits.page.locator("#connection")).not_to_be_empty()
    move = SCOPA.legal_moves(record.state, seat)[0]
    step = SCOPA.apply(record.state, seat, move)
    scored = next(event.data for event in step.events if event.kind == "scored")
    mine.press(move.card.id)
    seen = lead.page.get_by_role("dialog", name="Deal 1").get_by_role("table").inner_text()
    waits.page.context.set_offline(False)
    box = waits.page.get_by_role("dialog", name="Deal 1")
    expect(box.get_by_role("button", name="Continue")).to_be_focused()
    for side in scored["teams"]:
        expect(box.get_by_role("row", name=re.compile("^Total"))).to_contain_text(
            str(side["total"])
        )
    assert box.get_by_role("table").inner_text() == seen
    assert violations(waits.page) == []
    waits.page.keyboard.press("Enter")
    expect(waits.page.locator("#over")).to_be_hidden()
    expect(waits.page.locator(".deals tbody tr")).to_have_count(1)
    expect(waits.page.locator("#last")).not_to_contain_text("You laid")
    assert theirs.lying() == {card.id for card in step.state.table}
    assert theirs.hand() == {card.id for card in step.state.hands[1 - seat]}
    matches.end(shared, caller_of(shared, record.id, seat), record.id)


def caller_of(house: House, match_id: str, seat: int) -> Any:
    """Somebody with the id of the player in a seat."""

    class Caller:
        user_id = matches.get(house, match_id).seats[seat].user_id

    return Caller()


def out_of_sight(page: Page, parts: list[str], width: int, floor: float) -> list[Any]:
    """What of these, and of the cards, is missing, empty, or not wholly on such a screen."""
    boxes = page.evaluate(BOXES, [*parts, ".mat .playing-card"])
    found: list[Any] = [part for part in parts if part not in boxes]
    for part, (left, top, right, bottom) in boxes.items():
        fits = left >= -1 and right <= width + 1 and bottom <= floor + 1
        if not (fits and right > left and bottom > top):
            found.append((part, left, top, right, bottom))
    return found


def test_the_table_is_in_sight_and_axe_finds_nothing(
    arrive: Arrive, register: Register, shared: House
) -> None:
    """Two and four players at every size, in light and dark."""
    one = arrive(at="")
    names = [one.name, *(register().name for _ in range(3))]
    page = one.page
    for variant, seated in (("classic", names[:2]), ("scopone", names)):
        record = advance(shared, deal(shared, seated, bytes(32), variant=variant), 4)
        one.open(f"/match/{record.id}")
        for width, height in ((360, 740), (740, 360), (1024, 768), (1440, 900)):
            page.set_viewport_size({"width": width, "height": height})
            dock = page.locator("nav.rooms").bounding_box()
            assert dock is not None
            floor = dock["y"] if dock["y"] > height / 2 else height
            parts = ["#felt", "#turn", "#deck", *(f"#seat-{n}" for n in range(len(seated)))]
            parts += ['[data-pile="0"] .heap', '[data-pile="1"] .heap']
            until = time.monotonic() + SECONDS
            while found := out_of_sight(page, parts, width, floor):
                assert time.monotonic() < until, (variant, width, found)
                page.wait_for_timeout(30)  # the page is laid out anew a moment later
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            own = page.locator(".hand-own .playing-card").first.bounding_box()
            assert own is not None
            assert own["width"] >= 40
        assert violations(page, dark=True) == [], variant
        one.post(f"/match/{record.id}/end")
    page.set_viewport_size({"width": 1280, "height": 720})


def test_a_finished_match_step_by_step_and_its_cards_checked(
    new_page: Callable[..., Page], register: Register, shared: House
) -> None:
    one, other = register(), register()
    record = advance(shared, deal(shared, [one.name, other.name], bytes(32)), 40)
    one.post(f"/match/{record.id}/end")
    steps = matches.steps(shared, record.id)
    page = new_page()
    page.goto(f"/match/{record.id}/replay?ply=3")
    table = Table(page)
    caption = page.locator("[data-caption]")
    for key, ply in (
        ("ArrowRight", 4),
        ("End", 40),
        ("ArrowLeft", 39),
        ("Home", 0),
        ("ArrowRight", 1),
    ):
        page.keyboard.press(key)
        expect(caption).to_have_text(
            f"After move {ply} of 40." if ply else "Before the first move."
        )
        state = steps[ply].state
        assert table.lying() == {card.id for card in state.table}
        assert table.hand() == {card.id for card in state.hands[0]}
        assert table.cards(".spot") == {card.id for card in state.hands[1]}
        assert page.url.endswith(f"?ply={ply}")
    page.click('#moves a[data-ply="7"]')
    expect(caption).to_have_text("After move 7 of 40.")
    assert violations(page) == []

    page.goto(f"/match/{record.id}/verify")
    expect(page.locator("#verdict")).to_contain_text("Everything is as the seed says")
    expect(page.locator("#dealings .good")).to_have_count(2)
    assert page.locator(".bad, .wrong").count() == 0
    assert violations(page) == []
    # A page on which one card has been changed finds it out.
    page.route(
        "**/verify",
        lambda route: route.fulfill(
            response=(answer := route.fetch()),
            body=re.sub(
                r'("cards": ?\[\[0, ?)(\d+)',
                lambda m: m[1] + str((int(m[2]) + 1) % 40),
                answer.text(),
                count=1,
            ),
        ),
    )
    page.reload()
    expect(page.locator("#verdict")).to_contain_text("Something is not as the seed says")
    expect(page.locator(".mini.wrong")).to_have_count(1)
