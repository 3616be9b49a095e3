"""What happens to a class from the outside, in a few plays that together pass every transition there is.

A play does not care who dies meanwhile: its teacher asks again until answered, and whatever died is started again. It
ends by checking what it must have come to.
"""

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests import catalogues
from tests.factories import an_essay
from tests.faults.system import System
from tests.gates import Gate
from tests.teacher import PASSWORD, TERMINAL, NotThere, Refused, Teacher

LARGE = 40
COMPARED = 4  # neighbours among three essays, in two rounds
LETTERS = "select id from dead_letters where batch_id = :id"
PROJECT = Path(__file__).resolve().parents[2]
GRAPH = catalogues.CHAIN
PHASES = {
    **{name: f"depends_on: {needs}, options: {{name: {name}}}" for name, needs in GRAPH.items()},
    "early": "options: {name: early, streams: true}",
    "late": "depends_on: [early], options: {name: late, streams: true}",
    "wanting": "prerequisites: [instructions], options: {name: wanting}",
    "unplannable": "engine: tests.engines:Unplannable",
    "timed": "deadline_s: 600, options: {name: timed}",
    "judged": "engine: tests.engines:AskedOfAModel",
    "cj_assessment": "engine: tests.engines:Rounds, scope: batch",
}
PIPELINES = {
    "all": list(GRAPH),
    "streaming": ["early", "late"],
    "demanding": ["wanting"],
    "hopeless": ["unplannable"],
    "timed": ["timed"],
    "judged": ["judged"],
    "compared": ["cj_assessment"],
}
RETRY = "{max_attempts: 2, backoff_s: 0.1, backoff_max_s: 0.2}"
SCRIPTED = "engine: tests.engines:Scripted"


def catalogue() -> str:
    """The graph of the plays, as a file."""
    lines = ["phases:"]
    for name, more in PHASES.items():
        engine = "" if "engine:" in more else f"{SCRIPTED}, "
        scope = "" if "scope:" in more else "scope: essay, "
        lines.append(
            f"  {name}: {{{engine}{more}, {scope}queue: nlp, unit_s: 0.1, retry: {RETRY}}}"
        )
    lines.append("pipelines:")
    lines += [f"  {name}: {{phases: {phases}}}" for name, phases in PIPELINES.items()]
    return "\n".join(lines) + "\n"


@dataclass
class Stage:
    """Where a play is played.

    Attributes:
        system: everything, seen from inside.
        teacher: somebody with an account, seen from outside.
        place: for files of the play's own.
        command_env: the environment of a command line.
    """

    system: System
    teacher: Teacher
    place: Path
    command_env: dict[str, str]

    def command(self, *words: str) -> None:
        """Run `huleedu …`; again if it is killed."""
        argv = [sys.executable, "-m", "app.cli.main", *words]
        while True:
            done = subprocess.run(
                argv, env=self.command_env, cwd=PROJECT, capture_output=True, text=True, check=False
            )
            if done.returncode >= 0:
                return

    def service(self, method: str, path: str, **request: Any) -> None:
        """Ask as one of the operator's own services does; that something is gone already is as good."""
        headers = {"X-Service-Key": self.system.deps.settings.service_key}
        with suppress(NotThere):
            self.teacher.asks(method, path, headers=headers, **request)

    def gate(self) -> Gate:
        """Where an essay can be made to wait."""
        return Gate(self.place / uuid4().hex)

    def mark(self) -> Path:
        """The name of a file that is not there yet."""
        return self.place / uuid4().hex

    def ready(self, *orders: str, **more: object) -> str:
        """A batch whose essays have been read."""
        batch = self.teacher.registers(len(orders), **more)
        self.teacher.hands_in(batch, essays(*orders))
        self.teacher.waits_until(batch, "ready", meanwhile=self.system.look_after)
        return batch

    def ended(self, batch: str, *statuses: str) -> None:
        """Wait for the end of a batch's run; it is one of these."""
        found = self.teacher.waits_until(batch, *TERMINAL, meanwhile=self.system.look_after)
        assert found["status"] in statuses, found

    def results(self, batch: str) -> dict[tuple[str, str], int]:
        """How many results of each status a batch has in each phase."""
        rows = self.system.rows(
            "select phase, status, count(*) from results where batch_id = :id group by 1, 2",
            id=batch,
        )
        return {(phase, status): count for phase, status, count in rows}


