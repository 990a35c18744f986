"""People of every game at a cluster, half of them at each worker, and what must be true of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic, sleep

from tests.faults.audit import Findings, check
from tests.faults.crowd import BridgePlayer, Ear, Gamer, Scopist, TicTacToer
from tests.faults.ledger import open_house
from tests.support.cluster import Cluster

SEED = 23
PATIENCE = 90.0  # seconds; two cores may be busy with other tests


def crowd(house: Cluster, ear: Ear) -> list[Gamer]:
    """Two pairs, and one at a table with the computer; each connection is at the next worker."""
    return [
        TicTacToer(house, ear, "red-a", "red-b", SEED),
        TicTacToer(house, ear, "red-b", None, SEED),
        Scopist(house, ear, "gold-a", "gold-b", SEED),
        Scopist(house, ear, "gold-b", None, SEED),
        BridgePlayer(house, ear, "blue", None, SEED),
    ]


def audit(house: Cluster, ear: Ear, players: Sequence[Gamer]) -> Findings:
    """Stop the house and hold what everybody was told against what is stored."""
    assert not any(player.is_alive() for player in players)
    house.stop()
    assert "Traceback" not in house.log(), house.log()[-6000:]
    return check(open_house(house.instance), ear)


def wait_for(
    what: Callable[[], object], seconds: float = PATIENCE, why: Callable[[], object] = lambda: ""
) -> None:
    """Return once it is so. Fails, saying `why()`, when that takes too long."""
    deadline = monotonic() + seconds
    while not what():
        assert monotonic() < deadline, f"it has not come about: {why()}"
        sleep(0.05)


def go_on(ear: Ear, moves: int = 30) -> None:
    """Let the people make so many more moves. Fails when they do not."""
    goal = ear.moves + moves
    wait_for(
        lambda: ear.moves >= goal or ear.problems,
        why=lambda: f"{ear.moves} moves of {goal}, refused: {ear.refused}",
    )
    assert ear.problems == []
