"""Signing in."""

from marshmallow import fields, validate

from app.schemas.base import StrictSchema, Text


class LoginSchema(StrictSchema):
    """An e-mail address and a password."""

    email = Text(required=True, validate=validate.Length(1, 254))
    password = Text(required=True, load_only=True, validate=validate.Length(1, 1024))


class TokenSchema(StrictSchema):
    """An access token for the Authorization header."""

    access_token = fields.String(required=True)
    token_type = fields.Constant("Bearer", required=True)
    expires_in = fields.Integer(required=True, metadata={"description": "seconds"})


class UserSchema(StrictSchema):
    """An account."""

    id = fields.UUID(required=True)
    email = fields.String(required=True)
    display_name = fields.String(required=True)
    role = fields.String(required=True)
