"""The ledger: runs, their phases, the units of each, and every attempt at one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, Uuid, false, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Status, one_of
from pipelines.vocabulary import AttemptOutcome, PhaseStatus, Priority, RunStatus, UnitStatus


class Run(Base):
    """One execution of a pipeline over a batch, with its plan and context frozen.

    `canvas_id` is the root id of the run's canvases, by which Flower and this table point at each other.
    """

    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint(one_of("status", RunStatus), name="status"),
        CheckConstraint(one_of("priority", Priority), name="priority"),
        Index("ix_runs_batch_id", "batch_id"),
        Index("ix_runs_parent_run_id", "parent_run_id"),
        Index(
            "uq_runs_one_active_per_batch",
            "batch_id",
            unique=True,
            postgresql_where=text("status in ('active', 'cancelling')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    parent_run_id: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id", ondelete="SET NULL"))
    pipeline: Mapped[str]
    plan: Mapped[dict[str, Any]]
    context: Mapped[dict[str, Any]]
    catalogue_digest: Mapped[str]
    canvas_id: Mapped[UUID]
    correlation_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(Status)
    ending_as: Mapped[str | None] = mapped_column(Status)
    failure_reason: Mapped[str | None]
    priority: Mapped[str] = mapped_column(
        Status, default=Priority.STANDARD, server_default=Priority.STANDARD
    )
    created_at: Mapped[datetime]
    deadline: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class PhaseRun(Base):
    """One phase of a run. `wave_no` counts planned waves and is what planning compares and sets.

    `deadline` is null for a phase that has none of its own, and the run's until the phase has its turn.

    Units from `next_position` up to `end_position` are still to be admitted; those that wait for the phase before
    (`waiting` of them) come along with it. `busy_s` is what all slices together took; `claimed_up_to` is when the
    newest message was sent of which it is known that it arrived.
    """

    __tablename__ = "phase_runs"
    __table_args__ = (
        CheckConstraint(one_of("status", PhaseStatus), name="status"),
        CheckConstraint("remaining >= 0", name="remaining"),
        UniqueConstraint("run_id", "phase"),
        UniqueConstraint("run_id", "ordinal"),
        Index("ix_phase_runs_batch_id", "batch_id"),
        Index("ix_phase_runs_open", "run_id", postgresql_where=text("status = 'in_progress'")),
        Index(
            "ix_phase_runs_measured",
            "phase",
            "finished_at",
            postgresql_where=text("busy_s > 0"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    phase: Mapped[str]
    ordinal: Mapped[int]
    queue: Mapped[str]
    engine_version: Mapped[str | None]
    status: Mapped[str] = mapped_column(Status)
    reason: Mapped[str | None]
    wave_no: Mapped[int] = mapped_column(default=0)
    planning_token: Mapped[UUID | None]
    planning_until: Mapped[datetime | None]
    planning_failures: Mapped[int] = mapped_column(default=0)
    dispatch_no: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    remaining: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    reused: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0, server_default="0")
    next_position: Mapped[int] = mapped_column(default=0, server_default="0")
    end_position: Mapped[int] = mapped_column(default=0, server_default="0")
    busy_s: Mapped[float] = mapped_column(default=0.0, server_default="0")
    claimed_up_to: Mapped[datetime | None]
    dispatched_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    deadline: Mapped[datetime | None]


class Unit(Base):
    """One phase on one item: an essay, or a pair of them.

    `given` is what the plan has to say to whoever works on it.
    `attempts` counts only those made alone, which are the ones that count towards the maximum; `claims` counts all.
    `worker`, `claimed_at` and `claimed_alone` are of the last claim, `result_hash` of the one that did it. No index
    holds anything that changes while a unit lives, so that an update touches none. No foreign key, as in `Result`.
    """

    __tablename__ = "units"
    __table_args__ = (
        CheckConstraint(one_of("status", UnitStatus), name="status"),
        {"postgresql_with": {"fillfactor": 40}},
    )

    phase_run_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    wave_no: Mapped[int]
    item_id: Mapped[UUID]
    essay_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    input_hash: Mapped[str]
    given: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    status: Mapped[str] = mapped_column(Status)
    claims: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    alone: Mapped[bool] = mapped_column(default=False)
    dispatches: Mapped[int] = mapped_column(default=0)
    dispatched_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    lease_token: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    worker: Mapped[str | None]
    claimed_at: Mapped[datetime | None]
    claimed_alone: Mapped[bool] = mapped_column(default=False, server_default=false())
    settled_at: Mapped[datetime | None]
    result_hash: Mapped[str | None]


class Attempt(Base):
    """One try at one unit that came to something else than its result, written when it has ended.

    An audit that never decides anything. The try that did the unit is kept with the unit: `claims`, `worker`,
    `claimed_at`, `claimed_alone`, `settled_at` and `result_hash`. The view `every_attempt` has both.
    """

    __tablename__ = "attempts"
    __table_args__ = (CheckConstraint(one_of("outcome", AttemptOutcome), name="outcome"),)

    phase_run_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    claim_no: Mapped[int] = mapped_column(primary_key=True)
    alone: Mapped[bool]
    token: Mapped[UUID]
    worker: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(Status)
    result_hash: Mapped[str | None]
    error: Mapped[str | None]
