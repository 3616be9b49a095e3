"""Files handed in: each finds its essay's slot and is kept as it came; a task reads it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from uuid import UUID, uuid4

from app.errors import NoFiles
from app.services import naming, projecting, slots
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork, in_request
from models import Batch, Essay, File
from pipelines.vocabulary import FileStatus

LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a request; `essay_id` names its slot, or None takes the first free one."""

    file_name: str
    body: bytes
    essay_id: str | None = None


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What became of one file at once; `failure_code` says why it was not taken."""

    file_name: str
    status: str
    file_id: UUID | None = None
    essay_id: str | None = None
    failure_code: str | None = None
    failure_reason: str | None = None
    archive_name: str | None = None


@in_request
def hand_in(
    batch_id: UUID, uploads: Sequence[Upload], *, owner_id: UUID, deps: Deps
) -> list[HandedIn]:
    """Keep the files of a request, each in an essay's slot, and have them read.

    A file that cannot be taken is refused by itself and holds up none of the others.

    Raises:
        BatchNotFound: no such batch of this teacher.
        NoFiles: there are none.
        RunActive: texts may not change while a run reads them.
    """
    if not uploads:
        raise NoFiles("Send at least one part named 'files'.", field="/files")
    with deps.uow("hand_in") as uow:
        held = slots.hold(uow, batch_id, owner_id)
        free, batch = _Slots(held.essays), held.batch
        rows = [_take(uow, batch, free, upload, deps) for upload in uploads]
        taken = [row for row in rows if row.file_id is not None]
        if taken:
            renamed = naming.match(uow, held)
            uow.session.flush()
            changed = renamed.union(free.pks(row.essay_id for row in taken))
            projecting.show_within(uow, batch_id, changed)
            uow.outbox.event(
                "BatchFilesUploadedV1",
                batch_id=batch.id,
                correlation_id=batch.correlation_id,
                data={"file_count": len(taken), "refused_count": len(rows) - len(taken)},
            )
        uow.commit()
        if taken:
            projecting.outdate(uow, batch_id, deps)
    return rows


class _Slots:
    """Which essay a file belongs to."""

    def __init__(self, essays: Sequence[Essay]) -> None:
        self._by_id = {essay.essay_id: essay for essay in essays}
        self._free = [essay for essay in essays if essay.file_id is None]

    def pks(self, essay_ids: Iterable[str | None]) -> list[UUID]:
        return [self._by_id[essay_id].id for essay_id in essay_ids if essay_id]

    def named(self, essay_id: str) -> Essay | None:
        essay = self._by_id.get(essay_id)
        if essay in self._free:
            self._free.remove(essay)
        return essay

    def next_free(self) -> Essay | None:
        return self._free.pop(0) if self._free else None


def _take(uow: UnitOfWork, batch: Batch, free: _Slots, upload: Upload, deps: Deps) -> HandedIn:
    name = clean_name(upload.file_name)
    if len(upload.body) > deps.settings.max_file_bytes:
        limit = deps.settings.max_file_bytes // 1024**2
        return _refused(name, "file_too_large", f"A file may have at most {limit} MB.")
    if upload.essay_id is not None:
        essay = free.named(upload.essay_id)
        if essay is None:
            return _refused(name, "unknown_essay", "The batch has no essay with this id.")
    else:
        essay = free.next_free()
        if essay is None:
            return _refused(
                name, "no_free_slot", "Every expected essay has a file; name the essay to replace."
            )
    file = _keep(uow, batch, essay, name, upload.body, deps)
    return HandedIn(name, file.status, file.id, essay.essay_id)


def _keep(uow: UnitOfWork, batch: Batch, essay: Essay, name: str, body: bytes, deps: Deps) -> File:
    at = deps.clock()
    stored = uow.essays.store(batch.id, body, at)
    file = File(
        id=uuid4(),
        batch_id=batch.id,
        essay_id=essay.id,
        file_name=name,
        size_bytes=len(body),
        content_storage_id=stored.storage_id,
        status=FileStatus.RECEIVED,
        dispatched_at=at,
        created_at=at,
    )
    uow.files.add(file)
    slots.clear(essay)
    essay.file_id = file.id
    uow.session.flush()
    uow.outbox.ask_to_read(file.id, batch.id)
    return file


def _refused(name: str, code: str, reason: str) -> HandedIn:
    return HandedIn(name, "refused", failure_code=code, failure_reason=reason)


def clean_name(raw: str) -> str:
    """A file's own name: no folders of whatever system, no control characters, not too long."""
    name = PureWindowsPath(PurePosixPath(raw).name).name
    name = "".join(char for char in name if char.isprintable()).strip()
    return name[-LONGEST_NAME:] or "unnamed"
