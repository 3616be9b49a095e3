"""From units to canvases: what the relay will send, committed in the transaction that made it necessary."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.repositories.outbox import CANVAS
from app.services.deps import Deps
from app.services.run_facts import RunFacts
from app.unit_of_work import UnitOfWork
from pipelines import slices
from pipelines.conductor import PlannedPhase

WORKER_SEEN_WITHIN_S = 30.0
NEVER_SENT_ONLY = 10 * 365 * 24 * 3600.0


def send_wave(
    uow: UnitOfWork,
    facts: RunFacts,
    phase: PlannedPhase,
    *,
    phase_run_id: UUID,
    wave_no: int,
    dispatch_no: int,
    positions: range,
    deps: Deps,
) -> None:
    """Queue a canvas over a whole new wave."""
    per_slice = slices.size(
        len(positions), slots=_slots(uow, phase, deps), unit_s=phase.spec.unit_s
    )
    cut = slices.cut(positions, per_slice)
    _queue_canvas(uow, facts, phase, phase_run_id, wave_no, dispatch_no, cut)


def send_due(
    uow: UnitOfWork,
    facts: RunFacts,
    *,
    phase_run_id: UUID,
    after_s: float,
    deps: Deps,
) -> int:
    """Queue a canvas over the units that were never sent, or not for `after_s`; how many units.

    Units that must be tried alone get a slice each.
    """
    due = uow.units.take_due(phase_run_id, after_s=after_s)
    phase_run = uow.runs.phase_run(phase_run_id)
    if not due or phase_run is None:
        return 0
    phase = facts.plan.phase(phase_run.phase)
    together = [position for position, alone in due if not alone]
    per_slice = slices.size(len(together), slots=_slots(uow, phase, deps), unit_s=phase.spec.unit_s)
    cut = slices.cut(together, per_slice) + slices.one_by_one(p for p, alone in due if alone)
    dispatch_no = uow.runs.next_dispatch_no(phase_run_id)
    _queue_canvas(uow, facts, phase, phase_run_id, phase_run.wave_no, dispatch_no, cut)
    return len(due)


def _slots(uow: UnitOfWork, phase: PlannedPhase, deps: Deps) -> int:
    alive = uow.workers.slots_by_queue(WORKER_SEEN_WITHIN_S)
    return alive.get(phase.spec.queue) or deps.settings.worker_slots


def _queue_canvas(
    uow: UnitOfWork,
    facts: RunFacts,
    phase: PlannedPhase,
    phase_run_id: UUID,
    wave_no: int,
    dispatch_no: int,
    cut: Sequence[slices.Slice],
) -> None:
    body: dict[str, Any] = {
        "phase_run_id": str(phase_run_id),
        "wave_no": wave_no,
        "dispatch_no": dispatch_no,
        "root_id": str(facts.canvas_id),
        "correlation_id": str(facts.correlation_id),
        "queue": phase.spec.queue,
        "time_limit_s": phase.spec.time_limit_s,
        "slices": [list(piece) for piece in cut],
    }
    uow.outbox.hint(CANVAS, about=phase_run_id, key=facts.run_id, topic=phase.spec.queue, body=body)
