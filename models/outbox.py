"""Messages committed with the change they speak of, and those nobody could handle."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, one_of
from pipelines.vocabulary import DeadLetterStatus


class EventOutbox(Base):
    """One event of a batch or a block of them, or one canvas to publish.

    Events have an `event_no` and stay as the batch's history; canvases and other hints have none. The events that one
    transaction writes about results are one row, whose `event_data` is a block: see `pipelines.events.each`. Its
    `event_no` is that of the last of them.
    """

    __tablename__ = "event_outbox"
    __table_args__ = (
        Index(
            "ix_event_outbox_unpublished",
            "created_at",
            postgresql_where=text("published_at is null"),
        ),
        Index("ix_event_outbox_aggregate_id", "aggregate_type", "aggregate_id", "event_no"),
        Index("ix_event_outbox_topic", "topic"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    aggregate_type: Mapped[str]
    aggregate_id: Mapped[UUID]
    event_type: Mapped[str]
    event_key: Mapped[str]
    event_data: Mapped[dict[str, Any]]
    topic: Mapped[str]
    event_no: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    retry_count: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]


class DeadLetter(Base):
    """A unit or a message that nobody could handle, kept until an operator replays or discards it.

    `resolved_by` and `note` say who did so and why; `replayed_as` is the run that came of a replay.
    """

    __tablename__ = "dead_letters"
    __table_args__ = (
        CheckConstraint(one_of("status", DeadLetterStatus), name="status"),
        Index("ix_dead_letters_batch_id", "batch_id"),
        Index("ix_dead_letters_run_id", "run_id"),
        Index("ix_dead_letters_replayed_as", "replayed_as"),
        Index("ix_dead_letters_created_at", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    phase: Mapped[str | None]
    item_id: Mapped[UUID | None]
    reason: Mapped[str]
    message: Mapped[dict[str, Any]]
    status: Mapped[str]
    created_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None]
    note: Mapped[str | None]
    replayed_as: Mapped[UUID | None] = mapped_column(ForeignKey("runs.id", ondelete="SET NULL"))


class Rescue(Base):
    """How often the reconciler has set something of a kind going again, and when last."""

    __tablename__ = "rescues"

    kind: Mapped[str] = mapped_column(primary_key=True)
    total: Mapped[int] = mapped_column(BigInteger)
    last_at: Mapped[datetime]
