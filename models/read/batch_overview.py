"""One row per batch: all that a list of batches and a batch's status show."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, column_property, mapped_column

from models.base import Base, Status


class ProjectionCursor(Base):
    """How far a batch's events have been projected; its row lock keeps two projectors apart.

    `version` grows whenever a row of the batch's read model is written, by the projector or by a request, so that
    whoever has seen a version knows whether there is anything new.
    """

    __tablename__ = "projection_cursors"

    batch_id: Mapped[UUID] = mapped_column(
        ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True
    )
    event_no: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    rung_at: Mapped[datetime | None]


class BatchOverview(Base):
    """A batch with its counts, the phases of its latest run, and what its teacher has to do next.

    `class_key` sorts by `class_designation` in Swedish order; `event_no` is the cursor: the event the row shows.
    """

    __tablename__ = "batch_overview"
    __table_args__ = (Index("ix_batch_overview_owner_id", "owner_id", "created_at", "batch_id"),)

    batch_id: Mapped[UUID] = mapped_column(
        ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True
    )
    owner_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(Status)
    course_code: Mapped[str]
    language: Mapped[str]
    class_designation: Mapped[str]
    expected_essay_count: Mapped[int]
    essay_counts: Mapped[dict[str, Any]]
    run_id: Mapped[UUID | None]
    run_status: Mapped[str | None]
    pipeline: Mapped[str | None]
    canvas_id: Mapped[UUID | None]
    phases: Mapped[list[Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime]
    run_started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    action_required: Mapped[str | None]
    class_key: Mapped[str | None]
    # Read in the same statement as the row, so that the number never promises more than the row shows.
    event_no: Mapped[int] = column_property(
        select(ProjectionCursor.event_no)
        .where(ProjectionCursor.batch_id == batch_id)
        .correlate_except(ProjectionCursor)
        .scalar_subquery()
    )
