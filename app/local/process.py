"""One process: described, started on a leash, observed, ended with everything it started."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.local import leash
from app.local.accounts import Account
from app.local.errors import NotReady

READY_POLL_S = 0.01
READY_POLL_MAX_S = 0.1
MAX_WAIT_S = 3600.0
MAX_LOG_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """What to run.

    Attributes:
        name: what messages and the log file call it.
        argv: program, by absolute path, and arguments.
        env: its whole environment; ours if None.
        cwd: its working directory.
        account: who it runs as; us if None.
        before: called before each start, e.g. to clear away what a crash has left. May raise.
        ready: whether it can be used now; None says that being alive is enough.
        ready_timeout_s: how long that may take.
        once: whether it runs to its end, which counts as ready if the exit status is 0.
        stop_signal: what asks it to end, and what the kernel sends it should we be gone ourselves.
        stop_timeout_s: how long that may take before its process group is killed.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] | None = None
    cwd: Path = Path("/")
    account: Account | None = None
    before: Callable[[], None] | None = None
    ready: Callable[[], bool] | None = None
    ready_timeout_s: float = 60.0
    once: bool = False
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout_s: float = 10.0


class Process:
    """A spec and the process that runs it, if one does.

    `send` and `pid` may be used from any thread. The rest belongs to the thread that calls `start`,
    which has to outlive the process: the kernel takes the thread's end for the parent's.
    """

    def __init__(self, spec: ProcessSpec, log: Path):
        self.spec = spec
        self.log = log
        self.exit_status: int | None = None
        self._popen: subprocess.Popen[bytes] | None = None
        self._pidfd: int | None = None
        # Between the process' end and its reaping nobody may be sending to its number.
        self._reaping = threading.Lock()

    @property
    def pid(self) -> int | None:
        """The process' number while it runs."""
        popen = self._popen
        return popen.pid if popen else None

    @property
    def pidfd(self) -> int | None:
        """A file that becomes readable when the process ends; None where the kernel has none."""
        return self._pidfd

    def start(self) -> None:
        """Run `before`, then start the process in a session of its own, unless it is running.

        Does not wait for it to be ready.

        Raises:
            OSError: the log cannot be written.
        """
        if not self.ended():
            return
        if self.spec.before:
            self.spec.before()
        account = self.spec.account
        switch = (account.uid, account.gid) if account and account.switched else (-1, -1)
        leashed = [sys.executable, "-I", "-S", leash.__file__]
        leashed += map(str, (os.getpid(), int(self.spec.stop_signal), *switch, "--"))
        with open_log(self.log) as log:
            self.exit_status = None
            self._popen = subprocess.Popen(  # noqa: S603 - the arguments are the project's own
                [*leashed, *self.spec.argv],
                env=self.spec.env,
                cwd=self.spec.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._pidfd = _pidfd(self._popen.pid)

    def ended(self) -> bool:
        """Whether no process runs. Ends what is left of its group and reaps it when it has died."""
        if self._popen is None:
            return True
        with self._reaping:
            options = os.WEXITED | os.WNOHANG | os.WNOWAIT
            with contextlib.suppress(ChildProcessError):  # somebody else in here has reaped it
                if os.waitid(os.P_PID, self._popen.pid, options) is None:
                    return False
                # The dead leader still holds its number, so the group can be nobody else's yet.
                self._kill_group()
            self.exit_status = self._popen.wait()
            self._popen = None
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None
        return True

    def wait(self, timeout_s: float) -> bool:
        """Wait for the end; whether it came in time."""
        deadline = time.monotonic() + timeout_s
        while not self.ended():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            if self._pidfd is None:
                time.sleep(min(left, READY_POLL_S))
            else:
                ended = select.poll()
                ended.register(self._pidfd, select.POLLIN)
                ended.poll(min(left, MAX_WAIT_S) * 1000)
        return True

    def wait_ready(self) -> None:
        """Wait until the process can be used.

        Raises:
            NotReady: it ended or its time is up; it has been killed in the latter case.
        """
        deadline = time.monotonic() + self.spec.ready_timeout_s
        poll_s = READY_POLL_S
        while not self.is_ready():
            if self.wait(poll_s) and not self.is_ready():
                raise NotReady(
                    self.spec.name, f"{self.how_it_ended()} before it was ready", self.log
                )
            if time.monotonic() > deadline:
                self.kill()
                raise self.too_slow()
            poll_s = min(2 * poll_s, READY_POLL_MAX_S)

    def is_ready(self) -> bool:
        """Whether the process can be used now, or has done what it had to do once."""
        if self.spec.once:
            return self.ended() and self.exit_status == 0
        return self.spec.ready is None or self.spec.ready()

    def too_slow(self) -> NotReady:
        """The error of a process whose time to become ready is up."""
        why = f"was not ready after {self.spec.ready_timeout_s:g} s"
        return NotReady(self.spec.name, why, self.log)

    def how_it_ended(self) -> str:
        """The end in words, as the rest of a sentence that begins with the name."""
        status = self.exit_status or 0
        if status < 0:
            return f"was ended by {signal.Signals(-status).name}"
        return f"ended with exit status {status}"

    def send(self, number: int) -> bool:
        """Send the process a signal; whether it was there to receive it."""
        with self._reaping:
            if self._popen is None:
                return False
            os.kill(self._popen.pid, number)
            return True

    def stop(self) -> None:
        """Ask the process to end and wait; kill its group when the time for that is up."""
        self.send(self.spec.stop_signal)
        if not self.wait(self.spec.stop_timeout_s):
            self.kill()

    def kill(self) -> None:
        """SIGKILL the process and all of its group, and wait for it."""
        self.kill_group()
        if self._popen:
            self.wait(float("inf"))

    def kill_group(self) -> None:
        """SIGKILL the process and all of its group, without waiting."""
        with self._reaping:
            self._kill_group()

    def _kill_group(self) -> None:
        if self._popen:
            # macOS answers "not permitted" where Linux is content that only a dead leader is left.
            with contextlib.suppress(PermissionError):
                os.killpg(self._popen.pid, signal.SIGKILL)


def open_log(path: Path) -> BinaryIO:
    """Open a log for appending; a large one is first moved aside, to `<name>.log.1`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > MAX_LOG_BYTES:
        path.replace(path.with_name(f"{path.name}.1"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def _pidfd(pid: int) -> int | None:
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):  # not Linux, or older than 5.3
        return None
