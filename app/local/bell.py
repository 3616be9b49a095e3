"""What wakes a supervisor that waits for its processes: other threads, and signals."""

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Bell:
    """A pipe whose reading end becomes ready when somebody rings.

    Args:
        on_signal: called, and the bell rung, for each SIGINT, SIGTERM and SIGHUP while it hangs.
    """

    def __init__(self, on_signal: Callable[[], None]) -> None:
        self._on_signal = on_signal
        self._ends: tuple[int, int] | None = None
        # Nobody may write to the number of a closed end: it may be another file's by then. The lock
        # is reentrant because a signal can come in while its own thread holds it.
        self._closing = threading.RLock()
        self._handlers: dict[signal.Signals, signal._HANDLER] = {}

    @property
    def file(self) -> int | None:
        """The end to wait for."""
        return self._ends[0] if self._ends else None

    def hang(self) -> None:
        """Open the pipe and, on the main thread, which alone may do so, handle the signals."""
        self._ends = os.pipe()
        for each in self._ends:
            os.set_blocking(each, False)
        if threading.current_thread() is threading.main_thread():
            for number in ASKING:
                self._handlers[number] = signal.signal(number, self._handle)

    def ring(self) -> None:
        """Wake who waits. May be called from any thread, and when nobody does."""
        # A full pipe wakes as well as one byte.
        with self._closing, suppress(BlockingIOError):
            if self._ends:
                os.write(self._ends[1], b"!")

    def hush(self) -> None:
        """Forget what has rung."""
        with suppress(BlockingIOError):
            while self._ends and os.read(self._ends[0], 64):
                pass

    def take_down(self) -> None:
        """Close the pipe and handle signals as before."""
        while self._handlers:
            signal.signal(*self._handlers.popitem())
        with self._closing:
            ends, self._ends = self._ends, None
            for each in ends or ():
                os.close(each)

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        self._on_signal()
        self.ring()
