"""Reading a file that was handed in: claimed, read with no transaction open, settled once."""

from typing import Any
from uuid import UUID, uuid4

import structlog

from app.services import readiness
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork, in_background
from models import Batch, Essay, File
from pipelines.extraction import Extracted, Refused
from pipelines.vocabulary import EssayStatus, FileStatus

log = structlog.get_logger(__name__)

SETTLING_S = 5.0
"""How much longer than reading may take a file is held by its reader; then another one takes it."""
MOST_ATTEMPTS = 3


def read_file(file_id: UUID, deps: Deps) -> None:
    """Read one file; safe to call twice."""
    token = uuid4()
    claimed = _claim(file_id, token, deps)
    if claimed is None:
        return
    file_name, body = claimed
    try:
        outcome = deps.reader.read(file_name, body)
    except Exception:
        log.exception("reading_raised", file_id=str(file_id))
        outcome = Refused("unreadable", "The file could not be read. Save it again, or as .txt.")
    batch = _settle(file_id, token, outcome, deps)
    if batch is not None:
        readiness.start_if_asked(batch, deps)


@in_background
def give_up(file_id: UUID, deps: Deps) -> None:
    """Refuse a file whose readers went silent again and again."""
    token = uuid4()
    if _claim(file_id, token, deps) is not None:
        refused = Refused("unreadable", f"The file could not be read in {MOST_ATTEMPTS} attempts.")
        batch = _settle(file_id, token, refused, deps)
        if batch is not None:
            readiness.start_if_asked(batch, deps)


@in_background
def _claim(file_id: UUID, token: UUID, deps: Deps) -> tuple[str, bytes] | None:
    with deps.uow("claim_file") as uow:
        file = uow.files.claim(
            file_id, token=token, lease_s=deps.settings.read_within_s + SETTLING_S
        )
        if file is None:
            return None
        claimed = file.file_name, uow.essays.read(file.content_storage_id)
        uow.commit()
    return claimed


@in_background
def _settle(file_id: UUID, token: UUID, outcome: Extracted | Refused, deps: Deps) -> Batch | None:
    """Write what came of a file; its batch, which may have become ready with it."""
    with deps.uow("settle_file") as uow:
        file = uow.files.lock_claimed(file_id, token)
        if file is None:
            return None  # another reader has taken over
        file.lease_token = file.lease_until = None
        file.status = FileStatus.READ if isinstance(outcome, Extracted) else FileStatus.FAILED
        if isinstance(outcome, Refused):
            file.failure_code, file.failure_reason = outcome.code, outcome.reason
        uow.session.flush()
        essay = uow.essays.lock(file.essay_id) if file.essay_id else None
        if essay is None or essay.file_id != file.id:
            uow.commit()
            return None  # another file has replaced this one meanwhile
        _give_to(uow, essay, file, outcome)
        batch = readiness.consider(uow, file.batch_id)
        uow.commit()
    return batch


def _give_to(uow: UnitOfWork, essay: Essay, file: File, outcome: Extracted | Refused) -> None:
    if isinstance(outcome, Extracted):
        stored = uow.essays.store(essay.batch_id, outcome.text.encode("utf-8"), uow.clock())
        essay.text_storage_id, essay.text_sha256 = stored.storage_id, stored.sha256
        essay.status = EssayStatus.READY_FOR_PROCESSING
        essay.failure_code = essay.failure_reason = (
            None  # it may have been given up as not handed in
        )
        data: dict[str, Any] = {"content_storage_reference": str(stored.storage_id)}
        if essay.student_name:
            data["student_name"] = essay.student_name
        event = "EssayContentReady"
    else:
        essay.status = EssayStatus.CONTENT_FAILED
        essay.failure_code, essay.failure_reason = outcome.code, outcome.reason
        data = {"failure_code": outcome.code}
        event = "EssayContentFailedV1"
    uow.session.flush()
    batch = uow.batches.lock(essay.batch_id)
    if not isinstance(outcome, Extracted):
        # Counted with the batch held, so that two files that fail at once are not both the first.
        failed = uow.essays.count_by_status(batch.id).get(EssayStatus.CONTENT_FAILED, 0)
        data |= {"failed_count": failed, "batch_status": batch.status}
    uow.outbox.event(
        event,
        batch_id=essay.batch_id,
        correlation_id=batch.correlation_id,
        entity=("essay", str(essay.id)),
        status=essay.status,
        data={
            "essay_id": essay.essay_id,
            "batch_id": str(essay.batch_id),
            "file_id": str(file.id),
            **data,
        },
    )
