"""The form of a game whose other seats are given out one by one, and the form of any game."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from app.games import GAMES
from app.services.errors import ServiceError
from app.services.tables import Ask, Plan
from app.services.time_control import PER_MOVE, TimeControl
from app.web.forms import lower
from app.web.offering import CHOICES
from app.web.plans import ANYBODY, ASK, BOT, plan_of, plans
from app.web.table_form import ABOUT_PLAYER, TableForm
from app.web.words import say

ASKED: Final = ABOUT_PLAYER | {"bad_seats"}


class PartyForm(TableForm):
    """A table where each of the other seats is for anybody, for a player, or the computer's.

    The fields of a seat are `seat_1` and `name_1`, and so on. Seats that sit across the table from
    each other play together.
    """

    soon: ClassVar[TimeControl] = TimeControl(PER_MOVE[0])
    for_parties: ClassVar[bool] = True

    players = RadioField(_l("Players"), coerce=int)
    seat_1 = SelectField(_l("Opponent"))
    name_1 = StringField(_l("Their name"), filters=[lower])
    seat_2 = SelectField(_l("Partner"))
    name_2 = StringField(_l("Their name"), filters=[lower])
    seat_3 = SelectField(_l("Second opponent"))
    name_3 = StringField(_l("Their name"), filters=[lower])
    matta = RadioField()
    grande = RadioField()

    def prepare(self, game: str, *, late: bool, bot: str | None = None) -> None:
        """As for every table; `bot`: how strong the computer is to be in all the other seats."""
        super().prepare(game, late=late, bot=bot)
        self.players.choices = [
            SelectChoice(number, say(f"players_{number}")) for number in GAMES[game].info.seats
        ]
        self.players.data = self.players.data or self.kind.players[0]
        for choice, values in CHOICES[game].items():
            field = self[choice]
            field.label.text = say(f"option_{choice}")
            field.choices = [SelectChoice(value, say(f"{choice}_{value}")) for value in values]
            field.data = field.data or values[0]
        usual = f"{BOT}-{bot}" if bot else ANYBODY
        for seat, field in self.seats.items():
            field.choices = plans(game)
            field.data = field.data or (ASK if seat == 1 and self.player.data else usual)
        self.name_1.data = self.name_1.data or self.player.data

    @property
    def seats(self) -> Mapping[int, Field]:
        """Who is to have which seat, by the seat."""
        most = max(GAMES[self.game].info.seats)
        return {seat: self[f"seat_{seat}"] for seat in range(1, most)}

    @property
    def size(self) -> int:
        """How many play. A variant for one number asks for none."""
        allowed = self.kind.players
        return allowed[0] if len(allowed) == 1 else int(self.players.data)

    @property
    def options(self) -> dict[str, str | int]:
        mine = {choice: self[choice].data for choice in self.kind.choices}
        return {"players": self.size, **mine}

    @property
    def others(self) -> Sequence[Plan]:
        return [
            plan_of(field.data, self[f"name_{seat}"].data)
            for seat, field in self.seats.items()
            if seat < self.size
        ]

    def player_field(self, error: ServiceError) -> str | None:
        """Beside the last of the names that the refusal holds; if it holds none, the first."""
        asked = {
            f"name_{seat}": plan.name
            for seat, plan in enumerate(self.others, 1)
            if isinstance(plan, Ask)
        }
        said = error.msg.split()
        meant = [field for field, name in asked.items() if name in said]
        if error.code not in ASKED or not (meant or asked):
            return None
        return meant[-1] if meant else next(iter(asked))

    def validate(self, extra_validators: Any = None) -> bool:
        """As every form; and nobody is asked without a name."""
        fine = super().validate(extra_validators)
        for seat, plan in enumerate(self.others, 1):
            if isinstance(plan, Ask) and not plan.name:
                field = self[f"name_{seat}"]
                field.errors = [*field.errors, _("Whom do you want to ask?")]
                fine = False
        return fine


FORMS: Final[Mapping[str, type[TableForm]]] = MappingProxyType({"scopa": PartyForm})
"""The form of each game that has one of its own."""


def made(game: str, *, player: str | None = None, bot: str | None = None) -> TableForm:
    """The form for a game with its choices filled in.

    `player`: who is to be challenged, "" for whoever will be named. `bot`: how strong the computer
    is to be that has all the other seats.
    """
    form_type: Callable[..., TableForm] = FORMS.get(game, TableForm)
    form = form_type(player=player)
    form.challenge = player is not None
    form.prepare(game, late=bool(form.player.data or bot), bot=bot)
    return form
