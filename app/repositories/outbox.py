"""Messages, written with the change they speak of and sent by the relay."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from json import dumps
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, text
from sqlalchemy.exc import NoResultFound
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
    """An event to be written at commit.

    Attributes:
        outcome_of: a phase run whose essays it names whenever it is read.
    """

    event_type: str
    batch_id: UUID
    correlation_id: UUID
    data: dict[str, Any]
    entity: tuple[str, str]
    status: str | None
    is_for_teacher: bool = False
    outcome_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """The events that say how many essays ended in a phase, to be written at commit as one row.

    Attributes:
        ended: essay, status and failure code of each.
    """

    event_type: str
    batch_id: UUID
    correlation_id: UUID
    data: dict[str, Any]
    ended: Sequence[events.Ended]


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


# A block holds many events, and its number is that of the last; whoever takes no more than some may stop within it.
_NEWS = prepared(f"""
    with stored as materialized (
        select id, event_no, event_type, event_data,
            coalesce(jsonb_array_length(event_data -> '{events.ENDED}'), 1) as n
        from event_outbox
        where aggregate_type = 'batch' and aggregate_id = :batch_id and event_no > :event_no
        order by event_no limit :limit
    ), news as materialized (
        select * from stored where event_no - n < :event_no + :limit
    )
    select (select least(max(event_no), :event_no + :limit) from news having count(*) > 0) as last,
        (select array_agg(distinct event_type) from news) as event_types,
        (select array_agg(distinct essay) from (
            select event_data -> 'data' ->> 'entity_id' as essay from news
            where event_data -> 'data' ->> 'entity_type' = 'essay'
            union all
            select one ->> 0 from news, jsonb_array_elements(event_data -> '{events.ENDED}')
                with ordinality as w(one, k)
            where event_no - n + k > :event_no and event_no - n + k <= :event_no + :limit
            ) e where essay is not null) as essays,
        (select array_agg(id::text) from news
            where event_type = '{notifications.REQUESTED}') as asked
""")  # noqa: S608 - constants of the core

HEARD_HINTS, HEARD_EVENTS = "hints", "events"
"""What a relay hears Postgres say on the channel `outbox`: whether what was written has to be sent at once."""

# Events take their numbers from the batch's row, which is held from then on, and so come to be seen in their order. The
# teacher who is told is put in here.
_WRITE = prepared("""
    with numbered as (
        update batches set event_no = event_no + :n, updated_at = now() where id = :batch_id
        returning event_no, owner_id
    ), written as (
        insert into event_outbox (id, aggregate_type, aggregate_id, event_type, event_key, event_data,
            topic, event_no, created_at, retry_count)
        select r.id, r.aggregate_type, r.aggregate_id, r.event_type,
            case when r.is_for_teacher then n.owner_id::text else r.event_key end,
            case when r.is_for_teacher then r.event_data || jsonb_build_object('data',
                    r.event_data -> 'data' || jsonb_build_object('teacher_id', n.owner_id))
                else r.event_data end,
            r.topic, n.event_no - :n + r.nth, r.created_at, 0
        from jsonb_to_recordset(cast(:rows as jsonb)) as r (id uuid, aggregate_type text,
            aggregate_id uuid, event_type text, event_key text, event_data jsonb, topic text,
            created_at timestamptz, nth int, is_for_teacher boolean)
        left join numbered n on true
    )
    select (select event_no from numbered) as last, pg_notify('outbox', :what)
""")

# Nothing of it changes once the phase has ended, but that a text may be erased or replaced.
_OUTCOME = text("""
    select u.status, e.essay_id, case when r.text_sha256 = e.text_sha256 then e.text_storage_id end as text
    from units u join phase_runs p on p.id = u.phase_run_id join essays e on e.id = u.item_id
    left join results r on r.run_id = p.run_id and r.phase = p.phase and r.item_id = u.item_id
    where u.phase_run_id = :phase_run_id and u.status in ('done', 'failed')
    order by e.position
""")

_TAKE_EVENTS = text("""
    with taken as (
        update event_outbox set published_at = now() where ctid = any(array(
            select ctid from event_outbox o where published_at is null and event_no is not null
                and not (aggregate_id = any(cast(:resting as uuid[])) and exists (
                    select 1 from runs r where r.batch_id = o.aggregate_id and r.status = 'active'))
            order by created_at limit :limit for update skip locked))
        returning aggregate_id
    )
    select t.aggregate_id, coalesce(b.expected_essay_count, 0) as essays
    from (select distinct aggregate_id from taken) t left join batches b on b.id = t.aggregate_id
