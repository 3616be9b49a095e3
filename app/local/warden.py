"""End a supervisor's processes when the supervisor itself was killed.

The kernel tells each process that its parent is gone, but not what that process has forked: a
Celery worker's pool would go on without its worker. So a small program, this module run as a
script, reads from a pipe which process groups there are. The end of the pipe means that the
supervisor is gone, and what is left of the groups is ended.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

POLL_S = 0.05
# The servers are ending at the same moment, so there is little left to be finished in good order.
MAX_GRACE_S = 5.0

Groups = dict[int, tuple[int, float]]


class Warden:
    """The supervisor's end of the pipe. Groups are named by their leader's process id."""

    def __init__(self) -> None:
        self._groups: Groups = {}
        self._popen: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the program, and tell it of every group there is."""
        self.stop()
        self._popen = subprocess.Popen(  # noqa: S603 - the arguments are the project's own
            [sys.executable, "-I", "-S", __file__],
            stdin=subprocess.PIPE,
            # Whoever reads what the supervisor writes waits for it alone.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            bufsize=0,
        )
        for leader, (number, grace_s) in self._groups.items():
            self._tell(f"+ {leader} {number} {grace_s}")

    def add(self, leader: int, number: int, grace_s: float) -> None:
        """Note a group; `number` asks its leader to end, for which it has `grace_s` seconds."""
        self._groups[leader] = (int(number), grace_s)
        self._tell(f"+ {leader} {int(number)} {grace_s}")

    def discard(self, leader: int) -> None:
        """Forget a group that has ended."""
        if self._groups.pop(leader, None):
            self._tell(f"- {leader}")

    def stop(self) -> None:
        """End the program, which ends the groups that were not discarded."""
        if self._popen and self._popen.stdin:
            self._popen.stdin.close()
            self._popen.wait()
        self._popen = None

    def _tell(self, line: str) -> None:
        if not self._popen or not self._popen.stdin:
            return
        try:
            self._popen.stdin.write(f"{line}\n".encode())
        except BrokenPipeError:
            self.start()  # somebody ended it


def watch() -> Groups:
    """Follow the pipe to its end; returns the groups still there, with signal and seconds each."""
    groups: Groups = {}
    for line in sys.stdin:
        what, leader, *how = line.split()
        if what == "+":
            groups[int(leader)] = (int(how[0]), float(how[1]))
        else:
            groups.pop(int(leader), None)
    return groups


def end(groups: Groups) -> None:
    """Ask the leaders to end; kill each group once its leader is gone or its time is up."""
    begun = time.monotonic()
    for leader, (number, _) in groups.items():
        with suppress(OSError):
            os.kill(leader, number)
    while groups:
        for leader, (_, grace_s) in list(groups.items()):
            if time.monotonic() - begun > min(grace_s, MAX_GRACE_S) or not _exists(leader):
                with suppress(OSError):
                    os.killpg(leader, signal.SIGKILL)
                del groups[leader]
        time.sleep(POLL_S)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    # Whoever asks the supervisor to end asks for its processes too, and it answers for them.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    end(watch())
