"""A window of a wave as a Celery canvas: a chord whose header are the slices and whose body follows the wave up.

Ids are made from what a task is for and the number of its dispatch. So a canvas that is published twice has the
same ids twice, and one that is dispatched again has new ones: an id that was revoked stays so in workers' memory.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from amqp.exceptions import AMQPError, MessageNacked
from celery import Celery, chain, chord, group
from celery.canvas import Signature
from kombu.exceptions import ChannelError, KombuError, OperationalError
from redis.exceptions import RedisError

from app.ports import PublishFailed
from app.services.runs import CANVASES
from tasks import queues
from tasks.base import CORRELATION_HEADER

# RabbitMQ's errors are no OSErrors; a message that it refuses to confirm is none of its own either.
UNREACHABLE = (OSError, KombuError, OperationalError, RedisError, AMQPError, MessageNacked)
NOT_FOUND = "404"
GRACE_S = 30
"""Between a slice's soft limit, at which the phase can still answer, and the hard one."""


def compile_canvas(celery: Celery, body: Mapping[str, Any]) -> Signature:
    """The chord of one canvas row, ready to publish.

    Each of its headers is a slice, or a chain of the same slice in one phase after another where essays stream.

    Args:
        body: as `app.services.dispatch` writes it.
    """
    key = f"{body['phase_run_id']}:{body['wave_no']}:{body['dispatch_no']}"
    common = {
        "root_id": body["root_id"],
        "headers": {CORRELATION_HEADER: body["correlation_id"]},
    }
    then = body.get("then", ())
    headers = []
    for lo, hi in body["slices"]:
        links = [
            celery.signature(
                "phases.run_slice", (step["phase_run_id"], lo, hi), immutable=True
            ).set(
                task_id=_id(f"{key}:{lo}-{hi}:{n}"),
                queue=step["queue"],
                soft_time_limit=step["time_limit_s"],
                time_limit=step["time_limit_s"] + GRACE_S,
                **common,
            )
            for n, step in enumerate((body, *then))
        ]
        headers.append(chain(*links, app=celery) if then else links[0])
    # A phase that streams has but one wave.
    streams = [(step["phase_run_id"], 1) for step in then]
    follow_up = celery.signature(
        "phases.wave_done",
        (body["phase_run_id"], body["wave_no"], *((streams,) if streams else ())),
        immutable=True,
    ).set(task_id=_id(f"{key}:done"), queue=queues.CONTROL, **common)
    return chord(group(headers, app=celery), follow_up, app=celery)


def _id(name: str) -> str:
    return str(uuid5(CANVASES, name))


class CeleryPublisher:
    """The real `Publisher`."""

    def __init__(self, celery: Celery) -> None:
        self._celery = celery

    def canvas(self, canvas: Mapping[str, Any]) -> None:
        """See the port."""
        compiled = compile_canvas(self._celery, canvas)
        # Given here again, because a chord gives its body a new id unless it is told one.
        self._send(lambda: compiled.apply_async(task_id=compiled.body.options["task_id"]))

    def ingest(self, file_id: UUID, batch_id: UUID) -> None:  # noqa: ARG002 - the port's signature
        """See the port."""
        self._task("ingest.read_file", str(file_id), queues.INGEST)

    def project(self, batch_ids: Sequence[UUID]) -> None:
        """See the port."""
        for batch_id in batch_ids:
            self._task("projections.project", str(batch_id), queues.PROJECTIONS)

    def depth(self, queue: str) -> int | None:
        """See the port."""
        try:
            with self._celery.connection_for_read(transport_options=self._hasty()) as connection:
                declared = connection.default_channel.queue_declare(queue, passive=True)
        except ChannelError as exc:
            # No such queue: with Redis, a queue with nothing in it does not exist.
            return 0 if str(exc.reply_code) == NOT_FOUND else None
        except UNREACHABLE:
            return None
        return int(declared.message_count)

    def _hasty(self) -> dict[str, Any]:
        """Options of a connection that is given up soon: a depth that is not known does no harm."""
        once = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0.1}
        return {**self._celery.conf.broker_transport_options, **once}

    def _task(self, name: str, argument: str, queue: str) -> None:
        self._send(lambda: self._celery.send_task(name, (argument,), queue=queue))

    def _send(self, publish: Any) -> None:
        try:
            publish()
        except UNREACHABLE as exc:
            raise PublishFailed(repr(exc)) from exc
