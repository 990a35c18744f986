"""Bridge, while the house falls and people are cut off: deals go on as they stood, and end once."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import select

from app.services.house import House
from app.store import Board, BoardResult, Match
from tests.faults.bots import Witness
from tests.faults.bridge_people import LIMIT, Deal, Party, Person, put_boards
from tests.faults.ledger import check_matches, check_ratings, open_house
from tests.support.server import Server

Make = Callable[..., Server]
# Who loses the connection with the house has the time to come back, and no deal waits for long.
PATIENT = {"BRIDGE_AWAY": "600", "BRIDGE_NEXT": "1", "HOUSEKEEPING_INTERVAL": "1"}
# Alerts follow the call; South's partner, North, must never hear of South's.
CALLS = ("1C two or more", "dbl", "rdbl four hearts", "1S")
LONG = "é" * 8000  # 48 KB, as it is sent
SLOW_LIMIT = 15.0  # seconds for an answer, where who waits for a slow client waits for ever


def begin(make_server: Make, **settings: str) -> tuple[Server, House]:
    server = make_server(**(PATIENT | settings))
    house = open_house(server.instance)
    put_boards(house, 3)
    return server, house


def kill(server: Server, people: list[Person]) -> None:
    """A power cut; everybody has heard what had been said before."""
    server.kill()
    for person in people:
        person.listen_to_the_end()


def come_back(party: Party) -> list[tuple[Deal, Deal]]:
    """Everybody returns to the table; what each knew before and finds now."""
    found = []
    for person in party.people:
        before = person.back()
        if person not in party.players:
            person.ask("table.watch", tid=party.tid, over=person.side)
        found.append((before, person.deal))
    party.listen()
    return found


def restart(server: Server, party: Party) -> None:
    """Kill the house while nobody acts; everybody finds what they knew, and nothing else."""
    party.listen()
    kill(server, party.people)
    server.start()
    for before, now in come_back(party):
        assert now == before


def wait_for(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + LIMIT
    while not happened():
        assert time.monotonic() < deadline, "it has not come about"
        time.sleep(0.05)


def is_analysed(house: House, number: int) -> bool:
    with house.store.read() as unit:
        return unit.scalar(select(Board.analysis).where(Board.number == number)) is not None


def results(house: House) -> list[tuple[int, bool]]:
    """The deals with a result, by the board's number, and whether they were rated."""
    query = select(Board.number, Match.rated).join(BoardResult, BoardResult.board_id == Board.id)
    with house.store.read() as unit:
        rows = unit.execute(query.join(Match, Match.id == BoardResult.match_id))
        return [(number, rated) for number, rated in rows]


def check(server: Server, house: House) -> None:
    """Every log leads to its match as it is stored, and nothing went wrong on the way."""
    assert check_matches(house, Witness()) >= 1
    assert "Traceback" not in server.log(), server.log()


def test_four_players_and_who_looks_on_find_the_table_as_it_was(make_server: Make) -> None:
    server, house = begin(make_server)
    party = Party.gather(server, "ann ben cat dan", kibitz=True)
    ann, _, cat, dan = party.players
    for name, over in (("kim", None), ("kip", "E")):
        looker = Person(server, name, over)
        looker.ask("table.watch", tid=party.tid, over=over)
        party.people.append(looker)
    # Killed in the auction, which may be before the board has been analysed; its alerts too.
    party.play(lambda: len(ann.deal.calls) == 3, calls=CALLS)
    restart(server, party)
    assert [call["alert"] for call in ann.deal.calls] == ["two or more", "", ""]
    assert [call["alert"] for call in dan.deal.calls] == ["two or more", "", "four hearts"]
    # In the middle of a trick, by which dummy and, to those of that side, declarer are known.
    party.play(lambda: party.cards == 18, calls=CALLS)
    restart(server, party)
    assert ann.deal.contract == {"contract": "1S", "lead": "N"}
    hands = [sorted(person.deal.hands) for person in party.people]
    assert hands == [["E", "N"], ["E", "W"], ["E", "S"], ["E", "W"], ["E"], ["E", "W"]]
    # While one of the defenders has still to say whether the rest is declarer's.
    dan.ask("claim", tid=party.tid, tricks=13 - dan.deal.tricks["NS"])
    ann.ask("claim.accept", tid=party.tid)
    restart(server, party)
    assert [person.deal.claim is not None for person in party.people] == [True] * 6
    assert sorted(ann.deal.hands) == ["E", "N", "W"]
    assert ann.client.refused("claim.accept", tid=party.tid) == "not_your_turn"
    cat.ask("claim.decline", tid=party.tid)
    # With the last card the deal is over, whatever the house has not done about that yet.
    wait_for(lambda: is_analysed(house, 1))  # else there is nothing to rate it by
    party.play(lambda: party.cards == 51)
    (last,) = [person for person in party.players if person.deal.allowed]
    assert last.act(party.tid)
    kill(server, party.people)
    assert last.deal.result is not None
    server.start()
    come_back(party)
    party.wait(lambda: all(person.deal.start.get("board") == 2 for person in party.people))
    assert [sorted(person.deal.hands) for person in party.people] == [[s] for s in "NESW"] + [
        [],
        ["E"],
    ]
    held = [card for person in party.players for card in person.deal.hands[person.side or ""]]
    assert sorted(held) == list(range(52))
    party.play(lambda: len(ann.deal.calls) == 1)
    server.kill()
    assert results(house) == [(1, True)]
    assert check_ratings(house) == 1
    check(server, house)


