"""Pipelines defined while the system runs."""

from marshmallow import fields, validate

from app.schemas.base import Moment, StrictSchema, word
from pipelines import phase_reader
from pipelines.vocabulary import Scope

NAME = f"^{phase_reader.NAME.pattern}$"


class PipelineDefinitionSchema(StrictSchema):
    """A named set of phases; what they depend on comes along."""

    title = fields.String(validate=validate.Length(1))
    phases = fields.List(
        fields.String(validate=validate.Regexp(NAME)),
        required=True,
        validate=validate.Length(1),
        metadata={"uniqueItems": True, "example": ["spellcheck"]},
    )


class DefineSchema(StrictSchema):
    """Either `pipelines` to be known from now on, or a `batch_id` and the `requested_pipeline` to resolve for it."""

    pipelines = fields.Dict(
        keys=fields.String(validate=validate.Regexp(NAME)),
        values=fields.Nested(PipelineDefinitionSchema),
        validate=validate.Length(1),
        metadata={"example": {"only-spelling": {"title": "Spelling", "phases": ["spellcheck"]}}},
    )
    batch_id = fields.UUID()
    requested_pipeline = fields.String(validate=validate.Length(1))


TWO_DOCUMENTS = [
    {"required": ["pipelines"], "maxProperties": 1},
    {"required": ["batch_id", "requested_pipeline"], "maxProperties": 2},
]


class DefinedSchema(StrictSchema):
    """A pipeline that was defined while the system runs."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    phases = fields.List(fields.String(), required=True)
    digest = fields.String(required=True)
    defined_at = Moment(required=True)
    correlation_id = fields.UUID(
        required=True, metadata={"description": "of the request that defined it"}
    )
    is_in_use = fields.Boolean(
        required=True,
        metadata={
            "description": "false if the catalogue's file has taken its name, or lost a phase of it"
        },
    )


class PlannedPhaseSchema(StrictSchema):
    """One phase of a plan."""

    name = fields.String(required=True)
    scope = word(Scope, attribute="spec.scope")
    queue = fields.String(required=True, attribute="spec.queue")
    waits_for = fields.List(fields.String(), required=True)
    needs = fields.List(fields.String(), required=True)
    skipped = fields.Boolean(required=True)


class ResolvedSchema(StrictSchema):
    """What a pipeline would be for a batch as it is now: every phase in order, also those to be skipped."""

    batch_id = fields.UUID(required=True)
    requested_pipeline = fields.String(required=True, attribute="plan.pipeline")
    phases = fields.List(fields.Nested(PlannedPhaseSchema), required=True, attribute="plan.phases")


class DefinitionAnswerSchema(StrictSchema):
    """What was defined, or what a pipeline would be for a batch."""

    catalogue_digest = fields.String(required=True)
    defined = fields.List(fields.Nested(DefinedSchema), required=True)
    changed = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "those that said something else before, or nothing"},
    )
    resolved = fields.Nested(ResolvedSchema, required=True, allow_none=True)
    unread_queues = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "queues it needs that no worker reads at the moment"},
    )


class DefinitionsSchema(StrictSchema):
    """Every pipeline that was defined while the system runs."""

    items = fields.List(fields.Nested(DefinedSchema), required=True)
