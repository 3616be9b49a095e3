"""Worker, relay and broker as processes to be killed: pytest-celery without Docker.

The tests of a module share their processes, because each takes seconds to start. Every test has a teacher and a batch
of its own, finds everything running, and leaves nothing unfinished behind.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from pytest_celery import (
    CeleryTestBroker,
    CeleryTestContainer,
    CeleryTestNode,
    CeleryTestSetup,
    CeleryTestWorker,
)

from app.local import commands, ports, probe
from app.local.environment import PROCESS_ENV
from app.local.postgres import Postgres
from app.local.process import ProcessSpec
from app.local.redis import Redis
from app.services.deps import Deps
from app.settings import Settings
from tests import catalogues
from tests.conftest import TEMPLATE
from tests.faults.containers import (
    LocalOther,
    LocalProcess,
    LocalRabbitMQ,
    LocalRedis,
    LocalRelay,
    LocalWorker,
)
from tests.faults.system import System
from tests.gates import Gate
from tests.rabbitmq import RabbitMQ

PROJECT = Path(__file__).resolve().parents[2]
BROKER_DB, RESULT_DB, DOORBELL_DB = 0, 1, 2
CONCURRENCY = 2
_numbers = count(1)


# What the module's processes are ------------------------------------------------------------


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the module's processes keep files."""
    return tmp_path_factory.mktemp("faults")


@pytest.fixture(scope="module")
def database_url(postgres: Postgres) -> Iterator[str]:
    """A database for the module."""
    name = f"faults_{next(_numbers)}"
    postgres.create_database(name, template=TEMPLATE)
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture(scope="module")
def redis(place: Path) -> Iterator[Redis]:
    """A Redis for the module: described, not started, for that is the container's business."""
    server = Redis(place / "redis", place / "run")
    yield server
    server.remove()


@pytest.fixture(scope="module")
def rabbitmq(place: Path) -> Iterator[RabbitMQ]:
    """A RabbitMQ node, likewise."""
    server = RabbitMQ(place / "rabbitmq")
    yield server
    server.remove()


@pytest.fixture(scope="module")
def broker_url(request: pytest.FixtureRequest, broker_name: str, redis: Redis) -> str:
    """Where messages are sent."""
    if broker_name == "redis":
        return redis.celery_url(BROKER_DB)
    rabbitmq: RabbitMQ = request.getfixturevalue("rabbitmq")
    return rabbitmq.url


@pytest.fixture(scope="module")
def settings(database_url: str, redis: Redis, broker_url: str, place: Path) -> Settings:
    """Settings of every process and of the tests, impatient so that no test waits for long."""
    return Settings(
        database_url=database_url,
        broker_url=broker_url,
        redis_url=redis.url(DOORBELL_DB),
        result_url=redis.celery_url(RESULT_DB),
        secret_key="s" * 40,
        service_key="k" * 40,
        home=place,
        worker_slots=CONCURRENCY,
        slice_s=0.0005,  # next to nothing, so that a class is more than one slice
        lease_s=2.0,
        redispatch_after_s=1.0,
        reconcile_every_s=0.3,
        read_within_s=5.0,
        catalogue_path=catalogues.write(place / "catalogue.yaml", catalogues.CHAIN),
    )


@pytest.fixture(scope="module")
def crash_order(place: Path) -> Path:
    """The file that says where a process shall die."""
    return place / "crash-at"


@pytest.fixture(scope="module")
def crash_record(place: Path) -> Path:
    """The file that says which crash points were passed."""
    return place / "crash-points"


@pytest.fixture(scope="module")
def default_worker_env(settings: Settings, crash_order: Path, crash_record: Path) -> dict[str, str]:
    """The environment of every process."""
    return {
        **os.environ,
        **PROCESS_ENV,
        "DATABASE_URL": settings.database_url,
        "BROKER_URL": settings.broker_url,
        "REDIS_URL": settings.redis_url,
        "HULEEDU_RESULT_URL": settings.result_url,
        "HULEEDU_SECRET_KEY": settings.secret_key,
        "HULEEDU_SERVICE_KEY": settings.service_key,
        "HULEEDU_HOME": str(settings.home),
        "HULEEDU_WORKER_SLOTS": str(settings.worker_slots),
        "HULEEDU_SLICE_S": str(settings.slice_s),
        "HULEEDU_LEASE_S": str(settings.lease_s),
        "HULEEDU_REDISPATCH_AFTER_S": str(settings.redispatch_after_s),
        "HULEEDU_SETTLE_CLOSES_WAVE": str(settings.settle_closes_wave),
        "HULEEDU_RECONCILE_EVERY_S": str(settings.reconcile_every_s),
        "HULEEDU_READ_WITHIN_S": str(settings.read_within_s),
        "HULEEDU_CATALOGUE": str(settings.catalogue_path),
        "CRASH_AT_FILE": str(crash_order),
        "CRASH_RECORD": str(crash_record),
    }


@pytest.fixture(scope="module")
def layout(place: Path) -> commands.Layout:
    """What the command lines depend on. The second worker is for tests that start one."""
    port = ports.chosen(None, "")
    return commands.Layout(port, 0, runtime=place, workers=2, concurrency=CONCURRENCY)


@pytest.fixture(scope="module")
def default_worker_command(layout: commands.Layout) -> commands.Commands:
    """The command lines of HuleEdu's processes, by name."""
    return commands.huleedu(layout)


# pytest-celery's fixtures that would start a container --------------------------------------


@pytest.fixture(scope="module")
def redis_process(redis: Redis, place: Path) -> Iterator[LocalProcess]:
    process = LocalProcess(redis.spec, place / "redis.log")
    yield from _running(process)


