"""RFC 9457 problem details."""

from marshmallow import INCLUDE, Schema, fields


class FaultSchema(Schema):
    """One field and what is wrong with it."""

    field = fields.String(
        required=True, metadata={"description": "a JSON pointer into the request"}
    )
    reason = fields.String(required=True)
    line = fields.Integer(metadata={"description": "in a request that is YAML, counted from 1"})
    column = fields.Integer()


class ProblemSchema(Schema):
    """Why a request was refused."""

    class Meta:
        """marshmallow's options: problems may have further members."""

        unknown = INCLUDE

    type = fields.String(required=True, metadata={"example": "/problems/batch-not-ready"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    instance = fields.String(required=True)
    correlation_id = fields.String(required=True)
    errors = fields.List(fields.Nested(FaultSchema))
