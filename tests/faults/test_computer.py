"""A house that is killed while the computer is to play goes on as soon as it is back."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

from tests.support.server import Server
from tests.support.site import Visitor

KILLS = 2
PATIENCE = 20.0  # seconds; the machine may be busy, but housekeeping comes after 30


def match_of(visitor: Visitor, match_id: str) -> Any:
    """What the match's page is given to show."""
    page = visitor.http.get(f"{visitor.url}/match/{match_id}").text
    found = re.search(r'(?s)id="match">(.*?)</script>', page)
    assert found is not None
    return json.loads(found[1])


def until_my_turn(visitor: Visitor, match_id: str) -> Any:
    """The match once the computer has made its moves."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        match = match_of(visitor, match_id)
        if match["state"]["to_move"] == match["seat"] or match["state"]["over"]:
            return match
        time.sleep(0.2)
    raise AssertionError("the computer does not move")


def test_a_kill_at_the_computers_turn(make_server: Callable[..., Server]) -> None:
    server = make_server()
    visitor = Visitor(server.url).register("anna")
    bots = [{"kind": "bot", "strength": strength} for strength in ("easy", "medium", "strong")]
    with visitor.socket() as socket:
        terms = {"variant": "scopone", "options": {"players": 4}, "time": "604800"}
        match_id = socket.ask("open_table", game="scopa", seats=bots, **terms)["match"]
    for _ in range(KILLS):
        match = until_my_turn(visitor, match_id)
        card, takes = match["state"]["hands"][match["seat"]][0], match["state"]["takes"][0]
        move = {"card": 10 * card["suit"] + card["value"] - 1, "take": 0 if takes[1:] else None}
        with visitor.socket() as socket:
            assert socket.ask("move", id=match_id, **move)["ok"]
        server.kill()
        server.start()
        assert until_my_turn(visitor, match_id)["version"] == match["version"] + 4
