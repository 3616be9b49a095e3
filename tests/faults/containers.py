"""pytest-celery's containers as processes of this machine.

The plugin asks little of a Docker container: a name, a state, logs, signals, a restart. `LocalProcess` answers all
of it, so that the plugin's own nodes, clusters and set-up are used as they are.
"""

import signal
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from typing import Any
from uuid import uuid4

import pytest_celery
from redis import Redis as Client

from app.local.process import Process, ProcessSpec
from app.local.redis import Redis
from tasks import queues
from tests.rabbitmq import RabbitMQ


class LocalProcess:
    """A process in a session of its own, with the surface of a Docker container.

    Like a container's, its death is that of everything in it. It dies with the test run, too.

    Args:
        spec: what to run.
        log: where it writes.
        ready: what it has written when it can be used; None asks `spec.ready`, or nothing.

    Attributes:
        is_wanted: whether it should be running; not after `kill`, until somebody starts it again.
    """

    def __init__(self, spec: ProcessSpec, log: Path, *, ready: str | None = None) -> None:
        self.id = uuid4().hex
        self.name = spec.name
        self.attrs: dict[str, Any] = {
            "NetworkSettings": {"Networks": {}, "Ports": {}},
            "HostConfig": {"PortBindings": {}},
            "Config": {"Hostname": self.id[:12], "Env": []},
        }
        self.is_wanted = False
        self._log = log
        self._seen = 0
        if ready is not None:
            spec = replace(spec, ready=lambda: ready.encode() in self.logs())
        self._process = Process(replace(spec, stop_signal=signal.SIGKILL), log)

    @property
    def status(self) -> str:
        return "exited" if self._process.ended() else "running"

    @property
    def pid(self) -> int | None:
        """Its number while it runs."""
        return self._process.pid

    @property
    def is_lost(self) -> bool:
        """Whether it has died and nobody wanted it to."""
        return self.is_wanted and self._process.ended()

    def begin(self) -> None:
        """Start without waiting until it can be used."""
        if self._process.ended():
            self._seen = self._log.stat().st_size if self._log.exists() else 0
            self._process.start()
        self.is_wanted = True

    def start(self) -> None:
        self.begin()
        self._process.wait_ready()

    def restart(self, timeout: float = 0) -> None:
        self._process.kill()
        self.start()

    def kill(self, number: str | int | None = None) -> None:
        """Send a signal to the process; SIGKILL, which is also the default, to all of its group."""
        wanted = signal.SIGKILL if number is None else _signal(number)
        if wanted is not signal.SIGKILL:
            self._process.send(wanted)
            return
        self.is_wanted = False
        self._process.kill()

    def logs(self) -> bytes:
        """What it wrote since it was last started."""
        with suppress(FileNotFoundError):
            return self._log.read_bytes()[self._seen :]
        return b""

    def reload(self) -> None:
        """Nothing is cached."""


def _signal(number: str | int) -> signal.Signals:
    return signal.Signals[number] if isinstance(number, str) else signal.Signals(number)


class LookedAfter:
    """A container whose process is started again if it dies of itself, as a supervisor would."""

    _container: LocalProcess

    @property
    def pid(self) -> int | None:
        """The process while it runs."""
        return self._container.pid

    def dismiss(self) -> None:
        """Do not start the process again when it ends."""
        self._container.is_wanted = False

    def begin(self) -> None:
        """Start the process without waiting until it can be used."""
        self._container.begin()

    def look_after(self) -> None:
        """Start the process if it has died and nobody wanted it to; does not wait until it can be used."""
        if self._container.is_lost:
            self._container.begin()


class LocalRedis(LookedAfter, pytest_celery.RedisContainer):
    """One database of a Redis server on a socket."""

    ready_prompt = None

    def __init__(self, process: LocalProcess, server: Redis, db: int) -> None:
        super().__init__(process)
        self._server = server
        self._db = db

    @property
    def client(self) -> Client:
        return Client.from_url(self._server.url(self._db))

    @property
    def celeryconfig(self) -> dict[str, str]:
        url = self._server.celery_url(self._db)
        return {"url": url, "host_url": url}

    def waiting(self, queue: str) -> int:
        """How many messages of a queue no worker has taken yet."""
        with closing(self.client) as client:
            return int(client.llen(queue))

    def messages(self) -> int:
        """How many messages there are that no worker has acknowledged."""
        with closing(self.client) as client:
            return sum(client.llen(name) for name in queues.ALL) + int(client.hlen("unacked"))

    def empty(self) -> None:
        """Forget everything at once."""
        with closing(self.client) as client:
            client.flushall()

    def delete_data(self) -> None:
        """Forget everything that is on disk. The server must have been killed."""
        for each in self._server.data.iterdir():
            rmtree(each) if each.is_dir() else each.unlink()


class LocalRabbitMQ(LookedAfter, pytest_celery.RabbitMQContainer):
    """A RabbitMQ node."""

    ready_prompt = None

    def __init__(self, process: LocalProcess, server: RabbitMQ) -> None:
        super().__init__(process)
        self._server = server

    @property
    def celeryconfig(self) -> dict[str, str]:
        return {"url": self._server.url, "host_url": self._server.url}

    def kill(self, signal: str | int | None = None) -> None:
        """Send a signal to the node, which knows its own queues by then."""
        self._server.remember_queues()
        self._container.kill(signal)

    def waiting(self, queue: str) -> int:
        """How many messages of a queue no worker has taken yet."""
        return self._server.waiting(queue)

    def messages(self) -> int:
        """How many messages there are that no worker has acknowledged."""
        return sum(self._server.messages().values())

    def empty(self) -> None:
        """Forget everything that no worker has taken yet."""
        self._server.purge()

    def delete_data(self) -> None:
        """Forget everything that is on disk. The node must have been killed."""
        self._server.delete_data()


class LocalWorker(LookedAfter, pytest_celery.CeleryWorkerContainer):
    """HuleEdu's own worker, rather than the plugin's."""

    ready_prompt = " ready."


class LocalRelay(LookedAfter, pytest_celery.CeleryTestContainer):
    """The relay, which the plugin does not know."""


class LocalOther(LookedAfter, pytest_celery.CeleryTestContainer):
    """Any other process of HuleEdu's."""
