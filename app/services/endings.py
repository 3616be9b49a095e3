"""How phases, runs and batches end, and what is said about it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.repositories.runs import Standing
from app.services.run_facts import RunFacts
from app.unit_of_work import UnitOfWork
from pipelines import events, lifecycle
from pipelines.conductor import Plan
from pipelines.subset import EVERYBODY, NOBODY, Subset
from pipelines.vocabulary import (
    BatchStatus,
    EssayStatus,
    PhaseStatus,
    RunStatus,
    Scope,
)


def say_phase_ended(
    uow: UnitOfWork,
    facts: RunFacts,
    phase: str,
    phase_run_id: UUID,
    status: PhaseStatus,
    done: int,
    failed: int,
) -> None:
    """Say how a phase ended, in the thin form: which essays go on, with the text they go on with."""
    is_of_essays = facts.plan.phase(phase).spec.scope is Scope.ESSAY
    uow.outbox.event(
        "ELSBatchPhaseOutcomeV1",
        batch_id=facts.batch_id,
        correlation_id=facts.correlation_id,
        status=status,
        data={
            "batch_id": str(facts.batch_id),
            "run_id": str(facts.run_id),
            "phase_name": phase,
            "phase_status": status,
            "processed_count": done if is_of_essays else 0,
            "failed_count": failed if is_of_essays else 0,
            "processed_essays": [],
            "failed_essay_ids": [],
            "correlation_id": str(facts.correlation_id),
        },
        outcome_of=phase_run_id if is_of_essays else None,
    )


def say_found_of_batch(
    uow: UnitOfWork, facts: RunFacts, phase: str, phase_run_id: UUID, result: Mapping[str, Any]
) -> None:
    """Say what came of comparing a batch's essays: to those who ask for the job, and to those who ask for the batch."""
    if phase not in events.OF_ASSESSMENTS:
        return
    rankings = [{"essay_id": each["essay_id"], "rank": each["rank"]} for each in result["essays"]]
    batch_id, job_id = str(facts.batch_id), str(phase_run_id)
    uow.outbox.event(
        "CJAssessmentCompletedV1",
        batch_id=facts.batch_id,
        correlation_id=facts.correlation_id,
        entity=("assessment", job_id),
        data={
            "batch_id": batch_id,
            "run_id": str(facts.run_id),
            "cj_assessment_job_id": job_id,
            "rankings": rankings,
        },
    )
    uow.outbox.event(
        "BatchAssessmentCompletedV1",
        batch_id=facts.batch_id,
        correlation_id=facts.correlation_id,
        data={
            "batch_id": batch_id,
            "run_id": str(facts.run_id),
            "user_id": str(uow.batches.get(facts.batch_id).owner_id),
            "assessment_job_id": job_id,
            "rankings_summary": {
                "ranked": len(rankings),
                "reliability": result["reliability"],
                "stop_reason": result["stop_reason"],
            },
        },
    )


def say_phase_skipped(uow: UnitOfWork, facts: RunFacts, phase: str, reason: str) -> None:
    """Say that a phase had nothing to do, and why."""
    uow.outbox.event(
        "BatchPhaseSkippedV1",
        batch_id=facts.batch_id,
        correlation_id=facts.correlation_id,
        status=PhaseStatus.SKIPPED,
        data={
            "run_id": str(facts.run_id),
            "phase_name": phase,
            "reason": reason,
        },
    )


def end_run(
    uow: UnitOfWork, facts: RunFacts, phases: Sequence[Standing], status: RunStatus
) -> None:
    """End a run that is held and whose phases have all ended; the batch and its essays with it."""
    ended = uow.runs.end(facts.run_id, status, uow.clock())
    essays = _end_essays(uow, facts, phases)
    is_cancelled = status is RunStatus.CANCELLED
    batch_status = BatchStatus.CANCELLED if is_cancelled else lifecycle.batch_outcome(list(essays))
    owner_id = uow.batches.end(facts.batch_id, batch_status, uow.clock())
    took_s = (ended.finished_at - ended.created_at).total_seconds()
    common: dict[str, Any] = {
        "batch_id": str(facts.batch_id),
        "run_id": str(facts.run_id),
        "user_id": str(owner_id),
        "total_essays": sum(essays.values()),
        "completed_essays": essays.get(EssayStatus.PROCESSED, 0),
        "processing_duration_seconds": round(took_s, 3),
    }
    if status in {RunStatus.COMPLETED_SUCCESSFULLY, RunStatus.COMPLETED_WITH_FAILURES}:
        uow.outbox.event(
            "BatchResultsReadyV1",
            batch_id=facts.batch_id,
            correlation_id=facts.correlation_id,
            status=batch_status,
            data=common
            | {
                "overall_status": batch_status,
                "phase_results": {phase.phase: _summary(phase) for phase in phases},
            },
        )
    uow.outbox.event(
        "BatchPipelineEndedV1",
        batch_id=facts.batch_id,
        correlation_id=facts.correlation_id,
        status=batch_status,
        data=common | {"run_status": status, "reason": ended.failure_reason},
    )


