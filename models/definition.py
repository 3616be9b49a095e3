"""Pipelines that were defined while the system ran."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class PipelineDefinition(Base):
    """A named set of phases beside those of the catalogue's file; `correlation_id` is the request's that defined it."""

    __tablename__ = "pipeline_definitions"

    name: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    phases: Mapped[list[str]] = mapped_column(ARRAY(String))
    digest: Mapped[str]
    correlation_id: Mapped[UUID]
    defined_at: Mapped[datetime]
