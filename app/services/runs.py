"""Starting a run: the plan is resolved, frozen and committed with its first canvases in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4, uuid5

import structlog

from app.errors import (
    AppError,
    BatchNotReady,
    MissingPrerequisite,
    NothingToRetry,
    RunActive,
    UnknownPipeline,
)
from app.services import projecting, run_facts, waves
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork, in_request
from models import Batch, Essay, PhaseRun, Run
from pipelines import conductor
from pipelines import errors as core
from pipelines.conductor import Plan
from pipelines.phase import BatchContext, ItemRef
from pipelines.vocabulary import BatchStatus, EssayStatus, Language, PhaseStatus, RunStatus

log = structlog.get_logger(__name__)

CANVASES = UUID("5f0e7c9e-6e0a-4f43-9d1e-6f6a6f1d6b7a")
"""Namespace of the ids that canvases and their tasks get: the same canvas always has the same ids."""


@dataclass(frozen=True, slots=True)
class Started:
    """A run that has been started."""

    run_id: UUID
    canvas_id: UUID
    phases: tuple[str, ...]
    skipped: tuple[str, ...]


@in_request
def start_run(batch_id: UUID, pipeline: str, *, owner_id: UUID, deps: Deps) -> Started:
    """Start a pipeline, or a single phase, over every essay of a batch that has a text.

    Raises:
        BatchNotFound: no such batch of this teacher.
        UnknownPipeline: there is no pipeline and no phase of that name.
        BatchNotReady: essays are still expected, or none has a text.
        RunActive: a run of this batch has not ended.
        MissingPrerequisite: a phase needs what the batch does not have.
    """
    with deps.uow("start_run") as uow:
        uow.batches.owned(batch_id, owner_id)
        essays = uow.essays.lock_all(batch_id)
        batch = uow.batches.lock(batch_id)
        _check_may_start(uow, batch, essays)
        run = _resolve(uow, batch, essays, pipeline, deps)
        plan = Plan.from_json(run.plan)
        _set_going(uow, batch, essays, run, plan)
        waves.start_within(uow, run, deps)
        projecting.show_within(uow, batch_id)
        uow.commit()
        projecting.outdate(uow, batch_id, deps)
        log.info("run_started", run_id=str(run.id), batch_id=str(batch_id), pipeline=pipeline)
        skipped = tuple(phase.name for phase in plan.phases if phase.skipped)
        return Started(run.id, run.canvas_id, tuple(p.name for p in plan.phases), skipped)


def retry(batch_id: UUID, *, owner_id: UUID, deps: Deps) -> Started:
    """Run the batch's last pipeline again, which does only what has no result yet.

    Raises:
        NothingToRetry: the batch never had a run.
        And as `start_run`.
    """
    with deps.uow("find_latest_run") as uow:
        latest = uow.runs.latest_of(uow.batches.owned(batch_id, owner_id).id)
    if latest is None:
        raise NothingToRetry("Start a pipeline first.")
    return start_run(batch_id, latest.pipeline, owner_id=owner_id, deps=deps)


def start_by_itself(batch_id: UUID, owner_id: UUID, pipeline: str, deps: Deps) -> None:
    """Start the pipeline a batch was registered with; if it may not start, it is left to the teacher."""
    try:
        start_run(batch_id, pipeline, owner_id=owner_id, deps=deps)
    except (RunActive, BatchNotReady):
        return  # somebody was faster; or a file has been replaced, and the next text read starts it
    except AppError as exc:
        log.warning("auto_start_refused", batch_id=str(batch_id), reason=type(exc).__name__)
        _refuse_auto_start(batch_id, type(exc).__name__, deps)


@in_request
def _refuse_auto_start(batch_id: UUID, reason: str, deps: Deps) -> None:
    """Try no more; what the teacher wanted stays in the batch's registration."""
    with deps.uow("refuse_auto_start") as uow:
        batch = uow.batches.lock(batch_id)
        uow.outbox.event(
            "BatchAutoStartRefusedV1",
            batch_id=batch.id,
            correlation_id=batch.correlation_id,
            data={"requested_pipeline": batch.pipeline, "reason": reason},
        )
        batch.pipeline = None
        uow.session.flush()
        uow.commit()


