"""The examples in the docstrings of the rules are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import app.games

MODULES = sorted(m.name for m in pkgutil.walk_packages(app.games.__path__, "app.games."))


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
