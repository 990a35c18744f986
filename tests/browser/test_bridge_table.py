"""Four people in four browsers bid and play a deal; somebody looks on, somebody else may not."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from app.games.bridge import SIDES
from tests.browser.bridge_people import PLAYABLE, Seat, at_table, post, seat_four
from tests.browser.checks import violations
from tests.browser.conftest import Arrive
from tests.browser.players import SECONDS


def bid_one_no_trump(seats: dict[str, Seat], dealer: str) -> str:
    """Have the dealer open 1 no trump, alerted, and the others pass; declarer's side."""
    order = [SIDES[(SIDES.index(dealer) + turn) % 4] for turn in range(4)]
    for side, bid in zip(order, ("1Z", "pass", "pass", "pass"), strict=True):
        seats[side].call(bid, alert="15 to 17 points" if bid == "1Z" else "")
    return dealer


def test_four_bid_play_and_claim(arrive: Arrive, new_page: Callable[..., Page]) -> None:
    """A deal to its end by a claim; to its last card it goes in `test_bridge_robots`."""
    people = [arrive(at="") for _ in SIDES]
    path = seat_four(people, "kibitz")
    seats = at_table(people, path)
    dealer = dealer_of(seats["N"])
    hands = {side: seat.hand() for side, seat in seats.items()}
    assert sorted(card for hand in hands.values() for card in hand) == list(range(52))
    for side, seat in seats.items():
        assert all(not seat.hand_of(other) for other in SIDES if other != side)

    # A stranger sees who sits there and no cards; who looks on sees what lies on the table.
    stranger = new_page()
    stranger.goto(path)
    expect(stranger.locator("#empty")).to_contain_text("Playing board")
    assert stranger.locator("#felt .playing-card").count() == 0
    stranger.close()
    looker = arrive(at="")
    looker.open_live(path)
    looker.page.get_by_role("button", name="Look on").first.click()
    expect(looker.page.locator("#fan .playing-card")).to_have_count(13)
    watched = Seat(looker, "S")
    assert watched.hand() == set()

    # The auction: an alert is told to opponents and to who looks on, not to the partner.
    seats[dealer].turn("Your turn: bid, pass or double.")
    assert violations(seats[dealer].page, dark=True) == []
    fits(seats[dealer].page, ["#fan", "#turn", "#auction"])
    declarer = bid_one_no_trump(seats, dealer)
    turn = SIDES.index(declarer)
    lead, dummy, last = (SIDES[(turn + step) % 4] for step in (1, 2, 3))
    for side in (lead, last):
        seats[side].turn(re.compile("lead"))
        note = seats[side].page.locator('[popovertarget^="note-"]')
        expect(note).to_have_attribute("title", "15 to 17 points")
    seats[dummy].turn(re.compile("is to lead"))
    assert seats[dummy].page.locator('[popovertarget^="note-"]').count() == 0
    expect(watched.page.locator('[popovertarget^="note-"]')).to_have_count(1)

    # Dummy is seen by all after the lead, and declarer's hand by dummy alone.
    seats[declarer].page.locator("#fan button").first.click(force=True)
    expect(seats[declarer].page.locator("#message")).to_have_text("It is not your turn yet.")
    led = seats[lead].play_any()
    for seat in (*seats.values(), watched):
        seat.sees_in_trick(led)
    for side in (declarer, lead, last):
        assert seats[side].hand_of(dummy) == hands[dummy]
    assert watched.hand_of(dummy) == hands[dummy]
    assert seats[dummy].hand_of(declarer) == hands[declarer]
    assert seats[lead].hand_of(declarer) == set()
    fits(seats[dealer].page, ["#fan", "#turn", "#trick"])

    # A card taken back: asked for, granted, and played again. Then two claims.
    undo_and_play_on(seats, declarer, dummy, lead)
    claims(seats, declarer, (lead, last))
    for side, seat in seats.items():
        expect(seat.page.locator("#over h2")).to_contain_text("=")
        expect(seat.page.locator(".written-hands .written")).to_have_count(4)
        assert seat.page.locator(".result-line").inner_text(), side
    expect(watched.page.locator("#over .written")).to_have_count(4)
    for seat in (seats["N"], watched):
        found = violations(seat.page, dark=True)
        assert not found, "\n".join(found)
    looker.leave()

    # When all are ready the next board comes, by itself.
    for seat in seats.values():
        seat.page.click("#ready")
    for side, seat in seats.items():
        expect(seat.page.locator("#fan .playing-card")).to_have_count(13)
        expect(seat.page.locator("#felt")).to_have_attribute("data-phase", "auction")
        assert seat.hand() != hands[side]
    for person in people:
        post(person, f"{path.removeprefix('/bridge')}/leave")


