"""Structured logging: readable lines on stderr, JSON lines in `server.log`."""

from __future__ import annotations

import io
import logging
import logging.handlers
import sys

import structlog

from config import Config


def set_up(config: Config) -> None:
    """Send what the house and its libraries log to stderr and to the instance's rotating file."""
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
    to_file = logging.handlers.RotatingFileHandler(
        config.log_path, maxBytes=config.LOG_BYTES, backupCount=config.LOG_FILES, encoding="utf-8"
    )
    to_file.setFormatter(
        _formatter(
            shared,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        )
    )
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
        handler.close()
    root.addHandler(to_people)
    root.addHandler(to_file)
    root.setLevel(config.LOG_LEVEL.upper())
    for doubled in ("engineio.server", "socketio.server"):
        # These write to stderr by themselves, beside what reaches the handlers above.
        logging.getLogger(doubled).handlers.clear()
    for chatty in ("alembic", "werkzeug", "engineio", "socketio"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))


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
