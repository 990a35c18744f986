"""Every setting of the house, its default, and how the environment overrides it.

An environment variable of the same name as a field replaces its default:
``PORT=8080 SITE_NAME="Casa Mia" python wsgi.py``. Booleans take 1/0, true/false,
yes/no, on/off. Periods are in seconds, sizes in bytes, rate limits in the notation
of the `limits` library ("10 per minute").
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
DAY = 86_400
HOUR = 3_600

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}
MIN_SECRET_LENGTH = 32
MIN_SECRET_VARIETY = 8
MIN_ADMIN_LENGTH = 16
ASYNC_MODES = ("eventlet", "threading")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class ConfigError(Exception):
    """A setting that the house cannot start with; the message names it and says why."""


@dataclass(frozen=True)
class Config:
    """The settings, typed. `Config.from_environ(os.environ)` is what a server runs with.

    Raises ConfigError for values that no house can run with. Rate limits are read, and refused,
    where they are put to use: this module is imported before anything may be patched.
    """

    # Where it listens and keeps its things
    HOST: str = "127.0.0.1"
    PORT: int = 5000
    INSTANCE_PATH: str = str(ROOT / "instance")
    DATABASE_URL: str = ""  # empty: SQLite in INSTANCE_PATH
    REDIS_URL: str = ""  # empty: one worker; set: rooms and rate limits are shared through it
    SECRET_KEY: str = ""  # empty: made on first start and kept in INSTANCE_PATH
    SITE_NAME: str = "Parlour"
    ADMIN_TOKEN: str = ""  # opens the command API's admin commands; empty: only admins' own do
    LEGACY_ORIGINS: str = "*"  # comma-separated origins that raw WebSockets may be opened from
    TRUSTED_PROXIES: str = ""  # comma-separated addresses or ranges of one's own reverse proxies
    ASYNC_MODE: str = "eventlet"  # the one place that names the engine; or "threading"
    HSTS_SECONDS: int = 30 * DAY  # served over HTTPS, stay there for so long; 0: not said
    DEBUG: bool = False
    TESTING: bool = False

    # Periods
    SESSION_TTL: int = 20 * DAY
    GUEST_TTL: int = HOUR
    MATCH_TTL: int = 7 * DAY
    TABLE_TTL: int = 7 * DAY  # how long an open table or a challenge waits
    CHAT_TTL: int = 365 * DAY  # how long what was said is kept
    BROADCAST_TTL: int = HOUR  # how long every page shows an admin's announcement
    ACCOUNT_TTL: int = 0  # remove accounts unused for so long; 0: never
    HOUSEKEEPING_INTERVAL: int = 30
    PRESENCE_TTL: int = 120  # a worker that has not been heard of for so long is gone
    PING_INTERVAL: int = 25
    PING_TIMEOUT: int = 20
    SIGN_IN_TIMEOUT: int = 30  # a connection has so long to say what it wants; 0: for ever
    SCOPA_GRACE: int = 60  # a player of a match between scopa clients may be gone for so long
    BRIDGE_KEEP: int = 300  # a seat left in mid-deal is kept for so long
    BRIDGE_AWAY: int = 20  # a player without a connection for so long has left
    BRIDGE_NEXT: int = 20  # the next deal begins after so long, or when all have asked for it
    BOARD_TTL: int = 7 * DAY  # a board is dealt to tables for so long
    SCOPA_END_DELAY: int = 20  # an old scopa client shows the end of a match for so long

    # Limits
    MAX_OPEN_MATCHES: int = 5
    MAX_CONNECTIONS: int = 20_000
    MAX_FRAME_BYTES: int = 64 * 1024
    OUTBOX_BYTES: int = 1024 * 1024  # unsent bytes after which a slow client is cut
    MESSAGES_PER_SECOND: int = 50
    MESSAGE_BURST: int = 100
    MATCH_CACHE_SIZE: int = 10_000
    RATELIMIT_ENABLED: bool = True
    SIGN_IN_LIMIT: str = "10 per minute"  # tries, by name and address; forgotten on success
    SIGN_IN_NAME_LIMIT: str = "1000 per hour"  # tries, by name: more than one address can make
    SIGN_IN_ADDRESS_LIMIT: str = "60 per minute"  # tries, by address
    REGISTER_LIMIT: str = "20 per hour"  # new accounts, by address; a guest's tries to be one
    GUEST_LIMIT: str = "60 per hour"  # new guests, by address
    INVITE_LIMIT: str = "30 per minute"  # matches started and tables opened, by user
    CODE_LIMIT: str = "30 per hour"  # wrong codes of private games, by address
    CODE_GAME_LIMIT: str = "200 per hour"  # the same, by game: more than one address can make
    CHAT_LIMIT: str = "1 per second"  # messages, by user
    CHAT_LENGTH: int = 300  # characters a message may have
    REPORT_LIMIT: str = "10 per hour"  # messages reported, by user
    FRIENDS_LIMIT: str = "60 per minute"  # changes of one's friends and blocks, by user
    ARCHIVE_LIMIT: str = "6 per hour"  # archives of one's own data made, by user
    ANALYSIS_LIMIT: str = "30 per hour"  # analyses of matches asked for, by user
    API_LIMIT: str = "50 per second"  # commands over HTTP, by address
    API_TOKEN_LIMIT: str = "60 per minute"  # wrong tokens, by address
    MAX_POLLS: int = 10_000  # commands that wait at once
    # What one address (of IPv6 one /64) may take of a worker, if RATELIMIT_ENABLED
    ADDRESS_REQUESTS_PER_SECOND: int = 50  # pages; static files count a tenth; 0: no limit
    ADDRESS_REQUEST_BURST: int = 500
    ADDRESS_CONNECTIONS: int = 1_000  # WebSockets open at once; 0: as many as there is room for

    # The computer's players
    THINKERS: int = 0  # processes in which it thinks; 0: as many as processors, at most 4

    # Ratings: Elo
    RATING_START: int = 1000
    RATING_K: int = 20

    # What hosts look at
    METRICS_PORT: int = 0  # Prometheus' metrics are given there; 0: nowhere
    METRICS_HOST: str = "127.0.0.1"
    STATUS_INTERVAL: int = 30  # between two points of the admins' status page, 720 of them

    # Backups (`flask --app app backup`)
    BACKUP_PATH: str = ""  # the folder they go to; empty: `backups` in INSTANCE_PATH
    BACKUP_KEEP: int = 14  # how many of them are kept; 0: all

    # The log
    LOG_LEVEL: str = "INFO"
    LOG_BYTES: int = 5 * 1024 * 1024
    LOG_FILES: int = 5

    def __post_init__(self) -> None:
        if self.ASYNC_MODE not in ASYNC_MODES:
            raise _not_one_of("ASYNC_MODE", ASYNC_MODES, self.ASYNC_MODE)
        if self.LOG_LEVEL.upper() not in LOG_LEVELS:
            raise _not_one_of("LOG_LEVEL", LOG_LEVELS, self.LOG_LEVEL)
        if self.HOUSEKEEPING_INTERVAL < 1:
            raise ConfigError("HOUSEKEEPING_INTERVAL must be at least 1 second")
        if self.PRESENCE_TTL < 2 * self.HOUSEKEEPING_INTERVAL:
            raise ConfigError(
                "PRESENCE_TTL must be at least twice HOUSEKEEPING_INTERVAL: workers that are "
                "heard of less often would take each other for gone"
            )
        if self.STATUS_INTERVAL < 1:
            raise ConfigError("STATUS_INTERVAL must be at least 1 second")
        if self.THINKERS < 0:
            raise ConfigError("THINKERS must not be negative")
        lax = self.DEBUG or self.TESTING
        if self.ADMIN_TOKEN and _is_weak(self.ADMIN_TOKEN, MIN_ADMIN_LENGTH) and not lax:
            raise ConfigError(
                f"ADMIN_TOKEN is too weak: give at least {MIN_ADMIN_LENGTH} random characters "
                "(python -c 'import secrets; print(secrets.token_urlsafe(24))'), or none at all"
            )

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> Config:
        """The defaults, overridden by `environ`. Raises ConfigError for a value that is none."""
        given = {f.name: environ[f.name] for f in fields(cls) if f.name in environ}
        kinds = {f.name: type(f.default) for f in fields(cls)}
        values: dict[str, Any] = {n: _parse(n, raw, kinds[n]) for n, raw in given.items()}
        return cls(**values)

    @property
    def log_path(self) -> Path:
        """Where the log is written, as JSON lines."""
        return Path(self.INSTANCE_PATH) / "server.log"

    @property
    def backup_path(self) -> Path:
        """The folder of the backups."""
        return Path(self.BACKUP_PATH or Path(self.INSTANCE_PATH) / "backups")

    @property
    def database_url(self) -> str:
        """`DATABASE_URL` as SQLAlchemy wants it; psycopg 3 drives PostgreSQL."""
        if not self.DATABASE_URL:
            return f"sqlite:///{Path(self.INSTANCE_PATH).absolute() / 'parlour.sqlite3'}"
        for prefix in ("postgres://", "postgresql://"):
            if self.DATABASE_URL.startswith(prefix):
                return "postgresql+psycopg://" + self.DATABASE_URL.removeprefix(prefix)
        return self.DATABASE_URL

    @property
    def legacy_origins(self) -> frozenset[str]:
        """The origins of `LEGACY_ORIGINS`, lower-cased; `*` stands for all of them."""
        return frozenset(o.strip().lower() for o in self.LEGACY_ORIGINS.split(",") if o.strip())

    def with_secret(self) -> Config:
        """This configuration with a `SECRET_KEY`: the given one, the kept one, or a new one.

        A new key is written to `INSTANCE_PATH/secret_key`, readable by its owner alone.
        Raises ConfigError for a key that could be guessed, unless DEBUG or TESTING is on.
        """
        if not self.SECRET_KEY:
            return replace(self, SECRET_KEY=_kept_secret(Path(self.INSTANCE_PATH)))
        weak = _is_weak(self.SECRET_KEY, MIN_SECRET_LENGTH)
        if weak and not (self.DEBUG or self.TESTING):
            raise ConfigError(
                f"SECRET_KEY is too weak: give at least {MIN_SECRET_LENGTH} random characters "
                "(python -c 'import secrets; print(secrets.token_hex(32))'), or none at all"
            )
        return self


def _is_weak(secret: str, least: int) -> bool:
    """Whether that could be guessed: shorter than `least`, or the same few characters over."""
    return len(secret) < least or len(set(secret)) < MIN_SECRET_VARIETY


def _not_one_of(name: str, choices: tuple[str, ...], given: str) -> ConfigError:
    return ConfigError(f"{name} must be one of {', '.join(choices)}, not {given!r}")


def _parse(name: str, raw: str, kind: type) -> str | int | bool:
    if kind is bool:
        lowered = raw.strip().lower()
        if lowered in _TRUE | _FALSE:
            return lowered in _TRUE
        raise ConfigError(f"{name} must be 1 or 0, not {raw!r}")
    if kind is int:
        try:
            number = int(raw)
        except ValueError:
            raise ConfigError(f"{name} must be a whole number, not {raw!r}") from None
        if number < 0:
            raise ConfigError(f"{name} must not be negative, not {raw!r}")
        return number
    return raw


def _kept_secret(instance: Path) -> str:
    """The secret in `instance`, made and on the disk before anything is signed with it."""
    path = instance / "secret_key"
    try:
        if not path.exists():
            _make_secret(instance, path)
        secret = path.read_text().strip()
    except OSError as error:
        raise ConfigError(f"the secret key cannot be kept in {path}: {error.strerror}") from None
    if _is_weak(secret, MIN_SECRET_LENGTH):
        raise ConfigError(
            f"{path} holds no secret key: put the one from a backup there, or remove it, "
            "which signs everybody out"
        )
    return secret


def _make_secret(instance: Path, path: Path) -> None:
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = instance / f".secret_key.{secrets.token_hex(8)}"
    try:
        draft.touch(mode=0o600)
        with draft.open("w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        # A link fails when the name is taken: two workers starting together agree on one key,
        # and nobody ever reads one half written.
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(instance, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name, too
    finally:
        os.close(folder)
