"""A batch's essays held for a change of their texts, which no run may be reading."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.errors import RunActive
from app.unit_of_work import UnitOfWork
from models import Batch, Essay
from pipelines.vocabulary import EssayStatus


@dataclass(frozen=True, slots=True)
class Held:
    """A batch and all its essays, in order, until the end of the transaction."""

    batch: Batch
    essays: Sequence[Essay]

    def of_file(self, file_id: UUID) -> Essay | None:
        """The essay whose text comes from a file."""
        return next((essay for essay in self.essays if essay.file_id == file_id), None)


def hold(uow: UnitOfWork, batch_id: UUID, owner_id: UUID) -> Held:
    """Hold a batch whose files may change.

    Raises:
        BatchNotFound: no such batch of this teacher.
        RunActive: texts may not change while a run reads them.
    """
    held = take(uow, batch_id, owner_id)
    check_may_change(uow, batch_id)
    return held


def take(uow: UnitOfWork, batch_id: UUID, owner_id: UUID) -> Held:
    """Hold a batch whose files are to change, if they may. Raises BatchNotFound as `hold`."""
    uow.batches.owned(batch_id, owner_id)
    essays = uow.essays.lock_all(batch_id)
    return Held(uow.batches.lock(batch_id), essays)


def check_may_change(uow: UnitOfWork, batch_id: UUID) -> None:
    """Raise RunActive, as `hold`, where the files of a batch that is held may not change."""
    active = uow.runs.active_of(batch_id)
    if active is not None:
        raise RunActive("Files can be changed again when it has ended.", run_id=str(active.id))


def clear(essay: Essay) -> None:
    """Let an essay wait for a text again, with nothing left of the one it had."""
    if essay.status != EssayStatus.AWAITING_CONTENT:
        essay.status = EssayStatus.AWAITING_CONTENT
    essay.text_storage_id = essay.text_sha256 = None
    essay.failure_code = essay.failure_reason = None
