"""What a worker does when it may have missed what others said: everybody is told anew.

Clients that lose their connection come back by themselves, and are greeted with how things stand
now: their matches, the lobby, the lines of the chat from the last they have. So a worker that could
not hear the others for a while sends its clients away, once it hears them again.
"""

from __future__ import annotations

from threading import Lock
from typing import Any, Final

import structlog
from flask import Flask

from app.extensions import socketio
from app.live.names import MISSED
from app.live.transport import go_away

MOMENT: Final = 1.5  # seconds in which the other workers find Redis again, too
COME_BACK: Final = 1012  # what a WebSocket's close code says: the service restarts

log = structlog.get_logger(__name__)


class Rejoining:
    """Obeys the order `missed`, in the worker that serves `app`.

    Every worker that has been away gives it to all. Those that come within a moment are one.
    """

    def __init__(self, app: Flask) -> None:
        self._edge = app.extensions["edge"]
        self._due = False
        self._lock = Lock()
        app.extensions["orders"].on(MISSED, self._missed)

    def _missed(self, _data: Any) -> None:
        with self._lock:
            if self._due:
                return
            self._due = True
        socketio.start_background_task(self._call_back)

    def _call_back(self) -> None:
        socketio.sleep(MOMENT)
        with self._lock:
            self._due = False
        log.info("clients are sent for: something may have been missed")
        self._edge.exchange.close_all(COME_BACK, "come back")
        go_away(socketio.server, COME_BACK)
