"""The doorbell: Redis pub/sub on `ws:{user_id}`. Whoever misses a ring catches up from Postgres."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from redis import Redis
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


def channel(user_id: UUID) -> str:
    """Where one user's sockets listen."""
    return f"ws:{user_id}"


class RedisDoorbell:
    """The real `Doorbell`."""

    def __init__(self, client: Redis) -> None:
        self._client = client

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
