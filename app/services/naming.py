"""Which pupil wrote which essay: by the names of the files, unless a teacher says otherwise."""

from pathlib import PurePath
from typing import Any
from uuid import UUID

from app.errors import EssayNotFound
from app.services import projecting, results
from app.services.deps import Deps
from app.services.slots import Held
from app.unit_of_work import UnitOfWork, in_request
from pipelines import matching


def match(uow: UnitOfWork, held: Held) -> set[UUID]:
    """Name the essays of a batch that is held after their present files; those whose name changed.

    The whole class is matched anew each time, because a second file that could be the same pupil's makes the first
    doubtful. What was set by hand stays, and nobody else gets that name.
    """
    names = held.batch.student_names
    if not names:
        return set()
    files = {file.id: file for file in uow.files.current_of(held.batch.id)}
    by_hand = {essay.student_name for essay in held.essays if essay.is_named_by_hand}
    ours = [essay for essay in held.essays if not essay.is_named_by_hand]
    clues = {
        essay.id: (files[essay.file_id].file_name, files[essay.file_id].archive_path)
        for essay in ours
        if essay.file_id in files
    }
    found = matching.match(
        {
            essay_pk: [clue for clue in (PurePath(name).stem, matching.folder_of(path)) if clue]
            for essay_pk, (name, path) in clues.items()
        },
        names,
        taken={name for name in by_hand if name},
    )
    changed = {essay.id for essay in ours if essay.student_name != found.get(essay.id)}
    for essay in ours:
        if essay.id in changed:
            essay.student_name = found.get(essay.id)
    return changed


@in_request
def set_student(
    batch_id: UUID, essay_id: str, student_name: str | None, *, owner_id: UUID, deps: Deps
) -> dict[str, Any]:
    """Say who wrote an essay; None lets the file's name decide again.

    Returns:
        The essay's row.

    Raises:
        BatchNotFound: no such batch of this teacher.
        EssayNotFound: no such essay in it.
    """
    with deps.uow("name_student") as uow:
        uow.batches.owned(batch_id, owner_id)
        essays = uow.essays.lock_all(batch_id)
        held = Held(uow.batches.lock(batch_id), essays)
        essay = next((essay for essay in essays if essay.essay_id == essay_id), None)
        if essay is None:
            raise EssayNotFound("The batch has no essay with this id.")
        essay.student_name, essay.is_named_by_hand = student_name, student_name is not None
        changed = match(uow, held) | {essay.id}
        uow.session.flush()
        projecting.show_within(uow, batch_id, changed)
        uow.outbox.event(
            "EssayStudentNamedV1",
            batch_id=batch_id,
            correlation_id=held.batch.correlation_id,
            entity=("essay", str(essay.id)),
            status=essay.status,
            data={
                "essay_id": essay.essay_id,
                "batch_id": str(batch_id),
                "is_by_hand": essay.is_named_by_hand,
            },
        )
        row = results.row_of(uow, essay.id)
        uow.commit()
        projecting.outdate(uow, batch_id, deps)
    return row