def dealer_of(seat: Seat) -> str:
    marked = seat.page.locator(".tag-dealer").locator("xpath=ancestor::section")
    side = marked.get_attribute("data-side")
    assert side is not None
    return side


def undo_and_play_on(seats: dict[str, Seat], declarer: str, dummy: str, lead: str) -> None:
    """Declarer plays from dummy, asks for the card back, gets it, and plays another."""
    page = seats[declarer].page
    card = seats[declarer].play_any()
    for seat in seats.values():
        seat.sees_in_trick(card)
    page.get_by_role("button", name="Take back").click()
    answer = seats[lead].page.locator("#ask")
    expect(answer).to_contain_text("take the last call or card back")
    seats[dummy].turn(re.compile("take it back"))
    answer.get_by_role("button", name="Accept").click()
    expect(page.locator(f'[data-hand="{dummy}"] [data-key="{card}"]')).to_be_visible()
    expect(seats[lead].page.locator(f'#trick [data-key="{card}"]')).to_have_count(0)
    again = seats[declarer].play_any()
    for seat in seats.values():
        seat.sees_in_trick(again)


def waiting(seats: dict[str, Seat]) -> str:
    """On whose page a card may be played."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        for side, seat in seats.items():
            if seat.page.locator(PLAYABLE).count():
                return side
        seats["N"].page.wait_for_timeout(20)
    raise AssertionError("nobody may play")


def claims(seats: dict[str, Seat], declarer: str, defenders: tuple[str, str]) -> None:
    """A claim: one declines and play goes on with the hand shown; then both accept another."""
    lead = defenders[0]
    for answers in (("Accept", "Decline"), ("Accept", "Accept")):
        claimer, held = seats[declarer].page, seats[declarer].hand()
        claimer.click("#claim-open")
        claimer.locator('#claims label[for="claim-7"]').click()
        claimer.click("#claim-button")
        for side, answer in zip(defenders, answers, strict=True):
            ask = seats[side].page.locator("#ask")
            expect(ask).to_contain_text("7 tricks in all: just made")
            assert seats[side].hand_of(declarer) == held
            ask.get_by_role("button", name=answer).click()
        if "Decline" in answers:
            for side in defenders:
                expect(seats[side].page.locator("#ask")).to_be_hidden()
                assert seats[side].hand_of(declarer) == held
            seats[waiting(seats)].play_any()
            expect(claimer.locator("#claim-open")).to_be_visible()
            a_choice_stays(seats, lead)


def a_choice_stays(seats: dict[str, Seat], side: str) -> None:
    """While somebody thinks about a claim the others go on, and end the first trick."""
    page = seats[side].page
    page.click("#claim-open")
    expect(page.locator("#claims input")).to_have_count(14)
    page.locator('#claims label[for="claim-3"]').click()
    seats[waiting(seats)].play_any()
    expect(page.locator("#claims input")).to_have_count(13)
    expect(page.locator("#claims :checked")).to_have_attribute("value", "3")
    page.get_by_role("button", name="Play on").click()


def fits(page: Page, parts: list[str]) -> None:
    """Everything that is needed is on the first screen, however large, without scrolling."""
    for width, height in ((360, 740), (740, 360), (1024, 768), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        until = time.monotonic() + SECONDS
        while found := misfits(page, [*parts, "#felt"], width, height):
            assert time.monotonic() < until, (width, height, found)
            page.wait_for_timeout(30)  # what is measured by a script is known a moment later
    page.set_viewport_size({"width": 1280, "height": 720})


def misfits(page: Page, parts: list[str], width: int, height: int) -> list[Any]:
    """What is not wholly on a screen of that size, and where it is."""
    dock = page.locator("nav.rooms").bounding_box()
    assert dock is not None
    floor = dock["y"] if dock["y"] > height / 2 else height
    found: list[Any] = []
    for part in parts:
        box = page.locator(part).bounding_box()
        if box is None or not (
            box["x"] >= -1
            and box["x"] + box["width"] <= width + 1
            and box["y"] + box["height"] <= floor + 1
        ):
            found.append((part, box))
    cards = page.locator("#fan .playing-card").evaluate_all(
        "all => all.map((card) => card.getBoundingClientRect()).map((box) => [box.x, box.right])"
    )
    found += [card for card in cards if card[0] < -1 or card[1] > width + 1]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return found if wide <= width else [*found, wide]
