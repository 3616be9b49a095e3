"""When a batch has all the essays it is going to have."""

from uuid import UUID

import structlog

from app.services import runs
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork, in_background
from models import Batch
from pipelines.vocabulary import BatchStatus, EssayStatus

NOT_HANDED_IN = "not_handed_in"

log = structlog.get_logger(__name__)


def consider(uow: UnitOfWork, batch_id: UUID, *, in_time: bool = True) -> Batch:
    """Make a batch ready if every expected essay has a text or has failed for good; hold it either way.

    Two files read at the same moment each see the other's essay open unless the batch is held first and its
    essays are counted afterwards, in a statement of its own.

    Args:
        in_time: False makes the batch go on without the essays that are missing.
    """
    batch = uow.batches.lock(batch_id)
    counts = uow.essays.count_by_status(batch_id)
    missing = counts.get(EssayStatus.AWAITING_CONTENT, 0)
    texts = counts.get(EssayStatus.READY_FOR_PROCESSING, 0)
    waits = batch.status == BatchStatus.REGISTERED and (missing == 0 or not in_time)
    recovers = batch.status == BatchStatus.FAILED and texts > 0 and missing == 0
    if not (waits or recovers):
        return batch
    batch.status = BatchStatus.READY if texts else BatchStatus.FAILED
    batch.ready_at = uow.clock()
    uow.session.flush()
    never_came = uow.essays.count_failed_for(batch_id, NOT_HANDED_IN)
    uow.outbox.event(
        "BatchEssaysReady",
        batch_id=batch.id,
        correlation_id=batch.correlation_id,
        status=batch.status,
        data={
            "ready_count": texts,
            "failed_count": counts.get(EssayStatus.CONTENT_FAILED, 0) - never_came,
            "missing_count": missing + never_came,
            "pipeline": batch.pipeline,
        },
    )
    return batch


def start_if_asked(batch: Batch, deps: Deps) -> None:
    """Start the pipeline a batch was registered with, once it is ready."""
    if batch.status == BatchStatus.READY and batch.pipeline:
        runs.start_by_itself(batch.id, batch.owner_id, batch.pipeline, deps)


@in_background
def time_out(batch_id: UUID, deps: Deps) -> int:
    """Let a batch go on without the essays it has waited for long enough; 1 if it was still waiting."""
    with deps.uow("readiness_timeout") as uow:
        missing = _fail_missing(uow, batch_id)
        batch = uow.batches.lock(batch_id)
        if batch.status != BatchStatus.REGISTERED:
            return 0
        uow.outbox.event(
            "BatchReadinessTimeout",
            batch_id=batch.id,
            correlation_id=batch.correlation_id,
            data={
                "batch_id": str(batch.id),
                "expected_essay_count": batch.expected_essay_count,
                "missing_count": missing,
            },
        )
        batch = consider(uow, batch_id, in_time=False)
        uow.commit()
    start_if_asked(batch, deps)
    return 1


def _fail_missing(uow: UnitOfWork, batch_id: UUID) -> int:
    missing = [
        essay
        for essay in uow.essays.lock_all(batch_id)
        if essay.status == EssayStatus.AWAITING_CONTENT
    ]
    for essay in missing:
        essay.status = EssayStatus.CONTENT_FAILED
        essay.failure_code = NOT_HANDED_IN
        essay.failure_reason = "No text came before the batch's deadline."
    uow.session.flush()
    return len(missing)
