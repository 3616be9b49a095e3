"""Between waves: plan what a phase does next, close it, open what waited for it, end the run.

Planning happens outside any transaction, under a right that one caller at a time holds; writing the plan compares
and sets the wave's number. So it does not matter who comes here, how often or how late: the last settle, the
chord's body, or the reconciler.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

import structlog

from app.repositories.runs import Counted, counted
from app.repositories.units import Hold, PlacedUnit, claimed_at_once
from app.services import admission, claims, dispatch, endings, run_facts
from app.services.admission import Window
from app.services.claims import NOBODY, Claimed, Worker
from app.services.deps import Deps
from app.services.run_facts import RunFacts
from app.unit_of_work import UnitOfWork, in_background
from models import PhaseRun, Run
from pipelines import events, lifecycle, slices
from pipelines.conductor import PlannedPhase, left_to_do
from pipelines.phase import ItemRef, SoFar, UnitPlan, Wave
from pipelines.vocabulary import DeadLetterReason, PhaseStatus, Scope

log = structlog.get_logger(__name__)

PLANNING_RETRY_S = 5.0
MOST_PLANNING_FAILURES = 3
OUT_OF_TIME = "deadline_passed"
"""Why a phase ended that had no more time; it is said when its units are given up, and nothing is planned after."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A phase of which a wave is to be planned, and the right to do it.

    Attributes:
        wave_no: how many waves have been planned; what has come of them is in `done`, `failed` and `total`.
        reused: items that had their result from an earlier run.
        token: of the right to plan.
        is_out_of_time: whether the phase's deadline has passed, so that nothing more may be planned.
    """

    facts: RunFacts
    phase: str
    token: UUID
    wave_no: int = 0
    done: int = 0
    failed: int = 0
    total: int = 0
    reused: int = 0
    is_out_of_time: bool = False

    @property
    def phase_run_id(self) -> UUID:
        """The phase run's id."""
        return dispatch.phase_run_id(self.facts.run_id, self.phase)

    @property
    def planned(self) -> PlannedPhase:
        """The phase as the run's plan has it."""
        return self.facts.plan.phase(self.phase)


@dataclass(frozen=True, slots=True)
class ToPlan:
    """All that planning needs, read at once.

    Attributes:
        finished: what the phase has results for from earlier runs.
    """

    opened: Opened
    so_far: SoFar
    finished: frozenset[tuple[UUID, str]]


@dataclass(frozen=True, slots=True)
class Planned:
    """What a phase decided: units to do, or none when it has finished.

    Attributes:
        standing: how far the phase is, as it says itself.
        result: what came of the whole batch, when the phase has finished and found something of it.
    """

    units: tuple[UnitPlan, ...]
    reused: int
    engine_version: str
    standing: Mapping[str, Any] = field(default_factory=dict)
    result: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Onward:
    """What follows a plan or the end of a phase.

    Attributes:
        opened: phases to plan next.
        kept: slices that were not sent but claimed, for whoever planned them to work on at once.
    """

    opened: tuple[Opened, ...] = ()
    kept: tuple[Claimed, ...] = ()

    def __add__(self, other: "Onward") -> "Onward":
        return Onward(self.opened + other.opened, self.kept + other.kept)


NOWHERE = Onward()


def wave_done(
    phase_run_id: UUID, wave_no: int, deps: Deps, *, by: Worker = NOBODY
) -> tuple[Claimed, ...]:
    """Do what follows a wave: the next one, or the end of the phase and whatever that opens.

    Harmless when early, late, twice or never.

    Args:
        by: who asks, and may keep slices instead of sending them.

    Returns:
        The slices the caller has to work on.
    """
    onward = _follow(phase_run_id, wave_no, uuid4(), deps, by)
    return onward.kept + plan(onward.opened, deps, by=by)


def plan(opened: Iterable[Opened], deps: Deps, *, by: Worker = NOBODY) -> tuple[Claimed, ...]:
    """Plan phases that have been opened, and those that this opens; slices to work on, as `wave_done`."""
    todo, kept = list(opened), NOWHERE.kept
    while todo:
        onward = _decided(_read(todo.pop(0), deps), deps, by)
        todo.extend(onward.opened)
        kept += onward.kept
    return kept


