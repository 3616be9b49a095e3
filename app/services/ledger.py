"""The life of a slice: claim its units, work on them with no transaction open, settle what came of it.

A message may come twice, late or never. Claim and settle are guarded by the units' state and by a token, so that a
second delivery claims nothing and a worker that lost its lease settles nothing.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from json import JSONEncoder
from time import perf_counter
from uuid import UUID, uuid4

import structlog
from sqlalchemy.exc import DBAPIError

from app.repositories.results import Ended
from app.repositories.units import ClaimedUnit, Settlement
from app.services import admission, claims, dispatch, leases, run_facts, streaming, waves
from app.services.claims import NOBODY, Claimed, Worker
from app.services.deps import Deps
from app.services.run_facts import RunFacts
from app.unit_of_work import UnitOfWork, in_background, is_passing
from pipelines import events
from pipelines.catalogue import RetryPolicy
from pipelines.phase import Done, GaveUp, Later, Outcome, Unit
from pipelines.vocabulary import AttemptOutcome, DeadLetterReason, Scope, UnitStatus

log = structlog.get_logger(__name__)

_CANONICAL = JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))

ATTEMPTS_EXHAUSTED = str(DeadLetterReason.ATTEMPTS_EXHAUSTED)


@dataclass(frozen=True, slots=True)
class Raised:
    """A phase raised where it should have answered."""

    error: str


@dataclass(frozen=True, slots=True)
class Settled:
    """What follows the end of units, once it is committed.

    Attributes:
        waves_over: phase runs with the wave of which nothing remains, for somebody to follow up.
        onward: phases that were opened, to be planned, and slices to work on at once.
        unadmitted: how many units of the run have not been sent yet.
    """

    run_id: UUID
    waves_over: tuple[tuple[UUID, int], ...] = ()
    onward: waves.Onward = waves.NOWHERE
    unadmitted: int = 0
    has_ended_a_phase: bool = False


def run_slice(
    phase_run_id: UUID,
    lo: int,
    hi: int,
    *,
    worker: str,
    deps: Deps,
    reads: frozenset[str] = frozenset(),
) -> None:
    """Do what is still to be done of a slice; safe to call twice.

    Args:
        lo, hi: positions from `lo` up to, and not including, `hi`.
        worker: who works, for the audit.
        reads: the queues of that worker; a wave that follows there and is soon done is worked on at once.
    """
    by = Worker(worker, reads)
    first = claim(phase_run_id, lo, hi, worker=worker, deps=deps)
    # None: done already, being done by another worker, or not wanted any more.
    todo = [first] if first else []
    while todo:
        claimed = todo.pop(0)
        since = perf_counter()
        with lease_kept(claimed, deps):
            outcomes = work(claimed)
        settled = _settle_somehow(claimed, outcomes, since, deps, by)
        todo.extend(follow_up(settled, deps, by=by))


def _settle_somehow(
    claimed: Claimed,
    outcomes: Sequence[Outcome | Raised],
    since: float,
    deps: Deps,
    by: Worker,
) -> Settled:
    """Settle; and if the database refuses, first without what follows, and then without the results."""
    raised: Sequence[Outcome | Raised] = outcomes
    for closes in (True, False):
        try:
            return settle(claimed, outcomes, deps, since=since, by=by, closes=closes)
        except Exception as exc:
            if isinstance(exc, DBAPIError) and is_passing(exc):
                raise  # nothing is wrong with the results; the lease runs out and they are made again
            log.exception("result_refused", run_id=str(claimed.facts.run_id), phase=claimed.phase)
            raised = [Raised(repr(exc))] * len(outcomes)
    # What the database will not have, or what is no JSON, is no result, now or ever.
    return settle(claimed, raised, deps)


def claim(phase_run_id: UUID, lo: int, hi: int, *, worker: str, deps: Deps) -> Claimed | None:
    """Take the free units of a slice, with their texts and the run's frozen context; None if there are none."""
    return _claim(phase_run_id, lo, hi, uuid4(), worker, deps)


@in_background
def _claim(
    phase_run_id: UUID, lo: int, hi: int, token: UUID, worker: str, deps: Deps
) -> Claimed | None:
    with deps.uow("claim") as uow:
        taken = uow.units.claim(
            phase_run_id, lo, hi, token=token, worker=worker, lease_s=deps.settings.lease_s
        )
        if taken is None:
            return None
        facts = run_facts.of(uow, taken.run_id)
        texts = claims.texts(uow, facts, taken.phase, taken.units)
        uow.commit()
    return Claimed(
        phase_run_id,
        lo,
        hi,
        token,
        facts,
        taken.phase,
        taken.engine_version,
        taken.units,
        texts,
        taken.sent_at,
    )


