"""Who did what, and when."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class AuditEntry(Base):
    """One request that changed something, or tried to. A trigger refuses to change or delete a row.

    Nothing here refers to other tables, because it outlives them: when a batch is erased, its id stays.
    """

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_actor_id", "actor_id", "id"),
        Index("ix_audit_log_batch_id", "batch_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    action: Mapped[str]
    batch_id: Mapped[UUID | None]
    object_ids: Mapped[dict[str, Any]]
    status: Mapped[int]
    correlation_id: Mapped[UUID]
