"""Whom a word is sure to reach: everybody who is here, while workers hear each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.services import presence, reach
from app.services.house import House
from app.services.sessions import Caller
from tests.services.conftest import Clock, Heard

Account = Callable[[str], Caller]


class Joined(Heard):
    """A publisher of a worker that is, or is not, joined with the others."""

    def __init__(self, joined: bool) -> None:
        super().__init__()
        self._joined = joined

    def reaches_all(self) -> bool:
        return self._joined


def test_who_is_at_another_worker(house: House, account: Account, clock: Clock) -> None:
    anna, ben = account("anna"), account("ben")
    other = replace(house, worker_id="other", connections={})
    presence.arrive(other)
    presence.connect(house, anna, "raw")
    presence.connect(other, ben, "raw")
    everybody = [anna.user_id, ben.user_id]

    def reached(house: House) -> set[int]:
        return set(reach.reachable(house, everybody))

    joined = replace(house.config, REDIS_URL="redis://nowhere")
    assert reached(replace(house, config=joined, publish=Joined(True))) == set(everybody)
    assert reached(replace(house, config=joined, publish=Joined(False))) == {anna.user_id}
    assert reached(house) == {anna.user_id}  # without Redis it is always alone
    clock.turn(seconds=2 * house.config.HOUSEKEEPING_INTERVAL + 1)  # nobody has been heard of since
    assert reached(replace(house, config=joined, publish=Joined(True))) == set()
