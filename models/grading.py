"""Grades: the scale of a class, the essays whose grade its teacher knows, and what was decided of the others."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class GradeScale(Base):
    """The grades of one batch, the lowest first. `version` counts every change of it and of the batch's anchors."""

    __tablename__ = "grade_scales"

    batch_id: Mapped[UUID] = mapped_column(
        ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str]
    grades: Mapped[list[Any]] = mapped_column(JSONB())
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]


class GradeAnchor(Base):
    """An essay whose grade is known. It holds for the text that the essay had then."""

    __tablename__ = "grade_anchors"
    __table_args__ = (Index("ix_grade_anchors_batch_id", "batch_id"),)

    essay_id: Mapped[UUID] = mapped_column(
        ForeignKey("essays.id", ondelete="CASCADE"), primary_key=True
    )
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    grade: Mapped[str]
    text_sha256: Mapped[str]
    marked_at: Mapped[datetime]


class GradeDecision(Base):
    """The grade that a teacher has decided on, whatever is suggested, then or later.

    `suggested` is what was suggested then; the same grade is an approval, another or none an override.
    """

    __tablename__ = "grade_decisions"
    __table_args__ = (Index("ix_grade_decisions_batch_id", "batch_id"),)

    essay_id: Mapped[UUID] = mapped_column(
        ForeignKey("essays.id", ondelete="CASCADE"), primary_key=True
    )
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    grade: Mapped[str]
    suggested: Mapped[str | None]
    text_sha256: Mapped[str]
    decided_at: Mapped[datetime]
