"""What makes every run end: whatever was lost is found in the ledger and set going again.

Each step is harmless if nothing was lost, and takes one transaction per phase run, so that one that fails or waits
does not hold up the others. Beat and the relay both run it; the advisory lock only saves work.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import structlog
from sqlalchemy import text

from app.ports import Publisher, PublishFailed
from app.repositories.runs import Dispatch
from app.services import (
    admission,
    cancelling,
    dispatch,
    ingest,
    ledger,
    overdue_phases,
    readiness,
    run_facts,
    waves,
)
from app.services.deps import Deps
from app.services.sweeping import sweep_old
from app.unit_of_work import in_background
from models import Batch
from pipelines.vocabulary import RescueKind, RunStatus

log = structlog.get_logger(__name__)

LOCK_KEY = 0x48756C65  # "Hule"
PROJECTION_LAG_S = 5.0
OVERTAKEN_BY_S = 1.0
MOST_BACKOFF_DOUBLINGS = 6
WORKER_LOST = "its worker went silent every time"

T = TypeVar("T")


def reconcile(deps: Deps, publisher: Publisher) -> int:
    """Find what was lost and set it going again; how many things were."""
    with deps.uow("reconcile_lock") as uow:
        mine = uow.session.execute(
            text("select pg_try_advisory_xact_lock(:key)"), {"key": LOCK_KEY}
        ).scalar_one()
        return sum(_tried(step, deps, publisher) for step in STEPS) if mine else 0


def _tried(step: Callable[[Deps, Publisher], int], deps: Deps, publisher: Publisher) -> int:
    try:
        return step(deps, publisher)
    except Exception:
        # A step that fails must not keep those after it from looking.
        log.exception("reconciler_step_failed", step=step.__name__)
        return 0


def lapsed_leases(deps: Deps, _: Publisher) -> int:
    """Units whose worker has gone silent are queued again, to be tried alone; or given up."""
    with deps.uow("find_lapsed") as uow:
        found = uow.units.phase_runs_with_lapsed_leases()
    return _each(
        deps, RescueKind.LAPSED_LEASE, found, lambda phase_run_id: _take_back(phase_run_id, deps)
    )


@in_background
def _take_back(phase_run_id: UUID, deps: Deps) -> int:
    with deps.uow("take_back") as uow:
        phase_run = uow.runs.phase_run(phase_run_id)
        if phase_run is None:
            return 0
        facts = run_facts.of(uow, phase_run.run_id)
        retry = facts.plan.phase(phase_run.phase).spec.retry
        lost = uow.units.take_back(phase_run_id)
        hopeless = {unit.position: unit for unit in lost if unit.attempts >= retry.max_attempts}
        given_up = uow.units.fail_queued(phase_run_id, list(hopeless)) if hopeless else []
        settled = ledger.record_ended(
            uow,
            facts,
            phase_run_id,
            phase_run.phase,
            phase_run.engine_version or "",
            {
                position: ledger.exhausted(hopeless[position], retry, WORKER_LOST)
                for position in given_up
            },
            deps=deps,
        )
        uow.commit()
    ledger.follow_up(settled, deps)
    return len(lost)


def lost_dispatches(deps: Deps, publisher: Publisher) -> int:
    """Units that must be tried again, or whose message seems lost, are sent again."""
    with deps.uow("find_undelivered") as uow:
        found = uow.runs.to_dispatch(after_s=deps.settings.redispatch_after_s)
        if not found:
            return 0
        overtaken = uow.runs.overtaken_before(
            after_s=deps.settings.redispatch_after_s, margin_s=OVERTAKEN_BY_S
        )
    # Asked before any transaction is open, and once per queue: a broker that is down is slow to say so.
    depths = {queue: publisher.depth(queue) for queue in {lying.queue for lying in found}}
    return _each(
        deps,
        RescueKind.LOST_DISPATCH,
        found,
        lambda lying: _send_again(lying, depths[lying.queue], overtaken.get(lying.queue), deps),
    )


@in_background
def _send_again(
    lying: Dispatch, depth: int | None, overtaken_before: datetime | None, deps: Deps
) -> int:
    with deps.uow("dispatch_again") as uow:
        sent = dispatch.send_due(
            uow,
            run_facts.of(uow, lying.run_id),
            phase_run_id=lying.phase_run_id,
            after_s=_patience_s(lying, depth, deps),
            overtaken_before=overtaken_before,
            deps=deps,
        )
        if sent.units:
            uow.commit()
    return sent.lost  # the others were only to be tried again


def _patience_s(lying: Dispatch, depth: int | None, deps: Deps) -> float:
    """How long units may lie unclaimed: seconds while their queue is empty, else minutes."""
    if depth == 0:
        return deps.settings.redispatch_after_s
    doublings = min(MOST_BACKOFF_DOUBLINGS, max(0, lying.dispatches - 1))
    return float(deps.settings.redispatch_backlog_s * 2**doublings)


def missed_wave_ends(deps: Deps, _: Publisher) -> int:
    """Waves whose end nobody followed up."""
    with deps.uow("find_missed_ends") as uow:
        found = uow.runs.with_missed_wave_end()

    def follow(missed: tuple[UUID, int]) -> int:
        waves.wave_done(*missed, deps)
        return 1

    return _each(deps, RescueKind.MISSED_WAVE_END, found, follow)


def unadmitted(deps: Deps, _: Publisher) -> int:
    """Units for which there is room by now; nothing was lost, so this rescues nothing."""
    admission.admit_all(deps)
    return 0


def stalled_runs(deps: Deps, _: Publisher) -> int:
    """Active runs in which no phase is open."""
    with deps.uow("find_stalled") as uow:
        found = uow.runs.without_open_phase()
    return _each(deps, RescueKind.STALLED_RUN, found, lambda run_id: _advance(run_id, deps))


@in_background
def _advance(run_id: UUID, deps: Deps) -> int:
    with deps.uow("advance") as uow:
        opened = waves.advance(uow, run_id)
        uow.commit()
    waves.plan(opened, deps)
    return 1


def passed_deadlines(deps: Deps, _: Publisher) -> int:
    """Runs that have had all the time they get; and ends that were decided and not carried out."""
    with deps.uow("find_overdue") as uow:
        overdue = uow.runs.past_deadline()
    ended = _each(
        deps,
        RescueKind.DEADLINE,
        overdue,
        lambda run_id: cancelling.end_early(
            run_id, ending_as=RunStatus.FAILED, reason="deadline_passed", deps=deps
        ),
    )
    with deps.uow("find_cancelling") as uow:
        half_cancelled = uow.runs.being_cancelled()
    return ended + _each(
        deps,
        RescueKind.HALF_CANCELLED,
        half_cancelled,
        lambda run_id: cancelling.sweep(run_id, deps),
    )


def phases_out_of_time(deps: Deps, _: Publisher) -> int:
    """Phases that have had all the time they get: the run goes on without what is open in them."""
    overdue_phases.count_from_their_turn(deps)
    with deps.uow("find_overdue_phases") as uow:
        found = uow.runs.phases_past_deadline()
    return _each(
        deps,
        RescueKind.PHASE_DEADLINE,
        found,
        lambda phase_run_id: overdue_phases.give_up(phase_run_id, deps),
    )


def overdue_batches(deps: Deps, _: Publisher) -> int:
    """Batches that have waited for their essays as long as they may."""
    with deps.uow("find_unready") as uow:
        found = uow.batches.past_readiness()
    return _each(
        deps, RescueKind.READINESS, found, lambda batch_id: readiness.time_out(batch_id, deps)
    )


def unstarted_batches(deps: Deps, _: Publisher) -> int:
    """Batches that were to start by themselves when ready, and did not because somebody died just then."""
    with deps.uow("find_unstarted") as uow:
        found = uow.batches.ready_and_unstarted()

    def start(batch: Batch) -> int:
        readiness.start_if_asked(batch, deps)
        return 1

    return _each(deps, RescueKind.AUTO_START, found, start)


def unread_files(deps: Deps, _: Publisher) -> int:
    """Files whose reader has gone silent, or whose message seems lost."""
    with deps.uow("files_again") as uow:
        lost = uow.files.take_back()
        due = uow.files.take_due(deps.settings.redispatch_after_s)
        for file_id, batch_id in due:
            uow.outbox.ask_to_read(file_id, batch_id)
        uow.commit()
    for file in lost:
        if file.attempts >= ingest.MOST_ATTEMPTS:
            ingest.give_up(file.id, deps)
    return _rescued(deps, RescueKind.UNREAD_FILE, len(due))


def late_projections(deps: Deps, publisher: Publisher) -> int:
    """Batches whose read model is behind their events."""
    with deps.uow("find_behind") as uow:
        behind = uow.batches.behind_in_projection(PROJECTION_LAG_S)
        uow.commit()
    try:
        publisher.project(behind)
    except PublishFailed:
        return 0  # the broker is down; the next pass rings again
    return _rescued(deps, RescueKind.LATE_PROJECTION, len(behind))


STEPS: tuple[Callable[[Deps, Publisher], int], ...] = (
    lapsed_leases,
    lost_dispatches,
    unadmitted,
    missed_wave_ends,
    stalled_runs,
    passed_deadlines,
    phases_out_of_time,
    overdue_batches,
    unstarted_batches,
    unread_files,
    late_projections,
    sweep_old,
)


def _each(deps: Deps, kind: RescueKind, found: Iterable[T], rescue: Callable[[T], int]) -> int:
    rescued = 0
    for thing in found:
        try:
            rescued += _rescued(deps, kind, rescue(thing))
        except Exception:
            # One that cannot be rescued must not keep the others waiting.
            log.exception("rescue_failed", what=str(kind))
    return rescued


def _rescued(deps: Deps, kind: RescueKind, count: int) -> int:
    """Say and count so many rescues. Whoever dies between a rescue and this has one uncounted, and no more."""
    if count:
        log.warning("rescued", what=str(kind), count=count)
        with deps.uow("count_rescues") as uow:
            uow.rescues.add(kind, count)
            uow.commit()
    return count
