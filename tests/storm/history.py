"""What happened, line by line: every operation with its invocation and what came of it, and every fault. Ids only."""

import json
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any


class History:
    """A file of JSON lines, each with `t`, seconds since the beginning.

    An operation is `invoke`d and then `ok`, `fail`ed (refused: it did nothing) or `info` (nobody knows whether it did).
    One that was sent again because nobody answered has an `info` for each time, under the same number.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("w", buffering=1)
        self._lock = Lock()
        self._numbers = count(1)
        self._began = monotonic()
        self._open: dict[int, str] = {}

    def now(self) -> float:
        """Seconds since the beginning."""
        return monotonic() - self._began

    def invoke(self, what: str, **ids: Any) -> int:
        """An operation begins; its number."""
        number = next(self._numbers)
        self._open[number] = what
        self.note("invoke", what=what, op=number, **ids)
        return number

    def end(self, number: int, kind: str, **ids: Any) -> None:
        """It has come to its end."""
        what = self._open.pop(number)
        self.note(kind, what=what, op=number, **ids)

    def under_way(self) -> set[int]:
        """Operations without an end yet."""
        return set(self._open)

    def note(self, kind: str, **fields: Any) -> None:
        """Write a line."""
        line = json.dumps({"t": round(self.now(), 3), "type": kind, **fields})
        with self._lock:
            self._file.write(line + "\n")

    def close(self) -> None:
        """Nothing more is written."""
        self._file.close()


def read(path: Path) -> Iterator[Mapping[str, Any]]:
    """The lines of a history."""
    with path.open() as file:
        for line in file:
            yield json.loads(line)
