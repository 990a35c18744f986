"""What each message to an old client must look like: exactly the documented keys and types."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.rawclient import PATIENCE, RawClient

ID = re.compile(r"[0-9a-f]{32}")
NAME = re.compile(r"[a-z0-9_-]{3,16}")
REVOKE_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
MATCH_TTL = timedelta(days=7)

STATE_KEYS = {
    "complete_field",
    "global_field",
    "last_move",
    "game_over",
    "is_draw",
    "player_won",
    "current_player",
    "active_player",
    "player_a",
    "player_b",
}


def check(type: str, data: Any) -> None:
    """Fail unless `data` is a proper message of this type; unknown types fail too."""
    assert isinstance(data, dict), data
    _CHECKS[type](data)


class CheckedClient(RawClient):
    """A client for which every message it gets must have its documented shape."""

    def receive(self, seconds: float = PATIENCE) -> tuple[str, Any]:
        type, data = super().receive(seconds)
        check(type, data)
        return type, data


def _keys(data: dict[str, Any], *keys: str) -> None:
    assert set(data) == set(keys), data


def _is(value: Any, kind: type) -> None:
    """Of exactly this type: a bool is no int here."""
    assert type(value) is kind, value


def _login_response(data: dict[str, Any]) -> None:
    _keys(data, "success", "id", "registered", "msg")
    _answer(data)


def _reconnect_response(data: dict[str, Any]) -> None:
    _keys(data, "success", "msg", "id", "user", "registered")
    _answer(data)
    assert NAME.fullmatch(data["user"]) if data["success"] else data["user"] is None


def _answer(data: dict[str, Any]) -> None:
    _is(data["success"], bool)
    _is(data["registered"], bool)
    _is(data["msg"], str)
    assert ID.fullmatch(data["id"]) if data["success"] else data["id"] is None


def _response(data: dict[str, Any]) -> None:
    _keys(data, "success", "msg")
    _is(data["success"], bool)
    assert data["msg"].strip()


def _elo_update(data: dict[str, Any]) -> None:
    _keys(data, "elo", "rank", "top_names", "top_elos")
    assert (data["elo"] is None) == (data["rank"] is None)
    if data["elo"] is not None:
        _is(data["elo"], int)
        _is(data["rank"], int)
        assert data["rank"] >= 1
    assert len(data["top_names"]) == len(data["top_elos"]) <= 100
    assert all(map(NAME.fullmatch, data["top_names"]))
    assert data["top_elos"] == sorted(data["top_elos"], reverse=True)
    for elo in data["top_elos"]:
        _is(elo, int)


def _friends_update(data: dict[str, Any]) -> None:
    _keys(data, "friends", "elos", "online")
    assert len(data["friends"]) == len(data["elos"]) == len(data["online"])
    assert all(map(NAME.fullmatch, data["friends"]))
    for elo, online in zip(data["elos"], data["online"], strict=True):
        _is(elo, int)
        _is(online, bool)


def _match_request(data: dict[str, Any]) -> None:
    _keys(data, "player")
    assert NAME.fullmatch(data["player"])


def _error(data: dict[str, Any]) -> None:
    _keys(data, "code", "msg", "request")
    assert re.fullmatch(r"[a-z_]+", data["code"])
    assert data["msg"].strip()
    assert data["request"] is None or isinstance(data["request"], str)


def _match_update(data: dict[str, Any]) -> None:
    _keys(data, "id", "revoke_time", "ranked", "match_state", "version", "variant")
    assert ID.fullmatch(data["id"])
    assert REVOKE_TIME.fullmatch(data["revoke_time"])
    _is(data["ranked"], bool)
    _is(data["version"], int)
    assert data["variant"] == "standard"
    state = data["match_state"]
    assert set(state) - {"ended_by"} == STATE_KEYS, state
    if not state["game_over"]:
        assert "ended_by" not in state
        revoked = datetime.fromisoformat(data["revoke_time"]).replace(tzinfo=UTC)
        assert timedelta(0) <= datetime.now(UTC) + MATCH_TTL - revoked < timedelta(minutes=5)
    _match_state(state)


def _match_state(state: dict[str, Any]) -> None:
    _grid(state["complete_field"], 9, {0, 1, 2})
    _grid(state["global_field"], 3, {0, 1, 2, 3})
    last = state["last_move"]
    if last is not None:
        _keys(last, "sub_x", "sub_y", "x", "y")
        for number in last.values():
            _is(number, int)
            assert 0 <= number <= 2
        row, column = last["sub_y"] * 3 + last["y"], last["sub_x"] * 3 + last["x"]
        assert state["complete_field"][row][column] in (1, 2)
    _is(state["game_over"], bool)
    _is(state["is_draw"], bool)
    players = (state["player_a"], state["player_b"])
    assert all(map(NAME.fullmatch, players))
    assert state["player_won"] in (None, *players)
    assert state["active_player"] in players
    over = state["game_over"]
    assert state["current_player"] == (None if over else state["active_player"])
    assert over or (state["player_won"] is None and not state["is_draw"])
    assert not (state["is_draw"] and state["player_won"])
    if "ended_by" in state:
        _keys(state["ended_by"], "reason", "user")
        assert state["ended_by"]["reason"] in ("resign", "abort", "timeout")
        assert state["ended_by"]["user"] in (None, *players)


def _grid(rows: Any, size: int, values: set[int]) -> None:
    assert len(rows) == size
    for row in rows:
        assert len(row) == size
        for value in row:
            _is(value, int)
            assert value in values


_CHECKS = {
    "login_response": _login_response,
    "reconnect_response": _reconnect_response,
    "match_request_response": _response,
    "friend_request_response": _response,
    "unfriend_request_response": _response,
    "elo_update": _elo_update,
    "friends_update": _friends_update,
    "match_request": _match_request,
    "match_update": _match_update,
    "error": _error,
}
