"""One socket's place in the hub: frames wait here until the socket's own thread sends them."""

from collections import deque
from collections.abc import Callable
from threading import Event, Lock
from time import monotonic

MOST_WAITING = 256
CUT_AFTER_S = 10.0

EXPIRED = 4401
TOO_SLOW = 4408
TOO_MANY = 4429
RESTARTING = 1012

REASONS = {
    EXPIRED: "access has expired",
    TOO_SLOW: "read faster, or come back",
    TOO_MANY: "too many sockets",
    RESTARTING: "the server is restarting",
}


class Listener:
    """Where the hub leaves frames for one socket, without ever waiting for it.

    Args:
        sent: the number of the last notification that the other side has.
        wake: set whenever there is something to do.
        cut: ends a connection that takes nothing any more, from any thread.

    Attributes:
        is_ready: whether new notifications may be left here; before, it catches up by itself.
    """

    def __init__(self, sent: int, wake: Event, cut: Callable[[], None]) -> None:
        self.sent = sent
        self.is_ready = False
        self._wake = wake
        self._cut = cut
        self._lock = Lock()
        self._frames: deque[str] = deque()
        self._closing: int | None = None
        self._closing_since = 0.0

    def offer(self, frame: str) -> None:
        """Leave a frame; if too many wait already, the socket is to be closed instead."""
        with self._lock:
            if self._closing is None and len(self._frames) >= MOST_WAITING:
                self._close(TOO_SLOW)
            elif self._closing is None:
                self._frames.append(frame)
        self._wake.set()

    def close(self, code: int) -> None:
        """Have the socket closed, with whatever waits left unsent."""
        with self._lock:
            if self._closing is None:
                self._close(code)
        self._wake.set()

    def take(self) -> tuple[list[str], int | None]:
        """All frames that wait, and the code to close with, if that is to be done."""
        with self._lock:
            frames = list(self._frames)
            self._frames.clear()
            return frames, self._closing

    def cut_if_stuck(self) -> None:
        """End the connection of a socket that was to be closed long ago: its thread waits in a send."""
        with self._lock:
            is_stuck = self._closing is not None and (
                monotonic() - self._closing_since > CUT_AFTER_S
            )
        if is_stuck:
            self._cut()

    def _close(self, code: int) -> None:
        self._frames.clear()
        self._closing, self._closing_since = code, monotonic()
