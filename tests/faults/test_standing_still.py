"""Whoever stands still is not dead: others wait or go on without it, and what it does when it wakes changes nothing."""

import signal
from time import sleep

import pytest

from tests.faults.system import System
from tests.gates import Gate

PHASES = ("first", "second")


@pytest.mark.parametrize(
    "seconds",
    [4, pytest.param(45, marks=[pytest.mark.long, pytest.mark.timeout(300)])],
    ids=["for a moment", "for longer than anybody waits for an answer"],
)
def test_a_run_outlives_a_broker_that_stands_still(
    system: System, gate: Gate, seconds: float
) -> None:
    batch = system.hand_in(gate.before("first"), *["…"] * 11)
    run = system.start(batch)
    system.eventually(gate.is_waited_for, "an essay waits in the phase")

    system.broker.kill(signal.SIGSTOP)
    gate.open()
    sleep(seconds)
    system.broker.kill(signal.SIGCONT)

    system.completes(run, essays=12, phases=PHASES)


def test_a_run_outlives_a_relay_that_stands_still(system: System) -> None:
    batch = system.hand_in(*"abcdef")

    system.relay.kill(signal.SIGSTOP)
    run = system.start(batch)
    sleep(3)  # longer than a lease
    assert system.canvases(run, published=False) == 1
    system.relay.kill(signal.SIGCONT)

    system.completes(run, essays=6, phases=PHASES)


def test_a_run_outlives_a_worker_that_stands_still(system: System, gate: Gate) -> None:
    batch = system.hand_in(*[gate.before("first")] * 6)
    run = system.start(batch)
    system.eventually(lambda: system.slices_at_work(run) == 2, "both children hold a slice")

    children = system.children_of(system.worker)
    for each in children:
        each.suspend()
    gate.open()
    system.eventually(lambda: system.attempts(run)["lost"], "their leases have run out")
    for each in children:
        each.resume()

    system.completes(run, essays=6, phases=PHASES)
