"""Bridge in docs/clients.md, as it stands there: the program plays, and every message is named."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from app.live.bridge import OURS, TYPES
from app.live.commands import bridge as requests
from tests.legacy.bridge_clients import ADDED, SHAPES, SOMETIMES
from tests.legacy.test_clients_doc import PAGE, end, start
from tests.support.server import Server

SECTION = PAGE.partition("\n## Bridge\n")[2]
SENT, HEARD = SECTION.partition("### What you send")[2].split("### What you hear")


def test_the_player_of_bridge(make_server: Callable[..., Server], tmp_path: Path) -> None:
    (program,) = re.findall(r"### A player of bridge\n.*?```python\n(.*?)```", SECTION, re.S)
    server = make_server()
    (said,) = end(start(program, tmp_path / "bridge.py", server.ws_url))
    assert re.fullmatch(r"b-\w+ saw (pass|[1-7][CDHSZ]X{0,2}) played: -?\d+ points\n", said), said
    assert "Traceback" not in server.log()


def rows(text: str) -> dict[str, str]:
    """The rows of a page's tables by their first cell."""
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return {line.split("|")[1].strip(): line for line in lines}


@pytest.mark.parametrize("type", sorted(requests.words.requests))
def test_every_request_is_on_the_page_with_its_fields(type: str) -> None:
    (row,) = [row for cell, row in rows(SENT).items() if f"`{type}`" in cell]
    fields = set(requests.words.requests[type].shape.__struct_fields__) - {"version"}
    assert {field for field in fields if f'"{field}"' in row} == fields


@pytest.mark.parametrize("type", sorted(TYPES))
def test_every_message_is_on_the_page_with_its_fields(type: str) -> None:
    row = rows(HEARD)[f"`{type}`"]
    for shapes in (SHAPES, ADDED, SOMETIMES):
        for field in shapes.get(type, {}):
            assert f"`{field}`" in row


def test_what_is_heard_beside_them_is_on_the_page() -> None:
    assert all(f"`{type}`" in SENT for type in OURS - TYPES)
