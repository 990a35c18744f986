"""What rooms are called, and the two words that mean something to delivery itself."""

from __future__ import annotations

NAMESPACE = "/"
LOBBY = "lobby"
WATCH_PAGE = "watching"  # whoever has the matches to look at open, strangers too
# After this message a connection is cut, on whichever worker it is.
SESSION_ENDED = "session_ended"
# What workers tell each other, and no client hears.
CONTROL = "control"
# With a move, and for no client: how the match stands. The order with which workers hear of it.
SAVED = "saved"
# The order that something may have been missed while Redis was away.
MISSED = "missed"


def user_room(user_id: int) -> str:
    """All connections of a user."""
    return f"user:{user_id}"


def session_room(session_id: int) -> str:
    """All connections that were signed in with one session."""
    return f"session:{session_id}"


def watch_room(match_id: str) -> str:
    """Those who watch a match."""
    return f"match:{match_id}:watch"


def small_room(match_id: str) -> str:
    """Those who have the match's small board before them."""
    return f"match:{match_id}:small"


# Bridge

BRIDGE_HALL = "bridge"  # whoever has the list of tables open


def bridge_room(user_id: int) -> str:
    """The connections of a user that speak bridge."""
    return f"bridge:user:{user_id}"


def kibitz_room(table_id: str, side: str | None = None) -> str:
    """Those who look on at a bridge table: over the shoulder of one side, or of nobody (None)."""
    return f"bridge:{table_id}:watch" if side is None else f"bridge:{table_id}:over:{side}"


def kibitz_rooms(table_id: str) -> list[str]:
    """Everyone who looks on at a bridge table."""
    return [kibitz_room(table_id, side) for side in (None, *"NESW")]
