"""Collects what the house says to people, and keeps the catalogues of app/translations in step.

`make messages` runs it: what is new goes in, untranslated, and what is said no longer goes out.
tests/test_translations.py holds the catalogues to what it would write.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).resolve().parents[1]
TRANSLATIONS: Final = ROOT / "app" / "translations"
LANGUAGES: Final = {"it": "Italian", "de": "German"}

_CONTEXT: Final = ((1, "c"), 2)
KEYWORDS: Final[dict[str, Any]] = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "lazy_gettext": None,
    "_lp": _CONTEXT,
    "lazy_pgettext": _CONTEXT,
    "marked": None,  # app/web/refusals.py
}

ROBOTS: Final = "bridge bidding"  # the context of what a robot says that its calls mean
API: Final = "api"  # the context of the command API's reference

HEADER: Final = """\
# {name} for Parlour.
msgid ""
msgstr ""
"Project-Id-Version: Parlour\\n"
"Language: {language}\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def collect() -> Catalog:
    """Every message of the pages, the scripts' words, the robots and the API's reference."""
    catalog = Catalog(fuzzy=False)
    for folder, method in (("app", "python"), ("templates", "jinja2")):
        for file, line, text, comments, context in extract_from_dir(
            ROOT / folder,
            [("**.py" if method == "python" else "**.html", method)],
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
            strip_comment_tags=True,
        ):
            where = [(f"{folder}/{file}", line)]
            catalog.add(text, None, where, auto_comments=comments, context=context)
    for text, file in robots():
        catalog.add(text, None, [(file, 0)], context=ROBOTS)
    for text in api():
        catalog.add(text, None, [("app/legacy/commands", 0)], context=API)
    return catalog


def robots() -> Iterator[tuple[str, str]]:
    """What robots say of calls: names of `Way`s, words of `Test`s, and whatever is a `phrase`."""
    for path in sorted((ROOT / "app" / "bots" / "bridge" / "bidding").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                for text in _said(node):
                    yield text, str(path.relative_to(ROOT))


def _said(call: ast.Call) -> Iterator[str]:
    made = call.func.id if isinstance(call.func, ast.Name) else ""
    place = {"Way": 1, "Test": 0, "phrase": 0}.get(made)
    spoken = [] if place is None else call.args[place : place + 1]
    spoken += [keyword.value for keyword in call.keywords if keyword.arg == "name"]
    for each in spoken:
        if isinstance(each, ast.JoinedStr):
            raise SyntaxError(f"line {each.lineno}: what is said is a phrase, not an f-string")
        choices = [each.body, each.orelse] if isinstance(each, ast.IfExp) else [each]
        for choice in choices:
            if isinstance(choice, ast.Constant) and choice.value:
                yield choice.value


def api() -> Iterator[str]:
    """What the command API's reference says of its commands, as the page /api shows it."""
    from app.legacy.commands.openapi import described

    return described()


def written(language: str, template: Catalog) -> str:
    """A catalogue as it ought to stand in its file: every message of now, and no other."""
    catalog = read_po(io.BytesIO(path_of(language).read_bytes()), locale=language)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    out = io.BytesIO()
    write_po(out, catalog, width=100, no_location=True, omit_header=True)
    return HEADER.format(name=LANGUAGES[language], language=language) + out.getvalue().decode()


def path_of(language: str) -> Path:
    """Where a language's catalogue is."""
    return TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"


def main() -> None:
    sys.path.insert(0, str(ROOT))
    template = collect()
    for language in LANGUAGES:
        text = written(language, template)
        path_of(language).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
