"""Everything that a person reads is a message: templates, scripts, pages' modules, refusals."""

from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.web import refusals, words
from app.web.admin.base import WORDS as ADMINS
from tests.support import sources

ROOT = sources.ROOT
TEMPLATES = sorted(sources.TEMPLATES.rglob("*.html"))
SCRIPTS = sorted(sources.SCRIPTS.glob("*.js"))

# Said in English by design, with the reason.
ENGLISH = {
    "app/web/scopa_tale.py": "a match as text, which programs read too",
    "app/web/verify.py": "a program to be run",
    "app/web/bridge/replay.py": "a program to be run",
    "app/web/headers.py": "headers of HTTP",
    "app/web/linkify.py": "an attribute",
    "app/web/play.py": "a match as text, which programs read too",
}
# Codes that no page and no script of ours can meet.
WIRE = {
    "already_signed_in": "scopa's old protocol",
    "bad_json": "a broken client",
    "bad_teams": "scopa's old protocol",
    "binary": "a broken client",
    "in_match": "scopa's old protocol",
    "malformed": "a broken client",
    "no_match": "scopa's old protocol",
    "no_proposal": "scopa's old protocol",
    "no_such_game": "the command API's admins",
    "not_signed_in": "scopa's old protocol",
    "unknown_command": "scopa's old protocol",
    "unknown_control": "scopa's old protocol",
    "unknown_type": "a broken client",
}


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in paths]


def test_the_readers_of_sources_do_as_they_say():
    assert doctest.testmod(sources).failed == 0


@pytest.mark.parametrize("path", named(TEMPLATES))
def test_a_template_says_nothing_but_messages(path):
    assert sources.untranslated(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", named(SCRIPTS))
def test_a_script_says_nothing_by_itself(path):
    assert sources.untranslated_in_script(path.read_text("utf-8")) == []


def test_whatever_scripts_say_is_in_the_table_of_words():
    known = set(words.SAID) | {f"error_{code}" for code in refusals.WORDS}
    missing = []
    for path in SCRIPTS:
        text = path.read_text("utf-8")
        for key in re.findall(r"\bsay\(\"(\w+)\"", text):
            missing += [] if key in known else [(path.name, key)]
        for key in re.findall(r"\bsayMany\(\"(\w+)\"", text):
            missing += [
                (path.name, each) for each in (f"{key}_one", f"{key}_many") if each not in known
            ]
    assert missing == []


# Pages' modules


def spoken_in(tree: ast.AST) -> Iterator[ast.Constant]:
    """String constants that are neither in a docstring nor given to what makes messages."""
    if isinstance(tree, ast.Call):
        name = tree.func.id if isinstance(tree.func, ast.Name) else getattr(tree.func, "attr", "")
        if name in {
            "_",
            "_l",
            "_lp",
            "gettext",
            "ngettext",
            "pgettext",
            "say",
            "say_many",
            "marked",
        }:
            return
    if isinstance(tree, ast.Assert):
        return
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child
        yield from spoken_in(child)


@pytest.mark.parametrize("path", named(sorted((ROOT / "app" / "web").rglob("*.py"))))
def test_a_page_s_module_says_nothing_but_messages(path):
    if str(path.relative_to(ROOT)) in ENGLISH:
        return
    prose = re.compile(
        r"[a-z]{2,}[,:]? [a-z]{2,} [a-z]|^[A-Z][a-z]+ [a-z]{2,}|^[A-Z][a-z ]+[.:?!]$"
    )
    found = [
        (node.lineno, node.value)
        for node in spoken_in(ast.parse(path.read_text("utf-8")))
        if prose.search(node.value)
    ]
    assert found == []


# Refusals


def raised() -> Iterator[tuple[str, ast.expr | None, ast.Module]]:
    """Code, sentence and module of every refusal by a service or at the edge."""
    for folder in ("services", "live", "legacy/scopa", "games"):
        for path in sorted((ROOT / "app" / folder).rglob("*.py")):
            module = ast.parse(path.read_text("utf-8"))
            for node in ast.walk(module):
                if not isinstance(node, ast.Call):
                    continue
                made = node.func.id if isinstance(node.func, ast.Name) else ""
                # What is stored may be malformed too, but that nobody is told on a page.
                move = made == "Malformed" and path.name in ("move.py", "notation.py")
                if made == "Illegal" or move:
                    yield "a move", node.args[0], module
                elif made in ("ServiceError", "Unavailable", "AddressError") and node.args:
                    code, *rest = node.args
                    if isinstance(code, ast.Constant):
                        yield code.value, rest[0] if rest else None, module


def texts(node: ast.expr | None, module: ast.Module) -> Iterator[str]:
    """The constant texts that an expression may come to; a name is the module's constant."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from texts(one, module)
            yield from texts(other, module)
        case ast.Tuple(elts=parts) | ast.Dict(values=parts):
            for part in parts:
                yield from texts(part, module)
        case ast.Subscript(value=inner):
            yield from texts(inner, module)
        case ast.Name(id=name):
            for made in module.body:
                target = getattr(made, "target", None) or getattr(made, "targets", [None])[0]
                if getattr(target, "id", None) == name:
                    yield from texts(getattr(made, "value", None), module)
        case ast.Call(func=ast.Name(id=name)):
            for made in module.body:
                if isinstance(made, ast.FunctionDef) and made.name == name:
                    for part in ast.walk(made):
                        if isinstance(part, ast.Return):
                            yield from texts(part.value, module)


def test_whatever_is_refused_has_words():
    """By its code, or, where a code means several things, by what is said."""
    known = set(refusals.WORDS) | set(ADMINS) | set(WIRE) | {"banned"}
    missing = set()
    for code, text, module in raised():
        if code in known:
            continue
        said = list(texts(text, module))
        missing |= {(code, each) for each in said if each not in refusals.SENTENCES}
        if not said:
            missing.add((code, "no constant text"))
    assert missing == set()


def test_no_sentence_is_kept_that_nobody_says():
    said = {each for _code, text, module in raised() for each in texts(text, module)}
    assert set(refusals.SENTENCES) <= said
