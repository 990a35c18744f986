"""The port through which actions speak to whoever is connected; `app.live` implements it.

Called after a commit, never inside a transaction. Delivery is best effort: a client that is
not there gets the state when it comes back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.games.api import Event
    from app.services.records import MatchRecord


class Publisher(Protocol):
    """What every delivery can do. `data` is a JSON value, `type` the envelope's type."""

    def match(self, record: MatchRecord, events: Sequence[Event] = ()) -> None:
        """Tell the players and the spectators where the match stands, each what they may see."""

    def user(self, user_id: int, type: str, data: Any) -> None:
        """Tell one user, on every connection they have."""

    def watchers(self, match_id: str, type: str, data: Any) -> None:
        """Tell those who watch a match."""

    def lobby(self, type: str, data: Any) -> None:
        """Tell everyone who has the lobby open."""

    def end_session(self, session_id: int) -> None:
        """Cut the connections of a session that is no longer good."""
