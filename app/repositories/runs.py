"""Runs and their phases. What moves a state is guarded by the state it starts from, so doing it twice is nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from json import dumps
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.prepared import prepared
from app.repositories.arrays import literal
from models import PhaseRun, Run
from pipelines.vocabulary import PhaseStatus, RunStatus

_CLAIM_PLANNING = prepared("""
    update phase_runs p
    set planning_token = :token, planning_until = now() + make_interval(secs => :lease_s)
    from runs r
    where p.id = :id and r.id = p.run_id and r.status = 'active' and p.status = 'in_progress'
      and p.wave_no = :wave_no and p.remaining = 0
      and (p.planning_until is null or p.planning_until < now() or p.planning_token = :token)
    returning p.run_id
""")

_NEXT_WAVE = prepared("""
    update phase_runs
    set wave_no = wave_no + 1, dispatch_no = dispatch_no + 1, total = total + :units,
        remaining = :units, waiting = :waiting, reused = :reused, engine_version = :engine_version,
        next_position = :admitted_below, end_position = :end_position,
        planning_token = null, planning_until = null, planning_failures = 0,
        dispatched_at = coalesce(dispatched_at, now())
    where id = :id and status = 'in_progress' and wave_no = :wave_no and remaining = 0
      and planning_token is not distinct from :token
    returning dispatch_no
""")

_ADMIT = prepared("""
    update phase_runs set next_position = :hi, dispatch_no = dispatch_no + 1
    where id = :id and status = 'in_progress' and next_position = :lo
    returning dispatch_no
""")

_CLOSE = prepared("""
    update phase_runs
    set status = :status, reason = coalesce(:reason, reason), reused = :reused, finished_at = clock_timestamp(),
        planning_token = null, planning_until = null
    where id = :id and status = 'in_progress' and wave_no = :wave_no and remaining = 0
      and planning_token is not distinct from :token
    returning done, failed
""")

_COUNT = prepared("""
    update phase_runs p
    set remaining = remaining - :ended, done = done + :done, failed = failed + :failed,
        busy_s = busy_s + :busy_s, claimed_up_to = greatest(claimed_up_to, :claimed_up_to)
    where id = :id
    returning id, phase, remaining, wave_no, done, failed, reused,
        (select sum(o.end_position - o.next_position) from phase_runs o
            where o.run_id = p.run_id and o.status = 'in_progress') as unadmitted
""")

# The deadline of a phase that has one is the run's until it has its turn.
_ADD = prepared("""
    with run as (
        insert into runs (id, batch_id, parent_run_id, pipeline, plan, context, catalogue_digest,
            canvas_id, correlation_id, status, priority, created_at, deadline)
        values (:id, :batch_id, :parent_run_id, :pipeline, :plan, :context, :catalogue_digest,
            :canvas_id, :correlation_id, :status, :priority, :created_at, :deadline)
        returning id, batch_id, deadline
    )
    insert into phase_runs (id, run_id, batch_id, phase, ordinal, queue, status, deadline, wave_no,
        planning_failures, dispatch_no, total, remaining, done, failed, reused)
    select p.id, run.id, run.batch_id, p.phase, p.nth - 1, p.queue, 'pending',
        case when p.has_deadline then run.deadline end, 0, 0, 0, 0, 0, 0, 0, 0
    from run, unnest(cast(:ids as uuid[]), cast(:phases as text[]), cast(:queues as text[]),
        cast(:deadlines as boolean[])) with ordinality as p (id, phase, queue, has_deadline, nth)
""")

_STANDINGS = prepared("""
    select id, phase, status, total, done, failed, reused from phase_runs
    where run_id = :run_id order by ordinal
""")

_END = prepared("""
    update runs set status = :status, finished_at = :at where id = :id
    returning created_at, finished_at, failure_reason
""")

_COUNT_RELEASED = text("""
    update phase_runs
    set waiting = waiting - :released, remaining = remaining - :cancelled, total = total - :cancelled
    where id = :id
    returning id, phase, remaining, wave_no, done, failed, reused
""")

OPENED_FOR_S = 5.0
"""How long whoever opened a phase may take to plan it before somebody else does."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A phase run with units that may have to be sent again."""

    phase_run_id: UUID
    run_id: UUID
    batch_id: UUID
    queue: str
    dispatches: int


