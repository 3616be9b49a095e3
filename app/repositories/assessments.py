"""What came of comparing the essays of batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import AssessmentResult, Essay, EssayReport, PhaseRun, Result
from models.judgement import PHASE


@dataclass(frozen=True, slots=True)
class NamedEssay:
    """An essay of a batch as an assessment names it.

    Attributes:
        essay_id: its owner's name for it.
        has_other_text: whether its text is no longer the one that was compared.
        failure_code: why it could not be compared, if that was tried.
    """

    essay_pk: UUID
    essay_id: str
    position: int
    student_name: str | None
    file_name: str | None
    has_other_text: bool
    failure_code: str | None


class Assessments:
    """The assessments of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def newest(self, batch_id: UUID) -> AssessmentResult | None:
        """What the last run that compared a batch's essays came to."""
        return self._session.scalars(
            select(AssessmentResult)
            .where(AssessmentResult.batch_id == batch_id)
            .order_by(AssessmentResult.created_at.desc(), AssessmentResult.run_id)
            .limit(1)
        ).one_or_none()

    def hold(self, run_id: UUID) -> AssessmentResult | None:
        """What a run came to, as it is now, held until the end of the transaction."""
        return self._session.scalars(
            select(AssessmentResult)
            .where(AssessmentResult.run_id == run_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()

    def of_job(self, phase_run_id: UUID) -> AssessmentResult | None:
        """What one phase run came to."""
        return self._session.scalars(
            select(AssessmentResult)
            .join(PhaseRun, PhaseRun.run_id == AssessmentResult.run_id)
            .where(PhaseRun.id == phase_run_id, PhaseRun.phase == PHASE)
        ).one_or_none()

    def essays(self, batch_id: UUID, run_id: UUID) -> Sequence[NamedEssay]:
        """The essays of a batch by position, beside what a run found of them."""
        rows = self._session.execute(
            select(
                EssayReport.essay_pk,
                EssayReport.essay_id,
                EssayReport.position,
                EssayReport.student_name,
                EssayReport.file_name,
                Result.text_sha256.is_not(None)
                & Result.text_sha256.is_distinct_from(Essay.text_sha256),
                Result.failure_code,
            )
            .join(Essay, Essay.id == EssayReport.essay_pk)
            .outerjoin(
                Result,
                (Result.item_id == EssayReport.essay_pk)
                & (Result.run_id == run_id)
                & (Result.phase == PHASE),
            )
            .where(EssayReport.batch_id == batch_id)
            .order_by(EssayReport.position)
        )
        return [NamedEssay(*row) for row in rows]
