"""Somebody who has just learnt the rules."""

from __future__ import annotations

from random import Random

from app.bots.scopa.sight import read
from app.games.api import Json


def easy(view: Json, rng: Random, effort: float) -> Json:
    """Takes what it can, whatever that is; otherwise lays down any card."""
    choices = read(view).choices
    taking = [choice for choice in choices if choice.taken]
    return dict(rng.choice(taking or choices).raw)