def _end_essays(
    uow: UnitOfWork, facts: RunFacts, phases: Sequence[Standing]
) -> Mapping[EssayStatus, int]:
    """Move the essays of a run to where they stand after it; how many of the batch stand where."""
    standing = uow.essays.hold_by_status(facts.batch_id)
    standing.pop(EssayStatus.IN_PROCESSING, None)
    missing, failed = _what_essays_lack(uow, facts, phases)

    def outcome(essay: str) -> EssayStatus:
        has_result = [not lacking.has(essay) for lacking in missing.values()]
        return lifecycle.essay_outcome(has_result, has_failed=failed.has(essay))

    usual = outcome(_ANY_OTHER)
    unusual: dict[EssayStatus, list[str]] = {}
    for essay in failed.named.union(*(lacking.named for lacking in missing.values())):
        if (status := outcome(essay)) is not usual:
            unusual.setdefault(status, []).append(essay)
    for status, essays in unusual.items():
        standing[status] += uow.essays.end(facts.batch_id, status, only=essays)
    standing[usual] += uow.essays.end(facts.batch_id, usual)
    return +standing


_ANY_OTHER = ""
"""The id of no essay: what is true of it is true of every essay that nothing names."""


def _what_essays_lack(
    uow: UnitOfWork, facts: RunFacts, phases: Sequence[Standing]
) -> tuple[Mapping[str, Subset], Subset]:
    """Phase → the essays without its result; and those of which some phase failed."""
    names = [phase_run.phase for phase_run in phases]
    lost = uow.runs.lost_items(facts.run_id, names)
    # Also those that failed in an earlier run and were none of this one's business.
    failed_before = uow.results.essays_failed(facts.batch_id, names)
    failed = Subset.of(failed_before.union(*(ends.get("failed", ()) for ends in lost.values())))
    of_essays = [name for name in names if facts.plan.phase(name).spec.scope is Scope.ESSAY]
    missing = {
        name: Subset.of(essays)
        for name, essays in uow.results.essays_without(facts.batch_id, of_essays).items()
    }
    for phase_run in phases:
        if phase_run.phase in missing:
            continue
        status: str | None = phase_run.status
        if facts.plan.phase(phase_run.phase).left_out:
            status = uow.runs.how_it_last_ended(facts.batch_id, phase_run.phase)
        came_short = _came_short(facts.plan, phase_run.phase, missing, lost)
        is_done = status in {PhaseStatus.COMPLETED, PhaseStatus.COMPLETED_WITH_FAILURES}
        missing[phase_run.phase] = came_short if is_done else EVERYBODY
        if status == PhaseStatus.FAILED:
            failed = failed.together(came_short.others())
    return missing, failed


def _came_short(
    plan: Plan,
    name: str,
    missing: Mapping[str, Subset],
    lost: Mapping[str, Mapping[str, set[str]]],
) -> Subset:
    """The essays that did not come as far as a phase over the whole batch, so that what came of it is not theirs."""
    short = NOBODY
    for need in plan.phase(name).needs:
        for dropped in lost.get(need, {}).values():
            short = short.together(Subset.of(dropped))
        if plan.phase(need).left_out:
            short = short.together(missing.get(need, NOBODY))
    return short


def _summary(phase: Standing) -> dict[str, Any]:
    """The `PhaseResultSummary` of one phase."""
    return {
        "status": phase.status,
        "total": phase.total,
        "done": phase.done,
        "failed": phase.failed,
        "reused": phase.reused,
    }
