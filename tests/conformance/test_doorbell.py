"""The doorbell: whoever listens hears it, whoever does not misses nothing that matters."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from queue import Queue
from time import sleep
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.clients.event_stream import TURN_S, RedisDoorbell, channel
from app.clients.redis_client import connect
from app.local.redis import Redis
from app.ports import Doorbell
from tests.fakes import FakeDoorbell

GIVES_UP_S = 20.0


class Ear:
    """Somebody who hears every ring, and whether they can be heard."""

    def __init__(self, doorbell: Doorbell) -> None:
        self.rings: Queue[tuple[UUID, Any]] = Queue()
        self.states: Queue[bool] = Queue()
        self.stop = doorbell.listen(
            lambda user, message: self.rings.put((user, message)), self.states.put
        )

    def heard(self, number: int) -> list[tuple[UUID, Any]]:
        """The next rings."""
        return [self.rings.get(timeout=GIVES_UP_S) for _ in range(number)]

    def waits_for(self, hears: bool) -> None:
        """Wait until rings can be heard, or cannot."""
        while self.states.get(timeout=GIVES_UP_S) is not hears:
            pass


@pytest.fixture
def user() -> UUID:
    return uuid4()


@pytest.fixture(params=["fake", "redis"])
def doorbell(request: pytest.FixtureRequest) -> Doorbell:
    return request.getfixturevalue(f"{request.param}_doorbell")


@pytest.fixture
def fake_doorbell() -> Doorbell:
    return FakeDoorbell()


@pytest.fixture
def redis_doorbell(redis: Redis) -> Iterator[Doorbell]:
    with closing(connect(redis.url(2))) as client:
        yield RedisDoorbell(client, redis.url(2))


@pytest.fixture
def ear(doorbell: Doorbell) -> Iterator[Ear]:
    """Somebody who listens already."""
    ear = Ear(doorbell)
    ear.waits_for(True)
    yield ear
    ear.stop()


class TestRinging:
    def test_a_listener_hears_the_message_and_for_whom_it_is(self, doorbell, ear, user):
        doorbell.ring(user, {"batch_id": "7c", "event_no": 3})

        assert ear.heard(1) == [(user, {"batch_id": "7c", "event_no": 3})]

    def test_rings_are_heard_in_their_order(self, doorbell, ear, user):
        for event_no in range(5):
            doorbell.ring(user, {"event_no": event_no})

        assert [message["event_no"] for _, message in ear.heard(5)] == [0, 1, 2, 3, 4]

    def test_every_listener_hears_every_ring(self, doorbell, ear, user):
        another = Ear(doorbell)
        another.waits_for(True)

        doorbell.ring(user, {"event_no": 1})

        assert ear.heard(1) == another.heard(1) == [(user, {"event_no": 1})]
        another.stop()

    def test_whoever_has_stopped_listening_hears_nothing_more(self, doorbell, ear, user):
        another = Ear(doorbell)
        another.waits_for(True)
        another.stop()
        sleep(2 * TURN_S)

        doorbell.ring(user, {"event_no": 1})

        assert ear.heard(1)
        assert another.rings.empty()

    def test_ringing_without_anybody_there_is_no_error(self, doorbell, user):
        doorbell.ring(user, {"event_no": 1})

    def test_it_is_up(self, doorbell):
        assert doorbell.is_up()


class TestInRedis:
    def test_the_channel_names_the_user(self, user):
        assert channel(user) == f"ws:{user}"

    def test_ringing_a_redis_that_is_down_is_no_error(self, tmp_path: Path, user):
        url = f"unix://{tmp_path}/nobody.sock?db=0"
        with closing(connect(url)) as client:
            doorbell = RedisDoorbell(client, url)

            doorbell.ring(user, {"event_no": 1})

            assert not doorbell.is_up()

    def test_what_is_no_ring_of_ours_is_passed_over(self, redis, redis_doorbell, user):
        ear = Ear(redis_doorbell)
        ear.waits_for(True)
        with closing(connect(redis.url(2))) as client:
            client.publish("ws:everybody", "{}")
            client.publish(channel(user), "no JSON")

        redis_doorbell.ring(user, {"event_no": 2})

        assert ear.heard(1) == [(user, {"event_no": 2})]
        ear.stop()

    def test_listening_outlives_redis_and_says_when_rings_were_missed(self, tmp_path: Path, user):
        server = Redis(tmp_path / "data", tmp_path / "run")
        url = server.url(2)
        with closing(connect(url)) as client:
            doorbell = RedisDoorbell(client, url)
            ear = Ear(doorbell)
            ear.waits_for(False)

            for event_no in (1, 2):
                server.start()
                ear.waits_for(True)
                doorbell.ring(user, {"event_no": event_no})
                assert ear.heard(1) == [(user, {"event_no": event_no})]
                server.stop()
                ear.waits_for(False)

            ear.stop()
        server.remove()
