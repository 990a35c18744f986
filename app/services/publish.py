"""The port through which actions speak to whoever is connected; `app.live` implements it.

Called after a commit, never inside a transaction. Delivery is best effort: a client that is
not there gets the state when it comes back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.games.api import Event
    from app.services.records import MatchRecord


@dataclass(frozen=True, slots=True)
class Audience:
    """Some of those who are connected: these users, a match's watchers, the lobby, everyone.

    Those with a match's small board before them are `glancing` at it. Of bridge: the hall, and
    those around a table who look on.

    Nobody is told twice, and users in `but` not at all.
    """

    users: tuple[int, ...] = ()
    watching: tuple[str, ...] = ()  # match ids
    glancing: tuple[str, ...] = ()  # match ids
    lobby: bool = False
    hall: bool = False
    tables: tuple[str, ...] = ()  # bridge tables' ids
    everyone: bool = False
    # Whose word it is, if it is somebody's. That is not who hears it.
    by: int | None = field(default=None, compare=False)
    but: tuple[int, ...] = ()


class Publisher(Protocol):
    """What every delivery can do. `data` is a JSON value, `type` the envelope's type."""

    def match(self, record: MatchRecord, events: Sequence[Event] = ()) -> None:
        """Tell the players and the spectators where the match stands, each what they may see."""

    def tell(self, audience: Audience, type: str, data: Any) -> None:
        """Tell an audience."""

    def user(self, user_id: int, type: str, data: Any) -> None:
        """Tell one user, on every connection they have."""

    def watchers(self, match_id: str, type: str, data: Any) -> None:
        """Tell those who watch a match."""

    def lobby(self, type: str, data: Any) -> None:
        """Tell everyone who has the lobby open."""

    def carry(self, old_id: str, new_id: str) -> None:
        """Let whoever watches one match watch another, too."""

    def end_session(self, session_id: int) -> None:
        """Cut the connections of a session that is no longer good."""

    def reaches_all(self) -> bool:
        """Whether what is said here reaches the clients of other workers just now."""

    def control(self, order: str, data: Any) -> None:
        """Tell every worker, this one too: `app.live.orders` has what is done then."""
