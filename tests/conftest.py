"""Real servers for every test that wants one: started once, a database of its own for each test."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from itertools import count
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import Engine

from app import bootstrap, unit_of_work
from app.cli import migrate, word_lists
from app.local.postgres import Postgres
from app.local.redis import Redis
from app.services.deps import Deps
from app.settings import Settings, celery_redis_url
from pipelines.phases.spellcheck import Spellcheck
from tests import catalogues
from tests.fakes import FakeApiCache, FakeDoorbell, FakePublisher, FakeTextReader
from tests.processes import Bystanders
from tests.rabbitmq import RabbitMQ, running

TEMPLATE = "huleedu_template"
_numbers = count(1)

# No example fails for taking long: how long one takes is up to the machine and whoever else uses it.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only root, or only an ordinary user, can see; the other of the two is run elsewhere."""
    foreign = ["only_as_user" if os.geteuid() == 0 else "only_as_root"]
    if not config.getoption("--long"):
        foreign.append("long")
    left_out = [item for item in items if any(map(item.get_closest_marker, foreign))]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let one choose what carries messages in the tests that start a worker."""
    parser.addoption(
        "--broker",
        choices=["redis", "rabbitmq"],
        default="redis",
        help="what carries messages to the workers of acceptance and fault tests",
    )
    parser.addoption("--long", action="store_true", help="also what takes minutes")
    parser.addoption(
        "--crash-points",
        type=Share.parse,
        default="1/20",
        metavar="1/N",
        help="the share of crash points at which somebody dies, another one with each commit (1/1: all)",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Make the word lists before the first test, once on a machine, so that no test's time limit pays for it."""
    if session.items and not session.config.option.collectonly:
        said = []

        def say(*_: object) -> None:
            reporter = session.config.pluginmanager.get_plugin("terminalreporter")
            if reporter and not said:
                reporter.write_line(word_lists.SAID)
            said.append(True)

        Spellcheck().make_ready(say)


@dataclass(frozen=True, slots=True)
class Share:
    """One in so many of some named things; which ones is told by the commit that is checked out."""

    of: int

    @classmethod
    def parse(cls, text: str) -> "Share":
        """Read `1/8`."""
        one, _, of = text.partition("/")
        if one != "1" or not of.isdigit() or int(of) < 1:
            raise ValueError(text)
        return cls(int(of))

    def __contains__(self, name: str) -> bool:
        digest = sha256(f"{_commit()} {name}".encode()).digest()
        return int.from_bytes(digest[:4]) % self.of == 0


@cache
def _commit() -> str:
    git = ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"]
    with suppress(OSError):
        return subprocess.run(git, capture_output=True, text=True, check=False).stdout
    return ""


@pytest.fixture(scope="session")
def crash_points(request: pytest.FixtureRequest) -> Share:
    """The crash points at which somebody dies in this test run."""
    found = request.config.getoption("--crash-points")
    assert isinstance(found, Share)
    return found


@pytest.fixture(scope="session")
def broker_name(request: pytest.FixtureRequest) -> str:
    """What carries messages to workers."""
    return str(request.config.getoption("--broker"))


@pytest.fixture
def bystanders() -> Bystanders:
    """Whoever runs before the test does anything; to be asked for first."""
    return Bystanders()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL server, with a migrated database to copy."""
    place = tmp_path_factory.mktemp("postgres")
    Postgres(place / "data", place / "run").remove()  # what a run that was killed has left
    server = Postgres(place / "data", place / "run", durable=False)
    server.start()
    try:
        server.ensure_database(TEMPLATE)
        migrate.run(server.url(TEMPLATE))
        yield server
    finally:
        server.stop()
        server.remove()


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    """A Redis server."""
    place = tmp_path_factory.mktemp("redis")
    Redis(place / "data", place / "run").remove()
    server = Redis(place / "data", place / "run")
    server.start()
    try:
        yield server
    finally:
        server.stop()
        server.remove()


@pytest.fixture(scope="session")
def rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ]:
    """A RabbitMQ node, where RabbitMQ is installed."""
    with running(tmp_path_factory.mktemp("rabbitmq") / "data") as server:
        yield server


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[str]:
    """An empty database with the newest schema."""
    name = f"test_{next(_numbers)}"
    postgres.create_database(name, template=TEMPLATE)
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture
def settings(database_url: str, redis: Redis, tmp_path: Path) -> Settings:
    """Settings over this test's servers."""
    return settings_over(database_url, redis, tmp_path)


def settings_over(database_url: str, redis: Redis, home: Path) -> Settings:
    """Settings as they are where HuleEdu brings its own servers."""
    return Settings(
        database_url=database_url,
        broker_url=celery_redis_url(redis.url(0)),
        redis_url=redis.url(2),
        result_url=celery_redis_url(redis.url(1)),
        secret_key="s" * 40,
        service_key="k" * 40,
        home=home,
    )


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Connections to this test's database."""
    engine = unit_of_work.engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def doorbell() -> FakeDoorbell:
    """Remembers whom it rang."""
    return FakeDoorbell()


@pytest.fixture
def publisher() -> FakePublisher:
    """Keeps messages until the test delivers them."""
    return FakePublisher()


@pytest.fixture
def deps(settings: Settings, engine: Engine, doorbell: FakeDoorbell) -> Deps:
    """Use cases' dependencies: real Postgres, scripted phases, nobody listening."""
    return replace(
        bootstrap.assemble(settings, engine),
        catalogue=catalogues.of(catalogues.CHAIN),
        doorbell=doorbell,
        cache=FakeApiCache(),
        reader=FakeTextReader(),
    )
