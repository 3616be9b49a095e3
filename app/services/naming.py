"""Which pupil wrote which essay: by the names of the files, unless a teacher says otherwise."""

from pathlib import PurePath
from uuid import UUID

from app.services.slots import Held
from app.unit_of_work import UnitOfWork
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
