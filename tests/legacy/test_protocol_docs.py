"""docs/protocols: its examples are what the house says, and nothing that can be said is missing."""

from __future__ import annotations

import ast
import doctest
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from app.live.bridge import OURS
from app.live.commands import _PARTS as PARTS
from app.live.commands import TYPES, bridge
from config import ROOT, Config
from scripts import examples
from tests.conftest import database_file
from tests.legacy.scopa_clients import _CHECKS as CONTROLS
from tests.transcripts import SESSIONS, record, recorder

PAGES = {path.name: path.read_text("utf-8") for path in sorted(examples.PAGES.glob("*.md"))}
CLIENTS = (ROOT / "docs" / "clients.md").read_text("utf-8")
PUBLISHED = {"user", "tell", "lobby", "watchers"}  # methods of the publisher that name a type


@pytest.fixture
def empty(config: Config, migrated: Path, tmp_path: Path) -> Iterator[Config]:
    """Settings of a house of its own, whose database is empty."""
    settings = replace(config, INSTANCE_PATH=str(tmp_path / "transcript"))
    database_file(settings).parent.mkdir()
    shutil.copyfile(migrated, database_file(settings))
    return settings


def shown(page: str) -> dict[str, str]:
    """The examples of a page, by name."""
    found = re.findall(r"<!-- example: ([\w-]+) -->\n```\n(.*?)\n```\n<!-- end -->", page, re.S)
    return dict(found)


@pytest.mark.one_worker("a house within the test, on a file of its own")
@pytest.mark.parametrize("name", SESSIONS)
def test_an_example_is_what_the_house_says(name: str, empty: Config) -> None:
    (there,) = [text for page in PAGES.values() for key, text in shown(page).items() if key == name]
    assert record(SESSIONS[name], empty).text == there, "run make examples"


def test_every_example_has_its_session() -> None:
    named = [m[2] for page in PAGES.values() for m in examples.EXAMPLE.finditer(page)]
    assert sorted(named) == sorted(SESSIONS)
    assert sum(page.count("<!-- end -->") for page in PAGES.values()) == len(named)


def test_what_is_left_out_is_marked() -> None:
    assert doctest.testmod(recorder).failed == 0


@cache
def rows(page: str, heading: str) -> dict[str, str]:
    """The rows of the table below a heading, by each word of their first cell."""
    section = PAGES[page].partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return {word: line for line in lines for word in re.findall(r"`([\w.]+)`", line.split("|")[1])}


REQUESTS = {
    kind: request
    for part in PARTS
    if part is not bridge
    for kind, request in part.words.requests.items()
}


@pytest.mark.parametrize("kind", sorted(REQUESTS))
def test_every_request_is_there_with_its_fields(kind: str) -> None:
    row = rows("messages.md", "Requests")[kind]
    if kind == "challenge":
        row += rows("messages.md", "Requests")["open_table"]
    fields = set(REQUESTS[kind].shape.__struct_fields__)
    assert {field for field in fields if f'"{field}"' in row} == fields


def test_there_is_no_request_that_is_not_taken() -> None:
    assert set(rows("messages.md", "Requests")) <= set(REQUESTS)
    assert set(REQUESTS) | set(bridge.words.requests) == TYPES


def published() -> Iterator[str]:
    """The types that services and the edge tell somebody, as they stand in the sources."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            if isinstance(node.func, ast.Name) and node.func.id == "Reply":
                place = 0
            elif isinstance(node.func, ast.Attribute) and node.func.attr in PUBLISHED:
                place = 0 if node.func.attr == "lobby" else 1
            else:
                continue
            kind = node.args[place] if len(node.args) > place else None
            if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
                yield kind.value


def test_every_message_that_is_told_is_there() -> None:
    told = set(published()) | {"session_ended"}
    assert {"match_update", "lobby_state", "seek_update", "chat_hidden", "error"} <= told
    answers = {kind for kind in told if kind.endswith("_response")}
    known = set(rows("messages.md", "News")) | answers
    assert told - OURS <= known
    assert all(f"`{kind}`" in CLIENTS for kind in told & OURS)
    assert all(f"`{kind}`" in PAGES["messages.md"] for kind in answers)


@pytest.mark.parametrize("control", sorted(CONTROLS))
def test_every_control_of_scopa_is_there(control: str) -> None:
    assert f"`{control}`" in PAGES["scopa.md"] or control == "error"


@pytest.mark.parametrize("name", ["MAX_FRAME_BYTES", "MESSAGES_PER_SECOND", "MESSAGE_BURST",
                                  "SIGN_IN_TIMEOUT", "MAX_CONNECTIONS"])  # fmt: skip
def test_the_limits_are_those_of_the_house(name: str) -> None:
    (row,) = [line for line in PAGES["README.md"].splitlines() if f"`{name}`" in line]
    assert f"{getattr(Config(), name):,}" in row
