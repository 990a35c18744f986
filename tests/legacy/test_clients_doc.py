"""The programs of docs/clients.md, as they stand there: they play each other to the end."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.legacy.commands.table import COMMANDS
from config import ROOT
from tests.legacy.cage import eventually
from tests.legacy.commanders import ByForm
from tests.support.server import Server

PAGE = (ROOT / "docs" / "clients.md").read_text()
PATIENCE = 60.0


def programs() -> dict[str, str]:
    """The Python on the page, by the heading it stands under."""
    found = re.findall(
        r"^### (A bot [^\n]+)\n(?:(?!^###).)*?```python\n(.*?)```", PAGE, re.M | re.S
    )
    return dict(found)


def start(program: str, path: Path, url: str) -> subprocess.Popen[str]:
    path.write_text(program)
    return subprocess.Popen(
        [sys.executable, str(path), url],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def end(*bots: subprocess.Popen[str]) -> list[str]:
    """What each of them said when its game was over."""
    try:
        said = [bot.communicate(timeout=PATIENCE)[0] for bot in bots]
    finally:
        for bot in bots:
            bot.kill()
    assert [bot.returncode for bot in bots] == [0] * len(bots), said
    return said


def test_there_are_two_programs() -> None:
    assert list(programs()) == ["A bot over HTTP", "A bot over messages"]


def test_the_bot_over_http(make_server: Callable[..., Server], tmp_path: Path) -> None:
    server = make_server()
    client = ByForm(server)
    token = client.register("onlooker")
    program = programs()["A bot over HTTP"]
    one = start(program, tmp_path / "one.py", server.url)
    eventually(lambda: client.ok("lobby", token=token), PATIENCE)  # it has opened a game
    other = start(program, tmp_path / "other.py", server.url)
    said = end(one, other)
    assert {re.fullmatch(r"bot-\w+ played ([XO]): .*\n", text)[1] for text in said} == {"X", "O"}  # type: ignore[index]
    assert len({text.partition(": ")[2] for text in said}) == 1  # they agree on how it ended


def test_the_bot_over_messages(make_server: Callable[..., Server], tmp_path: Path) -> None:
    server = make_server()
    program = programs()["A bot over messages"]
    bots = [start(program, tmp_path / f"{n}.py", server.ws_url) for n in "ab"]
    said = end(*bots)
    assert all(re.fullmatch(r"bot-\w+ saw (nobody|bot-\w+) win\n", text) for text in said), said
    assert len({text.partition(" saw ")[2] for text in said}) == 1


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_on_the_page(name: str) -> None:
    commands = PAGE.partition("\n## Messages\n")[0]
    cells = [row.split("|") for row in commands.splitlines() if row.startswith("|")]
    (parameters,) = (cell[2] for cell in cells if f"`{name}`" in cell[1])
    words = [
        word if word in COMMANDS[name].takes.__struct_fields__[: required(name)] else f"[{word}]"
        for word in COMMANDS[name].words
    ]
    assert f"`{' '.join(words)}`" in parameters


def required(name: str) -> int:
    """How many of a command's parameters must be given."""
    takes = COMMANDS[name].takes
    return len(takes.__struct_fields__) - len(takes.__struct_defaults__)
