"""Every address of the site, from the map by which it is served: none can be forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from flask import Flask
from werkzeug.routing import Rule

# What stands for an address's variables; what is not named is an id that nothing has.
VALUES = {
    "name": "ann",
    "game": "uttt",
    "how": "restart",
    "number": "1",
    "message_id": "1",
    "report_id": "1",
    "ending": "pbn",
    "room": "lobby",
    "filename": "css/site.css",
}
_VARIABLE = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")


class Address(NamedTuple):
    """A path, its rule, and the methods it takes beside HEAD and OPTIONS."""

    path: str
    rule: Rule
    methods: frozenset[str]

    @property
    def changes(self) -> bool:
        """Whether something can be asked for here that is no visit."""
        return bool(self.methods - {"GET"})


def addresses(app: Flask, values: Mapping[str, str] | None = None) -> Iterator[Address]:
    """One address a rule. `values` replace those above."""
    chosen = {**VALUES, **(values or {})}
    for rule in app.url_map.iter_rules():
        path = _VARIABLE.sub(lambda found: chosen.get(found[1], "0" * 32), rule.rule)
        yield Address(path, rule, frozenset(rule.methods or ()) - {"HEAD", "OPTIONS"})
