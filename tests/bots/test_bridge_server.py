"""A deal with three robots over a real server: they think in a process of its own, which analyses
the board too."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.bots.test_process import gone
from tests.bots.test_server import children
from tests.support.server import Server
from tests.support.site import SocketClient, Visitor


def play_a_deal(client: SocketClient) -> dict[str, Any]:
    """North passes, plays the lowest card allowed and lets robots have their way; the end."""
    while True:
        data = client.hear_until("match_update")
        state = data["match_state"]
        if state["over"]:
            return dict(state)
        # An update may be old when it is heard: then the version says so, and a newer one comes.
        version = {"tid": state["table"], "version": data["version"]}
        if state["bids"]:
            client.ask("bid", bid="pass", **version)
        elif state["cards"]:
            client.ask("move", card=state["cards"][0], **version)


def analysis(server: Server, seconds: float = 20) -> Any:
    """What is stored of the one board that there is; None if nothing comes."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with sqlite3.connect(server.instance / "parlour.sqlite3") as database:
            (found,) = database.execute("SELECT analysis FROM board").fetchone()
        if found is not None:
            return json.loads(found)
        time.sleep(0.1)
    return None


@pytest.mark.parametrize("engine", ["eventlet", "threading"])
def test_robots_play_a_deal(make_server: Callable[..., Server], engine: str) -> None:
    server = make_server(ASYNC_MODE=engine, LOG_LEVEL="INFO")
    visitor = Visitor(server.url).register("anna")
    with visitor.socket() as anna:
        opened = anna.ask("table.add", fill=True)
        assert opened["ok"], opened
        end = play_a_deal(anna)
        assert end["outcome"]["reason"] in ("played", "passed")
        assert sorted(analysis(server)) == ["par", "tricks"]
        (expert,) = children(server.pid)
    server.kill()
    assert gone(expert)
    assert "the computer could not" not in server.log()
