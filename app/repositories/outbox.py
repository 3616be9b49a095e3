"""Messages, written with the change they speak of and sent by the relay."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from json import dumps
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from app.clock import Clock
from app.prepared import prepared
from app.repositories.arrays import literal
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
class ResultEvents:
    """The events that say how many items ended in a phase, to be written at commit.

    Attributes:
        ended: item, status and failure code of each.
    """

    event_type: str
    batch_id: UUID
    correlation_id: UUID
    data: dict[str, Any]
    ended: Sequence[tuple[str, str, str | None]]


@dataclass(frozen=True, slots=True)
class Pending:
    """A hint as the relay sees it."""

    id: UUID
    aggregate_id: UUID
    event_type: str
    event_data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class News:
    """What some events of a batch name.

    Attributes:
        last: the newest one's number.
        essays: the ids of those they are about.
        asked: the ids of the events that ask for a notification.
    """

    last: int
    event_types: frozenset[str]
    essays: tuple[str, ...]
    asked: tuple[str, ...]


_NOBODY = UUID(int=0)

_NEWS = text(f"""
    select max(event_no) as last, array_agg(distinct event_type) as event_types,
        array_agg(distinct event_data -> 'data' ->> 'entity_id')
            filter (where event_data -> 'data' ->> 'entity_type' = 'essay') as essays,
        array_agg(id::text) filter (where event_type = '{notifications.REQUESTED}') as asked
    from (select id, event_no, event_type, event_data from event_outbox
        where aggregate_type = 'batch' and aggregate_id = :batch_id and event_no > :event_no
        order by event_no limit :limit) e
""")  # noqa: S608 - a constant of the core

HEARD_HINTS, HEARD_EVENTS = "hints", "events"
"""What a relay hears Postgres say on the channel `outbox`: whether what was written has to be sent at once."""

_RING = prepared("select pg_notify('outbox', :what)")

_TAKE_NUMBERS = prepared("""
    update batches set event_no = event_no + :n, updated_at = now() where id = :id
    returning event_no, owner_id, pg_notify('outbox', :what)
""")

# What differs from event to event is put into the envelope here, because thousands are written at once. All that is
# sent of a batch's events is that there are some, so one of a block waits for that and speaks for the others.
_WRITE_RESULTS = prepared("""
    insert into event_outbox (id, aggregate_type, aggregate_id, event_type, event_key, event_data,
        topic, event_no, created_at, published_at, retry_count)
    select e.id, 'batch', :batch_id, :event_type, cast(cast(:batch_id as uuid) as text),
        cast(:template as jsonb) || jsonb_build_object('event_id', e.id, 'data',
            cast(:data as jsonb) || jsonb_build_object(
                'entity_id', e.item, 'status', e.status, 'failure_code', e.code)),
        :topic, :first + e.n - 1, :at,
        case when :first + e.n - 1 <> :speaker then cast(:at as timestamptz) end, 0
    from (select gen_random_uuid() as id, w.* from unnest(cast(:items as text[]),
        cast(:statuses as text[]), cast(:codes as text[])) with ordinality as w(item, status, code, n)
    ) e
""")

_TAKE_EVENTS = text("""
    with taken as (
        update event_outbox set published_at = now() where ctid = any(array(
            select ctid from event_outbox where published_at is null and event_no is not null
            order by created_at limit :limit for update skip locked))
        returning aggregate_id, event_no
    )
    select t.aggregate_id, greatest(1, max(t.event_no) - coalesce(min(c.event_no), 0)) as n
    from taken t left join projection_cursors c on c.batch_id = t.aggregate_id group by 1
