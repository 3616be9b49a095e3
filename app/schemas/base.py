"""What all schemas share: an unknown key is an error, words are an enum's, moments are ISO 8601."""

from enum import StrEnum
from typing import Any

from marshmallow import RAISE, Schema, fields, validate


class StrictSchema(Schema):
    """Unknown keys in a request are refused rather than silently dropped."""

    class Meta:
        """marshmallow's options."""

        unknown = RAISE


def word(values: type[StrEnum], **options: Any) -> fields.String:
    """A field that holds one of an enum's values, and is documented so."""
    allowed: list[str | None] = [value.value for value in values]
    if options.get("allow_none"):
        allowed.append(None)
    return fields.String(required=True, validate=validate.OneOf(allowed), **options)


class Moment(fields.DateTime):
    """A time; one that is ISO 8601 already, as in the read model and the cache, goes out as it is."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        if isinstance(value, str):
            return value
        return super()._serialize(value, attr, obj, **kwargs)
