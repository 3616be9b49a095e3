"""Files handed in, and the essays in them."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Response, request, send_file

from app.api import etags, pages
from app.api.blueprint import Access, GuardedBlueprint, caller, deps
from app.api.idempotency import new_id, once
from app.schemas.essay import (
    ChangesQuerySchema,
    DescribeEssaySchema,
    EssayChangesSchema,
    EssayListSchema,
    EssayQuerySchema,
    EssayRowSchema,
    EssaySchema,
    FileListSchema,
    FileQuerySchema,
    HandedInListSchema,
    HandedInSchema,
    ResultsSchema,
)
from app.services import describing, essay_lists, file_lists, files, results, uploads
from app.services.essay_lists import Wanted
from app.services.uploads import HandedIn, Upload

bp = GuardedBlueprint(
    "essays", __name__, url_prefix="/v1", access=Access.USER, description="Files and essays"
)

_NAMED_PART = re.compile(r"^files\[([^\]]+)\]$")
_MULTIPART = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "files": {
                        "type": "array",
                        "minItems": 1,
                        "items": {"contentMediaType": "application/octet-stream"},
                        "description": "Each takes the first free essay; a part named"
                        " `files[essay-7]` takes, or replaces, that essay.",
                    }
                },
                "required": ["files"],
            }
        }
    },
}


@bp.route("/batches/<uuid:batch_id>/files", methods=["POST"])
@once
@bp.response(202, HandedInListSchema)
@bp.doc(requestBody=_MULTIPART)
def hand_in(batch_id: UUID) -> dict[str, Any]:
    """Hand in files; each is read by itself, and a bad one holds up none of the others."""
    handed_in = uploads.hand_in(
        batch_id, list(_parts()), upload_id=new_id(), owner_id=caller(), deps=deps()
    )
    return {"items": handed_in}


def _parts() -> Iterator[Upload]:
    for name, file in request.files.items(multi=True):
        named = _NAMED_PART.match(name)
        if name == "files" or named:
            essay_id = named.group(1) if named else None
            yield Upload(file.filename or "", file.read(), essay_id)


@bp.route("/batches/<uuid:batch_id>/files")
@bp.arguments(FileQuerySchema, location="query")
@bp.response(200, FileListSchema)
def list_files(query: dict[str, Any], batch_id: UUID) -> Any:
    """List a batch's files and what came of reading them."""
    return pages.answer(
        file_lists.files_of(batch_id, query["page"], owner_id=caller(), deps=deps())
    )


@bp.route("/batches/<uuid:batch_id>/files/<uuid:file_id>", methods=["DELETE"])
@bp.response(204)
def remove_file(batch_id: UUID, file_id: UUID) -> None:
    """Take a file out; the essay's slot is free again. Refused while a run is active."""
    files.remove(batch_id, file_id, owner_id=caller(), deps=deps())


@bp.route("/batches/<uuid:batch_id>/files/<uuid:file_id>/retry", methods=["POST"])
@bp.response(202, HandedInSchema)
def read_file_again(batch_id: UUID, file_id: UUID) -> HandedIn:
    """Have a file that could not be read tried again. Refused while a run is active."""
    return files.read_again(batch_id, file_id, owner_id=caller(), deps=deps())


@bp.route("/batches/<uuid:batch_id>/files/<uuid:file_id>/content")
@bp.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def get_file_content(batch_id: UUID, file_id: UUID) -> Response:
    """Give a file as it was handed in, to be saved and never shown by a browser."""
    original = files.original(batch_id, file_id, owner_id=caller(), deps=deps())
    response = send_file(
        BytesIO(original.body),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=original.file_name,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.route("/batches/<uuid:batch_id>/essays/<essay:essay_id>", methods=["PATCH"])
@bp.arguments(DescribeEssaySchema)
@bp.response(200, EssayRowSchema)
def describe_essay(wanted: dict[str, str | None], batch_id: UUID, essay_id: str) -> dict[str, Any]:
    """Say who wrote an essay, which is never matched over, or which language it is in, unless a run is active."""
    return describing.describe(batch_id, essay_id, wanted, owner_id=caller(), deps=deps())


@bp.route("/batches/<uuid:batch_id>/essays")
@etags.tagged
@bp.arguments(EssayQuerySchema, location="query")
@bp.response(200, EssayListSchema)
def list_essays(query: dict[str, Any], batch_id: UUID) -> Any:
    """List a batch's essays."""
    wanted = Wanted(pages.words(query["status"]), query["search"])
    return pages.answer(
        essay_lists.essays_of(
            batch_id,
            wanted,
            query["page"],
            owner_id=caller(),
            deps=deps(),
            seen=etags.unless_changed,
        )
    )


@bp.route("/batches/<uuid:batch_id>/essays/changes")
@bp.arguments(ChangesQuerySchema, location="query")
@bp.response(200, EssayChangesSchema)
def list_changes(query: dict[str, int], batch_id: UUID) -> dict[str, Any]:
    """List the essays that have changed after an event."""
    return results.changes(batch_id, **query, owner_id=caller(), deps=deps())


@bp.route("/batches/<uuid:batch_id>/essays/<essay:essay_id>")
@etags.tagged
@bp.response(200, EssaySchema)
def get_essay(batch_id: UUID, essay_id: str) -> dict[str, Any]:
    """Show one essay with its text and every phase's result."""
    return results.essay(
        batch_id, essay_id, owner_id=caller(), deps=deps(), seen=etags.unless_changed
    )


@bp.route("/batches/<uuid:batch_id>/results")
@etags.tagged
@bp.response(200, ResultsSchema)
def get_results(batch_id: UUID) -> dict[str, Any]:
    """Give a batch's results, a row per essay."""
    return results.results(batch_id, owner_id=caller(), deps=deps(), seen=etags.unless_changed)
