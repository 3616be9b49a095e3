"""Signs of life in Postgres, and what a worker loads before it forks."""

import socket
from threading import Event, Thread
from time import monotonic
from typing import Any

import structlog
from celery import signals
from sqlalchemy.exc import DBAPIError

from app import bootstrap
from pipelines import engines

log = structlog.get_logger(__name__)

BEAT_EVERY_S = 5.0
FORGOTTEN_AFTER_S = 24 * 3600.0
_stopping = Event()


class SignOfLife:
    """That of a process which is no worker: the relay's, and beat's.

    The process's own loop gives it, and not a thread beside it, so that a loop that hangs falls silent.

    Args:
        process: its name; the host's is added, as Celery does for workers.
    """

    def __init__(self, process: str) -> None:
        self._name = f"{process}@{socket.gethostname()}"
        self._due = 0.0

    def give(self) -> None:
        """Write it, unless that was done within the last few seconds."""
        if monotonic() < self._due:
            return
        self._due = monotonic() + BEAT_EVERY_S
        try:
            with bootstrap.current().uow("presence") as uow:
                uow.workers.beat(self._name, queues=[], slots=0)
                uow.commit()
        except DBAPIError:
            log.warning("presence_not_written")

    def withdraw(self) -> None:
        """Say that the process ends."""
        _withdraw(self._name)


@signals.celeryd_after_setup.connect
def _load_engines(instance: Any, **_: object) -> None:
    """Load what this worker's phases need, so that its children share the memory."""
    reads = set(instance.app.amqp.queues.consume_from)
    for spec in bootstrap.current().catalogue.phases.values():
        if spec.queue in reads:
            engines.make(spec.engine, spec.options).prepare()


@signals.worker_ready.connect
def _start_beating(sender: Any, **_: object) -> None:
    worker = sender.hostname
    reads = sorted(sender.app.amqp.queues.consume_from)
    slots = sender.controller.concurrency or 1
    thread = Thread(target=_beat, args=(worker, reads, slots), name="presence", daemon=True)
    thread.start()


def _beat(worker: str, reads: list[str], slots: int) -> None:
    deps = bootstrap.current()
    while True:
        try:
            with deps.uow("presence") as uow:
                uow.workers.beat(worker, reads, slots)
                uow.workers.forget(FORGOTTEN_AFTER_S)
                uow.commit()
        except Exception:
            log.exception("presence_not_written")
        if _stopping.wait(BEAT_EVERY_S):
            return


@signals.worker_shutdown.connect
def _say_goodbye(sender: Any, **_: object) -> None:
    _stopping.set()
    _withdraw(sender.hostname)


def _withdraw(name: str) -> None:
    try:
        with bootstrap.current().uow("goodbye") as uow:
            uow.workers.gone(name)
            uow.commit()
    except DBAPIError:
        log.warning("presence_not_withdrawn")
