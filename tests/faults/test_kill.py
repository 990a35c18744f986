"""kill -9 right after a move was acknowledged; at any moment it is in `test_kill_games`."""

from __future__ import annotations

from tests.faults.bots import legal_moves, start_match
from tests.support.rawclient import RawClient


def test_the_move_that_was_acknowledged_last_survives(make_server):
    """Killed the instant the mover has read the update, the match stands where it stood."""
    server = make_server()
    with RawClient(server.host, server.port) as ann, RawClient(server.host, server.port) as ben:
        session = ann.login("ann")["id"], ben.login("ben")["id"]
        update = start_match(ann, ben, "ben")
        ann.send("move", {"id": update["id"], **legal_moves(update["match_state"])[0]})
        acknowledged = ann.until("match_update")
        server.kill()
    server.start()
    with RawClient(server.host, server.port) as ann, RawClient(server.host, server.port) as ben:
        for client, session_id in zip((ann, ben), session, strict=True):
            client.reconnect(session_id)
            assert client.expect("match_update") == acknowledged
