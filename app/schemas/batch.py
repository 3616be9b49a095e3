"""Batches and courses."""

from collections import Counter
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from app.schemas.base import ChangesSchema, Moment, StrictSchema, Text, Whole, word
from app.schemas.page import CountedPageSchema, PageQuerySchema, PageSchema, sorted_by, words_of
from app.services.batch_lists import ORDERS
from pipelines.vocabulary import Action, BatchStatus, Language, PhaseStatus, RunStatus

MOST_ESSAYS = 5000
ESSAY_ID = validate.Regexp(
    # `changes` is an address of its own where an essay's id would stand.
    r"^(?!changes$)[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$(?!\n)",
    error="May have letters, digits and . _ : - only, 64 at most, and not be 'changes'.",
)


LONGEST_NAME = 200


_NAME = f"Must have 1 to {LONGEST_NAME} characters, and not blanks alone."
student_name = (
    validate.Length(1, LONGEST_NAME, error=_NAME),
    validate.Regexp(r"^[^\u0000]*[^\s\u0000][^\u0000]*$", error=_NAME),
)


class RegisterBatchSchema(StrictSchema):
    """A batch to register, with a slot for each expected essay."""

    expected_essay_count = Whole(
        required=True,
        validate=validate.Range(1, MOST_ESSAYS),
        metadata={"example": 2},
    )
    essay_ids = fields.List(
        Text(validate=ESSAY_ID),
        required=True,
        validate=validate.Length(1, MOST_ESSAYS),
        metadata={"example": ["essay-1", "essay-2"], "uniqueItems": True},
    )
    course_code = Text(required=True, validate=validate.Length(1, 20), metadata={"example": "ENG5"})
    class_designation = Text(
        required=True, validate=validate.Length(1, 100), metadata={"example": "Class 9A"}
    )
    essay_instructions = Text(
        required=True,
        validate=validate.Length(0, 20_000),
        metadata={"description": "The assignment text; some phases need it."},
    )
    teacher_name = Text(required=True, validate=validate.Length(1, 200))
    student_names = fields.List(
        Text(validate=student_name),
        load_default=list,
        validate=validate.Length(0, MOST_ESSAYS),
        metadata={
            "description": "The class's pupils; files are matched to them by name.",
            "example": ["Anna Berg", "Bo Ek"],
        },
    )
    class_id = fields.UUID(load_default=None, allow_none=True)
    pipeline = Text(
        load_default=None,
        allow_none=True,
        metadata={"description": "A pipeline to start by itself when every essay has its text."},
    )

    @validates_schema(skip_on_field_errors=True)
    def _check_count(self, data: dict[str, Any], **_: Any) -> None:
        ids = data["essay_ids"]
        _check_once(ids, "id", "essay_ids")
        _check_once(data["student_names"], "name", "student_names")
        if len(ids) != data["expected_essay_count"]:
            raise ValidationError(
                f"{data['expected_essay_count']} essays are expected, but {len(ids)} ids are given.",
                "expected_essay_count",
            )


def _check_once(values: list[str], what: str, field: str) -> None:
    twice = sorted(value for value, count in Counter(values).items() if count > 1)
    if twice:
        raise ValidationError(
            f"Every {what} may stand here once; {', '.join(twice)} stands here more often.", field
        )


class RegisteredSchema(StrictSchema):
    """A batch that has been registered."""

    batch_id = fields.UUID(required=True)
    correlation_id = fields.UUID(required=True)
    status = word(BatchStatus)


class PhaseProgressSchema(StrictSchema):
    """Where one phase of the latest run stands."""

    phase = fields.String(required=True)
    status = word(PhaseStatus)
    reason = fields.String(required=True, allow_none=True)
    total = fields.Integer(required=True)
    done = fields.Integer(required=True)
    failed = fields.Integer(required=True)
    reused = fields.Integer(
        required=True, metadata={"description": "essays that had their result already"}
    )
    started_at = Moment(required=True, allow_none=True)
    finished_at = Moment(required=True, allow_none=True)


class BatchSchema(StrictSchema):
    """A batch as lists show it."""

    batch_id = fields.UUID(required=True)
    status = word(BatchStatus)
    course_code = fields.String(required=True)
    language = word(Language)
    class_designation = fields.String(required=True)
    expected_essay_count = fields.Integer(required=True)
    essay_counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    run_id = fields.UUID(required=True, allow_none=True)
    run_status = word(RunStatus, allow_none=True)
    pipeline = fields.String(required=True, allow_none=True)
    canvas_id = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "root id of the run's canvases in Flower"},
    )
    phases = fields.List(fields.Nested(PhaseProgressSchema), required=True)
    created_at = Moment(required=True)
    run_started_at = Moment(required=True, allow_none=True)
    completed_at = Moment(required=True, allow_none=True)
    action_required = word(
        Action, allow_none=True, metadata={"description": "what its teacher has to do next"}
    )
    event_no = fields.Integer(
        required=True,
        metadata={"description": "the event this shows; `…/essays/changes?after=` goes on from it"},
    )


class BatchDetailsSchema(BatchSchema):
    """A batch with what was said of it."""

    essay_instructions = fields.String(required=True)
    teacher_name = fields.String(required=True)
    class_id = fields.UUID(required=True, allow_none=True)
    student_names = fields.List(fields.String(), required=True)


class ChangeBatchSchema(ChangesSchema):
    """What may be changed of a batch."""

    essay_instructions = Text(validate=validate.Length(0, 20_000))
    class_designation = Text(validate=validate.Length(1, 100), metadata={"example": "Class 9B"})


class BatchQuerySchema(PageQuerySchema):
    """Which of one's batches."""

    orders = ORDERS

    status = words_of(BatchStatus, metadata={"example": "ready,processing"})
    course = Text(
        load_default=None,
        validate=validate.Regexp(
            r"^[A-Za-z0-9]{1,20}(,[A-Za-z0-9]{1,20}){0,19}$",
            error="Must be one or more course codes, separated by commas.",
        ),
        metadata={"example": "ENG5"},
    )
    search = Text(
        load_default="",
        validate=validate.Length(0, 200),
        metadata={"description": "words that stand in the class or the course code"},
    )
    sort = sorted_by(ORDERS, "-created_at")


class RoundSchema(StrictSchema):
    """How far comparing the essays has come."""

    round_no = fields.Integer(required=True, metadata={"description": "the round that goes on"})
    most_rounds = fields.Integer(
        required=True, metadata={"description": "after which it ends in any case"}
    )
    reliability = fields.Float(
        required=True,
        allow_none=True,
        metadata={
            "description": "the honest one, after the round before; where one machine decides, how"
            " consistent it is with itself; null where unknown"
        },
    )
    target = fields.Float(required=True, metadata={"description": "that is enough"})


class BatchStatusSchema(BatchSchema):
    """A batch with how far it has come."""

    progress = fields.Float(
        required=True, allow_none=True, metadata={"description": "0 to 1; null before any run"}
    )
    eta_s = fields.Float(
        required=True, allow_none=True, metadata={"description": "estimated seconds left"}
    )
    round = fields.Nested(
        RoundSchema,
        required=True,
        allow_none=True,
        metadata={"description": "null while no essays are compared"},
    )


class BatchListSchema(CountedPageSchema):
    """A page of a teacher's batches."""

    items = fields.List(fields.Nested(BatchSchema), required=True)


class CourseSchema(StrictSchema):
    """A course and the language of its essays."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    language = word(Language)
    level = fields.Integer(required=True)


class CourseListSchema(PageSchema):
    """Every course there is."""

    items = fields.List(fields.Nested(CourseSchema), required=True)
