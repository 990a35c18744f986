"""docs/security.md promises nothing that is not tested: the tests it names are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "security.md").read_text()
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def named() -> list[tuple[str, str]]:
    return NAMED.findall(DOCUMENT)


def collected_in(path: Path) -> set[str]:
    """The names of the tests in a file."""
    body = ast.parse(path.read_text()).body
    return {
        node.name
        for node in body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


@pytest.mark.parametrize(("file", "test"), named())
def test_what_is_named_is_there(file: str, test: str) -> None:
    there = collected_in(ROOT / file)
    assert there
    assert not test or test in there


def test_each_promise_names_a_test() -> None:
    """But for what is not there at all, which nothing can try."""
    promises = re.findall(r"^- (.*(?:\n  .*)*)", DOCUMENT, re.M)
    assert len(promises) > 30
    for promise in promises:
        assert NAMED.search(promise) or promise.startswith("There are no uploads"), promise


def test_every_test_of_security_is_behind_a_promise() -> None:
    """By its file at least: none is left from something that is promised no longer."""
    files = {file for file, _ in named()}
    for path in Path(__file__).parent.glob("test_*.py"):
        if path != Path(__file__):
            assert path.relative_to(ROOT).as_posix() in files | {
                "tests/security/test_promises.py"
            }, path.name