def lease_kept(claimed: Claimed, deps: Deps) -> AbstractContextManager[None]:
    """Renew the lease every third of its length for as long as the block works.

    Losing it is no error here: settling will find that the units are somebody else's.
    """

    def renew() -> None:
        try:
            with deps.uow("renew") as uow:
                uow.units.renew(
                    claimed.phase_run_id,
                    claimed.lo,
                    claimed.hi,
                    token=claimed.token,
                    lease_s=deps.settings.lease_s,
                )
                uow.commit()
        except Exception:
            log.exception("lease_not_renewed", phase_run_id=str(claimed.phase_run_id))

    return leases.keeper.keeping(deps.settings.lease_s / 3, renew)


def work(claimed: Claimed) -> list[Outcome | Raised]:
    """Let the phase work. Whatever it raises becomes an outcome of every unit of the slice."""
    started = perf_counter()
    try:
        engine = claimed.facts.plan.phase(claimed.phase).engine()
        units = [
            Unit(
                unit.position,
                tuple(claimed.texts[essay] for essay in unit.essay_ids)
                if engine.reads_texts
                else (),
                unit.given,
            )
            for unit in claimed.units
        ]
        outcomes = list(engine.run_many(claimed.facts.context, units))
        if len(outcomes) != len(units):
            raise ValueError(f"{len(outcomes)} outcomes for {len(units)} units")
    except Exception as exc:
        log.exception(
            "phase_raised",
            run_id=str(claimed.facts.run_id),
            phase=claimed.phase,
            units=len(claimed.units),
        )
        return [Raised(repr(exc)) for _ in claimed.units]
    log.info(
        "slice_worked",
        run_id=str(claimed.facts.run_id),
        phase=claimed.phase,
        units=len(units),
        duration_s=round(perf_counter() - started, 4),
    )
    return list(outcomes)


def follow_up(settled: Settled, deps: Deps, *, by: Worker = NOBODY) -> tuple[Claimed, ...]:
    """Do what the end of units makes possible: plan what they opened, send what they leave room for.

    Returns:
        Slices that the caller has to work on.
    """
    if settled.unadmitted:
        admission.admit(settled.run_id, deps)
    kept = settled.onward.kept + waves.plan(settled.onward.opened, deps, by=by)
    if deps.settings.settle_closes_wave:
        for phase_run_id, wave_no in settled.waves_over:
            kept += waves.wave_done(phase_run_id, wave_no, deps, by=by)
        if not kept and (settled.waves_over or settled.has_ended_a_phase):
            admission.admit_all(deps)  # others may have waited for this one to end
    return kept


@in_background
def settle(
    claimed: Claimed,
    outcomes: Sequence[Outcome | Raised],
    deps: Deps,
    *,
    since: float | None = None,
    by: Worker = NOBODY,
    closes: bool = True,
) -> Settled:
    """Write what came of a slice: results, counters, events; or nothing, if the lease was lost.

    Args:
        since: when work on it began, by `perf_counter`. How long it took says how long the next ones should be.
        by: who settles, and may keep what follows.
        closes: whether a phase that has nothing left is ended in the same transaction.
    """
    verdicts = [
        _verdict(unit, outcome, claimed)
        for unit, outcome in zip(claimed.units, outcomes, strict=True)
    ]
    facts = claimed.facts
    with deps.uow("settle") as uow:
        changed = uow.units.settle(
            claimed.phase_run_id, claimed.token, [settlement for settlement, _ in verdicts]
        )
        if not changed:
            log.info("settled_nothing", phase_run_id=str(claimed.phase_run_id))
            return Settled(facts.run_id)
        ended = {
            settlement.position: end
            for settlement, end in verdicts
            if end and settlement.position in changed
        }
        settled = record_ended(
            uow,
            facts,
            claimed.phase_run_id,
            claimed.phase,
            claimed.engine_version,
            ended,
            deps=deps,
            since=since,
            claimed_up_to=claimed.sent_at,
            by=by,
            closes=closes,
        )
        if len(ended) < len(changed):
            dispatch.send_due(
                uow,
                facts,
                phase_run_id=claimed.phase_run_id,
                deps=deps,
            )
        uow.commit()
    return settled


def record_ended(
    uow: UnitOfWork,
    facts: RunFacts,
    phase_run_id: UUID,
    phase: str,
    engine_version: str,
    ended: Mapping[int, Ended],
    *,
    deps: Deps,
    since: float | None = None,
    claimed_up_to: datetime | None = None,
    by: Worker = NOBODY,
    closes: bool = True,
) -> Settled:
    """Write the ends of units that have just become terminal: results, dead letters, events, counters.

    Args:
        ended: position → its end.
    """
    if not ended:
        return Settled(facts.run_id)
    _write_ended(uow, facts, phase_run_id, phase, engine_version, list(ended.values()))
    done = sum(end.status == UnitStatus.DONE for end in ended.values())
    counted = uow.runs.count_ended(
        phase_run_id,
        done=done,
        failed=len(ended) - done,
        # With what writing the results took, which for a quick phase is most of it.
        busy_s=perf_counter() - since if since is not None else 0.0,
        claimed_up_to=claimed_up_to,
    )
    over = [counted] if counted.remaining == 0 else []
    over += streaming.release(uow, facts, phase, list(ended))
    if not (closes and deps.settings.settle_closes_wave):
        left = tuple((each.phase_run_id, each.wave_no) for each in over)
        return Settled(facts.run_id, left, unadmitted=counted.unadmitted)
    left, onward = waves.close_within(uow, facts, over, deps, by)
    return Settled(facts.run_id, left, onward, counted.unadmitted, bool(over))


