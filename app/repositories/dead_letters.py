"""Messages nobody could handle, and what operators have done about them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.clock import Clock
from app.errors import DeadLetterNotFound
from models import DeadLetter
from pipelines import events
from pipelines.vocabulary import DeadLetterReason, DeadLetterStatus

_ABOUT_OUTBOX = text("""
    select o.event_type as kind, o.aggregate_id, o.event_key, o.topic, o.event_data as body,
        coalesce(p.batch_id, f.batch_id) as batch_id, p.run_id, p.phase, b.correlation_id
    from event_outbox o
    left join phase_runs p on o.aggregate_type = 'phase_run' and p.id = o.aggregate_id
    left join files f on o.aggregate_type = 'file' and f.id = o.aggregate_id
    left join batches b on b.id = coalesce(p.batch_id, f.batch_id)
    where o.id = :id
""")


class DeadLetters:
    """The dead letters of one transaction."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def add_phase(
        self,
        reason: DeadLetterReason,
        *,
        batch_id: UUID,
        run_id: UUID,
        correlation_id: UUID,
        phase: str,
        item_id: UUID | None,
        data: Mapping[str, Any],
    ) -> None:
        """Keep what a phase could not be brought to do: one of its units, or its plan where there is no item.

        Args:
            data: which phase run, and what was wrong.
        """
        is_of_batch = item_id in {None, batch_id}
        entity = ("batch", str(batch_id)) if is_of_batch else ("essay", str(item_id))
        asked = events.envelope(
            events.start_event(phase),
            {"run_id": str(run_id), "phase_name": phase, **data},
            event_id=uuid4(),
            at=self._clock(),
            correlation_id=correlation_id,
            entity=entity,
            status="failed",
        )
        self._add(reason, asked, batch_id=batch_id, run_id=run_id, phase=phase, item_id=item_id)

    def add_unsendable(self, outbox_id: UUID, error: str) -> None:
        """Keep a row of the outbox that no broker would take, with all that sending it again needs."""
        row = self._session.execute(_ABOUT_OUTBOX, {"id": outbox_id}).one()
        asked = events.hint(
            row.kind,
            {
                "outbox_id": str(outbox_id),
                "about": str(row.aggregate_id),
                "key": row.event_key,
                "topic": row.topic,
                "body": row.body,
                "error": error,
            },
            event_id=uuid4(),
            at=self._clock(),
            correlation_id=row.correlation_id,
        )
        self._add(
            DeadLetterReason.UNSENDABLE,
            asked,
            batch_id=row.batch_id,
            run_id=row.run_id,
            phase=row.phase,
            item_id=None,
        )

    def _add(
        self,
        reason: DeadLetterReason,
        asked: Mapping[str, Any],
        *,
        batch_id: UUID | None,
        run_id: UUID | None,
        phase: str | None,
        item_id: UUID | None,
    ) -> None:
        at = self._clock()
        self._session.add(
            DeadLetter(
                id=uuid4(),
                batch_id=batch_id,
                run_id=run_id,
                phase=phase,
                item_id=item_id,
                reason=reason,
                message=events.dead_letter(asked, reason=reason, at=at),
                status=DeadLetterStatus.OPEN,
                created_at=at,
            )
        )
        self._session.flush()

    def get(self, dead_letter_id: UUID) -> DeadLetter:
        """One dead letter.

        Raises:
            DeadLetterNotFound: there is none of this id.
        """
        return _found(self._session.get(DeadLetter, dead_letter_id, populate_existing=True))

    def lock(self, dead_letter_id: UUID) -> DeadLetter:
        """The same, held until the end of the transaction: the very last lock to take. Raises as `get`."""
        return _found(
            self._session.get(
                DeadLetter,
                dead_letter_id,
                populate_existing=True,
                with_for_update={"key_share": True},
            )
        )

    def beginning_with(self, beginning: str, *, limit: int = 2) -> Sequence[UUID]:
        """The ids of those whose id begins so."""
        return self._session.scalars(
            select(DeadLetter.id)
            .where(text("starts_with(dead_letters.id::text, lower(:beginning))"))
            .order_by(DeadLetter.id)
            .limit(limit),
            {"beginning": beginning},
        ).all()


def _found(letter: DeadLetter | None) -> DeadLetter:
    if letter is None:
        raise DeadLetterNotFound("It may have been about a batch that was erased.")
    return letter
