"""What teachers are told, and how far each one's numbers have come."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, one_of
from pipelines.notifications import Category, Priority


class Notification(Base):
    """One notification of one teacher.

    `seq` counts a teacher's notifications from 1 without gaps, in the order of commits; `notification_id` is the id
    of the event that asked for it, so that no event becomes two. They go with their batch.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        CheckConstraint(one_of("category", Category), name="category"),
        CheckConstraint(one_of("priority", Priority), name="priority"),
        Index("uq_notifications_notification_id", "notification_id", unique=True),
        Index("ix_notifications_batch_id", "batch_id"),
        Index(
            "ix_notifications_unread",
            "user_id",
            "seq",
            postgresql_where=text("read_at is null"),
        ),
    )

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    notification_id: Mapped[UUID]
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    correlation_id: Mapped[UUID]
    type: Mapped[str]
    category: Mapped[str]
    priority: Mapped[str]
    action_required: Mapped[bool]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class NotificationCounter(Base):
    """A teacher's newest number; its row lock makes numbers follow commits."""

    __tablename__ = "notification_counters"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    last_seq: Mapped[int] = mapped_column(BigInteger)
