"""Between waves: plan what a phase does next, close it, open what waited for it, end the run.

Planning happens outside any transaction, under a right that one caller at a time holds; writing the plan compares
and sets the wave's number. So it does not matter who comes here, how often or how late: the last settle, the
chord's body, or the reconciler.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import structlog

from app.repositories.units import PlacedUnit
from app.services import admission, dispatch, endings, run_facts
from app.services.deps import Deps
from app.services.run_facts import RunFacts
from app.unit_of_work import UnitOfWork, in_background
from models import PhaseRun, Run
from pipelines import events, lifecycle, slices
from pipelines.conductor import PlannedPhase, left_to_do
from pipelines.phase import SoFar, UnitPlan, Wave
from pipelines.vocabulary import DeadLetterReason, PhaseStatus, RunStatus, Scope

log = structlog.get_logger(__name__)

PLANNING_RETRY_S = 5.0
MOST_PLANNING_FAILURES = 3
OUT_OF_TIME = "deadline_passed"
"""Why a phase ended that had no more time; it is said when its units are given up, and nothing is planned after."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A phase that has just been opened, with the right to plan its first wave."""

    phase_run_id: UUID
    token: UUID


@dataclass(frozen=True, slots=True)
class ToPlan:
    """All that planning needs, read at once.

    Attributes:
        finished: what the phase has results for from earlier runs.
        token: of the right to plan.
        is_out_of_time: whether its deadline has passed, so that nothing more may be planned.
    """

    facts: RunFacts
    phase_run_id: UUID
    phase: str
    so_far: SoFar
    finished: frozenset[tuple[UUID, str]]
    reused: int
    token: UUID
    is_out_of_time: bool


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
    plan(_follow(phase_run_id, wave_no, deps), deps)


def plan(opened: Iterable[Opened], deps: Deps) -> None:
    """Plan phases that have been opened, and those that this opens."""
    todo = list(opened)
    while todo:
        next_one = todo.pop(0)
        given = _read(next_one, deps)
        todo.extend(_decided(given, deps))


@in_background
def _follow(phase_run_id: UUID, wave_no: int, deps: Deps) -> list[Opened]:
    with deps.uow("follow_wave") as uow:
        phase_run = uow.runs.phase_run(phase_run_id)
        if phase_run is None or phase_run.wave_no != wave_no or phase_run.remaining:
            return []
        facts = run_facts.of(uow, phase_run.run_id)
        if wave_no > 0 and facts.plan.phase(phase_run.phase).plans_once:
            opened = close_planned(uow, facts, phase_run)
        else:
            token = uuid4()
            may_plan = uow.runs.claim_planning(
                phase_run_id, wave_no, token=token, lease_s=deps.settings.lease_s
            )
            opened = [Opened(phase_run_id, token)] if may_plan else []
        uow.commit()
    return opened


def close_within(
    uow: UnitOfWork, facts: RunFacts, over: Sequence[tuple[UUID, int]], deps: Deps
) -> tuple[tuple[tuple[UUID, int], ...], tuple[Opened, ...]]:
    """End the phases whose only wave is over in the transaction in which it ended.

    Args:
        over: phase runs with the wave of which nothing remains.

    Returns:
        What of it is left to be followed up, and the phases that were opened, to be planned.
    """
    left, opened = [], []
    for phase_run_id, wave_no in over:
        phase_run = uow.runs.phase_run(phase_run_id)
        assert phase_run is not None
        if deps.settings.settle_closes_wave and facts.plan.phase(phase_run.phase).plans_once:
            opened += close_planned(uow, facts, phase_run)
        else:
            left.append((phase_run_id, wave_no))
    return tuple(left), tuple(opened)


def close_planned(uow: UnitOfWork, facts: RunFacts, phase_run: PhaseRun) -> list[Opened]:
    """End a phase whose only wave is over; phases to plan next."""
    status = lifecycle.phase_outcome(phase_run.done, phase_run.failed, reused=phase_run.reused)
    reason = None
    if status is PhaseStatus.SKIPPED:
        # Every essay it waited for has failed before it came here.
        reason = f"no_essay_passed:{facts.plan.source_of(phase_run.phase)}"
    return _close(
        uow,
        facts,
        phase_run.id,
        phase_run.wave_no,
        token=None,
        status=status,
        reused=phase_run.reused,
        reason=reason,
    )


@in_background
def _read(opened: Opened, deps: Deps) -> ToPlan:
    with deps.uow("read_to_plan") as uow:
        return read(uow, opened)


