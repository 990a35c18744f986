"""A worker: the database brought up to date, housekeeping in the background, and the loop."""

from __future__ import annotations

import logging
import signal
from types import FrameType

import structlog
from flask import Flask
from flask_migrate import upgrade

from app import logs
from app.edge import lean_protocol, patient_handler
from app.extensions import socketio
from app.live.partings import watch_slow
from app.services import housekeeping, presence
from app.services.house import House

ROOM_FOR_PAGES = 1_000  # connections beside the WebSockets

log = structlog.get_logger(__name__)


def serve(app: Flask) -> None:
    """Serve until told to stop. SIGTERM and Ctrl-C stop a worker; kill -9 loses nothing either."""
    house: House = app.extensions["house"]
    config = house.config
    logs.set_up(config)
    with app.app_context():
        upgrade()
    presence.arrive(house)
    # Otherwise done by the first Socket.IO client, and raw clients would miss other workers.
    socketio.server.manager_initialized = True
    socketio.server.manager.initialize()
    socketio.start_background_task(_keep_house, house)
    socketio.start_background_task(watch_slow, socketio.server, config.OUTBOX_BYTES, socketio.sleep)
    signal.signal(signal.SIGTERM, _stop)
    log.info("serving", site=config.SITE_NAME, host=config.HOST, port=config.PORT)
    try:
        socketio.run(app, host=config.HOST, port=config.PORT, **_server_options(app))
    except KeyboardInterrupt:
        pass
    finally:
        app.extensions["edge"].exchange.close_all(1001, "restarting")
        presence.leave(house)
        log.info("stopped")


def _server_options(app: Flask) -> dict[str, object]:
    config = app.extensions["house"].config
    if config.ASYNC_MODE == "eventlet":
        return {
            # eventlet lets 1,024 connections in unless told otherwise. WebSockets beyond
            # MAX_CONNECTIONS are refused at the edge, in words; pages still find room.
            "max_size": config.MAX_CONNECTIONS + ROOM_FOR_PAGES,
            "protocol": lean_protocol(config.SIGN_IN_TIMEOUT),
            "socket_timeout": config.SIGN_IN_TIMEOUT or None,
            "log": logging.getLogger("eventlet.wsgi"),
            "log_output": False,
            # eventlet closes a WebSocket twice and tells of the second failure.
            "environ": {"wsgi.errors": logs.DebugStream("wsgi.errors")},
            "debug": False,
        }
    return {
        "allow_unsafe_werkzeug": True,
        "request_handler": patient_handler(config.SIGN_IN_TIMEOUT),
    }


def _keep_house(house: House) -> None:
    while True:
        socketio.sleep(house.config.HOUSEKEEPING_INTERVAL)
        done = housekeeping.run(house)
        if any(done.values()):
            log.info("housekeeping", **{name: count for name, count in done.items() if count})


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
