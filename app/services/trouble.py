"""When the database itself fails: what whoever asked is told, and what the host is told to do.

A fault is nobody's mistake and no secret. It is refused like anything else that cannot be done
(`unavailable`), and logged in a line instead of a traceback for each request; `app.logs` lets one
such line through in a while. Nothing is acknowledged that was not committed, so there is nothing to
undo, and the house goes on by itself when the fault is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import structlog

from app.services.errors import ServiceError
from app.store.faults import ERRORS, Fault, fault_of

__all__ = ["ERRORS", "REFUSALS", "TO_DO", "UNAVAILABLE", "refusal", "said"]

REFUSALS: Final = (ServiceError, *ERRORS)
"""What an action may say no with: itself, or because the database does not go along."""

UNAVAILABLE: Final = "unavailable"
LONGEST: Final = 200  # characters of the database's own words

_SAID: Final[Mapping[Fault, str]] = MappingProxyType(
    {
        Fault.FULL: "The house has no room left to keep anything new. Try again later.",
        Fault.READ_ONLY: "The house cannot keep anything new just now. Try again later.",
        Fault.DAMAGED: "The house cannot read its books just now. Try again later.",
        Fault.DISK: "The house cannot get at its books just now. Try again later.",
        Fault.BUSY: "The house is very busy just now. Try again in a moment.",
        Fault.AWAY: "The house cannot get at its books just now. Try again in a moment.",
    }
)

TO_DO: Final[Mapping[Fault, str]] = MappingProxyType(
    {
        Fault.FULL: "make room on its disk; the house goes on by itself",
        Fault.READ_ONLY: "make it writable; the house goes on by itself",
        Fault.DAMAGED: "stop the house and bring a backup back: flask --app app restore FILE",
        Fault.DISK: "look at the disk and at the file's permissions",
        Fault.BUSY: "look for what else holds it",
        Fault.AWAY: "see that the database server runs; the house goes on by itself",
    }
)
"""What a host does about it, in a few words of a log line."""

log = structlog.get_logger(__name__)


def said(failed: Exception) -> ServiceError:
    """The refusal that one of `REFUSALS` is, or comes to. Raises what is none: our own mistake."""
    found = failed if isinstance(failed, ServiceError) else refusal(failed)
    if found is None:
        raise failed
    return found


def refusal(error: BaseException) -> ServiceError | None:
    """What to tell whoever asked for what failed so, once it is logged; None for other errors."""
    fault = fault_of(error)
    if fault is None:
        return None
    say = log.critical if fault is Fault.DAMAGED else log.error
    cause = getattr(error, "orig", None) or error
    why = " ".join(str(cause).split())[:LONGEST]
    say(f"the database is {fault.value}", why=why, to_do=TO_DO[fault])
    return ServiceError(UNAVAILABLE, _SAID[fault])
