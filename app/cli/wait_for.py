"""`huleedu wait-for`: a process starts when what it needs is there, rather than dying until it is.

An orchestrator's "depends on" holds for the first start at best: not after a crash, and not on every orchestrator.
"""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from time import sleep

import psycopg2

from app.cli import migrate

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 8.0


def run(what: str, command: Sequence[str]) -> None:
    """Wait until `what` is there, then become `command`; with no command, return.

    Args:
        what: `database`, which answers; or `schema`, which is this release's or a newer one: the last release
            goes on working while the next one's schema is there already.
    """
    # The first process of a container is spared every signal that it does not ask for.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    pause_s = FIRST_PAUSE_S
    while (missing := _MISSING[what](os.environ["DATABASE_URL"])) is not None:
        print(f"Waiting for the {what}: {missing}", file=sys.stderr, flush=True)
        sleep(pause_s)
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
    if command:
        os.execvp(command[0], list(command))  # noqa: S606 - to become what was asked for is the point


def _database(url: str) -> str | None:
    try:
        migrate.revision_of(url)
    except psycopg2.Error as exc:
        return _first_line(exc)
    return None


def _schema(url: str) -> str | None:
    try:
        revision = migrate.revision_of(url)
    except psycopg2.Error as exc:
        return _first_line(exc)
    newest = migrate.newest()
    if revision is None or revision < newest:
        return f"it is at {revision or 'nothing'}, not at {newest}"
    return None


def _first_line(exc: psycopg2.Error) -> str:
    return (str(exc).strip() or type(exc).__name__).splitlines()[0]


_MISSING: dict[str, Callable[[str], str | None]] = {"database": _database, "schema": _schema}
NEEDS = tuple(_MISSING)
