"""Become another program that ends with the one that started it.

    python -I -S leash.py PARENT SIGNAL UID GID -- PROGRAM ARGUMENT…

Started in place of PROGRAM, which it then turns into: the process id stays the same. A start
through util-linux' `setpriv` would do the same on the machines that have it; `preexec_fn` may
deadlock in a program with threads, and Python 3.12 warns of it. This takes some 15 ms and only the
standard library.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
CANNOT_RUN = 126


def main(parent: int, on_orphaned: int, uid: int, gid: int, argv: list[str]) -> None:
    """Give up root if asked to, tie the own life to the parent's, and become `argv`.

    Args:
        parent: the process that started this one.
        on_orphaned: the signal the kernel sends when that process, or its thread that started this
            one, is gone.
        uid: user to become; -1 to stay.
        gid: group to become.
        argv: program and arguments.
    """
    # A shell starts background jobs with SIGINT ignored, and ignored signals survive an exec.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(each, signal.SIG_DFL)
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        # After the change of user, which would undo it.
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, on_orphaned, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit("The program that started this one is gone.")
    os.execv(argv[0], argv)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    parent, on_orphaned, uid, gid = map(int, sys.argv[1:5])
    program = sys.argv[6:]
    try:
        main(parent, on_orphaned, uid, gid, program)
    except OSError as exc:
        sys.stderr.write(f"Cannot run {program[0]}: {exc}\n")
        sys.exit(CANNOT_RUN)
