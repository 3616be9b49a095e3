"""Dead letters, as operators see them."""

from marshmallow import fields, validate

from app.schemas.base import Moment, StrictSchema, Text, word
from app.schemas.page import PageQuerySchema, PageSchema, sorted_by, words_of
from app.services.dead_letters import ORDERS
from pipelines.vocabulary import DeadLetterReason, DeadLetterStatus

SERVICE = "a service"


class DeadLetterQuerySchema(PageQuerySchema):
    """Which dead letters."""

    orders = ORDERS

    status = words_of(DeadLetterStatus, metadata={"example": "open"})
    reason = words_of(DeadLetterReason, metadata={"example": "attempts_exhausted"})
    batch_id = fields.UUID(load_default=None)
    sort = sorted_by(ORDERS, "-created_at")


class ResolutionSchema(StrictSchema):
    """Who deals with a dead letter, and what they have to say about it."""

    by = Text(
        load_default=SERVICE,
        validate=validate.Length(1, 100),
        metadata={"description": "The service key says nothing about who uses it."},
    )
    note = Text(load_default=None, allow_none=True, validate=validate.Length(1, 1000))


class DeadLetterRowSchema(StrictSchema):
    """A unit, a plan or a message that nobody could handle."""

    dead_letter_id = fields.UUID(required=True)
    status = word(DeadLetterStatus)
    reason = word(DeadLetterReason)
    batch_id = fields.UUID(required=True, allow_none=True)
    run_id = fields.UUID(required=True, allow_none=True)
    phase = fields.String(required=True, allow_none=True)
    essay_id = fields.String(required=True, allow_none=True)
    error = fields.String(required=True, allow_none=True)
    done_since = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={"description": "whether what it is about has come to its result since"},
    )
    created_at = Moment(required=True)
    resolved_at = Moment(required=True, allow_none=True)
    resolved_by = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    replayed_as = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "the run that a replay has started"},
    )


class DeadLetterMessageSchema(StrictSchema):
    """A dead letter in the form that was agreed on."""

    schema_version = fields.Integer(required=True)
    failed_event_envelope = fields.Dict(required=True)
    dlq_reason = word(DeadLetterReason)
    timestamp = Moment(required=True)
    service = fields.String(required=True)


class DeadLetterSchema(DeadLetterRowSchema):
    """A dead letter, whole."""

    message = fields.Nested(DeadLetterMessageSchema, required=True)


class DeadLetterListSchema(PageSchema):
    """A page of dead letters."""

    items = fields.List(fields.Nested(DeadLetterRowSchema), required=True)
