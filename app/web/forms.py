"""Forms, and a service's refusal beside the field it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import EqualTo, InputRequired, Length, Regexp

from app.services.accounts import MAX_PASSWORD, NAME
from app.services.bridge.preferences import LONGEST
from app.services.errors import ServiceError
from app.web.refusals import refusal

NAME_RULE = _l("3 to 16 letters, digits, - or _.")


def refuse(form: FlaskForm, error: ServiceError, fields: Mapping[str, str]) -> int:
    """Put a refusal beside the field it is about (`fields`: code -> field) or above the form.

    Returns the status to answer with: 429 for too many tries, 403 for a ban, else 422.
    """
    name = fields.get(error.code)
    if name is None:
        form.form_errors.append(refusal(error))
    else:
        form[name].errors = [*form[name].errors, refusal(error)]
    return {"too_many": 429, "banned": 403}.get(error.code, 422)


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


class TokenForm(FlaskForm):
    """The token of an account, in place of name and password."""

    token = PasswordField(_l("Token"), [InputRequired(_l("The token is missing."))])
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


class FirstPasswordForm(FlaskForm):
    """A password for an account that has none."""

    new = PasswordField(_l("Password"), _new_password())
    again = PasswordField(_l("Password again"), [EqualTo("new", _l("The two passwords differ."))])


class BridgeForm(FlaskForm):
    """What a bridge player sets for themselves."""

    singles = BooleanField(_l("Play a card for me where I have no choice"))
    system = TextAreaField(
        _l("What you bid"),
        [Length(max=LONGEST, message=_l("At most %(max)s characters.", max=LONGEST))],
    )


class DeleteForm(FlaskForm):
    """Good-bye for good: with the password, or a tick from whoever has none."""

    password = PasswordField(_l("Your password"))
    sure = BooleanField(_l("I mean it: this cannot be taken back."))

    def agreed(self, has_password: bool) -> bool:
        """Whether what is asked for has been given; if not, the field says so."""
        asked, missing = (
            (self.password, _l("The password is missing."))
            if has_password
            else (self.sure, _l("Tick this if you mean it."))
        )
        if self.validate() and asked.data:
            return True
        asked.errors = [*asked.errors, missing]
        return False


class FriendForm(FlaskForm):
    """A player's name."""

    player = StringField(
        _l("Player's name"), [InputRequired(_l("Whom do you look for?"))], filters=[lower]
    )
