"""Starting a run: the plan is resolved, frozen and committed with its first canvases in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4, uuid5

import structlog

from app.errors import (
    AppError,
    BatchNotReady,
    MissingPrerequisite,
    RunActive,
    UnknownPipeline,
)
from app.repositories.essays import EssayState
from app.repositories.runs import NewPhase
from app.services import dispatch, judgements, known_pipelines, projecting, run_facts, waves
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork, in_request, in_request_by_id
from models import Batch, Run
from pipelines import conductor
from pipelines import errors as core
from pipelines.conductor import Plan
from pipelines.phase import BatchContext, ItemRef
from pipelines.vocabulary import (
    BatchStatus,
    EssayStatus,
    Language,
    Priority,
    RunStatus,
)

log = structlog.get_logger(__name__)

CANVASES = UUID("5f0e7c9e-6e0a-4f43-9d1e-6f6a6f1d6b7a")
"""Namespace of the ids that canvases and their tasks get: the same canvas always has the same ids."""


_AS_THE_CATALOGUE_SAYS: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Started:
    """A run that has been started."""

    run_id: UUID
    canvas_id: UUID
    phases: tuple[str, ...]
    skipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """A batch over which a run may start, with all its essays in order, held until the end of the transaction.

    Attributes:
        latest: its run that has not ended, or else its newest.
        allowed: forms of words that are no errors in it.
    """

    batch: Batch
    essays: Sequence[EssayState]
    latest: Run | None
    allowed: frozenset[str]


def start_run(
    batch_id: UUID,
    pipeline: str,
    *,
    priority: Priority = Priority.STANDARD,
    judging: Mapping[str, Any] = _AS_THE_CATALOGUE_SAYS,
    run_id: UUID | None = None,
    owner_id: UUID,
    deps: Deps,
) -> Started:
    """Start a pipeline, or a single phase, over every essay of a batch that has a text.

    Args:
        priority: who goes first where runs compete for workers.
        judging: what of `pipelines.judging.Judging` is chosen otherwise than in the catalogue, JSON-ready.
        run_id: the run's id; if it is started already, this does nothing.

    Raises:
        BatchNotFound: no such batch of this teacher.
        UnknownPipeline: there is no pipeline and no phase of that name.
        BatchNotReady: essays are still expected, or none has a text.
        RunActive: a run of this batch has not ended.
        MissingPrerequisite: a phase needs what the batch does not have.
        CannotJudgeSo: the essays cannot be judged as was chosen.
    """
    return _start(batch_id, pipeline, priority, judging, run_id or uuid4(), owner_id, deps)


@in_request_by_id
def _start(
    batch_id: UUID,
    pipeline: str,
    priority: Priority,
    judging: Mapping[str, Any],
    run_id: UUID,
    owner_id: UUID,
    deps: Deps,
) -> Started:
    with deps.uow("start_run") as uow:
        uow.batches.check_owned(batch_id, owner_id)
        ground = hold(uow, batch_id)
        if (started := find_started(uow, ground, run_id)) is not None:
            return started
        check_may_start(ground)
        plan = resolve(uow, ground, pipeline, deps, judging=judging)
        judgements.check(plan, judging, has_model=deps.settings.llm is not None)
        started = launch(uow, ground, plan, deps, run_id=run_id, priority=priority, judging=judging)
        uow.commit()
        projecting.outdate(uow, batch_id, deps)
        return started


def find_started(uow: UnitOfWork, ground: Ground, run_id: UUID) -> Started | None:
    """A run that has been started already, as it was told to whoever started it."""
    run = uow.runs.find(ground.batch.id, run_id) if ground.latest else None
    return None if run is None else _started(run, Plan.from_json(run.plan))


def _started(run: Run, plan: Plan) -> Started:
    return Started(
        run.id,
        run.canvas_id,
        tuple(phase.name for phase in plan.phases),
        tuple(phase.name for phase in plan.phases if phase.is_idle),
    )


def hold(uow: UnitOfWork, batch_id: UUID) -> Ground:
    """Hold a batch over which a run is to start, if it may."""
    essays = uow.essays.hold(batch_id)
    return Ground(
        uow.batches.lock(batch_id),
        essays,
        uow.runs.latest_of(batch_id),
        uow.allowed_words.forms(batch_id),
    )


def resolve(
    uow: UnitOfWork,
    ground: Ground,
    pipeline: str,
    deps: Deps,
    *,
    judging: Mapping[str, Any] = _AS_THE_CATALOGUE_SAYS,
) -> Plan:
    """Resolve a pipeline for a batch that is held. Raises UnknownPipeline and MissingPrerequisite as `start_run`."""
    try:
        return conductor.resolve(
            known_pipelines.catalogue_for(pipeline, uow, deps),
            pipeline,
            batch=_context(ground, judging),
            items=tuple(
                ItemRef(e.id, e.text_sha256) for e in ground.essays if e.text_sha256 is not None
            ),
            finished=lambda phase, version: (
                uow.results.reusable(ground.batch.id, phase, version) if ground.latest else set()
            ),
        )
    except core.UnknownPipeline as exc:
        raise UnknownPipeline(str(exc), field="/requested_pipeline", known=list(exc.known)) from exc
    except core.MissingPrerequisite as exc:
        raise MissingPrerequisite(str(exc), prerequisite=exc.prerequisite) from exc


def launch(
    uow: UnitOfWork,
    ground: Ground,
    plan: Plan,
    deps: Deps,
    *,
    run_id: UUID | None = None,
    parent_id: UUID | None = None,
    priority: Priority = Priority.STANDARD,
    judging: Mapping[str, Any] = _AS_THE_CATALOGUE_SAYS,
) -> Started:
    """Start a run of a plan over a batch that is held; the caller commits.

    Args:
        run_id: the run's id; a new one if not given.
        parent_id: the run this one does again; the batch's latest if not given.
        judging: as `start_run`.
    """
    if parent_id is None and ground.latest is not None:
        parent_id = ground.latest.id
    context = _context(ground, judging)
    run = _make(uow, run_id or uuid4(), context, plan, ground.batch.correlation_id, deps)
    run.parent_run_id = parent_id
    run.priority = priority
    run_facts.keep(run)
    _set_going(uow, ground, run, plan)
    waves.start_within(uow, run, deps)
    projecting.show_within(uow, ground.batch.id)
    log.info(
        "run_started", run_id=str(run.id), batch_id=str(ground.batch.id), pipeline=plan.pipeline
    )
    return _started(run, plan)


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


def check_may_start(ground: Ground) -> None:
    """Raise BatchNotReady or RunActive, as `start_run`, where no run may start over a batch that is held."""
    batch, essays = ground.batch, ground.essays
    if ground.latest is not None and not RunStatus(ground.latest.status).is_terminal:
        raise RunActive("Wait until it has ended, or cancel it.", run_id=str(ground.latest.id))
    # In a batch that has ended, a slot whose file was removed holds nothing up: nobody says when it will be filled.
    waits_for_free = not BatchStatus(batch.status).is_terminal
    missing = sum(
        essay.status == EssayStatus.AWAITING_CONTENT and (waits_for_free or essay.has_file)
        for essay in essays
    )
    texts = sum(essay.text_sha256 is not None for essay in essays)
    if missing:
        raise BatchNotReady(
            f"{missing} of {len(essays)} essays have no text yet.", essays_missing=missing
        )
    if not texts or batch.status == BatchStatus.REGISTERED:
        raise BatchNotReady(
            f"None of the {len(essays)} essays has a text.", essays_missing=len(essays)
        )


def _context(ground: Ground, judging: Mapping[str, Any]) -> BatchContext:
    batch = ground.batch
    return BatchContext(
        batch_id=batch.id,
        language=Language(batch.language),
        course_code=batch.course_code,
        instructions=batch.essay_instructions,
        names=frozenset(batch.student_names),
        allowed=ground.allowed,
        judging=dict(judging),
        languages={each.id: Language(each.language) for each in ground.essays if each.language},
    )


def _make(
    uow: UnitOfWork,
    run_id: UUID,
    context: BatchContext,
    plan: Plan,
    correlation_id: UUID,
    deps: Deps,
) -> Run:
    now = uow.runs.database_now()
    return Run(
        id=run_id,
        batch_id=context.batch_id,
        pipeline=plan.pipeline,
        plan=plan.to_json(),
        context=run_facts.freeze(context),
        catalogue_digest=plan.catalogue_digest,
        canvas_id=uuid5(CANVASES, str(run_id)),
        correlation_id=correlation_id,
        status=RunStatus.ACTIVE,
        created_at=now,
        deadline=now + timedelta(seconds=deps.settings.run_deadline_s),
    )


def _set_going(uow: UnitOfWork, ground: Ground, run: Run, plan: Plan) -> None:
    batch = ground.batch
    uow.runs.add(
        run,
        [
            NewPhase(
                dispatch.phase_run_id(run.id, planned.name),
                planned.name,
                planned.spec.queue,
                has_deadline=planned.spec.deadline_s is not None,
            )
            for planned in plan.phases
        ],
    )
    uow.essays.begin(batch.id, only=_concerned(ground, plan))
    uow.batches.begin(batch.id)
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
            "phases": [planned.name for planned in plan.phases if not planned.left_out],
        },
    )


def _concerned(ground: Ground, plan: Plan) -> list[UUID] | None:
    """The essays a run works on; None for all that have a text, unless none of its phases may touch some of them."""
    allowed = [plan.essays_of(phase.name) for phase in plan.phases if not phase.is_idle]
    some = [only for only in allowed if only is not None]
    if len(some) < len(allowed) or not allowed:
        return None
    return [essay.id for essay in ground.essays if any(essay.id in only for only in some)]
