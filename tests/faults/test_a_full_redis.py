"""Redis has no room left: it says so, and what cannot be sent waits in Postgres."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from redis import Redis as Client

from app.local.redis import Redis
from tests.faults.system import System

PHASES = ("first", "second")


@pytest.fixture
def client(redis: Redis) -> Iterator[Client]:
    with closing(Client.from_url(redis.url(0))) as client:
        yield client
        client.config_set("maxmemory", 0)


def test_a_run_waits_for_room(system: System, client: Client) -> None:
    batch = system.hand_in(*"abcdef")

    client.config_set("maxmemory", "100kb")
    run = system.start(batch)
    refused = (
        "select 1 from event_outbox where published_at is null and last_error like '%maxmemory%'"
    )
    system.eventually(lambda: system.rows(refused), "the relay has been refused")
    assert system.canvases(run, published=False) == 1
    client.config_set("maxmemory", 0)

    system.completes(run, essays=6, phases=PHASES)
