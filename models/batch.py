"""Essays handed in together, and the courses they can belong to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Status, one_of
from pipelines.vocabulary import BatchStatus, Language


class Course(Base):
    """A course and the language its essays are written in; the table is data, not code."""

    __tablename__ = "courses"
    __table_args__ = (CheckConstraint(one_of("language", Language), name="language"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    language: Mapped[str]
    level: Mapped[int]


class Batch(Base):
    """Essays handed in together.

    `event_no` numbers the batch's events without gaps: it is taken last in every transaction, as one block.
    `registration` keeps all that was said when the batch was registered.
    """

    __tablename__ = "batches"
    __table_args__ = (
        CheckConstraint(one_of("status", BatchStatus), name="status"),
        CheckConstraint("expected_essay_count > 0", name="expected_essay_count"),
        Index("ix_batches_owner_id_created_at", "owner_id", "created_at"),
        Index(
            "ix_batches_waiting",
            "readiness_deadline",
            postgresql_where=text("status = 'registered'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    correlation_id: Mapped[UUID]
    course_code: Mapped[str] = mapped_column(ForeignKey("courses.code"))
    language: Mapped[str]
    class_designation: Mapped[str]
    essay_instructions: Mapped[str]
    teacher_name: Mapped[str]
    expected_essay_count: Mapped[int]
    pipeline: Mapped[str | None]
    registration: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(Status)
    readiness_deadline: Mapped[datetime]
    event_no: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]

    @property
    def student_names(self) -> list[str]:
        """The class's pupils, as they were named when it was registered."""
        return list(self.registration.get("student_names") or [])
