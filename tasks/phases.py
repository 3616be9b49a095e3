"""Slices of waves, and what follows a wave. Ids in, nothing out; safe to deliver twice."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from celery.exceptions import Reject

from app import bootstrap
from app.services import admission, ledger, waves
from tasks.celery_app import celery_app

MOST_STEPS_ASIDE = 5
"""How often a slice is put behind others, so that it has its turn however many come."""


@celery_app.task(
    bind=True, name="phases.run_slice", ignore_result=False, max_retries=MOST_STEPS_ASIDE
)
def run_slice(self: Any, phase_run_id: str, lo: int, hi: int) -> None:
    """Do what is left of a slice. The chord counts it, so Celery keeps that it ended, and nothing else.

    A slice that came before its turn is put at the queue's end: it was sent when there was nobody else.
    """
    deps, reads = bootstrap.current(), frozenset(celery_app.amqp.queues.consume_from)
    may_wait = self.request.retries < MOST_STEPS_ASIDE
    if may_wait and admission.is_early(UUID(phase_run_id), lo, reads, deps):
        _step_aside(self)
    ledger.run_slice(
        UUID(phase_run_id), lo, hi, worker=self.request.hostname or "", deps=deps, reads=reads
    )


def _step_aside(task: Any) -> None:
    try:
        raise task.retry(countdown=0)
    except Reject:
        return  # it could not be sent again, so it is done now


@celery_app.task(name="phases.wave_done")
def wave_done(phase_run_id: str, wave_no: int, streams: Sequence[tuple[str, int]] = ()) -> None:
    """Follow up a wave. The chord's body: a hint, since the last settle has usually done it already.

    Args:
        streams: phase runs that the essays went on to one by one, with their wave.
    """
    for each, number in ((phase_run_id, wave_no), *streams):
        waves.wave_done(UUID(each), number, bootstrap.current())
