"""What a teacher says of one essay: who wrote it, and which language it is in."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.errors import EssayNotFound, RunActive
from app.services import naming, projecting, results
from app.services.deps import Deps
from app.services.slots import Held
from app.unit_of_work import UnitOfWork, in_request
from models import Essay
from pipelines.vocabulary import EssayStatus

_HAS_BEEN_READ = (EssayStatus.PROCESSED, EssayStatus.PARTLY_PROCESSED, EssayStatus.FAILED)


@in_request
def describe(
    batch_id: UUID, essay_id: str, wanted: Mapping[str, str | None], *, owner_id: UUID, deps: Deps
) -> dict[str, Any]:
    """Change what is said of an essay.

    Args:
        wanted: of `student_name`, where None lets the file's name decide again, and `language`, where None is the
            course's.

    Returns:
        The essay's row.

    Raises:
        BatchNotFound: no such batch of this teacher.
        EssayNotFound: no such essay in it.
        RunActive: a run reads the essays in the languages they had when it started.
    """
    with deps.uow("describe_essay") as uow:
        uow.batches.owned(batch_id, owner_id)
        essays = uow.essays.lock_all(batch_id)
        held = Held(uow.batches.lock(batch_id), essays)
        essay = next((essay for essay in essays if essay.essay_id == essay_id), None)
        if essay is None:
            raise EssayNotFound("The batch has no essay with this id.")
        is_read_anew = "language" in wanted and _read_in(uow, held, essay, wanted["language"])
        changed = {essay.id}
        if "student_name" in wanted:
            changed |= _name(uow, held, essay, wanted["student_name"])
        uow.session.flush()
        projecting.show_within(uow, batch_id, changed)
        if is_read_anew:
            language = essay.language or held.batch.language
            uow.outbox.event("EssayLanguageChangedV1", **_about(held, essay, language=language))
        if "student_name" in wanted:
            by_hand = essay.is_named_by_hand
            uow.outbox.event("EssayStudentNamedV1", **_about(held, essay, is_by_hand=by_hand))
        row = results.row_of(uow, essay.id)
        uow.commit()
        projecting.outdate(uow, batch_id, deps)
    return row


def _name(uow: UnitOfWork, held: Held, essay: Essay, student_name: str | None) -> set[UUID]:
    essay.student_name, essay.is_named_by_hand = student_name, student_name is not None
    return naming.match(uow, held)


def _read_in(uow: UnitOfWork, held: Held, essay: Essay, language: str | None) -> bool:
    """Have an essay read in a language from the next run on; False if it is already.

    What it was given in another language is out of date then.
    """
    own = None if language == held.batch.language else language
    if own == essay.language:
        return False
    active = uow.runs.active_of(held.batch.id)
    if active is not None:
        raise RunActive("Change the language when it has ended.", run_id=str(active.id))
    essay.language = own
    if essay.status in _HAS_BEEN_READ:
        essay.status = EssayStatus.READY_FOR_PROCESSING
    return True


def _about(held: Held, essay: Essay, **said: object) -> dict[str, Any]:
    return {
        "batch_id": held.batch.id,
        "correlation_id": held.batch.correlation_id,
        "entity": ("essay", str(essay.id)),
        "status": essay.status,
        "data": {"essay_id": essay.essay_id, "batch_id": str(held.batch.id), **said},
    }
