"""Scopa in docs/clients.md, as it stands there: the program plays, the session happens."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.live.commands.cards import HUMAN_PLAY
from tests.legacy.scopa_clients import INFOS, Inside, ScopaClient
from tests.legacy.test_clients_doc import PAGE, end, start
from tests.support.server import Server

SECTION = PAGE.partition("\n## Scopa\n")[2]


def test_the_player_of_scopa(make_server: Callable[..., Server], tmp_path: Path) -> None:
    (program,) = re.findall(r"### A player of scopa\n.*?```python\n(.*?)```", SECTION, re.S)
    server = make_server()
    players = [start(program, tmp_path / f"{name}.py", server.ws_url) for name in "ab"]
    for said in end(*players):
        told = re.fullmatch(r"(p-\w+) saw (p-\w+|cpu1) win, (\d+) to (\d+)\n", said)
        assert told is not None, said
        mine, theirs = int(told[3]), int(told[4])
        assert (told[2] == told[1]) == (mine > theirs)
        assert max(mine, theirs) >= 11


def test_the_session(inside: Callable[..., Inside]) -> None:
    house = inside("mike")
    clients = {"john": house.connect(), "mike": house.documented("mike")}
    lines = re.findall(r"^(john|mike) (→|←) (\{.*)$", SECTION, re.M)
    assert len(lines) > 20
    for name, way, text in lines:
        message = json.loads(text.replace("[…]", "[0]"))
        if way == "→":
            clients[name].send_text(json.dumps(message))
        else:
            _hear(clients[name], message["control"], message["data"])


def _hear(client: ScopaClient, control: str, written: Any) -> None:
    """Hear that message, but for what differs each time; the deal goes on in between."""
    heard, data = client.receive()
    while control == "chat" != heard or (_is_error(written) and not _is_error(data)):
        assert heard == "match_data"
        heard, data = client.receive()
    assert heard == control, data
    if control == "chat":
        assert data | {"date": written["date"]} == written
    elif control == "match_data" and not _is_error(written):
        kinds = [info["info"] for info in written["infos"]]
        assert [info["info"] for info in data["infos"]] == kinds
        for part in ("moves", "cards"):
            assert bool(data[part]) == bool(written[part])
    else:
        assert data == written


def _is_error(data: Any) -> bool:
    infos = data.get("infos", ()) if isinstance(data, dict) else ()
    return any(info["info"] == "error" for info in infos)


def test_every_info_is_on_the_page() -> None:
    assert {kind for kind in INFOS if f"`{kind}`" in SECTION} == INFOS
    assert f'"{HUMAN_PLAY}"' in SECTION
