"""Files handed in: each finds its essay's slot and is kept as it came; a task reads it."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from uuid import UUID, uuid4, uuid5

from app.errors import NoFiles
from app.services import naming, projecting, slots
from app.services.deps import Deps
from app.services.slots import Held
from app.unit_of_work import UnitOfWork, in_request_by_id
from models import Batch, Essay, File
from pipelines import extraction
from pipelines.extraction import Refused, unpacking
from pipelines.vocabulary import FileStatus

LONGEST_NAME = 255
LONGEST_PATH = 1000
ESSAY_ENDINGS = (*extraction.READABLE, ".doc")
_NO_ESSAY = Refused("unknown_essay", "The batch has no essay with this id.")
_NO_SLOT = Refused("no_free_slot", "Every expected essay has a file; name the essay to replace.")
_TWICE = Refused("essay_named_twice", "Another file of the same request is for this essay.")


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a request, or one out of an archive in it.

    Attributes:
        essay_id: names its slot; None takes the first free one.
        archive_name, archive_path: the archive it came in, and its whole path in there.
        refused: why it cannot even be kept.
    """

    file_name: str
    body: bytes
    essay_id: str | None = None
    archive_name: str | None = None
    archive_path: str | None = None
    refused: Refused | None = None


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


def hand_in(
    batch_id: UUID,
    uploads: Sequence[Upload],
    *,
    upload_id: UUID | None = None,
    owner_id: UUID,
    deps: Deps,
) -> list[HandedIn]:
    """Keep the files of a request, each in an essay's slot, and have them read.

    A file that cannot be taken is refused by itself and holds up none of the others. The teacher is told of it, too,
    because whoever sent it may not look at the answer.

    Args:
        upload_id: the request's id, from which its files have theirs; if they are there already, this does nothing.

    Raises:
        BatchNotFound: no such batch of this teacher.
        NoFiles: there are none.
        RunActive: texts may not change while a run reads them.
    """
    if not uploads:
        raise NoFiles("Send at least one part named 'files'.", field="/files")
    seed = upload_id or uuid4()
    unpacked = _unpacked(uploads, deps.settings.max_archive_bytes)
    numbered = {uuid5(seed, str(number)): upload for number, upload in enumerate(unpacked)}
    return _hand_in(batch_id, numbered, owner_id, deps)


@in_request_by_id
def _hand_in(
    batch_id: UUID, uploads: Mapping[UUID, Upload], owner_id: UUID, deps: Deps
) -> list[HandedIn]:
    with deps.uow("hand_in") as uow:
        held = slots.take(uow, batch_id, owner_id)
        there = uow.files.find(batch_id, uploads)
        if there:
            return _handed_in_before(held, uploads, there, deps)
        slots.check_may_change(uow, batch_id)
        free, batch = _Slots(held.essays, uploads.values()), held.batch
        free_before = _count_free(held.essays)
        now = uow.runs.database_now()
        taken_by = {
            file_id: _take(uow, batch, free, file_id, upload, now, deps)
            for file_id, upload in sorted(uploads.items(), key=lambda each: _is_foreign(each[1]))
        }
        rows = [taken_by[file_id] for file_id in uploads]
        taken = [row for row in rows if row.file_id is not None]
        refused = [row for row in rows if row.file_id is None]
        if taken:
            renamed = naming.match(uow, held)
            uow.session.flush()
            changed = renamed.union(free.pks(row.essay_id for row in taken))
            projecting.show_within(uow, batch_id, changed)
            uow.outbox.event(
                "BatchFilesUploadedV1",
                batch_id=batch.id,
                correlation_id=batch.correlation_id,
                data={
                    "file_count": len(taken),
                    "refused_count": len(refused),
                    "files_before": len(held.essays) - free_before,
                    "free_before": free_before,
                    "free_slots": _count_free(held.essays),
                },
            )
        if refused:
            uow.outbox.event(
                "BatchFilesRefusedV1",
                batch_id=batch.id,
                correlation_id=batch.correlation_id,
                data={
                    "refused_count": len(refused),
                    "taken_count": len(taken),
                    "failure_codes": dict(Counter(str(row.failure_code) for row in refused)),
                    "free_slots": _count_free(held.essays),
                },
            )
        uow.commit()
        if taken:
            projecting.outdate(uow, batch_id, deps)
    return rows


def _handed_in_before(
    held: Held,
    uploads: Mapping[UUID, Upload],
    there: Mapping[UUID, File],
    deps: Deps,
) -> list[HandedIn]:
    """What became of the files of a request that was carried out before; those it did not keep had no slot."""
    named = {essay.id: essay.essay_id for essay in held.essays}
    rows = []
    for file_id, upload in uploads.items():
        file = there.get(file_id)
        if file is None:
            rows.append(_refused(upload, _refusal(upload, deps) or _why_no_slot(held, upload)))
        else:
            essay_id = named.get(file.essay_id) if file.essay_id else None
            rows.append(
                HandedIn(
                    file.file_name,
                    FileStatus.RECEIVED,
                    file.id,
                    essay_id,
                    archive_name=file.archive_name,
                )
            )
    return rows


