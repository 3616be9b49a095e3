"""Persons as judges, and the decisions of everybody."""

from typing import Any
from uuid import UUID

from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from app import audit
from app.api import etags, pages
from app.api.blueprint import Access, GuardedBlueprint, caller, deps
from app.api.downloads import CSV, table
from app.api.idempotency import new_id, once
from app.schemas.comparison import (
    ComparisonSchema,
    DecidedSchema,
    DecideSchema,
    DecisionListSchema,
    DecisionQuerySchema,
    DisagreementListSchema,
    ImportedSchema,
    TakenBackSchema,
    UndoneSchema,
)
from app.services import comparisons, decision_files, decision_lists
from app.services.decision_lists import Wanted

bp = GuardedBlueprint(
    "comparisons",
    __name__,
    url_prefix="/v1",
    access=Access.USER,
    description="Persons as judges, and decisions",
)

_FILE = {
    "required": True,
    "content": {
        CSV: {
            "schema": {
                "type": "string",
                "description": "`judge,candidate_chosen,candidate_not_chosen`; essays by their"
                " `essay_id`, in UTF-8",
            }
        }
    },
}


@bp.route("/batches/<uuid:batch_id>/comparisons/next")
@bp.alt_response(204, description="there is no pair that this person has not decided")
@bp.response(200, ComparisonSchema)
def next_comparison(batch_id: UUID) -> Any:
    """Lend the next pair to judge; two windows are never lent the same one."""
    found = comparisons.next_pair(batch_id, judge_id=caller(), deps=deps())
    if found is None:
        return Response(status=204)
    return found, {"Cache-Control": "no-store"}


@bp.route("/comparisons/<uuid:comparison_id>/decision", methods=["POST"])
@bp.arguments(DecideSchema)
@bp.response(200, DecidedSchema)
@bp.alt_response(409, response="CONFLICT")
def decide(wanted: dict[str, Any], comparison_id: UUID) -> Any:
    """Say which essay of a pair is better; to say the same again changes nothing."""
    decided = comparisons.decide(comparison_id, wanted, judge_id=caller(), deps=deps())
    audit.about(decided.batch_id, decision_id=decided.decision_id)
    return decided


@bp.route("/decisions/<uuid:decision_id>", methods=["DELETE"])
@bp.response(200, UndoneSchema)
def undo(decision_id: UUID) -> Any:
    """Take a decision back; its pair is lent again."""
    undone = comparisons.undo(decision_id, judge_id=caller(), deps=deps())
    audit.about(undone.batch_id, decision_id=decision_id)
    return undone


@bp.route("/batches/<uuid:batch_id>/decisions")
@etags.tagged
@bp.arguments(DecisionQuerySchema, location="query")
@bp.response(200, DecisionListSchema)
def list_decisions(query: dict[str, Any], batch_id: UUID) -> Any:
    """List the decisions that the newest ranking of a batch is made of."""
    wanted = Wanted(pages.words(query["kind"]), query["essay_id"], query["mine"])
    return pages.answer(
        decision_lists.decisions_of(
            batch_id,
            wanted,
            query["page"],
            owner_id=caller(),
            deps=deps(),
            seen=etags.unless_changed,
        )
    )


@bp.route("/batches/<uuid:batch_id>/disagreements")
@etags.tagged
@bp.response(200, DisagreementListSchema)
def list_disagreements(batch_id: UUID) -> dict[str, Any]:
    """List the pairs that persons and machines decided differently."""
    found = decision_lists.disagreements_of(
        batch_id, owner_id=caller(), deps=deps(), seen=etags.unless_changed
    )
    return {"items": found}


@bp.route("/batches/<uuid:batch_id>/decisions.csv")
@bp.response(200, {"type": "string"}, content_type=CSV)
def write_decisions(batch_id: UUID) -> Response:
    """Give those decisions as a file for other programs."""
    body = decision_files.written(batch_id, owner_id=caller(), deps=deps())
    return table(body.encode(), "decisions.csv")


@bp.route("/batches/<uuid:batch_id>/decisions", methods=["POST"])
@once
@bp.response(200, ImportedSchema)
@bp.doc(requestBody=_FILE)
@bp.alt_response(400, response="BAD_REQUEST")
def import_decisions(batch_id: UUID) -> Any:
    """Bring in decisions of persons from a file: all that are new, or none if one of its rows is bad."""
    if request.mimetype != CSV:
        raise UnsupportedMediaType("Send the file as text/csv.")
    return decision_files.bring_in(
        batch_id, request.get_data(), import_id=new_id(), owner_id=caller(), deps=deps()
    )


@bp.route("/batches/<uuid:batch_id>/decisions/imports/<uuid:import_id>", methods=["DELETE"])
@bp.response(200, TakenBackSchema)
def take_back_import(batch_id: UUID, import_id: UUID) -> dict[str, int]:
    """Take back everything that one file brought in."""
    withdrawn = decision_files.take_back(batch_id, import_id, owner_id=caller(), deps=deps())
    return {"withdrawn": withdrawn}
