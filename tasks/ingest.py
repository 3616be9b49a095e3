"""Reading files, one task each."""

from uuid import UUID

from app import bootstrap
from app.services import ingest
from tasks.celery_app import celery_app


@celery_app.task(name="ingest.read_file")
def read_file(file_id: str) -> None:
    """Read one file that was handed in."""
    ingest.read_file(UUID(file_id), bootstrap.current())
