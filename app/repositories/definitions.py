"""Pipelines that were defined while the system ran."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from models import PipelineDefinition
from pipelines.specs import PipelineSpec


class Definitions:
    """The definitions of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> Sequence[PipelineDefinition]:
        """Every definition, by name."""
        return self._session.scalars(
            select(PipelineDefinition).order_by(PipelineDefinition.name)
        ).all()

    def put(self, pipelines: Iterable[PipelineSpec], correlation_id: UUID) -> set[str]:
        """Add or replace definitions; the names of those that said something else before, or nothing."""
        changed = set()
        for spec in sorted(pipelines, key=lambda spec: spec.name):
            found = self._session.scalar(
                text("""
                    insert into pipeline_definitions as kept
                        (name, title, phases, digest, correlation_id, defined_at)
                    values (:name, :title, :phases, :digest, :correlation_id, now())
                    on conflict (name) do update
                    set title = excluded.title, phases = excluded.phases, digest = excluded.digest,
                        correlation_id = excluded.correlation_id, defined_at = excluded.defined_at
                    where kept.digest <> excluded.digest
                    returning name
                """),
                {
                    "name": spec.name,
                    "title": spec.title,
                    "phases": list(spec.phases),
                    "digest": spec.digest,
                    "correlation_id": correlation_id,
                },
            )
            changed |= {found} if found else set()
        return changed

    def remove(self, name: str) -> bool:
        """Forget a definition; whether there was one."""
        found = self._session.execute(
            delete(PipelineDefinition)
            .where(PipelineDefinition.name == name)
            .returning(PipelineDefinition.name)
        )
        return found.first() is not None
