"""Keep a supervisor on a thread of its own, so that the main thread can do something else."""

import signal
import threading
from types import FrameType, TracebackType
from typing import Protocol

from app.local.bell import ASKING
from app.local.errors import Interrupted


class Supervised(Protocol):
    """A supervisor, or what wraps one."""

    def start(self) -> None:
        """Start everything."""

    def run(self) -> None:
        """Look after it until told to stop."""

    def stop(self) -> None:
        """End everything."""

    def stop_soon(self, *, hard: bool = False) -> None:
        """Make `start` or `run` end; from any thread."""


class Background:
    """A context in which everything runs; entering waits for readiness, leaving for the end.

    The first SIGINT, SIGTERM or SIGHUP raises KeyboardInterrupt in the block, a further one while
    the block is left kills what has not ended.

    Raises:
        LocalError: on entering, whatever `start` raised.
    """

    def __init__(self, supervised: Supervised) -> None:
        self._supervised = supervised
        self._started = threading.Event()
        self._error: BaseException | None = None
        # Not a daemon: all processes would lose their parent with it.
        self._thread = threading.Thread(target=self._live, name="supervisor")
        self._handlers: dict[signal.Signals, signal._HANDLER] = {}

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            for each in ASKING:
                self._handlers[each] = signal.signal(each, _interrupt)
        self._thread.start()
        try:
            self._started.wait()
        except KeyboardInterrupt:
            self._end()
            raise
        if self._error:
            self._end()
            raise self._error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()
        if self._error:
            raise self._error from error

    def _live(self) -> None:
        try:
            self._supervised.start()
            self._started.set()
            self._supervised.run()
        except Interrupted:
            pass
        except BaseException as exc:  # noqa: BLE001 - raised again on the thread that waits for it
            self._error = exc
            if self._started.is_set() and self._handlers:
                # The block may be waiting for something that will not happen any more.
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        finally:
            self._supervised.stop()
            self._started.set()

    def _end(self) -> None:
        hard = False
        while self._thread.is_alive():
            try:
                self._supervised.stop_soon(hard=hard)
                self._thread.join()
            except KeyboardInterrupt:
                hard = True
        while self._handlers:
            signal.signal(*self._handlers.popitem())


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
