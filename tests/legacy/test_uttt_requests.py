"""Ultimate tic-tac-toe's old clients: every request, every refusal, and who hears of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.legacy.conftest import Arrive
from tests.legacy.players import begin, game, new_name, play

CORNER = {"sub_x": 0, "sub_y": 0, "x": 0, "y": 0}
CENTRE = {"sub_x": 0, "sub_y": 0, "x": 1, "y": 1}
ALREADY_OFFERED = {"success": False, "msg": "you are already searching for a random match"}


# match_request


def test_two_who_wait_are_matched(arrive: Arrive) -> None:
    one, other = arrive(), arrive(pw=None)
    one.send("match_request", {"player": None})
    assert one.expect("match_request_response") == {"success": True, "msg": "created match request"}
    assert one.quiet()
    other.send("match_request", {"player": None})
    update = other.expect("match_update")
    assert other.expect("match_request_response")["success"]
    assert one.expect("match_update") == update
    assert update["ranked"] is False
    state = update["match_state"]
    assert (state["player_a"], state["player_b"]) == (one.name, other.name)
    assert state["current_player"] == state["active_player"] == one.name
    assert state["last_move"] is None
    assert state["complete_field"] == [[0] * 9] * 9
    assert state["global_field"] == [[0] * 3] * 3
    assert one.quiet()


def test_asking_twice_is_refused(arrive: Arrive) -> None:
    one = arrive()
    one.send("match_request", {"player": None})
    assert one.expect("match_request_response")["success"]
    one.send("match_request", {"player": None})
    assert one.expect("match_request_response") == ALREADY_OFFERED
    one.send("match_request", {"cancel": True})
    assert one.expect("match_request_response")["success"]
    one.send("match_request", {"cancel": True})
    assert not one.expect("match_request_response")["success"]


def waits(arrive: Arrive, name: str) -> bool:
    """Whether somebody waits in the queue, found out by asking again, and left as it was."""
    again = arrive(name)
    again.send("match_request", {"player": None})
    waited = again.expect("match_request_response") == ALREADY_OFFERED
    if not waited:
        again.send("match_request", {"cancel": True})
        again.expect("match_request_response")
    again.close()
    return waited


def test_the_queue_is_left_with_the_last_connection(arrive: Arrive) -> None:
    one = arrive()
    other = arrive(one.name)
    one.send("match_request", {"player": None})
    assert one.expect("match_request_response")["success"]
    one.close()
    assert waits(arrive, one.name)
    other.close()
    assert not waits(arrive, one.name)


def test_an_invitation(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    one.send("match_request", {"player": other.name.upper()})
    update = one.expect("match_update")
    assert update["ranked"] is True
    assert one.expect("match_request_response")["success"]
    assert other.expect("match_update") == update
    assert other.expect("match_request") == {"player": one.name}
    state = update["match_state"]
    assert (state["player_a"], state["current_player"]) == (one.name, one.name)
    assert one.quiet()


def test_who_is_away_finds_the_match_when_they_come(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    other.close()
    one.send("match_request", {"player": other.name})
    update = one.expect("match_update")
    back = arrive(other.name)
    assert back.expect("match_update") == update


def test_invitations_that_are_refused(arrive: Arrive) -> None:
    one, other = arrive(), arrive()

    def answer(player: str) -> str:
        one.send("match_request", {"player": player})
        response = one.expect("match_request_response")
        assert response["success"] is False
        return response["msg"]

    missing = new_name("missing")
    assert answer(missing) == f"user {missing} not found :("
    assert answer(one.name) == "you cannot play against yourself"
    begin(one, other)
    assert other.name in answer(other.name)
    assert other.quiet(0.1)


def test_five_open_matches_are_the_most(arrive: Arrive) -> None:
    one, late = arrive(pw=None), arrive(pw=None)
    for _ in range(5):
        begin(one, arrive(pw=None))
    for asking, asked in ((one, late), (late, one)):
        asking.send("match_request", {"player": asked.name})
        assert asking.expect("match_request_response")["success"] is False
    one.send("match_request", {"player": None})
    assert one.expect("match_request_response")["success"] is False
    assert late.quiet(0.1)


@pytest.mark.parametrize("data", [{"player": 5}, {"player": ["x"]}, {"cancel": "yes"}])
def test_an_ill_typed_match_request(arrive: Arrive, data: dict[str, Any]) -> None:
    one = arrive()
    one.send("match_request", data)
    one.refused("malformed", "match_request")


# move


@pytest.mark.parametrize(
    "move",
    [CORNER, dict.fromkeys(CORNER, "0"), CORNER | {"x": "0"}],
    ids=["numbers", "strings", "both"],
)
def test_a_move_reaches_both(arrive: Arrive, move: dict[str, Any]) -> None:
    one, other = arrive(), arrive()
    match_id = begin(one, other)
    one.move(match_id, move)
    update = one.expect("match_update")
    assert other.expect("match_update") == update
    state = update["match_state"]
    assert state["last_move"] == CORNER
    assert state["complete_field"][0][0] == 1
    assert state["current_player"] == state["active_player"] == other.name
    assert update["version"] == 1
    assert one.quiet(0.1)


def test_rows_and_columns_are_not_mixed_up(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    match_id = begin(one, other)
    one.move(match_id, {"sub_x": 2, "sub_y": 0, "x": 1, "y": 2})
    state = one.expect("match_update")["match_state"]
    assert state["complete_field"][2][7] == 1
    assert sum(map(sum, state["complete_field"])) == 1


BAD_MOVES: list[dict[str, Any]] = [
    {},
    {"sub_x": 0, "sub_y": 0, "x": 0},
    CORNER | {"x": 3},
    CORNER | {"x": -1},
    CORNER | {"x": "3"},
    CORNER | {"x": "-1"},
    CORNER | {"x": ""},
    CORNER | {"x": "a"},
    CORNER | {"x": "00"},
    CORNER | {"x": " 0"},
    CORNER | {"x": "٠"},
    CORNER | {"x": None},
    CORNER | {"x": True},
    CORNER | {"x": 0.0},
    CORNER | {"x": [0]},
    CORNER | {"sub_y": {}},
    CORNER | {"y": 10**30},
]


@pytest.mark.parametrize("move", BAD_MOVES, ids=str)
def test_a_malformed_move_unlocks_the_board(arrive: Arrive, move: dict[str, Any]) -> None:
    one, other = arrive(pw=None), arrive(pw=None)
    match_id = begin(one, other)
    one.move(match_id, move)
    one.refused("malformed", "move")
    update = one.expect("match_update")
    assert (update["id"], update["version"]) == (match_id, 0)
    assert update["match_state"]["current_player"] == one.name
    assert other.quiet(0.1)


def test_refused_moves_unlock_the_board(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    match_id = begin(one, other)
    other.move(match_id, CORNER)
    other.refused("not_your_turn", "move")
    assert other.expect("match_update")["version"] == 0
    play(match_id, [CORNER], one, other)
    for taken_or_elsewhere in (CORNER, {"sub_x": 1, "sub_y": 1, "x": 1, "y": 1}):
        other.move(match_id, taken_or_elsewhere)
        other.refused("illegal", "move")
        update = other.expect("match_update")
        assert update["version"] == 1
        assert update["match_state"]["last_move"] == CORNER
    assert one.quiet(0.1)
    one.send("end_match", {"id": match_id})
    assert one.expect("match_update") == other.expect("match_update")
    other.move(match_id, CENTRE)
    other.refused("game_over", "move")
    assert other.expect("match_update")["match_state"]["game_over"] is True


@pytest.mark.parametrize("version", ["0", 0.5, True, [0]], ids=str)
def test_a_version_that_is_none_unlocks_the_board(arrive: Arrive, version: Any) -> None:
    one, other = arrive(pw=None), arrive(pw=None)
    match_id = begin(one, other)
    one.move(match_id, CORNER | {"version": version})
    one.refused("malformed", "move")
    update = one.expect("match_update")
    assert (update["id"], update["version"]) == (match_id, 0)
    assert other.quiet(0.1)


@pytest.mark.parametrize("request_", ["move", "end_match", "match_states_request"])
def test_a_strangers_match_and_one_that_is_none(arrive: Arrive, request_: str) -> None:
    one, other = arrive(), arrive()
    match_id = begin(one, other)
    nosy = arrive()
    nosy.send(request_, {"id": match_id} | CORNER)
    nosy.refused("not_your_match", request_)
    if request_ == "move":
        update = nosy.expect("match_update")
        assert (update["id"], update["version"]) == (match_id, 0)
        assert one.quiet(0.1)
        assert other.quiet(0.1)
    nosy.send(request_, {"id": "0" * 32} | CORNER)
    nosy.refused("no_such_match", request_)
    nosy.send(request_, {"id": "\0" * 32} | CORNER)
    nosy.refused("no_such_match", request_)
    nosy.send(request_, {"id": 5} | CORNER)
    nosy.refused("malformed", request_)
    assert nosy.quiet(0.1)


def test_a_won_game(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    match_id = begin(one, other)
    update = play(match_id, game("b"), one, other)
    state = update["match_state"]
    assert (state["game_over"], state["is_draw"], state["player_won"]) == (True, False, other.name)
    assert "ended_by" not in state
    assert one.expect("elo_update")["elo"] == 990
    elo = other.expect("elo_update")
    assert elo["elo"] == 1010
    assert other.name in elo["top_names"]
    assert one.quiet(0.1)


def test_a_drawn_game(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    state = play(begin(one, other), game("draw"), one, other)["match_state"]
    assert (state["game_over"], state["is_draw"], state["player_won"]) == (True, True, None)
    assert [player.expect("elo_update")["elo"] for player in (one, other)] == [1000, 1000]


def test_a_game_with_a_guest_leaves_ratings_alone(arrive: Arrive) -> None:
    one, other = arrive(), arrive(pw=None)
    update = play(begin(one, other), game("a"), one, other)
    assert update["ranked"] is False
    assert update["match_state"]["player_won"] == one.name
    assert one.quiet()


# end_match


def test_ending_a_match_before_both_have_moved(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    match_id = begin(one, other)
    play(match_id, [CORNER], one, other)
    other.send("end_match", {"id": match_id})
    update = one.expect("match_update")
    assert other.expect("match_update") == update
    state = update["match_state"]
    assert (state["game_over"], state["player_won"], state["is_draw"]) == (True, None, False)
    assert state["ended_by"] == {"reason": "abort", "user": other.name}
    assert state["last_move"] == CORNER
    assert state["complete_field"][0][0] == 1
    assert one.quiet()


def test_ending_a_match_after_both_have_moved_costs_rating(arrive: Arrive) -> None:
    one, other = arrive(), arrive()
    match_id = begin(one, other)
    play(match_id, [CORNER, CENTRE], one, other)
    one.send("end_match", {"id": match_id})
    update = one.expect("match_update")
    assert other.expect("match_update") == update
    state = update["match_state"]
    assert (state["game_over"], state["player_won"]) == (True, None)
    assert state["ended_by"] == {"reason": "resign", "user": one.name}
    assert [player.expect("elo_update")["elo"] for player in (one, other)] == [990, 1010]
    one.send("end_match", {"id": match_id})
    one.refused("game_over", "end_match")


# match_states_request


def test_asking_for_the_state_of_matches(arrive: Arrive) -> None:
    one = arrive()
    one.send("match_states_request", {})
    assert one.quiet(0.1)
    ids = {begin(one, arrive()) for _ in range(3)}
    one.send("match_states_request", {})
    assert {one.expect("match_update")["id"] for _ in ids} == ids
    some = min(ids)
    one.send("match_states_request", {"id": some})
    assert one.expect("match_update")["id"] == some
    one.send_text('{"type": "match_states_request"}')
    assert {one.expect("match_update")["id"] for _ in ids} == ids
    assert one.quiet(0.1)
