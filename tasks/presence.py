"""A worker's sign of life in Postgres, and what it loads before it forks."""

from threading import Event, Thread
from typing import Any

import structlog
from celery import signals
from sqlalchemy.exc import DBAPIError

from app import bootstrap
from pipelines import engines

log = structlog.get_logger(__name__)

BEAT_EVERY_S = 5.0
_stopping = Event()


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
                uow.commit()
        except Exception:
            log.exception("presence_not_written")
        if _stopping.wait(BEAT_EVERY_S):
            return


@signals.worker_shutdown.connect
def _say_goodbye(sender: Any, **_: object) -> None:
    _stopping.set()
    try:
        with bootstrap.current().uow("goodbye") as uow:
            uow.workers.gone(sender.hostname)
            uow.commit()
    except DBAPIError:
        log.warning("presence_not_withdrawn")
