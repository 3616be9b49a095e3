"""What the process that asks has used: processor time and memory, with its children."""

import time

import psutil

_MB = 1 << 20


def cpu_s() -> float:
    """Processor seconds of this process and of its children that still run."""
    return time.process_time() + sum(
        used.user + used.system for used in (child.cpu_times() for child in _children())
    )


def memory_mb() -> dict[str, float]:
    """`rss`: all that is resident; `uss`: what would be free if the process ended; shared pages are not in it."""
    each = [process.memory_full_info() for process in (psutil.Process(), *_children())]
    return {
        "rss": round(sum(info.rss for info in each) / _MB, 1),
        "uss": round(sum(info.uss for info in each) / _MB, 1),
    }


def _children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)
