"""Parlour: `create_app` puts the house together. Wiring only; nothing happens here."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask_login import current_user
from limits import RateLimitItem, parse
from sqlalchemy import Engine

from app import cli, extensions, migrating, web
from app.edge import Edge
from app.headers import SafeHeaders
from app.legacy.commands import openapi
from app.legacy.commands import partings as commands
from app.legacy.commands.desk import Desk
from app.legacy.commands.door import Door
from app.legacy.commands.waiting import Waits
from app.legacy.registry import Means
from app.legacy.scopa import roll
from app.live.commands import bridge
from app.live.gate import Gate
from app.live.names import SAVED
from app.live.orders import Orders
from app.live.partings import cut_from
from app.live.publisher import RoomPublisher
from app.live.rooms import REDIS_OPTIONS, LocalManager, Rooms, SharedManager
from app.live.sockets import FastJson, HouseNamespace
from app.offload import offloader
from app.proxies import ProxyFix, Trusted
from app.services import bans, hearsay, ladders, timekeeping, trouble, watching
from app.services.bridge import deals, news
from app.services.house import House
from app.services.limits import Limits
from app.services.pulse import Pulse
from app.services.records import MatchCache
from app.services.sessions import Caller
from app.services.steady import SteadyClock
from app.services.timekeeping import Timekeeper
from app.shares import Shares
from app.store import Store
from app.store.base import tune_sqlite
from app.store.patience import bound, connect_args
from app.web.health import Health, Readiness
from app.web.languages import DEFAULT, language
from config import ROOT, Config, ConfigError


def create_app(config: Config | None = None) -> Flask:
    """The whole house as a Flask application. `config` None: from the environment."""
    config = (config or Config.from_environ()).with_secret()
    _make_folder(Path(config.INSTANCE_PATH))
    app = Flask(
        "parlour",
        root_path=str(ROOT),
        instance_path=str(Path(config.INSTANCE_PATH).absolute()),
        static_folder=str(ROOT / "static"),
        static_url_path=f"/static/{_static_version(ROOT / 'static')}",
        template_folder=str(ROOT / "templates"),
    )
    app.config.from_mapping(_flask_settings(config))
    engine = _bind_database(app)
    extensions.limiter.init_app(app)
    extensions.csrf.init_app(app)
    extensions.compress.init_app(app)
    extensions.babel.init_app(app, locale_selector=language)

    clock = SteadyClock()
    rooms, orders = Rooms(), Orders(trouble.refusal)
    manager = (
        SharedManager(rooms, orders, config.REDIS_URL)
        if config.REDIS_URL
        else LocalManager(rooms, orders)
    )
    house = House(
        config=config,
        store=Store(engine),
        publish=RoomPublisher(manager, clock),
        limits=_limits(config),
        matches=MatchCache(config.MATCH_CACHE_SIZE),
        worker_id=secrets.token_hex(8),
        clock=clock,
        offload=offloader(config.ASYNC_MODE),
        pause=lambda: extensions.socketio.sleep(0),
    )
    house.after["bridge"] = deals.after
    app.extensions["house"] = house
    app.extensions["rooms"] = rooms
    app.extensions["orders"] = orders
    orders.on("carry", manager.carry)
    orders.on("carry", lambda data: watching.carried(house, data["from"], data["to"]))
    orders.on(news.LOOKS, manager.look_on)
    orders.on(SAVED, lambda told: hearsay.hear(house, told))
    orders.on(ladders.CHANGED, lambda _: house.ladders.forget())
    app.extensions["timekeeper"] = timekeeper = Timekeeper(house, clock)
    orders.on(timekeeping.TIME, timekeeper.hear)
    bridge.obey(orders, house)
    _open_doors(app, house, rooms, manager)
    _obey_bans(orders, house, app.extensions["edge"])
    roll.obey(orders, house, rooms)
    commands.obey(orders, app.extensions["desk"])
    web.init_app(app)
    cli.init_app(app)
    return app


def _make_folder(instance: Path) -> None:
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"INSTANCE_PATH {instance} cannot be made: {error.strerror}") from None


def _flask_settings(config: Config) -> dict[str, Any]:
    return {
        **asdict(config),
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "PERMANENT_SESSION_LIFETIME": timedelta(seconds=config.SESSION_TTL),
        "SESSION_COOKIE_NAME": "parlour",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # The cookie is Secure by itself wherever the site is served over HTTPS (app.web.headers).
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "hide_parameters": True,  # codes and chat stay out of the log
            # A server that was restarted has hung up on what waits in the pool; a file does not.
            # The one that wrote last: SQLite forgets what it has read once another has written.
            "pool_use_lifo": True,
            "pool_pre_ping": not config.database_url.startswith("sqlite"),
            "connect_args": connect_args(config.database_url),
        },
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=365),  # static URLs carry a version
        "MAX_CONTENT_LENGTH": config.MAX_FRAME_BYTES,
        "WTF_CSRF_TIME_LIMIT": None,  # a token is good as long as the session
        "RATELIMIT_STORAGE_URI": config.REDIS_URL or "memory://",
        "RATELIMIT_STORAGE_OPTIONS": dict(REDIS_OPTIONS) if config.REDIS_URL else {},
        # Pages carry a CSRF token, and compressing those beside a visitor's own words tells
        # (BREACH); what is worth compressing holds no secrets.
        "COMPRESS_MIMETYPES": ["text/css", "text/javascript", "image/svg+xml", "application/json"],
        "BABEL_DEFAULT_LOCALE": DEFAULT,
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "app" / "translations"),
    }


def _bind_database(app: Flask) -> Engine:
    extensions.db.init_app(app)
    migrating.init_app(app)
    with app.app_context():
        engine = extensions.db.engine
    tune_sqlite(engine)
    bound(engine)
    return engine


def _limits(config: Config) -> Limits:
    settings = {
        "sign_in": "SIGN_IN_LIMIT",
        "sign_in_name": "SIGN_IN_NAME_LIMIT",
        "sign_in_address": "SIGN_IN_ADDRESS_LIMIT",
        "password": "SIGN_IN_LIMIT",
        "register": "REGISTER_LIMIT",
        "upgrade": "REGISTER_LIMIT",
        "guest": "GUEST_LIMIT",
        "invite": "INVITE_LIMIT",
        "code": "CODE_LIMIT",
        "code_game": "CODE_GAME_LIMIT",
        "chat": "CHAT_LIMIT",
        "report": "REPORT_LIMIT",
        "friends": "FRIENDS_LIMIT",
        "archive": "ARCHIVE_LIMIT",
        "analysis": "ANALYSIS_LIMIT",
        "api": "API_LIMIT",
        "api_token": "API_TOKEN_LIMIT",
    }
    rates = {name: _rate(config, setting) for name, setting in settings.items()}
    return Limits(extensions.limiter.limiter if config.RATELIMIT_ENABLED else None, rates)


def _rate(config: Config, setting: str) -> RateLimitItem:
    notation = getattr(config, setting)
    try:
        return parse(notation)
    except ValueError:
        raise ConfigError(f"{setting} must be like '10 per minute', not {notation!r}") from None


def _open_doors(
    app: Flask, house: House, rooms: Rooms, manager: LocalManager | SharedManager
) -> None:
    """Socket.IO and the raw protocols, in front of the pages."""
    config = house.config
    socketio = extensions.socketio
    socketio.init_app(
        app,
        async_mode=config.ASYNC_MODE,
        client_manager=manager,
        json=FastJson,
        async_handlers=False,  # a client's requests are handled in the order it sent them
        always_connect=True,  # the handshake first, then what there is to tell
        manage_session=False,
        ping_interval=config.PING_INTERVAL,
        ping_timeout=config.PING_TIMEOUT,
        max_http_buffer_size=config.MAX_FRAME_BYTES,
    )
    gate = Gate()
    socketio.server.register_namespace(HouseNamespace(house, _identifier(app), gate))
    engine: dict[str, Any] = {
        "spawn": socketio.start_background_task,
        "sleep": socketio.sleep,
    }
    desk = Desk(house, Waits(house, rooms, **engine), gate)
    app.extensions["desk"] = desk
    app.extensions["api_document"] = openapi.document(config.SITE_NAME)
    edge = Edge(
        Door(app.wsgi_app, desk, spawn=engine["spawn"]),
        Means(house, rooms, desk),
        config,
        **engine,
        bar=lambda address: _why_not(house, address),
        gate=gate,
    )
    app.extensions["edge"] = edge
    shares, trusted = Shares(edge, config), Trusted(config.TRUSTED_PROXIES)
    inner = ProxyFix(shares, trusted) if trusted else shares
    asked = Health(inner, Readiness(house, lambda: gate.closed))
    app.wsgi_app = SafeHeaders(asked, config.HSTS_SECONDS)  # type: ignore[method-assign]
    _count(app, house, edge, desk)


def _count(app: Flask, house: House, edge: Edge, desk: Desk) -> None:
    """Have counted what the doors and the database know of how the house is doing."""
    gate = edge.gate
    house.store.group.observe = house.tally.committed
    house.tally.gauges |= {
        "messages": lambda: gate.entered - edge.plain,
        "in_hand": lambda: gate.in_hand,
        "websockets": lambda: edge.websockets,
        "waiting_commands": lambda: len(desk.waits),
    }
    app.extensions["pulse"] = Pulse(house)


def _why_not(house: House, address: str) -> str | None:
    """What to tell whoever comes from a banned address; None: they may come in."""
    ban = bans.on(house, address)
    return None if ban is None else ban.msg


def _obey_bans(orders: Orders, house: House, edge: Edge) -> None:
    """Once the bans have changed, cut whoever they keep out, however they are connected."""

    def banned(address: str) -> bool:
        return bans.is_banned(house, address)

    for order in ("bans_changed", "notices_changed"):
        orders.on(order, lambda _: bans.reload(house))
    orders.on("bans_changed", lambda _: cut_from(extensions.socketio.server, banned))
    orders.on("bans_changed", lambda _: edge.exchange.close_from(banned, 1008, "banned"))


def _identifier(app: Flask) -> Any:
    """Who a WebSocket's handshake belongs to: the same cookie as the pages', read the same way."""

    def identify(environ: dict[str, Any]) -> Caller | None:
        with app.request_context(environ):
            return current_user.caller if current_user.is_authenticated else None

    return identify


@cache
def _static_version(folder: Path) -> str:
    """Short for what is in the static folder: a changed file changes every static URL."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(folder)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
