"""Under gevent, waiting for Postgres must not stop every other socket of the process."""

from typing import Any

from psycopg2 import OperationalError, extensions


def is_green() -> bool:
    """Whether this process runs under gevent."""
    try:
        from gevent import monkey  # noqa: PLC0415 - a thread-based process has no use for it
    except ImportError:
        return False
    return bool(monkey.is_module_patched("socket"))


def let_postgres_wait() -> None:
    """Make psycopg2, whose waiting is in C where gevent cannot reach it, wait in Python."""
    extensions.set_wait_callback(_wait)


def _wait(connection: Any) -> None:
    from gevent.socket import wait_read, wait_write  # noqa: PLC0415 - as above

    while (state := connection.poll()) != extensions.POLL_OK:
        if state == extensions.POLL_READ:
            wait_read(connection.fileno())
        elif state == extensions.POLL_WRITE:
            wait_write(connection.fileno())
        else:
            raise OperationalError("unexpected answer of poll")
