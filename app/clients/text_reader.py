"""Reads files; documents in a child process, which is ended when one of them takes too much.

A worker's pool process may not have children of Python's own kind, so the child is a program. It lives on from file to
file, because starting it takes longer than reading an essay.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import weakref
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from time import monotonic

import structlog

from app.clients.text_reader_frames import receive, send
from pipelines import extraction
from pipelines.extraction import Extracted, Refused

log = structlog.get_logger(__name__)

MEMORY_BYTES = 320 * 1024 * 1024
_PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "SYSTEMROOT")
_TOOK_TOO_LONG = Refused("took_too_long", "Reading the file takes longer than any essay needs.")
_ENDED = Refused("unreadable", "Reading the file came to a sudden end.")


@dataclass(frozen=True, slots=True)
class _Child:
    """A running reader, and whose it is: a fork must not speak with its parent's."""

    process: subprocess.Popen[bytes]
    peer: socket.socket
    owner: int

    @property
    def is_ours(self) -> bool:
        return self.owner == os.getpid() and self.process.poll() is None


class ChildTextReader:
    """Reads plain text at once, and documents in a child process.

    Args:
        within_s: how long one file may take, by the clock and of the processor.
        memory_bytes: how much memory the child may have in all.
    """

    def __init__(self, within_s: float, memory_bytes: int = MEMORY_BYTES) -> None:
        self._within_s = within_s
        self._memory_bytes = memory_bytes
        self._child: _Child | None = None
        self._ended: weakref.finalize | None = None  # type: ignore[type-arg]
        self._lock = Lock()

    @property
    def child_pid(self) -> int | None:
        """The process that reads documents, if there is one."""
        return self._child.process.pid if self._child and self._child.is_ours else None

    def read(self, file_name: str, body: bytes) -> Extracted | Refused:
        """The text of a file, or why it has none; never later than it may, whatever is in the file."""
        if extraction.is_simple(file_name):
            return extraction.extract(file_name, body)
        with self._lock:
            return self._ask(file_name, body)

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._end()

    def _ask(self, file_name: str, body: bytes) -> Extracted | Refused:
        child = self._started()
        until = monotonic() + self._within_s
        try:
            child.peer.settimeout(self._within_s)
            # Its ending alone says how a file is read; names stay out of other processes.
            send(child.peer, f"file{os.path.splitext(file_name)[1]}".encode(), body)
            child.peer.settimeout(max(0.01, until - monotonic()))
            answered = receive(child.peer)
        except TimeoutError:
            self._end()
            return _TOOK_TOO_LONG
        except OSError:
            answered = None
        if answered is None:
            return self._ended_by_itself(child)
        answer = json.loads(answered[0])
        if answer["retires"]:
            self._end()
        if "code" in answer:
            return Refused(answer["code"], answer["reason"])
        return Extracted(answer["text"], answer["encoding"])

    def _ended_by_itself(self, child: _Child) -> Refused:
        self._end()
        code = child.process.returncode
        log.warning("reader_ended", returncode=code)
        return _TOOK_TOO_LONG if code == -signal.SIGXCPU else _ENDED

    def _started(self) -> _Child:
        if self._child is not None and not self._child.is_ours:
            self._end()
        if self._child is None:
            self._child = self._start()
            self._ended = weakref.finalize(self, _stop, self._child)
        return self._child

    def _start(self) -> _Child:
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - the arguments are the project's own
                [
                    *(sys.executable, "-m", "app.clients.text_reader_child"),
                    *(str(self._within_s), str(self._memory_bytes)),
                ],
                stdin=theirs.fileno(),
                # Whatever libraries say there could be of the texts.
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # Of the environment only where programs are found: it has no use for secrets.
                env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            )
        return _Child(process, ours, os.getpid())

    def _end(self) -> None:
        if self._ended is not None:
            self._ended()
        self._child = self._ended = None


def _stop(child: _Child) -> None:
    child.peer.close()
    if child.owner != os.getpid():
        return  # a parent's: it ends it itself
    # It may just have ended with a signal of its own that says more than ours.
    with suppress(subprocess.TimeoutExpired):
        child.process.wait(0.1)
    child.process.kill()
    child.process.wait()
