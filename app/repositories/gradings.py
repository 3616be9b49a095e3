"""Scales, anchors and decided grades of batches."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, text, union
from sqlalchemy.orm import Session

from models import Essay, GradeAnchor, GradeDecision, GradeScale


@dataclass(frozen=True, slots=True)
class GradedEssay:
    """An essay that somebody may give a grade, held until the end of the transaction."""

    essay_pk: UUID
    text_sha256: str | None


class Gradings:
    """The grades of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def scale(self, batch_id: UUID) -> GradeScale | None:
        """The scale of a batch."""
        return self._session.get(GradeScale, batch_id)

    def hold_scale(self, batch_id: UUID) -> GradeScale | None:
        """The same as it is now, held until the end of the transaction."""
        return self._session.scalars(
            select(GradeScale)
            .where(GradeScale.batch_id == batch_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()

    def set_scale(self, batch_id: UUID, name: str, grades: Sequence[str], at: datetime) -> None:
        """Give a batch a scale, or another one."""
        self._session.execute(
            text("""
                insert into grade_scales as s (batch_id, name, grades, version, changed_at)
                values (:batch_id, :name, to_jsonb(cast(:grades as text[])), 1, :at)
                on conflict (batch_id) do update set name = excluded.name,
                    grades = excluded.grades, version = s.version + 1,
                    changed_at = excluded.changed_at
            """),
            {"batch_id": batch_id, "name": name, "grades": list(grades), "at": at},
        )
        self._session.expire_all()

    def count_change(self, scale: GradeScale, at: datetime) -> None:
        """Let a scale that is held know that an anchor was changed."""
        scale.version += 1
        scale.changed_at = at
        self._session.flush()

    def in_use(self, batch_id: UUID) -> frozenset[str]:
        """The grades that anchors and decided grades of a batch have."""
        anchors = select(GradeAnchor.grade).where(GradeAnchor.batch_id == batch_id)
        decided = select(GradeDecision.grade).where(GradeDecision.batch_id == batch_id)
        return frozenset(self._session.scalars(union(anchors, decided)))

    def essay(self, batch_id: UUID, essay_id: str) -> GradedEssay | None:
        """An essay by the id its owner knows, held until the end of the transaction."""
        return next(iter(self.essays(batch_id, [essay_id]).values()), None)

    def essays(self, batch_id: UUID, essay_ids: Collection[str]) -> dict[str, GradedEssay]:
        """Those of some essays that there are, by the ids their owner knows; held until the end of the transaction."""
        rows = self._session.execute(
            select(Essay.essay_id, Essay.id, Essay.text_sha256)
            .where(Essay.batch_id == batch_id, Essay.essay_id.in_(essay_ids))
            .order_by(Essay.position)
            .with_for_update(key_share=True)
        )
        return {essay_id: GradedEssay(pk, sha256) for essay_id, pk, sha256 in rows}

    def ids(self, batch_id: UUID) -> dict[UUID, str]:
        """Essay → the id its owner knows, by position."""
        rows = self._session.execute(
            select(Essay.id, Essay.essay_id)
            .where(Essay.batch_id == batch_id)
            .order_by(Essay.position)
        )
        return dict(rows.all())

    def anchors(self, batch_id: UUID) -> dict[UUID, GradeAnchor]:
        """Essay → anchor."""
        rows = self._session.scalars(select(GradeAnchor).where(GradeAnchor.batch_id == batch_id))
        return {row.essay_id: row for row in rows}

    def decided(self, batch_id: UUID) -> dict[UUID, GradeDecision]:
        """Essay → what its teacher decided."""
        rows = self._session.scalars(
            select(GradeDecision).where(GradeDecision.batch_id == batch_id)
        )
        return {row.essay_id: row for row in rows}

    def texts(self, essay_ids: Collection[UUID]) -> dict[UUID, str | None]:
        """Essay → the hash of its present text."""
        rows = self._session.execute(
            select(Essay.id, Essay.text_sha256).where(Essay.id.in_(essay_ids))
        )
        return dict(rows.all())

    def write(self, row: GradeAnchor | GradeDecision) -> None:
        """Write an essay's anchor or decided grade, in the place of what there was."""
        self._session.merge(row)
        self._session.flush()

    def remove(self, table: type[GradeAnchor] | type[GradeDecision], essay_pk: UUID) -> bool:
        """Remove an essay's anchor or decided grade; whether there was one."""
        removed = self._session.scalars(
            delete(table).where(table.essay_id == essay_pk).returning(table.essay_id)
        ).all()
        return bool(removed)
