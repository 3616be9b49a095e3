"""From units to canvases: what the relay will send, committed in the transaction that made it necessary."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from app.repositories.outbox import CANVAS
from app.repositories.queues import Rush
from app.services.deps import Deps
from app.services.run_facts import RunFacts
from app.unit_of_work import UnitOfWork
from pipelines import slices
from pipelines.conductor import PlannedPhase

WORKER_SEEN_WITHIN_S = 30.0


@lru_cache(4096)
def phase_run_id(run_id: UUID, phase: str) -> UUID:
    """The id of a phase's run, which can so be named before it is looked up."""
    return uuid5(run_id, phase)


def rush_at(
    uow: UnitOfWork, facts: RunFacts, phase: PlannedPhase, engine_version: str, deps: Deps
) -> Rush:
    """Who works on a phase's queue, who wants to, and how long its units take."""
    return uow.queues.rush_at(
        phase.spec.queue,
        facts.run_id,
        stream={each.spec.queue for each in facts.plan.stream_of(phase.name)},
        phase=phase.name,
        engine_version=engine_version,
        seen_within_s=WORKER_SEEN_WITHIN_S,
        slots=deps.settings.worker_slots,
        unit_s=phase.spec.unit_s,
    )


def send(
    uow: UnitOfWork,
    facts: RunFacts,
    phase: PlannedPhase,
    cut: Sequence[slices.Slice],
    *,
    wave_no: int,
    dispatch_no: int,
) -> None:
    """Queue a canvas over slices of a phase, each of which goes on to the phases that stream from it."""
    about = phase_run_id(facts.run_id, phase.name)
    body: dict[str, Any] = {
        "phase_run_id": str(about),
        "wave_no": wave_no,
        "dispatch_no": dispatch_no,
        "root_id": str(facts.canvas_id),
        "correlation_id": str(facts.correlation_id),
        "queue": phase.spec.queue,
        "time_limit_s": phase.spec.time_limit_s,
        "slices": [list(piece) for piece in cut],
    }
    then = [
        {
            "phase_run_id": str(phase_run_id(facts.run_id, after.name)),
            "queue": after.spec.queue,
            "time_limit_s": after.spec.time_limit_s,
        }
        for after in onward(facts, phase.name)
    ]
    if then:
        body["then"] = then
    uow.outbox.hint(CANVAS, about=about, key=facts.run_id, topic=phase.spec.queue, body=body)


def onward(facts: RunFacts, phase: str) -> Iterator[PlannedPhase]:
    """The phases that a slice's message goes on to: of those that stream from a phase, always the first."""
    while following := facts.plan.streaming_from(phase):
        yield following[0]
        phase = following[0].name


@dataclass(frozen=True, slots=True)
class SentAgain:
    """How many units were sent again, and how many of them because their message seems lost."""

    units: int
    lost: int


def send_due(
    uow: UnitOfWork,
    facts: RunFacts,
    *,
    phase_run_id: UUID,
    after_s: float | None = None,
    deps: Deps,
    overtaken_before: datetime | None = None,
) -> SentAgain:
    """Queue a canvas over the units that must be tried again, or were sent longer than `after_s` ago, if that is given.

    Units that must be tried alone get a slice each.
    """
    due = uow.units.take_due(phase_run_id, after_s=after_s, overtaken_before=overtaken_before)
    phase_run = uow.runs.phase_run(phase_run_id)
    if not due or phase_run is None:
        return SentAgain(0, 0)
    phase = facts.plan.phase(phase_run.phase)
    together = [position for position, alone, _ in due if not alone]
    rush = rush_at(uow, facts, phase, phase_run.engine_version or "", deps)
    size = slices.size(
        phase_run.total, slots=rush.slots, unit_s=rush.unit_s, target_s=deps.settings.slice_s
    )
    cut = slices.cut(together, size) + slices.one_by_one(p for p, alone, _ in due if alone)
    dispatch_no = uow.runs.next_dispatch_no(phase_run_id)
    send(uow, facts, phase, cut, wave_no=phase_run.wave_no, dispatch_no=dispatch_no)
    return SentAgain(len(due), sum(lost for _, _, lost in due))
