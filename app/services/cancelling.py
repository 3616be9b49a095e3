"""Ending a run before it is done: decided in one transaction, carried out in a second.

The first makes the run `cancelling`, after which no unit of it can be claimed and no phase opened; so the second
can sweep what is open without meeting anybody coming the other way.
"""

from uuid import UUID

from app.errors import NoActiveRun
from app.services import endings, projecting, run_facts
from app.services.deps import Deps
from app.unit_of_work import in_background, in_request
from pipelines.vocabulary import PhaseStatus, RunStatus


def cancel_run(batch_id: UUID, *, owner_id: UUID, deps: Deps) -> UUID:
    """Stop the active run of a batch; results it has are kept.

    Raises:
        BatchNotFound: no such batch of this teacher.
        NoActiveRun: nothing is running.
    """
    run_id = _active_run(batch_id, owner_id, deps)
    end_early(run_id, ending_as=RunStatus.CANCELLED, reason="cancelled_by_teacher", deps=deps)
    return run_id


@in_request
def _active_run(batch_id: UUID, owner_id: UUID, deps: Deps) -> UUID:
    with deps.uow("find_active_run") as uow:
        batch = uow.batches.owned(batch_id, owner_id)
        run = uow.runs.active_of(batch.id)
        if run is None:
            raise NoActiveRun("There is nothing to cancel.")
        return run.id


def end_early(run_id: UUID, *, ending_as: RunStatus, reason: str, deps: Deps) -> int:
    """Decide that a run ends now, and carry it out; 1 if that was still to be decided."""
    decided = _decide(run_id, ending_as, reason, deps)
    sweep(run_id, deps)
    return int(decided)


@in_background
def _decide(run_id: UUID, ending_as: RunStatus, reason: str, deps: Deps) -> bool:
    with deps.uow("decide_end") as uow:
        run = uow.runs.lock(run_id)
        if run.status != RunStatus.ACTIVE:
            return False
        run.status = RunStatus.CANCELLING
        run.ending_as = ending_as
        run.failure_reason = reason
        uow.session.flush()
        uow.outbox.event(
            "BatchPipelineCancellingV1",
            batch_id=run.batch_id,
            correlation_id=run.correlation_id,
            data={"run_id": str(run_id), "reason": reason},
        )
        uow.commit()
    return True


@in_background
def sweep(run_id: UUID, deps: Deps) -> int:
    """Carry out an end that was decided: open units, open phases, then the run; 1 if there was anything to do."""
    with deps.uow("sweep") as uow:
        for phase_run in uow.runs.phases(run_id):
            uow.units.sweep(phase_run.id)
        at = uow.clock()
        for phase_run in uow.runs.lock_phases(run_id):
            # A wave whose opening was not committed a moment ago could not be seen above. Taking units after
            # phases is safe here: they are new, and nobody can claim a unit of a run that is ending.
            uow.units.sweep(phase_run.id)
            if not PhaseStatus(phase_run.status).is_terminal:
                phase_run.status = PhaseStatus.CANCELLED
                phase_run.remaining = phase_run.waiting = 0
                phase_run.next_position = phase_run.end_position
                phase_run.planning_token = None
                phase_run.planning_until = None
                phase_run.finished_at = at
        uow.session.flush()
        run = uow.runs.lock(run_id)
        if run.status != RunStatus.CANCELLING:
            return 0
        endings.end_run(
            uow,
            run_facts.from_run(run),
            list(uow.runs.standings(run_id).values()),
            RunStatus(run.ending_as or RunStatus.CANCELLED),
        )
        projecting.show_end_within(uow, run.batch_id)
        uow.commit()
        projecting.outdate(uow, run.batch_id, deps)
    return 1
