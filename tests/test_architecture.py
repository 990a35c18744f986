"""Who may import whom: the rooms of docs/architecture.md, read from the imports themselves."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "app"

# Module -> what of the house it may import (prefixes), the most specific rule first.
RULES: dict[str, tuple[str, ...]] = {
    "app.games": ("app.games",),
    # Players see views: of a game, what tells what a view means and the rules, never a state.
    "app.bots": (
        "app.bots",
        "app.games.api",
        "app.games.cards",
        *(
            f"app.games.scopa.{module}"
            for module in ("captures", "options", "rules", "scoring", "variants")
        ),
        *(f"app.games.bridge.{module}" for module in ("comparison", "deal", "play", "scoring")),
        *(f"app.games.uttt.{module}" for module in ("bitboard", "move")),
    ),
    "app.store": ("app.store",),
    "app.services": ("app.services", "app.games", "app.bots", "app.store", "config"),
    # The edge of every transport: the vocabulary, and Socket.IO.
    "app.live.commands": ("app.live", "app.services", "app.games"),
    "app.live.sockets": ("app.live", "app.services", "app.games"),
    "app.live.links": ("app.live", "app.services"),
    "app.live": (
        "app.live",
        "app.games",
        "app.services.publish",
        "app.services.records",
        "app.services.errors",
    ),
    "app.legacy": ("app.legacy", "app.live", "app.services", "config"),
    "app.web": ("app.web", "app.services", "app.games", "app.extensions", "config"),
    "app.web.health": ("app.migrating", "app.services"),
    "app.edge": ("app.legacy", "app.live", "config"),
    "app.extensions": ("app.store.base",),
    "app.logs": ("config",),
    "app.metrics": ("app.services",),
    "app.headers": (),
    "app.shares": ("app.edge", "app.legacy", "app.services.standing", "config"),
    "app.proxies": ("app.services.standing", "app.services.errors", "config"),
    "app.rejoining": ("app.extensions", "app.live"),
    "app.closing": ("app.extensions", "app.live", "app.services.presence"),
    "app.offload": ("app.bots", "app.services.house", "app.thought"),
    "app.thought": ("app.bots",),
    "app.migrating": ("app.extensions", "config"),
    "app.backup": ("app.backup", "app.migrating", "config"),
    "app.cli": ("app.backup", "app.fitness", "app.migrating", "app.services", "app.extensions"),
    "app.fitness": ("app.services.trouble", "app.store.faults", "config"),
    "app.server": (
        "app.backup.errors",
        "app.backup.lock",
        "app.fitness",
        "app.migrating",
        "app.services",
        "app.extensions",
        "app.logs",
        "app.metrics",
        "app.edge",
        "app.closing",
        "app.rejoining",
        "app.live",
        "app.offload",
    ),
    "app": ("app", "config"),
}


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(APP.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            for alias in node.names:
                inner = APP.parent / Path(*node.module.split("."), alias.name)
                is_module = inner.with_suffix(".py").exists() or (inner / "__init__.py").exists()
                yield f"{node.module}.{alias.name}" if is_module else node.module


def within(module: str, prefixes: tuple[str, ...]) -> bool:
    return any(module == prefix or module.startswith(f"{prefix}.") for prefix in prefixes)


def rule_for(module: str) -> tuple[str, ...]:
    """What a module may import. The rule of `app` is its own alone: every room needs another."""
    name = module
    while name not in RULES:
        name = name.rpartition(".")[0]
    assert name != "app" or module == "app", f"{module} is in no room"
    return RULES[name]


@pytest.mark.parametrize(("module", "path"), list(modules()), ids=lambda value: str(value))
def test_imports_stay_in_their_rooms(module: str, path: Path) -> None:
    allowed = rule_for(module)
    for imported in imports(path):
        ours = within(imported, ("app", "config", "tests", "bench"))
        assert not ours or within(imported, allowed), f"{module} must not import {imported}"


def test_a_room_without_a_rule_is_noticed() -> None:
    assert rule_for("app.games.uttt.rules") == RULES["app.games"]
    assert rule_for("app") == RULES["app"]
    for stranger in ("app.cellar", "app.cellar.wine", "app.gamesome"):
        with pytest.raises(AssertionError, match="is in no room"):
            rule_for(stranger)


@pytest.mark.parametrize(
    ("module", "path"), [m for m in modules() if m[0].startswith("app.games")], ids=str
)
def test_rules_are_standard_library_only(module: str, path: Path) -> None:
    for imported in imports(path):
        top = imported.partition(".")[0]
        assert top == "app" or top in sys.stdlib_module_names, f"{module} imports {imported}"


def test_only_config_and_wsgi_name_the_engine() -> None:
    """Elsewhere eventlet may be imported only inside the function that needs it."""
    for module, path in modules():
        tree = ast.parse(path.read_text())
        for node in tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = {getattr(node, "module", None) or "", *(a.name for a in node.names)}
                assert not any(n.split(".")[0] == "eventlet" for n in names), module


def test_no_module_is_imported_at_a_files_bottom() -> None:
    for module, path in modules():
        body = ast.parse(path.read_text()).body
        kinds = [isinstance(node, ast.Import | ast.ImportFrom) for node in body]
        defined = [isinstance(node, ast.FunctionDef | ast.ClassDef) for node in body]
        if True in defined:
            assert True not in kinds[defined.index(True) :], f"{module} imports below its code"
