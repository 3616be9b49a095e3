"""PostgreSQL crashes, stands still, cuts connections, or commits and never says so."""

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from shutil import rmtree
from time import sleep

import psutil
import pytest
from pytest_celery import CeleryTestNode

from app.local.commands import Layout
from app.local.postgres import Postgres
from tests.factories import a_teacher
from tests.faults.proxy import Proxy
from tests.faults.system import System
from tests.gates import Gate
from tests.teacher import Teacher

PHASES = ("first", "second")
ESSAYS = 12
LOSES_ONE_IN = 4


class Losses:
    """Whether replies to COMMIT are lost, and which."""

    def __init__(self) -> None:
        self.are_on = False
        self._random = Random(1)

    def __call__(self) -> bool:
        return self.are_on and self._random.randrange(LOSES_ONE_IN) == 0

    @contextmanager
    def on(self) -> Iterator[None]:
        """Some are lost within the block."""
        self.are_on = True
        try:
            yield
        finally:
            self.are_on = False


@pytest.fixture(scope="module")
def losses() -> Losses:
    return Losses()


@pytest.fixture(scope="module")
def proxy(postgres: Postgres, losses: Losses) -> Iterator[Proxy]:
    """What all processes have to go through to the database; the tests themselves do not."""
    here = Path(tempfile.mkdtemp(prefix="huleedu-proxy-", dir="/tmp"))
    proxy = Proxy(postgres.runtime, here, losses)
    yield proxy
    proxy.close()
    rmtree(here)


@pytest.fixture(scope="module")
def default_worker_env(
    default_worker_env: dict[str, str], proxy: Proxy, database_url: str
) -> dict[str, str]:
    database = database_url.partition("@/")[2].partition("?")[0]
    return default_worker_env | {
        "DATABASE_URL": proxy.url(database),
        "HULEEDU_RATE_LIMITS": "false",
    }


def test_a_run_outlives_a_crash(system: System, gate: Gate, postgres: Postgres) -> None:
    batch = system.hand_in(gate.before("first"), *["…"] * (ESSAYS - 1))
    run = system.start(batch)
    system.eventually(gate.is_waited_for, "an essay waits in the phase")

    postgres.kill()
    gate.open()  # the worker has its result before it has a database
    sleep(0.5)
    postgres.start()

    system.completes(run, ESSAYS, PHASES)


def test_a_run_outlives_a_database_that_stands_still(
    system: System, gate: Gate, postgres: Postgres
) -> None:
    batch = system.hand_in(gate.before("first"), *["…"] * (ESSAYS - 1))
    run = system.start(batch)
    system.eventually(gate.is_waited_for, "an essay waits in the phase")

    with standing_still(postgres):
        gate.open()
        sleep(4)  # longer than a lease

    system.completes(run, ESSAYS, PHASES)


def test_a_run_outlives_that_all_connections_are_cut(system: System) -> None:
    batch = system.hand_in(*["…"] * ESSAYS)
    run = system.start(batch)

    for _ in range(10):
        system.rows(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        sleep(0.2)

    system.completes(run, ESSAYS, PHASES)


def test_a_commit_nobody_hears_of_is_not_done_twice(
    system: System, proxy: Proxy, losses: Losses
) -> None:
    batch = system.hand_in(*["…"] * ESSAYS)
    lost = proxy.lost

    with losses.on():
        run = system.start(batch)
        system.eventually(lambda: system.status(run).is_terminal, "the run has ended")

    system.completes(run, ESSAYS, PHASES)
    assert proxy.lost > lost


def test_requests_whose_commit_nobody_hears_of_are_done_once(
    system: System, proxy: Proxy, losses: Losses, web: CeleryTestNode, layout: Layout
) -> None:
    system.others.append(web)
    email = a_teacher(system.deps).email
    teacher = Teacher(f"http://127.0.0.1:{layout.port}", email, when_held=system.let_keys_go)
    teacher.signs_in()
    lost = proxy.lost

    with losses.on():
        registered = [teacher.registers(1) for _ in range(12)]

    assert sorted(teacher.batches()) == sorted(registered)
    assert proxy.lost > lost
    teacher.close()


@contextmanager
def standing_still(postgres: Postgres) -> Iterator[None]:
    """Within the block, no process of a server does anything."""
    assert postgres.pid is not None
    postmaster = psutil.Process(postgres.pid)
    processes = [postmaster, *postmaster.children(recursive=True)]
    for each in processes:
        each.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for each in processes:
            os.kill(each.pid, signal.SIGCONT)
