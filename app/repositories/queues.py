"""What goes on at the queues: who works there, who wants to, and whose turn it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.prepared import prepared
from app.repositories.arrays import literal
from pipelines.admission import Contender
from pipelines.vocabulary import Priority

# One question instead of three, because it is asked for every wave.
_RUSH = prepared("""
    select (select sum(slots)::int from worker_heartbeats
            where :queue = any(queues) and seen_at > now() - make_interval(secs => :within_s)) as slots,
        (select sum(slots)::int from worker_heartbeats
            where cast(:stream as text[]) && queues and seen_at > now() - make_interval(secs => :within_s))
            as stream_slots,
        (select sum(busy_s) / nullif(sum(done + failed), 0) from (
            select busy_s, done, failed from phase_runs
            where phase = :phase and engine_version = :engine_version and busy_s > 0
              and finished_at is not null
            order by finished_at desc limit 5) lately) as unit_s,
        (select array_agg(array[c.run_id::text, c.owner_id::text, c.priority, c.units::text, c.since::text])
            from (select p.run_id, b.owner_id, r.priority, sum(p.remaining) as units, r.created_at as since
                from phase_runs p join runs r on r.id = p.run_id join batches b on b.id = r.batch_id
                where p.queue = :queue and p.status = 'in_progress' and r.status = 'active'
                  and (p.remaining > 0 or p.run_id = :run_id)
                group by 1, 2, 3, 5) c) as contenders
""")


# Asked before a slice is begun, so it looks at the units of other runs alone, and of these at one that was just sent.
_QUEUEING = prepared("""
    select p.run_id, b.owner_id, r.priority, sum(p.remaining)::int as units, r.created_at,
        p.run_id = mine.run_id as is_mine,
        bool_or(p.run_id <> mine.run_id and exists (select 1 from units u
            where u.phase_run_id = p.id and u.status = 'queued'
              and u.dispatched_at > now() - make_interval(secs => :within_s)
              and u.dispatched_at > (select dispatched_at from units
                  where phase_run_id = :phase_run_id and position = :lo))) as is_waiting
    from phase_runs mine, phase_runs p join runs r on r.id = p.run_id join batches b on b.id = r.batch_id
    where mine.id = :phase_run_id and p.queue = any(cast(:queues as text[]))
      and p.status = 'in_progress' and r.status = 'active' and p.remaining > 0
    group by 1, 2, 3, 5, 6
""")


@dataclass(frozen=True, slots=True)
class Rush:
    """What goes on at a queue.

    Attributes:
        slots: slices that the workers seen lately can work on at once.
        stream_slots: the same of the workers for all the phases that essays go through one by one from there.
        unit_s: how long a unit of the phase has taken lately.
        contenders: the runs that have work there.
    """

    slots: int
    stream_slots: int
    unit_s: float
    contenders: tuple[Contender, ...]


class Queues:
    """The queues as one transaction sees them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def rush_at(
        self,
        queue: str,
        run_id: UUID,
        *,
        stream: Iterable[str],
        phase: str,
        engine_version: str,
        seen_within_s: float,
        slots: int,
        unit_s: float,
    ) -> Rush:
        """What goes on at a queue; a run that is going to have work there is among the contenders.

        Args:
            stream: the queues of all the phases that the units go through one by one, this one's among them.
            slots, unit_s: what to expect where nobody knows better.
        """
        row = _RUSH.on(
            self._session,
            {
                "queue": queue,
                "stream": literal(stream),
                "run_id": run_id,
                "phase": phase,
                "engine_version": engine_version,
                "within_s": seen_within_s,
            },
        ).one()
        return Rush(
            row.slots or slots,
            row.stream_slots or slots,
            unit_s if row.unit_s is None else row.unit_s,
            tuple(
                Contender(
                    UUID(run),
                    UUID(owner),
                    Priority(priority),
                    int(units),
                    datetime.fromisoformat(since),
                )
                for run, owner, priority, units, since in row.contenders or ()
            ),
        )

    def queueing(
        self, phase_run_id: UUID, lo: int, queues: Iterable[str], *, within_s: float
    ) -> tuple[Contender | None, list[Contender]]:
        """A phase run's own run among those with work on some queues, and the others of which some was sent lately.

        Args:
            lo: a position of the phase run; what was sent before it does not count as lately.
            within_s: how long ago is lately.
        """
        mine, waiting = None, []
        rows = _QUEUEING.on(
            self._session,
            {
                "phase_run_id": phase_run_id,
                "lo": lo,
                "queues": literal(queues),
                "within_s": within_s,
            },
        )
        for run_id, owner_id, priority, units, since, is_mine, is_waiting in rows:
            each = Contender(run_id, owner_id, Priority(priority), units, since)
            if is_mine:
                mine = each
            elif is_waiting:
                waiting.append(each)
        return mine, waiting
