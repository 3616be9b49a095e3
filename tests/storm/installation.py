"""Everything as `huleedu up` runs it, with the settings we ship, and ways to harm it."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import httpx
import psutil
from redis import Redis as RedisClient
from redis.client import Pipeline
from redis.exceptions import RedisError
from sqlalchemy import Engine

from app import bootstrap, unit_of_work
from app import settings as environment
from app.local import commands
from app.local.environment import BROKER_DB
from app.local.stack import Stack
from app.services.deps import Deps
from tests.rabbitmq import RabbitMQ
from tests.storm import graphs

PROJECT = Path(__file__).resolve().parents[2]
WORKERS, CONCURRENCY = 2, 2
PROCESSES = ("postgres", "redis", "web", "relay", "projector", "beat")
READY_WITHIN_S = 120.0


@dataclass
class Installation:
    """A running system.

    Attributes:
        stack: HuleEdu's processes and the embedded servers, under their supervisor.
        deps: the same system from inside.
        rabbitmq: the broker, if it is not Redis; nobody supervises it.
    """

    stack: Stack
    deps: Deps
    engine: Engine
    rabbitmq: RabbitMQ | None

    # -- who is there

    @property
    def workers(self) -> list[str]:
        """The names of the worker processes."""
        return commands.worker_names(WORKERS)

    def pid(self, name: str) -> int | None:
        """A process's number while it runs."""
        return self.stack.supervisor.pid(name)

    def children(self, name: str) -> list[int]:
        """The processes that a process has forked."""
        pid = self.pid(name)
        if pid is None:
            return []
        with suppress(psutil.NoSuchProcess):
            return [child.pid for child in psutil.Process(pid).children()]
        return []

    def family(self, name: str) -> list[int]:
        """A process and everything below it."""
        pid = self.pid(name)
        if pid is None:
            return []
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(pid)
            return [pid, *(child.pid for child in parent.children(recursive=True))]
        return []

    def is_whole(self) -> bool:
        """Whether every process is there with its children, and the web application answers."""
        return (
            all(self.pid(name) is not None for name in (*PROCESSES, *self.workers))
            and all(len(self.children(name)) >= CONCURRENCY for name in self.workers)
            and self.serves()
        )

    def slices_in_redis(self) -> int:
        """How many messages of slices lie there and nobody has; none if it is down, or not the broker."""
        with suppress(RedisError), self._redis() as client:
            return sum(self._slices(client.pipeline()).execute())
        return 0

    def serves(self) -> bool:
        """Whether the web application answers, with its database."""
        try:
            answer = httpx.get(f"{self.stack.url}/readyz", timeout=2.0, trust_env=False)
        except httpx.TransportError:
            return False
        return answer.status_code == httpx.codes.OK

    # -- harm

    @contextmanager
    def frozen(self, *pids: int) -> Iterator[None]:
        """Processes stand still within the block, and go on after it unless they were killed."""
        for pid in pids:
            _send(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                _send(pid, signal.SIGCONT)

    def kill(self, pid: int) -> None:
        """SIGKILL one process."""
        _send(pid, signal.SIGKILL)

    def crash_postgres(self) -> None:
        """End PostgreSQL as a crash would: every transaction is cut off, and it recovers from its log."""
        self.stack.supervisor.kill("postgres", signal.SIGQUIT)

    def empty_redis(self) -> int:
        """Forget all that Redis holds, unless it is down; how many messages of slices were lost with it."""
        with suppress(RedisError), self._redis() as client:
            found = self._slices(client.pipeline(transaction=True)).flushall().execute()
            return sum(found[:-1])
        return 0

    def kill_redis(self, *, with_data: bool) -> None:
        """SIGKILL Redis; it comes back, with its data deleted empty."""
        supervisor = self.stack.supervisor
        supervisor.hold("redis")
        supervisor.kill("redis")
        _until(lambda: self.pid("redis") is None, "Redis is gone")
        if with_data:
            assert self.stack.redis is not None
            _clear(self.stack.redis.data)
        supervisor.release("redis")

    @contextmanager
    def _redis(self) -> Iterator[RedisClient]:
        assert self.stack.redis is not None
        client = RedisClient.from_url(self.stack.redis.url(BROKER_DB))
        try:
            yield client
        finally:
            client.close()

    def _slices(self, pipeline: Pipeline) -> Pipeline:
        for queue in graphs.QUEUES:
            pipeline.llen(queue)
        return pipeline


@contextmanager
def running(home: Path, *, broker: str, unit_s: float) -> Iterator[Installation]:
    """Everything, for as long as the block lasts; it is to be left once nothing is broken any more.

    Args:
        home: an empty directory; data, logs and the catalogue are left there.
        broker: `redis` or `rabbitmq`.
        unit_s: how long the catalogue says a unit takes.
    """
    catalogue = home / "catalogue.yaml"
    catalogue.write_text(graphs.catalogue(unit_s))
    overrides = {"HULEEDU_CATALOGUE": str(catalogue), "HULEEDU_RATE_LIMITS": "false"}
    rabbitmq = RabbitMQ(home / "rabbitmq") if broker == "rabbitmq" else None
    if rabbitmq is not None:
        rabbitmq.start()
        overrides["BROKER_URL"] = rabbitmq.url
    log = (home / "supervisor.log").open("a", buffering=1)
    stack = Stack(
        home / "system",
        project_root=PROJECT,
        overrides=overrides,
        workers=WORKERS,
        concurrency=CONCURRENCY,
        flower=False,
        say=lambda sentence: print(sentence, file=log),
    )
    try:
        with stack.in_background():
            deps, engine = _from_inside(stack)
            installation = Installation(stack, deps, engine, rabbitmq)
            _until(installation.serves, "everything is ready", READY_WITHIN_S)
            yield installation
            engine.dispose()
    finally:
        log.close()
        if rabbitmq is not None:
            rabbitmq.kill()
            rabbitmq.remove()


def _from_inside(stack: Stack) -> tuple[Deps, Engine]:
    kept = dict(os.environ)
    os.environ.update(stack.env)
    settings = environment.load()
    os.environ.clear()
    os.environ.update(kept)
    engine = unit_of_work.engine(settings.database_url)
    return bootstrap.assemble(settings, engine), engine


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _clear(directory: Path) -> None:
    for each in directory.iterdir():
        shutil.rmtree(each) if each.is_dir() else each.unlink()


def _until(condition, what: str, within_s: float = 30.0) -> None:  # type: ignore[no-untyped-def]
    until = monotonic() + within_s
    while not condition():
        assert monotonic() < until, f"waited {within_s:.0f} s until {what}"
        sleep(0.05)
