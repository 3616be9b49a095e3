"""Essays go from phase to phase one by one where nothing needs the whole class."""

from collections.abc import Sequence

from app.repositories.runs import Counted
from app.services import dispatch
from app.services.run_facts import RunFacts
from app.unit_of_work import UnitOfWork
from pipelines import slices
from pipelines.vocabulary import UnitStatus


def release(
    uow: UnitOfWork, facts: RunFacts, phase: str, positions: Sequence[int]
) -> list[Counted]:
    """Let the successors of units that have ended go on, or call them off where the essay failed.

    The phase run of the units must be held, so that no successor is being planned.

    Returns:
        Phase runs of which nothing remains because of this.
    """
    over: list[Counted] = []
    before = dispatch.phase_run_id(facts.run_id, phase)
    for n, after in enumerate(facts.plan.streaming_from(phase)):
        phase_run_id = dispatch.phase_run_id(facts.run_id, after.name)
        moved = uow.units.release(phase_run_id, before, positions, needed=phase in after.needs)
        if not moved:
            continue
        queued = [p for p, status in moved.items() if status == UnitStatus.QUEUED]
        cancelled = [p for p, status in moved.items() if status == UnitStatus.CANCELLED]
        counted = uow.runs.count_released(
            phase_run_id, queued=len(queued), cancelled=len(cancelled)
        )
        if counted.remaining == 0:
            over.append(counted)
        if n > 0 and queued:
            # The message before goes on to the first of them alone.
            dispatch.send(
                uow,
                facts,
                after,
                slices.cut(queued, len(queued)),
                wave_no=counted.wave_no,
                dispatch_no=uow.runs.next_dispatch_no(phase_run_id),
            )
        if cancelled:
            over += release(uow, facts, after.name, cancelled)
    return over
