"""Leases that are renewed for as long as somebody works: by one thread for the process, not by one for each slice."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from threading import Condition, Thread
from time import monotonic


@dataclass(slots=True)
class _Kept:
    every_s: float
    renew: Callable[[], object]
    due: float


class Keeper:
    """Calls what renews a lease, again and again, until its work is done."""

    def __init__(self) -> None:
        self._kept: dict[int, _Kept] = {}
        self._changed = Condition()
        self._wakes_at = inf
        self._thread: Thread | None = None

    @contextmanager
    def keeping(self, every_s: float, renew: Callable[[], object]) -> Iterator[None]:
        """Renew every so many seconds for as long as the block works; not any more when it has left.

        Args:
            renew: must not raise.
        """
        kept = _Kept(every_s, renew, monotonic() + every_s)
        with self._changed:
            self._kept[id(kept)] = kept
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._keep, name="leases", daemon=True)
                self._thread.start()
            elif kept.due < self._wakes_at:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:  # a renewal that has begun is waited for
                del self._kept[id(kept)]

    def _keep(self) -> None:
        with self._changed:
            while True:
                for kept in self._kept.values():
                    if kept.due <= monotonic():
                        kept.renew()
                        kept.due = monotonic() + kept.every_s
                # Whoever comes meanwhile is due later or says so: nobody is woken for a slice that is soon done.
                self._wakes_at = min((kept.due for kept in self._kept.values()), default=inf)
                idle = self._wakes_at == inf
                self._changed.wait(None if idle else max(0.0, self._wakes_at - monotonic()))


keeper = Keeper()


def _begin_anew() -> None:
    global keeper  # noqa: PLW0603 - a forked process has no threads, and a lock that some thread may have held
    keeper = Keeper()


os.register_at_fork(after_in_child=_begin_anew)
