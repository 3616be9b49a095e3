"""Slices of waves, and what follows a wave. Ids in, nothing out; safe to deliver twice."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app import bootstrap
from app.services import ledger, waves
from tasks.celery_app import celery_app


@celery_app.task(bind=True, name="phases.run_slice", ignore_result=False)
def run_slice(self: Any, phase_run_id: str, lo: int, hi: int) -> None:
    """Do what is left of a slice. The chord counts it, so Celery keeps that it ended, and nothing else."""
    ledger.run_slice(
        UUID(phase_run_id),
        lo,
        hi,
        worker=self.request.hostname or "",
        deps=bootstrap.current(),
        reads=frozenset(celery_app.amqp.queues.consume_from),
    )


@celery_app.task(name="phases.wave_done")
def wave_done(phase_run_id: str, wave_no: int, streams: Sequence[tuple[str, int]] = ()) -> None:
    """Follow up a wave. The chord's body: a hint, since the last settle has usually done it already.

    Args:
        streams: phase runs that the essays went on to one by one, with their wave.
    """
    for each, number in ((phase_run_id, wave_no), *streams):
        waves.wave_done(UUID(each), number, bootstrap.current())
