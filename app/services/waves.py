"""Between waves: plan what a phase does next, close it, open what waited for it, end the run.

Planning happens outside any transaction, under a right that one caller at a time holds; writing the plan compares
and sets the wave's number. So it does not matter who comes here, how often or how late: the last settle, the
chord's body, or the reconciler.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import structlog

from app.services import dispatch, endings, run_facts
from app.services.deps import Deps
from app.services.run_facts import RunFacts
from app.unit_of_work import UnitOfWork, in_background
from models import PhaseRun, Run
from pipelines import events, lifecycle
from pipelines.conductor import PlannedPhase, left_to_do
from pipelines.phase import SoFar, UnitPlan, Wave
from pipelines.vocabulary import DeadLetterReason, PhaseStatus, RunStatus, Scope

log = structlog.get_logger(__name__)

PLANNING_RETRY_S = 5.0
MOST_PLANNING_FAILURES = 3


@dataclass(frozen=True, slots=True)
class ToPlan:
    """All that planning needs, read at once.

    Attributes:
        finished: what the phase has results for from earlier runs.
    """

    facts: RunFacts
    phase_run_id: UUID
    phase: str
    so_far: SoFar
    finished: frozenset[tuple[UUID, str]]
    reused: int


@dataclass(frozen=True, slots=True)
class Planned:
    """What a phase decided: units to do, or none when it has finished."""

    units: tuple[UnitPlan, ...]
    reused: int
    engine_version: str


def wave_done(phase_run_id: UUID, wave_no: int, deps: Deps) -> None:
    """Do what follows a wave: the next one, or the end of the phase and whatever that opens.

    Harmless when early, late, twice or never.
    """
    todo = [(phase_run_id, wave_no)]
    while todo:
        todo.extend(_follow(*todo.pop(), deps))


def _follow(phase_run_id: UUID, wave_no: int, deps: Deps) -> list[tuple[UUID, int]]:
    token = uuid4()
    given = _claim(phase_run_id, wave_no, token, deps)
    if given is None:
        return []
    try:
        planned = decide(given)
    except Exception as exc:
        log.exception("planning_failed", phase_run_id=str(phase_run_id), phase=given.phase)
        return _planning_failed(given, token, repr(exc), deps)
    return _settle(given, planned, token, deps)


@in_background
def _claim(phase_run_id: UUID, wave_no: int, token: UUID, deps: Deps) -> ToPlan | None:
    with deps.uow("claim_planning") as uow:
        if not uow.runs.claim_planning(
            phase_run_id, wave_no, token=token, lease_s=deps.settings.lease_s
        ):
            return None
        given = read(uow, phase_run_id)
        uow.commit()
    return given


def read(uow: UnitOfWork, phase_run_id: UUID) -> ToPlan:
    """Read what planning the next wave of a phase run needs."""
    phase_run = uow.runs.phase_run(phase_run_id)
    assert phase_run is not None
    facts = run_facts.of(uow, phase_run.run_id)
    planned = facts.plan.phase(phase_run.phase)
    items = uow.essays.eligible(
        facts.batch_id, facts.run_id, planned.needs, kept=facts.plan.kept_by(planned.name)
    )
    only = facts.plan.essays_of(planned.name)
    if only is not None:
        items = tuple(item for item in items if item.item_id in only)
    finished: frozenset[tuple[UUID, str]] = frozenset()
    if planned.spec.scope is Scope.ESSAY:
        version = planned.engine().engine_version
        finished = frozenset(uow.results.reusable(facts.batch_id, phase_run.phase, version))
    so_far = SoFar(phase_run.wave_no, items, phase_run.done, phase_run.failed)
    return ToPlan(facts, phase_run_id, phase_run.phase, so_far, finished, phase_run.reused)


def decide(given: ToPlan) -> Planned:
    """Let the phase plan. No database: values in, values out."""
    engine = given.facts.plan.phase(given.phase).engine()
    wave = engine.plan(given.facts.context, given.so_far)
    if not isinstance(wave, Wave):
        return Planned((), given.reused, engine.engine_version)
    units = left_to_do(wave, given.finished)
    return Planned(units, given.reused + len(wave.units) - len(units), engine.engine_version)


@in_background
def _settle(given: ToPlan, planned: Planned, token: UUID, deps: Deps) -> list[tuple[UUID, int]]:
    with deps.uow("settle_plan") as uow:
        opened = write(uow, given, planned, token, deps)
        uow.commit()
    return opened


def write(
    uow: UnitOfWork, given: ToPlan, planned: Planned, token: UUID | None, deps: Deps
) -> list[tuple[UUID, int]]:
    """Write a plan: the wave's units and their canvas, or the end of the phase and what that opens.

    Returns:
        Phases to plan next, with the wave they are at.
    """
    if not planned.units:
        status = lifecycle.phase_outcome(
            given.so_far.done, given.so_far.failed, reused=planned.reused
        )
        return close(uow, given, token, status=status, reused=planned.reused)
    wave_no = given.so_far.wave_no + 1
    opened = uow.runs.next_wave(
        given.phase_run_id,
        given.so_far.wave_no,
        token=token,
        units=len(planned.units),
        reused=planned.reused,
        engine_version=planned.engine_version,
    )
    if opened is None:
        return []
    dispatch_no, first = opened
    uow.units.add_wave(given.phase_run_id, wave_no, first, planned.units)
    phase = given.facts.plan.phase(given.phase)
    dispatch.send_wave(
        uow,
        given.facts,
        phase,
        phase_run_id=given.phase_run_id,
        wave_no=wave_no,
        dispatch_no=dispatch_no,
        positions=range(first, first + len(planned.units)),
        deps=deps,
    )
    _say_planned(uow, given, wave_no, len(planned.units))
    return []


def _say_planned(uow: UnitOfWork, given: ToPlan, wave_no: int, units: int) -> None:
    facts = given.facts
    uow.outbox.event(
        events.start_event(given.phase) if wave_no == 1 else "BatchPhaseWaveStartedV1",
        batch_id=facts.batch_id,
        correlation_id=facts.correlation_id,
        status=PhaseStatus.IN_PROGRESS,
        data={
            "run_id": str(facts.run_id),
            "phase_name": given.phase,
            "wave_no": wave_no,
            "language": facts.context.language,
            "units": units,
        },
    )


def close(
    uow: UnitOfWork,
    given: ToPlan,
    token: UUID | None,
    *,
    status: PhaseStatus,
    reused: int,
    reason: str | None = None,
) -> list[tuple[UUID, int]]:
    """End a phase, say how it went, and open what waited for it. Returns phases to plan next."""
    closed = uow.runs.close_phase(
        given.phase_run_id,
        given.so_far.wave_no,
        token=token,
        status=status,
        reused=reused,
        reason=reason,
    )
    if not closed:
        return []
    endings.say_phase_ended(uow, given.facts, given.phase_run_id)
    return advance(uow, given.facts.run_id)


def advance(uow: UnitOfWork, run_id: UUID) -> list[tuple[UUID, int]]:
    """Open the phases of a run that need wait no longer, or end the run.

    Two branches that close at the same moment each see the other still open unless this locks the run first
    and reads its phases afterwards, in a statement of its own: then the second one sees both closed.

    Returns:
        The phases that were opened, each with wave 0, for the caller to plan.
    """
    run = uow.runs.lock(run_id)
    if run.status != RunStatus.ACTIVE:
        return []
    facts = run_facts.from_run(run)
    phases = {phase_run.phase: phase_run for phase_run in uow.runs.phases(run_id)}
    opened = []
    for planned in facts.plan.phases:  # in topological order, so one pass is enough
        phase_run = phases[planned.name]
        waits = [PhaseStatus(phases[name].status) for name in planned.waits_for]
        may_open = phase_run.status == PhaseStatus.PENDING and all(s.is_terminal for s in waits)
        if may_open and _open(uow, facts, phase_run, phases):
            opened.append((phase_run.id, 0))
    if not any(phase_run.status == PhaseStatus.IN_PROGRESS for phase_run in phases.values()):
        endings.end_run(uow, run, facts, list(phases.values()))
    return opened


def _open(
    uow: UnitOfWork, facts: RunFacts, phase_run: PhaseRun, phases: dict[str, PhaseRun]
) -> bool:
    planned = facts.plan.phase(phase_run.phase)
    at = uow.clock()
    blocked = [name for name in planned.needs if phases[name].status == PhaseStatus.FAILED]
    if planned.is_idle or blocked:
        phase_run.status = PhaseStatus.SKIPPED
        phase_run.reason = _why_idle(planned, blocked)
        phase_run.finished_at = at
        uow.session.flush()
        endings.say_phase_skipped(uow, facts, phase_run)
        return False
    phase_run.status = PhaseStatus.IN_PROGRESS
    phase_run.started_at = at
    uow.session.flush()
    return True


def _why_idle(planned: PlannedPhase, blocked: Sequence[str]) -> str:
    if blocked:
        return f"no_essay_passed:{blocked[0]}"
    return "already_done" if planned.skipped else "not_asked_for"


def _planning_failed(given: ToPlan, token: UUID, error: str, deps: Deps) -> list[tuple[UUID, int]]:
    @in_background
    def settle() -> list[tuple[UUID, int]]:
        with deps.uow("planning_failed") as uow:
            failures = uow.runs.planning_failed(given.phase_run_id, token, PLANNING_RETRY_S)
            opened: list[tuple[UUID, int]] = []
            if failures is not None and failures >= MOST_PLANNING_FAILURES:
                opened = close(
                    uow,
                    given,
                    token,
                    status=PhaseStatus.FAILED,
                    reused=given.reused,
                    reason=DeadLetterReason.PLANNING_FAILED,
                )
                uow.dead_letters.add_phase(
                    DeadLetterReason.PLANNING_FAILED,
                    batch_id=given.facts.batch_id,
                    run_id=given.facts.run_id,
                    correlation_id=given.facts.correlation_id,
                    phase=given.phase,
                    item_id=None,
                    data={"phase_run_id": str(given.phase_run_id), "error": error},
                )
            uow.commit()
        return opened

    return settle()


def start_within(uow: UnitOfWork, run: Run, deps: Deps) -> None:
    """Open and plan the first phases of a run inside the transaction that starts it.

    So a request commits the canvas rows themselves: with the broker down nothing is missing but the sending.
    """
    todo = advance(uow, run.id)
    while todo:
        phase_run_id, _ = todo.pop()
        given = read(uow, phase_run_id)
        try:
            planned = decide(given)
        except Exception:
            # Nothing in the database has failed: the reconciler plans it again, and gives up in the end.
            log.exception("planning_failed", phase_run_id=str(phase_run_id), phase=given.phase)
            continue
        todo.extend(write(uow, given, planned, None, deps))