def essays(*orders: str) -> dict[str, str]:
    """A file for each text that gives an order to the scripted phases."""
    return {f"pupil-{n}.txt": an_essay(f"Essay {n} {order}. ") for n, order in enumerate(orders)}


def a_class_that_is_handed_in(stage: Stage) -> None:
    """Files come and are read."""
    teacher = stage.teacher
    batch = teacher.registers(2)
    assert teacher.batches() == [batch]

    handed_in = teacher.hands_in(batch, essays("", ""))

    assert [row["essay_id"] for row in handed_in] == ["essay-1", "essay-2"]
    teacher.waits_until(batch, "ready", meanwhile=stage.system.look_after)


def a_class_that_is_run(stage: Stage) -> None:
    """A pipeline is run over it."""
    batch = stage.ready("", "")

    stage.teacher.starts(batch)

    stage.ended(batch, "completed_successfully")
    assert stage.results(batch) == {(phase, "done"): 2 for phase in GRAPH}


def essays_that_go_different_ways(stage: Stage) -> None:
    """One is given up, one put off, one raises; what has no result is run again. Then the teacher looks."""
    batch = stage.ready("[first:give_up]", f"[first:later={stage.mark()}]", "[second:raise]", "")

    stage.teacher.starts(batch)
    stage.ended(batch, "completed_with_failures")
    assert stage.results(batch) == {
        ("first", "failed"): 1,
        ("first", "done"): 3,
        ("second", "failed"): 1,
        ("second", "done"): 2,
    }
    stage.teacher.retries(batch)
    stage.ended(batch, "completed_with_failures")

    assert len(stage.system.rows("select 1 from runs where batch_id = :id", id=batch)) == 2
    seen = stage.teacher.reads_notifications()
    assert len({each["seq"] for each in seen}) == len(seen)


def files_that_are_read_again_and_replaced(stage: Stage) -> None:
    """A file is bad, still bad, removed, and replaced; the batch is changed, and erased."""
    teacher = stage.teacher
    batch = teacher.registers(1)
    teacher.asks("PATCH", f"/v1/batches/{batch}", json={"class_designation": "9B"})
    [row] = teacher.hands_in(batch, {"bad.pdf": b"%PDF-1.7 is none"})
    teacher.waits_until(batch, "failed", meanwhile=stage.system.look_after)
    file, essay = f"files/{row['file_id']}", f"essays/{row['essay_id']}"
    named = {"student_name": "P. Upil"}
    teacher.asks("PATCH", f"/v1/batches/{batch}/{essay}", json=named)
    teacher.asks("POST", f"/v1/batches/{batch}/{file}/retry")
    failed = "select 1 from files where id = :id and status = 'failed'"
    stage.system.eventually(
        lambda: stage.system.rows(failed, id=row["file_id"]), "it has been read again"
    )

    teacher.removes(f"/v1/batches/{batch}/{file}")
    teacher.hands_in(batch, essays(""))
    teacher.waits_until(batch, "ready", meanwhile=stage.system.look_after)
    teacher.erases(batch)

    assert teacher.batches() == []


def a_run_that_is_cancelled(stage: Stage) -> None:
    """A unit at work keeps its lease; the run is cancelled; the unit comes too late."""
    gate = stage.gate()
    batch = stage.ready(gate.before("first"), "")
    stage.teacher.starts(batch)
    stage.system.eventually(gate.is_waited_for, "an essay waits in the phase")
    renewed = "select 1 from units where lease_until > dispatched_at + interval '3 seconds'"
    stage.system.eventually(lambda: stage.system.rows(renewed), "its lease is renewed")
    with suppress(Refused):  # a run is active
        stage.teacher.starts(batch)

    stage.teacher.cancels(batch)
    stage.ended(batch, "cancelled")
    gate.open()


