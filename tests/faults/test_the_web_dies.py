"""The web application is killed again and again while somebody registers batches: each is there once."""

import os
import signal
from random import Random
from threading import Thread
from time import sleep

from pytest_celery import CeleryTestNode

from app.local.commands import Layout
from tests.factories import a_teacher
from tests.faults.system import System
from tests.teacher import Teacher

KILLS = 6


def test_every_request_under_a_key_is_done_once(
    system: System, web: CeleryTestNode, layout: Layout
) -> None:
    system.others.append(web)
    random = Random(1)
    owner = a_teacher(system.deps)
    teacher = Teacher(
        f"http://127.0.0.1:{layout.port}",
        owner.email,
        when_held=system.let_keys_go,
    )
    teacher.signs_in()
    registered: list[str] = []
    killed = []

    def register_until_nobody_dies_any_more() -> None:
        while len(killed) < KILLS:
            registered.append(teacher.registers(1))

    thread = Thread(target=register_until_nobody_dies_any_more)
    thread.start()
    while len(killed) < KILLS:
        served = len(registered)
        system.eventually(lambda: len(registered) > served, "it serves")  # noqa: B023
        sleep(random.uniform(0, 0.2))
        os.kill(random.choice([web.container.pid, *_children(system, web)]), signal.SIGKILL)
        killed.append(served)
    system.eventually(lambda: not thread.is_alive(), "the last request has been answered")

    there = system.rows("select id from batches where owner_id = :id", id=owner.id)
    assert sorted(str(batch) for (batch,) in there) == sorted(registered)
    teacher.close()


def _children(system: System, web: CeleryTestNode) -> list[int]:
    """The processes that answer requests; `web`'s own looks after them."""
    return [each.pid for each in system.children_of(web)]
