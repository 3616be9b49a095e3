"""A phase that has had its time: what is open in it fails, and the run goes on with the essays that came through."""

from datetime import timedelta
from uuid import UUID

from app.repositories.results import Ended
from app.services import ledger, run_facts, waves
from app.services.deps import Deps
from app.unit_of_work import in_background
from pipelines.vocabulary import UnitStatus

REASON = "The phase ran out of time before it was done."


@in_background
def count_from_their_turn(deps: Deps) -> None:
    """Set the deadlines of phases that have come to their turn.

    Essays may have come to a phase one by one while the phase before was still at work; its time is counted from
    when all it waits for had ended, so that it has the whole of it however long those before took.
    """
    with deps.uow("set_deadlines") as uow:
        uncounted = uow.runs.before_their_deadline_is_set()
        for phase_run in uncounted:
            facts = run_facts.of(uow, phase_run.run_id)
            planned = facts.plan.phase(phase_run.phase)
            ends = [
                other.finished_at
                for other in uow.runs.phases(phase_run.run_id)
                if other.phase in planned.waits_for
            ]
            since = [at for at in (phase_run.started_at, *ends) if at is not None]
            if planned.spec.deadline_s is not None and len(since) == len(ends) + 1:
                deadline = max(since) + timedelta(seconds=planned.spec.deadline_s)
                uow.runs.set_deadline(phase_run.id, deadline)
        if uncounted:
            uow.commit()


@in_background
def give_up(phase_run_id: UUID, deps: Deps) -> int:
    """Fail every open unit of a phase whose deadline has passed, and let it end; how many units, at least 1."""
    with deps.uow("give_up_phase") as uow:
        given_up = uow.units.give_up(phase_run_id)
        # From now on no wave is planned; one that is being written just now is given up in the next pass.
        if not uow.runs.end_planning(phase_run_id, waves.OUT_OF_TIME):
            return 0
        phase_run = uow.runs.phase_run(phase_run_id)
        assert phase_run is not None
        settled = ledger.record_ended(
            uow,
            run_facts.of(uow, phase_run.run_id),
            phase_run_id,
            phase_run.phase,
            phase_run.engine_version or "",
            {
                unit.position: Ended(
                    unit.item_id,
                    UnitStatus.FAILED,
                    unit.input_hash,
                    failure_code=waves.OUT_OF_TIME,
                    failure_reason=REASON,
                )
                for unit in given_up
            },
            deps=deps,
        )
        uow.commit()
    ledger.follow_up(settled, deps)
    return max(1, len(given_up))
