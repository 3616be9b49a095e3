"""Messages, written with the change they speak of and sent by the relay."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from app.clock import Clock
from models import EventOutbox
from pipelines import events, notifications

CANVAS = "canvas"
INGEST = "ingest"
HINTS = (CANVAS, INGEST)
"""Rows that are no events but messages to workers; they have no number and no history."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event to be written at commit."""

    event_type: str
    batch_id: UUID
    correlation_id: UUID
    data: dict[str, Any]
    entity: tuple[str, str]
    status: str | None
    is_for_teacher: bool = False


@dataclass(frozen=True, slots=True)
class Pending:
    """An outbox row as the relay sees it."""

    id: UUID
    aggregate_id: UUID
    event_type: str
    event_data: Mapping[str, Any]


class Outbox:
    """The events of one transaction, and the rows still to be sent."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock
        self._events: list[Event] = []
        self._rows: list[dict[str, Any]] = []
        self.last_event_no: dict[UUID, int] = {}
        """After the commit: the number of each batch's newest event."""

    def event(
        self,
        event_type: str,
        *,
        batch_id: UUID,
        correlation_id: UUID,
        data: Mapping[str, Any] | None = None,
        entity: tuple[str, str] | None = None,
        status: str | None = None,
    ) -> None:
        """Say that something happened to a batch; written, numbered and enveloped at commit."""
        self._events.append(
            Event(
                event_type,
                batch_id,
                correlation_id,
                dict(data or {}),
                entity or ("batch", str(batch_id)),
                status,
            )
        )

    def hint(self, kind: str, *, about: UUID, key: UUID, topic: str, body: dict[str, Any]) -> None:
        """Ask the relay to send workers a message: ids and numbers only, it is visible in Flower.

        Args:
            kind: one of `HINTS`.
            about: the phase run or file it speaks of.
            key: what it is ordered and found by: the run or the batch.
            topic: the queue.
        """
        self._rows.append(
            {
                "id": uuid4(),
                "aggregate_type": "phase_run" if kind == CANVAS else "file",
                "aggregate_id": about,
                "event_type": kind,
                "event_key": str(key),
                "event_data": body,
                "topic": topic,
                "event_no": None,
                "created_at": self._clock(),
            }
        )

    def ask_to_read(self, file_id: UUID, batch_id: UUID) -> None:
        """Ask for a file to be read."""
        body = {"file_id": str(file_id), "batch_id": str(batch_id)}
        self.hint(INGEST, about=file_id, key=batch_id, topic=INGEST, body=body)

    def flush(self) -> None:
        """Number the events, one block per batch, and write all rows. Called by the unit of work, last.

        What a teacher is told of an event follows it in the same block: it is true and told, or neither.
        """
        for batch_id in sorted({event.batch_id for event in self._events}):
            of_batch = [event for event in self._events if event.batch_id == batch_id]
            self._number(
                [said for event in of_batch for said in _with_notification(event)], batch_id
            )
        if self._rows:
            self._session.execute(insert(EventOutbox), self._rows)
            self._session.execute(text("select pg_notify('outbox', '')"))
        self._events, self._rows = [], []

    def _number(self, events_of_batch: Sequence[Event], batch_id: UUID) -> None:
        last, owner_id = self._session.execute(
            text(
                "update batches set event_no = event_no + :n, updated_at = now() where id = :id"
                " returning event_no, owner_id"
            ),
            {"n": len(events_of_batch), "id": batch_id},
        ).one()
        self.last_event_no[batch_id] = last
        at = self._clock()
        first = last - len(events_of_batch) + 1
        for event_no, event in enumerate(events_of_batch, start=first):
            event_id = uuid4()
            self._rows.append(
                {
                    "id": event_id,
                    "aggregate_type": "batch",
                    "aggregate_id": batch_id,
                    "event_type": event.event_type,
                    "event_key": str(owner_id if event.is_for_teacher else batch_id),
                    "event_data": events.envelope(
                        event.event_type,
                        event.data | {"teacher_id": str(owner_id)}
                        if event.is_for_teacher
                        else event.data,
                        event_id=event_id,
                        at=at,
                        correlation_id=event.correlation_id,
                        entity=event.entity,
                        status=event.status,
                    ),
                    "topic": events.TOPICS[event.event_type],
                    "event_no": event_no,
                    "created_at": at,
                }
            )

    def take_unpublished(self, limit: int) -> Sequence[Pending]:
        """Rows to send, locked; those another relay holds are passed over."""
        rows = self._session.execute(
            select(
                EventOutbox.id,
                EventOutbox.aggregate_id,
                EventOutbox.event_type,
                EventOutbox.event_data,
            )
            .where(EventOutbox.published_at.is_(None))
            .order_by(EventOutbox.created_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [Pending(*row) for row in rows]

    def mark_published(self, ids: Sequence[UUID]) -> None:
        """Say that rows were sent."""
        self._session.execute(
            text("update event_outbox set published_at = now() where id = any(:ids)"),
            {"ids": list(ids)},
        )

    def mark_failed(self, ids: Sequence[UUID], error: str) -> None:
        """Say that rows could not be sent now."""
        self._session.execute(
            text(
                "update event_outbox set retry_count = retry_count + 1, last_error = :error"
                " where id = any(:ids)"
            ),
            {"ids": list(ids), "error": error[:500]},
        )

    def erase(self, batch_id: UUID) -> None:
        """Delete every event and every hint of a batch that is held."""
        self._session.execute(
            text("""
                delete from event_outbox where (aggregate_type = 'batch' and aggregate_id = :id)
                or (aggregate_type = 'phase_run' and aggregate_id in
                    (select id from phase_runs where batch_id = :id))
                or (aggregate_type = 'file' and aggregate_id in
                    (select id from files where batch_id = :id))
            """),
            {"id": batch_id},
        )

    def after(
        self, batch_id: UUID, event_no: int, limit: int
    ) -> Sequence[tuple[int, dict[str, Any]]]:
        """A batch's events with their numbers, from the one after `event_no`, in order."""
        rows = self._session.execute(
            select(EventOutbox.event_no, EventOutbox.event_data)
            .where(
                EventOutbox.aggregate_type == "batch",
                EventOutbox.aggregate_id == batch_id,
                EventOutbox.event_no > event_no,
            )
            .order_by(EventOutbox.event_no)
            .limit(limit)
        )
        return [(row.event_no or 0, row.event_data) for row in rows]


def _with_notification(event: Event) -> Iterator[Event]:
    yield event
    told = notifications.about(event.event_type, event.data, event.status)
    if told is None:
        return
    batch_id = str(event.batch_id)
    yield Event(
        notifications.REQUESTED,
        event.batch_id,
        event.correlation_id,
        asdict(told)
        | {
            "payload": {"batch_id": batch_id, **told.payload},
            "correlation_id": str(event.correlation_id),
            "batch_id": batch_id,
        },
        ("batch", batch_id),
        event.status,
        is_for_teacher=True,
    )
