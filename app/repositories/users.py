"""Accounts."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import User


class Users:
    """The accounts of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, user: User) -> None:
        """Write a new account."""
        self._session.add(user)
        self._session.flush()

    def get(self, user_id: UUID) -> User | None:
        """One account."""
        return self._session.get(User, user_id)

    def names(self, user_ids: Collection[UUID]) -> dict[UUID, str]:
        """What those of some accounts that there are call themselves."""
        rows = self._session.execute(
            select(User.id, User.display_name).where(User.id.in_(user_ids))
        )
        return dict(rows.all())

    def by_email(self, email: str) -> User | None:
        """The account with an e-mail address, in whatever case it is written."""
        return self._session.scalars(
            select(User).where(func.lower(User.email) == email.strip().lower())
        ).one_or_none()
