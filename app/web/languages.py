"""Which language a page is in: the one chosen, else the browser's, else English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flask import Blueprint, g, has_request_context, request
from flask_login import current_user

DEFAULT: Final = "en"
LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {"en": "English", "it": "Italiano", "de": "Deutsch"}
)
"""By code, each by its own name. What is said in them is in `app/translations`."""

COOKIE: Final = "language"


def chosen() -> str:
    """The language this reader has asked for, in the account or in this browser; empty: none.

    On a page that must do without the database (`g.impersonal`) the account's is not known.
    """
    theirs = ""
    if not g.get("impersonal") and current_user.is_authenticated:
        theirs = current_user.caller.language
    asked = theirs or request.cookies.get(COOKIE, "")
    return asked if asked in LANGUAGES else ""


def language() -> str:
    """The language of this page."""
    if not has_request_context():
        return DEFAULT
    return chosen() or request.accept_languages.best_match(LANGUAGES) or DEFAULT


def language_names() -> Mapping[str, str]:
    """The languages there are, by code, each by its own name."""
    return LANGUAGES


def init_blueprint(blueprint: Blueprint) -> None:
    """Make these known to every template."""
    blueprint.add_app_template_global(language_names)
    blueprint.add_app_template_global(chosen, "language_chosen")
