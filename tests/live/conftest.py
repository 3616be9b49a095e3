"""The web application under gunicorn, as it is served, and browsers' ends of its sockets."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
import websocket
from sqlalchemy import Engine

from app import auth, bootstrap, unit_of_work
from app.local import commands, ports
from app.local.commands import Layout
from app.local.postgres import Postgres
from app.local.redis import Redis
from app.ports import SocketPass
from app.services import projecting
from app.services.deps import Deps
from app.settings import Settings
from models import User
from tests import catalogues
from tests.conftest import TEMPLATE, settings_over
from tests.drivers import Klass, a_class
from tests.fakes import FakeApiCache, FakeTextReader

GIVES_UP_S = 20.0
OPEN: list["Browser"] = []
PROTOCOL = "huleedu.v1"
SCHOOL = "https://school.example"


@dataclass
class Server:
    """One gunicorn, which can be stopped and started again at the same address."""

    argv: list[str]
    env: dict[str, str]
    url: str
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.argv, env=self.env, stdout=log, stderr=log, start_new_session=True
            )
        until = monotonic() + 60
        while True:
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/healthz", trust_env=False).is_success:
                    return
            assert self.process.poll() is None, self.log.read_text()
            assert monotonic() < until, "the server did not come up"
            sleep(0.05)

    def stop(self) -> float:
        """End it as an operator does; how long that took."""
        began = monotonic()
        if self.process is not None:
            self.process.terminate()
            self.process.wait(GIVES_UP_S)
        self.process = None
        return monotonic() - began

    def kill(self) -> None:
        """End it as a machine that loses power does."""
        assert self.process is not None
        os.killpg(self.process.pid, 9)
        self.process.wait()
        self.process = None


@dataclass
class Browser:
    """One socket of somebody, and what came over it."""

    socket: websocket.WebSocket
    frames: list[dict[str, Any]] = field(default_factory=list)

    def next(self) -> dict[str, Any]:
        """The next frame."""
        text = self.socket.recv()
        assert text, "the socket was closed"
        assert len(text.encode()) <= 4096
        self.frames.append(json.loads(text))
        return self.frames[-1]

    def until(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first frame that is one; those before it are kept too."""
        while not is_it(frame := self.next()):
            pass
        return frame

    def until_seq(self, seq: int) -> None:
        """Listen until a notification with this number has come."""
        if seq not in self.seqs():
            self.until(lambda f: f["type"] == "notification" and f["notification"]["seq"] >= seq)

    def seqs(self) -> list[int]:
        """The numbers of all notifications that came."""
        return [f["notification"]["seq"] for f in self.frames if f["type"] == "notification"]

    def closed_with(self) -> int | None:
        """Listen to the end; the code it was closed with, None if there was none."""
        while True:
            try:
                opcode, data = self.socket.recv_data()
            except websocket.WebSocketTimeoutException:
                raise  # it is still open
            except (websocket.WebSocketException, OSError):
                return None
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                return int.from_bytes(data[:2]) if data else None


