"""Peers made of Celery alone: a worker each with two children, and one Redis for all."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from uuid import uuid4

from celery import Celery
from redis import Redis

from app.local.background import Background
from app.local.environment import PROCESS_ENV
from app.local.process import ProcessSpec
from app.local.supervisor import Supervisor
from bench.flow import PROJECT
from bench.orchestration.contender import PATIENCE_S, TooSlow
from bench.orchestration.peer_tasks import CONCURRENCY, done_key, ready_key
from bench.orchestration.scratch_redis import MESSAGES_DB, RESULTS_DB, STATE_DB, ScratchRedis

TASKS = "bench.orchestration.peer_tasks"
BY_HAND = ("by_hand_1", "by_hand_64")
CHORD = "chord"
NAMES = (*BY_HAND, CHORD)


@dataclass(frozen=True, slots=True)
class Kind:
    """How a peer differs from the others."""

    root: str
    prefetch: int
    keeps_results: bool
    most_items: int


KINDS = {
    "by_hand_1": Kind("hand_root", 1, keeps_results=False, most_items=20_000),
    "by_hand_64": Kind("hand_root", 64, keeps_results=False, most_items=20_000),
    # What Celery prefetches unless it is told otherwise.
    CHORD: Kind("chord_root", 4, keeps_results=True, most_items=5_000),
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run to be."""

    run: str
    items: int
    body_s: float


class Peer:
    """One peer, while it runs."""

    def __init__(self, name: str, supervisor: Supervisor, redis: ScratchRedis, client: Celery):
        self.name = name
        self._kind = KINDS[name]
        self._supervisor = supervisor
        self._redis = redis.client(STATE_DB)
        self._client = client

    def refuses(self, items: int, _rounds_behind: int) -> str | None:
        """See the protocol."""
        most = self._kind.most_items
        return f"{self.name} is measured up to {most} items" if items > most else None

    def prepare(self, items: int, body_ms: float) -> Prepared:
        """See the protocol."""
        return Prepared(uuid4().hex, items, body_ms / 1000)

    def run(self, prepared: Prepared) -> float:
        """From sending the root to hearing of the end."""
        arguments = (prepared.run, prepared.items, prepared.body_s)
        began = perf_counter()
        self._client.send_task(f"{TASKS}.{self._kind.root}", arguments, queue=self.name)
        heard = self._redis.blpop([done_key(prepared.run)], timeout=PATIENCE_S)
        took_s = perf_counter() - began
        if heard is None:
            raise TooSlow(f"{self.name}: no end after {took_s:.0f} s")
        return took_s

    def check(self, prepared: Prepared) -> Mapping[str, float]:
        """That every item was counted once, where somebody counts."""
        left = [self._redis.get(f"left:{prepared.run}:{fan}") for fan in (1, 2)]
        assert left == ([None, None] if self._kind.keeps_results else [b"0", b"0"]), left
        return {}

    def processes(self) -> Mapping[str, int]:
        """See the protocol."""
        found = {"worker": self._supervisor.pid(self.name), "redis": self._supervisor.pid("redis")}
        return {name: pid for name, pid in found.items() if pid is not None}

    def broker(self) -> Redis:
        """See the protocol."""
        return self._redis


@contextmanager
def running(home: Path, names: Sequence[str]) -> Iterator[list[Peer]]:
    """The peers of these names with their Redis, from nothing to nothing."""
    redis = ScratchRedis(home / "peers")
    workers = [_worker(name, redis) for name in names]
    supervisor = Supervisor([redis.spec, workers], home / "peers" / "logs")
    client = Celery("client", broker=redis.celery_url(MESSAGES_DB))
    try:
        with Background(supervisor):
            try:
                yield [Peer(name, supervisor, redis, client) for name in names]
            finally:
                client.close()
    finally:
        redis.remove()


def _worker(name: str, redis: ScratchRedis) -> ProcessSpec:
    kind = KINDS[name]
    given = {
        "BENCH_BROKER": redis.celery_url(MESSAGES_DB),
        "BENCH_STATE": redis.url(STATE_DB),
        "BENCH_QUEUE": name,
        "BENCH_PREFETCH": str(kind.prefetch),
    }
    if kind.keeps_results:
        given["BENCH_BACKEND"] = redis.celery_url(RESULTS_DB)
    celery = (sys.executable, "-m", "celery", "-A", TASKS, "worker", "-n", f"{name}@%h")
    return ProcessSpec(
        name=name,
        argv=(
            *(*celery, "-Q", name, "--concurrency", str(CONCURRENCY), "-l", "WARNING"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ),
        # Nothing of ours: Celery takes BROKER_URL over what an application says.
        env={"PATH": os.environ.get("PATH", ""), **PROCESS_ENV, **given},
        cwd=PROJECT,
        ready=lambda: redis.has(ready_key(name)),
    )
