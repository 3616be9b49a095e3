"""One teacher's notifications, and which of them are read."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models import Notification, NotificationCounter


class Notifications:
    """The notifications of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def after(
        self, user_id: UUID, seq: int, limit: int, *, unread_only: bool = False
    ) -> Sequence[Notification]:
        """Those with higher numbers, in order.

        Numbers follow commits, so whoever has read up to one never has to look below it again.
        """
        query = select(Notification).where(Notification.user_id == user_id, Notification.seq > seq)
        if unread_only:
            query = query.where(Notification.read_at.is_(None))
        return self._session.scalars(query.order_by(Notification.seq).limit(limit)).all()

    def before(
        self, user_id: UUID, seq: int | None, limit: int, *, unread_only: bool = False
    ) -> Sequence[Notification]:
        """Those with lower numbers, or all, the newest first."""
        query = select(Notification).where(Notification.user_id == user_id)
        if seq is not None:
            query = query.where(Notification.seq < seq)
        if unread_only:
            query = query.where(Notification.read_at.is_(None))
        return self._session.scalars(query.order_by(Notification.seq.desc()).limit(limit)).all()

    def last(self, user_id: UUID) -> int:
        """The newest number; 0 before the first."""
        found = self._session.scalar(
            select(NotificationCounter.last_seq).where(NotificationCounter.user_id == user_id)
        )
        return found or 0

    def unread(self, user_id: UUID) -> int:
        """How many are unread."""
        return (
            self._session.scalar(
                select(func.count())
                .select_from(Notification)
                .where(Notification.user_id == user_id, Notification.read_at.is_(None))
            )
            or 0
        )

    def has(self, user_id: UUID, seq: int) -> bool:
        """Whether there is one with this number."""
        return self._session.get(Notification, (user_id, seq)) is not None

    def mark_read(
        self, user_id: UUID, *, at: datetime, seq: int | None = None, up_to: int | None = None
    ) -> int:
        """Mark one, or all up to one, as read; how many were not yet."""
        statement = update(Notification).where(
            Notification.user_id == user_id, Notification.read_at.is_(None)
        )
        if seq is not None:
            statement = statement.where(Notification.seq == seq)
        if up_to is not None:
            statement = statement.where(Notification.seq <= up_to)
        marked = self._session.execute(
            statement.values(read_at=at).returning(Notification.seq),
            execution_options={"synchronize_session": False},
        )
        return len(marked.all())
