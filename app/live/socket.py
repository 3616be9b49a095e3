"""One socket from its greeting to its end, in a thread of its own."""

import socket
from contextlib import suppress
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

from simple_websocket import ConnectionClosed, Server

from app import metrics
from app.clock import Clock
from app.live.hub import Hub
from app.live.listener import EXPIRED, REASONS, Listener

LONGEST_WAIT_S = 60.0
GOODBYE_WITHIN_S = 1.0


def serve(
    ws: Server, hub: Hub, *, user_id: UUID, until: datetime, after: int | None, clock: Clock
) -> None:
    """Send a user what is new until somebody ends it.

    Args:
        until: when the access it was opened with expires.
        after: as `Hub.join`.
    """
    ws.sock = whole = _Whole(ws.sock)
    listener = Listener(0, ws.event, whole.cut)
    code = None
    # The other side may go at whatever moment.
    with suppress(ConnectionClosed, OSError):
        greeting = hub.join(user_id, listener, after)
        try:
            ws.send(greeting)
            hub.catch_up(user_id, listener, ws.send)
            code = _pass_on(ws, listener, until, clock)
        finally:
            hub.leave(user_id, listener)
        if code is not None:
            metrics.SOCKETS_CLOSED.labels(str(code)).inc()
            ws.close(code, REASONS[code])
    # The server would wait for the other side's goodbye in its only accepting thread, one socket after the other.
    # So each waits for its own here, and leaves the server nothing to wait for.
    whole.end()
    ws.thread.join(GOODBYE_WITHIN_S)
    whole.cut()


def _pass_on(ws: Server, listener: Listener, until: datetime, clock: Clock) -> int | None:
    """Send frames until the socket is to be closed, with a code; or the other side has closed it."""
    while ws.connected:
        ws.event.clear()
        frames, code = listener.take()
        for frame in frames:
            ws.send(frame)
        if code is not None:
            return code
        left_s = (until - clock()).total_seconds()
        if left_s <= 0:
            return EXPIRED
        # Nothing is asked over the socket; what is sent all the same is not kept.
        ws.input_buffer.clear()
        ws.event.wait(min(left_s, LONGEST_WAIT_S))
    return None


class _Whole:
    """A connection whose sends are whole, and one after the other.

    The library sends with a plain `send`, which may take a part only, and from two threads: frames from ours, pongs
    from its own.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._lock = Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def send(self, data: bytes) -> int:
        with self._lock:
            self._connection.sendall(data)
        return len(data)

    def cut(self) -> None:
        """End it at once, also under a thread that waits in a send."""
        with suppress(OSError):  # it has ended
            self._connection.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Say that nothing more is sent, so that the other side's goodbye ends the reading thread."""
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_WR)
