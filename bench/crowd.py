"""A class of thirty beside a batch of thousands: `make bench-crowd`.

A class is handed in alone, and again while a batch of 5,000 essays is worked on; meanwhile somebody asks for the
status of the large batch 20 times a second. Prints how long the class took each time and their ratio, the percentiles
of the status, the memory of every process, and how long the whole took.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count, cycle
from pathlib import Path
from threading import Event, Thread
from time import monotonic, perf_counter, sleep
from uuid import UUID, uuid4

import httpx
import psutil

from app import bootstrap
from app.cli import classes
from app.cli.api_client import ApiClient
from app.local.stack import Stack
from app.services import accounts, batches, readiness
from app.services.deps import Deps
from bench.flow import EMAIL, PASSWORD, one_class
from bench.stacks import family, running
from pipelines.extraction import Extracted, extract
from pipelines.vocabulary import EssayStatus

OTHER_EMAIL = "crowd@huleedu.example"
PIPELINE = "nlp"
"""Spelling and language metrics. A ranking of thousands is another matter, and would be all that is measured."""
ASK_EVERY_S = 0.05
SAY_EVERY_S = 10.0
MB = 1024 * 1024


def main() -> None:
    """Measure, and print a table or, with --json, one object as the last line."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--essays", type=int, default=5000)
    parser.add_argument("--classes", type=int, default=5, help="each alone and beside")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, running(Path(home)) as stack:
        deps = bootstrap.current()
        accounts.add(EMAIL, "Bench", PASSWORD, "teacher", deps=deps)
        owner = accounts.add(OTHER_EMAIL, "Bench", PASSWORD, "teacher", deps=deps)
        figures = _measure(stack, deps, owner.id, wanted.essays, wanted.classes)
    for name, value in figures.items():
        print(f"{name:>28}  {value:g}")
    if wanted.json:
        print(json.dumps(figures))


def _measure(
    stack: Stack, deps: Deps, owner_id: UUID, essays: int, repeats: int
) -> dict[str, float]:
    with (
        ApiClient(stack.url, EMAIL, PASSWORD) as api,
        ApiClient(stack.url, OTHER_EMAIL, PASSWORD) as other,
    ):
        one_class(api, PIPELINE)  # children load their words when they first need them
        alone = [one_class(api, PIPELINE)["whole_s"] for _ in range(repeats)]
        _say(f"alone: {', '.join(f'{s:.2f}' for s in alone)} s; making {essays} essays")
        batch = _a_batch(essays, owner_id, deps)
        began = perf_counter()
        other.start(str(batch), PIPELINE)
        with _asking(stack.url, other, str(batch)) as asked, _weighing(stack) as weighed:
            _until(other, batch, lambda done: done >= min(200, essays // 10))
            beside = []
            for _ in range(repeats):
                beside.append(one_class(api, PIPELINE)["whole_s"])
                assert other.status(str(batch))["status"] == "processing", "the class was alone"
            _say(f"beside: {', '.join(f'{s:.2f}' for s in beside)} s; waiting for the rest")
            _until(other, batch, lambda done: done >= essays)
            while other.status(str(batch))["status"] == "processing":
                sleep(0.2)
        whole_s = perf_counter() - began
        status = other.status(str(batch))["status"]
        assert status == "completed_successfully", status
    percentiles = statistics.quantiles(asked, n=100)
    return {
        "essays": essays,
        "whole_s": whole_s,
        "class_alone_s": statistics.median(alone),
        "class_beside_s": statistics.median(beside),
        "beside_to_alone": statistics.median(beside) / statistics.median(alone),
        "status_asked": len(asked),
        "status_p50_ms": 1000 * percentiles[49],
        "status_p95_ms": 1000 * percentiles[94],
        "status_p99_ms": 1000 * percentiles[98],
        **{f"most_mb_{name}": most for name, most in sorted(weighed.items())},
    }


def _until(api: ApiClient, batch: UUID, enough) -> None:
    last = monotonic()
    while True:
        phases = api.status(str(batch))["phases"]
        done = min((phase["done"] for phase in phases), default=0)
        if enough(done):
            return
        if monotonic() - last > SAY_EVERY_S:
            last = monotonic()
            _say(f"{done} essays are through, load {os.getloadavg()[0]:.1f}")
        sleep(0.2)


@contextmanager
def _asking(url: str, api: ApiClient, batch_id: str) -> Iterator[list[float]]:
    """Ask for the status at fixed times; how long each answer took, counted from when it was due."""
    took: list[float] = []
    stop = Event()

    def ask() -> None:
        with httpx.Client(base_url=url, headers=api.headers, trust_env=False) as http:
            began = perf_counter()
            for number in count():
                due = began + number * ASK_EVERY_S
                if stop.wait(max(0.0, due - perf_counter())):
                    return
                http.get(f"/v1/batches/{batch_id}/status").raise_for_status()
                took.append(perf_counter() - due)

    thread = Thread(target=ask, daemon=True)
    thread.start()
    try:
        yield took
    finally:
        stop.set()
        thread.join()


@contextmanager
def _weighing(stack: Stack) -> Iterator[dict[str, float]]:
    """The most memory that any process of each name had, children too, in MB (resident)."""
    most: dict[str, float] = {}
    stop = Event()

    def weigh() -> None:
        while not stop.wait(1.0):
            for name in ("web", "relay", "worker", "projector", "postgres", "redis"):
                pid = stack.supervisor.pid(name)
                if pid is None:
                    continue
                for process in family(pid):
                    try:
                        most[name] = max(most.get(name, 0.0), process.memory_info().rss / MB)
                    except psutil.Error:
                        continue

    thread = Thread(target=weigh, daemon=True)
    thread.start()
    try:
        yield most
    finally:
        stop.set()
        thread.join()


def _a_batch(essays: int, owner_id: UUID, deps: Deps) -> UUID:
    """A batch of the demo's English essays again and again, each with a line of its own, read already."""
    texts = []
    for name, path in classes.both()[0].pupils.items():
        if name not in classes.BAD_FILES:
            read = extract(path.name, path.read_bytes())
            assert isinstance(read, Extracted)
            texts.append(read.text)
    registration = {
        "expected_essay_count": essays,
        "essay_ids": [f"essay-{number}" for number in range(essays)],
        "course_code": "ENG5",
        "class_designation": f"{essays} essays",
        "essay_instructions": "Write about a challenge.",
        "teacher_name": "Bench",
    }
    batch = batches.register(registration, owner_id=owner_id, correlation_id=uuid4(), deps=deps)
    with deps.uow("bench_texts") as uow:
        for number, (essay, words) in enumerate(
            zip(uow.essays.lock_all(batch.id), cycle(texts), strict=False)
        ):
            body = f"{words}\n\nThis is essay number {number}."
            stored = uow.essays.store(batch.id, body.encode(), uow.clock())
            essay.text_storage_id, essay.text_sha256 = stored.storage_id, stored.sha256
            essay.status = EssayStatus.READY_FOR_PROCESSING
        uow.session.flush()
        readiness.consider(uow, batch.id)
        uow.commit()
    return batch.id


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
