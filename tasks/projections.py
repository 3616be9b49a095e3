"""The read model, one batch at a time."""

from uuid import UUID

from app import bootstrap
from app.services import projecting
from tasks import queues
from tasks.celery_app import celery_app

TURN_S = 0.1


@celery_app.task(name="projections.project")
def project(batch_id: str) -> None:
    """Bring one batch's read model up to its newest event; one with thousands lets others have their turn."""
    if not projecting.project(UUID(batch_id), bootstrap.current(), turn_s=TURN_S):
        project.apply_async((batch_id,), queue=queues.PROJECTIONS)
