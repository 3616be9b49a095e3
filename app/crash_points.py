"""Named places where a process can be made to die, so that every such death is a test case.

The unit of work, the publisher and the task base emit their own points, before and after every commit, publish,
mark and task; nothing else has to remember to. `CRASH_AT=claim.after_commit` kills the process with SIGKILL the
first time it passes there, and `CRASH_ONCE_FILE` makes sure that its successor lives. `CRASH_AT_FILE` names a file
that holds such a name instead: it can be written while the processes run, and goes with the one that obeys it.
"""

import os
import signal
from pathlib import Path

_CRASH_AT = os.environ.get("CRASH_AT")
_ONCE = os.environ.get("CRASH_ONCE_FILE")
_ORDER = os.environ.get("CRASH_AT_FILE")
_RECORD = os.environ.get("CRASH_RECORD")


def crash_point(name: str) -> None:
    """Pass a named place; die there if the environment says so."""
    if _RECORD:
        with Path(_RECORD).open("a") as record:
            record.write(f"{name}\n")
    if (name == _CRASH_AT and _is_first_time()) or (_ORDER and _is_ordered(name, Path(_ORDER))):
        os.kill(os.getpid(), signal.SIGKILL)


def _is_first_time() -> bool:
    if not _ONCE:
        return True
    try:
        Path(_ONCE).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _is_ordered(name: str, order: Path) -> bool:
    try:
        if order.read_text() != name:
            return False
        order.unlink()  # of two that pass at once, one lives
    except FileNotFoundError:
        return False
    return True
