"""A worker, one of its children or the relay is killed; whatever it had begun is finished once."""

import os
import signal
from pathlib import Path

import pytest

from pipelines.vocabulary import RunStatus
from tests.faults.system import System
from tests.gates import Gate

PHASES = ("first", "second")


def test_a_run_outlives_the_worker_that_held_its_units(system: System, gate: Gate) -> None:
    batch = system.hand_in(*[gate.before("first")] * 8)
    run = system.start(batch)
    system.eventually(gate.is_waited_for, "an essay waits in the phase")
    system.eventually(lambda: system.slices_at_work(run) == 2, "both children hold a slice")
    held = system.units(run, "running")

    system.worker.kill()
    gate.open()
    system.worker.restart()

    system.completes(run, essays=8, phases=PHASES)
    assert system.attempts(run) == {"lost": held, "done": 16}


def test_a_child_that_was_taken_for_dead_changes_nothing_when_it_wakes(
    system: System, gate: Gate
) -> None:
    batch = system.hand_in(gate.before("first"), *"bcdef")
    run = system.start(batch)
    child = system.eventually(gate.is_waited_for, "an essay waits in the phase")

    os.kill(child, signal.SIGSTOP)
    lost = system.eventually(lambda: system.attempts(run)["lost"], "its lease has run out")
    gate.open()
    system.completes(run, essays=6, phases=PHASES)
    attempts = system.attempts(run)
    os.kill(child, signal.SIGCONT)

    system.eventually(lambda: "settled_nothing" in system.worker.logs(), "it has come to its end")
    system.completes(run, essays=6, phases=PHASES)
    assert system.attempts(run) == attempts == {"lost": lost, "done": 12}


def test_a_text_that_kills_one_child_once_is_done_all_the_same(
    system: System, tmp_path: Path
) -> None:
    killed = tmp_path / "killed"
    batch = system.hand_in(f"[first:kill={killed}]", *"bcdef")

    run = system.start(batch)

    system.completes(run, essays=6, phases=PHASES)
    assert killed.exists()
    assert system.attempts(run)["lost"] >= 1


def test_a_text_that_kills_every_child_becomes_a_dead_letter_and_harms_no_other(
    system: System,
) -> None:
    batch = system.hand_in("[first:kill]", *"bcdef")

    run = system.start(batch)

    system.ends(
        run,
        RunStatus.COMPLETED_WITH_FAILURES,
        {("first", "failed"): 1, ("first", "done"): 5, ("second", "done"): 5},
    )
    [failed] = system.rows(
        "select e.position, e.id, r.failure_code from results r join essays e on e.id = r.item_id"
        " where r.run_id = :run and r.status = 'failed'",
        run=run,
    )
    assert (failed.position, failed.failure_code) == (0, "attempts_exhausted")
    [letter] = system.rows("select status, item_id from dead_letters where run_id = :run", run=run)
    assert letter == ("open", failed.id)


def test_what_was_sent_but_not_marked_is_sent_again_and_done_once(system: System) -> None:
    batch = system.hand_in(*"abcdef")
    before = system.deliveries()

    system.crash_at("relay.before_mark")
    run = system.start(batch)
    system.eventually(system.has_crashed, "the relay has died")

    # What follows may be there by now, since what was sent is being worked on.
    assert system.canvases(run, published=False) >= 1
    system.completes(run, essays=6, phases=PHASES)
    assert max((system.deliveries() - before).values()) == 2
    assert system.attempts(run) == {"done": 12}


def test_a_run_started_without_a_relay_waits_for_one(system: System) -> None:
    batch = system.hand_in(*"abcdef")
    system.relay.kill()

    run = system.start(batch)

    assert system.status(run) is RunStatus.ACTIVE
    assert system.canvases(run, published=False) == 1
    assert system.units(run, "queued") == 6
    system.relay.restart()
    system.completes(run, essays=6, phases=PHASES)


@pytest.mark.parametrize(
    ("point", "essays"),
    [
        ("publish.phases.run_slice.after", 6),
        ("claim.after_commit", 6),
        ("settle.before_commit", 6),
        ("settle.after_commit", 6),
        ("settle.after_commit", 1),  # which is also the wave's last
        ("settle_plan.after_commit", 6),
        ("task.phases.run_slice.end", 6),
        ("task.phases.run_slice.returned", 6),
        ("task.phases.run_slice.before_ack", 6),
        ("project.before_commit", 6),
    ],
)
def test_a_run_outlives_a_death_at(system: System, point: str, essays: int) -> None:
    batch = system.hand_in(*"abcdef"[:essays])

    system.crash_at(point)
    run = system.start(batch)
    system.eventually(system.has_crashed, f"somebody has died at {point}")

    system.completes(run, essays=essays, phases=PHASES)


def test_a_run_outlives_a_death_between_a_wave_and_the_plan_of_the_next(system: System) -> None:
    batch = system.hand_in(*"abcdef")

    system.crash_at("follow_wave.after_commit")
    run = system.start(batch)
    system.eventually(system.has_crashed, "somebody has died with the right to plan")

    # The right lasts for a minute, because planning may take long. Here that minute is over.
    system.change(
        "update phase_runs set planning_until = now()"
        " where run_id = :run and planning_until is not null",
        run=run,
    )
    system.completes(run, essays=6, phases=PHASES)


@pytest.mark.parametrize("point", ["take_back.before_commit", "take_back.after_commit"])
def test_a_run_outlives_the_death_of_its_rescuer(
    system: System, tmp_path: Path, point: str
) -> None:
    batch = system.hand_in(f"[first:kill={tmp_path / 'killed'}]", *"bcdef")

    system.crash_at(point)
    run = system.start(batch)
    system.eventually(system.has_crashed, "the relay has died rescuing what the worker lost")

    system.completes(run, essays=6, phases=PHASES)
