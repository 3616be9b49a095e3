"""From events to the read model: the rows an event names are computed anew from the source tables.

So an event that comes twice, or late, or of which only the last is seen, leaves the same rows.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from app.projections import batch_overview, essay_report, notifications
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork, in_background

MOST_EVENTS = 2000

_TOUCH_EVERY_ESSAY = frozenset(
    {
        "BatchEssaysRegistered",
        "BatchFilesUploadedV1",
        "BatchFileRemovedV1",
        "EssayStudentNamedV1",
        "BatchReadinessTimeout",
        "ClientBatchPipelineRequestV1",
        "BatchPipelineEndedV1",
    }
)


def project(batch_id: UUID, deps: Deps) -> None:
    """Bring a batch's read model up to its newest event, then tell the cache and ring the owner's sockets."""
    while True:
        projected = _pass(batch_id, deps)
        if projected is None:
            return
        deps.cache.outdate(batch_id)
        deps.doorbell.ring(
            projected.owner_id,
            {
                "batch_id": str(batch_id),
                "event_no": projected.event_no,
                "last_seq": projected.last_seq,
            },
        )


def show_within(uow: UnitOfWork, batch_id: UUID, essay_pks: Collection[UUID] = ()) -> None:
    """Bring rows up to date inside the transaction of a request, so that whoever asked reads what they wrote.

    The projector does the same again a moment later, with the rows that only it looks after.
    """
    # This also holds the row against the projector, which would otherwise write over these what it read before.
    uow.session.execute(
        text("update projection_cursors set version = version + 1 where batch_id = :id"),
        {"id": batch_id},
    )
    batch_overview.recompute(uow.session, [batch_id])
    if essay_pks:
        essay_report.recompute(uow.session, essay_pks)


def outdate(uow: UnitOfWork, batch_id: UUID, deps: Deps) -> None:
    """After the commit of `show_within`: forget what the cache has of the batch."""
    assert uow.committed
    deps.cache.outdate(batch_id)


@dataclass(frozen=True, slots=True)
class _Projected:
    """How far a pass has come; `last_seq` is the owner's newest notification if the pass made any."""

    event_no: int
    owner_id: UUID
    last_seq: int | None


@in_background
def _pass(batch_id: UUID, deps: Deps) -> _Projected | None:
    with deps.uow("project") as uow:
        cursor = uow.session.execute(
            text("select event_no from projection_cursors where batch_id = :id for no key update"),
            {"id": batch_id},
        ).scalar_one_or_none()
        if cursor is None:
            return None  # the batch has been erased
        events = uow.outbox.after(batch_id, cursor, MOST_EVENTS)
        if not events:
            return None
        envelopes = [envelope for _, envelope in events]
        _recompute(uow, batch_id, envelopes)
        last = events[-1][0]
        uow.session.execute(
            text(
                "update projection_cursors set event_no = :no, version = version + 1"
                " where batch_id = :id"
            ),
            {"no": last, "id": batch_id},
        )
        owner_id = uow.batches.get(batch_id).owner_id
        # Last, because projectors of a teacher's other batches wait for the counter this holds.
        last_seq = notifications.add(uow.session, envelopes)
        uow.commit()
    return _Projected(last, owner_id, last_seq)


def _recompute(uow: UnitOfWork, batch_id: UUID, envelopes: list[dict[str, object]]) -> None:
    batch_overview.recompute(uow.session, [batch_id])
    if any(envelope["event_type"] in _TOUCH_EVERY_ESSAY for envelope in envelopes):
        essay_report.recompute_batches(uow.session, [batch_id])
        return
    essays = {UUID(essay) for essay in map(_essay_named, envelopes) if essay is not None}
    if essays:
        essay_report.recompute(uow.session, essays)


def _essay_named(envelope: dict[str, object]) -> str | None:
    data = envelope["data"]
    assert isinstance(data, dict)
    return str(data["entity_id"]) if data["entity_type"] == "essay" else None
