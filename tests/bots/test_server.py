"""Against the computer over a real server: it moves by itself, in a process that ends with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.offload import LIMIT
from tests.bots.test_process import SLACK, gone
from tests.support.server import Server
from tests.support.site import SocketClient, Visitor

SEATS = [{"kind": "bot", "strength": strength} for strength in ("easy", "medium", "strong")]


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def my_turn(client: SocketClient, match_id: str, seat: int) -> dict[str, Any]:
    """Wait for the state of a match in which the computer has nothing to do any more."""
    while True:
        data = client.hear_until("match_update")
        state = data["match_state"]
        if data["id"] == match_id and (state["over"] or state["to_move"] == seat):
            return dict(state)


@pytest.mark.parametrize("engine", ["eventlet", "threading"])
def test_it_plays(make_server: Callable[..., Server], engine: str) -> None:
    server = make_server(ASYNC_MODE=engine, LOG_LEVEL="INFO")
    visitor = Visitor(server.url).register("anna")
    with visitor.socket() as anna:
        opened = anna.ask(
            "open_table", game="scopa", variant="classic", options={"players": 4}, seats=SEATS
        )
        assert opened["ok"], opened
        match_id = opened["match"]
        state = my_turn(anna, match_id, 0)
        for _ in range(3):
            card = state["hands"][0][0]
            move = {"card": 10 * card["suit"] + card["value"] - 1}
            if len(state["takes"][0]) > 1:
                move["take"] = 0
            started = time.monotonic()
            assert anna.ask("move", id=match_id, **move)["ok"]
            state = my_turn(anna, match_id, 0)
            assert time.monotonic() - started < 3 * (LIMIT + SLACK), "three moves of the computer's"
            (thinker,) = children(server.pid)
    server.kill()
    assert gone(thinker)
    assert "the computer could not" not in server.log()
