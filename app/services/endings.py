"""How phases, runs and batches end, and what is said about it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.repositories.runs import Standing
from app.services.run_facts import RunFacts
from app.unit_of_work import UnitOfWork
from pipelines import events, lifecycle
from pipelines.conductor import Plan
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
    essays = uow.essays.hold_statuses(facts.batch_id)
    names = [phase_run.phase for phase_run in phases]
    lost = uow.runs.lost_items(facts.run_id)
    # Also those that failed in an earlier run and were none of this one's business.
    failed = uow.results.essays_failed(facts.batch_id, names)
    failed.update(*(ends.get("failed", set()) for ends in lost.values()))
    of_essays = [name for name in names if facts.plan.phase(name).spec.scope is Scope.ESSAY]
    without = uow.results.essays_without(facts.batch_id, of_essays)
    everybody = {essay_id for essay_id, _ in essays}
    for phase_run in phases:
        if phase_run.phase in without:
            continue
        status: str | None = phase_run.status
        if facts.plan.phase(phase_run.phase).left_out:
            status = uow.runs.how_it_last_ended(facts.batch_id, phase_run.phase)
        took_part = _took_part(facts.plan, phase_run.phase, everybody, without, lost)
        is_done = status in {PhaseStatus.COMPLETED, PhaseStatus.COMPLETED_WITH_FAILURES}
        without[phase_run.phase] = everybody - took_part if is_done else everybody
        if status == PhaseStatus.FAILED:
            failed |= took_part
    usual = lifecycle.essay_outcome([True] * len(names), has_failed=False)
    unusual = failed.union(*without.values())
    ended: dict[EssayStatus, list[str]] = {}
    standing: Counter[EssayStatus] = Counter()
    for essay_id, here in essays:
        there = here
        if here is EssayStatus.IN_PROCESSING:
            there = usual
            if essay_id in unusual:
                there = lifecycle.essay_outcome(
                    [essay_id not in without[name] for name in names],
                    has_failed=essay_id in failed,
                )
            ended.setdefault(there, []).append(essay_id)
        standing[there] += 1
    for status_, moved in ended.items():
        uow.essays.set_status(moved, status_)
    return standing


def _took_part(
    plan: Plan,
    name: str,
    everybody: set[str],
    without: Mapping[str, set[str]],
    lost: Mapping[str, Mapping[str, set[str]]],
) -> set[str]:
    """The essays that came as far as a phase over the whole batch, for which what came of it counts."""
    took_part = set(everybody)
    for need in plan.phase(name).needs:
        for dropped in lost.get(need, {}).values():
            took_part -= dropped
        if plan.phase(need).left_out:
            took_part -= without.get(need, set())
    return took_part


def _summary(phase: Standing) -> dict[str, Any]:
    """The `PhaseResultSummary` of one phase."""
    return {
        "status": phase.status,
        "total": phase.total,
        "done": phase.done,
        "failed": phase.failed,
        "reused": phase.reused,
    }
