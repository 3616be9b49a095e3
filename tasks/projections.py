"""The read model, one batch at a time."""

from uuid import UUID

from app import bootstrap
from app.services import projecting
from tasks.celery_app import celery_app


@celery_app.task(name="projections.project")
def project(batch_id: str) -> None:
    """Bring one batch's read model up to its newest event."""
    projecting.project(UUID(batch_id), bootstrap.current())
