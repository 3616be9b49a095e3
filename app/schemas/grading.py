"""Grades of a class, as its teacher says them."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from app.schemas.assessment import DecidedGradeSchema, KnownGradeSchema
from app.schemas.base import StrictSchema, Text
from app.schemas.batch import MOST_ESSAYS
from app.services.grading import CUSTOM, SCALES

MOST_GRADES = 20
LONGEST_GRADE = 20
_GRADE = (
    validate.Length(1, LONGEST_GRADE),
    validate.Regexp(
        r"^[^\s\u0000-\u001f\u007f-\u009f](?:[^\u0000-\u001f\u007f-\u009f]*"
        r"[^\s\u0000-\u001f\u007f-\u009f])?$(?!\n)",
        error="May have no control characters, and no blanks at its ends.",
    ),
)


def grade_field() -> Text:
    """A field for one grade."""
    return Text(required=True, validate=_GRADE, metadata={"example": "C"})


class SetScaleSchema(StrictSchema):
    """The scale of a class: one that everybody knows, or grades of one's own."""

    scale = fields.String(
        required=True, validate=validate.OneOf([*SCALES, CUSTOM]), metadata={"example": "custom"}
    )
    grades = fields.List(
        Text(validate=_GRADE),
        load_default=None,
        validate=validate.Length(2, MOST_GRADES),
        metadata={
            "description": "with `custom`: the grades, the lowest first",
            "example": ["fail", "pass", "good"],
            "uniqueItems": True,
        },
    )

    @validates_schema(skip_on_field_errors=True)
    def _check_grades(self, data: dict[str, Any], **_: Any) -> None:
        grades = data["grades"]
        if data["scale"] != CUSTOM and grades is not None:
            raise ValidationError("They go with the scale 'custom' only.", "grades")
        if data["scale"] == CUSTOM and grades is None:
            raise ValidationError("The scale 'custom' needs them.", "grades")
        if grades is not None and len(set(grades)) < len(grades):
            raise ValidationError("Every grade may stand here once.", "grades")


GRADES_GO_WITH_CUSTOM = {
    "if": {"properties": {"scale": {"const": CUSTOM}}},
    "then": {"required": ["grades"], "properties": {"grades": {"type": "array"}}},
    "else": {"properties": {"grades": {"type": "null"}}},
}
"""What `SetScaleSchema` says of its grades, for the description."""


class ScaleSchema(StrictSchema):
    """The scale of a class."""

    name = fields.String(required=True)
    grades = fields.List(
        fields.String(), required=True, metadata={"description": "the lowest first"}
    )


class GiveGradeSchema(StrictSchema):
    """A grade of the class's scale."""

    grade = grade_field()


class AnchorSchema(KnownGradeSchema):
    """An essay whose grade is known, so that others can be graded by it."""

    essay_id = fields.String(required=True)


class GivenGradeSchema(GiveGradeSchema):
    """A grade for one of several essays."""

    essay_id = Text(required=True, validate=validate.Length(1, 64), metadata={"example": "essay-1"})


class GiveGradesSchema(StrictSchema):
    """Grades of the class's scale for several essays."""

    grades = fields.List(
        fields.Nested(GivenGradeSchema),
        required=True,
        validate=validate.Length(1, MOST_ESSAYS),
        metadata={"description": "of an essay that stands here twice the last one"},
    )


class GradeDecisionSchema(DecidedGradeSchema):
    """An essay's grade as its teacher decided it."""

    essay_id = fields.String(required=True)


class GradeDecisionsSchema(StrictSchema):
    """The grades that several essays have now."""

    items = fields.List(fields.Nested(GradeDecisionSchema), required=True)


class GradingOfSchema(StrictSchema):
    """All that a teacher has said of a class's grades."""

    scale = fields.Nested(ScaleSchema, required=True, allow_none=True)
    anchors = fields.List(fields.Nested(AnchorSchema), required=True)
    grades = fields.List(fields.Nested(GradeDecisionSchema), required=True)
