"""What the relay does: messages that were committed with a change are sent, then marked.

A relay that dies between the two sends them again; every receiver is safe to call twice.
"""

from collections.abc import Sequence
from uuid import UUID

import structlog

from app.crash_points import crash_point
from app.ports import Publisher, PublishFailed
from app.repositories.outbox import CANVAS, INGEST, Pending
from app.services.deps import Deps

log = structlog.get_logger(__name__)

AT_ONCE = 500


def relay(deps: Deps, publisher: Publisher) -> int:
    """Send what is unpublished, as far as the broker takes it; how many rows were sent."""
    with deps.uow("relay") as uow:
        pending = uow.outbox.take_unpublished(AT_ONCE)
        if not pending:
            return 0
        sent, error = _send(pending, publisher)
        crash_point("relay.published")
        if sent:
            uow.outbox.mark_published(sent)
        if error is not None:
            unsent = [row.id for row in pending if row.id not in set(sent)]
            uow.outbox.mark_failed(unsent, error)
        uow.commit()
    if error is not None:
        raise PublishFailed(error)
    return len(sent)


def _send(pending: Sequence[Pending], publisher: Publisher) -> tuple[list[UUID], str | None]:
    """Send rows until the broker refuses one: the ids of those sent, and why it stopped."""
    sent: list[UUID] = []
    events = [row for row in pending if row.event_type not in (CANVAS, INGEST)]
    try:
        for row in pending:
            if row.event_type == CANVAS:
                publisher.canvas(row.event_data)
            elif row.event_type == INGEST:
                body = row.event_data
                publisher.ingest(UUID(body["file_id"]), UUID(body["batch_id"]))
            else:
                continue
            sent.append(row.id)
        # However many events a pass has, each batch is rung for once.
        publisher.project(sorted({row.aggregate_id for row in events}))
        sent.extend(row.id for row in events)
    except PublishFailed as exc:
        return sent, str(exc)
    return sent, None
