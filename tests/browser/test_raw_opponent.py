"""One at the website, one with an old client over a raw WebSocket: the same match."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Arrive
from tests.browser.players import SHORTEST_WIN, new_name
from tests.support.rawclient import RawClient
from tests.support.server import Server

UNSEEN = range(4, 14)  # moves that nobody presses: enough has been seen of them


def numbers(square: str) -> dict[str, str]:
    """A square as an old client sends it: numeric strings."""
    column, row = "abcdefghi".index(square[0]), 9 - int(square[1])
    return {
        "sub_x": str(column // 3),
        "sub_y": str(row // 3),
        "x": str(column % 3),
        "y": str(row % 3),
    }


def test_browser_against_raw_client(arrive: Arrive, server: Server) -> None:
    at_site = arrive()
    name = new_name("r")
    with RawClient(server.host, server.port) as raw:
        raw.login(name)
        raw.send("match_request", {"player": at_site.name})
        match_id = raw.until("match_update")["id"]
        notice = at_site.page.locator(".toast")
        expect(notice).to_contain_text(f"{name} has started a match with you.")
        notice.get_by_role("link").click()
        assert at_site.at_match() == f"/match/{match_id}"
        for number, square in enumerate(SHORTEST_WIN):
            if number % 2 == 0:
                raw.send("move", {"id": match_id, **numbers(square)})
                raw.until("match_update")
            else:
                if number in UNSEEN:
                    at_site.post(f"/match/{match_id}/move", square=square)
                else:
                    at_site.play(square)
                state = raw.until("match_update")["match_state"]
                assert {k: str(v) for k, v in state["last_move"].items()} == numbers(square)
            if number not in UNSEEN:
                at_site.sees_last(square, "ab"[number % 2])
        at_site.sees_result(f"{name} won: three boards in a row.")
        at_site.sees_result("Your rating: 1000 → 990")
        assert raw.until("elo_update")["elo"] == 1010


def test_a_guest_against_a_raw_guest_is_not_rated(arrive: Arrive, server: Server) -> None:
    at_site = arrive(guest=True)
    name = new_name("r")
    with RawClient(server.host, server.port) as raw:
        raw.login(name, None)
        at_site.wait_for_opponent()
        raw.send("match_request", {"player": None})
        match_id = raw.until("match_update")["id"]
        at_site.at_match()
        at_site.play("e5")
        assert raw.until("match_update")["match_state"]["current_player"] == name
        raw.send("move", {"id": match_id, **numbers("d6")})
        at_site.sees_last("d6", "b")
        raw.send("end_match", {"id": match_id})
        at_site.sees_result(f"You won: {name} left the match.")
        expect(at_site.page.locator("#status")).to_contain_text(re.compile("Not rated"))
        expect(at_site.page.locator(".seat .rating")).to_have_count(0)
