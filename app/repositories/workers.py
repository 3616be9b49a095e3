"""Signs of life."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session


class Workers:
    """The workers' heartbeats of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def beat(self, worker: str, queues: Sequence[str], slots: int) -> None:
        """A worker, or a process that reads no queue, is alive."""
        self._session.execute(
            text("""
                insert into worker_heartbeats (worker, queues, slots, started_at, seen_at)
                values (:worker, :queues, :slots, now(), now())
                on conflict (worker) do update
                set queues = excluded.queues, slots = excluded.slots, seen_at = now()
            """),
            {"worker": worker, "queues": list(queues), "slots": slots},
        )

    def gone(self, worker: str) -> None:
        """A worker has stopped by itself."""
        self._session.execute(
            text("delete from worker_heartbeats where worker = :worker"), {"worker": worker}
        )

    def forget(self, unseen_s: float) -> None:
        """Leave out who was killed long ago: a container's name never comes back."""
        self._session.execute(
            text("delete from worker_heartbeats where seen_at < now() - make_interval(secs => :s)"),
            {"s": unseen_s},
        )

    def slots_by_queue(self, within_s: float) -> dict[str, int]:
        """How many units can be worked on at once, per queue, by workers seen lately."""
        rows = self._session.execute(
            text("""
                select queue, sum(slots)::int as slots
                from worker_heartbeats, unnest(queues) as queue
                where seen_at > now() - make_interval(secs => :within_s)
                group by queue
            """),
            {"within_s": within_s},
        )
        return {row.queue: row.slots for row in rows}