def _check_may_start(uow: UnitOfWork, batch: Batch, essays: Sequence[Essay]) -> None:
    active = uow.runs.active_of(batch.id)
    if active is not None:
        raise RunActive("Wait until it has ended, or cancel it.", run_id=str(active.id))
    # In a batch that has ended, a slot whose file was removed holds nothing up: nobody says when it will be filled.
    waits_for_free = not BatchStatus(batch.status).is_terminal
    missing = sum(
        essay.status == EssayStatus.AWAITING_CONTENT
        and (waits_for_free or essay.file_id is not None)
        for essay in essays
    )
    texts = sum(essay.text_storage_id is not None for essay in essays)
    if missing:
        raise BatchNotReady(
            f"{missing} of {len(essays)} essays have no text yet.", essays_missing=missing
        )
    if not texts or batch.status == BatchStatus.REGISTERED:
        raise BatchNotReady(
            f"None of the {len(essays)} essays has a text.", essays_missing=len(essays)
        )


def _resolve(
    uow: UnitOfWork, batch: Batch, essays: Sequence[Essay], pipeline: str, deps: Deps
) -> Run:
    context = BatchContext(
        batch_id=batch.id,
        language=Language(batch.language),
        course_code=batch.course_code,
        instructions=batch.essay_instructions,
    )
    items = tuple(ItemRef(e.id, e.text_sha256) for e in essays if e.text_sha256 is not None)
    try:
        plan = conductor.resolve(
            deps.catalogue,
            pipeline,
            batch=context,
            items=items,
            finished=lambda phase, version: uow.results.reusable(batch.id, phase, version),
        )
    except core.UnknownPipeline as exc:
        raise UnknownPipeline(str(exc), field="/requested_pipeline", known=list(exc.known)) from exc
    except core.MissingPrerequisite as exc:
        raise MissingPrerequisite(str(exc), prerequisite=exc.prerequisite) from exc
    previous = uow.runs.latest_of(batch.id)
    run_id = uuid4()
    return Run(
        id=run_id,
        batch_id=batch.id,
        parent_run_id=previous.id if previous else None,
        pipeline=pipeline,
        plan=plan.to_json(),
        context=run_facts.freeze(context),
        catalogue_digest=plan.catalogue_digest,
        canvas_id=uuid5(CANVASES, str(run_id)),
        correlation_id=uuid4(),
        status=RunStatus.ACTIVE,
        created_at=uow.runs.database_now(),
        deadline=uow.runs.database_now() + timedelta(seconds=deps.settings.run_deadline_s),
    )


def _set_going(
    uow: UnitOfWork, batch: Batch, essays: Sequence[Essay], run: Run, plan: Plan
) -> None:
    now = uow.runs.database_now()
    run.correlation_id = batch.correlation_id
    uow.runs.add(
        run,
        [
            PhaseRun(
                id=uuid4(),
                run_id=run.id,
                batch_id=batch.id,
                phase=planned.name,
                ordinal=ordinal,
                queue=planned.spec.queue,
                status=PhaseStatus.PENDING,
                deadline=now + timedelta(seconds=planned.spec.deadline_s)
                if planned.spec.deadline_s
                else None,
            )
            for ordinal, planned in enumerate(plan.phases)
        ],
    )
    uow.essays.set_status(
        [essay.id for essay in essays if essay.text_storage_id is not None],
        EssayStatus.IN_PROCESSING,
    )
    batch.status = BatchStatus.PROCESSING
    batch.completed_at = None
    uow.session.flush()
    uow.outbox.event(
        "ClientBatchPipelineRequestV1",
        batch_id=batch.id,
        correlation_id=run.correlation_id,
        status=BatchStatus.PROCESSING,
        data={
            "batch_id": str(batch.id),
            "requested_pipeline": plan.pipeline,
            "client_correlation_id": str(run.correlation_id),
            "user_id": str(batch.owner_id),
            "run_id": str(run.id),
            "phases": [planned.name for planned in plan.phases],
        },
    )
