"""Pairs of essays that persons are asked about."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Comparison(Base):
    """A pair that a person is to decide, in the order of its run: free, held by somebody for a while, or decided.

    `judge` is whoever was shown it last, and holds it until `lease_until`; `decision_id` is the decision that stands.
    """

    __tablename__ = "comparisons"
    __table_args__ = (
        UniqueConstraint("run_id", "ordinal"),
        Index(
            "uq_comparisons_once",
            "run_id",
            "round_no",
            text("least(left_id, right_id)"),
            text("greatest(left_id, right_id)"),
            unique=True,
        ),
        Index(
            "ix_comparisons_open",
            "run_id",
            "ordinal",
            postgresql_where=text("decision_id is null"),
        ),
        Index("ix_comparisons_left_id", "left_id"),
        Index("ix_comparisons_right_id", "right_id"),
        Index("ix_comparisons_decision_id", "decision_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    ordinal: Mapped[int]
    round_no: Mapped[int]
    left_id: Mapped[UUID] = mapped_column(ForeignKey("essays.id", ondelete="CASCADE"))
    right_id: Mapped[UUID] = mapped_column(ForeignKey("essays.id", ondelete="CASCADE"))
    judge: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    decision_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("judge_decisions.id", ondelete="SET NULL")
    )
