"""Every test has an app of its own, thousands in all; here is what they need not make anew."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

from app.services import accounts


def share_url_builders() -> None:
    """The functions that build a rule's URLs: compiling them is most of what an app costs."""
    compile_builder = Rule._compile_builder
    made: dict[Any, Callable[..., tuple[str, str]]] = {}

    def shared(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        # All that goes into such a function; converters it finds at the rule when it is called.
        key = rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown
        if key not in made:
            made[key] = compile_builder(rule, append_unknown)
        return made[key]

    Rule._compile_builder = shared  # type: ignore[method-assign]


class Templates(BytecodeCache):
    """Compiled templates, by their names and the checksum of their sources."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._made.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._made[bucket.key, bucket.checksum] = bucket.code


def share_templates() -> None:
    Flask.jinja_options = Flask.jinja_options | {"bytecode_cache": Templates()}


def hash_lightly() -> None:
    """Nobody is after the passwords of tests; a real server hashes theirs at full strength."""
    accounts._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
