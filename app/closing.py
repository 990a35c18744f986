"""How a worker ends: what is in hand is finished, everybody is told goodbye, nothing is lost."""

from __future__ import annotations

import logging
import os
import signal
import sys
from time import monotonic
from types import FrameType
from typing import Any, Final

import structlog
from flask import Flask

from app.extensions import db, socketio
from app.live.transport import go_away
from app.services import presence

PATIENCE: Final = 10.0  # seconds that what is in hand may take
FAREWELL: Final = 2.0  # seconds that clients have to answer a goodbye
GLANCE: Final = 0.1  # seconds between two looks at whether somebody has asked
GOING_AWAY: Final = 1001

log = structlog.get_logger(__name__)


class Closing:
    """The end of the worker that serves `app`: asked for by an order, or by a signal.

    A restart runs the same program in the same process anew, with the same arguments and
    environment; whoever watches over the process sees nothing of it.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._house = app.extensions["house"]
        self._edge = app.extensions["edge"]
        self._orders = app.extensions["orders"]
        self._restart: bool | None = None  # None: nobody has asked
        self._orders.on("stop", lambda data: self.ask(restart=bool(data["restart"])))

    def ask(self, *, restart: bool = False) -> None:
        """Have the worker end soon. The first word counts; may be said by a signal's handler."""
        if self._restart is None:
            self._restart = restart

    def obey_signals(self) -> None:
        """SIGTERM and Ctrl-C ask for an end; the second one does not wait for it."""
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._signalled)

    def watch(self) -> None:
        """Wait until somebody asks, then end the process: a background task."""
        while self._restart is None:
            socketio.sleep(GLANCE)
        try:
            self._wind_down()
        except Exception:
            # The outermost loop of the process: whatever it is, it must not keep it alive.
            log.exception("the end was not in order")
        log.info("stopped", restarts=self._restart)
        logging.shutdown()
        if self._restart:
            self._run_anew()
        os._exit(0)

    def _signalled(self, number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        self.ask()

    def _wind_down(self) -> None:
        gate = self._edge.gate
        gate.close()
        # Who waits for news, waits no longer: nothing else would be left in hand for so long.
        self._orders.obey("closing", {})
        go_away(socketio.server, GOING_AWAY, polls=True)
        if not _until(lambda: gate.in_hand == 0, PATIENCE):
            log.warning("cut short", requests=gate.in_hand)
        # All at once: a goodbye of each connection's own would be a transaction for each.
        self._house.connections.clear()
        presence.leave(self._house)
        self._edge.exchange.close_all(GOING_AWAY, "restarting" if self._restart else "closing")
        go_away(socketio.server, GOING_AWAY)
        _until(self._all_gone, FAREWELL)
        with self._app.app_context():
            db.engine.dispose()

    def _all_gone(self) -> bool:
        browsers: dict[str, Any] = socketio.server.eio.sockets
        return not len(self._edge.exchange) and all(s.closed for s in list(browsers.values()))

    def _run_anew(self) -> None:
        # Werkzeug means its listening socket to be inherited; the address would be taken.
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        try:
            os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
        except OSError as error:
            sys.stderr.write(f"parlour: cannot start anew: {error}\n")
            os._exit(1)


def _until(done: Any, seconds: float) -> bool:
    """Wait for `done()`, but no longer than so many seconds; whether it came true."""
    deadline = monotonic() + seconds
    while not done():
        if monotonic() >= deadline:
            return False
        socketio.sleep(GLANCE / 2)
    return True
