"""Notifications, and the ticket to a socket."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from app.schemas.base import MOST_NUMBER, Moment, StrictSchema, Whole, event_number, word
from pipelines.notifications import Category, NotificationType, Priority

MOST_AT_ONCE = 200


class NotificationQuerySchema(StrictSchema):
    """Which notifications: after a number in order, or before one and the newest first."""

    after = event_number(load_default=None, metadata={"description": "in order, for catching up"})
    before = event_number(load_default=None, metadata={"description": "the newest first"})
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MOST_AT_ONCE))
    unread = fields.Boolean(load_default=False, metadata={"description": "only those not read"})

    @validates_schema(skip_on_field_errors=True)
    def _check_one_way(self, data: dict[str, Any], **_: Any) -> None:
        if data["after"] is not None and data["before"] is not None:
            raise ValidationError("Give 'after' or 'before', not both.", "before")


class NotificationSchema(StrictSchema):
    """Something a teacher was told."""

    seq = fields.Integer(
        required=True, metadata={"description": "counts one's notifications from 1"}
    )
    notification_id = fields.UUID(required=True)
    type = word(NotificationType)
    category = word(Category)
    priority = word(Priority)
    action_required = fields.Boolean(required=True)
    batch_id = fields.UUID(required=True, allow_none=True)
    correlation_id = fields.UUID(required=True)
    payload = fields.Dict(required=True)
    created_at = Moment(required=True)
    read_at = Moment(required=True, allow_none=True)


class NotificationListSchema(StrictSchema):
    """Some of one's notifications."""

    items = fields.List(fields.Nested(NotificationSchema), required=True)
    last = fields.Integer(
        required=True, metadata={"description": "`after` this number nothing is missed"}
    )
    unread = fields.Integer(required=True, metadata={"description": "how many are unread in all"})


class MarkReadSchema(StrictSchema):
    """Up to which number one has read."""

    up_to = Whole(required=True, validate=validate.Range(0, MOST_NUMBER))


class UnreadSchema(StrictSchema):
    """How many are unread now."""

    unread = fields.Integer(required=True)


class TicketSchema(StrictSchema):
    """What opens one socket."""

    ticket = fields.String(required=True)
    expires_in = fields.Integer(required=True, metadata={"description": "seconds"})
    url = fields.String(required=True, metadata={"example": "wss://school.example/ws"})
