"""Where chords count their headers."""

from typing import Any

from celery.backends.redis import RedisBackend


class ChordBackend(RedisBackend):
    """Redis, without a subscription per task sent.

    Celery subscribes a publisher to the result of every task it sends. Nobody here waits for results: the relay
    would only gather subscriptions for as long as it lives.
    """

    def on_task_call(self, producer: Any, task_id: str) -> None:
        """Do not subscribe."""
