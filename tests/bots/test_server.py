"""Against the computer over a real server: it moves by itself, in a process that ends with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.offload import LIMIT, UTTT_LIMIT
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
    server = make_server(ASYNC_MODE=engine, LOG_LEVEL="INFO", THINKERS="1")
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


def test_it_plays_ultimate_tic_tac_toe_by_its_clock(make_server: Callable[..., Server]) -> None:
    server = make_server(LOG_LEVEL="INFO", THINKERS="2")
    visitor = Visitor(server.url).register("anna")
    seats = [{"kind": "bot", "strength": "strong"}]
    with visitor.socket() as anna:
        opened = anna.ask("open_table", game="uttt", time="60+1", seats=seats)
        assert opened["ok"], opened
        match_id = opened["match"]
        state = her_turn(anna, match_id)
        for _ in range(4):
            started = time.monotonic()
            assert anna.ask("move", id=match_id, **first_free(state))["ok"]
            state = her_turn(anna, match_id)
            assert time.monotonic() - started < UTTT_LIMIT + SLACK
    thinkers = children(server.pid)
    assert 1 <= len(thinkers) <= 2
    server.kill()
    assert all(map(gone, thinkers))
    assert "the computer could not" not in server.log()


def her_turn(client: SocketClient, match_id: str) -> dict[str, Any]:
    """Wait for the state of anna's match in which it is her turn."""
    while True:
        data = client.hear_until("match_update")
        if data["id"] == match_id and data["match_state"]["current_player"] == "anna":
            return dict(data["match_state"])


def first_free(state: dict[str, Any]) -> dict[str, int]:
    """A mark in the first free cell of the board that the last move sends to."""
    last = state["last_move"]
    x, y = (0, 0) if last is None else (last["x"], last["y"])
    rows = [row[3 * x : 3 * x + 3] for row in state["complete_field"][3 * y : 3 * y + 3]]
    cell = [mark for row in rows for mark in row].index(0)
    return {"sub_x": x, "sub_y": y, "x": cell % 3, "y": cell // 3}
