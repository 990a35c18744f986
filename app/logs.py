"""Structured logging: readable lines on stderr, JSON lines in `server.log`."""

from __future__ import annotations

import io
import logging
import logging.handlers
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

import structlog

from config import Config

FAULTS = "app.services.trouble"  # the logger of what is wrong with the database
SELDOM = 10.0  # seconds


def set_up(config: Config, counts: Counter[str] | None = None) -> None:
    """Send what the house and its libraries log to stderr and to the instance's rotating file.

    `counts`: where warnings and what is worse are counted, by level.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    to_people = logging.StreamHandler(sys.stderr)
    # Where `rich` is installed, structlog would print the values of local variables: secrets, too.
    lines = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    to_people.setFormatter(_formatter(shared, lines))
    to_file = LogFile(
        config.log_path,
        maxBytes=config.LOG_BYTES,
        backupCount=config.LOG_FILES,
        encoding="utf-8",
        delay=True,
    )
    to_file.setFormatter(
        _formatter(
            shared,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        )
    )
    faults = logging.getLogger(FAULTS)
    for before in [each for each in faults.filters if isinstance(each, Seldom)]:
        faults.removeFilter(before)
    faults.addFilter(Seldom())
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
    root.addHandler(to_people)
    root.addHandler(to_file)
    if counts is not None:
        root.addHandler(Counting(counts))
    root.setLevel(config.LOG_LEVEL.upper())
    for doubled in ("engineio.server", "socketio.server"):
        # These write to stderr by themselves, beside what reaches the handlers above.
        logging.getLogger(doubled).handlers.clear()
    for chatty in ("alembic", "werkzeug", "engineio", "socketio"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))


class Counting(logging.Handler):
    """Counts warnings and what is worse, by the name of the level."""

    def __init__(self, counts: Counter[str]) -> None:
        super().__init__(logging.WARNING)
        self._counts = counts

    def emit(self, record: logging.LogRecord) -> None:
        self._counts[record.levelname] += 1


class LogFile(logging.handlers.RotatingFileHandler):
    """A log file on a disk that may be full or read-only: then stderr alone has what is logged.

    That is said there once, and once more when the file takes lines again; a traceback for each
    line, as `logging` prints them, would only fill the next disk.
    """

    lost = 0  # lines since the file took one

    def emit(self, record: logging.LogRecord) -> None:
        before = self.lost
        super().emit(record)
        if before and before == self.lost:
            self.lost = 0
            _say(f"{self.baseFilename} takes lines again; {before} are missing")

    def handleError(self, record: logging.LogRecord) -> None:
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handleError(record)
            return
        if not self.lost:
            _say(f"{self.baseFilename} takes no lines: {error.strerror}")
        self.lost += 1


def _say(line: str) -> None:
    with suppress(OSError):  # stderr may go to the same disk, and whoever logs must not fail by it
        sys.stderr.write(f"{line}\n")


class Seldom(logging.Filter):
    """Lets each line through once in `SELDOM` seconds: a fault meets every request there is."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        event = record.msg.get("event") if isinstance(record.msg, dict) else record.msg
        now, what = self._clock(), str(event)
        if now - self._said.get(what, -SELDOM) < SELDOM:
            return False
        self._said[what] = now
        return True


class DebugStream(io.TextIOBase):
    """A stream that libraries may write their small talk to; it is logged as such."""

    def __init__(self, name: str) -> None:
        self._log = logging.getLogger(name)

    def write(self, text: str) -> int:
        if text.strip():
            self._log.debug(text.rstrip())
        return len(text)


def _formatter(
    shared: list[structlog.typing.Processor], *last: structlog.typing.Processor
) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )
