"""Several workers keep house at the same time: what is due is done, and done once."""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app import create_app
from app.services import accounts, housekeeping, lobby, matches
from app.services.sessions import Client
from app.store import Match, Session, User
from tests.faults.bots import Witness, legal_moves
from tests.faults.ledger import check_matches, check_ratings

CLIENT = Client("192.0.2.7", "test")
WORKERS = 3


@pytest.fixture
def houses(config):
    """Workers of one house, as processes would be: nothing shared but the database."""
    return [create_app(config).extensions["house"] for _ in range(WORKERS)]


def play(house, record, players, plies, chance):
    """Random legal moves, at most `plies` of them."""
    for ply in range(plies):
        state = matches.view(house, record, None)
        move = chance.choice(legal_moves(state))
        record = matches.submit(house, players[ply % 2], record.id, move)


def at_once(houses):
    """Housekeeping in every house at the same time; what was done, added up."""
    total, start = Counter(), threading.Barrier(len(houses))
    lock = threading.Lock()

    def keep(house):
        start.wait()
        done = housekeeping.run(house)
        with lock:
            total.update(done)

    threads = [threading.Thread(target=keep, args=(house,)) for house in houses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return total


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_done_twice(houses, seed):
    house, chance = houses[0], random.Random(seed)
    people = [accounts.register(house, f"acc{n}", "pw", client=CLIENT).caller for n in range(4)]
    guests = [accounts.guest(house, f"guest{n}", client=CLIENT).caller for n in range(3)]
    pairs = [(a, b) for a in people for b in people if a.user_id < b.user_id]
    for one, other in pairs:
        record = lobby.invite(house, one, other.name)
        play(house, record, (one, other), chance.randrange(5), chance)
    for guest, host in zip(guests, people, strict=False):
        play(house, lobby.invite(house, guest, host.name), (guest, host), 2, chance)

    later = house.clock() + timedelta(days=30)
    total = at_once([replace(h, clock=lambda: later) for h in houses])

    with house.store.read() as unit:
        ids = list(unit.scalars(select(Match.id)))
        assert unit.scalar(select(func.count()).select_from(Match).where(~Match.over)) == 0
        assert unit.scalar(select(func.count()).select_from(Session)) == 0
        alive = select(func.count()).select_from(User).where(User.active, ~User.registered)
        assert unit.scalar(alive) == 0
    for match_id in ids:
        by_house = [entry for entry in matches.log(house, match_id) if entry.seat is None]
        assert len(by_house) == 1, "a match ends once"
    check_matches(house, Witness())
    check_ratings(house)
    assert len(pairs) <= total["matches_expired"] <= len(ids)
    assert total["guests_released"] == len(guests)

    again = at_once([replace(h, clock=lambda: later) for h in houses])
    assert not any(again.values())
