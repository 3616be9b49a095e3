"""Processes of HuleEdu's that are not as they should be: `python -m tests.faults.unruly relay|worker …`.

The relay's messages arrive late, out of order, and some of them twice. The worker's broker takes a message back a
second after it has given it out, and gives it to somebody else.
"""

import random
import sys
from collections.abc import Callable, Mapping, Sequence
from threading import Timer
from typing import Any
from uuid import UUID

from tasks import relay
from tasks.canvas import CeleryPublisher
from tasks.celery_app import celery_app

LATEST_S = 3.0
TWICE = 0.5
IMPATIENT = {"visibility_timeout": 1, "unacked_restore_interval": 1}


class UnrulyPublisher(CeleryPublisher):
    """Takes everything, and sends it at some time."""

    def canvas(self, canvas: Mapping[str, Any]) -> None:
        self._some_time(lambda: super(UnrulyPublisher, self).canvas(canvas))

    def ingest(self, file_id: UUID, batch_id: UUID) -> None:
        self._some_time(lambda: super(UnrulyPublisher, self).ingest(file_id, batch_id))

    def project(self, batch_ids: Sequence[UUID]) -> None:
        self._some_time(lambda: super(UnrulyPublisher, self).project(batch_ids))

    def _some_time(self, send: Callable[[], None]) -> None:
        for _ in range(2 if random.random() < TWICE else 1):
            Timer(random.uniform(0, LATEST_S), send).start()


def main(process: str, *arguments: str) -> None:
    """Become such a process."""
    if process == "relay":
        relay.CeleryPublisher = UnrulyPublisher  # type: ignore[misc]
        relay.run()
    else:
        celery_app.conf.broker_transport_options |= IMPATIENT
        celery_app.worker_main(["worker", *arguments])


if __name__ == "__main__":
    main(*sys.argv[1:])
