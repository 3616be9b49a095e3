"""Batches: registering them and seeing where they stand."""

from typing import Any
from uuid import UUID

from flask import request

from app import audit, metrics
from app.api import etags, pages
from app.api.blueprint import Access, GuardedBlueprint, caller, deps
from app.api.idempotency import new_id, once
from app.schemas.batch import (
    BatchDetailsSchema,
    BatchListSchema,
    BatchQuerySchema,
    BatchStatusSchema,
    ChangeBatchSchema,
    CourseListSchema,
    RegisterBatchSchema,
    RegisteredSchema,
)
from app.schemas.event import EventListSchema, EventQuerySchema
from app.schemas.spelling import SpellingSummarySchema
from app.services import batch_lists, batches, editing, results, spelling_summary
from app.services.batch_lists import Wanted

bp = GuardedBlueprint(
    "batches", __name__, url_prefix="/v1", access=Access.USER, description="Batches of essays"
)


@bp.route("/batches/register", methods=["POST"])
@once
@bp.arguments(RegisterBatchSchema)
@bp.response(202, RegisteredSchema)
def register(wanted: dict[str, Any]) -> dict[str, Any]:
    """Register a batch with a slot for each expected essay."""
    with metrics.operation("register"):
        batch = batches.register(
            wanted,
            batch_id=new_id(),
            owner_id=caller(),
            correlation_id=UUID(str(request.environ["huleedu.correlation_id"])),
            deps=deps(),
        )
    audit.about(batch.id)
    return {
        "batch_id": batch.id,
        "correlation_id": batch.correlation_id,
        "status": batch.status,
    }


@bp.route("/batches")
@etags.tagged
@bp.arguments(BatchQuerySchema, location="query")
@bp.response(200, BatchListSchema)
def list_batches(query: dict[str, Any]) -> Any:
    """List one's own batches."""
    wanted = Wanted(pages.words(query["status"]), pages.words(query["course"]), query["search"])
    return pages.answer(
        batch_lists.batches_of(
            caller(), wanted, query["page"], deps=deps(), seen=etags.unless_changed
        )
    )


@bp.route("/batches/<uuid:batch_id>")
@etags.tagged
@bp.response(200, BatchDetailsSchema)
def get_batch(batch_id: UUID) -> dict[str, Any]:
    """Show one batch with all that was said of it."""
    return results.details(batch_id, owner_id=caller(), deps=deps(), seen=etags.unless_changed)


@bp.route("/batches/<uuid:batch_id>", methods=["PATCH"])
@bp.arguments(ChangeBatchSchema)
@bp.response(200, BatchDetailsSchema)
def change_batch(wanted: dict[str, str], batch_id: UUID) -> dict[str, Any]:
    """Change a batch's instructions or its class, while no run is active."""
    with metrics.operation("change"):
        editing.change(batch_id, wanted, owner_id=caller(), deps=deps())
    return results.details(batch_id, owner_id=caller(), deps=deps())


@bp.route("/batches/<uuid:batch_id>", methods=["DELETE"])
@bp.response(204)
def erase_batch(batch_id: UUID) -> None:
    """Erase a batch and everything of it, while no run is active."""
    with metrics.operation("erase"):
        editing.erase(batch_id, owner_id=caller(), deps=deps())


@bp.route("/batches/<uuid:batch_id>/status")
@etags.tagged
@bp.response(200, BatchStatusSchema)
def get_status(batch_id: UUID) -> dict[str, Any]:
    """Say where a batch stands, phase by phase."""
    return results.status(batch_id, owner_id=caller(), deps=deps(), seen=etags.unless_changed)


@bp.route("/batches/<uuid:batch_id>/spelling-summary")
@etags.tagged
@bp.response(200, SpellingSummarySchema)
def get_spelling_summary(batch_id: UUID) -> dict[str, Any]:
    """Give a class's commonest spelling errors."""
    return spelling_summary.summary(
        batch_id, owner_id=caller(), deps=deps(), seen=etags.unless_changed
    )


@bp.route("/batches/<uuid:batch_id>/events")
@bp.arguments(EventQuerySchema, location="query")
@bp.response(200, EventListSchema)
def get_events(query: dict[str, int], batch_id: UUID) -> dict[str, Any]:
    """Give a batch's events after a number, for catching up."""
    found = results.events_of(batch_id, **query, owner_id=caller(), deps=deps())
    return {"items": found, "last": found[-1]["event_no"] if found else query["after"]}


@bp.route("/courses")
@etags.tagged
@bp.response(200, CourseListSchema)
def list_courses() -> dict[str, Any]:
    """List the courses a batch can belong to."""
    found = batches.courses(deps())
    etags.unless_changed(etags.digest((c.code, c.name, c.language, c.level) for c in found))
    return {"items": found, "next_cursor": None}
