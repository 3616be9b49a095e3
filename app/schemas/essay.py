"""Files, essays and what was found in them."""

from marshmallow import fields, validate

from app.schemas.base import ChangesSchema, Moment, StrictSchema, Text, event_number, word
from app.schemas.batch import BatchSchema, student_name
from app.schemas.page import CountedPageSchema, PageQuerySchema, PageSchema, sorted_by, words_of
from app.services.essay_lists import ORDERS
from app.services.file_lists import ORDERS as FILE_ORDERS
from pipelines.vocabulary import EssayStatus, Language

MOST_ESSAYS_AT_ONCE = MOST_FILES_AT_ONCE = 1000


class HandedInSchema(StrictSchema):
    """What became of one file of a request."""

    file_name = fields.String(required=True)
    status = fields.String(required=True, metadata={"description": "received or refused"})
    file_id = fields.UUID(required=True, allow_none=True)
    essay_id = fields.String(required=True, allow_none=True)
    failure_code = fields.String(required=True, allow_none=True)
    failure_reason = fields.String(required=True, allow_none=True)
    archive_name = fields.String(
        required=True, allow_none=True, metadata={"description": "the archive it came in"}
    )


class HandedInListSchema(StrictSchema):
    """A row per file, in the order of the request."""

    items = fields.List(fields.Nested(HandedInSchema), required=True)


class FileSchema(StrictSchema):
    """A file that was handed in."""

    file_id = fields.UUID(required=True)
    essay_id = fields.String(required=True, allow_none=True)
    is_current = fields.Boolean(
        required=True, metadata={"description": "whether the essay's text comes from this file"}
    )
    file_name = fields.String(required=True)
    archive_name = fields.String(
        required=True, allow_none=True, metadata={"description": "the archive it came in"}
    )
    size_bytes = fields.Integer(required=True)
    status = fields.String(required=True)
    failure_code = fields.String(required=True, allow_none=True)
    failure_reason = fields.String(required=True, allow_none=True)
    failure_hint = fields.String(
        required=True, allow_none=True, metadata={"description": "what the teacher can do"}
    )
    created_at = Moment(required=True)


class FileQuerySchema(PageQuerySchema):
    """Which of a batch's files."""

    orders = FILE_ORDERS

    limit = fields.Integer(
        load_default=MOST_FILES_AT_ONCE,
        validate=validate.Range(1, MOST_FILES_AT_ONCE),
        metadata={"description": "rows at most"},
    )
    sort = sorted_by(FILE_ORDERS, "created_at")


class FileListSchema(PageSchema):
    """A page of a batch's files."""

    items = fields.List(fields.Nested(FileSchema), required=True)


class EssayRowSchema(StrictSchema):
    """One essay as a row of the results."""

    essay_id = fields.String(required=True)
    position = fields.Integer(required=True)
    status = word(EssayStatus)
    file_name = fields.String(required=True, allow_none=True)
    student_name = fields.String(required=True, allow_none=True)
    language = word(
        Language,
        allow_none=True,
        metadata={"description": "its own, where it is not in the language of the course"},
    )
    failure_code = fields.String(required=True, allow_none=True)
    failure_reason = fields.String(required=True, allow_none=True)
    phases = fields.Dict(keys=fields.String(), values=fields.Dict(), required=True)
    spelling = fields.Dict(required=True, allow_none=True)
    metrics = fields.Dict(required=True, allow_none=True)


class DescribeEssaySchema(ChangesSchema):
    """What may be said of an essay."""

    student_name = Text(
        allow_none=True,
        validate=student_name,
        metadata={"description": "who wrote it; null lets the file's name decide again"},
    )
    language = word(
        Language,
        is_required=False,
        allow_none=True,
        metadata={
            "description": "the language it is read in from the next run on; null is the course's"
        },
    )


class EssayQuerySchema(PageQuerySchema):
    """Which of a batch's essays."""

    orders = ORDERS

    limit = fields.Integer(
        load_default=50,
        validate=validate.Range(1, MOST_ESSAYS_AT_ONCE),
        metadata={"description": "rows at most"},
    )
    status = words_of(EssayStatus, metadata={"example": "content_failed,failed"})
    search = Text(
        load_default="",
        validate=validate.Length(0, 200),
        metadata={"description": "words that stand in the pupil's name, the file's, or the id"},
    )
    sort = sorted_by(ORDERS, "position")


class EssayListSchema(CountedPageSchema):
    """A page of a batch's essays."""

    items = fields.List(fields.Nested(EssayRowSchema), required=True)
    event_no = fields.Integer(
        required=True, metadata={"description": "the batch's event that the rows are as of"}
    )


class ChangesQuerySchema(StrictSchema):
    """Since when."""

    after = event_number(load_default=0, metadata={"description": "`event_no` of what one has"})


class EssayChangesSchema(StrictSchema):
    """Essays that have changed, whole; ask again with `after` set to `event_no`."""

    event_no = fields.Integer(required=True)
    items = fields.List(fields.Nested(EssayRowSchema), required=True)


class EssaySchema(EssayRowSchema):
    """One essay with its text and every phase's whole result."""

    text = fields.String(required=True, allow_none=True)
    results = fields.Dict(
        keys=fields.String(),
        values=fields.Dict(),
        required=True,
        metadata={"description": "phase → what it found; phases without a result are left out"},
    )


class ResultsSchema(BatchSchema):
    """A batch with a row per essay."""

    essays = fields.List(fields.Nested(EssayRowSchema), required=True)
