"""Which matches the computer thinks about in this worker, and where it does."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

from app import bots
from app.games.api import Json


def _at_once(function: Callable[..., object], *args: Any) -> None:
    function(*args)


def _not_here(*what: Any) -> Json | None:
    return None


class Thinking:
    """At most one train of thought a match.

    `ask(game_key, strength, view, seconds)` gives a raw move, within so many seconds (None: in the
    player's own time); `spawn(function, *args)` calls it in the background. As they are here both
    do it at once; a worker that serves sets others.
    `analyse(hands, dealer, vuln)` gives what can be known of the hands of a bridge board (see
    `app.services.bridge.analysis`), `study(game_key, view, played)` what a thorough search says of
    a position, where the raw move `played` was made or None: `{"best": raw move, "chance": of the
    side to move with it, from 0 to 1 with a draw as half, "played": the same with the move played,
    or None}`. Both are None where, or while, nobody can tell.
    """

    def __init__(self) -> None:
        self.ask: Callable[[str, str, Json, float | None], Json] = bots.answer
        self.spawn: Callable[..., object] = _at_once
        self.analyse: Callable[[Json, str, str], Json | None] = _not_here
        self.study: Callable[[str, Json, Json | None], Json | None] = _not_here
        self._lock = Lock()
        self._matches: dict[str, bool] = {}  # whether to look at it again

    def begin(self, match_id: str) -> bool:
        """Whether nobody thinks about the match yet; the caller does now. Else look again after."""
        with self._lock:
            begun = match_id not in self._matches
            self._matches[match_id] = not begun
            return begun

    def look_again(self, match_id: str) -> None:
        """Have whoever thinks about the match look at it once more."""
        with self._lock:
            self._matches[match_id] = True

    def again(self, match_id: str) -> bool:
        """Whether to look at the match once more; if not, nobody thinks about it any longer."""
        with self._lock:
            if self._matches.pop(match_id, False):
                self._matches[match_id] = False
                return True
            return False

    def leave(self, match_id: str) -> None:
        """Nobody thinks about the match any longer."""
        with self._lock:
            self._matches.pop(match_id, None)
