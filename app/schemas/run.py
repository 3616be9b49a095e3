"""Runs and the catalogue of pipelines."""

from marshmallow import fields, validate

from app.schemas.base import Moment, StrictSchema, Text, word
from pipelines.vocabulary import BatchStatus, PhaseStatus, Priority, RunStatus, Scope


class StartRunSchema(StrictSchema):
    """Which pipeline, or single phase, to run."""

    requested_pipeline = Text(
        required=True, validate=validate.Length(1, 64), metadata={"example": "comprehensive"}
    )
    priority = word(
        Priority,
        is_required=False,
        metadata={
            "description": "`standard` unless given; `low` lets every other run go first where they"
            " compete for workers"
        },
    )


class RetrySchema(StrictSchema):
    """What to run again: all that has no result yet, or one phase of the last pipeline."""

    phase = Text(
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 64),
        metadata={
            "description": "Only what this phase has left is done, and what depends on it.",
            "example": "nlp",
        },
    )


class RunSchema(StrictSchema):
    """A run that has been accepted; its canvases are sent from Postgres, also later."""

    run_id = fields.UUID(required=True)
    canvas_id = fields.UUID(required=True)
    phases = fields.List(fields.String(), required=True)
    skipped = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "phases in which nothing is to be done: their results are all there"
            " already, or another phase was asked for"
        },
    )


class CancelledSchema(StrictSchema):
    """The run that was stopped."""

    run_id = fields.UUID(required=True)


class PhaseSpecSchema(StrictSchema):
    """One phase of the catalogue."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    scope = word(Scope)
    queue = fields.String(required=True)
    depends_on = fields.List(fields.String(), required=True)
    after = fields.List(fields.String(), required=True)
    prerequisites = fields.List(fields.String(), required=True)


class PipelineSpecSchema(StrictSchema):
    """A named set of phases."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    phases = fields.List(fields.String(), required=True)


class CatalogueSchema(StrictSchema):
    """Every pipeline and phase there is."""

    pipelines = fields.List(fields.Nested(PipelineSpecSchema), required=True)
    phases = fields.List(fields.Nested(PhaseSpecSchema), required=True)


class PhaseStateSchema(StrictSchema):
    """One phase run as the ledger has it."""

    phase = fields.String(required=True)
    status = word(PhaseStatus)
    wave_no = fields.Integer(required=True)
    total = fields.Integer(required=True)
    remaining = fields.Integer(required=True)
    done = fields.Integer(required=True)
    failed = fields.Integer(required=True)
    reused = fields.Integer(required=True)
    dispatched_at = Moment(required=True, allow_none=True)


class PipelineStateSchema(StrictSchema):
    """A batch's latest run as the ledger has it."""

    batch_id = fields.UUID(required=True)
    batch_status = word(BatchStatus)
    run_id = fields.UUID(required=True, allow_none=True)
    run_status = word(RunStatus, allow_none=True)
    pipeline = fields.String(required=True, allow_none=True)
    catalogue_digest = fields.String(required=True, allow_none=True)
    canvas_id = fields.UUID(required=True, allow_none=True)
    phases = fields.List(fields.Nested(PhaseStateSchema), required=True)