@in_background
def _follow(phase_run_id: UUID, wave_no: int, token: UUID, deps: Deps, by: Worker) -> Onward:
    with deps.uow("follow_wave") as uow:
        if not uow.runs.is_wave_over(phase_run_id, wave_no):
            return NOWHERE
        phase_run = uow.runs.phase_run(phase_run_id)
        assert phase_run is not None
        facts = run_facts.of(uow, phase_run.run_id)
        planned = facts.plan.phase(phase_run.phase)
        if wave_no > 0 and planned.plans_once:
            onward = close_planned(uow, facts, planned, counted(phase_run), deps, by)
        else:
            may_plan = uow.runs.claim_planning(
                phase_run_id, wave_no, token=token, lease_s=deps.settings.lease_s
            )
            onward = Onward((_again(facts, phase_run, token),)) if may_plan else NOWHERE
        uow.commit()
    return onward


def _again(facts: RunFacts, phase_run: PhaseRun, token: UUID) -> Opened:
    return Opened(
        facts,
        phase_run.phase,
        token,
        phase_run.wave_no,
        phase_run.done,
        phase_run.failed,
        phase_run.total,
        phase_run.reused,
        phase_run.reason == OUT_OF_TIME,
    )


def close_within(
    uow: UnitOfWork, facts: RunFacts, over: Iterable[Counted], deps: Deps, by: Worker
) -> tuple[tuple[tuple[UUID, int], ...], Onward]:
    """End the phases whose only wave is over in the transaction in which it ended.

    Args:
        over: phase runs of whose wave nothing remains.

    Returns:
        Phase runs and waves that are left to be followed up, and what the others lead to.
    """
    left, onward = [], NOWHERE
    for ended in over:
        planned = facts.plan.phase(ended.phase)
        if planned.plans_once:
            onward += close_planned(uow, facts, planned, ended, deps, by)
        else:
            left.append((ended.phase_run_id, ended.wave_no))
    return tuple(left), onward


def close_planned(
    uow: UnitOfWork,
    facts: RunFacts,
    planned: PlannedPhase,
    ended: Counted,
    deps: Deps,
    by: Worker,
) -> Onward:
    """End a phase whose only wave is over, and plan what this opens, all in one transaction."""
    status = lifecycle.phase_outcome(ended.done, ended.failed, reused=ended.reused)
    reason = None
    if status is PhaseStatus.SKIPPED:
        # Every essay it waited for has failed before it came here.
        reason = f"no_essay_passed:{facts.plan.source_of(planned.name)}"
    opened = _close(
        uow,
        facts,
        planned.name,
        ended.wave_no,
        token=None,
        status=status,
        reused=ended.reused,
        reason=reason,
    )
    return plan_within(uow, opened, deps, by)


def plan_within(
    uow: UnitOfWork, opened: Iterable[Opened], deps: Deps, by: Worker = NOBODY
) -> Onward:
    """Plan, in the transaction that opened them, the phases that plan once, and what this opens.

    Such a plan is made of the batch's items alone, so it takes no longer than writing it. The others are returned, to
    be planned outside of any transaction.
    """
    todo, left = list(opened), NOWHERE
    while todo:
        next_one = todo.pop(0)
        if not next_one.planned.plans_once:
            left += Onward((next_one,))
            continue
        onward = _plan_here(uow, next_one, deps, by)
        todo.extend(onward.opened)
        left += Onward(kept=onward.kept)
    return left


def _plan_here(uow: UnitOfWork, opened: Opened, deps: Deps, by: Worker = NOBODY) -> Onward:
    given = read(uow, opened)
    try:
        planned = decide(given)
    except Exception:
        # Nothing in the database has failed: the reconciler plans it again, and gives up in the end.
        log.exception("planning_failed", phase_run_id=str(opened.phase_run_id), phase=opened.phase)
        return NOWHERE
    return write(uow, given, planned, deps, by)


@in_background
def _read(opened: Opened, deps: Deps) -> ToPlan:
    with deps.uow("read_to_plan") as uow:
        return read(uow, opened)


