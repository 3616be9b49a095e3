"""The API cache in Redis: `api:batch:{id}` holds one field per view and the event number below which nothing counts."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from redis import Redis
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

KEPT_S = 300

# A reader that is slow to put what it read would otherwise bring back a body that an event has outdated.
_PUT = """
local floor = tonumber(redis.call('hget', KEYS[1], 'floor') or '0')
if tonumber(ARGV[2]) < floor then return 0 end
redis.call('hset', KEYS[1], ARGV[1], ARGV[3])
redis.call('expire', KEYS[1], ARGV[4])
return 1
"""
_OUTDATE = """
local floor = tonumber(redis.call('hget', KEYS[1], 'floor') or '0')
if tonumber(ARGV[1]) < floor then return 0 end
redis.call('del', KEYS[1])
redis.call('hset', KEYS[1], 'floor', ARGV[1])
redis.call('expire', KEYS[1], ARGV[2])
return 1
"""


class RedisApiCache:
    """The real `ApiCache`. With Redis down every read misses, and nothing else happens."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._put = client.register_script(_PUT)
        self._outdate = client.register_script(_OUTDATE)

    def get(self, batch_id: UUID, view: str) -> Mapping[str, Any] | None:
        """See the port."""
        try:
            kept: Any = self._client.hget(_key(batch_id), f"view:{view}")
        except RedisError:
            log.warning("cache_unreachable")
            return None
        return None if kept is None else dict(json.loads(kept))

    def put(self, batch_id: UUID, view: str, body: Mapping[str, Any], event_no: int) -> None:
        """See the port."""
        try:
            self._put(
                keys=[_key(batch_id)],
                args=[f"view:{view}", event_no, json.dumps(body), KEPT_S],
            )
        except RedisError:
            log.warning("cache_unreachable")

    def outdate(self, batch_id: UUID, event_no: int) -> None:
        """See the port."""
        try:
            self._outdate(keys=[_key(batch_id)], args=[event_no, KEPT_S])
        except RedisError:
            log.warning("cache_unreachable")


def _key(batch_id: UUID) -> str:
    return f"api:batch:{batch_id}"