def read(uow: UnitOfWork, opened: Opened) -> ToPlan:
    """Read what planning the next wave of a phase run needs."""
    phase_run = uow.runs.phase_run(opened.phase_run_id)
    assert phase_run is not None
    facts = run_facts.of(uow, phase_run.run_id)
    planned = facts.plan.phase(phase_run.phase)
    items = uow.essays.eligible(
        facts.batch_id, facts.run_id, planned.needs, kept=facts.plan.kept_by(planned.name)
    )
    only = facts.plan.essays_of(planned.name)
    if only is not None:
        items = tuple(item for item in items if item.item_id in only)
    so_far = SoFar(phase_run.wave_no, items, phase_run.done, phase_run.failed)
    finished = _finished(uow, facts, planned) if planned.spec.scope is Scope.ESSAY else frozenset()
    return ToPlan(
        facts,
        phase_run.id,
        phase_run.phase,
        so_far,
        finished,
        phase_run.reused,
        opened.token,
        phase_run.reason == OUT_OF_TIME,
    )


def _finished(
    uow: UnitOfWork, facts: RunFacts, planned: PlannedPhase
) -> frozenset[tuple[UUID, str]]:
    try:
        version = planned.engine().engine_version
    except Exception:  # noqa: BLE001 - deciding meets it again, where it is counted and logged
        return frozenset()
    return frozenset(uow.results.reusable(facts.batch_id, planned.name, version))


def decide(given: ToPlan) -> Planned:
    """Let the phase plan. No database: values in, values out."""
    engine = given.facts.plan.phase(given.phase).engine()
    if given.is_out_of_time:
        return Planned((), given.reused, engine.engine_version)
    wave = engine.plan(given.facts.context, given.so_far)
    if not isinstance(wave, Wave):
        return Planned((), given.reused, engine.engine_version)
    units = left_to_do(wave, given.finished)
    return Planned(units, given.reused + len(wave.units) - len(units), engine.engine_version)


def _decided(given: ToPlan, deps: Deps) -> list[Opened]:
    try:
        planned = decide(given)
    except Exception as exc:
        log.exception("planning_failed", phase_run_id=str(given.phase_run_id), phase=given.phase)
        return _planning_failed(given, repr(exc), deps)
    return _settle(given, planned, deps)


@in_background
def _settle(given: ToPlan, planned: Planned, deps: Deps) -> list[Opened]:
    with deps.uow("settle_plan") as uow:
        opened = write(uow, given, planned, deps)
        uow.commit()
    return opened


def write(uow: UnitOfWork, given: ToPlan, planned: Planned, deps: Deps) -> list[Opened]:
    """Write a plan: the wave's units and their canvas, or the end of the phase; phases to plan next."""
    if not planned.units:
        return _close(
            uow,
            given.facts,
            given.phase_run_id,
            given.so_far.wave_no,
            token=given.token,
            status=lifecycle.phase_outcome(
                given.so_far.done, given.so_far.failed, reused=planned.reused
            ),
            reused=planned.reused,
        )
    phase_run = uow.runs.phase_run(given.phase_run_id)
    assert phase_run is not None
    phase = given.facts.plan.phase(given.phase)
    first, units = _place(uow, given, phase_run, planned.units)
    waiting = sum(unit.waits for unit in units)
    end = first + len(units) - waiting
    size, room = admission.window(
        uow,
        given.facts,
        phase,
        units=len(units),
        new=len(units),
        unit_s=dispatch.unit_s(uow, phase, phase_run, planned.engine_version),
        deps=deps,
    )
    admitted_below = min(first + room, end)
    wave_no = given.so_far.wave_no + 1
    dispatch_no = uow.runs.next_wave(
        given.phase_run_id,
        given.so_far.wave_no,
        token=given.token,
        units=len(units),
        waiting=waiting,
        admitted_below=admitted_below,
        end_position=end,
        reused=planned.reused,
        engine_version=planned.engine_version,
    )
    if dispatch_no is None:
        return []
    uow.units.add_wave(given.phase_run_id, wave_no, units, admitted_below=admitted_below)
    if admitted_below > first:
        cut = slices.cut(range(first, admitted_below), size)
        dispatch.send(uow, given.facts, phase, cut, wave_no=wave_no, dispatch_no=dispatch_no)
    _say_planned(uow, given, wave_no, len(units))
    return _open_streams(uow, given) if wave_no == 1 else []


