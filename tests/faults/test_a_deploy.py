"""A new version takes over from an old one that is asked to end, in the middle of a run."""

from pytest_celery import CeleryTestNode

from app.settings import Settings
from pipelines.vocabulary import RunStatus
from tests import catalogues
from tests.faults.conftest import StartsProcess
from tests.faults.system import System
from tests.gates import Gate

PHASES = ("first", "second")


def test_a_worker_that_is_asked_to_end_finishes_what_it_holds(
    system: System, gate: Gate, start_process: StartsProcess
) -> None:
    batch = system.hand_in(*[gate.before("first")] * 4, *"efgh")
    run = system.start(batch)
    system.eventually(lambda: system.slices_at_work(run) == 2, "both children hold a slice")

    new = start_process("worker-2")
    system.others.append(new)
    system.worker.container.dismiss()
    system.worker.kill("SIGTERM")
    gate.open()
    system.eventually(lambda: system.worker.container.status != "running", "the old one has ended")

    system.completes(run, essays=8, phases=PHASES)
    assert system.attempts(run) == {"done": 16}


def test_a_run_keeps_the_graph_it_was_started_with(
    system: System, gate: Gate, settings: Settings, relay: CeleryTestNode
) -> None:
    batch = system.hand_in(gate.before("first"), *"bcd")
    run = system.start(batch)
    system.eventually(gate.is_waited_for, "an essay waits in the phase")

    assert settings.catalogue_path is not None
    catalogues.write(settings.catalogue_path, {"first": [], "third": ["first"]})
    for node in (system.worker, relay):
        node.kill()
        node.restart()
    gate.open()

    system.completes(run, essays=4, phases=PHASES)
    assert system.status(run) is RunStatus.COMPLETED_SUCCESSFULLY
