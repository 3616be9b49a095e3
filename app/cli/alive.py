"""`huleedu alive`: whether a process of this host does its work, for whoever watches over it."""

import os
import socket
import sys
from contextlib import closing
from http.client import HTTPException
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import psycopg2

from app.cli import migrate

WITHIN_S = 30.0
ANSWER_WITHIN_S = 5.0


def run(what: str) -> int:
    """0 if it is, else 1 and a word on standard error why it is not.

    Args:
        what: an address that has to answer, or the name of a process that gives signs of life in Postgres: a
            worker's before the `@`, `relay` or `beat`.
    """
    problem = _of_address(what) if "://" in what else _of_process(what)
    if problem is not None:
        print(problem, file=sys.stderr)
    return 1 if problem else 0


def _of_address(url: str) -> str | None:
    # Proxies of the environment are not asked; the server is here.
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(url, timeout=ANSWER_WITHIN_S):
            return None
    except (URLError, OSError, HTTPException) as exc:
        return f"{url}: {exc}"


def _of_process(process: str) -> str | None:
    name = f"{process}@{socket.gethostname()}"
    try:
        with (
            closing(migrate.connect(os.environ["DATABASE_URL"])) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "select extract(epoch from now() - seen_at) from worker_heartbeats where worker = %s",
                (name,),
            )
            row = cursor.fetchone()
    except psycopg2.Error as exc:
        return f"{name}: {exc}"
    if row is None:
        return f"{name} has not shown itself yet."
    return f"{name} was last seen {row[0]:.0f} s ago." if row[0] > WITHIN_S else None
