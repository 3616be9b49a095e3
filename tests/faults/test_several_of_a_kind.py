"""Two relays and two beats at once, or none for a while."""

from time import sleep

import pytest
from pytest_celery import CeleryTestNode

from tests.faults.conftest import StartsProcess
from tests.faults.system import System

PHASES = ("first", "second")


@pytest.fixture
def twins(system: System, start_process: StartsProcess) -> list[CeleryTestNode]:
    """Another relay, and two beats."""
    twins = [
        start_process("relay", logged_as="relay-2"),
        start_process("beat"),
        start_process("beat", logged_as="beat-2"),
    ]
    system.others += twins
    return twins


def test_two_relays_send_nothing_twice(system: System, twins: list[CeleryTestNode]) -> None:
    batches = [system.hand_in(*"abcdefgh") for _ in range(4)]
    before = system.deliveries()

    runs = [system.start(batch) for batch in batches]

    for run in runs:
        system.completes(run, essays=8, phases=PHASES)
        assert system.attempts(run) == {"done": 16}
    assert set((system.deliveries() - before).values()) == {1}


def test_a_run_outlives_that_nobody_is_there_for_a_while(
    system: System, twins: list[CeleryTestNode]
) -> None:
    batch = system.hand_in(*"abcdef")
    everybody = [system.relay, system.worker, *twins]
    run = system.start(batch)

    for node in everybody:
        node.kill()
    sleep(3)
    for node in everybody:
        node.restart()

    system.completes(run, essays=6, phases=PHASES)
