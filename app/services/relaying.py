"""What the relay does: messages that were committed with a change are sent, then marked.

A relay that dies between the two sends them again; every receiver is safe to call twice.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID

import structlog

from app.crash_points import crash_point
from app.ports import Publisher, PublishFailed
from app.repositories.outbox import CANVAS, Pending
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

HINTS_AT_ONCE = 500
EVENTS_AT_ONCE = 5000
LONGEST_PASS_S = 10.0


@dataclass
class _Outcome:
    """What became of the hints of one pass; `refused` says why the broker takes no more now."""

    sent: list[UUID] = field(default_factory=list)
    unsendable: list[tuple[Pending, str]] = field(default_factory=list)
    refused: str | None = None


def relay(deps: Deps, publisher: Publisher) -> int:
    """Send what is unpublished, as far as the broker takes it; how many messages were sent.

    Raises:
        PublishFailed: the broker takes no more now; what it took is marked.
    """
    return relay_hints(deps, publisher) + len(relay_events(deps, publisher))


def relay_hints(deps: Deps, publisher: Publisher) -> int:
    """Send what workers are to do. Answers and raises as `relay`."""
    with deps.uow("relay_hints") as uow:
        pending = uow.outbox.take_hints(HINTS_AT_ONCE)
        if not pending:
            return 0
        outcome = _send(pending, publisher)
        crash_point("relay.before_mark")
        _mark(uow, outcome)
        crash_point("relay.after_mark")
        uow.commit()
    if outcome.refused is not None:
        raise PublishFailed(outcome.refused)
    return len(outcome.sent)


def relay_events(
    deps: Deps, publisher: Publisher, resting: Collection[UUID] = ()
) -> Mapping[UUID, int]:
    """Say what happened: however many events a pass has, each batch is rung for once. Raises as `relay`.

    Args:
        resting: batches whose news can wait while a run of them goes on.

    Returns:
        The batches that were rung for → how many essays each has.
    """
    try:
        with deps.uow("relay_events") as uow:
            taken = uow.outbox.take_events(EVENTS_AT_ONCE, resting)
            if not taken:
                return {}
            publisher.project(sorted(taken))
            uow.commit()
    except PublishFailed as exc:
        with deps.uow("relay_failed") as uow:
            uow.outbox.mark_failed(EVENTS_AT_ONCE, str(exc))
            uow.commit()
        raise
    return taken


def _send(pending: Sequence[Pending], publisher: Publisher) -> _Outcome:
    outcome = _Outcome()
    until = monotonic() + LONGEST_PASS_S
    try:
        for row in pending:
            if monotonic() > until:
                break  # what was sent must be marked before the database loses patience
            _send_hint(row, publisher, outcome)
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


def _mark(uow: UnitOfWork, outcome: _Outcome) -> None:
    dealt_with = outcome.sent + [row.id for row, _ in outcome.unsendable]
    if dealt_with:
        uow.outbox.mark_published(dealt_with)
    for row, error in outcome.unsendable:
        uow.dead_letters.add_unsendable(row.id, error)
    if outcome.refused is not None:
        uow.outbox.mark_failed(HINTS_AT_ONCE, outcome.refused)
