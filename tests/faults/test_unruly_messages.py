"""Every message comes late and out of order, many come twice, and what is being worked on is handed out again."""

import sys
from collections.abc import Mapping, Sequence

import pytest

from tests.faults.stand_ins import run_by
from tests.faults.system import System

PHASES = ("first", "second")
UNRULY = (sys.executable, "-m", "tests.faults.unruly")


@pytest.fixture(scope="module")
def default_worker_command(
    default_worker_command: Mapping[str, Sequence[str]],
) -> Mapping[str, Sequence[str]]:
    return run_by(UNRULY, default_worker_command)


def test_runs_come_to_the_same_end(system: System, broker_name: str) -> None:
    # While a slice takes longer than the broker waits, it is handed out again and again.
    slow = "[first:sleep=2.5]"
    batches = [system.hand_in(slow, *["…"] * 9) for _ in range(3)]
    before = system.deliveries()

    runs = [system.start(batch) for batch in batches]

    for run in runs:
        system.completes(run, essays=10, phases=PHASES)
        attempts = system.attempts(run)
        assert attempts["done"] == 20
        assert set(attempts) <= {"done", "lost"}
    assert max((system.deliveries() - before).values()) > 1
