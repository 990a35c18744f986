"""A worker: the database brought up to date, housekeeping in the background, and the loop."""

from __future__ import annotations

import signal
from types import FrameType

import structlog
from flask import Flask
from flask_migrate import upgrade

from app import logs
from app.extensions import socketio
from app.services import housekeeping, presence
from app.services.house import House

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
    signal.signal(signal.SIGTERM, _stop)
    log.info("serving", site=config.SITE_NAME, host=config.HOST, port=config.PORT)
    try:
        socketio.run(app, host=config.HOST, port=config.PORT, **_server_options(app))
    except KeyboardInterrupt:
        pass
    finally:
        presence.leave(house)
        log.info("stopped")


def _server_options(app: Flask) -> dict[str, object]:
    config = app.extensions["house"].config
    if config.ASYNC_MODE == "eventlet":
        # eventlet lets 1,024 connections in unless told otherwise.
        return {"max_size": config.MAX_CONNECTIONS, "log_output": False, "debug": False}
    return {"allow_unsafe_werkzeug": True}


def _keep_house(house: House) -> None:
    while True:
        socketio.sleep(house.config.HOUSEKEEPING_INTERVAL)
        try:
            done = housekeeping.run(house)
        except Exception:
            # The outermost loop of this task: one bad round must not be the last.
            log.exception("housekeeping failed")
            continue
        if any(done.values()):
            log.info("housekeeping", **{name: count for name, count in done.items() if count})


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
