"""Socket.IO connections that must go: signed out, banned, flooding, or never reading."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from typing import Any

import socketio
import structlog

from app.live.names import NAMESPACE

log = structlog.get_logger(__name__)

# Where the front door leaves the TCP socket of a WebSocket's handshake, whatever the server.
SOCKET_KEY = "parlour.socket"
SWEEP_SECONDS = 1.0
FEW = 32  # packets that are never worth weighing
PACKET_BYTES = 256  # what a waiting packet costs beside its data


def hang_up(server: socketio.Server, sid: str) -> None:
    """Disconnect a client and close its transport, once what was sent before has gone out.

    The namespace's disconnect comes first: a browser takes that as meant and stays away.
    """
    show_out(server, server.manager.eio_sid_from_sid(sid, NAMESPACE))


def cut(server: socketio.Server, sid: str) -> None:
    """Close a client's transport and say nothing: a browser takes that as an accident, and tries
    again in a while.
    """
    transport = server.eio.sockets.get(server.manager.eio_sid_from_sid(sid, NAMESPACE))
    if transport is not None:
        transport.close(wait=False)


def show_out(server: socketio.Server, eio_sid: str) -> None:
    """`hang_up` on an Engine.IO connection, whether its client has entered the namespace or not."""
    sid = server.manager.sid_from_eio_sid(eio_sid, NAMESPACE)
    if sid is not None:
        server.disconnect(sid, namespace=NAMESPACE)
    transport = server.eio.sockets.get(eio_sid)
    if transport is not None:
        transport.close(wait=False)


def cut_from(server: socketio.Server, is_banned: Callable[[str], bool]) -> int:
    """`show_out` everybody who has come from such an address; how many there were."""
    there = [
        eio_sid
        for eio_sid in list(server.eio.sockets)
        if is_banned(server.environ.get(eio_sid, {}).get("REMOTE_ADDR", ""))
    ]
    for eio_sid in there:
        show_out(server, eio_sid)
    return len(there)


def cut_slow(server: socketio.Server, most_bytes: int) -> int:
    """Cut the clients for whom more than `most_bytes` wait to be sent; how many there were.

    Engine.IO keeps what a client does not read for as long as it answers pings.
    """
    slow = [
        (eio_sid, transport)
        for eio_sid, transport in list(server.eio.sockets.items())
        if transport.queue.qsize() > FEW and _waiting(transport) > most_bytes
    ]
    for eio_sid, transport in slow:
        log.warning("browser too slow, cut", connection=eio_sid)
        tcp = server.environ.get(eio_sid, {}).get(SOCKET_KEY)
        transport.close(wait=False, abort=True)
        if tcp is not None:
            # Its writer hangs in a send that nothing else would end.
            with contextlib.suppress(OSError):
                tcp.shutdown(socket.SHUT_RDWR)
    return len(slow)


def watch_slow(server: socketio.Server, most_bytes: int, sleep: Callable[[float], Any]) -> None:
    """`cut_slow` for as long as the server runs: a background task."""
    while True:
        sleep(SWEEP_SECONDS)
        try:
            cut_slow(server, most_bytes)
        except Exception:
            # The outermost loop of this task: one bad round must not be the last.
            log.exception("cutting slow browsers failed")


def _waiting(transport: Any) -> int:
    packets = list(transport.queue.queue)
    return sum(PACKET_BYTES + len(packet.data or "") for packet in packets if packet)
