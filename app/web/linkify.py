"""Links in what people write: found here for the pages, and the same way in static/js/linkify.js.

tests/web/links.json holds both to the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from markupsafe import Markup, escape

# Spelt out so that it means the same in both languages: no \d, no ignoring of case.
LINK: Final = re.compile(
    r"(?<![A-Za-z0-9])[Hh][Tt][Tt][Pp][Ss]?://"
    r"[^\s<>\"'`/?#:@\\\[\](){}|^,;!.\-][^\s<>\"'`/?#:@\\\[\](){}|^,;!]*"
    r"(?::[0-9]{1,5})?(?:[/?#][^\s<>\"'`]*)?"
)
_STOPS: Final = ".,:;!?"  # end a sentence, not an address
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}
REL: Final = "noopener nofollow ugc"


def parts(text: str) -> Iterator[tuple[str, bool]]:
    """The text cut into pieces, and for each whether it is the address of a link.

    >>> list(parts("see https://example.org/a_(b)."))
    [('see ', False), ('https://example.org/a_(b)', True), ('.', False)]
    """
    done = 0
    for found in LINK.finditer(text):
        url = _trimmed(found[0])
        if found.start() > done:
            yield text[done : found.start()], False
        yield url, True
        done = found.start() + len(url)
    if done < len(text):
        yield text[done:], False


def linkify(text: str) -> Markup:
    """The text as markup: its links are links, and nothing else in it is anything but text."""
    return Markup("").join(
        Markup('<a href="{0}" rel="{1}" target="_blank">{0}</a>').format(piece, REL)
        if is_link
        else escape(piece)
        for piece, is_link in parts(text)
    )


def _trimmed(url: str) -> str:
    """Without the stops and the closing brackets that belong to the sentence around it."""
    while True:
        last = url[-1]
        opening = _PAIRS.get(last)
        unopened = opening is not None and url.count(last) > url.count(opening)
        if last not in _STOPS and not unopened:
            return url
        url = url[:-1]
