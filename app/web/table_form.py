"""The form for what is to be played: a table for everyone, or a challenge to one.

Each game has a form of its own (`party_form.made`); this is what they share, and all that a game
for two without further choices needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from app.services.errors import ServiceError
from app.services.records import Setup
from app.services.tables import FREE, Ask, Plan
from app.services.time_control import CLOCKS, PER_MOVE, TimeControl
from app.web.forms import lower
from app.web.offering import Kind, kinds
from app.web.plans import ANYBODY, BOT, bots, plan_of
from app.web.refusals import refusal
from app.web.words import say, time_words

OWN: Final = "own"  # the choice of a clock that is none of the usual ones
SOON: Final = TimeControl(None, *CLOCKS[2])  # for who waits at a table
LATE: Final = TimeControl(PER_MOVE[-1])  # for who does not wait
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


class TableForm(FlaskForm):
    """Variant, terms and time of a `game`. As a `challenge`, to one `player`.

    `time` is the notation of a time control, or `OWN` for `minutes` and `increment`.
    """

    game: str
    challenge: bool  # to one player, who is named
    soon: ClassVar[TimeControl] = SOON
    for_parties: ClassVar[bool] = False  # whether the other seats are given out one by one

    player = StringField(_l("Whom to challenge"), filters=[lower])
    variant = RadioField(_l("Variant"))
    opponent = RadioField(_l("Opponent"))
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

    def prepare(self, game: str, *, late: bool, bot: str | None = None) -> None:
        """Fill in the choices of that game. `late`: nobody waits for the match to begin; `bot`: how
        strong the computer is to be that plays.
        """
        self.game = game
        if self.for_parties or self.challenge or not bots(game):
            del self.opponent
        else:
            self.opponent.choices = [SelectChoice(ANYBODY, say("seat_free")), *bots(game)]
            usual = f"{BOT}-{bot}" if bot else ANYBODY
            self.opponent.data = self.opponent.data or usual
        self.variant.choices = [
            SelectChoice(key, say(f"variant_name_{key}")) for key in kinds(game)
        ]
        self.variant.data = self.variant.data or next(iter(kinds(game)))
        times = [TimeControl(None, *clock) for clock in CLOCKS] + list(map(TimeControl, PER_MOVE))
        self.time.choices = [SelectChoice(time.text, time_words(time)) for time in times]
        self.time.choices.append(SelectChoice(OWN, _("another clock")))
        self.time.data = self.time.data or (LATE if late else self.soon).text

    @property
    def kind(self) -> Kind:
        """The variant chosen; the usual one where none of the game's is."""
        offered = kinds(self.game)
        return offered.get(self.variant.data) or next(iter(offered.values()))

    @property
    def control(self) -> TimeControl:
        """The time asked for. Raises `bad_time`."""
        if self.time.data != OWN:
            return TimeControl.parse(self.time.data)
        return TimeControl.parse(f"{(self.minutes.data or 0) * 60}+{self.increment.data or 0}")

    @property
    def private(self) -> bool:
        """Whether only those who know a code may join and watch."""
        return bool(self.access.data == PRIVATE)

    @property
    def options(self) -> dict[str, str | int]:
        """The game's own options, beside the variant."""
        return {}

    @property
    def others(self) -> Sequence[Plan]:
        """Who is to have the other seats, in their order."""
        if self.challenge:
            return (Ask(self.player.data or ""),)
        return (plan_of(self.opponent.data) if self.opponent else FREE,)

    @property
    def setup(self) -> Setup:
        """What is to be played. Raises `bad_time`."""
        return Setup(
            self.game,
            self.variant.data,
            rated=self.rated.data,
            time=self.control,
            code=(self.code.data or "").strip() or None if self.private else None,
            options=self.options,
        )

    def field_of(self, error: ServiceError) -> str | None:
        """The name of the field that a refusal is about; None for the form as a whole."""
        if error.code == "bad_time":
            return "minutes" if self.time.data == OWN else "time"
        return "code" if error.code == "bad_code" else self.player_field(error)

    def player_field(self, error: ServiceError) -> str | None:
        """The same for a refusal that may be about whoever is asked."""
        return "player" if error.code in ABOUT_PLAYER else None

    def refuse(self, error: ServiceError) -> int:
        """Put a refusal beside the field it is about, or above the form; the status."""
        field = self.field_of(error)
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
