"""The reconciler as beat runs it; the relay runs the same."""

from app import bootstrap
from app.services import reconciler
from tasks.canvas import CeleryPublisher
from tasks.celery_app import celery_app


@celery_app.task(name="control.reconcile")
def reconcile() -> None:
    """Find what was lost and set it going again."""
    if bootstrap.settings().reconcile_every_s > 0:
        reconciler.reconcile(bootstrap.current(), CeleryPublisher(celery_app))
