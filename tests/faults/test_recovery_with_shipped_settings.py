"""With the settings we ship, whatever a fault left behind is made good within 15 seconds."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from time import monotonic

import pytest

from app.local.postgres import Postgres
from app.settings import Settings
from tests.faults.system import System
from tests.gates import Gate

PHASES = ("first", "second")
ESSAYS = 8
WITHIN_S = 15.0
SHIPPED = {field.name: field.default for field in fields(Settings)}


@pytest.fixture(scope="module")
def settings(settings: Settings) -> Settings:
    names = ("lease_s", "redispatch_after_s", "reconcile_every_s")
    return replace(settings, **{name: SHIPPED[name] for name in names})


@contextmanager
def made_good(system: System, run: object) -> Iterator[None]:
    """The block is a fault; from its end, when whoever died is there again, the run has to end in time."""
    yield
    began = monotonic()
    system.completes(run, ESSAYS, PHASES)  # type: ignore[arg-type]
    assert monotonic() - began < WITHIN_S


@pytest.fixture
def run(system: System, gate: Gate) -> object:
    """A run of which the worker holds as much as it can, and the rest lies in the broker."""
    batch = system.hand_in(*[gate.before("first")] * ESSAYS)
    run = system.start(batch)
    system.eventually(lambda: system.slices_at_work(run) == 2, "both children hold a slice")
    return run


def test_of_a_child(system: System, gate: Gate, run: object) -> None:
    child = system.eventually(gate.is_waited_for, "an essay waits in the phase")

    with made_good(system, run):
        os.kill(child, signal.SIGKILL)
        gate.open()


def test_of_a_worker(system: System, gate: Gate, run: object) -> None:
    with made_good(system, run):
        system.worker.kill()
        gate.open()
        system.worker.restart()


def test_of_a_relay(system: System) -> None:
    batch = system.hand_in(*["…"] * ESSAYS)
    system.crash_at("relay.before_mark")

    run = system.start(batch)
    system.eventually(system.has_crashed, "the relay has died between sending and marking")
    with made_good(system, run):
        pass


def test_of_an_emptied_broker(system: System, gate: Gate, run: object) -> None:
    with made_good(system, run):
        for server in system.servers:
            server.container.empty()
        gate.open()


def test_of_a_broker_that_lost_its_disk(system: System, gate: Gate, run: object) -> None:
    with made_good(system, run):
        for server in system.servers:
            server.kill()
            server.container.delete_data()
        gate.open()
        for server in system.servers:
            server.restart()


def test_of_a_crashed_database(system: System, gate: Gate, run: object, postgres: Postgres) -> None:
    with made_good(system, run):
        postgres.kill()
        gate.open()
        postgres.start()
