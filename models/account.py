"""Who may sign in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class User(Base):
    """A teacher, an admin, or a service."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("role in ('teacher', 'admin', 'service')", name="role"),
        CheckConstraint("locale in ('en', 'sv')", name="locale"),
        Index("uq_users_email", text("lower(email)"), unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    display_name: Mapped[str]
    password_hash: Mapped[str]
    role: Mapped[str]
    locale: Mapped[str | None]
    created_at: Mapped[datetime]
