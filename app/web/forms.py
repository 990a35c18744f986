"""Forms, and what a service's refusal is called beside the field it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Regexp

from app.services.accounts import MAX_PASSWORD, NAME
from app.services.errors import ServiceError

NAME_RULE = _l("3 to 16 letters, digits, - or _.")

# What people read for a service's code; the service's own sentence where there is none here.
WORDS: dict[str, Any] = {
    "already_friends": _l("You are friends already."),
    "already_playing": _l("You are playing each other already."),
    "bad_name": _l("That name is kept for the house. Choose another."),
    "blocked": _l("You cannot reach that player."),
    "guest": _l("Guests have no friend lists."),
    "name_taken": _l("That name is taken. Choose another."),
    "no_such_session": _l("That session has ended already."),
    "not_blocked": _l("They are not blocked."),
    "not_friends": _l("They are not among your friends."),
    "not_a_guest": _l("You have an account already."),
    "opponent_busy": _l("They have as many matches as one may have. Try again later."),
    "too_many": _l("Too many tries. Wait a minute, then try again."),
    "too_many_matches": _l("You have as many matches as one may have. Finish one first."),
    "unknown_user": _l("Nobody here has that name."),
    "wrong_password": _l("That name and password do not go together."),
    "yourself": _l("That is you."),
}


def words(error: ServiceError) -> str:
    """The sentence for a refusal, in the reader's language."""
    return str(WORDS.get(error.code, error.msg))


def refuse(form: FlaskForm, error: ServiceError, fields: Mapping[str, str]) -> int:
    """Put a refusal beside the field it is about (`fields`: code -> field) or above the form.

    Returns the status to answer with: 429 for too many tries, else 422.
    """
    name = fields.get(error.code)
    if name is None:
        form.form_errors.append(words(error))
    else:
        form[name].errors = [*form[name].errors, words(error)]
    return 429 if error.code == "too_many" else 422


def own_path(target: str | None) -> str | None:
    """`target` if it is a path on this site, else None: nobody is sent elsewhere from here.

    >>> own_path("/player/ann?page=2")
    '/player/ann?page=2'
    >>> own_path("//evil.example"), own_path("https://evil.example"), own_path("/\\\\evil.example")
    (None, None, None)
    """
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    if any(ord(char) < 0x21 or ord(char) == 0x7F for char in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def next_path(otherwise: str) -> str:
    """Where the request asks to be sent on to, if that is a page of ours, else `otherwise`."""
    return own_path(request.values.get("next")) or otherwise


def lower(value: str | None) -> str:
    """Names are kept in lower case, without blanks around them."""
    return (value or "").strip().lower()


def _new_name() -> list[Any]:
    message = _l("A name has 3 to 16 letters, digits, - or _.")
    return [InputRequired(_l("Choose a name.")), Regexp(NAME.pattern + r"\Z", message=message)]


def _new_password() -> list[Any]:
    message = _l("A password has at most %(max)s characters.", max=MAX_PASSWORD)
    return [InputRequired(_l("Choose a password.")), Length(max=MAX_PASSWORD, message=message)]


class SignInForm(FlaskForm):
    """Name and password of an account."""

    name = StringField(_l("Name"), [InputRequired(_l("Who are you?"))], filters=[lower])
    password = PasswordField(_l("Password"), [InputRequired(_l("The password is missing."))])
    next = HiddenField()


class RegisterForm(FlaskForm):
    """A new account."""

    name = StringField(_l("Name"), _new_name(), filters=[lower])
    password = PasswordField(_l("Password"), _new_password())
    next = HiddenField()


class GuestForm(FlaskForm):
    """A name for a while; empty, and one is made up."""

    name = StringField(_l("Your name here"), filters=[lower])
    next = HiddenField()


class UpgradeForm(FlaskForm):
    """A guest's name kept for good."""

    name = StringField(_l("Name"), _new_name(), filters=[lower])
    password = PasswordField(_l("Password"), _new_password())


class PasswordForm(FlaskForm):
    """A new password for one who knows the old."""

    old = PasswordField(_l("Old password"), [InputRequired(_l("The old password is missing."))])
    new = PasswordField(_l("New password"), _new_password())
    again = PasswordField(
        _l("New password again"), [EqualTo("new", _l("The two new passwords differ."))]
    )


class FriendForm(FlaskForm):
    """A player's name."""

    player = StringField(
        _l("Player's name"), [InputRequired(_l("Whom do you look for?"))], filters=[lower]
    )