@dataclass(frozen=True, slots=True)
class Counted:
    """How a phase run stands after units have ended.

    Attributes:
        remaining: units of it that have not ended.
        reused: items that had their result from an earlier run.
        unadmitted: units of the whole run that have not been sent yet; 0 if that was not looked at.
    """

    phase_run_id: UUID
    phase: str
    remaining: int
    wave_no: int
    done: int
    failed: int
    reused: int
    unadmitted: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one phase of a run stands, and how many units of it there are, are done and have failed.

    Attributes:
        reused: items that had their result from an earlier run.
    """

    id: UUID
    phase: str
    status: PhaseStatus
    total: int
    done: int
    failed: int
    reused: int


@dataclass(frozen=True, slots=True)
class NewPhase:
    """A phase of a run that is to start.

    Attributes:
        has_deadline: whether it has one of its own.
    """

    id: UUID
    name: str
    queue: str
    has_deadline: bool


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A run that has just ended."""

    created_at: datetime
    finished_at: datetime
    failure_reason: str | None


class Runs:
    """The runs and phase runs of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, run: Run, phases: Sequence[NewPhase]) -> None:
        """Write a run and its phases, in topological order."""
        _ADD.on(
            self._session,
            {
                "id": run.id,
                "batch_id": run.batch_id,
                "parent_run_id": run.parent_run_id,
                "pipeline": run.pipeline,
                "plan": dumps(run.plan),
                "context": dumps(run.context),
                "catalogue_digest": run.catalogue_digest,
                "canvas_id": run.canvas_id,
                "correlation_id": run.correlation_id,
                "status": run.status,
                "priority": run.priority,
                "created_at": run.created_at,
                "deadline": run.deadline,
                "ids": literal(phase.id for phase in phases),
                "phases": literal(phase.name for phase in phases),
                "queues": literal(phase.queue for phase in phases),
                "deadlines": literal(phase.has_deadline for phase in phases),
            },
        )

    def find(self, batch_id: UUID, run_id: UUID) -> Run | None:
        """One run of a batch, if there is one of that id."""
        run = self._session.get(Run, run_id)
        return run if run is not None and run.batch_id == batch_id else None

    def get(self, run_id: UUID) -> Run:
        """One run, as it is now."""
        return self._session.scalars(
            select(Run).where(Run.id == run_id).execution_options(populate_existing=True)
        ).one()

    def lock(self, run_id: UUID) -> Run:
        """One run, held until the end of the transaction."""
        return self._session.scalars(
            select(Run)
            .where(Run.id == run_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        ).one()

    def active_of(self, batch_id: UUID) -> Run | None:
        """The batch's run that has not ended."""
        return self._session.scalars(
            select(Run).where(
                Run.batch_id == batch_id,
                Run.status.in_([RunStatus.ACTIVE, RunStatus.CANCELLING]),
            )
        ).one_or_none()

    def latest_of(self, batch_id: UUID) -> Run | None:
        """The batch's run that has not ended, or else its newest."""
        return self._session.scalars(
            select(Run)
            .where(Run.batch_id == batch_id)
            .order_by(Run.finished_at.is_not(None), Run.created_at.desc())
            .limit(1)
        ).one_or_none()

    def how_it_last_ended(self, batch_id: UUID, phase: str) -> PhaseStatus | None:
        """How a phase ended in the newest of a batch's runs that did it to the end."""
        status = self._session.scalars(
            select(PhaseRun.status)
            .where(
                PhaseRun.batch_id == batch_id,
                PhaseRun.phase == phase,
                PhaseRun.status.in_(
                    [
                        PhaseStatus.COMPLETED,
                        PhaseStatus.COMPLETED_WITH_FAILURES,
                        PhaseStatus.FAILED,
                    ]
                ),
            )
            .order_by(PhaseRun.finished_at.desc())
            .limit(1)
        ).one_or_none()
        return PhaseStatus(status) if status else None

    def phase_run(self, phase_run_id: UUID) -> PhaseRun | None:
        """One phase of a run, as it is now."""
        return self._session.scalars(
            select(PhaseRun)
            .where(PhaseRun.id == phase_run_id)
            .execution_options(populate_existing=True)
        ).one_or_none()

    def phases(self, run_id: UUID) -> Sequence[PhaseRun]:
        """The phases of a run in topological order, as they are now and not as they were read before."""
        return self._session.scalars(
            select(PhaseRun)
            .where(PhaseRun.run_id == run_id)
            .order_by(PhaseRun.ordinal)
            .execution_options(populate_existing=True)
        ).all()

    def is_wave_over(self, phase_run_id: UUID, wave_no: int) -> bool:
        """Whether nothing remains of a phase's newest wave, and nobody has followed that up."""
        found = self._session.execute(
            text(
                "select 1 from phase_runs where id = :id and status = 'in_progress'"
                " and wave_no = :wave_no and remaining = 0"
            ),
            {"id": phase_run_id, "wave_no": wave_no},
        )
        return found.one_or_none() is not None

    def claim_planning(
        self, phase_run_id: UUID, wave_no: int, *, token: UUID, lease_s: float
    ) -> bool:
        """Take the right to plan what follows a wave; False if it is not over, or somebody else plans."""
        claimed = _CLAIM_PLANNING.on(
            self._session,
            {"id": phase_run_id, "wave_no": wave_no, "token": token, "lease_s": lease_s},
        )
        return claimed.one_or_none() is not None

    def begin_phase(self, phase_run_id: UUID, *, token: UUID) -> None:
        """Open a phase, with the right to plan its first wave, which lapses soon if nobody does."""
        prepared(
            "update phase_runs set status = 'in_progress', started_at = clock_timestamp(),"
            " planning_token = :token, planning_until = now() + make_interval(secs => :s)"
            " where id = :id"
        ).on(
            self._session,
            {"id": phase_run_id, "token": token, "s": OPENED_FOR_S},
        )

    def skip_phase(self, phase_run_id: UUID, *, reason: str) -> None:
        """End a phase that has not begun."""
        self._session.execute(
            text(
                "update phase_runs set status = 'skipped', reason = :reason,"
                " finished_at = clock_timestamp() where id = :id"
            ),
            {"id": phase_run_id, "reason": reason},
        )

    def hold_active(self, run_id: UUID) -> bool:
        """Hold a run until the end of the transaction; whether it is active."""
        status = (
            prepared("select status from runs where id = :id for no key update")
            .on(self._session, {"id": run_id})
            .scalar_one()
        )
        return bool(status == RunStatus.ACTIVE)

    def standings(self, run_id: UUID) -> dict[str, Standing]:
        """Where the phases of a run stand now, in topological order."""
        rows = _STANDINGS.on(self._session, {"run_id": run_id})
        return {
            row.phase: Standing(
                row.id,
                row.phase,
                PhaseStatus(row.status),
                row.total,
                row.done,
                row.failed,
                row.reused,
            )
            for row in rows
        }

    def end(self, run_id: UUID, status: RunStatus, at: datetime) -> RunEnded:
        """End a run that is held."""
        row = _END.on(self._session, {"id": run_id, "status": status, "at": at}).one()
        return RunEnded(*row)

    def planning_failed(self, phase_run_id: UUID, token: UUID, retry_s: float) -> int | None:
        """Give the right to plan back after an error; how often that happened, None if it was not ours."""
        failures: int | None = self._session.execute(
            text(
                "update phase_runs set planning_failures = planning_failures + 1,"
                " planning_until = now() + make_interval(secs => :retry_s)"
                " where id = :id and planning_token = :token returning planning_failures"
            ),
            {"id": phase_run_id, "token": token, "retry_s": retry_s},
        ).scalar_one_or_none()
        return failures

    def next_wave(
        self,
        phase_run_id: UUID,
        wave_no: int,
        *,
        token: UUID | None,
        units: int,
        waiting: int,
        admitted_below: int,
        end_position: int,
        reused: int,
        engine_version: str,
    ) -> int | None:
        """Open the wave after `wave_no`: its dispatch number, or None if that has happened.

        Args:
            waiting: how many of the units wait for the phase before.
            admitted_below: the first position that is not sent at once.
            end_position: the end of what is still to be admitted.
        """
        opened: int | None = _NEXT_WAVE.on(
            self._session,
            {
                "id": phase_run_id,
                "wave_no": wave_no,
                "token": token,
                "units": units,
                "waiting": waiting,
                "admitted_below": admitted_below,
                "end_position": end_position,
                "reused": reused,
                "engine_version": engine_version,
            },
        ).scalar_one_or_none()
        return opened

    def admit(self, phase_run_id: UUID, lo: int, hi: int) -> int | None:
        """Move the point up to which units were sent: the dispatch number, or None if somebody else has."""
        admitted: int | None = _ADMIT.on(
            self._session, {"id": phase_run_id, "lo": lo, "hi": hi}
        ).scalar_one_or_none()
        return admitted

    def with_unadmitted(self) -> list[UUID]:
        """Active runs of which some units have not been sent yet, the ones that came first first."""
        return list(
            self._session.scalars(
                text(
                    "select r.id from runs r where r.status = 'active' and exists (select 1"
                    " from phase_runs p where p.run_id = r.id and p.status = 'in_progress'"
                    " and p.next_position < p.end_position) order by r.created_at, r.id"
                )
            )
        )

    def close_phase(
        self,
        phase_run_id: UUID,
        wave_no: int,
        *,
        token: UUID | None,
        status: PhaseStatus,
        reused: int,
        reason: str | None = None,
    ) -> tuple[int, int] | None:
        """End a phase whose last wave is over: how many units are done and failed; None if that has happened."""
        closed = _CLOSE.on(
            self._session,
            {
                "id": phase_run_id,
                "wave_no": wave_no,
                "token": token,
                "status": status,
                "reused": reused,
                "reason": reason,
            },
        )
        row = closed.one_or_none()
        return None if row is None else (row.done, row.failed)

    def count_ended(
        self,
        phase_run_id: UUID,
        *,
        done: int,
        failed: int,
        busy_s: float = 0.0,
        claimed_up_to: datetime | None = None,
    ) -> Counted:
        """Take ended units off what remains, and note how long they took and when they had been sent."""
        row = _COUNT.on(
            self._session,
            {
                "id": phase_run_id,
                "ended": done + failed,
                "done": done,
                "failed": failed,
                "busy_s": busy_s,
                "claimed_up_to": claimed_up_to,
            },
        ).one()
        return counted(row, row.unadmitted or 0)

    def count_released(self, phase_run_id: UUID, *, queued: int, cancelled: int) -> Counted:
        """Take units off what waits, and those that will not go on off what there is."""
        row = self._session.execute(
            _COUNT_RELEASED,
            {"id": phase_run_id, "released": queued + cancelled, "cancelled": cancelled},
        ).one()
        return counted(row)

    def lock_phase(self, phase_run_id: UUID) -> None:
        """Hold a phase run, so that no unit of it ends until the transaction does."""
        self._session.execute(
            text("select 1 from phase_runs where id = :id for no key update"), {"id": phase_run_id}
        )

    def next_dispatch_no(self, phase_run_id: UUID) -> int:
        """The number of the phase run's next canvas."""
        return int(
            self._session.execute(
                text(
                    "update phase_runs set dispatch_no = dispatch_no + 1 where id = :id"
                    " returning dispatch_no"
                ),
                {"id": phase_run_id},
            ).scalar_one()
        )

    def lock_phases(self, run_id: UUID) -> Sequence[PhaseRun]:
        """The phases of a run in topological order, held until the end of the transaction."""
        return self._session.scalars(
            select(PhaseRun)
            .where(PhaseRun.run_id == run_id)
            .order_by(PhaseRun.ordinal)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        ).all()

    def to_dispatch(self, *, after_s: float) -> list[Dispatch]:
        """Open phase runs with units that must be sent again or lie unclaimed for longer than `after_s`."""
        rows = self._session.execute(
            text("""
                select p.id, p.run_id, p.batch_id, p.queue, u.dispatches from phase_runs p
                join runs r on r.id = p.run_id and r.status = 'active'
                cross join lateral (select max(u.dispatches) as dispatches from units u
                    where u.phase_run_id = p.id and u.status = 'queued' and u.dispatches > 0
                        and (u.not_before is null or u.not_before <= now())
                        and (u.dispatched_at is null
                            or u.dispatched_at < now() - make_interval(secs => :after_s))) u
                where p.status = 'in_progress' and u.dispatches is not null order by p.id
            """),
            {"after_s": after_s},
        )
        return [Dispatch(*row) for row in rows]

    def overtaken_before(self, *, after_s: float, margin_s: float) -> dict[str, datetime]:
        """Queue → when a message must have been sent to be lost, since one sent later has arrived.

        Args:
            after_s: nothing sent within this time is called lost.
            margin_s: by how much the other one must have been sent later.
        """
        rows = self._session.execute(
            text("""
                select queue, least(now() - make_interval(secs => :after_s),
                    max(claimed_up_to) - make_interval(secs => :margin_s)) as before
                from phase_runs where status = 'in_progress' and claimed_up_to is not null
                group by queue
            """),
            {"after_s": after_s, "margin_s": margin_s},
        )
        return {row.queue: row.before for row in rows}

    def with_missed_wave_end(self) -> list[tuple[UUID, int]]:
        """Open phases in which nothing remains and nobody plans: (phase run, wave)."""
        rows = self._session.execute(
            text(
                "select p.id, p.wave_no from phase_runs p join runs r on r.id = p.run_id"
                " where r.status = 'active' and p.status = 'in_progress' and p.remaining = 0"
                " and (p.planning_until is null or p.planning_until < now()) order by p.id"
            )
        )
        return [(row.id, row.wave_no) for row in rows]

    def without_open_phase(self) -> list[UUID]:
        """Active runs in which no phase is in progress."""
        return list(
            self._session.scalars(
                text(
                    "select r.id from runs r where r.status = 'active' and not exists"
                    " (select 1 from phase_runs p where p.run_id = r.id and p.status = 'in_progress')"
                    " order by r.id"
                )
            )
        )

    def past_deadline(self) -> list[UUID]:
        """Runs that have had all the time they get."""
        return list(
            self._session.scalars(
                text("select id from runs where status = 'active' and deadline < now() order by id")
            )
        )

    def phases_past_deadline(self) -> list[UUID]:
        """Phases at work that have had all the time they get, and about which nothing has been done yet."""
        return list(
            self._session.scalars(
                text(
                    "select p.id from phase_runs p join runs r on r.id = p.run_id"
                    " where r.status = 'active' and p.status = 'in_progress' and p.deadline < now()"
                    " and p.wave_no > 0 and (p.remaining > 0 or p.reason is null) order by p.id"
                )
            )
        )

    def before_their_deadline_is_set(self) -> Sequence[PhaseRun]:
        """Phases at work that have a deadline of their own, which nobody has counted yet."""
        return self._session.scalars(
            select(PhaseRun)
            .join(Run, Run.id == PhaseRun.run_id)
            .where(
                Run.status == RunStatus.ACTIVE,
                PhaseRun.status == PhaseStatus.IN_PROGRESS,
                PhaseRun.deadline == Run.deadline,
            )
            .order_by(PhaseRun.id)
        ).all()

    def set_deadline(self, phase_run_id: UUID, deadline: datetime) -> None:
        """Say until when a phase may take."""
        self._session.execute(
            update(PhaseRun).where(PhaseRun.id == phase_run_id).values(deadline=deadline),
            execution_options={"synchronize_session": False},
        )

    def end_planning(self, phase_run_id: UUID, reason: str) -> bool:
        """Say that a phase at work plans nothing more; False if it has ended."""
        ended = self._session.execute(
            text(
                "update phase_runs set reason = :reason where id = :id and status = 'in_progress'"
                " returning id"
            ),
            {"id": phase_run_id, "reason": reason},
        )
        return ended.one_or_none() is not None

    def being_cancelled(self) -> list[UUID]:
        """Runs whose end has been decided and not yet carried out."""
        return list(
            self._session.scalars(
                text("select id from runs where status = 'cancelling' order by id")
            )
        )

    def lost_items(self, run_id: UUID, phases: Sequence[str]) -> dict[str, dict[str, set[str]]]:
        """Which items got no further in some phases of a run: phase → `failed` or `cancelled` → items."""
        rows: Any = prepared("""
            select p.phase, u.status, u.item_id::text from phase_runs p cross join lateral (
                select status, item_id from units
                where phase_run_id = p.id and status in ('failed', 'cancelled')
                offset 0) u  -- keeps the planner from reading every unit there is
            where p.run_id = :run_id and p.phase = any(:phases)
        """).on(
            self._session,
            {"run_id": run_id, "phases": list(phases)},
        )
        found: dict[str, dict[str, set[str]]] = {}
        for phase, status, item_id in rows:
            found.setdefault(phase, {}).setdefault(status, set()).add(item_id)
        return found

    def database_now(self) -> datetime:
        """The database's clock."""
        moment: datetime = prepared("select now()").on(self._session).scalar_one()
        return moment


def counted(row: Any, unadmitted: int = 0) -> Counted:
    """How a phase run stands that has just been read or counted."""
    return Counted(
        row.id,
        row.phase,
        row.remaining,
        row.wave_no,
        row.done,
        row.failed,
        row.reused,
        unadmitted,
    )