def read(uow: UnitOfWork, opened: Opened) -> ToPlan:
    """Read what planning the next wave of a phase run needs."""
    facts, planned = opened.facts, opened.planned
    so_far = SoFar(
        opened.wave_no,
        _items(uow, facts, planned),
        opened.done,
        opened.failed,
        _found(uow, facts, planned),
        opened.is_out_of_time,
    )
    is_reusable = planned.spec.scope is Scope.ESSAY and not facts.is_first
    return ToPlan(opened, so_far, _finished(uow, facts, planned) if is_reusable else frozenset())


def _items(uow: UnitOfWork, facts: RunFacts, planned: PlannedPhase) -> tuple[ItemRef, ...]:
    """Of the essays of a run those a phase works on, which have come through all that it needs, now or earlier."""
    items = run_facts.items(uow, facts)
    only = facts.plan.essays_of(planned.name)
    if only is not None:
        items = tuple(item for item in items if item.item_id in only)
    lost = uow.runs.lost_items(facts.run_id, planned.needs) if planned.needs else {}
    short = {essay for ends in lost.values() for essays in ends.values() for essay in essays}
    if kept := facts.plan.kept_by(planned.name):
        short.update(*uow.results.essays_without(facts.batch_id, kept).values())
    return tuple(item for item in items if str(item.item_id) not in short) if short else items


def _found(
    uow: UnitOfWork, facts: RunFacts, planned: PlannedPhase
) -> tuple[Mapping[str, Any], ...]:
    try:
        reads_found = planned.engine().reads_found
    except Exception:  # noqa: BLE001 - deciding meets it again, where it is counted and logged
        return ()
    return uow.results.found(facts.run_id, planned.name) if reads_found else ()


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
    opened = given.opened
    engine = opened.planned.engine()
    if opened.is_out_of_time and not engine.reads_found:
        return Planned((), opened.reused, engine.engine_version)
    wave = engine.plan(opened.facts.context, given.so_far)
    if opened.is_out_of_time and isinstance(wave, Wave):
        raise TypeError(f"{opened.phase} plans a wave and is out of time")
    if not isinstance(wave, Wave):
        return Planned((), opened.reused, engine.engine_version, result=wave.result)
    units = left_to_do(wave, given.finished)
    reused = opened.reused + len(wave.units) - len(units)
    return Planned(units, reused, engine.engine_version, standing=wave.standing)


def _decided(given: ToPlan, deps: Deps, by: Worker) -> Onward:
    try:
        planned = decide(given)
    except Exception as exc:
        opened = given.opened
        log.exception("planning_failed", phase_run_id=str(opened.phase_run_id), phase=opened.phase)
        return Onward(tuple(_planning_failed(opened, repr(exc), deps)))
    return _settle(given, planned, deps, by)


@in_background
def _settle(given: ToPlan, planned: Planned, deps: Deps, by: Worker = NOBODY) -> Onward:
    with deps.uow("settle_plan") as uow:
        onward = write(uow, given, planned, deps, by)
        uow.commit()
    return onward


def write(
    uow: UnitOfWork,
    given: ToPlan,
    planned: Planned,
    deps: Deps,
    by: Worker = NOBODY,
) -> Onward:
    """Write a plan: the wave's units and their canvas, or the end of the phase."""
    opened, facts = given.opened, given.opened.facts
    if not planned.units:
        closed = _close(
            uow,
            facts,
            opened.phase,
            opened.wave_no,
            token=opened.token,
            status=lifecycle.phase_outcome(opened.done, opened.failed, reused=planned.reused),
            reused=planned.reused,
            result=planned.result,
        )
        return Onward(tuple(closed))
    first, units = _place(uow, opened, planned.units)
    waiting = sum(unit.waits for unit in units)
    end = first + len(units) - waiting
    window = admission.window(
        uow,
        facts,
        opened.planned,
        planned.engine_version,
        units=len(units),
        new=len(units),
        deps=deps,
    )
    admitted_below = min(first + window.room, end)
    wave_no = opened.wave_no + 1
    dispatch_no = uow.runs.next_wave(
        opened.phase_run_id,
        opened.wave_no,
        token=opened.token,
        units=len(units),
        waiting=waiting,
        admitted_below=admitted_below,
        end_position=end,
        reused=planned.reused,
        engine_version=planned.engine_version,
    )
    if dispatch_no is None:
        return NOWHERE
    hold = _hold(opened, window, units, by, deps)
    uow.units.add_wave(
        opened.phase_run_id, wave_no, units, admitted_below=admitted_below, hold=hold
    )
    kept: tuple[Claimed, ...] = ()
    if hold:
        kept = (_kept(uow, opened, first, end, hold, units, planned.engine_version),)
    elif admitted_below > first:
        cut = slices.cut(range(first, admitted_below), window.size)
        dispatch.send(uow, facts, opened.planned, cut, wave_no=wave_no, dispatch_no=dispatch_no)
    _say_planned(uow, opened, wave_no, len(units), planned.standing)
    return Onward(tuple(_open_streams(uow, opened)) if wave_no == 1 else (), kept)


