"""What phases found: one ledger row per unit that ended, and one table per phase with the riches."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, PrimaryKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Status
from pipelines.forms import form_of


class Result(Base):
    """The end of one unit, done or failed. Its primary key is the last line of defence against a second one.

    No foreign key: thousands are written at once, and each would be looked up for. They go when their batch is erased.
    """

    __tablename__ = "results"
    __table_args__ = (
        CheckConstraint("status in ('done', 'failed')", name="status"),
        Index("ix_results_reusable", "batch_id", "phase", "engine_version"),
        PrimaryKeyConstraint("item_id", "phase", "run_id"),
    )

    run_id: Mapped[UUID]
    phase: Mapped[str]
    item_id: Mapped[UUID]
    batch_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(Status)
    input_hash: Mapped[str]
    engine_version: Mapped[str]
    result_hash: Mapped[str | None]
    failure_code: Mapped[str | None]
    failure_reason: Mapped[str | None]
    elapsed_ms: Mapped[float]
    text_sha256: Mapped[str | None]
    created_at: Mapped[datetime]


class EssayResult:
    """What the result tables of phases over essays share. `phase` names the phase whose results a table keeps."""

    phase: ClassVar[str]

    run_id: Mapped[UUID] = mapped_column(
        ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True
    )
    essay_id: Mapped[UUID] = mapped_column(
        ForeignKey("essays.id", ondelete="CASCADE"), primary_key=True
    )
    detail: Mapped[dict[str, Any]]

    @classmethod
    def columns(cls, result: Mapping[str, Any]) -> dict[str, Any]:
        """The columns beside `detail` that screens sort and filter by."""
        raise NotImplementedError

    @classmethod
    def takes(cls, _: Mapping[str, Any]) -> bool:
        """Whether a result of the phase belongs here: every one does."""
        return True

    @classmethod
    def row(cls, item_id: UUID, result: Mapping[str, Any]) -> dict[str, Any]:
        """The columns beside `run_id` and `detail`."""
        return {"essay_id": item_id, **cls.columns(result)}


class SpellcheckResult(EssayResult, Base):
    """Spelling of one essay.

    `findings` has what counting needs of each error, in their order: its form, its kind, and what was meant. It is null
    in rows that a release without it wrote.
    """

    __tablename__ = "spellcheck_results"
    __table_args__ = (Index("ix_spellcheck_results_essay_id", "essay_id"),)
    phase = "spellcheck"

    word_count: Mapped[int]
    error_count: Mapped[int]
    error_rate: Mapped[float | None]
    findings: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))

    @classmethod
    def columns(cls, result: Mapping[str, Any]) -> dict[str, Any]:
        """Words, errors, errors per checked word, which is None where nothing could be checked, and findings."""
        findings = [
            {
                "form": form_of(error["text"]),
                "kind": error["kind"],
                "correction": error["correction"],
            }
            for error in result["errors"]
        ]
        counts = {key: result[key] for key in ("word_count", "error_count", "error_rate")}
        return {**counts, "findings": findings}


class NlpResult(EssayResult, Base):
    """Language metrics of one essay; a metric that is undefined for a text is null."""

    __tablename__ = "nlp_results"
    __table_args__ = (Index("ix_nlp_results_essay_id", "essay_id"),)
    phase = "nlp"

    words: Mapped[int]
    lix: Mapped[float | None]

    @classmethod
    def columns(cls, result: Mapping[str, Any]) -> dict[str, Any]:
        """Words and readability."""
        return {"words": result["words"], "lix": result["lix"]}


ESSAY_RESULTS: Mapping[str, type[SpellcheckResult] | type[NlpResult]] = {
    table.phase: table for table in (SpellcheckResult, NlpResult)
}
"""The table of each phase over essays that keeps more than the ledger's own row."""
