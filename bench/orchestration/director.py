"""celery-director, in an environment of its own, with a PostgreSQL and a Redis of its own."""

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from uuid import uuid4

import httpx
from redis import Redis

from app.local import ports, probe
from app.local.background import Background
from app.local.environment import PROCESS_ENV
from app.local.postgres import Postgres
from app.local.process import ProcessSpec
from app.local.supervisor import Supervisor
from bench import environments
from bench.flow import PROJECT
from bench.orchestration.contender import PATIENCE_S, TooSlow
from bench.orchestration.peer_tasks import CONCURRENCY, done_key, ready_key
from bench.orchestration.scratch_redis import MESSAGES_DB, RESULTS_DB, STATE_DB, ScratchRedis

NAME = "director"
MOST_ITEMS, MOST_ITEMS_OFTEN = 1000, 300
ENVIRONMENT = PROJECT / "build" / "celery-director"
PINS = Path(__file__).with_name("director.txt")
TASKS = Path(__file__).with_name("director_tasks.py")
PYTHON = "3.11"
"""It imports `imp`, which 3.12 has not."""


def install() -> Path:
    """Make its environment unless there is one of these pins; the directory of its programs.

    Raises:
        NotInstalled: there is no Python 3.11, or no package index.
    """
    python = sys.executable if sys.version_info[:2] == (3, 11) else PYTHON
    return environments.made(ENVIRONMENT, PINS, python=python)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run to be."""

    run: str
    items: int
    body_s: float


class Director:
    """celery-director, while it runs."""

    name = NAME

    def __init__(self, url: str, supervisor: Supervisor, redis: ScratchRedis) -> None:
        self._supervisor = supervisor
        self._redis = redis.client(STATE_DB)
        self._http = httpx.Client(base_url=url, timeout=PATIENCE_S, trust_env=False)

    def refuses(self, items: int, rounds_behind: int) -> str | None:
        """Each of its messages carries all that comes later, so that it slows down with the square of the items."""
        if items > MOST_ITEMS:
            return f"director is measured up to {MOST_ITEMS} items, with 2 GB of messages"
        if items > MOST_ITEMS_OFTEN and rounds_behind:
            return f"director is measured once with more than {MOST_ITEMS_OFTEN} items: it takes minutes"
        return None

    def prepare(self, items: int, body_ms: float) -> Prepared:
        """See the protocol."""
        return Prepared(uuid4().hex, items, body_ms / 1000)

    def run(self, prepared: Prepared) -> float:
        """From the request to hearing of the end, which its own end follows half a second later."""
        asked = {
            "project": "bench",
            "name": _workflow(prepared.items),
            "payload": {"run": prepared.run, "body_s": prepared.body_s},
        }
        began = perf_counter()
        self._http.post("/api/workflows", json=asked).raise_for_status()
        heard = self._redis.blpop([done_key(prepared.run)], timeout=PATIENCE_S)
        took_s = perf_counter() - began
        if heard is None:
            raise TooSlow(f"director: no end after {took_s:.0f} s")
        return took_s

    def check(self, _: Prepared) -> Mapping[str, float]:
        """That the workflow is marked as a success, so that nothing of it disturbs who is next."""
        began = perf_counter()
        while True:
            newest = self._http.get("/api/workflows", params={"per_page": 1}).json()[0]
            if newest["status"] not in {"pending", "progress"}:
                break
            assert perf_counter() - began < PATIENCE_S, newest["status"]
            sleep(0.05)
        assert newest["status"] == "success", newest["status"]
        return {"marked_after_s": perf_counter() - began}

    def processes(self) -> Mapping[str, int]:
        """See the protocol."""
        names = ("web", "worker", "postgres", "redis")
        found = {name: self._supervisor.pid(name) for name in names}
        return {name: pid for name, pid in found.items() if pid is not None}

    def broker(self) -> Redis:
        """See the protocol."""
        return self._redis

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()
        self._redis.close()


@contextmanager
def running(home: Path, items: Sequence[int]) -> Iterator[Director]:
    """celery-director with a workflow for each number of items, from nothing to nothing.

    Raises:
        NotInstalled: its environment could not be made.
    """
    programs = install()
    ours = home / NAME
    (ours / "tasks").mkdir(parents=True)
    shutil.copy(TASKS, ours / "tasks" / "shape.py")
    (ours / ".env").touch()
    # What is JSON is YAML too.
    workflows = {f"bench.{_workflow(each)}": _shape(each) for each in items if each <= MOST_ITEMS}
    (ours / "workflows.yml").write_text(json.dumps(workflows))
    redis = ScratchRedis(ours)
    postgres = Postgres(ours / "postgres", ours / "run", log=ours / "logs" / "postgres.log")
    port = ports.chosen(None, "")
    env = {
        **PROCESS_ENV,
        "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}",
        "DIRECTOR_HOME": str(ours),
        "DIRECTOR_DATABASE_URI": postgres.url(NAME),
        "DIRECTOR_BROKER_URI": redis.celery_url(MESSAGES_DB),
        "DIRECTOR_RESULT_BACKEND_URI": redis.celery_url(RESULTS_DB),
        "BENCH_STATE": redis.url(STATE_DB),
    }

    def own(name: str, *argv: str, **particulars: object) -> ProcessSpec:
        program = str(programs / argv[0])
        return ProcessSpec(name, (program, *argv[1:]), env=env, cwd=ours, **particulars)

    supervisor = Supervisor(
        [
            [postgres.spec, redis.spec],
            own(
                *("migrate", "director", "db", "upgrade"),
                once=True,
                before=lambda: postgres.ensure_database(NAME),
            ),
            [
                own(
                    *("web", "gunicorn", "--workers", "1", "--timeout", "0"),
                    *("--bind", f"{ports.HOST}:{port}", "director._auto:app"),
                    ready=probe.answers(port, "/api/ping"),
                ),
                own(
                    *("worker", "celery", "-A", "director._auto:cel", "worker", "-l", "WARNING"),
                    *("--concurrency", str(CONCURRENCY)),
                    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
                    ready=lambda: redis.has(ready_key(NAME)),
                ),
            ],
        ],
        ours / "logs",
    )
    try:
        with Background(supervisor):
            director = Director(f"http://{ports.HOST}:{port}", supervisor, redis)
            try:
                yield director
            finally:
                director.close()
    finally:
        redis.remove()
        postgres.remove()


def _workflow(items: int) -> str:
    return f"SHAPE_{items}"


def _shape(items: int) -> dict[str, object]:
    """Its groups are lists of tasks, so every item is written down."""
    fans = [{name: {"type": "group", "tasks": ["ITEM"] * items}} for name in ("FIRST", "SECOND")]
    return {"tasks": ["NOTHING", fans[0], "NOTHING", fans[1], "END"]}