def _place(
    uow: UnitOfWork, given: ToPlan, phase_run: PhaseRun, wanted: tuple[UnitPlan, ...]
) -> tuple[int, list[PlacedUnit]]:
    """Where the units of a wave go: the first position to be admitted, and every unit with its own.

    A unit whose item is still in the phase before has the position it has there, and waits. The others follow behind.
    """
    source = given.facts.plan.source_of(given.phase)
    if source is None:
        first = phase_run.total
        return first, [PlacedUnit(plan, first + n) for n, plan in enumerate(wanted)]
    before = dispatch.phase_run_id(given.facts.run_id, source)
    # From here on nothing ends there, so whoever is still in there will find its successor.
    uow.runs.lock_phase(before)
    still_there = uow.units.open_positions(before)
    first = uow.units.end_of(before)
    waiting = [
        PlacedUnit(plan, still_there[plan.item_id], waits=True)
        for plan in wanted
        if plan.item_id in still_there
    ]
    free = [plan for plan in wanted if plan.item_id not in still_there]
    return first, waiting + [PlacedUnit(plan, first + n) for n, plan in enumerate(free)]


def _open_streams(uow: UnitOfWork, given: ToPlan) -> list[Opened]:
    """Open the phases that essays go on to one by one, now that it is known which essays these are."""
    streams = given.facts.plan.streaming_from(given.phase)
    if not streams:
        return []
    run = uow.runs.lock(given.facts.run_id)
    if run.status != RunStatus.ACTIVE:
        return []
    phase_runs = {phase_run.phase: phase_run for phase_run in uow.runs.phases(run.id)}
    return [
        _begin(uow, phase_runs[planned.name])
        for planned in streams
        if phase_runs[planned.name].status == PhaseStatus.PENDING
    ]


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


def _close(
    uow: UnitOfWork,
    facts: RunFacts,
    phase_run_id: UUID,
    wave_no: int,
    *,
    token: UUID | None,
    status: PhaseStatus,
    reused: int,
    reason: str | None = None,
) -> list[Opened]:
    """End a phase, say how it went, and open what waited for it. Returns phases to plan next."""
    closed = uow.runs.close_phase(
        phase_run_id, wave_no, token=token, status=status, reused=reused, reason=reason
    )
    if not closed:
        return []
    endings.say_phase_ended(uow, facts, phase_run_id)
    return advance(uow, facts.run_id)


def advance(uow: UnitOfWork, run_id: UUID) -> list[Opened]:
    """Open the phases of a run that need wait no longer, or end the run.

    Two branches that close at the same moment each see the other still open unless this locks the run first
    and reads its phases afterwards, in a statement of its own: then the second one sees both closed.

    Returns:
        The phases that were opened, for the caller to plan.
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
        if may_open and _may_begin(uow, facts, phase_run, phases):
            opened.append(_begin(uow, phase_run))
    if not any(phase_run.status == PhaseStatus.IN_PROGRESS for phase_run in phases.values()):
        endings.end_run(uow, run, facts, list(phases.values()))
    return opened


def _may_begin(
    uow: UnitOfWork, facts: RunFacts, phase_run: PhaseRun, phases: dict[str, PhaseRun]
) -> bool:
    """Whether a phase whose turn has come has anything to do; if not, it is skipped."""
    planned = facts.plan.phase(phase_run.phase)
    blocked = [name for name in planned.needs if phases[name].status == PhaseStatus.FAILED]
    if not (planned.is_idle or blocked):
        return True
    phase_run.status = PhaseStatus.SKIPPED
    phase_run.reason = _why_idle(planned, blocked)
    phase_run.finished_at = uow.clock()
    uow.session.flush()
    endings.say_phase_skipped(uow, facts, phase_run)
    return False


def _why_idle(planned: PlannedPhase, blocked: Sequence[str]) -> str:
    if blocked:
        return f"no_essay_passed:{blocked[0]}"
    return "already_done" if planned.skipped else "not_asked_for"


def _begin(uow: UnitOfWork, phase_run: PhaseRun) -> Opened:
    opened = Opened(phase_run.id, uuid4())
    phase_run.status = PhaseStatus.IN_PROGRESS
    phase_run.started_at = uow.clock()
    uow.session.flush()
    uow.runs.give_planning(phase_run.id, token=opened.token)
    return opened


def _planning_failed(given: ToPlan, error: str, deps: Deps) -> list[Opened]:
    @in_background
    def settle() -> list[Opened]:
        with deps.uow("planning_failed") as uow:
            failures = uow.runs.planning_failed(given.phase_run_id, given.token, PLANNING_RETRY_S)
            opened: list[Opened] = []
            if failures is not None and failures >= MOST_PLANNING_FAILURES:
                opened = _close(
                    uow,
                    given.facts,
                    given.phase_run_id,
                    given.so_far.wave_no,
                    token=given.token,
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
        given = read(uow, todo.pop(0))
        try:
            planned = decide(given)
        except Exception:
            # Nothing in the database has failed: the reconciler plans it again, and gives up in the end.
            log.exception(
                "planning_failed", phase_run_id=str(given.phase_run_id), phase=given.phase
            )
            continue
        todo.extend(write(uow, given, planned, deps))
