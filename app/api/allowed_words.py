"""Words that are no errors in one class."""

from typing import Any
from uuid import UUID

from app.api import etags
from app.api.blueprint import Access, GuardedBlueprint, caller, deps
from app.api.idempotency import once
from app.schemas.allowed_word import AllowedWordListSchema, AllowedWordSchema, AllowWordSchema
from app.services import allowed_words
from app.services.allowed_words import Allowed

bp = GuardedBlueprint(
    "allowed_words",
    __name__,
    url_prefix="/v1",
    access=Access.USER,
    description="Words that are no errors in a class",
)


@bp.route("/batches/<uuid:batch_id>/allowed-words")
@etags.tagged
@bp.response(200, AllowedWordListSchema)
def list_allowed_words(batch_id: UUID) -> dict[str, Any]:
    """List the words that are no errors in this class."""
    found = allowed_words.words_of(
        batch_id, owner_id=caller(), deps=deps(), seen=etags.unless_changed
    )
    return {"items": found, "next_cursor": None}


@bp.route("/batches/<uuid:batch_id>/allowed-words", methods=["POST"])
@once
@bp.arguments(AllowWordSchema)
@bp.response(200, AllowedWordSchema)
def allow_word(wanted: dict[str, str], batch_id: UUID) -> Allowed:
    """Say that a word is no error in this class; to say it again changes nothing."""
    return allowed_words.allow(batch_id, wanted["word"], owner_id=caller(), deps=deps())


@bp.route("/batches/<uuid:batch_id>/allowed-words/<text:word>", methods=["DELETE"])
@bp.response(204)
def disallow_word(batch_id: UUID, word: str) -> None:
    """Take back that a word is no error in this class."""
    allowed_words.disallow(batch_id, word, owner_id=caller(), deps=deps())