@pytest.fixture(scope="module")
def default_redis_broker(redis_process: LocalProcess, redis: Redis) -> LocalRedis:
    return LocalRedis(redis_process, redis, BROKER_DB)


@pytest.fixture(scope="module")
def default_redis_backend(redis_process: LocalProcess, redis: Redis) -> LocalRedis:
    return LocalRedis(redis_process, redis, RESULT_DB)


@pytest.fixture(scope="module")
def rabbitmq_process(rabbitmq: RabbitMQ, place: Path) -> Iterator[LocalProcess]:
    process = LocalProcess(rabbitmq.spec, place / "rabbitmq.log")
    yield from _running(process)


@pytest.fixture(scope="module")
def default_rabbitmq_broker(rabbitmq_process: LocalProcess, rabbitmq: RabbitMQ) -> LocalRabbitMQ:
    return LocalRabbitMQ(rabbitmq_process, rabbitmq)


@pytest.fixture(scope="module")
def servers(
    request: pytest.FixtureRequest, broker_name: str, default_redis_backend: LocalRedis
) -> tuple[CeleryTestContainer, ...]:
    """What the processes need to be there before they start: the broker, then Redis where that is another server."""
    broker = request.getfixturevalue(f"default_{broker_name}_broker")
    return (broker,) if broker_name == "redis" else (broker, default_redis_backend)


@pytest.fixture(scope="module")
def default_relay_container(
    servers: tuple[CeleryTestContainer, ...],
    default_worker_command: commands.Commands,
    default_worker_env: dict[str, str],
    place: Path,
) -> Iterator[LocalRelay]:
    spec = _spec("relay", default_worker_command, default_worker_env)
    for process in _running(LocalProcess(spec, place / "relay.log")):
        yield LocalRelay(process)


@pytest.fixture(scope="module")
def default_worker_container(
    default_relay_container: LocalRelay,  # first, because its start need not be waited for
    default_worker_command: commands.Commands,
    default_worker_env: dict[str, str],
    place: Path,
) -> Iterator[LocalWorker]:
    spec = _spec("worker", default_worker_command, default_worker_env)
    process = LocalProcess(spec, place / "worker.log", ready=LocalWorker.ready_prompt)
    for running in _running(process):
        yield LocalWorker(running)


StartsProcess = Callable[..., CeleryTestNode]
"""Starts another process by the name of its command."""


@pytest.fixture(scope="module")
def start_process(
    servers: tuple[CeleryTestContainer, ...],
    layout: commands.Layout,
    default_worker_command: commands.Commands,
    default_worker_env: dict[str, str],
    place: Path,
) -> Iterator[StartsProcess]:
    """Start more of HuleEdu's processes, which end with the module."""
    started: list[LocalProcess] = []

    def start(name: str, *, logged_as: str | None = None) -> CeleryTestNode:
        spec = _spec(name, default_worker_command, default_worker_env)
        is_web = replace(spec, ready=probe.answers(layout.port, "/healthz"))
        process = LocalProcess(
            is_web if name == "web" else spec,
            place / f"{logged_as or name}.log",
            ready=LocalWorker.ready_prompt if name.startswith("worker") else None,
        )
        started.append(process)
        process.start()
        return CeleryTestNode(LocalOther(process))

    yield start
    for process in started:
        process.kill()


@pytest.fixture(scope="module")
def web(start_process: StartsProcess) -> CeleryTestNode:
    """The web application."""
    return start_process("web")


@pytest.fixture(scope="module")
def beat(start_process: StartsProcess) -> CeleryTestNode:
    """Beat."""
    return start_process("beat")


def _spec(name: str, command_lines: commands.Commands, env: dict[str, str]) -> ProcessSpec:
    role = {"CRASH_ROLE": name.partition("-")[0]}
    return ProcessSpec(name=name, argv=command_lines[name], env=env | role, cwd=PROJECT)


def _running(process: LocalProcess) -> Iterator[LocalProcess]:
    try:
        process.start()
        yield process
    finally:
        process.kill()


# pytest-celery's fixtures that would run each test once for each broker it knows ------------


@pytest.fixture
def celery_broker(request: pytest.FixtureRequest, broker_name: str) -> CeleryTestBroker:
    broker: CeleryTestBroker = request.getfixturevalue(f"celery_{broker_name}_broker")
    return broker


@pytest.fixture
def celery_backend(celery_redis_backend: CeleryTestNode) -> CeleryTestNode:
    return celery_redis_backend


@pytest.fixture
def celery_worker(celery_setup_worker: CeleryTestWorker) -> CeleryTestWorker:
    return celery_setup_worker


# What tests use -----------------------------------------------------------------------------


@pytest.fixture
def relay(default_relay_container: LocalRelay) -> CeleryTestNode:
    """The relay's process."""
    return CeleryTestNode(default_relay_container)


@pytest.fixture
def system(
    celery_setup: CeleryTestSetup,
    servers: tuple[CeleryTestContainer, ...],
    relay: CeleryTestNode,
    deps: Deps,
    crash_order: Path,
    crash_record: Path,
) -> Iterator[System]:
    """Everything running, and a teacher."""
    nodes = [CeleryTestNode(server) for server in servers]
    system = System(celery_setup, nodes, relay, deps, crash_order, crash_record)
    system.revive()
    yield system
    if not system.is_at_rest():
        system.start_afresh()


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    """Where an essay can be made to wait; opened at the end, whatever happens."""
    gate = Gate(tmp_path / "gate")
    yield gate
    gate.open()