""")


class Outbox:
    """The events of one transaction, and the rows still to be sent."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock
        self._events: list[Event] = []
        self._blocks: list[Block] = []
        self._rows: list[dict[str, Any]] = []

    def event(
        self,
        event_type: str,
        *,
        batch_id: UUID,
        correlation_id: UUID,
        data: Mapping[str, Any] | None = None,
        entity: tuple[str, str] | None = None,
        status: str | None = None,
        outcome_of: UUID | None = None,
    ) -> None:
        """Say that something happened to a batch; written, numbered and enveloped at commit.

        Args:
            outcome_of: a phase run that has ended; which of its essays go on, with what text, and which do not, is part
                of the event.
        """
        self._events.append(
            Event(
                event_type,
                batch_id,
                correlation_id,
                dict(data or {}),
                entity or ("batch", str(batch_id)),
                status,
                outcome_of=outcome_of,
            )
        )

    def results(
        self,
        event_type: str,
        *,
        batch_id: UUID,
        correlation_id: UUID,
        data: Mapping[str, Any],
        ended: Sequence[events.Ended],
    ) -> None:
        """Say how essays ended in a phase: one event each, kept together. Teachers are told of none."""
        if ended:
            self._blocks.append(
                Block(event_type, batch_id, correlation_id, dict(data), list(ended))
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

        Raises:
            NoResultFound: a batch that something is said of has been erased.
        """
        said_what = HEARD_HINTS if self._rows else HEARD_EVENTS
        about = {event.batch_id for event in self._events}
        about |= {block.batch_id for block in self._blocks}
        for batch_id in sorted(about):
            self._write(batch_id, said_what)
        if self._rows:
            self._write(None, said_what)
        self._events, self._blocks = [], []

    def _write(self, batch_id: UUID | None, said_what: str) -> None:
        at = self._clock()
        count, rows = 0, self._rows
        for block in self._blocks:
            if block.batch_id == batch_id:
                count += len(block.ended)
                rows.append(_row_of_block(block, count, at))
        for event in self._events:
            if event.batch_id == batch_id:
                for each in _with_notification(event):
                    count += 1
                    rows.append(_row(each, count, at))
        self._rows = []
        written = _WRITE.on(
            self._session,
            {
                "batch_id": batch_id,
                "n": count,
                "rows": dumps(rows, default=str),
                "what": said_what,
            },
        ).one()
        if batch_id is not None and written.last is None:
            raise NoResultFound(f"batch {batch_id} is gone")

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

    def take_events(self, limit: int, resting: Collection[UUID] = ()) -> dict[UUID, int]:
        """Events to send, marked as sent: batch → how many essays it has. Another relay's are passed over.

        Nothing is read of them, because all that is sent is that a batch has news.

        Args:
            resting: batches whose news can wait while a run of them goes on.
        """
        rows = self._session.execute(_TAKE_EVENTS, {"limit": limit, "resting": literal(resting)})
        return {row.aggregate_id: row.essays for row in rows}

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
        found = _NEWS.on(
            self._session, {"batch_id": batch_id, "event_no": event_no, "limit": limit}
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
        found = (
            each
            for row in rows
            for each in events.each(self._named(row.event_data), row.event_no or 0)
        )
        return list(islice((each for each in found if each[0] > event_no), limit))

    def _named(self, stored: Mapping[str, Any]) -> Mapping[str, Any]:
        """An envelope as it is stored; the outcome of a phase with its essays, which the ledger knows."""
        phase_run_id = stored.get(events.OUTCOME_OF)
        if phase_run_id is None:
            return stored
        rows = self._session.execute(_OUTCOME, {"phase_run_id": phase_run_id}).all()
        done = [(row.essay_id, row.text) for row in rows if row.status == "done"]
        failed = [row.essay_id for row in rows if row.status == "failed"]
        return events.named(stored, done, failed)

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


def _row(event: Event, nth: int, at: datetime) -> dict[str, Any]:
    event_id = uuid4()
    body = events.envelope(
        event.event_type,
        event.data,
        event_id=event_id,
        at=at,
        correlation_id=event.correlation_id,
        entity=event.entity,
        status=event.status,
    )
    if event.outcome_of is not None:
        body = events.of_phase(body, event.outcome_of)
    return _row_of_batch(event, event_id, body, nth, at) | {"is_for_teacher": event.is_for_teacher}


def _row_of_block(block: Block, nth: int, at: datetime) -> dict[str, Any]:
    event_id = uuid4()
    body = events.block(
        block.event_type,
        block.data,
        block.ended,
        event_id=event_id,
        at=at,
        correlation_id=block.correlation_id,
    )
    return _row_of_batch(block, event_id, body, nth, at)


def _row_of_batch(
    said: Event | Block, event_id: UUID, body: dict[str, Any], nth: int, at: datetime
) -> dict[str, Any]:
    return {
        "id": event_id,
        "aggregate_type": "batch",
        "aggregate_id": said.batch_id,
        "event_type": said.event_type,
        "event_key": str(said.batch_id),
        "event_data": body,
        "topic": events.TOPICS[said.event_type],
        "nth": nth,
        "created_at": at,
    }


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
