"""Words that are no errors in one class."""

from marshmallow import fields, validate

from app.schemas.base import Moment, StrictSchema, Text
from app.schemas.page import PageSchema

LONGEST_WORD = 100

# Nothing that controls a terminal or ends a line, and something that can be seen.
_CONTROLS = r"\u0000-\u001f\u007f-\u009f\u2028\u2029"
_SEEN = validate.Regexp(
    rf"^[^{_CONTROLS}]*[^\s{_CONTROLS}\u00ad\u200c\u200d\u2060\ufeff][^{_CONTROLS}]*$(?!\n)",
    error="May have no control characters, and not blanks alone.",
)


class AllowWordSchema(StrictSchema):
    """A word that is no error in this class."""

    word = Text(
        required=True,
        validate=(validate.Length(1, LONGEST_WORD), _SEEN),
        metadata={
            "description": "as it stands in an essay; case, and how its characters are composed, do not matter",
            "example": "kollis",
        },
    )


class AllowedWordSchema(StrictSchema):
    """A word that was allowed."""

    word = fields.String(required=True, metadata={"description": "as it was first allowed"})
    allowed_at = Moment(required=True)


class AllowedWordListSchema(PageSchema):
    """Every word that is allowed in a batch."""

    items = fields.List(fields.Nested(AllowedWordSchema), required=True)
