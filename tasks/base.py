"""What every task shares: its crash points, its log fields, and that it is safe to deliver twice."""

from typing import Any

import structlog
from celery import Task, signals

from app.crash_points import crash_point

CORRELATION_HEADER = "huleedu_correlation_id"


class LedgerTask(Task):
    """A task whose arguments are ids and whose outcome is in Postgres.

    Acknowledged late, so a worker that dies leaves the message for another one.
    """

    abstract = True
    Request = "tasks.requests:CountedRequest"
    acks_late = True
    reject_on_worker_lost = True
    ignore_result = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run with the request's correlation id in every log line; pass the crash points on both sides."""
        correlation_id = (self.request.headers or {}).get(CORRELATION_HEADER)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(
            task=self.name, task_id=self.request.id, correlation_id=correlation_id
        )
        crash_point(f"task.{self.name}.start")
        answer = super().__call__(*args, **kwargs)
        crash_point(f"task.{self.name}.end")
        return answer


@signals.before_task_publish.connect
def _before_publish(sender: str, **_: Any) -> None:
    crash_point(f"publish.{sender}.before")


@signals.after_task_publish.connect
def _after_publish(sender: str, **_: Any) -> None:
    crash_point(f"publish.{sender}.after")


@signals.task_postrun.connect
def _after_return(sender: Task, **_: Any) -> None:
    """Its chord has counted it by now, and perhaps sent the body."""
    crash_point(f"task.{sender.name}.returned")
