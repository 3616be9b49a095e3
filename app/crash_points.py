"""Named places where a process can be made to die, so that every such death is a test case.

The unit of work, the relay and the task base emit their own points, before and after every commit, publish, mark and
acknowledgement; nothing else has to remember to. `CRASH_AT=claim.after_commit` kills the process with SIGKILL the
first time it passes there, and `CRASH_ONCE_FILE` makes sure that its successor lives. `CRASH_AT_FILE` names a file
that holds such a name instead: it can be written while the processes run, and goes with the one that obeys it.

Where several kinds of process pass the same place, `CRASH_ROLE` says what this one is, and `relay:claim.after_commit`
means that kind alone.
"""

import os
import signal
from pathlib import Path

_CRASH_AT = os.environ.get("CRASH_AT")
_ONCE = os.environ.get("CRASH_ONCE_FILE")
_ORDER = os.environ.get("CRASH_AT_FILE")
_RECORD = os.environ.get("CRASH_RECORD")
_ROLE = os.environ.get("CRASH_ROLE", "")


def crash_point(name: str) -> None:
    """Pass a named place; die there if the environment says so."""
    if _RECORD:
        with Path(_RECORD).open("a") as record:
            record.write(f"{_ROLE}:{name}\n")
    meant = (name, f"{_ROLE}:{name}")
    if (_CRASH_AT in meant and _is_first_time()) or (_ORDER and _is_ordered(meant, Path(_ORDER))):
        os.kill(os.getpid(), signal.SIGKILL)


def _is_first_time() -> bool:
    if not _ONCE:
        return True
    try:
        Path(_ONCE).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _is_ordered(meant: tuple[str, str], order: Path) -> bool:
    try:
        if order.read_text() not in meant:
            return False
        order.unlink()  # of two that pass at once, one lives
    except FileNotFoundError:
        return False
    return True
