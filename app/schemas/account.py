"""Signing in."""

from marshmallow import fields, validate

from app.schemas.base import ChangesSchema, StrictSchema, Text, word
from pipelines.vocabulary import Language


class LoginSchema(StrictSchema):
    """An e-mail address and a password."""

    email = Text(required=True, validate=validate.Length(1, 254))
    password = Text(required=True, load_only=True, validate=validate.Length(1, 1024))


class TokenSchema(StrictSchema):
    """An access token for the Authorization header."""

    access_token = fields.String(required=True)
    token_type = fields.Constant("Bearer", required=True)
    expires_in = fields.Integer(required=True, metadata={"description": "seconds"})


class OwnPagesSchema(StrictSchema):
    """What HuleEdu's own pages send and a form of somebody else's cannot."""

    requested_with = fields.String(
        required=True,
        data_key="X-Requested-With",
        validate=validate.Equal("huleedu"),
        metadata={"example": "huleedu"},
    )


class ChangeUserSchema(ChangesSchema):
    """What one may change of one's own account."""

    locale = word(Language, is_required=False)
    display_name = Text(validate=validate.Length(1, 200))


class UserSchema(StrictSchema):
    """An account."""

    id = fields.UUID(required=True)
    email = fields.String(required=True)
    display_name = fields.String(required=True)
    role = fields.String(required=True)
    locale = word(Language, allow_none=True, metadata={"description": "null until one was chosen"})
