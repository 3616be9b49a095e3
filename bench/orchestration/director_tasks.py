"""The shape's tasks for celery-director, which reads this file in an environment of its own."""

import os
from time import sleep

from celery.signals import worker_ready
from director import task
from redis import Redis

STATE = Redis.from_url(os.environ["BENCH_STATE"])


@worker_ready.connect
def _say_ready(**_: object) -> None:
    STATE.set("ready:director", 1)


@task(name="NOTHING")
def nothing(*_: object, **__: object) -> None:
    """A root, or a join."""


@task(name="ITEM")
def item(*_: object, **given: dict) -> None:
    """One item."""
    body_s = given["payload"]["body_s"]
    if body_s:
        sleep(body_s)


@task(name="END")
def end(*_: object, **given: dict) -> None:
    """Say that it is done."""
    STATE.rpush(f"done:{given['payload']['run']}", 1)
