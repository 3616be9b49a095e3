"""Grades of a class: its scale, the essays whose grade the teacher knows, and the teacher's word on the others.

What is suggested follows from the ranking and the anchors; what was decided stays, whatever is suggested then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.errors import BatchNotReady, EssayNotFound, GradesInUse, NoGradeScale, UnknownGrade
from app.repositories.gradings import GradedEssay
from app.services import projecting, recomputing
from app.services.deps import Deps
from app.services.results import Seen, whatever
from app.unit_of_work import UnitOfWork, in_request
from models import Batch, GradeAnchor, GradeDecision, GradeScale
from pipelines.phases.cj_assessment import grades

SCALES: Mapping[str, Sequence[str]] = {
    scale.name: scale.grades for scale in (grades.SWEDISH, grades.ENG5_NATIONAL)
}
"""Name → grades, the lowest first, of the scales that everybody knows."""

CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale of a class: its grades, the lowest first."""

    name: str
    grades: Sequence[str]


@in_request
def grading_of(
    batch_id: UUID, *, owner_id: UUID, deps: Deps, seen: Seen = whatever
) -> dict[str, Any]:
    """All that a teacher has said of a batch's grades.

    Raises:
        BatchNotFound: no such batch of this teacher.
    """
    with deps.uow("read_grading") as uow:
        seen(uow.batches.standing(batch_id, owner_id).version)
        scale = uow.gradings.scale(batch_id)
        anchors, decided = uow.gradings.anchors(batch_id), uow.gradings.decided(batch_id)
        texts = uow.gradings.texts({*anchors, *decided})
        ids = uow.gradings.ids(batch_id)
        return {
            "scale": None if scale is None else Scale(scale.name, scale.grades),
            "anchors": [
                {"essay_id": ids[pk], **anchor_body(anchors[pk], texts[pk])}
                for pk in ids
                if pk in anchors
            ],
            "grades": [
                {"essay_id": ids[pk], **decided_body(decided[pk], texts[pk])}
                for pk in ids
                if pk in decided
            ],
        }


def anchor_body(anchor: GradeAnchor, text_sha256: str | None) -> dict[str, Any]:
    """An anchor as it is sent, ready for JSON."""
    return {
        "grade": anchor.grade,
        "marked_at": anchor.marked_at.isoformat(),
        "has_other_text": anchor.text_sha256 != text_sha256,
    }


def decided_body(decided: GradeDecision, text_sha256: str | None) -> dict[str, Any]:
    """A decided grade as it is sent, ready for JSON."""
    return {
        "grade": decided.grade,
        "suggested": decided.suggested,
        "is_override": decided.grade != decided.suggested,
        "decided_at": decided.decided_at.isoformat(),
        "has_other_text": decided.text_sha256 != text_sha256,
    }


@in_request
def set_scale(batch_id: UUID, wanted: Scale, *, owner_id: UUID, deps: Deps) -> Scale:
    """Say on which scale a batch is graded.

    Raises:
        BatchNotFound: no such batch of this teacher.
        GradesInUse: anchors, or grades that were decided, are not on it.
    """
    with deps.uow("set_grade_scale") as uow:
        batch = uow.batches.owned(batch_id, owner_id)
        uow.gradings.hold_scale(batch_id)
        lost = sorted(uow.gradings.in_use(batch_id).difference(wanted.grades))
        if lost:
            raise GradesInUse(
                f"{', '.join(lost)} would be on no scale. Take these grades back first.",
                grades=lost,
            )
        uow.gradings.set_scale(batch_id, wanted.name, wanted.grades, deps.clock())
        _tell(uow, batch, "grading")
        uow.commit()
        projecting.outdate(uow, batch_id, deps)
    return wanted


@in_request
def mark_anchor(
    batch_id: UUID, essay_id: str, grade: str, *, owner_id: UUID, deps: Deps
) -> dict[str, Any]:
    """Say what grade an essay has, so that others can be graded by it.

    Raises:
        BatchNotFound: no such batch of this teacher.
        EssayNotFound: no such essay in it.
        BatchNotReady: the essay has no text.
        NoGradeScale: the batch has no scale.
        UnknownGrade: the grade is not on it.
    """
    with deps.uow("mark_anchor") as uow:
        batch = uow.batches.owned(batch_id, owner_id)
        essay, scale = _gradable(uow, batch_id, essay_id, grade)
        assert essay.text_sha256 is not None
        anchor = GradeAnchor(
            essay_id=essay.essay_pk,
            batch_id=batch_id,
            grade=grade,
            text_sha256=essay.text_sha256,
            marked_at=deps.clock(),
        )
        uow.gradings.write(anchor)
        uow.gradings.count_change(scale, deps.clock())
        _tell(uow, batch, "grading")
        uow.commit()
        projecting.outdate(uow, batch_id, deps)
    return {"essay_id": essay_id, **anchor_body(anchor, essay.text_sha256)}


@in_request
def unmark_anchor(batch_id: UUID, essay_id: str, *, owner_id: UUID, deps: Deps) -> None:
    """Grade others by an essay no longer; nothing happens if nobody has said so.

    Raises:
        BatchNotFound: no such batch of this teacher.
        EssayNotFound: no such essay in it.
    """
    with deps.uow("unmark_anchor") as uow:
        batch = uow.batches.owned(batch_id, owner_id)
        essay = _essay(uow, batch_id, essay_id)
        scale = uow.gradings.hold_scale(batch_id)
        if not uow.gradings.remove(GradeAnchor, essay.essay_pk) or scale is None:
            return
        uow.gradings.count_change(scale, deps.clock())
        _tell(uow, batch, "grading")
        uow.commit()
        projecting.outdate(uow, batch_id, deps)


