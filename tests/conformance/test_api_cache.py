"""The API cache: the dictionary and Redis promise the same."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from redis import Redis as Client

from app.clients.api_cache import KEPT_S, RedisApiCache
from app.clients.redis_client import connect
from app.local.redis import Redis
from app.ports import ApiCache
from tests.fakes import FakeApiCache


@pytest.fixture
def client(redis: Redis) -> Iterator[Client]:
    with closing(connect(redis.url(3))) as client:
        client.flushdb()
        yield client


@pytest.fixture(params=["fake", "redis"])
def cache(request: pytest.FixtureRequest) -> ApiCache:
    if request.param == "fake":
        return FakeApiCache()
    return RedisApiCache(request.getfixturevalue("client"))


@pytest.fixture
def batch() -> UUID:
    return uuid4()


class TestKeeping:
    def test_what_was_put_is_got(self, cache, batch):
        cache.put(batch, "status", {"status": "ready", "phases": [{"done": 1}]}, version=1)

        assert cache.get(batch, "status", 1) == {"status": "ready", "phases": [{"done": 1}]}

    def test_what_was_never_put_is_none(self, cache, batch):
        assert cache.get(batch, "status", 0) is None

    def test_views_and_batches_are_told_apart(self, cache, batch):
        cache.put(batch, "status", {"a": 1}, version=1)

        assert cache.get(batch, "results", 1) is None
        assert cache.get(uuid4(), "status", 1) is None

    def test_the_last_put_counts(self, cache, batch):
        cache.put(batch, "status", {"a": 1}, version=1)
        cache.put(batch, "status", {"a": 2}, version=2)

        assert cache.get(batch, "status", 2) == {"a": 2}

    def test_letters_of_every_language_come_back(self, cache, batch):
        cache.put(batch, "status", {"class_designation": "Åk 9 ”Ö”"}, version=1)

        assert cache.get(batch, "status", 1) == {"class_designation": "Åk 9 ”Ö”"}


class TestVersions:
    def test_a_body_of_another_version_is_none(self, cache, batch):
        cache.put(batch, "status", {"as of": 4}, version=4)

        assert cache.get(batch, "status", 5) is None
        assert cache.get(batch, "status", 3) is None

    def test_a_reader_that_was_slow_brings_nothing_old_back(self, cache, batch):
        cache.put(batch, "status", {"as of": 5}, version=5)
        cache.put(batch, "status", {"as of": 4}, version=4)

        assert cache.get(batch, "status", 5) is None


class TestOutdating:
    def test_every_view_of_the_batch_is_forgotten(self, cache, batch):
        cache.put(batch, "status", {"a": 1}, version=1)
        cache.put(batch, "results", {"b": 1}, version=1)

        cache.outdate(batch)

        assert cache.get(batch, "status", 1) is None
        assert cache.get(batch, "results", 1) is None

    def test_another_batch_keeps_its_views(self, cache, batch):
        cache.put(batch, "status", {"a": 1}, version=1)

        cache.outdate(uuid4())

        assert cache.get(batch, "status", 1) == {"a": 1}


class TestInRedis:
    def test_the_key_names_the_batch_and_lasts_five_minutes(self, client, batch):
        RedisApiCache(client).put(batch, "status", {"a": 1}, version=1)

        assert client.keys() == [f"api:batch:{batch}".encode()]
        assert KEPT_S == 300
        assert 0 < client.ttl(f"api:batch:{batch}") <= KEPT_S

    def test_nothing_of_an_outdated_batch_is_left(self, client, batch):
        RedisApiCache(client).put(batch, "status", {"a": 1}, version=1)
        RedisApiCache(client).outdate(batch)

        assert client.keys() == []

    def test_nothing_raises_while_redis_is_down(self, tmp_path: Path, batch):
        with closing(connect(f"unix://{tmp_path}/nobody.sock?db=0")) as client:
            cache = RedisApiCache(client)

            cache.put(batch, "status", {"a": 1}, version=1)
            cache.outdate(batch)

            assert cache.get(batch, "status", 1) is None

    def test_a_redis_that_comes_back_is_used_again(self, client, batch):
        cache = RedisApiCache(client)
        cache.put(batch, "status", {"a": 1}, version=1)

        client.connection_pool.disconnect()
        client.flushdb()

        assert cache.get(batch, "status", 1) is None
        cache.put(batch, "status", {"a": 2}, version=2)
        assert cache.get(batch, "status", 2) == {"a": 2}
