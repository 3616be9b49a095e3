"""A message as a worker's main process sees it, from its arrival to its acknowledgement."""

from celery.worker.request import Request

from app.crash_points import crash_point


class CountedRequest(Request):
    """Passes a crash point on both sides of the acknowledgement, which only the main process sees."""

    def acknowledge(self) -> None:
        """Tell the broker that the message is done with, unless that was done."""
        if self.acknowledged:
            return
        crash_point(f"task.{self.name}.before_ack")
        super().acknowledge()
        crash_point(f"task.{self.name}.after_ack")
