"""A worker: the database brought up to date, housekeeping in the background, and the loop."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any

import structlog
from flask import Flask

from app import logs
from app.backup.errors import BackupError
from app.backup.lock import hold_for_serving
from app.closing import Closing
from app.edge import lean_protocol, patient_handler
from app.extensions import socketio
from app.fitness import Unfit, examine, in_words
from app.live.orders import Orders
from app.live.partings import watch_slow
from app.live.rooms import SharedManager
from app.migrating import upgrade
from app.offload import ANALYST, EXPERT, IDLE, Thinker, thinkers
from app.rejoining import Rejoining
from app.services import analysis, bans, housekeeping, matches, presence, trouble
from app.services.bridge import deals
from app.services.house import House
from app.services.pulse import Pulse
from app.services.timekeeping import Timekeeper

CLOCK_SECONDS = 1.0  # between two looks at the system's clock
ROOM_FOR_PAGES = 1_000  # connections beside the WebSockets
NOW, AGAIN = timedelta(0), timedelta(seconds=5)
COLLECT_AFTER = 10_000  # new objects; the moves that share a commit make more than Python's 700
LISTEN = 2.0  # seconds that Redis may take to let a worker in before it serves without

log = structlog.get_logger(__name__)


def serve(app: Flask) -> None:
    """Serve until told to stop, by an admin, SIGTERM or Ctrl-C; kill -9 loses nothing either."""
    house: House = app.extensions["house"]
    config = house.config
    logs.set_up(config, house.tally.logged)
    try:
        # Held until the process ends; a restore waits for that.
        app.extensions["lock"] = hold_for_serving(Path(config.INSTANCE_PATH))
    except BackupError as error:
        sys.exit(f"parlour: {error}")
    try:
        _open_books(app, house)
    except Unfit as error:
        sys.exit(f"parlour: {error}")
    _let_think(house, app.extensions["orders"])
    # Otherwise done by the first Socket.IO client, and raw clients would miss other workers.
    socketio.server.manager_initialized = True
    manager = socketio.server.manager
    manager.initialize()
    if isinstance(manager, SharedManager):
        manager.wait_to_listen(LISTEN)  # an order given to all must not find it deaf
    socketio.start_background_task(_keep_house, house, app.extensions["orders"])
    socketio.start_background_task(_keep_time, house)
    socketio.start_background_task(_keep_clock, app.extensions["timekeeper"])
    socketio.start_background_task(_feel_pulse, app.extensions["pulse"], config.STATUS_INTERVAL)
    if config.METRICS_PORT:
        from app import metrics  # takes memory that only those who want it should give

        metrics.serve(house)
    socketio.start_background_task(watch_slow, socketio.server, config.OUTBOX_BYTES, socketio.sleep)
    Rejoining(app)
    closing = Closing(app)
    closing.obey_signals()
    socketio.start_background_task(closing.watch)
    _spare_collector()
    log.info("serving", site=config.SITE_NAME, host=config.HOST, port=config.PORT)
    try:
        socketio.run(app, host=config.HOST, port=config.PORT, **_server_options(app))
    finally:  # only when it could not even begin: else the process ends elsewhere
        presence.leave(house)


def _open_books(app: Flask, house: House) -> None:
    """See that the data is sound, and bring it up to date. Raises Unfit."""
    examine(house.config)
    with in_words():
        with app.app_context():
            upgrade()
        presence.arrive(house)
        bans.reload(house)


def _spare_collector() -> None:
    """Have the garbage collector look less often, and never at what is here to stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


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


def _let_think(house: House, orders: Orders) -> None:
    """Have the computer think beside the loop, in processes that end with this one.

    Bridge takes longer than other games: nobody waits behind it. Analysis of a match is made while
    no move waits for a process.
    """
    quick, expert = Thinker(size=thinkers(house.config.THINKERS)), Thinker(EXPERT)
    analyst = Thinker(ANALYST)
    minds = {"bridge": expert}

    def ask(game_key: str, strength: str, view: Any, seconds: float | None) -> Any:
        began = perf_counter()
        house.tally.thinking += 1
        try:
            return minds.get(game_key, quick)(game_key, strength, view, seconds)
        finally:
            house.tally.thinking -= 1
            house.tally.thought(game_key, perf_counter() - began)

    def study(game_key: str, view: Any, played: Any | None) -> Any | None:
        return analyst.study(game_key, view, played) if quick.wait_for_room() else None

    def rest() -> None:
        while True:
            socketio.sleep(IDLE / 5)
            for each in (quick, expert, analyst):
                each.rest()

    house.thinking.ask = ask
    house.thinking.analyse = expert.analyse
    house.thinking.study = study
    house.thinking.spawn = _in_background

    def close(_data: Any) -> None:
        for each in (analyst, quick, expert):
            each.close()

    orders.on("closing", close)
    socketio.start_background_task(rest)


def _in_background(function: Callable[..., object], *args: Any) -> None:
    def run() -> None:
        try:
            function(*args)
        except Exception as failed:
            # The outermost loop of its thread.
            if trouble.refusal(failed) is None:
                log.exception("the computer could not move")

    socketio.start_background_task(run)


def _keep_house(house: House, orders: Orders) -> None:
    while True:
        socketio.sleep(house.config.HOUSEKEEPING_INTERVAL)
        began = perf_counter()
        done = housekeeping.run(house)
        house.tally.kept_house(perf_counter() - began, done)
        orders.obey("bans_changed", {})  # by a worker or a command whose orders do not come here
        if any(done.values()):
            log.info("housekeeping", **{name: count for name, count in done.items() if count})


def _feel_pulse(pulse: Pulse, interval: int) -> None:
    """Note every so many seconds how the worker is doing, and how late its loop came meanwhile."""
    while True:
        lag = 0.0
        for _ in range(interval):
            due = monotonic() + 1
            socketio.sleep(1)
            lag = max(lag, monotonic() - due)
        pulse.take(lag)


def _keep_clock(timekeeper: Timekeeper) -> None:
    """Let the house's clock follow the system's, as far as it does."""
    while True:
        socketio.sleep(CLOCK_SECONDS)
        try:
            timekeeper.tick()
        except Exception as failed:
            # An outermost loop: a leap that the database did not take is tried again.
            if trouble.refusal(failed) is None:
                log.exception("the clock could not be kept")


def _keep_time(house: House) -> None:
    """Do what the house's timers ask for, to the moment."""
    alarm = socketio.server.eio.create_event()
    house.timers.wake = alarm.set
    begin(house)
    while True:
        alarm.clear()
        moment = house.timers.next_moment()
        seconds = None if moment is None else (moment - house.clock()).total_seconds()
        if seconds is None or seconds > 0:
            alarm.wait(seconds)
        do_due(house)


def begin(house: House) -> None:
    """Have the timers take up, first of all, what is to be done soon."""
    for first in (matches.set_timers, deals.set_timers, analysis.begin):
        _until_done(house, first)


def _until_done(house: House, first: Callable[[House], object], after: timedelta = NOW) -> None:
    def go() -> None:
        _until_done(house, first, AGAIN)  # unless the database goes along
        first(house)
        house.timers.cancel(first)

    house.timers.at(first, house.clock() + after, go)


def do_due(house: House) -> None:
    """Do what the timers have that is due, one after another, whatever comes of each."""
    for action in house.timers.take_due(house.clock()):
        try:
            action()
        except Exception as failed:
            # An outermost loop: one action that fails must not stop the clocks of others.
            if trouble.refusal(failed) is None:
                log.exception("a timer's action failed")
        house.pause()  # after a standstill there may be many
