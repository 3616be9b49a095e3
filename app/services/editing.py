"""Changing what was said of a batch, and erasing all of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.errors import RunActive
from app.services import projecting
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork, in_request

EDITABLE = ("essay_instructions", "class_designation")


@in_request
def change(batch_id: UUID, wanted: Mapping[str, Any], *, owner_id: UUID, deps: Deps) -> None:
    """Change a batch's instructions or its class.

    Raises:
        BatchNotFound: no such batch of this teacher.
        RunActive: a run works with what was said when it started.
    """
    with deps.uow("change_batch") as uow:
        uow.batches.owned(batch_id, owner_id)
        batch = uow.batches.lock(batch_id)
        _refuse_while_running(uow, batch_id, "Change it when it has ended.")
        changed = [key for key in EDITABLE if key in wanted and getattr(batch, key) != wanted[key]]
        if not changed:
            return
        for key in changed:
            setattr(batch, key, wanted[key])
        uow.session.flush()
        uow.outbox.event(
            "BatchDetailsChangedV1",
            batch_id=batch.id,
            correlation_id=batch.correlation_id,
            status=batch.status,
            data={"changed": changed},
        )
        projecting.show_within(uow, batch_id)
        uow.commit()
        projecting.outdate(uow, batch_id, deps)


@in_request
def erase(batch_id: UUID, *, owner_id: UUID, deps: Deps) -> None:
    """Delete a batch and everything of it: texts, files, results, runs and history.

    Raises:
        BatchNotFound: no such batch of this teacher.
        RunActive: it has to be cancelled first.
    """
    with deps.uow("erase_batch") as uow:
        uow.batches.owned(batch_id, owner_id)
        uow.files.lock_all(batch_id)
        uow.essays.lock_all(batch_id)
        uow.batches.lock(batch_id)
        _refuse_while_running(uow, batch_id, "Cancel it first.")
        uow.outbox.erase(batch_id)
        uow.batches.erase(batch_id)
        uow.commit()
    deps.cache.outdate(batch_id)


def _refuse_while_running(uow: UnitOfWork, batch_id: UUID, advice: str) -> None:
    active = uow.runs.active_of(batch_id)
    if active is not None:
        raise RunActive(advice, run_id=str(active.id))