""")


class Outbox:
    """The events of one transaction, and the rows still to be sent."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock
        self._events: list[Event] = []
        self._results: list[ResultEvents] = []
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

    def results(
        self,
        event_type: str,
        *,
        batch_id: UUID,
        correlation_id: UUID,
        data: Mapping[str, Any],
        ended: Sequence[tuple[str, str, str | None]],
    ) -> None:
        """Say how essays ended in a phase: one event each, as `event` would write it. Teachers are told of none.

        Args:
            ended: the essay, its status and its failure code.
        """
        if ended:
            self._results.append(
                ResultEvents(event_type, batch_id, correlation_id, dict(data), list(ended))
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
        said_what = HEARD_HINTS if self._rows else HEARD_EVENTS
        about = {event.batch_id for event in self._events}
        about |= {results.batch_id for results in self._results}
        for batch_id in sorted(about):
            results = [each for each in self._results if each.batch_id == batch_id]
            said = [
                each
                for event in self._events
                if event.batch_id == batch_id
                for each in _with_notification(event)
            ]
            count = len(said) + sum(len(each.ended) for each in results)
            last, owner_id = self._take_numbers(batch_id, count, said_what)
            next_no = last - count + 1
            for each in results:
                self._write_results(each, next_no, speaker=last)
                next_no += len(each.ended)
            self._number(said, batch_id, owner_id, next_no)
        if self._rows:
            self._session.execute(insert(EventOutbox), self._rows)
        if self._rows and not about:
            self._session.execute(_RING, {"what": HEARD_HINTS})
        self._events, self._results, self._rows = [], [], []

    def _take_numbers(self, batch_id: UUID, count: int, said_what: str) -> tuple[int, UUID]:
        last, owner_id, _ = self._session.execute(
            _TAKE_NUMBERS, {"n": count, "id": batch_id, "what": said_what}
        ).one()
        self.last_event_no[batch_id] = last
        return last, owner_id

    def _write_results(self, results: ResultEvents, first: int, *, speaker: int) -> None:
        at = self._clock()
        template = events.envelope(
            results.event_type,
            results.data,
            event_id=_NOBODY,
            at=at,
            correlation_id=results.correlation_id,
            entity=("essay", ""),
        )
        items, statuses, codes = zip(*results.ended, strict=True)
        self._session.execute(
            _WRITE_RESULTS,
            {
                "batch_id": results.batch_id,
                "event_type": results.event_type,
                "topic": events.TOPICS[results.event_type],
                "template": dumps({k: v for k, v in template.items() if k != "data"}),
                "data": dumps(template["data"]),
                "first": first,
                "speaker": speaker,
                "at": at,
                "items": literal(items),
                "statuses": literal(statuses),
                "codes": literal(codes),
            },
        )

    def _number(
        self, events_of_batch: Sequence[Event], batch_id: UUID, owner_id: UUID, first: int
    ) -> None:
        at = self._clock()
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

    def take_hints(self, limit: int) -> Sequence[Pending]:
        """Hints to send, locked; those another relay holds are passed over."""
        rows = self._session.execute(
            select(
                EventOutbox.id,
                EventOutbox.aggregate_id,
                EventOutbox.event_type,
                EventOutbox.event_data,
            )
            .where(EventOutbox.published_at.is_(None), EventOutbox.event_no.is_(None))
            .order_by(EventOutbox.created_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [Pending(*row) for row in rows]

    def take_events(self, limit: int) -> dict[UUID, int]:
        """Events to send, marked as sent: batch → how many its read model is behind. Another relay's are passed over.

        Nothing is read of them, because all that is sent is that a batch has news.
        """
        rows = self._session.execute(_TAKE_EVENTS, {"limit": limit})
        return {row.aggregate_id: row.n for row in rows}

    def mark_published(self, ids: Sequence[UUID]) -> None:
        """Say that rows were sent."""
        self._session.execute(
            text(
                "update event_outbox set published_at = now() where id = any(cast(:ids as uuid[]))"
            ),
            {"ids": literal(ids)},
        )

    def mark_failed(self, limit: int, error: str) -> None:
        """Say of what waits longest that it could not be sent now."""
        self._session.execute(
            text("""
                update event_outbox o set retry_count = retry_count + 1, last_error = :error
                from (select id from event_outbox where published_at is null
                    order by created_at limit :limit for update skip locked) w where o.id = w.id
            """),
            {"limit": limit, "error": error[:500]},
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

    def news(self, batch_id: UUID, event_no: int, limit: int) -> News | None:
        """What a batch's events name, from the one after `event_no`, at most so many; None if there are none."""
        found = self._session.execute(
            _NEWS, {"batch_id": batch_id, "event_no": event_no, "limit": limit}
        ).one()
        if found.last is None:
            return None
        return News(
            found.last,
            frozenset(found.event_types),
            tuple(found.essays or ()),
            tuple(found.asked or ()),
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

    def newest(self, batch_id: UUID, event_type: str) -> dict[str, Any] | None:
        """What a batch's newest event of a type says beside its metadata."""
        envelope = self._session.scalars(
            select(EventOutbox.event_data)
            .where(
                EventOutbox.aggregate_type == "batch",
                EventOutbox.aggregate_id == batch_id,
                EventOutbox.event_type == event_type,
            )
            .order_by(EventOutbox.event_no.desc())
            .limit(1)
        ).one_or_none()
        return None if envelope is None else dict(envelope["data"])


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