def _hold(
    opened: Opened, window: Window, units: Sequence[PlacedUnit], by: Worker, deps: Deps
) -> Hold | None:
    """The claim of whoever plans a wave and works on it at once; None if it has to be sent.

    A wave of one slice that is soon done is kept: its message would take longer. If the process dies now, the lease
    runs out like any other.
    """
    spec = opened.planned.spec
    is_kept = (
        spec.queue in by.reads
        and len(units) <= min(window.room, window.size)
        and len(units) * window.unit_s <= slices.TARGET_S
        and not any(unit.waits for unit in units)
        and not opened.facts.plan.streaming_from(opened.phase)
    )
    return Hold(uuid4(), by.name, deps.settings.lease_s) if is_kept else None


def _kept(
    uow: UnitOfWork,
    opened: Opened,
    lo: int,
    hi: int,
    hold: Hold,
    units: Sequence[PlacedUnit],
    engine_version: str,
) -> Claimed:
    claimed = tuple(claimed_at_once(unit, alone=hi - lo == 1) for unit in units)
    return Claimed(
        opened.phase_run_id,
        lo,
        hi,
        hold.token,
        opened.facts,
        opened.phase,
        engine_version,
        claimed,
        claims.texts(uow, opened.facts, opened.phase, claimed),
    )


def _place(
    uow: UnitOfWork, opened: Opened, wanted: tuple[UnitPlan, ...]
) -> tuple[int, list[PlacedUnit]]:
    """Where the units of a wave go: the first position to be admitted, and every unit with its own.

    A unit whose item is still in the phase before has the position it has there, and waits. The others follow behind.
    """
    source = opened.facts.plan.source_of(opened.phase)
    if source is None:
        first = opened.total
        return first, [PlacedUnit(plan, first + n) for n, plan in enumerate(wanted)]
    before = dispatch.phase_run_id(opened.facts.run_id, source)
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


def _open_streams(uow: UnitOfWork, opened: Opened) -> list[Opened]:
    """Open the phases that essays go on to one by one, now that it is known which essays these are."""
    streams = opened.facts.plan.streaming_from(opened.phase)
    if not streams or not uow.runs.hold_active(opened.facts.run_id):
        return []
    standings = uow.runs.standings(opened.facts.run_id)
    return [
        _begin(uow, opened.facts, planned.name)
        for planned in streams
        if standings[planned.name].status is PhaseStatus.PENDING
    ]


def _say_planned(
    uow: UnitOfWork, opened: Opened, wave_no: int, units: int, standing: Mapping[str, Any]
) -> None:
    facts = opened.facts
    uow.outbox.event(
        events.start_event(opened.phase) if wave_no == 1 else "BatchPhaseWaveStartedV1",
        batch_id=facts.batch_id,
        correlation_id=facts.correlation_id,
        status=PhaseStatus.IN_PROGRESS,
        data={
            "run_id": str(facts.run_id),
            "phase_name": opened.phase,
            "wave_no": wave_no,
            "language": facts.context.language,
            "units": units,
            **standing,
        },
    )


