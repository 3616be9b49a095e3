"""Events, for catching up."""

from marshmallow import fields, validate

from app.schemas.base import Moment, StrictSchema

MOST_AT_ONCE = 1000


class EventQuerySchema(StrictSchema):
    """Where to start and how many."""

    after = fields.Integer(load_default=0, validate=validate.Range(min=0))
    limit = fields.Integer(load_default=200, validate=validate.Range(1, MOST_AT_ONCE))


class EventSchema(StrictSchema):
    """One event: its number in the batch and its envelope."""

    event_no = fields.Integer(required=True)
    event_id = fields.UUID(required=True)
    event_type = fields.String(required=True)
    event_timestamp = Moment(required=True)
    source_service = fields.String(required=True)
    correlation_id = fields.UUID(required=True)
    schema_version = fields.Integer(required=True)
    data = fields.Dict(required=True)


class EventListSchema(StrictSchema):
    """Events in order; ask again with `after` set to `last`."""

    items = fields.List(fields.Nested(EventSchema), required=True)
    last = fields.Integer(required=True)
