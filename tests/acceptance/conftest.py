"""The whole system, as `huleedu up` starts it, and teachers who use it over HTTP."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app import bootstrap, unit_of_work
from app import settings as environment
from app.cli.api_client import ApiClient
from app.local.stack import Stack
from app.services import accounts
from app.services.deps import Deps
from tests import rabbitmq
from tests.factories import a_registration

PROJECT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse"
WITHIN_S = 90.0


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, broker_name: str) -> Iterator[Stack]:
    """Web, relay and a worker on all queues, over servers of their own."""
    home = tmp_path_factory.mktemp("stack")
    with a_broker(broker_name, home) as broker, running(home, **broker) as stack:
        yield stack


@contextmanager
def a_broker(name: str, home: Path) -> Iterator[dict[str, str]]:
    """What names a system's own broker in its environment: nothing where the stack brings it.

    Workers of two systems have the same names, so they cannot share one.
    """
    if name == "redis":
        yield {}
        return
    with rabbitmq.running(home / "rabbitmq") as server:
        yield {"BROKER_URL": server.url}


@contextmanager
def running(home: Path, **overrides: str) -> Iterator[Stack]:
    """The whole system, with more in its environment, for as long as the block lasts."""
    stack = Stack(
        home,
        project_root=PROJECT,
        durable=False,
        flower=False,
        beat=False,
        # Tests look more often than a person may.
        overrides={"HULEEDU_RATE_LIMITS": "false", **overrides},
    )
    try:
        with stack.in_background():
            eventually(lambda: httpx.get(f"{stack.url}/readyz").is_success, "everything is ready")
            yield stack
    finally:
        stack.remove_data()


@pytest.fixture(scope="session")
def system(stack: Stack) -> Iterator[Deps]:
    """The same system from inside, for what has no way in over HTTP."""
    with inside(stack) as deps:
        yield deps


@contextmanager
def inside(stack: Stack) -> Iterator[Deps]:
    """A system from inside."""
    kept = dict(os.environ)
    os.environ.update(stack.env)
    settings = environment.load()
    os.environ.clear()
    os.environ.update(kept)
    engine = unit_of_work.engine(settings.database_url)
    yield bootstrap.assemble(settings, engine)
    engine.dispose()


class Teacher:
    """A signed-in teacher at their own computer."""

    def __init__(self, url: str, email: str) -> None:
        self.email = email
        self.api = ApiClient(url, email, PASSWORD)
        self.http = httpx.Client(base_url=url, headers=self.api.headers, trust_env=False)

    def hands_in(self, texts: dict[str, str | bytes], **more: object) -> str:
        """Register a batch and hand in a file per text; file name → text."""
        batch_id = self.api.register(a_registration(len(texts), **more))
        self.sends(batch_id, texts)
        return batch_id

    def sends(self, batch_id: str, texts: dict[str, str | bytes], part: str = "files") -> Any:
        """Send files to a batch."""
        parts = [
            (part, (name, text.encode() if isinstance(text, str) else text))
            for name, text in texts.items()
        ]
        return self.http.post(f"/v1/batches/{batch_id}/files", files=parts)

    def waits_until(self, batch_id: str, *statuses: str) -> dict[str, Any]:
        """Look at a batch until it has one of some states."""
        return eventually(
            lambda: (s := self.api.status(batch_id))["status"] in statuses and s,
            f"the batch is {' or '.join(statuses)}",
        )

    def runs(self, batch_id: str, pipeline: str = "comprehensive") -> dict[str, Any]:
        """Run a pipeline over a batch that is being read, and wait for its end."""
        self.waits_until(batch_id, "ready", *TERMINAL)
        self.api.start(batch_id, pipeline)
        return self.waits_until(batch_id, *TERMINAL)

    def told(self, batch_id: str) -> list[tuple[str, dict[str, Any]]]:
        """What the teacher was told of a batch, in order: type and payload."""
        page = self.http.get("/v1/notifications", params={"after": 0, "limit": 200}).json()
        return [(n["type"], n["payload"]) for n in page["items"] if n["batch_id"] == batch_id]

    def hears(self, batch_id: str, *wanted: str) -> list[dict[str, Any]]:
        """Wait until the last things the teacher was told of a batch are of these types; their payloads."""

        def heard() -> Any:
            told = self.told(batch_id)[-len(wanted) :]
            return [kind for kind, _ in told] == list(wanted) and told

        told = eventually(heard, f"the teacher is told {wanted}")
        return [payload for _, payload in told]

    def essays(self, batch_id: str) -> dict[str, dict[str, Any]]:
        """The rows of a batch's results by file name."""
        return {row["file_name"]: row for row in self.api.results(batch_id)["essays"]}


TERMINAL = ("completed_successfully", "completed_with_failures", "failed", "cancelled")


@pytest.fixture(scope="session")
def a_teacher(stack: Stack, system: Deps) -> Iterator[Callable[[], Teacher]]:
    """Make teachers with accounts of their own."""
    with teachers(stack, system) as make:
        yield make


@contextmanager
def teachers(stack: Stack, system: Deps) -> Iterator[Callable[[], Teacher]]:
    """Make teachers of one system."""
    made: list[Teacher] = []

    def make() -> Teacher:
        email = f"{uuid4().hex}@school.example"
        accounts.add(email, "T. Eacher", PASSWORD, "teacher", deps=system)
        made.append(Teacher(stack.url, email))
        return made[-1]

    yield make
    for teacher in made:
        teacher.api.close()
        teacher.http.close()


@pytest.fixture
def teacher(a_teacher: Callable[[], Teacher]) -> Teacher:
    """One teacher."""
    return a_teacher()


def eventually(look: Callable[[], Any], what: str, within_s: float = WITHIN_S) -> Any:
    """Look until there is something to see."""
    until = monotonic() + within_s
    while True:
        seen = look()
        if seen:
            return seen
        assert monotonic() < until, f"waited {within_s:.0f} s until {what}"
        sleep(0.05)