def _write_ended(
    uow: UnitOfWork,
    facts: RunFacts,
    phase_run_id: UUID,
    phase: str,
    engine_version: str,
    ended: Sequence[Ended],
) -> None:
    uow.results.add(
        ended,
        batch_id=facts.batch_id,
        run_id=facts.run_id,
        phase=phase,
        engine_version=engine_version,
    )
    for end in ended:
        if end.failure_code == ATTEMPTS_EXHAUSTED:
            uow.dead_letters.add_phase(
                DeadLetterReason.ATTEMPTS_EXHAUSTED,
                batch_id=facts.batch_id,
                run_id=facts.run_id,
                correlation_id=facts.correlation_id,
                phase=phase,
                item_id=end.item_id,
                data={"phase_run_id": str(phase_run_id), "error": end.error},
            )
    if facts.plan.phase(phase).spec.scope is Scope.BATCH:
        return  # what came of the whole batch is said when its phase ends
    uow.outbox.results(
        events.result_event(phase),
        batch_id=facts.batch_id,
        correlation_id=facts.correlation_id,
        data={"run_id": str(facts.run_id), "phase_name": phase},
        ended=[(str(end.item_id), end.status, end.failure_code) for end in ended],
    )


def _verdict(
    unit: ClaimedUnit, outcome: Outcome | Raised, claimed: Claimed
) -> tuple[Settlement, Ended | None]:
    match outcome:
        case Done(result=result, elapsed_ms=elapsed_ms):
            digest = _digest(result)
            item = claimed.texts.get(unit.item_id)  # none, where the unit is not about one essay
            return (
                Settlement(unit.position, UnitStatus.DONE, AttemptOutcome.DONE, result_hash=digest),
                Ended(
                    unit.item_id,
                    UnitStatus.DONE,
                    unit.input_hash,
                    result_hash=digest,
                    elapsed_ms=elapsed_ms,
                    text_sha256=item.text_sha256 if item else None,
                    result=result,
                ),
            )
        case GaveUp(code=code, reason=reason):
            return (
                Settlement(unit.position, UnitStatus.FAILED, AttemptOutcome.GAVE_UP, error=code),
                Ended(
                    unit.item_id,
                    UnitStatus.FAILED,
                    unit.input_hash,
                    failure_code=code,
                    failure_reason=reason,
                ),
            )
        case Later(after_s=after_s, reason=reason):
            return (
                Settlement(
                    unit.position,
                    UnitStatus.QUEUED,
                    AttemptOutcome.LATER,
                    error=reason,
                    wait_s=after_s,
                    refunds=claimed.is_alone,
                ),
                None,
            )
        case Raised(error=error):
            return _after_raising(unit, error, claimed)


def _after_raising(
    unit: ClaimedUnit, error: str, claimed: Claimed
) -> tuple[Settlement, Ended | None]:
    if claimed.is_alone and unit.attempts >= claimed.retry.max_attempts:
        settlement = Settlement(
            unit.position, UnitStatus.FAILED, AttemptOutcome.RAISED, error=error
        )
        return settlement, exhausted(unit, claimed.retry, error)
    return (
        Settlement(
            unit.position,
            UnitStatus.QUEUED,
            AttemptOutcome.RAISED,
            error=error,
            # In company, nobody knows whose fault it was: each is tried alone at once.
            wait_s=backoff_s(unit.attempts, claimed.retry) if claimed.is_alone else None,
            alone=True,
        ),
        None,
    )


def exhausted(unit: ClaimedUnit, retry: RetryPolicy, error: str) -> Ended:
    """The end of a unit that was tried alone as often as the catalogue allows; `error` is for operators."""
    return Ended(
        unit.item_id,
        UnitStatus.FAILED,
        unit.input_hash,
        failure_code=ATTEMPTS_EXHAUSTED,
        failure_reason=f"It was tried {retry.max_attempts} times and never came to an end.",
        error=error,
    )


def backoff_s(attempts: int, retry: RetryPolicy) -> float:
    """The pause after so many attempts: doubling, up to a bound."""
    return float(min(retry.backoff_max_s, retry.backoff_s * 2 ** max(0, attempts - 1)))


def _digest(result: object) -> str:
    return sha256(_CANONICAL.encode(result).encode("utf-8")).hexdigest()
