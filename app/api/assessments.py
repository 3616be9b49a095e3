"""What came of comparing a batch's essays."""

from typing import Any
from uuid import UUID

from app.api import etags
from app.api.blueprint import Access, GuardedBlueprint, caller, deps
from app.schemas.assessment import AssessmentSchema
from app.schemas.judging_costs import JudgingCostsQuerySchema, JudgingCostsSchema
from app.services import assessments, judging_costs

bp = GuardedBlueprint(
    "assessments",
    __name__,
    url_prefix="/v1",
    access=Access.USER,
    description="Rankings by comparative judgement",
)


@bp.route("/batches/<uuid:batch_id>/assessment")
@etags.tagged
@bp.response(200, AssessmentSchema)
def get_assessment(batch_id: UUID) -> dict[str, Any]:
    """Show the newest ranking of a batch, and all that is known of it."""
    return assessments.of_batch(batch_id, owner_id=caller(), deps=deps(), seen=etags.unless_changed)


@bp.route("/batches/<uuid:batch_id>/judging-costs")
@bp.arguments(JudgingCostsQuerySchema, location="query")
@bp.response(200, JudgingCostsSchema)
def get_judging_costs(query: dict[str, int], batch_id: UUID) -> dict[str, Any]:
    """Say what it may cost to have a model compare the essays of a batch, and what it has cost."""
    return judging_costs.of_batch(batch_id, **query, owner_id=caller(), deps=deps())
