"""One row per essay: all that the results table and an essay's page show."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Status


class EssayReport(Base):
    """An essay with its file's name and the newest result of every phase.

    `findings` has what was found in its spelling and counts as an error here, `left_out` the forms of what does not,
    because a teacher has allowed them; both are null before the check. The keys sort by the pupil's and the file's name
    in Swedish order; `event_no` is the batch's event at which the row last changed.
    """

    __tablename__ = "essay_report"
    __table_args__ = (Index("ix_essay_report_batch_id", "batch_id", "position"),)

    essay_pk: Mapped[UUID] = mapped_column(
        ForeignKey("essays.id", ondelete="CASCADE"), primary_key=True
    )
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    essay_id: Mapped[str]
    position: Mapped[int]
    status: Mapped[str] = mapped_column(Status)
    file_name: Mapped[str | None]
    student_name: Mapped[str | None]
    language: Mapped[str | None]
    failure_code: Mapped[str | None]
    failure_reason: Mapped[str | None]
    phases: Mapped[dict[str, Any]]
    spelling: Mapped[dict[str, Any] | None]
    metrics: Mapped[dict[str, Any] | None]
    findings: Mapped[list[dict[str, Any]] | None] = mapped_column(
        JSONB(none_as_null=True), deferred=True
    )
    left_out: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True), deferred=True)
    student_key: Mapped[str | None]
    file_key: Mapped[str | None]
    event_no: Mapped[int] = mapped_column(BigInteger, server_default="1")
