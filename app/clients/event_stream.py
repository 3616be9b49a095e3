"""The doorbell: Redis pub/sub on `ws:{user_id}`. Whoever misses a ring catches up from Postgres."""

import json
from collections.abc import Callable, Mapping
from threading import Event, Thread
from time import monotonic
from typing import Any
from uuid import UUID

import structlog
from redis import Redis
from redis.client import PubSub
from redis.exceptions import RedisError

from app.clients.redis_client import connect_to_listen
from app.ports import Heard

log = structlog.get_logger(__name__)

EVERYBODY = "ws:*"
TURN_S = 1.0
PING_EVERY_S = 10.0
SILENT_FOR_S = 25.0
RECONNECT_EVERY_S = 0.5


def channel(user_id: UUID) -> str:
    """Where one user's sockets listen."""
    return f"ws:{user_id}"


class RedisDoorbell:
    """The real `Doorbell`.

    Args:
        client: rings.
        redis_url: where to listen, over a connection of its own.
    """

    def __init__(self, client: Redis, redis_url: str) -> None:
        self._client = client
        self._redis_url = redis_url

    def ring(self, user_id: UUID, message: Mapping[str, Any]) -> None:
        """See the port."""
        try:
            self._client.publish(channel(user_id), json.dumps(message))
        except RedisError:
            log.warning("doorbell_unreachable", user_id=str(user_id))

    def is_up(self) -> bool:
        """See the port."""
        try:
            return bool(self._client.ping())
        except RedisError:
            return False

    def listen(self, heard: Heard, changed: Callable[[bool], None]) -> Callable[[], None]:
        """See the port."""
        ear = _Ear(self._redis_url, heard, changed)
        Thread(target=ear.run, name="doorbell", daemon=True).start()
        return ear.stop


class _Ear:
    """One subscription to every user's channel, made again whenever it breaks."""

    def __init__(self, redis_url: str, heard: Heard, changed: Callable[[bool], None]) -> None:
        self._client = connect_to_listen(redis_url)
        self._heard = heard
        self._changed = changed
        self._stopping = Event()

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        while not self._stopping.is_set():
            pubsub = self._client.pubsub()
            try:
                pubsub.psubscribe(EVERYBODY)
                self._hear(pubsub)
            except (RedisError, OSError) as exc:
                log.warning("doorbell_not_heard", error=type(exc).__name__)
                self._changed(False)
            finally:
                pubsub.close()
            self._stopping.wait(RECONNECT_EVERY_S)
        self._client.close()

    def _hear(self, pubsub: PubSub) -> None:
        last_word = last_ping = monotonic()
        while not self._stopping.is_set():
            message = pubsub.get_message(timeout=TURN_S)
            now = monotonic()
            if message is not None:
                last_word = now
                self._take(message)
            elif now - last_word > SILENT_FOR_S:
                # A connection that is half open raises nothing; it only never answers.
                raise ConnectionError("nobody answers")
            if now - last_ping > PING_EVERY_S:
                last_ping = now
                pubsub.ping()

    def _take(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "psubscribe":
            self._changed(True)
        if message["type"] != "pmessage":
            return
        try:
            user_id = UUID(message["channel"].decode().removeprefix("ws:"))
            said = json.loads(message["data"])
        except ValueError:
            log.warning("doorbell_not_understood")
            return
        self._heard(user_id, said)
