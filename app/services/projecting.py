"""From events to the read model: the rows an event names are computed anew from the source tables.

So an event that comes twice, or late, or of which only the last is seen, leaves the same rows.
"""

from collections.abc import Collection
from dataclasses import dataclass
from math import inf
from time import monotonic
from uuid import UUID

from app.prepared import prepared
from app.projections import batch_overview, essay_report, notifications
from app.repositories.outbox import News
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork, in_background

MOST_EVENTS = 20_000
"""In one pass, which other batches wait for: the more it has, the fewer rows are written more than once."""

_MOVES_EVERY_ESSAY = "ClientBatchPipelineRequestV1"
"""Changes nothing of an essay but its status."""

_TOUCH_EVERY_ESSAY = frozenset(
    {
        "BatchEssaysRegistered",
        "BatchFilesUploadedV1",
        "BatchFileRemovedV1",
        "EssayStudentNamedV1",
        "BatchReadinessTimeout",
        "BatchPipelineEndedV1",
        "BatchAllowedWordsChangedV1",
    }
)


def project(batch_id: UUID, deps: Deps, *, turn_s: float = inf) -> bool:
    """Bring a batch's read model up to its newest event, then tell the cache and ring the owner's sockets.

    What happens meanwhile is told of by the relay, when it is time.

    Args:
        turn_s: for how long, unless there is nothing left before.

    Returns:
        Whether it is up to date; otherwise others have their turn before it goes on.
    """
    until = monotonic() + turn_s
    while True:
        projected = _pass(batch_id, deps)
        if projected is None:
            return True
        deps.cache.outdate(batch_id)
        deps.doorbell.ring(
            projected.owner_id,
            {
                "batch_id": str(batch_id),
                "event_no": projected.event_no,
                "last_seq": projected.last_seq,
            },
        )
        if projected.is_newest:
            return True
        if monotonic() >= until:
            return False


def show_within(uow: UnitOfWork, batch_id: UUID, essay_pks: Collection[UUID] = ()) -> None:
    """Bring rows up to date inside the transaction of a request, so that whoever asked reads what they wrote.

    The projector does the same again a moment later, with the rows that only it looks after.
    """
    _hold(uow, batch_id)
    _show(uow, batch_id, essay_pks)


def show_end_within(uow: UnitOfWork, batch_id: UUID) -> None:
    """The same where a run has ended early, with what its essays have come to: an end is not shown without that."""
    news = uow.outbox.news(batch_id, _hold(uow, batch_id), MOST_EVENTS)
    _show(uow, batch_id, news.essays if news else ())


def _show(uow: UnitOfWork, batch_id: UUID, essay_pks: Collection[UUID | str]) -> None:
    batch_overview.recompute(uow.session, [batch_id])
    essay_report.leave_processing(uow.session, batch_id)
    if essay_pks:
        essay_report.recompute(uow.session, essay_pks)


def _hold(uow: UnitOfWork, batch_id: UUID) -> int:
    """Hold a batch against the projector, which would otherwise write over rows what it read before; what it shows."""
    held = (
        prepared(
            "update projection_cursors set version = version + 1 where batch_id = :id"
            " returning event_no"
        )
        .on(uow.session, {"id": batch_id})
        .one_or_none()
    )
    return int(held.event_no) if held is not None else 0


def outdate(uow: UnitOfWork, batch_id: UUID, deps: Deps) -> None:
    """After the commit of `show_within`: forget what the cache has of the batch."""
    assert uow.committed
    deps.cache.outdate(batch_id)


@dataclass(frozen=True, slots=True)
class _Projected:
    """How far a pass has come.

    Attributes:
        is_newest: there was nothing after it.
        last_seq: the owner's newest notification, if the pass made any.
    """

    event_no: int
    is_newest: bool
    owner_id: UUID
    last_seq: int | None


@in_background
def _pass(batch_id: UUID, deps: Deps) -> _Projected | None:
    with deps.uow("project") as uow:
        standing = (
            prepared("""
                select c.event_no as shown, b.event_no as newest
                from projection_cursors c join batches b on b.id = c.batch_id
                where c.batch_id = :id for no key update of c
            """)
            .on(uow.session, {"id": batch_id})
            .one_or_none()
        )
        if standing is None or standing.newest <= standing.shown:
            return None  # erased, or shown by another projector
        # Work goes on meanwhile, and each of these reads what has been committed when it begins. In this order essays
        # are not behind their batch: nobody is shown a run that has ended with essays it still works on. What comes
        # after `newest` may be missing in the batch's row, so the next pass takes it once more.
        batch_overview.recompute(uow.session, [batch_id])
        news = uow.outbox.news(batch_id, standing.shown, MOST_EVENTS)
        assert news is not None
        _recompute_essays(uow, batch_id, news)
        shown = min(news.last, standing.newest)
        prepared(
            "update projection_cursors set event_no = :no, version = version + 1"
            " where batch_id = :id"
        ).on(
            uow.session,
            {"no": shown, "id": batch_id},
        )
        owner_id = uow.batches.owner_of(batch_id)
        # Last, because projectors of a teacher's other batches wait for the counter this holds.
        last_seq = notifications.add(uow.session, news.asked)
        uow.commit()
    return _Projected(shown, shown == standing.newest, owner_id, last_seq)


def _recompute_essays(uow: UnitOfWork, batch_id: UUID, news: News) -> None:
    if news.event_types & _TOUCH_EVERY_ESSAY:
        essay_report.recompute_batches(uow.session, [batch_id])
        return
    if _MOVES_EVERY_ESSAY in news.event_types:
        essay_report.move(uow.session, batch_id)
    if news.essays:
        essay_report.recompute(uow.session, news.essays)
