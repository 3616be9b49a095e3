"""What beat sends, and beat's own sign of life."""

from typing import Any

from celery.beat import Scheduler

from tasks import queues
from tasks.presence import SignOfLife

SCHEDULE: dict[str, dict[str, object]] = {
    # The relay reconciles too; beat makes it happen when there is no relay.
    "reconcile": {
        "task": "control.reconcile",
        "schedule": 10.0,
        "options": {"queue": queues.CONTROL, "expires": 10.0},
    },
}


class Ticking(Scheduler):
    """Celery's scheduler, which shows with every tick that it still ticks.

    It remembers nothing over a restart, and so needs no file: whatever is scheduled here may as well be sent once
    more, or once less.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._sign = SignOfLife("beat")
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due; the pause until the next tick, in seconds."""
        self._sign.give()
        pause: float = super().tick(*args, **kwargs)
        return pause

    def close(self) -> None:
        """Say that it ends."""
        self._sign.withdraw()
        super().close()