def a_text_that_kills_its_reader_once(stage: Stage) -> None:
    """A child of the worker dies with a slice in its hands."""
    batch = stage.ready(f"[first:kill={stage.mark()}]", "")

    stage.teacher.starts(batch)

    stage.ended(batch, "completed_successfully")
    assert stage.results(batch) == {(phase, "done"): 2 for phase in GRAPH}


def a_batch_that_waits_in_vain(stage: Stage) -> None:
    """One essay never comes; what was to start by itself then may not."""
    batch = stage.teacher.registers(2, pipeline="demanding", essay_instructions="")
    stage.teacher.hands_in(batch, essays(""))
    read = "select 1 from essays where batch_id = :id and status = 'ready_for_processing'"
    stage.system.eventually(lambda: stage.system.rows(read, id=batch), "its one essay is read")

    stage.system.change("update batches set readiness_deadline = now() where id = :id", id=batch)
    refused = "select 1 from batches where id = :id and status = 'ready' and pipeline is null"
    stage.system.eventually(lambda: stage.system.rows(refused, id=batch), "it starts nothing")

    said = stage.system.rows(
        "select event_type from event_outbox where aggregate_id = :id and event_type in"
        " ('BatchReadinessTimeout', 'BatchEssaysReady', 'BatchAutoStartRefusedV1') order by event_no",
        id=batch,
    )
    assert [each for (each,) in said] == [
        "BatchReadinessTimeout",
        "BatchEssaysReady",
        "BatchAutoStartRefusedV1",
    ]


def a_phase_that_nobody_can_plan(stage: Stage) -> None:
    """Planning fails until it is given up."""
    batch = stage.ready("", "")
    stage.teacher.starts(batch, "hopeless")

    def hurry() -> None:
        stage.system.look_after()
        stage.system.change(
            "update phase_runs set planning_until = now() where planning_until > now()"
        )

    found = stage.teacher.waits_until(batch, *TERMINAL, meanwhile=hurry)
    assert found["status"] == "failed", found
    letters = "select reason from dead_letters where batch_id = :id"
    assert [tuple(row) for row in stage.system.rows(letters, id=batch)] == [("planning_failed",)]


def a_run_in_which_no_phase_is_open(stage: Stage) -> None:
    """What no transition can leave behind is set going all the same."""
    batch = stage.ready("", "")
    stage.system.relay.kill()
    run = stage.teacher.starts(batch)
    stage.system.change(
        "set local session_replication_role = 'replica'",
        "delete from event_outbox where event_key = :run and event_type = 'canvas'",
        "delete from units where phase_run_id in (select id from phase_runs where run_id = :run)",
        "delete from transitions where entity_id in (select id from phase_runs where run_id = :run)",
        "update phase_runs set status = 'pending', remaining = 0, total = 0, wave_no = 0"
        " where run_id = :run",
        run=run,
    )
    stage.system.relay.container.begin()

    stage.ended(batch, "completed_successfully")


def a_large_class_that_streams(stage: Stage) -> None:
    """More essays than may be sent at once go from phase to phase one by one; one of them goes no further."""
    batch = stage.ready("[early:give_up]", *[""] * (LARGE - 1))

    stage.teacher.starts(batch, "streaming")

    stage.ended(batch, "completed_with_failures")
    assert stage.results(batch) == {
        ("early", "failed"): 1,
        ("early", "done"): LARGE - 1,
        ("late", "done"): LARGE - 1,
    }


def letters_that_nobody_could_handle(stage: Stage) -> None:
    """An operator has one played again, with the same end, and puts the other away."""
    batch = stage.ready("[first:raise]", "")
    stage.teacher.starts(batch)
    stage.ended(batch, "completed_with_failures")
    [(first,)] = stage.system.rows(LETTERS, id=batch)

    stage.command("dead-letters", "replay", str(first))
    stage.ended(batch, "completed_with_failures")
    second = stage.system.eventually(
        lambda: [i for (i,) in stage.system.rows(LETTERS, id=batch) if i != first],
        "it has failed again",
    )
    stage.command("dead-letters", "discard", *map(str, second))

    assert [len(second), stage.system.rows("select count(*) from runs")[0][0] >= 2] == [1, True]
    dealt_with = "select status from dead_letters where batch_id = :id order by created_at"
    assert [status for (status,) in stage.system.rows(dealt_with, id=batch)] == [
        "replayed",
        "discarded",
    ]


