"""Grades of a class: its scale, its anchors, and what its teacher decides."""

from typing import Any
from uuid import UUID

from flask import Response

from app.api import etags
from app.api.blueprint import Access, GuardedBlueprint, caller, deps
from app.api.downloads import CSV, table
from app.schemas.grading import (
    AnchorSchema,
    GiveGradeSchema,
    GiveGradesSchema,
    GradeDecisionSchema,
    GradeDecisionsSchema,
    GradingOfSchema,
    ScaleSchema,
    SetScaleSchema,
)
from app.services import grade_files, grading
from app.services.grading import SCALES, Scale

bp = GuardedBlueprint(
    "grading", __name__, url_prefix="/v1", access=Access.USER, description="Grades"
)


@bp.route("/batches/<uuid:batch_id>/grading")
@etags.tagged
@bp.response(200, GradingOfSchema)
def get_grading(batch_id: UUID) -> dict[str, Any]:
    """Show all that was said of a batch's grades."""
    return grading.grading_of(batch_id, owner_id=caller(), deps=deps(), seen=etags.unless_changed)


@bp.route("/batches/<uuid:batch_id>/grade-scale", methods=["PUT"])
@bp.arguments(SetScaleSchema)
@bp.response(200, ScaleSchema)
def set_scale(wanted: dict[str, Any], batch_id: UUID) -> Scale:
    """Say on which scale a batch is graded."""
    name = wanted["scale"]
    scale = Scale(name, list(SCALES.get(name) or wanted["grades"]))
    return grading.set_scale(batch_id, scale, owner_id=caller(), deps=deps())


@bp.route("/batches/<uuid:batch_id>/anchors/<essay:essay_id>", methods=["PUT"])
@bp.arguments(GiveGradeSchema)
@bp.response(200, AnchorSchema)
def mark_anchor(wanted: dict[str, str], batch_id: UUID, essay_id: str) -> dict[str, Any]:
    """Say what grade an essay has, so that others can be graded by it."""
    return grading.mark_anchor(batch_id, essay_id, wanted["grade"], owner_id=caller(), deps=deps())


@bp.route("/batches/<uuid:batch_id>/anchors/<essay:essay_id>", methods=["DELETE"])
@bp.response(204)
def unmark_anchor(batch_id: UUID, essay_id: str) -> None:
    """Grade others by an essay no longer."""
    grading.unmark_anchor(batch_id, essay_id, owner_id=caller(), deps=deps())


@bp.route("/batches/<uuid:batch_id>/grades", methods=["PATCH"])
@bp.arguments(GiveGradesSchema)
@bp.response(200, GradeDecisionsSchema)
def decide_grades(wanted: dict[str, Any], batch_id: UUID) -> dict[str, Any]:
    """Give several essays their grades at once, all of them or none; the others keep theirs."""
    pairs = [(each["essay_id"], each["grade"]) for each in wanted["grades"]]
    return {"items": grading.decide_several(batch_id, pairs, owner_id=caller(), deps=deps())}


@bp.route("/batches/<uuid:batch_id>/grades.csv")
@bp.response(200, {"type": "string"}, content_type=CSV)
def write_grades(batch_id: UUID) -> Response:
    """Give the ranking with its grades as a file for spreadsheets."""
    body = grade_files.written(batch_id, owner_id=caller(), deps=deps())
    # Without its mark some spreadsheets take UTF-8 for something else.
    return table(body.encode("utf-8-sig"), "grades.csv")


@bp.route("/batches/<uuid:batch_id>/grades/<essay:essay_id>", methods=["PUT"])
@bp.arguments(GiveGradeSchema)
@bp.response(200, GradeDecisionSchema)
def decide_grade(wanted: dict[str, str], batch_id: UUID, essay_id: str) -> dict[str, Any]:
    """Give an essay its grade: the one that is suggested, or another."""
    return grading.decide(batch_id, essay_id, wanted["grade"], owner_id=caller(), deps=deps())


@bp.route("/batches/<uuid:batch_id>/grades/<essay:essay_id>", methods=["DELETE"])
@bp.response(204)
def take_back_grade(batch_id: UUID, essay_id: str) -> None:
    """Leave an essay's grade open again."""
    grading.take_back(batch_id, essay_id, owner_id=caller(), deps=deps())
