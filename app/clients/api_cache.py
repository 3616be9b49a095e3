"""The API cache in Redis: `api:batch:{id}` holds one field per view, a body beside the version it shows."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from redis import Redis
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

KEPT_S = 300


class RedisApiCache:
    """The real `ApiCache`. With Redis down every read misses, and nothing else happens."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    def get(self, batch_id: UUID, view: str, version: int) -> Mapping[str, Any] | None:
        """See the port."""
        try:
            kept: Any = self._client.hget(_key(batch_id), f"view:{view}")
        except RedisError:
            log.warning("cache_unreachable")
            return None
        if kept is None:
            return None
        shown, body = json.loads(kept)
        return dict(body) if shown == version else None

    def put(self, batch_id: UUID, view: str, body: Mapping[str, Any], version: int) -> None:
        """See the port."""
        try:
            with self._client.pipeline() as pipeline:
                pipeline.hset(_key(batch_id), f"view:{view}", json.dumps([version, body]))
                pipeline.expire(_key(batch_id), KEPT_S)
                pipeline.execute()
        except RedisError:
            log.warning("cache_unreachable")

    def outdate(self, batch_id: UUID) -> None:
        """See the port."""
        try:
            self._client.delete(_key(batch_id))
        except RedisError:
            log.warning("cache_unreachable")


def _key(batch_id: UUID) -> str:
    return f"api:batch:{batch_id}"
