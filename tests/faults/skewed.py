"""Another program in a process whose clock is wrong: `python -m tests.faults.skewed SECONDS MODULE ARGUMENT…`.

Debian's faketime would do the same for any program, but breaks `time.sleep` of Python 3.11 (it returns EINVAL).
"""

import runpy
import sys
import time
from datetime import datetime, timedelta

from app import clock


def main(by_s: float, module: str, *arguments: str) -> None:
    """Set the clock wrong, and become the other program."""
    right_time, right_ns, right_now = time.time, time.time_ns, clock.now

    def wrong_now() -> datetime:
        return right_now() + timedelta(seconds=by_s)

    time.time = lambda: right_time() + by_s
    time.time_ns = lambda: right_ns() + int(by_s * 1e9)
    clock.now = wrong_now
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(float(sys.argv[1]), *sys.argv[2:])