def _close(
    uow: UnitOfWork,
    facts: RunFacts,
    phase: str,
    wave_no: int,
    *,
    token: UUID | None,
    status: PhaseStatus,
    reused: int,
    reason: str | None = None,
    result: Mapping[str, Any] | None = None,
) -> list[Opened]:
    """End a phase, say how it went, and open what waited for it. Returns phases to plan next.

    Args:
        result: what came of the whole batch, if anything.
    """
    phase_run_id = dispatch.phase_run_id(facts.run_id, phase)
    closed = uow.runs.close_phase(
        phase_run_id, wave_no, token=token, status=status, reused=reused, reason=reason
    )
    if closed is None:
        return []
    if result is not None:
        uow.results.add_of_batch(result, batch_id=facts.batch_id, run_id=facts.run_id, phase=phase)
        endings.say_found_of_batch(uow, facts, phase, phase_run_id, result)
    endings.say_phase_ended(uow, facts, phase, phase_run_id, status, *closed)
    return advance(uow, facts.run_id)


def advance(uow: UnitOfWork, run_id: UUID) -> list[Opened]:
    """Open the phases of a run that need wait no longer, or end the run.

    Two branches that close at the same moment each see the other still open unless this locks the run first
    and reads its phases afterwards, in a statement of its own: then the second one sees both closed.

    Returns:
        The phases that were opened, for the caller to plan.
    """
    if not uow.runs.hold_active(run_id):
        return []
    facts = run_facts.of(uow, run_id)
    standings = uow.runs.standings(run_id)
    statuses = {name: standing.status for name, standing in standings.items()}
    opened = []
    for planned in facts.plan.phases:  # in topological order, so one pass is enough
        name = planned.name
        waits = all(statuses[before].is_terminal for before in planned.waits_for)
        if statuses[name] is not PhaseStatus.PENDING or not waits:
            continue
        blocked = [need for need in planned.needs if statuses[need] is PhaseStatus.FAILED]
        if planned.is_idle or blocked:
            statuses[name] = PhaseStatus.SKIPPED
            _skip(uow, facts, standings[name].id, name, _why_idle(planned, blocked))
        else:
            statuses[name] = PhaseStatus.IN_PROGRESS
            opened.append(_begin(uow, facts, name))
    if PhaseStatus.IN_PROGRESS not in statuses.values():
        phases = [replace(each, status=statuses[name]) for name, each in standings.items()]
        endings.end_run(uow, facts, phases, lifecycle.run_outcome(list(statuses.values())))
    return opened


def _skip(uow: UnitOfWork, facts: RunFacts, phase_run_id: UUID, phase: str, reason: str) -> None:
    uow.runs.skip_phase(phase_run_id, reason=reason)
    endings.say_phase_skipped(uow, facts, phase, reason)


def _begin(uow: UnitOfWork, facts: RunFacts, phase: str) -> Opened:
    opened = Opened(facts, phase, uuid4())
    uow.runs.begin_phase(opened.phase_run_id, token=opened.token)
    return opened


def _why_idle(planned: PlannedPhase, blocked: Sequence[str]) -> str:
    if blocked:
        return f"no_essay_passed:{blocked[0]}"
    return "already_done" if planned.skipped else "not_asked_for"


def _planning_failed(opened: Opened, error: str, deps: Deps) -> list[Opened]:
    @in_background
    def settle() -> list[Opened]:
        with deps.uow("planning_failed") as uow:
            failures = uow.runs.planning_failed(opened.phase_run_id, opened.token, PLANNING_RETRY_S)
            next_ones: list[Opened] = []
            if failures is not None and failures >= MOST_PLANNING_FAILURES:
                next_ones = _close(
                    uow,
                    opened.facts,
                    opened.phase,
                    opened.wave_no,
                    token=opened.token,
                    status=PhaseStatus.FAILED,
                    reused=opened.reused,
                    reason=DeadLetterReason.PLANNING_FAILED,
                )
                uow.dead_letters.add_phase(
                    DeadLetterReason.PLANNING_FAILED,
                    batch_id=opened.facts.batch_id,
                    run_id=opened.facts.run_id,
                    correlation_id=opened.facts.correlation_id,
                    phase=opened.phase,
                    item_id=None,
                    data={"phase_run_id": str(opened.phase_run_id), "error": error},
                )
            uow.commit()
        return next_ones

    return settle()


def start_within(uow: UnitOfWork, run: Run, deps: Deps) -> None:
    """Open and plan the first phases of a run inside the transaction that starts it.

    So a request commits the canvas rows themselves: with the broker down nothing is missing but the sending.
    """
    todo = advance(uow, run.id)
    while todo:
        todo.extend(_plan_here(uow, todo.pop(0), deps).opened)
