"""What services and operators ask; a person's token does not open it."""

from typing import Any
from uuid import UUID

from app import audit
from app.api import pages
from app.api.blueprint import Access, GuardedBlueprint, deps
from app.schemas.assessment import AssessmentSchema, AssessmentSummarySchema
from app.schemas.batch import BatchStatusSchema
from app.schemas.dead_letter import (
    DeadLetterListSchema,
    DeadLetterQuerySchema,
    DeadLetterSchema,
    ResolutionSchema,
)
from app.schemas.run import PipelineStateSchema
from app.services import assessments, dead_letters, results
from app.services.dead_letters import Resolution, Wanted

bp = GuardedBlueprint(
    "internal", __name__, url_prefix="/internal/v1", access=Access.SERVICE, description="Services"
)


@bp.route("/batches/<uuid:batch_id>/pipeline-state")
@bp.response(200, PipelineStateSchema)
def get_pipeline_state(batch_id: UUID) -> dict[str, Any]:
    """Show a batch's latest run as the ledger has it."""
    return results.pipeline_state(batch_id, deps=deps())


@bp.route("/batches/<uuid:batch_id>/status")
@bp.response(200, BatchStatusSchema)
def get_status(batch_id: UUID) -> dict[str, Any]:
    """Say where a batch stands, whoever owns it."""
    return results.internal_status(batch_id, deps=deps())


@bp.route("/assessments/<uuid:job_id>/detailed")
@bp.response(200, AssessmentSchema)
def get_assessment_of_job(job_id: UUID) -> dict[str, Any]:
    """Show all that came of one job that compared essays."""
    return assessments.detailed(job_id, deps=deps())


@bp.route("/assessments/<uuid:batch_id>/summary")
@bp.response(200, AssessmentSummarySchema)
def get_assessment_summary(batch_id: UUID) -> dict[str, Any]:
    """Show the newest ranking of a batch in short, whoever owns it."""
    return assessments.summary(batch_id, deps=deps())


@bp.route("/dead-letters")
@bp.arguments(DeadLetterQuerySchema, location="query")
@bp.response(200, DeadLetterListSchema)
def list_dead_letters(query: dict[str, Any]) -> Any:
    """List what nobody could handle."""
    wanted = Wanted(pages.words(query["status"]), pages.words(query["reason"]), query["batch_id"])
    return pages.answer(dead_letters.letters(wanted, query["page"], deps=deps()))


@bp.route("/dead-letters/<uuid:dead_letter_id>")
@bp.response(200, DeadLetterSchema)
def get_dead_letter(dead_letter_id: UUID) -> dict[str, Any]:
    """Show one dead letter with its message."""
    return dead_letters.letter(dead_letter_id, deps=deps())


@bp.route("/dead-letters/<uuid:dead_letter_id>/replay", methods=["POST"])
@bp.arguments(ResolutionSchema, required=False)
@bp.response(200, DeadLetterSchema)
@bp.alt_response(409, response="CONFLICT")
def replay_dead_letter(given: dict[str, Any], dead_letter_id: UUID) -> dict[str, Any]:
    """Have what a dead letter is about done again: by a run that does just that, or by sending its message."""
    return _about(dead_letters.replay(dead_letter_id, Resolution(**given), deps=deps()))


@bp.route("/dead-letters/<uuid:dead_letter_id>/discard", methods=["POST"])
@bp.arguments(ResolutionSchema, required=False)
@bp.response(200, DeadLetterSchema)
@bp.alt_response(409, response="CONFLICT")
def discard_dead_letter(given: dict[str, Any], dead_letter_id: UUID) -> dict[str, Any]:
    """Put a dead letter away; nothing is done about it."""
    return _about(dead_letters.discard(dead_letter_id, Resolution(**given), deps=deps()))


def _about(letter: dict[str, Any]) -> dict[str, Any]:
    if letter["batch_id"] is not None:
        audit.about(letter["batch_id"])
    return letter
