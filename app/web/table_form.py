"""The form for what is to be played: a table for everyone, or a challenge to one."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from app.games import GAMES
from app.services.errors import ServiceError
from app.services.time_control import CLOCKS, PER_MOVE, TimeControl
from app.web.forms import lower
from app.web.refusals import refusal
from app.web.words import say, time_words

GAME: Final = "uttt"
OWN: Final = "own"  # the choice of a clock that is none of the usual ones
SOON: Final = TimeControl(None, *CLOCKS[2])  # for who waits at a table
PRIVATE: Final = "private"

ABOUT_PLAYER: Final = frozenset(
    {
        "already_playing",
        "blocked",
        "challenge_open",
        "opponent_busy",
        "unknown_user",
        "yourself",
    }
)
"""The refusals that are about whoever is challenged."""

_FIELDS: Final = dict.fromkeys(ABOUT_PLAYER, "player") | {"bad_code": "code"}


class TableForm(FlaskForm):
    """Game, variant, terms and time. With a `player`, a challenge to them.

    `time` is the notation of a time control, or `OWN` for `minutes` and `increment`.
    """

    player = StringField(_l("Whom to challenge"), filters=[lower])
    game = RadioField(_l("Game"), default=GAME)
    variant = RadioField(_l("Variant"))
    time = RadioField(_l("Time"))
    minutes = IntegerField(_l("Minutes for each"), [Optional()], default=20)
    increment = IntegerField(_l("Seconds more a move"), [Optional()], default=0)
    rated = BooleanField(_l("Rated"), default=True)
    access = RadioField(
        _l("Who may join and watch"),
        choices=[
            SelectChoice("public", _l("Everybody")),
            SelectChoice(PRIVATE, _l("Only those who know the code")),
        ],
        default="public",
    )
    code = StringField(_l("Code"))

    @classmethod
    def made(cls, **values: Any) -> TableForm:
        """The form with its choices filled in; `values` as WTForms takes them."""
        form = cls(**values)
        info = GAMES[GAME].info
        times = [TimeControl(None, *clock) for clock in CLOCKS] + list(map(TimeControl, PER_MOVE))
        form.game.choices = [SelectChoice(key, say(f"game_{key}")) for key in GAMES]
        form.variant.choices = [
            SelectChoice(key, say(f"variant_name_{key}")) for key in info.variants
        ]
        form.variant.data = form.variant.data or info.variants[0]
        form.time.choices = [SelectChoice(time.text, time_words(time)) for time in times]
        form.time.choices.append(SelectChoice(OWN, _("another clock")))
        form.time.data = form.time.data or (str(PER_MOVE[-1]) if form.player.data else SOON.text)
        return form

    @property
    def control(self) -> TimeControl:
        """The time asked for. Raises `bad_time`."""
        if self.time.data != OWN:
            return TimeControl.parse(self.time.data)
        return TimeControl.parse(f"{(self.minutes.data or 0) * 60}+{self.increment.data or 0}")

    @property
    def terms(self) -> dict[str, Any]:
        """What `tables.open` and `tables.challenge` take. Raises `bad_time`."""
        private = self.access.data == PRIVATE
        return {
            "game": self.game.data,
            "variant": self.variant.data,
            "rated": self.rated.data,
            "time": self.control,
            "private": private,
            "code": (self.code.data or "").strip() or None if private else None,
        }

    def refuse(self, error: ServiceError) -> int:
        """Put a refusal beside the field it is about, or above the form; the status."""
        field = _FIELDS.get(error.code)
        if error.code == "bad_time":
            field = "minutes" if self.time.data == OWN else "time"
        if field is None:
            self.form_errors.append(refusal(error))
        else:
            self[field].errors = [*self[field].errors, refusal(error)]
        return 429 if error.code == "too_many" else 422


class CodeForm(FlaskForm):
    """Whose private table, and its code."""

    owner = StringField(
        _l("Whose table"), [InputRequired(_l("Whose table is it?"))], filters=[lower]
    )
    code = StringField(_l("Code"), [InputRequired(_l("The code is missing."))])