def decide(
    batch_id: UUID, essay_id: str, grade: str, *, owner_id: UUID, deps: Deps
) -> dict[str, Any]:
    """Give an essay its grade: what is suggested, or another. It stays, whatever is suggested later.

    Raises like `mark_anchor`.
    """
    given = [_Given(essay_id, grade, "/grade")]
    return _decide(batch_id, given, owner_id=owner_id, deps=deps)[0]


def decide_several(
    batch_id: UUID, wanted: Sequence[tuple[str, str]], *, owner_id: UUID, deps: Deps
) -> list[dict[str, Any]]:
    """Give essays their grades, all of them or none.

    Args:
        wanted: essay and grade; of an essay that stands there twice, the last one.

    Raises like `mark_anchor`.
    """
    given = {
        essay_id: _Given(essay_id, grade, f"/grades/{index}/grade")
        for index, (essay_id, grade) in enumerate(wanted)
    }
    return _decide(batch_id, list(given.values()), owner_id=owner_id, deps=deps)


@dataclass(frozen=True, slots=True)
class _Given:
    """A grade that is to be given, and where in the request it stands."""

    essay_id: str
    grade: str
    field: str


@in_request
def _decide(
    batch_id: UUID, given: Sequence[_Given], *, owner_id: UUID, deps: Deps
) -> list[dict[str, Any]]:
    with deps.uow("decide_grade") as uow:
        batch = uow.batches.owned(batch_id, owner_id)
        essays = uow.gradings.essays(batch_id, [each.essay_id for each in given])
        for each in given:
            _check_text(_found(essays.get(each.essay_id)))
        scale = _hold_scale(uow, batch_id)
        for each in given:
            _check_grade(scale, each.grade, each.field)
        suggested = _suggestions(uow, batch_id)
        answer = []
        for each in given:
            essay = essays[each.essay_id]
            assert essay.text_sha256 is not None
            decided = GradeDecision(
                essay_id=essay.essay_pk,
                batch_id=batch_id,
                grade=each.grade,
                suggested=suggested.get(str(essay.essay_pk)),
                text_sha256=essay.text_sha256,
                decided_at=deps.clock(),
            )
            uow.gradings.write(decided)
            answer.append({"essay_id": each.essay_id, **decided_body(decided, essay.text_sha256)})
        _tell(uow, batch, "grades")
        uow.commit()
        projecting.outdate(uow, batch_id, deps)
    return answer


@in_request
def take_back(batch_id: UUID, essay_id: str, *, owner_id: UUID, deps: Deps) -> None:
    """Leave an essay's grade open again; nothing happens if it is.

    Raises like `unmark_anchor`.
    """
    with deps.uow("take_back_grade") as uow:
        batch = uow.batches.owned(batch_id, owner_id)
        essay = _essay(uow, batch_id, essay_id)
        if not uow.gradings.remove(GradeDecision, essay.essay_pk):
            return
        _tell(uow, batch, "grades")
        uow.commit()
        projecting.outdate(uow, batch_id, deps)


def _essay(uow: UnitOfWork, batch_id: UUID, essay_id: str) -> GradedEssay:
    return _found(uow.gradings.essay(batch_id, essay_id))


def _found(essay: GradedEssay | None) -> GradedEssay:
    if essay is None:
        raise EssayNotFound("The batch has no essay with this id.")
    return essay


def _gradable(
    uow: UnitOfWork, batch_id: UUID, essay_id: str, grade: str
) -> tuple[GradedEssay, GradeScale]:
    essay = _essay(uow, batch_id, essay_id)
    _check_text(essay)
    scale = _hold_scale(uow, batch_id)
    _check_grade(scale, grade, "/grade")
    return essay, scale


def _check_text(essay: GradedEssay) -> None:
    if essay.text_sha256 is None:
        raise BatchNotReady("The essay has no text.", essays_missing=1)


def _hold_scale(uow: UnitOfWork, batch_id: UUID) -> GradeScale:
    scale = uow.gradings.hold_scale(batch_id)
    if scale is None:
        raise NoGradeScale("Choose one first.")
    return scale


def _check_grade(scale: GradeScale, grade: str, field: str) -> None:
    if grade not in scale.grades:
        raise UnknownGrade(
            f"The grades are {', '.join(scale.grades)}.", field=field, known=scale.grades
        )


def _suggestions(uow: UnitOfWork, batch_id: UUID) -> dict[str, str]:
    """Essay → the grade that is suggested for it."""
    found = uow.assessments.newest(batch_id)
    grading = found.detail.get("grading") if found else None
    essays = (grading or {}).get("essays", {})
    return {essay: each["grade"] for essay, each in essays.items() if each}


def _tell(uow: UnitOfWork, batch: Batch, what: str) -> None:
    found = uow.assessments.newest(batch.id)
    recomputing.say_changed(uow, batch, found.run_id if found else None, what)
    projecting.show_within(uow, batch.id)
