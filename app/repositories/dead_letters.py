"""Messages nobody could handle."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.clock import Clock
from models import DeadLetter
from pipelines import events


class DeadLetters:
    """The dead letters of one transaction."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def add(
        self,
        reason: str,
        message: dict[str, Any],
        *,
        batch_id: UUID | None = None,
        run_id: UUID | None = None,
        phase: str | None = None,
        item_id: UUID | None = None,
    ) -> None:
        """Keep a message for an operator, with what it was about."""
        at = self._clock()
        self._session.add(
            DeadLetter(
                id=uuid4(),
                batch_id=batch_id,
                run_id=run_id,
                phase=phase,
                item_id=item_id,
                reason=reason,
                message=events.dead_letter(message, reason=reason, at=at),
                status="open",
                created_at=at,
                resolved_at=None,
            )
        )
        self._session.flush()
