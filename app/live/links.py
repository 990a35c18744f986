"""A client of the vocabulary, whichever transport it came by."""

from __future__ import annotations

from abc import ABC, abstractmethod

from app.services.access import Viewer
from app.services.sessions import Caller


class Link(ABC):
    """One connection: who is at the other end, from where, and the rooms it is in.

    `caller` is None for a stranger, who may only watch. `watching` has, by match, the number
    under which `services.watching` counts this connection; `looking` is the bridge table at which
    it looks on; `glancing` are the matches whose small boards it shows. `gone` once the connection
    is over.
    """

    __slots__ = ("glancing", "gone", "looking")

    caller: Caller | None
    address: str
    watching: dict[str, int]
    gone: bool
    looking: str | None
    glancing: frozenset[str]

    @abstractmethod
    def join(self, room: str) -> None:
        """Hear what is said in a room, too."""

    @abstractmethod
    def leave(self, room: str) -> None:
        """Hear a room no longer."""

    def knows(self, match_id: str, version: int) -> None:  # noqa: B027 - nothing, for most
        """The client is being told how a match stands in that version.

        What led there is not to follow in messages that do not name the version.
        """

    def viewer(self, code: str | None = None) -> Viewer:
        """Who looks, with the code they showed for it."""
        return Viewer(self.caller.user_id if self.caller else None, self.address, code)
