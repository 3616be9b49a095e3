"""The publisher: what is sent waits in its queue, and what cannot be sent is said."""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from celery import Celery
from kombu.exceptions import ChannelError
from redis import Redis as Client

from app import bootstrap
from app.clients.redis_client import connect
from app.local import ports
from app.local.redis import Redis
from app.ports import Publisher, PublishFailed
from app.settings import celery_redis_url
from tests import rabbitmq as rabbitmq_server
from tests.fakes import FakePublisher

BROKER_DB, RESULT_DB = 4, 5
QUEUE = "spellcheck"
# RabbitMQ comes in no wheel. `make containers-test` starts one in a container and names it here; else the machine's is
# used, if it has one.
NAMED_RABBITMQ = os.environ.get("HULEEDU_TEST_AMQP_URL")
RABBITMQ = bool(NAMED_RABBITMQ) or rabbitmq_server.is_installed()
BROKERS = ["redis", "rabbitmq"] if RABBITMQ else ["redis"]


def a_canvas(*slices: tuple[int, int], **more: Any) -> dict[str, Any]:
    """What the ledger leaves in the outbox for a wave."""
    return {
        "phase_run_id": str(UUID(int=1)),
        "wave_no": 1,
        "dispatch_no": 1,
        "root_id": str(UUID(int=2)),
        "correlation_id": str(UUID(int=3)),
        "queue": QUEUE,
        "time_limit_s": 60.0,
        "slices": [list(piece) for piece in slices or ((0, 5), (5, 10))],
    } | more


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """What importing the tasks takes: they read the environment, and connect to nothing."""
    memories = (bootstrap.settings, bootstrap.engine, bootstrap.current)
    url = f"unix://{tmp_path}/nobody.sock?db=0"
    given = {
        "DATABASE_URL": "postgresql+psycopg2://nobody@/nothing",
        "BROKER_URL": celery_redis_url(url),
        "REDIS_URL": url,
        "RESULT_URL": celery_redis_url(url),
        "HULEEDU_SECRET_KEY": "s" * 40,
        "HULEEDU_SERVICE_KEY": "k" * 40,
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    for memory in memories:
        memory.cache_clear()
    yield
    for memory in memories:
        memory.cache_clear()


@pytest.fixture
def make(environment: None) -> Iterator[Callable[[str, str], Celery]]:
    """Celery applications over given Redis databases."""
    from tasks import celery_app  # noqa: PLC0415 - reads the environment when it is imported

    made = []

    def make(broker_url: str, result_url: str) -> Celery:
        celery = celery_app.make(celery_redis_url(broker_url), celery_redis_url(result_url))
        # Both would try for several seconds before they say that nobody is there.
        celery.conf.broker_transport_options |= {"max_retries": 0}
        celery.conf.result_backend_transport_options = {"retry_policy": {"timeout": 0.1}}
        made.append(celery)
        return celery

    yield make
    for celery in made:
        celery.close()
    celery_app.celery_app.set_current()


class InBroker:
    """The real publisher, and what a worker would find."""

    def __init__(self, celery: Celery, messages: Callable[[str], list[dict[str, Any]]]) -> None:
        from tasks.canvas import CeleryPublisher  # noqa: PLC0415

        self.publisher = CeleryPublisher(celery)
        self.messages = messages

    def slices(self, queue: str) -> list[tuple[str, int, int]]:
        return [tuple(arguments(message)) for message in self.messages(queue)]

    def files(self) -> list[str]:
        return [arguments(message)[0] for message in self.messages("ingest")]

    def batches(self) -> list[str]:
        return [arguments(message)[0] for message in self.messages("projections")]


class InMemory:
    """The fake, asked the same."""

    def __init__(self) -> None:
        self.publisher = FakePublisher()

    def slices(self, queue: str) -> list[tuple[str, int, int]]:
        return [
            (canvas["phase_run_id"], lo, hi)
            for canvas in self.publisher.canvases
            if canvas["queue"] == queue
            for lo, hi in canvas["slices"]
        ]

    def files(self) -> list[str]:
        return [str(file) for file in self.publisher.files]

    def batches(self) -> list[str]:
        return [str(batch) for batch in self.publisher.batches]


def arguments(message: dict[str, Any]) -> list[Any]:
    return json.loads(b64decode(message["body"]))[0]


def lying_in_redis(client: Client, queue: str) -> list[dict[str, Any]]:
    """The messages of a queue, the oldest first."""
    return [json.loads(raw) for raw in reversed(client.lrange(queue, 0, -1))]


def lying_in_rabbitmq(celery: Celery, queue: str) -> list[dict[str, Any]]:
    """The same; closing the channel puts them back."""
    found = []
    with celery.connection_for_read() as connection, connection.channel() as channel:
        try:
            while (message := channel.basic_get(queue)) is not None:
                found.append({"headers": message.headers, "body": b64encode(message.body.encode())})
        except ChannelError:
            return []  # there is no such queue
    return found


@pytest.fixture
def in_redis(make: Callable[[str, str], Celery], redis: Redis) -> Iterator[InBroker]:
    with (
        closing(connect(redis.url(BROKER_DB))) as broker,
        closing(connect(redis.url(RESULT_DB))) as results,
    ):
        broker.flushdb()
        results.flushdb()
        celery = make(redis.url(BROKER_DB), redis.url(RESULT_DB))
        yield InBroker(celery, partial(lying_in_redis, broker))


@pytest.fixture
def amqp_url(request: pytest.FixtureRequest) -> str:
    """Where RabbitMQ is."""
    return NAMED_RABBITMQ or str(request.getfixturevalue("rabbitmq").url)


@pytest.fixture
def in_rabbitmq(make: Callable[[str, str], Celery], redis: Redis, amqp_url: str) -> InBroker:
    celery = make(amqp_url, redis.url(RESULT_DB))
    with celery.connection_for_write() as connection:
        for queue in celery.conf.task_queues:
            declared = queue(connection.default_channel)
            declared.declare()
            declared.purge()
    return InBroker(celery, partial(lying_in_rabbitmq, celery))


@pytest.fixture(params=BROKERS)
def in_broker(request: pytest.FixtureRequest) -> InBroker:
    """A real publisher on each broker there is."""
    return request.getfixturevalue(f"in_{request.param}")


@pytest.fixture(params=["fake", *BROKERS])
def sent(request: pytest.FixtureRequest) -> InBroker | InMemory:
    """A publisher, and what it has sent."""
    if request.param == "fake":
        return InMemory()
    return request.getfixturevalue(f"in_{request.param}")


@pytest.fixture(params=["fake", "redis", "rabbitmq"])
def cut_off(request: pytest.FixtureRequest, tmp_path: Path) -> Publisher:
    """A publisher whose broker is down."""
    if request.param == "fake":
        publisher = FakePublisher()
        publisher.is_down = True
        return publisher
    from tasks.canvas import CeleryPublisher  # noqa: PLC0415

    nobody = f"unix://{tmp_path}/nobody.sock?db=0"
    broker = nobody if request.param == "redis" else f"amqp://127.0.0.1:{ports.chosen(None, '')}//"
    return CeleryPublisher(request.getfixturevalue("make")(broker, nobody))


class TestSending:
    def test_every_slice_of_a_canvas_waits_in_its_queue(self, sent):
        sent.publisher.canvas(a_canvas((0, 5), (5, 10), (12, 13)))

        phase_run = str(UUID(int=1))
        assert sorted(sent.slices(QUEUE)) == [
            (phase_run, 0, 5),
            (phase_run, 5, 10),
            (phase_run, 12, 13),
        ]
        assert sent.slices("nlp") == []

    def test_a_canvas_of_a_single_slice_is_sent_too(self, sent):
        sent.publisher.canvas(a_canvas((7, 8)))

        assert sent.slices(QUEUE) == [(str(UUID(int=1)), 7, 8)]

    def test_depth_counts_what_waits(self, sent):
        assert sent.publisher.depth(QUEUE) == 0

        sent.publisher.canvas(a_canvas((0, 5), (5, 10)))
        sent.publisher.canvas(a_canvas((0, 1), queue="nlp"))

        assert sent.publisher.depth(QUEUE) == 2
        assert sent.publisher.depth("nlp") == 1

    def test_a_file_is_asked_to_be_read(self, sent):
        file, batch = uuid4(), uuid4()

        sent.publisher.ingest(file, batch)

        assert sent.files() == [str(file)]

    def test_every_batch_is_asked_to_be_projected(self, sent):
        batches = [uuid4(), uuid4()]

        sent.publisher.project(batches)
        sent.publisher.project([])

        assert sent.batches() == [str(batch) for batch in batches]


class TestWithoutABroker:
    def test_nothing_is_taken_silently(self, cut_off):
        for send in (
            lambda: cut_off.canvas(a_canvas()),
            lambda: cut_off.ingest(uuid4(), uuid4()),
            lambda: cut_off.project([uuid4()]),
        ):
            with pytest.raises(PublishFailed):
                send()

    def test_nobody_knows_how_deep_a_queue_is(self, cut_off):
        assert cut_off.depth(QUEUE) is None


class TestInABroker:
    def test_a_message_carries_ids_and_positions_only(self, in_broker):
        in_broker.publisher.canvas(a_canvas((0, 5)))

        (message,) = in_broker.messages(QUEUE)
        headers = message["headers"]
        assert headers["task"] == "phases.run_slice"
        assert arguments(message) == [str(UUID(int=1)), 0, 5]
        assert headers["root_id"] == str(UUID(int=2))
        assert headers["huleedu_correlation_id"] == str(UUID(int=3))

    def test_a_slice_has_its_phases_time_limit(self, in_broker):
        in_broker.publisher.canvas(a_canvas((0, 5), time_limit_s=60.0))

        (message,) = in_broker.messages(QUEUE)
        assert message["headers"]["timelimit"] == [90.0, 60.0]

    def test_the_chords_body_follows_the_wave_up(self, in_broker):
        in_broker.publisher.canvas(a_canvas((0, 5), (5, 10), wave_no=3))

        chords = [message["body"] for message in in_broker.messages(QUEUE)]
        bodies = [json.loads(b64decode(body))[2]["chord"] for body in chords]
        assert {body["task"] for body in bodies} == {"phases.wave_done"}
        assert {tuple(body["args"]) for body in bodies} == {(str(UUID(int=1)), 3)}
        assert {body["options"]["queue"] for body in bodies} == {"control"}
        assert in_broker.messages("control") == []

    def test_a_slice_goes_on_to_the_next_phase_as_a_link_of_a_chain(self, in_broker):
        then = {"phase_run_id": str(UUID(int=7)), "queue": "nlp", "time_limit_s": 30.0}

        in_broker.publisher.canvas(a_canvas((0, 5), (5, 10), then=[then]))

        messages = in_broker.messages(QUEUE)
        assert [arguments(message)[1:] for message in messages] == [[0, 5], [5, 10]]
        embedded = [json.loads(b64decode(message["body"]))[2] for message in messages]
        links = [link for each in embedded for link in each["chain"]]
        assert [link["args"] for link in links] == [
            [str(UUID(int=7)), 0, 5],
            [str(UUID(int=7)), 5, 10],
        ]
        assert {link["options"]["queue"] for link in links} == {"nlp"}
        # The chord counts a slice when its last phase has ended, and its body follows both up.
        bodies = [link["options"]["chord"] for link in links]
        assert {body["task"] for body in bodies} == {"phases.wave_done"}
        assert bodies[0]["args"] == [str(UUID(int=1)), 1, [[str(UUID(int=7)), 1]]]
        assert {message["headers"]["root_id"] for message in messages} == {str(UUID(int=2))}

    def test_the_same_canvas_twice_has_the_same_ids_twice(self, in_broker):
        in_broker.publisher.canvas(a_canvas())
        in_broker.publisher.canvas(a_canvas())

        ids = [message["headers"]["id"] for message in in_broker.messages(QUEUE)]
        assert len(ids) == 4
        assert ids[:2] == ids[2:]
        assert len(set(ids)) == 2

    def test_a_canvas_dispatched_again_has_new_ids(self, in_broker):
        in_broker.publisher.canvas(a_canvas(dispatch_no=1))
        in_broker.publisher.canvas(a_canvas(dispatch_no=2))

        assert len({message["headers"]["id"] for message in in_broker.messages(QUEUE)}) == 4


class TestRedis:
    def test_a_broker_that_dies_and_comes_back_is_used_again(self, make, tmp_path):
        server = Redis(tmp_path / "data", tmp_path / "run")
        server.start()
        try:
            from tasks.canvas import CeleryPublisher  # noqa: PLC0415

            publisher = CeleryPublisher(make(server.url(0), server.url(1)))
            publisher.canvas(a_canvas((0, 5)))
            server.kill()
            with pytest.raises(PublishFailed):
                publisher.canvas(a_canvas((5, 10)))
            server.start()

            publisher.canvas(a_canvas((5, 10)))

            assert publisher.depth(QUEUE) == 2
        finally:
            server.kill()
            server.remove()


class TestRabbitMQ:
    def test_every_queue_is_kept_on_disk_by_a_quorum(self, make, tmp_path):
        celery = make("amqp://127.0.0.1//", f"unix://{tmp_path}/nobody.sock?db=0")

        arguments = [queue.queue_arguments for queue in celery.conf.task_queues]

        assert arguments
        assert all(each == {"x-queue-type": "quorum"} for each in arguments)

    def test_what_is_sent_is_confirmed(self, make, tmp_path):
        celery = make("amqp://127.0.0.1//", f"unix://{tmp_path}/nobody.sock?db=0")

        assert celery.conf.broker_transport_options["confirm_publish"] is True

    @pytest.mark.skipif(not RABBITMQ, reason="RabbitMQ is not installed")
    def test_who_is_not_let_in_knows_nothing_and_sends_nothing(self, make, amqp_url, tmp_path):
        from tasks.canvas import CeleryPublisher  # noqa: PLC0415

        refused = amqp_url.replace("://", "://nobody.", 1)
        publisher = CeleryPublisher(make(refused, f"unix://{tmp_path}/nobody.sock?db=0"))

        assert publisher.depth(QUEUE) is None
        with pytest.raises(PublishFailed):
            publisher.ingest(uuid4(), uuid4())
