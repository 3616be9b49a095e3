"""Starting, stopping and retrying runs; the catalogue."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from app import metrics
from app.api import etags
from app.api.blueprint import Access, GuardedBlueprint, caller, deps
from app.api.idempotency import new_id, once
from app.schemas.run import (
    CancelledSchema,
    CatalogueSchema,
    RetrySchema,
    RunSchema,
    StartRunSchema,
)
from app.services import cancelling, definitions, judgements, retrying, runs
from pipelines.vocabulary import Priority

bp = GuardedBlueprint(
    "runs", __name__, url_prefix="/v1", access=Access.USER, description="Pipelines and runs"
)


@bp.route("/batches/<uuid:batch_id>/pipelines", methods=["POST"])
@once
@bp.arguments(StartRunSchema)
@bp.response(202, RunSchema)
def start_run(wanted: dict[str, Any], batch_id: UUID) -> Any:
    """Start a pipeline, or a single phase, over every essay that has a text."""
    with metrics.resolution():
        return runs.start_run(
            batch_id,
            wanted["requested_pipeline"],
            priority=Priority(wanted.get("priority", Priority.STANDARD)),
            judging=wanted["judging"],
            run_id=new_id(),
            owner_id=caller(),
            deps=deps(),
        )


@bp.route("/batches/<uuid:batch_id>/retry", methods=["POST"])
@once
@bp.arguments(RetrySchema, required=False)
@bp.response(202, RunSchema)
def retry(wanted: dict[str, str | None], batch_id: UUID) -> Any:
    """Run the last pipeline again for what has no result yet; or one phase of it, and what depends on that."""
    return retrying.retry(
        batch_id, phase=wanted["phase"], run_id=new_id(), owner_id=caller(), deps=deps()
    )


@bp.route("/batches/<uuid:batch_id>/cancel", methods=["POST"])
@once
@bp.response(202, CancelledSchema)
def cancel(batch_id: UUID) -> dict[str, Any]:
    """Stop the active run; results it has are kept."""
    return {"run_id": cancelling.cancel_run(batch_id, owner_id=caller(), deps=deps())}


@bp.route("/pipelines")
@etags.tagged
@bp.response(200, CatalogueSchema)
def get_catalogue() -> dict[str, Any]:
    """Show every pipeline and the graph of phases."""
    catalogue = definitions.catalogue(deps())
    llm = deps().settings.llm
    model = llm.model if llm else None
    etags.unless_changed(etags.digest([catalogue.digest, model]))
    return {
        "pipelines": list(catalogue.pipelines.values()),
        "phases": [
            {**asdict(spec), "judging": judgements.usual(spec)}
            for spec in catalogue.phases.values()
        ],
        "model": model,
    }