def a_pipeline_that_is_defined_and_forgotten(stage: Stage) -> None:
    """Somebody's own service defines a pipeline while the system runs."""
    name = f"quick-{uuid4().hex[:8]}"
    wanted = {"pipelines": {name: {"title": "Quick", "phases": ["first"]}}}
    stage.service("POST", "/internal/v1/pipelines/define", json=wanted)
    batch = stage.ready("")

    stage.teacher.starts(batch, name)
    stage.ended(batch, "completed_successfully")
    stage.service("DELETE", f"/internal/v1/pipelines/definitions/{name}")


def a_word_that_is_no_error_after_all(stage: Stage) -> None:
    """A teacher allows a word in a class, and takes that back."""
    teacher = stage.teacher
    batch = stage.ready("")
    allowed = f"/v1/batches/{batch}/allowed-words"

    teacher.asks_once(allowed, json={"word": "fika"})
    assert [each["word"] for each in teacher.gets(allowed)["items"]] == ["fika"]
    with suppress(NotThere):
        teacher.asks("DELETE", f"{allowed}/fika")

    assert teacher.gets(allowed)["items"] == []


def somebody_signs_in_and_out(stage: Stage) -> None:
    """A session from its beginning to its end."""
    stage.teacher.signs_in()
    stage.teacher.stays_signed_in()
    stage.teacher.asks("PATCH", "/v1/me", json={"locale": "sv"})
    stage.teacher.signs_out()


def an_operator_at_a_terminal(stage: Stage) -> None:
    """An account is made, and the read model anew."""
    email = f"{uuid4().hex}@school.example"
    stage.command("user", "add", email, "--name", "O. Perator", "--password", PASSWORD)
    stage.command("rebuild")

    made = "select count(*) from users where email = :email"
    assert [tuple(row) for row in stage.system.rows(made, email=email)] == [(1,)]


def processes_that_end_in_good_order(stage: Stage) -> None:
    """Whoever is asked to end says goodbye."""
    for node in (stage.system.relay, stage.system.worker, *stage.system.others):
        node.kill("SIGTERM")
        stage.system.eventually(lambda: node.container.status != "running", "it has ended")  # noqa: B023
        node.container.begin()


def a_phase_that_runs_out_of_time(stage: Stage) -> None:
    """An essay holds its phase up for longer than that may take."""
    gate = stage.gate()
    batch = stage.ready(gate.before("timed"), "")
    stage.teacher.starts(batch, "timed")
    stage.system.eventually(gate.is_waited_for, "an essay waits in the phase")

    over = (
        "update phase_runs p set deadline = now() from runs r"
        " where p.batch_id = :id and r.id = p.run_id and p.deadline <> r.deadline"
    )
    is_over = "select 1 from phase_runs where batch_id = :id and deadline <= now()"
    stage.system.eventually(
        lambda: stage.system.change(over, id=batch) or stage.system.rows(is_over, id=batch),
        "its time is counted, and over",
    )

    stage.ended(batch, "completed_with_failures", "failed")
    gate.open()


def a_class_that_a_model_judges(stage: Stage) -> None:
    """Money is reserved for each question, and settled."""
    batch = stage.ready("", "")

    stage.teacher.starts(batch, "judged")

    stage.ended(batch, "completed_successfully")
    assert stage.results(batch) == {("judged", "done"): 2}
    account = (
        "select count(answer), sum(reserved), max(requests) from llm_calls where batch_id = :id"
    )
    [(answered, reserved, requests)] = stage.system.rows(account, id=batch)
    assert (answered, reserved) == (2, 0)
    assert requests <= 2, "who dies has its question put once more"


