"""One match, three protocols: opened with commands, finished at the website, watched over raw."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import Arrive
from tests.browser.players import SHORTEST_WIN, new_name
from tests.legacy.commanders import ByForm
from tests.support.rawclient import RawClient
from tests.support.server import Server

CHANGES_OVER = 4  # moves by command, before the same player goes on in a browser
UNSEEN = range(6, 14)  # moves that nobody presses: enough has been seen of them


def by_keypad(square: str) -> str:
    """A square as the command API names it: local board and cell, 1 to 9 from the top left."""
    column, row = "abcdefghi".index(square[0]), 9 - int(square[1])
    board, cell = row // 3 * 3 + column // 3, row % 3 * 3 + column % 3
    return f"{board + 1},{cell + 1}"


def by_numbers(square: str) -> dict[str, int]:
    """A square as `last_move` has it on the wire."""
    column, row = "abcdefghi".index(square[0]), 9 - int(square[1])
    return {"sub_x": column // 3, "sub_y": row // 3, "x": column % 3, "y": row % 3}


def sees(watcher: RawClient, square: str) -> dict[str, Any]:
    """The state in which the watcher sees `square` taken last."""
    while True:
        state: dict[str, Any] = watcher.until("match_update")["match_state"]
        if state["last_move"] == by_numbers(square):
            return state


def test_a_match_opened_by_command_is_finished_at_the_website(
    arrive: Arrive, server: Server
) -> None:
    nick = new_name("far")
    api, at_site = ByForm(server), arrive()
    token = api.register(nick)
    opened = api.ok("join", token=token, nick=nick, variant="standard")
    assert opened == {"msg": f"Successfully joined {nick}'s game", "char": "X"}

    row = at_site.page.locator("#table-list li", has_text=nick)
    row.get_by_role("button", name="Join").click()
    match_id = at_site.at_match().removeprefix("/match/")
    with RawClient(server.host, server.port) as watcher:
        watcher.login(new_name("w"))
        watcher.send("watch", {"id": match_id})
        watcher.until("match_update")
        expect(at_site.page.locator("[data-watchers]")).to_contain_text("1")

        for number, square in enumerate(SHORTEST_WIN[:CHANGES_OVER]):
            if number % 2 == 0:
                api.ok("play", token=token, type="place", coordinates=by_keypad(square))
            else:
                at_site.play(square)
            at_site.sees_last(square, "ab"[number % 2])
            sees(watcher, square)

        same_player = arrive(guest=True)  # until they show whose token they hold
        same_player.open("/sign-in/token")
        same_player.page.get_by_label("Token").fill(token)
        same_player.page.get_by_role("button", name="Sign in").click()
        same_player.page.wait_for_url("**/lobby")
        same_player.open(f"/match/{match_id}")
        for number, square in enumerate(SHORTEST_WIN[CHANGES_OVER:], CHANGES_OVER):
            if number in UNSEEN and number % 2 == 0:
                api.ok("play", token=token, type="place", coordinates=by_keypad(square))
            elif number in UNSEEN:
                at_site.post(f"/match/{match_id}/move", square=square)
            else:
                (same_player, at_site)[number % 2].play(square)
                for player in (same_player, at_site):
                    player.sees_last(square, "ab"[number % 2])
            state = sees(watcher, square)

        at_site.sees_result(f"{nick} won: three boards in a row.")
        same_player.sees_result("You won: three boards in a row.")
        assert (state["game_over"], state["player_won"]) == (True, nick)
    ended = api.ok("state", token=token)
    assert (ended["over"], ended["winner"]) == (True, "X")
    assert ended["board"][0][0] == "X", "the first move, in the corner"
