"""Comparative judgement: what is known of each essay beforehand, every decision, and what came of a run."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Status

PHASE = "cj_assessment"


class EssayDescription(Base):
    """What one essay looks like to the built-in judge, before any essay is compared with another."""

    __tablename__ = "essay_descriptions"
    __table_args__ = (Index("ix_essay_descriptions_essay_id", "essay_id"),)
    phase: ClassVar[str] = PHASE

    run_id: Mapped[UUID] = mapped_column(
        ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True
    )
    essay_id: Mapped[UUID] = mapped_column(
        ForeignKey("essays.id", ondelete="CASCADE"), primary_key=True
    )
    detail: Mapped[dict[str, Any]]

    @classmethod
    def takes(cls, result: Mapping[str, Any]) -> bool:
        """Whether a result of the phase belongs here."""
        return "choice" not in result

    @classmethod
    def row(cls, item_id: UUID, _: Mapping[str, Any]) -> dict[str, Any]:
        """The columns beside `run_id` and `detail`."""
        return {"essay_id": item_id}

    @classmethod
    def order(cls) -> tuple[Any, ...]:
        """What makes the order of a run's rows always the same."""
        return (cls.essay_id,)


class JudgeDecision(Base):
    """One decision about one pair: written once, never changed, and never made twice.

    `run_id` is the assessment's. `order_no` tells the two orders of a pair apart that one judge saw in one round. A
    decision that a person took back has `withdrawn_at`.
    """

    __tablename__ = "judge_decisions"
    __table_args__ = (
        CheckConstraint("choice in ('left', 'right', 'tie', 'invalid')", name="choice"),
        CheckConstraint("judge_kind in ('builtin', 'llm', 'person')", name="judge_kind"),
        CheckConstraint("left_id <> right_id", name="pair"),
        Index(
            "uq_judge_decisions_once",
            "run_id",
            "round_no",
            text("least(left_id, right_id)"),
            text("greatest(left_id, right_id)"),
            "order_no",
            "judge",
            unique=True,
            postgresql_where=text("withdrawn_at is null"),
        ),
        Index("ix_judge_decisions_left_id", "left_id"),
        Index(
            "ix_judge_decisions_persons",
            "run_id",
            postgresql_where=text("judge_kind = 'person'"),
        ),
        Index("ix_judge_decisions_right_id", "right_id"),
    )
    phase: ClassVar[str] = PHASE

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("runs.id", ondelete="CASCADE"))
    round_no: Mapped[int]
    left_id: Mapped[UUID] = mapped_column(ForeignKey("essays.id", ondelete="CASCADE"))
    right_id: Mapped[UUID] = mapped_column(ForeignKey("essays.id", ondelete="CASCADE"))
    order_no: Mapped[int]
    choice: Mapped[str] = mapped_column(Status)
    judge: Mapped[str]
    judge_kind: Mapped[str] = mapped_column(Status)
    detail: Mapped[dict[str, Any]]
    decided_at: Mapped[datetime] = mapped_column(server_default=func.now())
    withdrawn_at: Mapped[datetime | None]

    @classmethod
    def takes(cls, result: Mapping[str, Any]) -> bool:
        """Whether a result of the phase belongs here."""
        return "choice" in result

    @classmethod
    def row(cls, _: UUID, result: Mapping[str, Any]) -> dict[str, Any]:
        """The columns beside `run_id`, `decided_at` and `detail`."""
        return {
            "round_no": result["round_no"],
            "left_id": result["left"],
            "right_id": result["right"],
            "order_no": result["order"],
            "choice": result["choice"],
            "judge": result["judge"],
            "judge_kind": result["judge_kind"],
        }

    @classmethod
    def order(cls) -> tuple[Any, ...]:
        """What makes the order of a run's rows always the same."""
        return (cls.round_no, cls.left_id, cls.right_id, cls.order_no, cls.judge)


class AssessmentResult(Base):
    """What came of comparing a batch's essays: one row a run, worked out anew when persons have decided since.

    `revision` counts how often it was worked out; `decision_count` is of how many decisions it is made. `basis` says
    what it is made of beside those of its run: while that is still so, it is current.
    """

    __tablename__ = "assessment_results"
    __table_args__ = (Index("ix_assessment_results_batch_id", "batch_id", "created_at"),)
    phase: ClassVar[str] = PHASE

    run_id: Mapped[UUID] = mapped_column(
        ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True
    )
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    revision: Mapped[int] = mapped_column(default=1)
    decision_count: Mapped[int]
    stop_reason: Mapped[str]
    detail: Mapped[dict[str, Any]]
    basis: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @classmethod
    def columns(cls, result: Mapping[str, Any]) -> dict[str, Any]:
        """The columns beside the ids and `detail`."""
        return {"decision_count": result["decision_count"], "stop_reason": result["stop_reason"]}


BATCH_RESULTS: Mapping[str, type[AssessmentResult]] = {PHASE: AssessmentResult}
"""The table of each phase that finds something of a whole batch."""

JUDGEMENT_RESULTS: Mapping[str, tuple[type[EssayDescription] | type[JudgeDecision], ...]] = {
    PHASE: (EssayDescription, JudgeDecision)
}
"""The tables of each phase that plans by what its units have found, in the order in which it reads them."""
