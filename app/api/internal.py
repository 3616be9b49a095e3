"""What services ask; a person's token does not open it."""

from typing import Any
from uuid import UUID

from app.api.blueprint import Access, GuardedBlueprint, deps
from app.schemas.batch import BatchStatusSchema
from app.schemas.run import PipelineStateSchema
from app.services import results

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
