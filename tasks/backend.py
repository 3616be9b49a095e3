"""Where chords count their headers."""

from typing import Any

from celery.backends.redis import RedisBackend
from celery.backends.redis import ResultConsumer as SubscribingConsumer


class DeafConsumer(SubscribingConsumer):
    """Hears of no result, because nobody here waits for one."""

    def start(self, initial_task_id: str, **kwargs: Any) -> None:
        """Do not subscribe."""

    def consume_from(self, task_id: str) -> None:
        """Do not subscribe."""


class ChordBackend(RedisBackend):
    """Redis, without a subscription per task sent.

    Celery subscribes whoever sends a task, or a chord, to its results. The relay would only gather subscriptions
    for as long as it lives, and with Redis down it would be told to restart instead of to try again.
    """

    ResultConsumer = DeafConsumer

    def on_task_call(self, producer: Any, task_id: str) -> None:
        """Do not subscribe."""
