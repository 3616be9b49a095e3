"""Processes whose post is bad while the file `BAD_POST` is there: `python -m tests.faults.lossy relay|worker …`.

Of twenty messages that a process sends one is lost, one comes twice, the second time late, and one comes late. Relay
and worker alike, and all messages alike: slices, what follows a wave, files to be read, screens. The file `HARMED` gets
a line for each.
"""

import os
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from threading import Timer
from typing import Any

from tasks import relay
from tasks.celery_app import celery_app

OF = 20
HARM = {3: "lost", 9: "twice", 15: "late"}
LATE_S = 2.0

Send = Callable[..., Any]


def lossy(send: Send, bad_post: Path, harmed: Path) -> Send:
    """A way to send messages that does not always."""
    numbers = count()

    def sent(producer: Any, name: str, message: Any, **options: Any) -> Any:
        harm = HARM.get(next(numbers) % OF) if bad_post.exists() else None
        if harm:
            with harmed.open("a") as record:
                record.write(f"{harm} {name}\n")
        if harm in ("twice", "late"):
            Timer(LATE_S, later, (name, message), options).start()
        return None if harm in ("lost", "late") else send(producer, name, message, **options)

    def later(name: str, message: Any, **options: Any) -> None:
        # Whoever sent the message has put its own producer to another use by then.
        with celery_app.producer_pool.acquire(block=True) as producer:
            send(producer, name, message, **options)

    return sent


def main(process: str, *arguments: str) -> None:
    """Become such a process."""
    bad_post, harmed = Path(os.environ["BAD_POST"]), Path(os.environ["HARMED"])
    celery_app.amqp.send_task_message = lossy(celery_app.amqp.send_task_message, bad_post, harmed)
    if process == "relay":
        relay.run()
    else:
        celery_app.worker_main(["worker", *arguments])


if __name__ == "__main__":
    main(*sys.argv[1:])
