"""What all schemas share: an unknown key is an error, words are an enum's, moments are ISO 8601."""

from enum import StrEnum
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema


class StrictSchema(Schema):
    """Unknown keys in a request are refused rather than silently dropped."""

    class Meta:
        """marshmallow's options."""

        unknown = RAISE


class ChangesSchema(StrictSchema):
    """What of a thing is to be changed: at least one of its fields."""

    @validates_schema
    def _check_any(self, data: dict[str, Any], **_: Any) -> None:
        if not data:
            raise ValidationError(f"Name at least one of {', '.join(self.fields)}.")


_WITHOUT_NUL = validate.Regexp(r"^[^\u0000]*$", error="May not contain NUL characters.")


class Whole(fields.Integer):
    """A number in a body that is whole: 2.0 is one in JSON, 2.5 and "2" are none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strict=True, **options)

    def _validated(self, value: Any) -> Any:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return super()._validated(value)


class Number(fields.Float):
    """A number in a body: "2" is none."""

    def _validated(self, value: Any) -> Any:
        if isinstance(value, str | bool):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Text(fields.String):
    """A text that Postgres can keep: no NUL, and nothing that is no character."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # The description has room for one pattern; a field with one of its own lets no NUL in either.
        if not any(isinstance(each, validate.Regexp) for each in self.validators):
            self.validators.append(_WITHOUT_NUL)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as exc:
            raise ValidationError("May not contain lone surrogates.") from exc
        if "\0" in text:
            raise ValidationError("May not contain NUL characters.")
        return text


def word(values: type[StrEnum], *, is_required: bool = True, **options: Any) -> fields.String:
    """A field that holds one of an enum's values, and is documented so."""
    allowed: list[str | None] = [value.value for value in values]
    if options.get("allow_none"):
        allowed.append(None)
    return fields.String(required=is_required, validate=validate.OneOf(allowed), **options)


MOST_NUMBER = 2**63 - 1


def event_number(**options: Any) -> fields.Integer:
    """A field for a number that counts events or notifications, as Postgres keeps it."""
    return fields.Integer(validate=validate.Range(0, MOST_NUMBER), **options)


class Moment(fields.DateTime):
    """A time; one that is ISO 8601 already, as in the read model and the cache, goes out as it is."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        if isinstance(value, str):
            return value
        return super()._serialize(value, attr, obj, **kwargs)
