"""The variants by their keys, and the options of a table of each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.games.api import Json, Malformed
from app.games.scopa.cirulla import Cirulla
from app.games.scopa.options import ScopaOptions
from app.games.scopa.rules import Cucita, ReBello, Rules, Scopone

RULES: Final[Mapping[str, Rules]] = MappingProxyType(
    {rules.key: rules for rules in (Rules(), Scopone(), ReBello(), Cucita(), Cirulla())}
)
"""Every variant by its key, the usual one first."""

USUAL: Final = next(iter(RULES))
_OPTIONS: Final = frozenset({"variant", "players", "matta", "grande"})


def parse_options(raw: Json) -> ScopaOptions:
    """The options that `{"variant", "players", "matta", "grande"}` names; any may be left out.

    Raises Malformed for a name or value that the variant does not have.

    >>> parse_options({"variant": "cirulla", "players": 4})
    ScopaOptions(variant='cirulla', players=4, matta='seven_of_cups', grande='five')
    """
    if not isinstance(raw, dict) or not raw.keys() <= _OPTIONS:
        raise Malformed("This game's options are variant, players, matta and grande.")
    variant = raw.get("variant", USUAL)
    if not isinstance(variant, str) or variant not in RULES:
        raise Malformed("This game has no such variant.")
    rules = RULES[variant]
    players = raw.get("players", rules.players[0])
    if type(players) is not int or players not in rules.players:
        raise Malformed("This variant is not for that number of players.")
    return ScopaOptions(
        variant, players, matta=_choice(rules, raw, "matta"), grande=_choice(rules, raw, "grande")
    )


def _choice(rules: Rules, raw: Json, option: str) -> Json:
    """The value of an option that some variants have; None in the others."""
    allowed = rules.choices.get(option, (None,))
    value = raw.get(option, allowed[0])
    if value is None and allowed == (None,):
        return None
    if not isinstance(value, str) or value not in allowed:
        raise Malformed("This variant has no such option.")
    return value
