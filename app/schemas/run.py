"""Runs and the catalogue of pipelines."""

from marshmallow import fields, validate

from app.schemas.base import ChangesSchema, Moment, Number, StrictSchema, Text, Whole, word
from pipelines.judging import LEAST_TARGET, MOST_ROUNDS, MOST_TARGET
from pipelines.vocabulary import (
    BatchStatus,
    JudgeKind,
    PhaseStatus,
    Priority,
    Profile,
    RunStatus,
    Scope,
)


class JudgingSchema(ChangesSchema):
    """How essays are compared, where it is to be otherwise than in the catalogue."""

    judge = word(
        JudgeKind,
        is_required=False,
        metadata={
            "description": "`person`: the phase only prepares, and ends for persons to go on with"
        },
    )
    profile = word(
        Profile,
        is_required=False,
        metadata={"description": "what counts more to the built-in judge"},
    )
    target = Number(
        validate=validate.Range(LEAST_TARGET, MOST_TARGET),
        metadata={"description": "the honest reliability that is enough", "example": 0.8},
    )
    most_rounds = Whole(
        validate=validate.Range(1, MOST_ROUNDS),
        metadata={
            "description": "rounds after which it ends all the same; each has every essay once"
        },
    )
    with_prior = fields.Boolean(
        truthy={True},
        falsy={False},
        metadata={
            "description": "whether what the built-in judge thinks counts beforehand, as far as the"
            " decisions bear it out; not where it decides itself. The ranks without it are shown, too"
        },
    )


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
    judging = fields.Nested(JudgingSchema, load_default=dict)


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


class UsualJudgingSchema(StrictSchema):
    """How essays are compared where nothing else is chosen."""

    judge = word(JudgeKind)
    profile = word(Profile)
    target = fields.Float(required=True)
    most_rounds = fields.Integer(required=True)
    with_prior = fields.Boolean(required=True)


class PhaseSpecSchema(StrictSchema):
    """One phase of the catalogue."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    scope = word(Scope)
    queue = fields.String(required=True)
    depends_on = fields.List(fields.String(), required=True)
    after = fields.List(fields.String(), required=True)
    prerequisites = fields.List(fields.String(), required=True)
    judging = fields.Nested(
        UsualJudgingSchema,
        required=True,
        allow_none=True,
        metadata={"description": "null for a phase that compares no essays"},
    )


class PipelineSpecSchema(StrictSchema):
    """A named set of phases."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    phases = fields.List(fields.String(), required=True)


class CatalogueSchema(StrictSchema):
    """Every pipeline and phase there is."""

    pipelines = fields.List(fields.Nested(PipelineSpecSchema), required=True)
    phases = fields.List(fields.Nested(PhaseSpecSchema), required=True)
    model = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "the language model that may judge; null where none is set up"},
    )


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
