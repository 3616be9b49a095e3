"""All of HuleEdu, started for a measurement and gone after it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import httpx
import psutil

from app import bootstrap
from app.local.stack import Stack

PROJECT = Path(__file__).resolve().parents[1]
NAMES = ("web", "relay", "worker", "projector", "postgres", "redis")


@contextmanager
def running(home: Path) -> Iterator[Stack]:
    """The embedded default: one worker of two children, and a projector. What it needs is in the environment."""
    stack = Stack(
        home, project_root=PROJECT, flower=False, overrides={"HULEEDU_RATE_LIMITS": "false"}
    )
    try:
        with stack.in_background():
            while not httpx.get(f"{stack.url}/readyz", trust_env=False).is_success:
                sleep(0.05)
            os.environ.update(stack.env)
            yield stack
            bootstrap.engine().dispose()
    finally:
        stack.remove_data()


def family(pid: int) -> list[psutil.Process]:
    """A process and all that came of it."""
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def busy_s(stack: Stack) -> dict[str, float]:
    """Processor seconds that the living processes of each name have taken so far."""
    found = {}
    for name in NAMES:
        pid = stack.supervisor.pid(name)
        times = [process.cpu_times() for process in family(pid)] if pid else []
        found[name] = sum(each.user + each.system for each in times)
    return found
