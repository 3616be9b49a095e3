"""What it may cost to have a model judge."""

from marshmallow import fields, validate

from app.schemas.base import StrictSchema
from pipelines.judging import MOST_ROUNDS, Judging


class JudgingCostsQuerySchema(StrictSchema):
    """For how many rounds."""

    most_rounds = fields.Integer(
        load_default=Judging().most_rounds,
        validate=validate.Range(1, MOST_ROUNDS),
        metadata={"description": "rounds after which it ends all the same"},
    )


class CostsSchema(StrictSchema):
    """Requests to a model, and what they cost."""

    requests = fields.Integer(required=True)
    money = fields.Float(required=True)


class JudgingCostsSchema(StrictSchema):
    """What it may cost to have a model compare the essays of a batch."""

    model = fields.String(required=True, metadata={"example": "judge-1"})
    currency = fields.String(required=True, metadata={"example": "USD"})
    essay_count = fields.Integer(
        required=True, metadata={"description": "essays that have a text by now"}
    )
    most_rounds = fields.Integer(required=True)
    least = fields.Nested(
        CostsSchema,
        required=True,
        metadata={
            "description": "if the ranking is sure as soon as it can be, and the model's answers do not"
            " depend on which essay it reads first"
        },
    )
    most = fields.Nested(
        CostsSchema, required=True, metadata={"description": "if it never is, and they do"}
    )
    budget = fields.Float(
        required=True, metadata={"description": "what the judging of a batch may cost in all"}
    )
    spent = fields.Float(required=True, metadata={"description": "of it, reservations included"})
    is_within_budget = fields.Boolean(
        required=True, metadata={"description": "whether what is left is enough for the most"}
    )
