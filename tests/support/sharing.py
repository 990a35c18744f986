"""Every test has an app of its own, thousands in all; here is what they need not make anew."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, event
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

import app
from app.services import accounts
from app.store import base

# What `Rule.compile` finds out about a rule. Converters keep the map of the first app, but ours
# (Flask's own) never look at it.
COMPILED = ("_parts", "_trace", "_converters")


def share_url_rules() -> None:
    """What a rule's pattern comes to: parsing them would be most of what an app costs then."""
    compile_rule = Rule.compile
    made: dict[Any, tuple[Any, ...]] = {}

    def shared(rule: Rule) -> None:
        assert rule.map is not None, "rule not bound"
        key = (
            rule.rule, rule.host, rule.subdomain, rule.merge_slashes, repr(rule.defaults),
            rule.map.host_matching, tuple(rule.map.converters.items()),
        )  # fmt: skip
        if key not in made:
            compile_rule(rule)
            found = (getattr(rule, name) for name in COMPILED)
            made[key] = (*found, rule._build.__func__, rule._build_unknown.__func__)
            made[key] += (frozenset(rule.arguments),)
            return
        *found, build, build_unknown, arguments = made[key]
        for name, value in zip(COMPILED, found, strict=True):
            setattr(rule, name, value)
        rule.arguments.update(arguments)
        rule._build = build.__get__(rule, None)
        rule._build_unknown = build_unknown.__get__(rule, None)

    Rule.compile = shared  # type: ignore[method-assign]


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


def share_statements() -> None:
    """What SQLAlchemy compiles for SQLite: the same for every test's database of its own."""
    made: LRUCache[Any, Any] = LRUCache(5_000)
    make_engine = SQLAlchemy._make_engine

    def sharing(*args: Any) -> Engine:
        engine = make_engine(*args)
        if isinstance(engine.dialect, SQLiteDialect_pysqlite):
            engine._compiled_cache = made
        return engine

    SQLAlchemy._make_engine = sharing  # type: ignore[method-assign,assignment]
    # The cache tells dialects apart by themselves: all of SQLite's are one.
    SQLiteDialect_pysqlite.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
    SQLiteDialect_pysqlite.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign,assignment]


def flush_nothing() -> None:
    """No test in this process outlives the machine; a real server waits for the disk."""
    tune = base.tune_sqlite

    def tune_for_tests(engine: Engine) -> None:
        tune(engine)

        @event.listens_for(engine, "connect")
        def _connect(connection: Any, _record: Any) -> None:
            if engine.dialect.name == "sqlite":
                connection.execute("PRAGMA synchronous=OFF")

    app.tune_sqlite = tune_for_tests


def hash_lightly() -> None:
    """Nobody is after the passwords of tests; a real server hashes theirs at full strength."""
    accounts._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
