"""What a deal of bridge yields when everybody sees every card: Bo Haglund's solver, by `endplay`.

Only the binding itself is taken, `endplay._dds`: the package around it would bring numpy and
matplotlib, 60 MB that nobody here needs. Importing this module loads the solver; it belongs into
the process in which bridge is thought about (`app.bots.process`), with one thread and little
memory: 35 MB in all. Raises ImportError where there is no solver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Final, TypeAlias

from app.bots.bridge.sight import Hands, Trick
from app.games.api import Json

SIDES: Final = "NESW"
STRAINS: Final = "CDHSZ"

_MEGABYTES: Final = 40  # room for what it remembers; it makes do with it, a little slower
_SOLVER_STRAINS: Final = "SHDCZ"  # in its order
_VULNERABLE: Final[Mapping[str, int]] = {"none": 0, "both": 1, "NS": 2, "EW": 3}
_SEATS: Final = ("N", "E", "S", "W", "NS", "EW")  # of a par contract, in its numbers
_ALL_VALUES: Final = 3  # "solutions": every card, each with what it yields
_SEARCH: Final = 1  # "mode": also where there is one card to play
_TWO: Final = 4  # the bit of the lowest rank in a holding of its

Table: TypeAlias = dict[str, dict[str, int]]
"""Tricks by declarer's side and strain, as `{"N": {"C": 7, …, "Z": 6}, …}`."""


def _load() -> ModuleType:
    package = find_spec("endplay")
    if package is None or package.submodule_search_locations is None:
        raise ImportError("endplay is not installed")
    path = Path(package.submodule_search_locations[0], "_dds", "__init__.py")
    spec = spec_from_file_location("parlour_dds", path)
    if spec is None or spec.loader is None:
        raise ImportError("endplay has no solver")
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (OSError, RuntimeError) as error:  # no library for this machine
        raise ImportError(str(error)) from error
    module._dll.SetResources(_MEGABYTES, 1)
    return module


_DDS: Final = _load()


def solve(
    hands: Hands, trump: int | None, leader: int, trick: Trick = ()
) -> tuple[dict[int, int], int]:
    """What each card yields that may be played next, and the work it was.

    hands: by side the cards held, those in the trick no longer. trump: 0 clubs … 3 spades, None
    without. trick: the cards of the trick that `leader` has led to, in order, at most three.

    Gives by card the tricks that the side to play takes from here on, the trick on the table
    included; and the positions looked at, about half a million in a second's fifth.
    """
    deal = _DDS.deal()
    deal.trump = 4 if trump is None else 3 - trump
    deal.first = leader
    for place, (_, card) in enumerate(trick):
        suit, rank = divmod(card, 13)
        deal.currentTrickSuit[place] = 3 - suit
        deal.currentTrickRank[place] = rank + 2
    _put(deal.remainCards, hands)
    found = _DDS.futureTricks()
    _DDS.SolveBoard(deal, -1, _ALL_VALUES, _SEARCH, found, 0)
    yields = {}
    for place in range(found.cards):
        first = 13 * (3 - found.suit[place]) - 2
        yields[first + found.rank[place]] = found.score[place]
        equals = found.equals[place]
        while equals:
            lowest = equals & -equals
            yields[first + lowest.bit_length() - 1] = found.score[place]
            equals -= lowest
    return yields, found.nodes


def tricks(hands: Hands, strain: str) -> dict[str, int]:
    """The tricks that each side takes as declarer in a strain (a letter of `STRAINS`)."""
    deals = _DDS.ddTableDeals()
    deals.noOfTables = 1
    _put(deals.ddTableDeal[0].cards, hands)
    number = _SOLVER_STRAINS.index(strain)
    others = [int(other != number) for other in range(5)]
    results, pars = _DDS.ddTablesRes(), _DDS.allParResults()
    _DDS.CalcAllTables(deals, -1, others, results, pars)
    row = results.results[0].resTable[number]
    return {side: row[seat] for seat, side in enumerate(SIDES)}


def par(table: Table, dealer: str, vulnerable: str) -> Json:
    """What comes of it when both sides bid as well as can be, in full sight.

    dealer: a side's letter; vulnerable: "none", "NS", "EW" or "both". Gives `{"score_ns": points,
    "contracts": ["4SX by N", …]}`, no contracts where nobody can make anything.
    """
    given = _DDS.ddTableResults()
    for number, strain in enumerate(_SOLVER_STRAINS):
        for seat, side in enumerate(SIDES):
            given.resTable[number][seat] = table[side][strain]
    found = _DDS.parResultsMaster()
    _DDS.DealerParBin(given, found, SIDES.index(dealer), _VULNERABLE[vulnerable])
    contracts = [_contract(found.contracts[place]) for place in range(found.number)]
    return {"score_ns": found.score, "contracts": [text for text in contracts if text]}


def _contract(found: ModuleType) -> str:
    """A par contract as text; "" for a deal that is passed out."""
    if not found.level:
        return ""
    strain = "ZSHDC"[found.denom]  # its order here, another one
    doubled = "X" if found.underTricks else ""
    return f"{found.level}{strain}{doubled} by {_SEATS[found.seats]}"


def _put(cards: Sequence[Sequence[int]], hands: Hands) -> None:
    """Write hands into a table of the solver's, by side and suit, a bit for each rank."""
    for row, hand in zip(cards, hands, strict=True):
        for card in hand:
            suit, rank = divmod(card, 13)
            row[3 - suit] |= _TWO << rank  # type: ignore[index]
