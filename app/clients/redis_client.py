"""A Redis client for what may fail: it answers within a second or not at all."""

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry


def connect(redis_url: str) -> Redis:
    """A client that gives up at once; what uses it can do without."""
    client: Redis = Redis.from_url(
        redis_url,
        socket_timeout=1.0,
        socket_connect_timeout=0.5,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=30,
    )
    return client


def connect_to_listen(redis_url: str) -> Redis:
    """A client that waits for messages as long as it takes; what uses it notices silence and connects again."""
    client: Redis = Redis.from_url(
        redis_url,
        socket_timeout=None,
        socket_connect_timeout=0.5,
        retry=Retry(NoBackoff(), 0),
    )
    return client
