"""Defining pipelines while the system runs, and resolving one for a batch."""

from typing import Any

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from app import metrics
from app.api.blueprint import Access, GuardedBlueprint, deps
from app.schemas.definition import DefineSchema, DefinitionAnswerSchema, DefinitionsSchema
from app.services import definitions
from pipelines.definitions import Definition

JSON = "application/json"
YAML = ("application/yaml", "application/x-yaml", "text/yaml")

bp = GuardedBlueprint(
    "definitions",
    __name__,
    url_prefix="/internal/v1/pipelines",
    access=Access.SERVICE,
    description="Services",
)


@bp.route("/definitions")
@bp.response(200, DefinitionsSchema)
def list_definitions() -> dict[str, Any]:
    """List the pipelines that were defined while the system runs."""
    return {"items": definitions.everything(deps())}


@bp.route("/define", methods=["POST"])
@bp.doc(
    requestBody={
        "required": True,
        "content": {kind: {"schema": DefineSchema} for kind in (JSON, YAML[0])},
    }
)
@bp.response(200, DefinitionAnswerSchema)
@bp.alt_response(400, response="BAD_REQUEST")
@bp.alt_response(404, response="NOT_FOUND")
@bp.alt_response(409, response="CONFLICT")
def define() -> definitions.Answer:
    """Define pipelines, or say what one would be for a batch."""
    wanted = definitions.understand(request.get_data(), is_yaml=_is_yaml(), deps=deps())
    if isinstance(wanted, Definition):
        correlation_id = request.environ["huleedu.correlation_id"]
        return definitions.define(wanted, correlation_id=correlation_id, deps=deps())
    with metrics.resolution():
        return definitions.resolve(wanted, deps=deps())


@bp.route("/definitions/<name>", methods=["DELETE"])
@bp.response(204)
def forget(name: str) -> None:
    """Take back a pipeline that was defined while the system runs."""
    definitions.forget(name, deps=deps())


def _is_yaml() -> bool:
    if request.mimetype not in {JSON, *YAML}:
        raise UnsupportedMediaType(f"Send the body as {JSON} or {YAML[0]}.")
    return request.mimetype in YAML
