"""How phases, runs and batches end, and what is said about it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.services.run_facts import RunFacts
from app.unit_of_work import UnitOfWork
from models import Essay, PhaseRun, Run
from pipelines import lifecycle
from pipelines.conductor import Plan, PlannedPhase
from pipelines.vocabulary import BatchStatus, EssayStatus, PhaseStatus, RunStatus, Scope


def say_phase_ended(uow: UnitOfWork, facts: RunFacts, phase_run_id: UUID) -> None:
    """Say how a phase ended, in the thin form: which essays go on, with the text they go on with."""
    phase_run = uow.runs.phase_run(phase_run_id)
    assert phase_run is not None
    outcome = uow.runs.outcome_by_item(facts.run_id).get(phase_run.phase, {})
    failed = outcome.get("failed", set())
    texts = {essay.id: essay for essay in uow.essays.of(facts.batch_id)}
    passed = [texts[i] for i in outcome.get("done", set()) if i in texts]
    uow.outbox.event(
        "ELSBatchPhaseOutcomeV1",
        batch_id=facts.batch_id,
        correlation_id=facts.correlation_id,
        status=phase_run.status,
        data={
            "batch_id": str(facts.batch_id),
            "run_id": str(facts.run_id),
            "phase_name": phase_run.phase,
            "phase_status": phase_run.status,
            "processed_essays": [
                {"essay_id": essay.essay_id, "text_storage_id": str(essay.text_storage_id)}
                for essay in sorted(passed, key=lambda essay: essay.position)
            ],
            "failed_essay_ids": sorted(texts[i].essay_id for i in failed if i in texts),
            "correlation_id": str(facts.correlation_id),
        },
    )


def say_phase_skipped(uow: UnitOfWork, facts: RunFacts, phase_run: PhaseRun) -> None:
    """Say that a phase had nothing to do, and why."""
    uow.outbox.event(
        "BatchPhaseSkippedV1",
        batch_id=facts.batch_id,
        correlation_id=facts.correlation_id,
        status=PhaseStatus.SKIPPED,
        data={
            "run_id": str(facts.run_id),
            "phase_name": phase_run.phase,
            "reason": phase_run.reason,
        },
    )


def end_run(uow: UnitOfWork, run: Run, facts: RunFacts, phases: Sequence[PhaseRun]) -> None:
    """End a run that is held and whose phases have all ended; the batch and its essays with it."""
    statuses = [PhaseStatus(phase_run.status) for phase_run in phases]
    if run.status == RunStatus.CANCELLING:
        status = RunStatus(run.ending_as or RunStatus.CANCELLED)
    else:
        status = lifecycle.run_outcome(statuses)
    run.status = status
    run.finished_at = uow.clock()
    uow.session.flush()
    essays = _end_essays(uow, facts, phases)
    batch_status = _end_batch(uow, run, essays)
    _say_run_ended(uow, run, facts, phases, batch_status, essays)


def _end_essays(
    uow: UnitOfWork, facts: RunFacts, phases: Sequence[PhaseRun]
) -> Mapping[UUID, EssayStatus]:
    essays = uow.essays.lock_all(facts.batch_id)
    with_result = uow.results.essays_with_result(
        facts.batch_id, [phase_run.phase for phase_run in phases]
    )
    outcome = uow.runs.outcome_by_item(facts.run_id)
    for phase_run in phases:
        planned = facts.plan.phase(phase_run.phase)
        if planned.spec.scope is Scope.BATCH:
            status: str | None = phase_run.status
            if planned.left_out:
                status = uow.runs.how_it_last_ended(facts.batch_id, planned.name)
            _share(facts.plan, planned, status, essays, with_result, outcome)
    # Also those that failed in an earlier run and were none of this one's business.
    failed = uow.results.essays_failed(facts.batch_id, [phase_run.phase for phase_run in phases])
    failed.update(*(ends.get("failed", set()) for ends in outcome.values()))
    ended = {
        essay.id: lifecycle.essay_outcome(
            [essay.id in with_result.get(phase_run.phase, ()) for phase_run in phases],
            has_failed=essay.id in failed,
        )
        if essay.status == EssayStatus.IN_PROCESSING
        else EssayStatus(essay.status)
        for essay in essays
    }
    for status in set(ended.values()):
        moved = [e.id for e in essays if ended[e.id] is status and e.status != status]
        uow.essays.set_status(moved, status)
    return ended


def _share(
    plan: Plan,
    planned: PlannedPhase,
    status: str | None,
    essays: Sequence[Essay],
    with_result: dict[str, set[UUID]],
    outcome: dict[str, dict[str, set[UUID]]],
) -> None:
    """Let what came of a phase over the whole batch count for each essay that came as far as that phase."""
    took_part = {essay.id for essay in essays}
    for name in planned.needs:
        ends = outcome.get(name, {})
        took_part -= ends.get("failed", set()) | ends.get("cancelled", set())
        if plan.phase(name).left_out:
            took_part &= with_result.get(name, set())
    if status in {PhaseStatus.COMPLETED, PhaseStatus.COMPLETED_WITH_FAILURES}:
        with_result.setdefault(planned.name, set()).update(took_part)
    elif status == PhaseStatus.FAILED:
        outcome.setdefault(planned.name, {}).setdefault("failed", set()).update(took_part)


def _end_batch(uow: UnitOfWork, run: Run, essays: Mapping[UUID, EssayStatus]) -> BatchStatus:
    batch = uow.batches.lock(run.batch_id)
    if run.status == RunStatus.CANCELLED:
        status = BatchStatus.CANCELLED
    else:
        status = lifecycle.batch_outcome(list(essays.values()))
    batch.status = status
    batch.completed_at = uow.clock()
    uow.session.flush()
    return status


def _say_run_ended(
    uow: UnitOfWork,
    run: Run,
    facts: RunFacts,
    phases: Sequence[PhaseRun],
    batch_status: BatchStatus,
    essays: Mapping[UUID, EssayStatus],
) -> None:
    took_s = (run.finished_at - run.created_at).total_seconds() if run.finished_at else 0.0
    completed = sum(status is EssayStatus.PROCESSED for status in essays.values())
    common: dict[str, Any] = {
        "batch_id": str(facts.batch_id),
        "run_id": str(run.id),
        "user_id": str(uow.batches.get(facts.batch_id).owner_id),
        "total_essays": len(essays),
        "completed_essays": completed,
        "processing_duration_seconds": round(took_s, 3),
    }
    if run.status in {RunStatus.COMPLETED_SUCCESSFULLY, RunStatus.COMPLETED_WITH_FAILURES}:
        uow.outbox.event(
            "BatchResultsReadyV1",
            batch_id=facts.batch_id,
            correlation_id=facts.correlation_id,
            status=batch_status,
            data=common
            | {
                "overall_status": batch_status,
                "phase_results": {p.phase: _summary(p) for p in phases},
            },
        )
    uow.outbox.event(
        "BatchPipelineEndedV1",
        batch_id=facts.batch_id,
        correlation_id=facts.correlation_id,
        status=batch_status,
        data=common | {"run_status": run.status, "reason": run.failure_reason},
    )


def _summary(phase_run: PhaseRun) -> dict[str, Any]:
    """The `PhaseResultSummary` of one phase."""
    return {
        "status": phase_run.status,
        "total": phase_run.total,
        "done": phase_run.done,
        "failed": phase_run.failed,
        "reused": phase_run.reused,
    }
