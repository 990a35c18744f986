"""Matches of scopa clients and a house that falls: kill -9, and an orderly restart."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable

from tests.legacy.scopa_clients import ScopaClient, Table, listen, play_on
from tests.support.server import Server

Make = Callable[..., Server]
OLD = ("Sec-WebSocket-Protocol", "scopa")


def come(server: Server, name: str, *, old: bool = False, new: bool = False) -> ScopaClient:
    path, headers = ("/", [OLD]) if old else ("/ws/scopa", [])
    client = ScopaClient(server.host, server.port, path, headers=headers)
    if new:
        client.sign_up(name)
    client.sign_in(name)
    return client


def until(client: ScopaClient, *controls: str) -> object:
    """Read up to the first message of one of these; its data."""
    while True:
        control, data = client.receive()
        if control in controls:
            return data


def begin(one: ScopaClient, two: ScopaClient, *names: str) -> list[tuple[ScopaClient, Table]]:
    """A match between these, the first of whom asks the other."""
    one.propose(*names)
    until(two, "match_proposal")
    two.say("match_proposal", "accept")
    seats = []
    for name, client in zip(names, (one, two), strict=True):
        until(client, "match_started")
        table = Table(name)
        listen(client, table)
        seats.append((client, table))
    return seats


def test_killed_and_started_again_the_match_goes_on_unless_one_stays_away(
    make_server: Make,
) -> None:
    server = make_server(SCOPA_GRACE="5", HOUSEKEEPING_INTERVAL="1")
    people = {name: come(server, name, new=True) for name in ("anna", "bob", "cat", "dan")}
    left = begin(people["anna"], people["bob"], "anna", "bob")
    seats = begin(people["cat"], people["dan"], "cat", "dan")
    play_on(*left, plays=4)
    play_on(*seats, plays=7)
    server.restart()
    anna = come(server, "anna")
    again = []
    for _, table in seats:
        client = come(server, table.me)
        until(client, "match_started")
        whole = Table(table.me)
        listen(client, whole)
        ids = [card["id"] for card in whole.hand]
        assert sorted(ids) == sorted(card["id"] for card in table.hand)
        assert {card["id"] for card in whole.groups["table_cards"]} == {
            card["id"] for card in table.groups["table_cards"]
        }
        again.append((client, whole))
    # Who does not come back has left.
    until(anna, "match_started")
    table = Table("anna")
    listen(anna, table)
    while table.winners is None:
        listen(anna, table)
    assert ("ended", {"reason": "resign", "player": "bob"}) in table.infos
    assert table.winners == ["anna"]
    until(anna, "match_end")
    # The others have been there all the time.
    play_on(*again)
    assert again[0][1].winners == again[1][1].winners
    for client, _ in again:
        until(client, "match_end")


def test_an_orderly_restart_ends_no_match_and_an_old_client_that_returns_has_left(
    make_server: Make,
) -> None:
    server = make_server(SCOPA_END_DELAY="1")
    is_told_of_the_end_by_the_houses_own_clock(server)
    (anna, mine), (bob, _) = begin(
        come(server, "anna", new=True), come(server, "bob", old=True, new=True), "anna", "bob"
    )
    server.send(signal.SIGTERM)
    assert anna.closed() == bob.closed() == 1001
    server.ended()
    server.start()
    anna = come(server, "anna")
    until(anna, "match_started")
    whole = Table("anna")
    listen(anna, whole)
    assert len(whole.hand) == len(mine.hand)
    come(server, "bob", old=True)
    while whole.winners is None:
        listen(anna, whole)
    assert ("ended", {"reason": "abort", "player": "bob"}) in whole.infos


def is_told_of_the_end_by_the_houses_own_clock(server: Server) -> None:
    """An old client is, in a match with the computer."""
    eve = come(server, "eve", old=True, new=True)
    eve.propose("eve", "cpu1")
    until(eve, "match_started")
    table = Table("eve")
    listen(eve, table)
    played = [0.0]
    play = eve.play

    def note(name: str, card: int, **take: int) -> None:
        played.append(time.monotonic())
        play(name, card, **take)

    eve.play = note  # type: ignore[method-assign]
    play_on((eve, table))
    until(eve, "match_end")
    assert time.monotonic() - played[-1] > 0.8  # the match ended with that card, or after it
