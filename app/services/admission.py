"""Which part of its wave a run may send now; `pipelines.admission` says how much.

Units of a wave are sent in windows. As slices end, the next ones are admitted; whoever settles a slice sees to it, and
the reconciler looks again, so a window that nobody opened is late and not lost.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from app.services import dispatch, run_facts
from app.services.deps import Deps
from app.services.run_facts import RunFacts
from app.unit_of_work import UnitOfWork, in_background
from models import PhaseRun
from pipelines import admission, slices
from pipelines.conductor import PlannedPhase
from pipelines.vocabulary import PhaseStatus, RunStatus

LATELY_S = 10.0
"""For how long after it was sent a slice is let go first. If its message is lost, nobody waits for it longer."""


def admit_all(deps: Deps) -> int:
    """Admit what there is room for, of every run; how many units."""
    with deps.uow("find_unadmitted") as uow:
        found = uow.runs.with_unadmitted()
    return sum(admit(run_id, deps) for run_id in found)


def admit(run_id: UUID, deps: Deps) -> int:
    """Send as many units of a run as its windows leave room for; how many."""
    try:
        return _admit(run_id, deps)
    except _Overtaken:
        return 0  # somebody else has seen to it


@in_background
def is_early(phase_run_id: UUID, lo: int, queues: Iterable[str], deps: Deps) -> bool:
    """Whether a slice has come before one that was sent after it, of a run whose turn is before its own.

    Args:
        phase_run_id, lo: the slice's, and its first position.
        queues: what the worker reads that has it.
    """
    with deps.uow("look_ahead") as uow:
        mine, waiting = uow.queues.queueing(phase_run_id, lo, queues, within_s=LATELY_S)
    return mine is not None and any(each.turn < mine.turn for each in waiting)


class _Overtaken(Exception):
    """Somebody else has opened the window. Nothing of the transaction may stay."""


@in_background
def _admit(run_id: UUID, deps: Deps) -> int:
    with deps.uow("admit") as uow:
        run = uow.runs.get(run_id)
        if run.status != RunStatus.ACTIVE:
            return 0
        facts = run_facts.of(uow, run_id)
        phase_runs = {phase_run.phase: phase_run for phase_run in uow.runs.phases(run_id)}
        admitted = sum(
            _admit_phase(uow, facts, phase_run, phase_runs, deps)
            for phase_run in phase_runs.values()
            if phase_run.status == PhaseStatus.IN_PROGRESS
            and phase_run.next_position < phase_run.end_position
        )
        if admitted:
            uow.commit()
    return admitted


def _admit_phase(
    uow: UnitOfWork,
    facts: RunFacts,
    phase_run: PhaseRun,
    phase_runs: Mapping[str, PhaseRun],
    deps: Deps,
) -> int:
    phase = facts.plan.phase(phase_run.phase)
    ended = phase_run.done + phase_run.failed
    allowed = window(
        uow,
        facts,
        phase,
        phase_run.engine_version or "",
        units=phase_run.total,
        unit_s=phase_run.busy_s / ended if ended and phase_run.busy_s else None,
        deps=deps,
    )
    # What essays have yet to go through after this is work, too, that others wait behind; and a phase that is slower
    # than the one its essays come out of holds that one back.
    ways = [_on_their_way(phase_runs[each.name]) for each in facts.plan.stream_of(phase.name)]
    free = min(allowed.room - max(ways), allowed.stream_room - sum(ways))
    if free < max(allowed.size, allowed.room // 2):
        return 0  # in halves, so that a canvas has at least two slices
    lo = phase_run.next_position
    hi = min(lo + free, phase_run.end_position)
    uow.units.admit(phase_run.id, lo, hi)
    dispatch_no = uow.runs.admit(phase_run.id, lo, hi)
    if dispatch_no is None:
        raise _Overtaken
    cut = slices.cut(range(lo, hi), allowed.size)
    dispatch.send(uow, facts, phase, cut, wave_no=phase_run.wave_no, dispatch_no=dispatch_no)
    return hi - lo


@dataclass(frozen=True, slots=True)
class Window:
    """How a run may send the units of a phase.

    Attributes:
        size: how many units a slice carries.
        room: how many may be on their way at once in the phase.
        stream_room: how many may be in it and in those that they go on to one by one, together.
        unit_s: how long one takes.
    """

    size: int
    room: int
    stream_room: int
    unit_s: float


def window(
    uow: UnitOfWork,
    facts: RunFacts,
    phase: PlannedPhase,
    engine_version: str,
    *,
    units: int,
    deps: Deps,
    unit_s: float | None = None,
    new: int = 0,
) -> Window:
    """The window of a phase.

    Args:
        units: how many it has in all.
        unit_s: how long one has taken in this run; None if that is not known yet.
        new: how many of them are being planned, and not in the ledger yet.
    """
    rush = dispatch.rush_at(uow, facts, phase, engine_version, deps)
    unit_s = rush.unit_s if unit_s is None else unit_s
    size = slices.size(units, slots=rush.slots, unit_s=unit_s, target_s=deps.settings.slice_s)
    contenders = [
        replace(each, units=max(each.units, new)) if each.run_id == facts.run_id else each
        for each in rush.contenders
    ]
    room, stream_room = (
        size
        * admission.window(
            facts.run_id, contenders, slots=slots, per_user=deps.settings.runs_at_once
        )
        for slots in (rush.slots, rush.stream_slots)
    )
    return Window(size, room, stream_room, unit_s)


def _on_their_way(phase_run: PhaseRun) -> int:
    unadmitted = phase_run.end_position - phase_run.next_position
    return phase_run.remaining - phase_run.waiting - unadmitted
