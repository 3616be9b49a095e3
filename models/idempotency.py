"""Requests that may be sent twice and are done once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class IdempotentRequest(Base):
    """A request under a key its sender chose, and the answer it got; `status` is null while it is worked on."""

    __tablename__ = "idempotent_requests"
    __table_args__ = (
        Index("ix_idempotent_requests_expires_at", "expires_at"),
        Index("ix_idempotent_requests_batch_id", "batch_id"),
    )

    owner_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    request_sha256: Mapped[str]
    token: Mapped[UUID]
    claimed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    status: Mapped[int | None]
    content_type: Mapped[str | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