def a_class_that_its_teacher_judges(stage: Stage) -> None:
    """A teacher decides a pair, decides otherwise, brings in decisions of others and takes them back."""
    teacher = stage.teacher
    batch = stage.ready("", "x", "xx")
    stage.teacher.starts(batch, "compared")
    stage.ended(batch, "completed_successfully")
    path = f"/v1/batches/{batch}"

    for choice in ("left", "right"):
        pair = teacher.gets(f"{path}/comparisons/next")["comparison_id"]
        decided = teacher.asks("POST", f"/v1/comparisons/{pair}/decision", json={"choice": choice})
        if choice == "left":
            teacher.asks("DELETE", f"/v1/decisions/{decided['decision_id']}")
            change = "update comparisons set lease_until = now() where id = :id"
            stage.system.change(change, id=pair)
    csv = "judge,candidate_chosen,candidate_not_chosen\nAnna,essay-1,essay-2\n"
    headers = {"Content-Type": "text/csv", "Idempotency-Key": uuid4().hex}
    brought_in = teacher.asks("POST", f"{path}/decisions", content=csv, headers=headers)
    assert teacher.gets(f"{path}/assessment")["decision_count"] == COMPARED + 2
    teacher.asks("DELETE", f"{path}/decisions/imports/{brought_in['import_id']}")

    assert teacher.gets(f"{path}/assessment")["decision_count"] == COMPARED + 1


def a_class_that_its_teacher_grades(stage: Stage) -> None:
    """A teacher chooses a scale, marks an anchor, decides a grade, and takes all of it back."""
    teacher = stage.teacher
    batch = stage.ready("", "x")
    path = f"/v1/batches/{batch}"
    stage.teacher.starts(batch, "compared")
    stage.ended(batch, "completed_successfully")

    teacher.asks("PUT", f"{path}/grade-scale", json={"scale": "swedish_a_f"})
    for what in ("anchors", "grades"):
        teacher.asks("PUT", f"{path}/{what}/essay-1", json={"grade": "C"})
    found = teacher.gets(f"{path}/grading")
    for what in ("anchors", "grades"):
        teacher.asks("DELETE", f"{path}/{what}/essay-1")

    assert [each["grade"] for each in found["anchors"] + found["grades"]] == ["C", "C"]
    left = teacher.gets(f"{path}/grading")
    assert (left["anchors"], left["grades"]) == ([], [])


def a_change_while_the_broker_is_away(stage: Stage) -> None:
    """What happened cannot be told for a while."""
    batch = stage.ready("")
    stage.system.broker.kill()

    stage.teacher.asks("PATCH", f"/v1/batches/{batch}", json={"class_designation": "Class 9B"})

    refused = "select 1 from event_outbox where published_at is null and retry_count > 0"
    stage.system.eventually(lambda: stage.system.rows(refused), "the broker has refused it")
    stage.system.broker.restart()
    told = "select 1 from event_outbox where published_at is null"
    stage.system.eventually(lambda: not stage.system.rows(told), "it has been told")


Play = Callable[[Stage], None]
PLAYS: tuple[Play, ...] = (
    a_class_that_is_handed_in,
    a_class_that_is_run,
    essays_that_go_different_ways,
    files_that_are_read_again_and_replaced,
    a_run_that_is_cancelled,
    a_text_that_kills_its_reader_once,
    a_batch_that_waits_in_vain,
    a_phase_that_nobody_can_plan,
    a_run_in_which_no_phase_is_open,
    a_large_class_that_streams,
    letters_that_nobody_could_handle,
    a_pipeline_that_is_defined_and_forgotten,
    a_phase_that_runs_out_of_time,
    a_class_that_a_model_judges,
    a_class_that_its_teacher_judges,
    a_class_that_its_teacher_grades,
    a_change_while_the_broker_is_away,
    a_word_that_is_no_error_after_all,
    somebody_signs_in_and_out,
    an_operator_at_a_terminal,
    processes_that_end_in_good_order,
)
