"""The spelling of a class as a whole."""

from marshmallow import fields

from app.schemas.base import StrictSchema, word
from pipelines.phases.spellcheck import Kind


class CommonErrorSchema(StrictSchema):
    """One spelling error that a class makes."""

    form = fields.String(
        required=True, metadata={"description": "what was written, in small letters"}
    )
    kind = word(Kind)
    correction = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "what was meant most often; null where nothing is sure enough"},
    )
    error_count = fields.Integer(required=True, metadata={"description": "how often"})
    essay_count = fields.Integer(required=True, metadata={"description": "in how many essays"})


class SpellingSummarySchema(StrictSchema):
    """The spelling errors of a class, without those its teacher allows."""

    essay_count = fields.Integer(
        required=True, metadata={"description": "essays whose spelling was checked"}
    )
    error_count = fields.Integer(required=True)
    counts_by_kind = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    items = fields.List(
        fields.Nested(CommonErrorSchema),
        required=True,
        metadata={"description": "the commonest, the most frequent first, 20 at most"},
    )
