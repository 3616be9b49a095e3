"""Refresh tokens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import RefreshToken


class Sessions:
    """The refresh tokens of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, token: RefreshToken) -> None:
        """Write a new token."""
        self._session.add(token)
        self._session.flush()

    def lock(self, token_sha256: str) -> RefreshToken | None:
        """One token as it is now, held until the end of the transaction."""
        return self._session.scalars(
            select(RefreshToken)
            .where(RefreshToken.token_sha256 == token_sha256)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()

    def end_family(self, family_id: UUID, at: datetime) -> None:
        """Make every token of one sign-in worthless."""
        self._session.execute(
            update(RefreshToken)
            .where(RefreshToken.family_id == family_id, RefreshToken.ended_at.is_(None))
            .values(ended_at=at)
        )
