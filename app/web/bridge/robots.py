"""What the robots say of calls, in the reader's language."""

from __future__ import annotations

from typing import Any, cast

from flask_babel import pgettext


def said(text: str) -> str:
    """A phrase of `app.bots.bridge.bidding.phrases`, with the phrases that were put into it."""
    if not text:
        return ""
    template = getattr(text, "template", text)
    values: dict[str, Any] = getattr(text, "values", {})
    shown = {key: said(value) if isinstance(value, str) else value for key, value in values.items()}
    return cast(str, pgettext("bridge bidding", template)).format(**shown)
