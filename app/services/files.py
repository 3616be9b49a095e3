"""What can be done with one file that was handed in: have it back, have it read again, take it out."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.errors import FileNotFound, NothingToRead
from app.services import naming, projecting, slots
from app.services.deps import Deps
from app.services.slots import Held
from app.services.uploads import HandedIn
from app.unit_of_work import UnitOfWork, in_request
from models import Essay, File
from pipelines.vocabulary import BatchStatus, FileStatus


@dataclass(frozen=True, slots=True)
class Original:
    """A file as it came."""

    file_name: str
    body: bytes


@in_request
def original(batch_id: UUID, file_id: UUID, *, owner_id: UUID, deps: Deps) -> Original:
    """The bytes of a file as they were handed in.

    Raises:
        BatchNotFound: no such batch of this teacher.
        FileNotFound: no such file in it.
    """
    with deps.uow("read_original") as uow:
        uow.batches.owned(batch_id, owner_id)
        file = _found(uow.files.get(batch_id, file_id))
        return Original(file.file_name, uow.essays.read(file.content_storage_id))


@in_request
def remove(batch_id: UUID, file_id: UUID, *, owner_id: UUID, deps: Deps) -> None:
    """Take a file out, with its bytes and its text; the essay's slot is free again.

    A batch that was ready waits for that essay again, for as long as it did at first. One that has ended stays as it
    is: its next run goes on without the essay.

    Raises:
        BatchNotFound, FileNotFound: as `original`.
        RunActive: texts may not change while a run reads them.
    """
    with deps.uow("remove_file") as uow:
        uow.batches.owned(batch_id, owner_id)
        file = _found(uow.files.lock(batch_id, file_id))
        held = slots.hold(uow, batch_id, owner_id)
        essay = held.of_file(file_id)
        contents = [file.content_storage_id]
        if essay is not None:
            contents += [essay.text_storage_id] if essay.text_storage_id else []
            _free(uow, held, essay, deps)
            uow.session.flush()
        uow.files.remove(file, contents)
        renamed = naming.match(uow, held)
        changed = {*renamed, *([essay.id] if essay else [])}
        uow.session.flush()
        projecting.show_within(uow, batch_id, changed)
        uow.outbox.event(
            "BatchFileRemovedV1",
            batch_id=batch_id,
            correlation_id=held.batch.correlation_id,
            status=held.batch.status,
            data={
                "batch_id": str(batch_id),
                "file_id": str(file_id),
                "essay_id": essay.essay_id if essay else None,
            },
        )
        uow.commit()
        projecting.outdate(uow, batch_id, deps)


def _free(uow: UnitOfWork, held: Held, essay: Essay, deps: Deps) -> None:
    slots.clear(essay)
    essay.file_id = None
    if held.batch.status == BatchStatus.READY:
        held.batch.status = BatchStatus.REGISTERED
        held.batch.ready_at = None
        waits = timedelta(seconds=deps.settings.readiness_s)
        held.batch.readiness_deadline = uow.runs.database_now() + waits


@in_request
def read_again(batch_id: UUID, file_id: UUID, *, owner_id: UUID, deps: Deps) -> HandedIn:
    """Have a file that could not be read tried again; one that is waiting to be read goes on waiting.

    Raises:
        BatchNotFound, FileNotFound, RunActive: as `remove`.
        NothingToRead: it has been read, or another file has taken its place.
    """
    with deps.uow("read_again") as uow:
        uow.batches.owned(batch_id, owner_id)
        file = _found(uow.files.lock(batch_id, file_id))
        held = slots.hold(uow, batch_id, owner_id)
        essay = held.of_file(file_id)
        if essay is None:
            raise NothingToRead("Another file has taken its place.")
        if file.status == FileStatus.READ:
            raise NothingToRead("It has been read already.")
        if file.status == FileStatus.FAILED:
            _start_over(uow, held, file, essay)
            uow.commit()
            projecting.outdate(uow, batch_id, deps)
        return HandedIn(
            file.file_name,
            FileStatus.RECEIVED,
            file.id,
            essay.essay_id,
            archive_name=file.archive_name,
        )


def _start_over(uow: UnitOfWork, held: Held, file: File, essay: Essay) -> None:
    file.status = FileStatus.RECEIVED
    file.failure_code = file.failure_reason = None
    file.attempts, file.dispatches, file.dispatched_at = 0, 1, uow.runs.database_now()
    slots.clear(essay)
    uow.session.flush()
    uow.outbox.ask_to_read(file.id, held.batch.id)
    projecting.show_within(uow, held.batch.id, [essay.id])
    uow.outbox.event(
        "EssayContentRetriedV1",
        batch_id=held.batch.id,
        correlation_id=held.batch.correlation_id,
        entity=("essay", str(essay.id)),
        status=essay.status,
        data={
            "essay_id": essay.essay_id,
            "batch_id": str(held.batch.id),
            "file_id": str(file.id),
        },
    )


def _found(file: File | None) -> File:
    if file is None:
        raise FileNotFound("The batch has no file with this id.")
    return file
