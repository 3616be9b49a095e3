"""The hub: rings are hints, Postgres is what is told."""

import json
from collections.abc import Iterator
from threading import Event
from time import monotonic
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from app.live import hub as hubs
from app.live.hub import Hub
from app.live.listener import RESTARTING, TOO_MANY, Listener
from app.services import live, notifications, projecting
from tests.drivers import Klass, a_class

GIVES_UP_S = 20.0


class Ear:
    """A socket without a connection."""

    def __init__(self, hub: Hub, klass: Klass, after: int | None = None) -> None:
        self.wake = Event()
        self.listener = Listener(0, self.wake, lambda: None)
        self.frames: list[dict[str, Any]] = []
        self.code: int | None = None
        self._take([hub.join(klass.owner.id, self.listener, after)])
        hub.catch_up(klass.owner.id, self.listener, lambda text: self._take([text]))

    def until(self, is_it: Any) -> Any:
        """Hear frames until one is it; or the code the socket is to be closed with."""
        until = monotonic() + GIVES_UP_S
        while monotonic() < until:
            self.wake.clear()
            texts, self.code = self.listener.take()
            self._take(texts)
            for frame in self.frames:
                if is_it(frame):
                    return frame
            if self.code is not None:
                return self.code
            self.wake.wait(0.2)
        raise AssertionError(f"it never came; what came: {self.frames}")

    def until_seq(self, seq: int) -> list[int]:
        """Hear until a notification has come; the numbers of all that came."""
        self.until(lambda f: f["type"] == "notification" and f["notification"]["seq"] == seq)
        return [f["notification"]["seq"] for f in self.frames if f["type"] == "notification"]

    def _take(self, texts: list[str]) -> None:
        self.frames += [json.loads(text) for text in texts]


@pytest.fixture
def klass(deps) -> Klass:
    klass = a_class(deps, "")
    projecting.project(klass.batch, deps)
    return klass


@pytest.fixture
def hub(deps) -> Iterator[Hub]:
    hub = Hub(deps)
    yield hub
    hub.close()


def silently(klass: Klass) -> None:
    """Tell the teacher of something, and let the ring be lost."""
    with klass.deps.uow("tell") as uow:
        uow.outbox.event(
            "BatchAutoStartRefusedV1",
            batch_id=klass.batch,
            correlation_id=klass.row().correlation_id,
            data={"requested_pipeline": "all", "reason": "x"},
        )
        uow.commit()
    projecting._pass(klass.batch, klass.deps)


def test_a_ring_that_is_lost_is_made_up_for_by_looking(hub, klass, monkeypatch):
    monkeypatch.setattr(hubs, "LOOK_EVERY_S", 0.2)
    ear = Ear(hub, klass, after=0)

    silently(klass)

    assert ear.until_seq(3) == [1, 2, 3]
    frame = ear.until(lambda f: f["type"] == "batch")
    assert frame["event_no"] == klass.row().event_no


def test_a_ring_that_comes_again_tells_nothing_twice(hub, klass, doorbell):
    ear = Ear(hub, klass)
    silently(klass)
    ring = {"batch_id": str(klass.batch), "event_no": klass.row().event_no, "last_seq": 3}
    for _ in range(5):
        doorbell.ring(klass.owner.id, ring)
    ear.until_seq(3)
    silently(klass)

    doorbell.ring(klass.owner.id, ring)

    assert ear.until_seq(4) == [3, 4]
    numbers = [f["event_no"] for f in ear.frames if f["type"] == "batch"]
    assert numbers == sorted(set(numbers))


def test_what_is_rung_many_times_at_once_is_read_together(hub, klass, doorbell, monkeypatch):
    ear = Ear(hub, klass)
    readings = []
    read = live.news
    monkeypatch.setattr(live, "news", lambda *a, **k: readings.append(1) or read(*a, **k))

    for _ in range(200):
        doorbell.ring(klass.owner.id, {"read": {"seq": 1, "up_to": None}})
    silently(klass)
    doorbell.ring(klass.owner.id, {"batch_id": str(klass.batch), "event_no": 9, "last_seq": 3})
    ear.until_seq(3)

    assert len(readings) < 20


def test_a_database_that_is_away_delays_and_loses_nothing(hub, klass, doorbell, monkeypatch):
    monkeypatch.setattr(hubs, "AFTER_TROUBLE_S", 0.1)
    ear = Ear(hub, klass)
    read, failures = live.news, [OperationalError("read", {}, Exception("away"))] * 3

    def fail(*args: Any, **kwargs: Any) -> Any:
        if failures:
            raise failures.pop()
        return read(*args, **kwargs)

    monkeypatch.setattr(live, "news", fail)

    silently(klass)
    doorbell.ring(klass.owner.id, {"batch_id": str(klass.batch), "event_no": 9, "last_seq": 3})

    assert ear.until_seq(3) == [3]


def test_what_is_no_ring_of_ours_is_passed_over(hub, klass, doorbell):
    ear = Ear(hub, klass)
    for nonsense in ({"batch_id": "x"}, {"read": None}, {"read": {}}, {}):
        doorbell.ring(klass.owner.id, nonsense)

    notifications.mark_read(klass.owner.id, 1, deps=klass.deps)

    assert ear.until(lambda f: f["type"] == "unread") == {
        "type": "unread",
        "unread": 1,
        "seq": 1,
        "up_to": None,
    }


def test_one_user_has_only_so_many_sockets(hub, klass, monkeypatch):
    monkeypatch.setattr(hubs, "MOST_SOCKETS_OF_A_USER", 1)
    Ear(hub, klass)

    assert Ear(hub, klass).until(lambda _: False) == TOO_MANY


def test_a_hub_that_closes_has_every_socket_closed_and_takes_no_more(hub, klass):
    ear = Ear(hub, klass)

    hub.close()

    assert ear.until(lambda _: False) == RESTARTING
    assert not hub.reserve()


def test_room_that_is_given_back_can_be_had_again(deps):
    hub = Hub(deps)
    reserved = [hub.reserve() for _ in range(deps.settings.max_sockets + 1)]
    assert reserved == [True] * deps.settings.max_sockets + [False]

    hub.release()

    assert hub.reserve()
