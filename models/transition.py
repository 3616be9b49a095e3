"""The life cycle as Postgres enforces it: the edges it allows, and every edge that was taken."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Identity, Index, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class StateEdge(Base):
    """One allowed edge; the rows equal `pipelines.lifecycle.EDGES`."""

    __tablename__ = "state_edges"

    entity: Mapped[str] = mapped_column(primary_key=True)
    here: Mapped[str] = mapped_column(primary_key=True)
    there: Mapped[str] = mapped_column(primary_key=True)


class Transition(Base):
    """One edge taken, written by the trigger. Units are left out: their attempts are their log.

    Essays that took it together are in `entity_ids`; whatever goes alone is in `entity_id`.
    """

    __tablename__ = "transitions"
    __table_args__ = (
        CheckConstraint("num_nonnulls(entity_id, entity_ids) = 1", name="entity"),
        Index("ix_transitions_entity_id", "entity_id", "id"),
        Index("ix_transitions_batch_id", "batch_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    entity: Mapped[str]
    entity_id: Mapped[UUID | None]
    entity_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    batch_id: Mapped[UUID]
    here: Mapped[str]
    there: Mapped[str]
    at: Mapped[datetime]
