"""The broker forgets, is away, or delivers twice; and Redis, which counts chords, with it."""

from uuid import UUID

from app import auth
from app.factory import create_app
from pipelines.vocabulary import RunStatus
from tests.faults.system import System
from tests.gates import Gate

PHASES = ("first", "second")
ESSAYS = 12


def test_a_run_outlives_an_emptied_broker(system: System, gate: Gate) -> None:
    run = _with_slices_running_and_in_the_broker(system, gate)

    for server in system.servers:
        server.container.empty()
    gate.open()

    system.completes(run, ESSAYS, PHASES)


def test_a_run_outlives_a_broker_that_lost_its_disk(system: System, gate: Gate) -> None:
    run = _with_slices_running_and_in_the_broker(system, gate)

    for server in system.servers:
        server.kill()
        server.container.delete_data()
    gate.open()
    for server in system.servers:
        server.restart()

    system.completes(run, ESSAYS, PHASES)


def test_a_run_outlives_a_broker_that_was_killed(system: System, gate: Gate) -> None:
    run = _with_slices_running_and_in_the_broker(system, gate)

    for server in system.servers:
        server.kill()
    gate.open()
    for server in system.servers:
        server.restart()

    system.completes(run, ESSAYS, PHASES)


def test_a_run_is_accepted_while_the_broker_is_away(system: System) -> None:
    batch = system.hand_in(*"abcdef")
    token = auth.issue(system.teacher, system.deps.settings, system.deps.clock)
    api = create_app(system.deps).test_client()
    system.broker.kill()

    answer = api.post(
        f"/v1/batches/{batch}/pipelines",
        json={"requested_pipeline": "all"},
        headers={"Authorization": f"Bearer {token}"},
    )

    assert answer.status_code == 202, answer.text
    run = UUID(answer.json["run_id"])
    assert system.status(run) is RunStatus.ACTIVE
    assert system.canvases(run, published=False) == 1
    system.broker.restart()
    system.completes(run, essays=6, phases=PHASES)


def test_canvases_that_come_twice_leave_one_result_for_each_essay(
    system: System, gate: Gate
) -> None:
    batch = system.hand_in(gate.before("first"), *"bcdef")
    before = system.deliveries()
    run = system.start(batch)
    system.eventually(gate.is_waited_for, "an essay waits in the phase")

    _send_again(system, run)  # while some slices are done and another is running
    system.eventually(lambda: system.messages() == 1, "all but what waits has been dealt with")
    gate.open()
    system.completes(run, essays=6, phases=PHASES)
    results = _results(system, run)

    _send_again(system, run)  # when there is nothing left to do
    system.eventually(lambda: system.messages() == 0, "every message has been dealt with")
    system.completes(run, essays=6, phases=PHASES)
    assert _results(system, run) == results
    assert system.attempts(run) == {"done": 12}
    assert set((system.deliveries() - before).values()) == {2, 3}


def _with_slices_running_and_in_the_broker(system: System, gate: Gate) -> UUID:
    # Every slice waits, so both of the worker's children do, and the other slices stay where they are.
    batch = system.hand_in(*[gate.before("first")] * ESSAYS)
    run = system.start(batch)
    system.eventually(lambda: system.slices_at_work(run) == 2, "both children hold a slice")
    assert system.has_slices_in_broker()
    return run


def _send_again(system: System, run: UUID) -> None:
    assert system.canvases(run, published=True) >= 1
    system.change(
        "update event_outbox set published_at = null"
        " where event_type = 'canvas' and event_key = :key",
        key=str(run),
    )
    system.eventually(lambda: system.canvases(run, published=False) == 0, "all is sent again")


def _results(system: System, run: UUID) -> list[object]:
    return system.rows(
        "select phase, item_id, status, result_hash, created_at from results"
        " where run_id = :run order by phase, item_id",
        run=run,
    )
