"""What every action gets as its first argument: the house it happens in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.services.limits import Limits
from app.services.publish import Publisher
from app.services.records import MatchCache
from app.store import Store
from config import Config


def utc_now() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


def call_here(function: Callable[..., Any], *args: Any) -> Any:
    """The simplest `House.offload`: no other place to compute than here."""
    return function(*args)


@dataclass(frozen=True, slots=True)
class House:
    """One worker's means of acting. Shared state is in `store`; `matches` only saves decoding."""

    config: Config
    store: Store
    publish: Publisher
    limits: Limits
    matches: MatchCache
    worker_id: str
    clock: Callable[[], datetime] = utc_now
    offload: Callable[..., Any] = call_here  # offload(f, *args): f(*args), off the server's loop