@dataclass
class Teacher:
    """A signed-in teacher who opens sockets."""

    deps: Deps
    user: User
    url: str
    token: str = ""

    def __post_init__(self) -> None:
        self.token = auth.issue(self.user, self.deps.settings, self.deps.clock)

    def asks(self, method: str, path: str, **request: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.request(
            method, f"{self.url}{path}", headers=headers, trust_env=False, timeout=30, **request
        )

    def ticket(self, lasts_s: float = 900) -> str:
        """A ticket, without asking the server for it."""
        until = datetime.now(UTC) + timedelta(seconds=lasts_s)
        return self.deps.tickets.issue(SocketPass(self.user.id, until))

    def connects(
        self, after: int | None = None, *, ticket: str | None = None, **options: Any
    ) -> Browser:
        """Open a socket, as a browser does; `after` is the last number one has."""
        query = "" if after is None else f"?after={after}"
        socket = websocket.create_connection(
            self.url.replace("http", "ws") + "/ws" + query,
            subprotocols=options.pop("subprotocols", None)
            or [PROTOCOL, f"ticket.{ticket or self.ticket()}"],
            timeout=GIVES_UP_S,
            **({"origin": self.url} | options),
        )
        browser = Browser(socket)
        OPEN.append(browser)
        return browser


# Every test has teachers of its own and looks at nobody else's rows, so all share one database and its servers.
@pytest.fixture(scope="session")
def database_url(postgres: Postgres) -> Iterator[str]:
    """One database for all tests with sockets."""
    postgres.create_database("live", template=TEMPLATE)
    yield postgres.url("live")
    postgres.drop_database("live")


@pytest.fixture(scope="session")
def settings(database_url: str, redis: Redis, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings over the servers that all share."""
    return settings_over(database_url, redis, tmp_path_factory.mktemp("live"))


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    """Connections to the database that all share."""
    engine = unit_of_work.engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def deps(settings: Settings, engine: Engine) -> Deps:
    """As everywhere, but with the real doorbell and real tickets."""
    return replace(
        bootstrap.assemble(settings, engine),
        catalogue=catalogues.of(catalogues.CHAIN),
        cache=FakeApiCache(),
        reader=FakeTextReader(),
    )


@pytest.fixture(autouse=True)
def _close_browsers() -> Iterator[None]:
    yield
    while OPEN:
        OPEN.pop().socket.shutdown()


@pytest.fixture
def klass(deps: Deps) -> Klass:
    """A class whose teacher has been told two things: files came, and the batch is ready."""
    klass = a_class(deps, "", "")
    projecting.project(klass.batch, deps)
    return klass


def tell(klass: Klass, times: int = 1) -> None:
    """Let something happen to a class that its teacher is told of."""
    for _ in range(times):
        with klass.deps.uow("tell") as uow:
            uow.outbox.event(
                "BatchAutoStartRefusedV1",
                batch_id=klass.batch,
                correlation_id=klass.row().correlation_id,
                data={"requested_pipeline": "all", "reason": "MissingPrerequisite"},
            )
            uow.commit()
        projecting.project(klass.batch, klass.deps)


def serve(settings: Settings, kind: str = "web", **env: str) -> Server:
    """Start a server over the Postgres and Redis that all share."""
    port = ports.chosen(None, "HULEEDU_PORT")
    layout = Layout(port=port, flower_port=0, runtime=settings.home, workers=1, concurrency=1)
    server = Server(
        list(commands.huleedu(layout)[kind]),
        {
            **os.environ,
            "DATABASE_URL": settings.database_url,
            "REDIS_URL": settings.redis_url,
            "HULEEDU_SECRET_KEY": settings.secret_key,
            "HULEEDU_SERVICE_KEY": settings.service_key,
            "HULEEDU_HOME": str(settings.home),
            **env,
        },
        f"http://127.0.0.1:{port}",
        settings.home / f"{kind}-{port}.log",
    )
    server.start()
    return server


@pytest.fixture(scope="session")
def shared(settings: Settings) -> Iterator[Callable[[str], Server]]:
    """The server of a kind, which is started for the first who wants it, and again after it was ended."""
    servers: dict[str, Server] = {}

    def running(kind: str) -> Server:
        if kind not in servers:
            servers[kind] = serve(settings, kind, HULEEDU_ORIGINS=SCHOOL)
        elif servers[kind].process is None:
            servers[kind].start()
        return servers[kind]

    yield running
    for server in servers.values():
        server.stop()


@pytest.fixture
def a_server(settings: Settings) -> Iterator[Callable[..., Server]]:
    """Make servers for this test alone, which differ from the usual."""
    made: list[Server] = []

    def make(**env: str) -> Server:
        made.append(serve(settings, **env))
        return made[-1]

    yield make
    for server in made:
        server.stop()
