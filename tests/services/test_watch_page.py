"""Small boards, which of them there are to look at, and the best match."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.games import GAMES
from app.services import best, glimpses, matches, tables, watching
from app.services.house import House
from app.services.records import Bot, MatchRecord, Setup
from app.services.sessions import Caller
from app.services.time_control import TimeControl
from app.store import Match, Rating
from tests.services.bridge_deals import bid, dealt, four
from tests.services.conftest import SHORT_WIN, Clock, Heard, move, play_out
from tests.services.hall import NOWHERE, open_table, turn

Account = Callable[[str], Caller]
CODE = "plum-7"


@pytest.fixture
def players(account: Account) -> tuple[Caller, Caller]:
    return account("anna"), account("bert")


def begin(house: House, *players: Caller | Bot, **terms: Any) -> str:
    """A match of these players, the first of whom moves first."""
    setup = Setup(**{"game": "uttt", "time": TimeControl(86_400)} | terms)
    ids = [player if isinstance(player, Bot) else player.user_id for player in players]
    with house.store.write() as unit:
        return matches.start(house, unit, setup, ids)


def play(house: House, match_id: str, *players: Caller, plies: int = 2) -> MatchRecord:
    record = matches.get(house, match_id)
    for number in range(record.version, record.version + plies):
        mover = players[number % 2]
        record = matches.submit(house, mover, match_id, move(*SHORT_WIN[number]))
    return record


def told(heard: Heard) -> list[dict[str, Any]]:
    return [data for audience, type, data in heard.told if type == "small_update"]


# What a small board tells, and when


def test_a_match_tells_how_it_stands_at_once_and_then_once_a_second(
    house: House, players: tuple[Caller, Caller], heard: Heard, clock: Clock
) -> None:
    match_id = begin(house, *players)
    play(house, match_id, *players, plies=1)
    assert told(heard) == []  # it may come to nothing
    play(house, match_id, *players, plies=1)
    assert [data["version"] for data in told(heard)] == [2]
    ((audience, _, _),) = [entry for entry in heard.told if entry[1] == "small_update"]
    assert audience.glancing == (match_id,)
    assert (audience.users, audience.watching, audience.lobby) == ((), (), False)
    play(house, match_id, *players, plies=5)
    turn(house, clock, seconds=0.9)
    assert [data["version"] for data in told(heard)] == [2]
    turn(house, clock, seconds=0.1)
    assert [data["version"] for data in told(heard)] == [2, 7]
    turn(house, clock, seconds=5)
    assert len(told(heard)) == 2  # nothing has happened
    play(house, match_id, *players, plies=1)
    assert [data["version"] for data in told(heard)] == [2, 7, 8]


def test_the_end_is_told_at_once_and_is_the_last(
    house: House, players: tuple[Caller, Caller], heard: Heard, clock: Clock
) -> None:
    match_id = begin(house, *players)
    play_out(house, match_id, *players)
    last = told(heard)[-1]
    assert (last["over"], last["winners"], last["to_move"]) == (True, [0], [])
    assert (last["deadline"], last["drawn"]) == (None, False)
    assert [data["version"] for data in told(heard)] == [2, 17]
    turn(house, clock, seconds=5)
    assert len(told(heard)) == 2


def test_a_private_match_has_no_small_board(
    house: House, players: tuple[Caller, Caller], heard: Heard, clock: Clock
) -> None:
    match_id = begin(house, *players, code=CODE)
    play(house, match_id, *players, plies=6)
    turn(house, clock, seconds=2)
    assert glimpses.of(house, [match_id]) == []
    assert best.shown(house, match_id) is None
    play_out(house, match_id, *players)
    assert told(heard) == []
    assert (glimpses.of(house, [match_id]), best.great(house)) == ([], None)


def test_small_boards_of_what_is_there(house: House, players: tuple[Caller, Caller]) -> None:
    young, running = begin(house, *players), begin(house, *players, time=TimeControl(None, 60, 1))
    play(house, young, *players, plies=1)
    play(house, running, *players)
    (board,) = glimpses.of(house, [young, running, NOWHERE])
    record = matches.get(house, running)
    view = record.engine.view(record.state, None)
    assert (board["id"], board["game"], board["to_move"]) == (running, "uttt", [0])
    assert board["left"] is not None
    assert board["board"]["complete_field"] == view["complete_field"]
    assert board["board"]["allowed"] == view["allowed"]


def test_of_scopa_it_shows_the_table_and_no_hand(
    house: House, players: tuple[Caller, Caller]
) -> None:
    match_id = begin(house, *players, game="scopa", variant="classic")
    record = matches.get(house, match_id)
    for _ in range(3):
        seat = min(record.actors)
        raw = GAMES["scopa"].move_json(record.engine.legal_moves(record.state, seat)[0])
        record = matches.submit(house, players[seat], match_id, raw)
    board = glimpses.glimpse(record, house.clock())["board"]
    assert board["hands"] == [len(hand) for hand in record.state.hands]
    view = record.engine.view(record.state, None)
    assert (board["table"], board["deck"]) == (view["table"], view["deck"])
    # Whatever else the players hold, not a byte of it changes.
    state = record.state
    swapped = replace(state, hands=tuple(hand[::-1] for hand in reversed(state.hands)))
    other = glimpses.glimpse(record.changed(state=swapped), house.clock())["board"]
    sizes = board.pop("hands"), other.pop("hands")
    assert (board, sorted(sizes[0])) == (other, sorted(sizes[1]))


def test_of_a_deal_of_bridge_it_tells_nothing_but_how_far_it_is(
    house: House, account: Account, heard: Heard, clock: Clock
) -> None:
    players = four(account, ("anna", "bert", "carl", "dora"))
    record = dealt(house, *players)
    bid(house, record.id, players, "1H", "pass", "4H")
    turn(house, clock, seconds=2)
    assert told(heard) == []  # not even that somebody has called
    (calling,) = glimpses.of(house, [record.id])
    bid(house, record.id, players, "pass", "pass", "pass")
    (data,) = told(heard)
    assert data == {
        "id": record.id,
        "game": "bridge",
        "version": 1,
        "over": False,
        "to_move": [],
        "left": None,
        "deadline": None,
        "winners": [],
        "drawn": False,
        "board": {"phase": "play", "tricks": 0},
    }
    assert calling == {**data, "version": 0, "board": {"phase": "auction", "tricks": 0}}
    for number in range(1, 9):
        turn(house, clock, seconds=2)
        record = matches.get(house, record.id)
        (seat,) = record.actors
        card = record.engine.legal_moves(record.state, seat)[0]
        raw = record.engine.move_json(card)
        user = record.seats[seat].user_id
        by = next(player for player in players if player.user_id == user)
        matches.submit(house, by, record.id, raw)
        assert [each["board"]["tricks"] for each in told(heard)] == [0, *range(1, number // 4 + 1)]


# The matches to look at


def test_the_list_of_one_game_and_further_on(
    house: House, players: tuple[Caller, Caller], clock: Clock
) -> None:
    begun = []
    for _ in range(3):
        clock.turn(seconds=1)
        begun.append(begin(house, *players))
        play(house, begun[-1], *players)
    first = watching.live(house, None, 2)
    rest = watching.live(house, None, 2, offset=2)
    assert [row.record.id for row in first + rest] == begun[::-1]
    assert len(watching.live(house, None, game="uttt")) == 3
    assert watching.live(house, None, game="scopa") == []


# The best match


def rate(house: House, player: Caller, value: int, game: str = "uttt") -> None:
    with house.store.write() as unit:
        unit.merge(Rating(user_id=player.user_id, game=game, value=value))


def now(house: House, game: str | None = None, **more: Any) -> str | None:
    record = best.now(house, game, **more)
    return None if record is None else record.id


def test_the_best_is_between_the_best(house: House, account: Account, clock: Clock) -> None:
    assert best.now(house) is None
    people = [account(name) for name in ("ann", "ben", "cat", "dan", "eve", "fay")]
    pairs = list(zip(people[::2], people[1::2], strict=True))
    for value, player in enumerate(people):
        rate(house, player, 1000 + 100 * value)
    begun = [begin(house, *pair) for pair in pairs]
    for match_id, pair in reversed(list(zip(begun, pairs, strict=True))):
        clock.turn(seconds=1)
        play(house, match_id, *pair)
    assert now(house) == now(house, "uttt") == begun[2]  # though the others moved later
    assert now(house, but=begun[2]) == begun[1]
    assert now(house, "scopa") is None
    assert now(house, "chess") is None
    # Who has gone quiet makes room for who is playing.
    clock.turn(minutes=10)
    play(house, begun[0], *pairs[0])
    assert now(house) == begun[0]


def test_accounts_before_guests_before_the_computer(
    house: House, account: Account, guest: Account, clock: Clock
) -> None:
    ann, ben, passer = account("ann"), account("ben"), guest("passer-by")
    rate(house, ann, 2000)
    computer = begin(house, ann, Bot("easy", "cpu1"))
    with house.store.write() as unit:
        unit.get_one(Match, computer).version = 2  # it has got so far
    assert now(house) == computer
    with_guest = begin(house, ann, passer)
    play(house, with_guest, ann, passer)
    assert now(house) == with_guest
    accounts = begin(house, ben, ann)
    play(house, accounts, ben, ann)
    assert now(house) == accounts


def test_a_match_that_is_about_to_run_out_comes_last(
    house: House, account: Account, clock: Clock
) -> None:
    ann, ben, cat, dan = (account(name) for name in ("ann", "ben", "cat", "dan"))
    for player in (ann, ben):
        rate(house, player, 2000)
    short = begin(house, ann, ben, time=TimeControl(60))
    play(house, short, ann, ben)
    other = begin(house, cat, dan)
    play(house, other, cat, dan)
    assert now(house) == short
    clock.turn(seconds=50)
    assert now(house) == other


def test_bridge_is_shown_where_it_is_asked_for(house: House, account: Account) -> None:
    players = four(account, ("anna", "bert", "carl", "dora"))
    record = dealt(house, *players)
    bid(house, record.id, players, "1H", "pass")
    assert now(house) is None
    assert now(house, "bridge") == record.id
    assert best.shown(house, record.id) is None
    assert best.shown(house, record.id, "bridge") is not None


def test_a_great_match_is_remembered(house: House, account: Account) -> None:
    assert best.great(house) is None
    ann, ben, cat, dan = (account(name) for name in ("ann", "ben", "cat", "dan"))
    rate(house, ann, 1900)
    great = begin(house, ann, ben)
    play_out(house, great, ann, ben)
    later = begin(house, cat, dan)
    play_out(house, later, cat, dan)
    found = best.great(house)
    assert found is not None
    assert found.id == great
    assert (best.great(house, "scopa"), best.great(house, "bridge")) == (None, None)
    ended = best.shown(house, later)
    assert ended is not None
    assert ended.over


def test_a_table_leads_to_a_match_that_is_shown(
    house: House, players: tuple[Caller, Caller], heard: Heard
) -> None:
    row = open_table(house, players[0], time=TimeControl(86_400))
    record = tables.join(house, players[1], row.id)
    play(house, record.id, *(players if record.seats[0].name == "anna" else players[::-1]))
    assert now(house) == record.id
    assert watching.row(house, record).ratings == (1000, 1000)
