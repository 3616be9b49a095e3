"""The doorbell: whoever listens hears it, whoever does not misses nothing that matters."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.clients.event_stream import RedisDoorbell, channel
from app.clients.redis_client import connect
from app.local.redis import Redis
from app.ports import Doorbell
from tests.fakes import FakeDoorbell

GIVES_UP_S = 5.0
Heard = Callable[[UUID], list[Any]]


@pytest.fixture
def user() -> UUID:
    return uuid4()


@pytest.fixture(params=["fake", "redis"])
def bell(request: pytest.FixtureRequest, user: UUID) -> tuple[Doorbell, Heard]:
    """A doorbell, and what has been heard of it by a user since."""
    return request.getfixturevalue(f"{request.param}_bell")


@pytest.fixture
def fake_bell() -> tuple[Doorbell, Heard]:
    doorbell = FakeDoorbell()
    return doorbell, lambda user: [message for rung, message in doorbell.rung if rung == user]


@pytest.fixture
def redis_bell(redis: Redis, user: UUID) -> Iterator[tuple[Doorbell, Heard]]:
    """The real one, with a real subscriber on the user's channel and one on everybody's."""
    with closing(connect(redis.url(2))) as client, closing(client.pubsub()) as everybody:
        everybody.psubscribe("ws:*")
        assert everybody.get_message(timeout=GIVES_UP_S)["type"] == "psubscribe"

        def heard(user: UUID) -> list[Any]:
            # A ring of our own marks the end of what was rung before.
            RedisDoorbell(client).ring(UUID(int=0), {})
            found = []
            while (message := everybody.get_message(timeout=GIVES_UP_S)) is not None:
                if message["channel"].decode() == channel(UUID(int=0)):
                    return found
                if message["channel"].decode() == channel(user):
                    found.append(json.loads(message["data"]))
            raise AssertionError("the doorbell was not heard")

        yield RedisDoorbell(client), heard


class TestRinging:
    def test_a_listener_hears_the_message(self, bell, user):
        doorbell, heard = bell

        doorbell.ring(user, {"batch_id": "7c", "event_no": 3})

        assert heard(user) == [{"batch_id": "7c", "event_no": 3}]

    def test_rings_are_heard_in_their_order(self, bell, user):
        doorbell, heard = bell

        for event_no in range(5):
            doorbell.ring(user, {"event_no": event_no})

        assert [message["event_no"] for message in heard(user)] == [0, 1, 2, 3, 4]

    def test_nobody_hears_what_is_for_somebody_else(self, bell, user):
        doorbell, heard = bell

        doorbell.ring(uuid4(), {"event_no": 1})

        assert heard(user) == []

    def test_it_is_up(self, bell):
        assert bell[0].is_up()


class TestInRedis:
    def test_the_channel_names_the_user(self, user):
        assert channel(user) == f"ws:{user}"

    def test_ringing_a_redis_that_is_down_is_no_error(self, tmp_path: Path, user):
        with closing(connect(f"unix://{tmp_path}/nobody.sock?db=0")) as client:
            doorbell = RedisDoorbell(client)

            doorbell.ring(user, {"event_no": 1})

            assert not doorbell.is_up()
