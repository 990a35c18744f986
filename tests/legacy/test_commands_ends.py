"""What commands do to a whole house, each time one of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.legacy.cage import eventually
from tests.legacy.commanders import TRANSPORTS, Commander
from tests.legacy.players import new_name
from tests.support.server import Server

ADMIN = "the admin's own token, which nobody guesses"


def test_a_fast_talker_waits(make_server: Callable[..., Server]) -> None:
    server = make_server(RATELIMIT_ENABLED="1", CHAT_LIMIT="1 per minute")
    for kind in TRANSPORTS:
        client = kind(server)
        token = client.register(new_name())
        client.ok("chat", token=token, msg="one")
        client.refused(
            429, "Wait a little and retry sending message!", "chat", token=token, msg="two"
        )
        client.close()


@pytest.mark.parametrize("kind", TRANSPORTS, ids=lambda kind: kind.__name__)
def test_shutdown_and_restart(make_server: Callable[..., Server], kind: type[Commander]) -> None:
    server = make_server(ADMIN_TOKEN=ADMIN, LOG_LEVEL="INFO")
    client = kind(server)
    token = client.register(new_name())
    assert client.ok("restart", token=ADMIN) == {"msg": "The server restarts"}
    eventually(lambda: server.log().count("serving") == 2 * len(server.urls))
    again = kind(server.wait_ready())
    assert isinstance(again.ok("lobby", token=token), list)  # nothing was lost
    assert again.ok("shutdown", token=ADMIN) == {"msg": "The server shuts down"}
    assert server.ended() == 0