def test_killed_at_the_computers_turn_it_goes_on(make_server: Make) -> None:
    server, house = begin(make_server)
    party = Party.gather(server, "eve", fill=True)
    (eve,) = party.players
    for moment in (1, 20):  # calls and cards
        party.play(lambda: len(eve.deal.calls) + party.cards >= moment, calls=("1Z",))  # noqa: B023
        party.play(lambda: eve.deal.caller == "N" or bool(eve.deal.allowed))
        assert eve.act(party.tid)
        kill(server, [eve])  # what she was told has been done; the next is the computer's
        before = eve.deal
        server.start()
        eve.back()
        assert eve.deal.bids[: len(before.calls)] == before.bids
        assert set(eve.deal.hands["N"]) <= set(before.hands["N"])
        # The computer plays on until it is her turn, and she misses nothing.
        party.wait(lambda: eve.deal.caller == "N" or bool(eve.deal.allowed or eve.deal.result))
        before = eve.back()
        assert eve.deal == before
    party.play(lambda: len(eve.results) == 1)
    assert eve.results[0]["contract"] != "pass"
    party.wait(lambda: eve.deal.start["board"] == 2)
    assert len(eve.deal.hands["N"]) == 13
    wait_for(lambda: is_analysed(house, 2))
    server.kill()
    assert results(house) == [(1, False)]
    check(server, house)


def test_who_is_cut_off_comes_back_to_their_seat_or_the_computer_plays_on(
    make_server: Make,
) -> None:
    seats = {"BRIDGE_AWAY": "1", "BRIDGE_KEEP": "600"}
    server, house = begin(make_server, **seats, CHAT_LENGTH=str(len(LONG)), OUTBOX_BYTES="500000")
    party = Party.gather(server, "ann ben cat dan", robots=True)
    ann, ben, cat, dan = party.players
    cut_off_the_slow(server, party, dan)
    # Back, he has his seat and his cards; and so has who loses the connection in the play.
    held = dan.deal.hands["W"]
    dan.back()
    party.wait(lambda: not ann.deal.left)
    assert dan.deal.public == ann.deal.public
    assert dan.deal.hands == {"W": held}
    party.people = party.players = [ann, ben, cat, dan]
    party.play(lambda: party.cards == 6)
    lose(party, ben)
    ben.back()
    party.wait(lambda: not ann.deal.left)
    assert ben.deal.public == ann.deal.public
    assert sorted(ben.deal.hands) == ["E", "S"]
    # Lost once more he stays away, and the house falls meanwhile: his seat is kept from then on.
    party.people = party.players = [ann, ben, cat, dan]
    party.play(lambda: party.cards == 11)
    lose(party, ben)
    kill(server, party.people)
    shorter = PATIENT | {"BRIDGE_KEEP": "2"}
    with Server(server.instance, shorter, port=server.port) as again:
        for person in party.people:
            before = person.back(again)
            assert person.deal == before
        party.wait(lambda: ann.deal.sits["E"] == "cpu1")
        party.play(lambda: all(len(person.results) == 1 for person in party.people))
        assert [person.results for person in party.people] == [ann.results] * 3
        ben.back(again)
        assert ben.client.refused("bid", tid=party.tid, bid="pass") == "not_seated"
        party.wait(lambda: all(person.deal.start["board"] == 2 for person in party.people))
        again.kill()
        assert results(house) == [(1, False)]
        check(again, house)


def lose(party: Party, person: Person) -> None:
    """Somebody's connection is lost, and the others are told that their seat is empty."""
    person.listen()
    party.people = party.players = [each for each in party.players if each is not person]
    person.client.drop()
    party.wait(lambda: all(each.deal.left == {person.side} for each in party.people))


def cut_off_the_slow(server: Server, party: Party, slow: Person) -> None:
    """One of the players reads nothing more while the lobby chats, and the others go on."""
    slow.client.drop()
    slow.back(small=True)
    party.people = party.players = [each for each in party.players if each is not slow]
    ann, *_ = party.players
    deadline = time.monotonic() + LIMIT
    while "too slow" not in server.log():
        assert time.monotonic() < deadline, "it is still being served"
        begun = time.monotonic()
        for person in party.people:
            person.act(party.tid, ("1C",))
            ann.say(LONG)
        party.listen()
        assert time.monotonic() - begun < SLOW_LIMIT
    party.wait(lambda: all(each.deal.left == {slow.side} for each in party.people))
    assert ann.deal.bids == ["1C", "pass", "pass"]
