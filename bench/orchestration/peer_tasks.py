"""What one would write with Celery alone, twice: with a counter by hand, and with Celery's own chord.

The environment says which worker this is, as one worker serves one of them: `BENCH_BROKER`, `BENCH_BACKEND` (or none),
`BENCH_STATE`, `BENCH_QUEUE`, `BENCH_PREFETCH`.
"""

import os
from functools import cache
from time import sleep

from celery import Celery, chord, signals
from redis import Redis

CONCURRENCY = 2

app = Celery(
    "peers", broker=os.environ.get("BENCH_BROKER"), backend=os.environ.get("BENCH_BACKEND")
)
app.conf.update(
    task_default_queue=os.environ.get("BENCH_QUEUE", "peers"),
    worker_prefetch_multiplier=int(os.environ.get("BENCH_PREFETCH", "4")),
    broker_connection_retry_on_startup=True,
)


@cache
def state() -> Redis:
    """This process's connection to where counters are kept and ends are told."""
    return Redis.from_url(os.environ["BENCH_STATE"])


def ready_key(queue: str) -> str:
    """Exists when the worker of a queue can be used."""
    return f"ready:{queue}"


def done_key(run: str) -> str:
    """A list that gets an entry when a run has ended."""
    return f"done:{run}"


@signals.worker_ready.connect
def _say_ready(**_: object) -> None:
    state().set(ready_key(app.conf.task_default_queue), 1)


# -- by hand: a message for each item, and one counter in Redis


@app.task(ignore_result=True)
def hand_root(run: str, items: int, body_s: float) -> None:
    """Fan out for the first time."""
    _fan_out(run, 1, items, body_s)


@app.task(ignore_result=True)
def hand_item(run: str, fan: int, items: int, body_s: float) -> None:
    """One item; the last one to end starts what follows."""
    if body_s:
        sleep(body_s)
    if state().decr(f"left:{run}:{fan}") == 0:
        (hand_join if fan == 1 else hand_end).apply_async((run, items, body_s))


@app.task(ignore_result=True)
def hand_join(run: str, items: int, body_s: float) -> None:
    """Fan out again."""
    _fan_out(run, 2, items, body_s)


@app.task(ignore_result=True)
def hand_end(run: str, _items: int, _body_s: float) -> None:
    """Say that it is done."""
    state().rpush(done_key(run), 1)


def _fan_out(run: str, fan: int, items: int, body_s: float) -> None:
    state().set(f"left:{run}:{fan}", items)
    with app.producer_pool.acquire(block=True) as producer:
        for _ in range(items):
            hand_item.apply_async((run, fan, items, body_s), producer=producer)


# -- Celery's chord, each made by the task before, so that no message carries what comes later


@app.task
def chord_root(run: str, items: int, body_s: float) -> None:
    """The first chord."""
    chord(
        [chord_item.si(body_s) for _ in range(items)], chord_join.si(run, items, body_s)
    ).apply_async()


@app.task
def chord_item(body_s: float) -> None:
    """One item."""
    if body_s:
        sleep(body_s)


@app.task
def chord_join(run: str, items: int, body_s: float) -> None:
    """The second chord."""
    chord([chord_item.si(body_s) for _ in range(items)], chord_end.si(run)).apply_async()


@app.task
def chord_end(run: str) -> None:
    """Say that it is done."""
    state().rpush(done_key(run), 1)
