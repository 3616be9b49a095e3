"""The program that reads documents by strangers, where they can cost no more than a moment and some memory.

Run by `app.clients.text_reader` with a socket as standard input, as `python -m app.clients.text_reader_child CPU_S
MEMORY_BYTES`. It reads one file after the other until the socket closes. It knows no database and no secret.
"""

import json
import logging
import resource
import signal
import socket
import sys
from contextlib import suppress
from math import ceil
from pathlib import Path
from typing import Any

from app.clients.text_reader_frames import receive, send
from pipelines import extraction
from pipelines.extraction import Extracted, Refused

RETIRES_AT_BYTES = 200 * 1024 * 1024
_TOO_MUCH_MEMORY = Refused(
    "archive_bomb", "Reading the file takes more memory than any essay needs."
)


def main(cpu_s: float, memory_bytes: int) -> None:
    """Answer until nobody asks."""
    # A terminal's Ctrl-C, or a worker's own end, must not spoil the file that is being read.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)  # libraries' warnings quote the texts
    _limit(resource.RLIMIT_AS, memory_bytes)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    with socket.socket(fileno=0) as peer:
        while (asked := receive(peer)) is not None:
            _limit(resource.RLIMIT_CPU, ceil(_cpu_used_s() + cpu_s))
            name, body = asked
            answer = _read(name.decode("utf-8"), body)
            retires = (
                answer.get("code") == _TOO_MUCH_MEMORY.code or _used_bytes() > RETIRES_AT_BYTES
            )
            send(peer, json.dumps(answer | {"retires": retires}).encode(), b"")
            if retires:
                return


def _read(file_name: str, body: bytes) -> dict[str, Any]:
    try:
        found = extraction.extract(file_name, body)
    except MemoryError:
        found = _TOO_MUCH_MEMORY
    if isinstance(found, Extracted):
        return {"text": found.text, "encoding": found.encoding}
    return {"code": found.code, "reason": found.reason}


def _limit(what: int, soft: int) -> None:
    """Lower a limit; some systems know less of them."""
    with suppress(ValueError, OSError):
        _, hard = resource.getrlimit(what)
        resource.setrlimit(what, (soft, hard))


def _cpu_used_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _used_bytes() -> int:
    """The memory in use now. The peak that the system reports counts the parent's, from before this program began."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
