"""Who may be given a seat at a table, as forms offer it."""

from __future__ import annotations

from typing import Final

from wtforms.fields.choices import SelectChoice

from app.services.computer import strengths
from app.services.records import Bot
from app.services.tables import FREE, Ask, Plan
from app.web.forms import lower
from app.web.words import say

ANYBODY: Final = "free"
ASK: Final = "ask"
BOT: Final = "bot"  # before a strength: "bot-easy"


def plans(game: str) -> list[SelectChoice]:
    """Who may be given a seat, as choices: anybody, a player by name, or the computer."""
    return [
        SelectChoice(ANYBODY, say("seat_free")),
        SelectChoice(ASK, say("seat_ask")),
        *bots(game),
    ]


def bots(game: str) -> list[SelectChoice]:
    """The computer as it may play a game, the weakest first; none where it does not."""
    return [
        SelectChoice(f"{BOT}-{strength}", say("seat_bot", strength=say(f"strength_{strength}")))
        for strength in strengths(game)
    ]


def plan_of(choice: str, name: str | None = None) -> Plan:
    """What one of these choices means; `name` is whoever is to be asked."""
    if choice == ASK:
        return Ask(lower(name))
    kind, _sep, strength = choice.partition("-")
    return Bot(strength, "") if kind == BOT else FREE
