"""Reads templates and scripts for what a person would see that is no message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import takewhile
from pathlib import Path

from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
SCRIPTS = ROOT / "static" / "js"

JINJA = Environment(autoescape=True)
SAYS = {"_", "gettext", "ngettext", "pgettext", "npgettext", "say", "say_many"}
# What is read by programs, or is the same in every language.
UNSPOKEN = {"script", "style", "code", "pre", "svg"}
SHOWN = {"aria-label", "aria-description", "title", "placeholder", "alt", "label"}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
SAME = {"PBN", "LIN", "JSON", "OpenAPI", "UTC"}
LETTERS = re.compile(r"[^\W\d_]+")
SENTENCE = re.compile(r"^[A-Z][a-z]+(?:\s|$|[.:?!…])|[a-z] [a-z]+ [a-z]")

MARK = "\ue000{}\ue001"
MARKED = re.compile("\ue000(\\d+)\ue001")


def said_in(text: str) -> list[str]:
    """The words in a text that would have to be translated.

    >>> said_in("PBN · 12 moves")
    ['moves']
    """
    return [word for word in LETTERS.findall(MARKED.sub(" ", text)) if word not in SAME]


class Page(HTMLParser):
    """A template without its logic: what of it is text, and which expressions stand in text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.spoken: set[int] = set()  # expressions whose value is read
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in VOID:
            self._inside.append(tag)
        for name, value in attrs:
            button = name == "value" and tag == "input" and values.get("type") == "submit"
            described = name == "content" and values.get("name") == "description"
            if value and (name in SHOWN or button or described):
                self._look(value)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._inside.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not UNSPOKEN & set(self._inside):
            self._look(data)

    def _look(self, text: str) -> None:
        if said_in(text):
            self.found.append(" ".join(MARKED.sub("…", text).split()))
        self.spoken |= {int(number) for number in MARKED.findall(text)}


def untranslated(source: str) -> list[str]:
    """What a template says that is no message: its texts, and the literals shown among them.

    >>> untranslated('<p title="{{ x }}">{{ _("Fine") }}</p>')
    []
    >>> untranslated('<p>Hello {{ name }}</p><i title="So"></i>{{ "you" if me else name }}')
    ['Hello …', 'So', 'you']
    """
    page, expressions, html = Page(), [], []
    for kind, value in _parts(source):
        if kind == "text":
            html.append(value)
        elif html and html[-1].endswith(("<", "</")):
            html.append("div")  # the name of an element
        else:
            html.append(MARK.format(len(expressions)))
            expressions.append(value)
    page.feed("".join(html))
    page.close()
    found = list(page.found)
    for number in sorted(page.spoken):
        [output] = JINJA.parse("{{" + expressions[number] + "}}").find_all(nodes.Output)
        found += [text for text in _leaves(output.nodes[0]) if said_in(text)]
    found += _sentences(JINJA.parse(source))
    return list(dict.fromkeys(found))


def _parts(source: str) -> Iterator[tuple[str, str]]:
    """What a template is made of: each "text" and "expression", but for the block of classes."""
    tokens = iter(JINJA.lex(source))
    hidden = False
    for _line, kind, value in tokens:
        if kind == "block_begin":
            inside = takewhile(lambda token: token[1] != "block_end", tokens)
            names = {value for _line, kind, value in inside if kind == "name"}
            hidden = "main_class" in names or (hidden and "endblock" not in names)
        elif kind == "variable_begin":
            inside = takewhile(lambda token: token[1] != "variable_end", tokens)
            expression = "".join(value for _line, _kind, value in inside)
            if not hidden:
                yield "expression", expression
        elif kind == "data" and not hidden:
            yield "text", value


def _leaves(node: nodes.Node) -> Iterator[str]:
    """The literals that an expression may come to by itself."""
    match node:
        case nodes.Const(value=str() as text):
            yield text
        case nodes.TemplateData(data=text):
            yield text
        case nodes.CondExpr(expr1=one, expr2=other):
            yield from _leaves(one)
            if other is not None:
                yield from _leaves(other)
        case nodes.Or(left=one, right=other) | nodes.And(left=one, right=other):
            yield from _leaves(one)
            yield from _leaves(other)
        case nodes.Add(left=one, right=other):
            yield from _leaves(one)
            yield from _leaves(other)
        case nodes.Concat(nodes=parts):
            for part in parts:
                yield from _leaves(part)
        case nodes.Filter(node=inner, name="default" | "d", args=args):
            for part in (inner, *args):
                if part is not None:
                    yield from _leaves(part)


def _sentences(node: nodes.Node | None) -> list[str]:
    """Literals anywhere in an expression, but in what says them, that read like a sentence."""
    if node is None or (
        isinstance(node, nodes.Call)
        and isinstance(node.node, nodes.Name)
        and node.node.name in SAYS
    ):
        return []
    found = []
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        text = node.value
        if SENTENCE.search(text) and text not in SAME and not _is_classes(text):
            found.append(text)
    for child in node.iter_child_nodes():
        found += _sentences(child)
    return found


def _is_classes(text: str) -> bool:
    return all(word in CLASSES for word in text.split())


CLASSES = {
    name
    for path in (ROOT / "static" / "css").glob("*.css")
    for name in re.findall(r"\.([a-z][\w-]*)", path.read_text("utf-8"))
}


# Scripts

_PLACES = r"textContent|innerText|innerHTML|title|ariaLabel|placeholder|alt|ariaDescription"
_ASSIGNED = re.compile(rf"\.(?:{_PLACES})\s*=\s*(?P<said>[\"'`].*)")
_SET = re.compile(r"\((?:\w+,\s*)?\"(?:aria-label|title|placeholder|alt)\",\s*(?P<said>[\"'`].*)")
_TOLD = re.compile(r"\b(?:announce|tell|toast|setText|append|confirm|alert|complain)\((?P<said>.*)")
_LITERAL = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`")
_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)


def untranslated_in_script(source: str) -> list[str]:
    """Literals that a script shows, and any that reads like a sentence.

    >>> untranslated_in_script('a.textContent = "Your turn"; b.append(say("x"), " "); // It is so')
    ['"Your turn"']
    >>> untranslated_in_script('a.title = `${name} plays`; throw new Error("Not a move.")')
    ['`${name} plays`']
    """
    found = []
    for line in _COMMENT.sub("", source).splitlines():
        if "import " in line or "Error(" in line:
            line = line.split("throw")[0] if "throw" in line else ""
        for place in (_ASSIGNED, _SET):
            for match in place.finditer(line):
                said = match["said"].split(";")[0]
                found += [text for text in _LITERAL.findall(said)[:1] if _is_said(text)]
        for match in _TOLD.finditer(line):
            if (text := _LITERAL.match(match["said"])) and re.search(r"[A-Z ]", text[0][1:-1]):
                found += [text[0]] if _is_said(text[0]) else []
        found += [text for text in _LITERAL.findall(line) if _reads_as_sentence(text)]
    return list(dict.fromkeys(found))


def _is_said(literal: str) -> bool:
    return bool(LETTERS.search(re.sub(r"\$\{[^}]*\}|\\.", "", literal)))


def _reads_as_sentence(literal: str) -> bool:
    bare = re.sub(r"\$\{[^}]*\}", "", literal[1:-1])
    return bool(
        re.match(r"[A-Z][a-z]+(?: [a-z]+)+", bare) or re.fullmatch(r"[A-Z][a-z]+[.!?…]", bare)
    )
