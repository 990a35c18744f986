"""A house that is killed in the middle of an analysis goes on with it where it was."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.browser.players import SHORTEST_WIN
from tests.support.server import Server
from tests.support.site import Visitor

MOVES = SHORTEST_WIN[:3]
PATIENCE = 90.0  # seconds; the machine may be busy


def finished_match(one: Visitor, other: Visitor, name: str) -> str:
    """The path of a match that the first has left after a few moves."""
    terms = {"variant": "standard", "time": "604800", "rated": "y", "access": "public"}
    table = one.post("/table/new", player=name, **terms).headers["Location"]
    path = other.post(f"{table}/accept").headers["Location"]
    for number, square in enumerate(MOVES):
        (one, other)[number % 2].post(f"{path}/move", square=square)
    one.post(f"{path}/end")
    return path


def told(visitor: Visitor, path: str) -> Any:
    return visitor.http.get(f"{visitor.url}{path}/analysis.json").json()


def until(visitor: Visitor, path: str, found: int) -> Any:
    """How far the analysis is once so many positions have been looked at."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        data = told(visitor, path)
        if len(data["chances"]) >= found:
            return data
        time.sleep(0.2)
    raise AssertionError(f"nothing more is found: {told(visitor, path)}")


def test_a_kill_in_the_middle(make_server: Callable[..., Server]) -> None:
    server = make_server()
    anna, bert = Visitor(server.url).register("anna"), Visitor(server.url).register("bert")
    path = finished_match(anna, bert, "bert")
    anna.post(f"{path}/analysis")
    before = until(anna, path, 1)
    assert before["state"] == "running"
    server.kill()
    server.start()
    after = told(anna, path)
    saved = len(after["chances"])
    assert saved >= len(before["chances"])
    for part in ("chances", "best", "kinds"):
        assert after[part][: len(before[part])] == before[part]
    done = until(anna, path, len(MOVES) + 1)
    assert (done["state"], len(done["kinds"])) == ("done", len(MOVES))
    assert done["chances"][:saved] == after["chances"]
    assert "Traceback" not in server.log()
