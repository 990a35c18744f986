"""Links in what people write, found alike here and in the browser (tests/js/linkify.test.mjs)."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.web.linkify import linkify, parts

CASES: list[tuple[str, list[str]]] = json.loads(
    Path(__file__).with_name("links.json").read_text(encoding="utf-8")
)


class Reader(HTMLParser):
    """What a browser makes of markup: its text, its elements."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.text = ""
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(str(markup))  # a Markup would escape what is taken from it
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(("text", "links"), CASES, ids=range(len(CASES)))
def test_links_are_links_and_the_rest_is_text(text: str, links: list[str]) -> None:
    assert [piece for piece, is_link in parts(text) if is_link] == links
    seen = Reader(linkify(text))
    assert seen.text == text
    for (tag, attributes), link in zip(seen.elements, links, strict=True):
        assert (tag, attributes) == (
            "a", {"href": link, "rel": "noopener nofollow ugc", "target": "_blank"},
        )  # fmt: skip