def _why_no_slot(held: Held, upload: Upload) -> Refused:
    if upload.essay_id is None:
        return _NO_SLOT
    there = any(essay.essay_id == upload.essay_id for essay in held.essays)
    return _TWICE if there else _NO_ESSAY


def _unpacked(uploads: Sequence[Upload], left_bytes: int) -> list[Upload]:
    """The files of a request, with those of an archive in its place."""
    files: list[Upload] = []
    for upload in uploads:
        if unpacking.is_archive(upload.file_name):
            members = _members(upload, left_bytes)
            left_bytes -= sum(len(member.body) for member in members)
            files += members
        else:
            files.append(upload)
    return files


def _members(upload: Upload, left_bytes: int) -> list[Upload]:
    name = clean_name(upload.file_name)
    members = unpacking.unpack(name, upload.body, total_bytes=left_bytes)
    if upload.essay_id is not None and not isinstance(members, Refused) and len(members) > 1:
        reason = "An archive takes the place of one essay's file only if it has one file."
        members = Refused("archive_too_many", reason)
    if isinstance(members, Refused):
        return [Upload(name, b"", upload.essay_id, refused=members)]
    return [
        Upload(
            member.name,
            member.body or b"",
            upload.essay_id,
            archive_name=name,
            archive_path=clean_path(member.path),
            refused=member.refused,
        )
        for member in members
    ]


def _is_foreign(upload: Upload) -> bool:
    """Whether it is hardly an essay: pictures and such get a slot only where essays have left one."""
    return PurePath(upload.file_name).suffix.lower() not in ESSAY_ENDINGS


def _count_free(essays: Sequence[Essay]) -> int:
    return sum(essay.file_id is None for essay in essays)


class _Slots:
    """Which essay a file belongs to: the one it names, or the first free one that no file of the request names."""

    def __init__(self, essays: Sequence[Essay], uploads: Collection[Upload]) -> None:
        named = {upload.essay_id for upload in uploads}
        self._by_id = {essay.essay_id: essay for essay in essays}
        self._free = [e for e in essays if e.file_id is None and e.essay_id not in named]
        self._given: set[str] = set()

    def pks(self, essay_ids: Iterable[str | None]) -> list[UUID]:
        return [self._by_id[essay_id].id for essay_id in essay_ids if essay_id]

    def find(self, essay_id: str | None) -> Essay | Refused:
        if essay_id is None:
            return self._free.pop(0) if self._free else _NO_SLOT
        if essay_id not in self._by_id:
            return _NO_ESSAY
        if essay_id in self._given:
            return _TWICE
        self._given.add(essay_id)
        return self._by_id[essay_id]


def _take(
    uow: UnitOfWork,
    batch: Batch,
    free: _Slots,
    file_id: UUID,
    upload: Upload,
    now: datetime,
    deps: Deps,
) -> HandedIn:
    found = _refusal(upload, deps) or free.find(upload.essay_id)
    if isinstance(found, Refused):
        return _refused(upload, found)
    name = clean_name(upload.file_name)
    _keep(uow, batch, found, file_id, name, upload, now)
    return HandedIn(
        name, FileStatus.RECEIVED, file_id, found.essay_id, archive_name=upload.archive_name
    )


def _refused(upload: Upload, refused: Refused) -> HandedIn:
    return HandedIn(
        clean_name(upload.file_name),
        "refused",
        failure_code=refused.code,
        failure_reason=refused.reason,
        archive_name=upload.archive_name,
    )


def _refusal(upload: Upload, deps: Deps) -> Refused | None:
    """Why a file is not kept at all."""
    if upload.refused is None and len(upload.body) > deps.settings.max_file_bytes:
        limit = deps.settings.max_file_bytes // 1024**2
        return Refused("file_too_large", f"A file may have at most {limit} MB.")
    return upload.refused


def _keep(
    uow: UnitOfWork,
    batch: Batch,
    essay: Essay,
    file_id: UUID,
    name: str,
    upload: Upload,
    now: datetime,
) -> None:
    stored = uow.essays.store(batch.id, upload.body, now)
    file = File(
        id=file_id,
        batch_id=batch.id,
        essay_id=essay.id,
        file_name=name,
        archive_name=upload.archive_name,
        archive_path=upload.archive_path,
        size_bytes=len(upload.body),
        content_storage_id=stored.storage_id,
        status=FileStatus.RECEIVED,
        dispatched_at=now,
        created_at=now,
    )
    uow.files.add(file)
    slots.clear(essay)
    essay.file_id = file.id
    uow.session.flush()
    uow.outbox.ask_to_read(file.id, batch.id)


def clean_path(raw: str) -> str:
    """A path in an archive, as long as Postgres and the screens can use."""
    return "".join(char for char in raw if char.isprintable())[-LONGEST_PATH:]


def clean_name(raw: str) -> str:
    """A file's own name: no folders of whatever system, no control characters, not too long."""
    name = PureWindowsPath(PurePosixPath(raw).name).name
    name = "".join(char for char in name if char.isprintable()).strip()
    return name[-LONGEST_NAME:] or "unnamed"
