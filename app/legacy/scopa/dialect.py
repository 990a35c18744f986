"""What the two kinds of old clients want differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

GAME: Final = "scopa"


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant of the game: its key in the house, its name, how many may play it."""

    key: str
    name: str
    players: tuple[int, ...]


VARIANTS: Final = (
    Variant("classic", "Classic Scopa", (2, 4)),
    Variant("cirulla", "Cirulla", (2, 4)),
    Variant("cucita", "Cucita", (2, 4)),
    Variant("rebello", "Re Bello", (2, 4)),
    Variant("scopone", "Scopone", (4,)),
)
CLASSIC: Final = "classic"
# What either kind may call a variant, beside its key.
ALIASES: Final = {"classic_scopa": CLASSIC}


def variant_called(word: str) -> Variant | None:
    """The variant that a client calls so, or None."""
    key = ALIASES.get(word, word)
    return next((variant for variant in VARIANTS if variant.key == key), None)


@dataclass(frozen=True, slots=True)
class Dialect:
    """A kind of client.

    `classic`: what it calls the classic game. `teams`: it is told how many may play as pairs of
    teams and players in each. `keeps_up`: it shows what it is told at once, can take up a match
    where it stands, and reads errors; one that does not must be left time at a match's end, and
    needs a word that it knows for whatever goes wrong.
    """

    classic: str
    teams: bool
    keeps_up: bool

    def word_for(self, variant: str) -> str:
        """What this kind of client calls a variant."""
        return self.classic if variant == CLASSIC else variant

    def games(self) -> dict[str, Any]:
        """The games on offer, as `logged_in` has them."""
        return {
            self.word_for(variant.key): {
                "name": variant.name,
                "number_of_players": [self._number(players) for players in variant.players],
            }
            for variant in VARIANTS
        }

    def _number(self, players: int) -> int | list[int]:
        return [2, players // 2] if self.teams else players


DOCUMENTED: Final = Dialect(classic="classic_scopa", teams=False, keeps_up=True)
OLD: Final = Dialect(classic=CLASSIC, teams=True, keeps_up=False)
