"""The admins' forms."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.services.bans import MOST_REASON
from app.services.errors import ServiceError
from app.services.moderation import MOST_TEXT

# How long a ban lasts, in hours; "": for good.
TERMS: Final = (
    SelectChoice("1", _l("an hour")),
    SelectChoice("24", _l("a day")),
    SelectChoice("168", _l("a week")),
    SelectChoice("720", _l("30 days")),
    SelectChoice("", _l("for good")),
)
DAY: Final = "24"


class UserBanForm(FlaskForm):
    """Why, and for how long."""

    reason = StringField(_l("Reason"), [Length(max=MOST_REASON, message=_l("That is too long."))])
    term = SelectField(_l("How long"), choices=TERMS, default=DAY)
    end = DateTimeLocalField(_l("Or until (UTC)"), [Optional()], format="%Y-%m-%dT%H:%M")

    def until(self, now: datetime) -> datetime | None:
        """When the ban ends, a moment that was given before all else; None: never."""
        if self.end.data is not None:
            return self.end.data.replace(tzinfo=UTC)
        return now + timedelta(hours=int(self.term.data)) if self.term.data else None

    def refuse(self, error: ServiceError, text: str) -> None:
        """Put a refusal beside the field it is about, or above the form."""
        field = self._fields.get(self.ABOUT.get(error.code, ""))
        if field is None:
            self.form_errors.append(text)
        else:
            field.errors = [*field.errors, text]

    ABOUT = {"bad_end": "end", "too_long": "reason"}


class BanForm(UserBanForm):
    """Which addresses, why, and for how long."""

    addresses = TextAreaField(_l("Addresses and ranges"), [InputRequired(_l("Say which."))])

    ABOUT = {
        "bad_end": "end",
        "too_long": "reason",
        "bad_address": "addresses",
        "no_address": "addresses",
        "own_address": "addresses",
        "too_many_addresses": "addresses",
    }


class BroadcastForm(FlaskForm):
    """Something to say to everybody."""

    text = TextAreaField(
        _l("Announcement"),
        [
            InputRequired(_l("Say something.")),
            Length(max=MOST_TEXT, message=_l("That is too long.")),
        ],
    )
