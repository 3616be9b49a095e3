"""The relay: a process of its own, any number of which may run; it also reconciles.

`LISTEN` wakes it at once, a poll twice a second is what it relies on.
"""

import os
import select
import signal
from threading import Event, Thread
from time import monotonic
from types import FrameType

import psycopg2
import structlog
from psycopg2.extensions import connection as PgConnection  # noqa: N812 - a class named like a module
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from app import bootstrap
from app import logging as app_logging
from app.ports import PublishFailed
from app.repositories.outbox import HEARD_EVENTS, HEARD_HINTS
from app.services import reconciler, relaying
from app.services.deps import Deps
from app.services.news_pace import NewsPace
from tasks.canvas import CeleryPublisher
from tasks.celery_app import celery_app
from tasks.presence import SignOfLife

log = structlog.get_logger(__name__)

POLL_S = 0.5
PAUSE_S = 0.5
# Hints are what a run goes on by, and are sent at once. To show what happened can wait for what happens next: each
# message makes a projector work, and slices of quick phases end every few milliseconds.
BETWEEN_EVENTS_S = 0.1


class Stop:
    """Asked for by a signal; wakes whoever waits on its file descriptor."""

    def __init__(self) -> None:
        self.event = Event()
        self.fd, self._bell = os.pipe()

    def ask(self, *_: int | FrameType | None) -> None:
        """Ask the relay to end after what it is doing."""
        if not self.event.is_set():
            self.event.set()
            os.write(self._bell, b"x")


class Listener:
    """Hears Postgres say that there is something in the outbox."""

    def __init__(self) -> None:
        self._connection: Connection | None = None

    def wait(self, stop: Stop, *, events_in_s: float) -> None:
        """Return when there may be something to send, when asked to stop, or after a while.

        Args:
            events_in_s: how long events have to wait, which nobody is woken for before.
        """
        until = monotonic() + (events_in_s or POLL_S)
        has_heard_events = False
        try:
            heard = self._heard()
            while not stop.event.is_set() and (left_s := until - monotonic()) > 0:
                select.select([heard.fileno(), stop.fd], [], [], left_s)
                heard.poll()
                said = {each.payload for each in heard.notifies}
                heard.notifies.clear()
                has_heard_events |= HEARD_EVENTS in said
                if HEARD_HINTS in said or (has_heard_events and not events_in_s):
                    return
        except (DBAPIError, OSError, psycopg2.Error):
            self.close()
            stop.event.wait(PAUSE_S)

    def _heard(self) -> PgConnection:
        if self._connection is None:
            self._connection = (
                bootstrap.engine().connect().execution_options(isolation_level="AUTOCOMMIT")
            )
            self._connection.execute(text("listen outbox"))
        raw: PgConnection = self._connection.connection.driver_connection  # type: ignore[assignment]
        return raw

    def close(self) -> None:
        """Forget a connection that may be dead."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def run() -> None:
    """Relay and reconcile until SIGTERM or SIGINT."""
    app_logging.set_up(bootstrap.settings())
    stop = Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop.ask)
    deps, publisher = bootstrap.current(), CeleryPublisher(celery_app)
    reconciling = Thread(
        target=_reconcile_until, args=(stop, deps, publisher), name="reconciler", daemon=True
    )
    reconciling.start()
    _relay_until(stop, deps, publisher)
    reconciling.join(timeout=10)


def _relay_until(stop: Stop, deps: Deps, publisher: CeleryPublisher) -> None:
    listener, sign, pace = Listener(), SignOfLife("relay"), NewsPace()
    events_at = 0.0
    while not stop.event.is_set():
        sign.give()
        try:
            sent = relaying.relay_hints(deps, publisher)
            if monotonic() >= events_at:
                told = relaying.relay_events(deps, publisher, pace.resting())
                pace.told(told)
                sent += len(told)
                if pace.resting():
                    events_at = monotonic() + BETWEEN_EVENTS_S
        except PublishFailed as exc:
            log.warning("broker_unreachable", error=str(exc))
            stop.event.wait(PAUSE_S)
        except DBAPIError as exc:
            log.warning("database_unreachable", error=type(exc).__name__)
            stop.event.wait(PAUSE_S)
        except Exception:
            # Nothing is sent without this loop: it goes on whatever a pass runs into.
            log.exception("relaying_failed")
            stop.event.wait(PAUSE_S)
        else:
            if sent == 0:
                listener.wait(stop, events_in_s=max(0.0, events_at - monotonic()))
    listener.close()
    sign.withdraw()


def _reconcile_until(stop: Stop, deps: Deps, publisher: CeleryPublisher) -> None:
    every_s = deps.settings.reconcile_every_s
    while every_s > 0 and not stop.event.wait(every_s):
        try:
            reconciler.reconcile(deps, publisher)
        except DBAPIError as exc:
            log.warning("database_unreachable", error=type(exc).__name__)
        except Exception:
            # That every run ends rests on this loop: it goes on whatever a pass runs into.
            log.exception("reconciling_failed")
