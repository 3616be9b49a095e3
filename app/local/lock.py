"""One start at a time in a home directory."""

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.local.errors import AlreadyRunning


class HomeLock:
    """Held while a stack runs; the kernel releases it however the stack ends.

    The file says who holds it and, once that is known, with which environment the stack can be
    reached, so that a second command can use what runs instead of starting it again.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / "running.json"
        self._file: int | None = None

    def take(self, facts: Mapping[str, object] | None = None) -> None:
        """Take the lock and note facts about the holder.

        Raises:
            AlreadyRunning: another process holds it.
        """
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            note = self._read()
            self.release()
            raise AlreadyRunning(
                f"HuleEdu is running from {self._path.parent} already "
                f"(process {note.get('pid', 'unknown')}, {note.get('url', 'starting')}). "
                "End it first, or set HULEEDU_HOME to another directory."
            ) from exc
        self.note(facts or {})

    def note(self, facts: Mapping[str, object]) -> None:
        """Write facts about the holder for others to read; JSON-ready."""
        if self._file is not None:
            text = json.dumps({"pid": os.getpid(), **facts}).encode()
            os.ftruncate(self._file, os.pwrite(self._file, text, 0))

    def release(self) -> None:
        """Give the lock back, if it was taken."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def holder(self) -> dict[str, Any] | None:
        """What a running holder noted; None if nobody holds the lock."""
        try:
            self.take()
        except AlreadyRunning:
            return self._read()
        except OSError:
            return None
        self.release()
        return None

    def _read(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self._path.read_text()))
        except (OSError, ValueError):
            return {}
