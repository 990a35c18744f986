"""What the tests of live transports may ask for."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.live.hall import KINDS, Arrive
from tests.support.server import Server


@pytest.fixture
def arrive(server: Server) -> Iterator[Arrive]:
    """Lets somebody in: `arrive("raw", "ann")`; the name gets an ending of its own."""
    with ExitStack() as stack:
        yield lambda kind, name, at=server: KINDS[kind](at, f"{name}-{secrets.token_hex(4)}", stack)
