"""What the relay does: messages that were committed with a change are sent, then marked.

A relay that dies between the two sends them again; every receiver is safe to call twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID

import structlog

from app.crash_points import crash_point
from app.ports import Publisher, PublishFailed
from app.repositories.outbox import CANVAS, HINTS, Pending
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

AT_ONCE = 500
LONGEST_PASS_S = 10.0


@dataclass
class _Outcome:
    """What became of the rows of one pass; `refused` says why the broker takes no more now."""

    sent: list[UUID] = field(default_factory=list)
    unsendable: list[tuple[Pending, str]] = field(default_factory=list)
    refused: str | None = None


def relay(deps: Deps, publisher: Publisher) -> int:
    """Send what is unpublished, as far as the broker takes it; how many rows were sent.

    Raises:
        PublishFailed: the broker takes no more now; what it took is marked.
    """
    with deps.uow("relay") as uow:
        pending = uow.outbox.take_unpublished(AT_ONCE)
        if not pending:
            return 0
        outcome = _send(pending, publisher)
        crash_point("relay.before_mark")
        _mark(uow, pending, outcome)
        crash_point("relay.after_mark")
        uow.commit()
    if outcome.refused is not None:
        raise PublishFailed(outcome.refused)
    return len(outcome.sent)


def _send(pending: Sequence[Pending], publisher: Publisher) -> _Outcome:
    outcome = _Outcome()
    until = monotonic() + LONGEST_PASS_S
    events = [row for row in pending if row.event_type not in HINTS]
    try:
        for row in pending:
            if monotonic() > until:
                return outcome  # what was sent must be marked before the database loses patience
            if row.event_type in HINTS:
                _send_hint(row, publisher, outcome)
        # However many events a pass has, each batch is rung for once.
        publisher.project(sorted({row.aggregate_id for row in events}))
        outcome.sent.extend(row.id for row in events)
    except PublishFailed as exc:
        outcome.refused = str(exc)
    return outcome


def _send_hint(row: Pending, publisher: Publisher, outcome: _Outcome) -> None:
    try:
        if row.event_type == CANVAS:
            publisher.canvas(row.event_data)
        else:
            body = row.event_data
            publisher.ingest(UUID(body["file_id"]), UUID(body["batch_id"]))
    except PublishFailed:
        raise
    except Exception as exc:
        # A row that no broker could ever take must not hold up those behind it.
        log.exception("unsendable", outbox_id=str(row.id), kind=row.event_type)
        outcome.unsendable.append((row, repr(exc)))
        return
    outcome.sent.append(row.id)


def _mark(uow: UnitOfWork, pending: Sequence[Pending], outcome: _Outcome) -> None:
    dealt_with = outcome.sent + [row.id for row, _ in outcome.unsendable]
    if dealt_with:
        uow.outbox.mark_published(dealt_with)
    for row, error in outcome.unsendable:
        uow.dead_letters.add_unsendable(row.id, error)
    if outcome.refused is not None:
        left = set(dealt_with)
        uow.outbox.mark_failed([row.id for row in pending if row.id not in left], outcome.refused)
