"""A run as its teacher sees it: cancelled, tried again, out of time, asked for twice. Phases do what the texts say."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import count
from pathlib import Path
from threading import Barrier
from time import monotonic
from typing import Any

import pytest
from celery import Celery
from sqlalchemy import text

from app.local.stack import Stack
from app.services.deps import Deps
from tasks import queues
from tests import catalogues
from tests.acceptance.conftest import (
    PROJECT,
    TERMINAL,
    Teacher,
    a_broker,
    eventually,
    inside,
    running,
    teachers,
)
from tests.catalogues import CHAIN, DIAMOND
from tests.factories import a_registration, an_essay
from tests.gates import Gate

CHILDREN = 2
AT_ONCE_S = 2.0
_numbers = count(1)


# The system --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chain, which `second` asks for, and a diamond, which `join` asks for."""
    place = tmp_path_factory.mktemp("catalogue")
    return catalogues.write(place / "catalogue.yaml", {**CHAIN, **DIAMOND})


@pytest.fixture(scope="module")
def scripted(
    tmp_path_factory: pytest.TempPathFactory, broker_name: str, catalogue: Path
) -> Iterator[Stack]:
    """The whole system with phases that do what essays say."""
    home = tmp_path_factory.mktemp("scripted")
    with (
        a_broker(broker_name, home) as broker,
        running(home, HULEEDU_CATALOGUE=str(catalogue), **broker) as stack,
    ):
        yield stack


@pytest.fixture(scope="module")
def system(scripted: Stack) -> Iterator[Deps]:
    """The same from inside."""
    with inside(scripted) as deps:
        yield deps


@pytest.fixture(scope="module")
def a_teacher(scripted: Stack, system: Deps) -> Iterator[Callable[[], Teacher]]:
    """Make teachers."""
    with teachers(scripted, system) as make:
        yield make


@pytest.fixture
def teacher(a_teacher: Callable[[], Teacher]) -> Teacher:
    """One teacher."""
    return a_teacher()


@pytest.fixture
def a_gate(tmp_path: Path) -> Iterator[Callable[[], Gate]]:
    """Make gates; whatever a test does, nobody waits at them for ever."""
    made: list[Gate] = []

    def make() -> Gate:
        made.append(Gate(tmp_path / f"gate-{next(_numbers)}"))
        return made[-1]

    yield make
    for gate in made:
        gate.open()


@pytest.fixture
def mended(tmp_path: Path) -> Path:
    """A file; with it what failed succeeds."""
    return tmp_path / "mended"


@pytest.fixture
def operator(scripted: Stack, teacher: Teacher) -> Callable[..., Any]:
    """Somebody with the service's key, who may ask the internal API."""

    def asks(method: str, path: str, **request: Any) -> Any:
        key = {"X-Service-Key": scripted.secrets.service_key}
        return teacher.http.request(method, f"/internal/v1{path}", headers=key, **request)

    return asks


# What is done again and again ----------------------------------------------------------------


def a_class(teacher: Teacher, *orders: str, **more: object) -> str:
    """A batch that is ready to run, of an essay for each order."""
    texts = {f"{n}.txt": an_essay(f"Essay {n} {order}.") for n, order in enumerate(orders, 1)}
    batch = teacher.hands_in(texts, **more)  # type: ignore[arg-type]
    teacher.waits_until(batch, "ready")
    return batch


def post(teacher: Teacher, batch: str, what: str, **body: object) -> Any:
    return teacher.http.post(f"/v1/batches/{batch}/{what}", json=body or None)


def done(teacher: Teacher, batch: str, phase: str) -> list[str | None]:
    """How each essay stands in a phase, in order."""
    rows = sorted(teacher.api.results(batch)["essays"], key=lambda row: row["position"])
    return [row["phases"].get(phase, {}).get("status") for row in rows]


def essays(teacher: Teacher, batch: str) -> list[str]:
    rows = sorted(teacher.api.results(batch)["essays"], key=lambda row: row["position"])
    return [row["status"] for row in rows]


def phases(status: dict[str, Any]) -> dict[str, tuple[str, int, int, int]]:
    return {
        p["phase"]: (p["status"], p["done"], p["failed"], p["reused"]) for p in status["phases"]
    }


def everything(teacher: Teacher, batch: str) -> list[Any]:
    """All that a teacher can see of a batch, once screens show the newest of it; but for the time that is left."""
    events = list(teacher.api.events(batch))
    status = eventually(
        lambda: (s := teacher.api.status(batch))["event_no"] >= len(events) and s,
        "screens show all",
    )
    del status["eta_s"]
    return [status, teacher.api.results(batch), events, teacher.told(batch)]


def held(*gates: Gate) -> None:
    eventually(lambda: all(gate.is_waited_for() for gate in gates), "the gates are waited for")


def let_pass_whoever_works(teacher: Teacher, a_gate: Callable[[], Gate]) -> None:
    """Come back when every child of the worker has settled what it had in hand, because each has something newer."""
    gates = [a_gate() for _ in range(CHILDREN)]
    batch = a_class(teacher, *(gate.before("first") for gate in gates))
    teacher.api.start(batch, "first")
    held(*gates)
    for gate in gates:
        gate.open()
    teacher.waits_until(batch, *TERMINAL)


def is_sent(system: Deps) -> bool:
    with system.uow("is_sent") as uow:
        return not uow.session.scalars(
            text("select exists(select 1 from event_outbox where published_at is null)")
        ).one()


def began(system: Deps, batch: str) -> datetime:
    """When a worker first took something of a batch in hand."""
    with system.uow("began") as uow:
        moment: datetime = uow.session.scalars(
            text(
                "select min(u.claimed_at) from units u join phase_runs p on p.id = u.phase_run_id"
                " where p.batch_id = :batch"
            ),
            {"batch": batch},
        ).one()
    return moment


def set_back(system: Deps, table: str, column: str, where: str, **given: object) -> None:
    """Let a deadline have passed, which is hours away."""
    with system.uow("set_back") as uow:
        uow.session.execute(
            text(f"update {table} set {column} = now() - interval '1 s' where {where}"), given
        )
        uow.session.commit()


# The tests -----------------------------------------------------------------------------------


def test_a_run_is_cancelled_at_once_and_what_comes_late_changes_nothing(
    teacher: Teacher, a_gate: Callable[[], Gate]
) -> None:
    gates = [a_gate() for _ in range(CHILDREN)]
    batch = a_class(teacher, "", *(gate.before("first") for gate in gates))
    teacher.api.start(batch, "second")
    held(*gates)
    eventually(lambda: done(teacher, batch, "first") == ["done", None, None], "one is done")

    asked = monotonic()
    answer = post(teacher, batch, "cancel")
    status = teacher.api.status(batch)
    took_s = monotonic() - asked

    assert (answer.status_code, answer.json()["run_id"]) == (202, status["run_id"])
    assert (status["status"], status["run_status"]) == ("cancelled", "cancelled")
    assert took_s < AT_ONCE_S
    (told,) = teacher.hears(batch, "run_cancelled")
    assert (told["reason"], told["completed_essays"]) == ("cancelled_by_teacher", 0)
    moments = [
        datetime.fromisoformat(event["event_timestamp"])
        for event in teacher.api.events(batch)
        if event["event_type"] in {"BatchPipelineCancellingV1", "BatchPipelineEndedV1"}
    ]
    assert (moments[1] - moments[0]).total_seconds() < AT_ONCE_S
    seen = everything(teacher, batch)

    for gate in gates:
        gate.open()
    let_pass_whoever_works(teacher, a_gate)

    assert everything(teacher, batch) == seen
    assert essays(teacher, batch) == ["partly_processed", *["ready_for_processing"] * 2]
    assert post(teacher, batch, "cancel").json()["type"] == "/problems/no-active-run"


def test_a_retry_does_only_what_failed(teacher: Teacher, mended: Path) -> None:
    batch = a_class(teacher, "", f"[first:raise_until={mended}]", f"[second:raise_until={mended}]")
    status = teacher.runs(batch, "second")
    assert status["status"] == "completed_with_failures"
    assert essays(teacher, batch) == ["processed", "failed", "partly_processed"]
    assert status["action_required"] == "retry_failed"
    mended.touch()

    answer = post(teacher, batch, "retry")
    status = teacher.waits_until(batch, "completed_successfully")

    assert (answer.status_code, answer.json()["skipped"]) == (202, [])
    assert phases(status) == {"first": ("completed", 1, 0, 2), "second": ("completed", 2, 0, 1)}
    assert essays(teacher, batch) == ["processed"] * 3
    *_, results = teacher.hears(batch, "phase_completed", "phase_completed", "batch_results_ready")
    assert (results["completed_essays"], results["overall_status"]) == (3, "completed_successfully")


def test_a_phase_is_retried_and_what_depends_on_it(teacher: Teacher, mended: Path) -> None:
    batch = a_class(teacher, f"[left:raise_until={mended}]", f"[right:raise_until={mended}]")
    teacher.runs(batch, "join")
    mended.touch()

    answer = post(teacher, batch, "retry", phase="left")
    status = teacher.waits_until(batch, "completed_with_failures")

    assert (answer.status_code, answer.json()["skipped"]) == (202, ["root", "right"])
    assert phases(status) == {
        "root": ("skipped", 0, 0, 0),
        "left": ("completed", 1, 0, 0),
        "right": ("skipped", 0, 0, 0),
        "join": ("completed", 1, 0, 0),
    }
    assert done(teacher, batch, "join") == ["done", None]
    assert essays(teacher, batch) == ["processed", "partly_processed"]
    started, *_ = teacher.hears(
        batch, "processing_started", "phase_completed", "phase_completed", "batch_results_ready"
    )
    assert started["phases"] == ["left", "join"]


@pytest.mark.parametrize(
    ("phase", "status", "problem"),
    [
        ("nonsense", 400, "unknown-pipeline"),
        ("second", 400, "unknown-pipeline"),
        ("first", 409, "nothing-to-retry"),
        (None, 409, "nothing-to-retry"),
    ],
)
def test_a_retry_of_nothing_is_refused(
    teacher: Teacher, phase: str | None, status: int, problem: str
) -> None:
    batch = a_class(teacher, "")
    teacher.runs(batch, "first")
    teacher.hears(batch, "batch_results_ready")
    seen = everything(teacher, batch)

    answer = post(teacher, batch, "retry", **({"phase": phase} if phase else {}))

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")
    if status == 400:
        assert answer.json()["known"] == ["first"]
        assert answer.json()["errors"][0]["field"] == "/phase"
    assert everything(teacher, batch) == seen


def test_another_run_skips_what_is_there_and_says_so(teacher: Teacher) -> None:
    batch = a_class(teacher, "", "")
    first = teacher.runs(batch, "second")

    again = teacher.api.start(batch, "second")
    status = teacher.waits_until(batch, "completed_successfully")

    assert again["skipped"] == ["first", "second"]
    assert status["run_id"] == again["run_id"] != first["run_id"]
    assert phases(status) == {"first": ("skipped", 0, 0, 0), "second": ("skipped", 0, 0, 0)}
    *skipped, results = teacher.hears(
        batch, "phase_skipped", "phase_skipped", "batch_results_ready"
    )
    assert [told["reason"] for told in skipped] == ["already_done"] * 2
    assert results["completed_essays"] == 2


def test_a_run_that_is_out_of_time_fails_and_keeps_what_it_has(
    teacher: Teacher, system: Deps, a_gate: Callable[[], Gate]
) -> None:
    gate = a_gate()
    batch = a_class(teacher, "", gate.before("second"))
    run = teacher.api.start(batch, "second")["run_id"]
    held(gate)

    set_back(system, "runs", "deadline", "id = :id", id=run)
    status = teacher.waits_until(batch, *TERMINAL)

    assert (status["run_status"], status["status"]) == ("failed", "completed_with_failures")
    assert done(teacher, batch, "first") == ["done", "done"]
    (told,) = teacher.hears(batch, "run_failed")
    assert told["reason"] == "deadline_passed"
    gate.open()
    let_pass_whoever_works(teacher, a_gate)
    assert done(teacher, batch, "second")[1] is None
    post(teacher, batch, "retry")
    assert teacher.waits_until(batch, "completed_successfully")["run_status"] != "failed"


def test_a_phase_that_is_out_of_time_costs_its_essays_and_not_the_class(
    teacher: Teacher, system: Deps, a_gate: Callable[[], Gate]
) -> None:
    gate = a_gate()
    batch = a_class(teacher, "", gate.before("first"))
    run = teacher.api.start(batch, "second")["run_id"]
    held(gate)
    eventually(lambda: done(teacher, batch, "first")[0] == "done", "the other one is done")

    set_back(system, "phase_runs", "deadline", "run_id = :id and phase = 'first'", id=run)
    status = teacher.waits_until(batch, *TERMINAL)

    assert (status["run_status"], status["status"]) == ("completed_with_failures",) * 2
    assert phases(status) == {
        "first": ("completed_with_failures", 1, 1, 0),
        "second": ("completed", 1, 0, 0),
    }
    assert status["phases"][0]["reason"] == "deadline_passed"
    assert essays(teacher, batch) == ["processed", "failed"]
    late = teacher.api.essay(batch, "essay-2")["phases"]["first"]
    assert late["failure_code"] == "deadline_passed"
    assert late["failure_reason"] == "The phase ran out of time before it was done."
    (told,) = teacher.hears(batch, "batch_results_ready")
    assert (told["completed_essays"], told["total_essays"]) == (1, 2)
    gate.open()
    let_pass_whoever_works(teacher, a_gate)
    assert essays(teacher, batch) == ["processed", "failed"]
    post(teacher, batch, "retry")
    assert teacher.waits_until(batch, "completed_successfully")["action_required"] is None


def test_a_class_goes_on_without_essays_that_do_not_come(teacher: Teacher, system: Deps) -> None:
    batch = teacher.api.register(a_registration(3, pipeline="first"))
    teacher.sends(batch, {"good.txt": an_essay(), "empty.txt": ""})
    eventually(
        lambda: essays(teacher, batch)[:2] == ["ready_for_processing", "content_failed"],
        "both files have been read",
    )
    assert teacher.api.status(batch)["status"] == "registered"

    set_back(system, "batches", "readiness_deadline", "id = :id", id=batch)
    status = teacher.waits_until(batch, *TERMINAL)

    assert status["status"] == "completed_with_failures"
    assert essays(teacher, batch) == ["processed", "content_failed", "content_failed"]
    codes = [row["failure_code"] for row in teacher.api.results(batch)["essays"]]
    assert sorted(map(str, codes)) == ["None", "empty", "not_handed_in"]
    told = dict(teacher.told(batch))
    assert told["readiness_timeout"]["missing_count"] == 1
    assert (told["batch_ready"]["failed_count"], told["batch_ready"]["missing_count"]) == (1, 1)
    teacher.hears(batch, "batch_results_ready")


def test_a_pipeline_nobody_knows_is_refused_with_those_there_are(teacher: Teacher) -> None:
    batch = a_class(teacher, "")

    answer = post(teacher, batch, "pipelines", requested_pipeline="nonsense")

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/unknown-pipeline")
    assert answer.json()["known"] == ["all"]
    assert answer.json()["errors"][0]["field"] == "/requested_pipeline"
    status = teacher.api.status(batch)
    assert (status["status"], status["run_id"]) == ("ready", None)
    assert "processing_started" not in dict(teacher.told(batch))


def test_phases_in_a_circle_are_named_and_nobody_ever_runs_them(
    teacher: Teacher, catalogue: Path, tmp_path: Path, operator: Callable[..., Any]
) -> None:
    known = teacher.http.get("/v1/pipelines").json()
    circle = catalogue.read_text().replace(
        "queue: spellcheck\n    depends_on: []", "queue: spellcheck\n    depends_on: [second]", 1
    )
    good, bad = catalogue.read_text(), tmp_path / "circle.yaml"
    bad.write_text(circle)
    check = [sys.executable, "-m", "app.cli.main", "pipelines", "check", str(bad)]

    said = subprocess.run(check, cwd=PROJECT, capture_output=True, text=True, check=False)
    catalogue.write_text(circle)
    try:
        defined = operator(
            "POST",
            "/pipelines/define",
            json={"pipelines": {"round": {"phases": ["first"], "depends_on": ["round"]}}},
        )
        batch = a_class(teacher, "")
        status = teacher.runs(batch, "second")
    finally:
        catalogue.write_text(good)

    assert said.returncode == 1
    assert "circle.yaml:" in said.stdout
    assert "circle: first → second → first" in said.stdout
    assert defined.status_code == 400
    assert "depends_on" in defined.text
    assert teacher.http.get("/v1/pipelines").json() == known
    assert status["status"] == "completed_successfully"


def test_of_two_starts_at_once_one_is_taken(teacher: Teacher) -> None:
    batch = a_class(teacher, "", "", "")
    barrier = Barrier(2)

    def start(_: int) -> Any:
        barrier.wait()
        return post(teacher, batch, "pipelines", requested_pipeline="second")

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(start, range(2)), key=lambda answer: answer.status_code)

    assert [answer.status_code for answer in answers] == [202, 409]
    taken, refused = (answer.json() for answer in answers)
    assert refused["type"] == "/problems/run-active"
    assert refused["run_id"] == taken["run_id"]
    status = teacher.waits_until(batch, *TERMINAL)
    assert (status["status"], status["run_id"]) == ("completed_successfully", taken["run_id"])
    teacher.hears(batch, "batch_results_ready")
    assert [kind for kind, _ in teacher.told(batch)].count("processing_started") == 1


def test_two_branches_that_close_at_once_open_their_join_once(
    teacher: Teacher, a_gate: Callable[[], Gate]
) -> None:
    left, right = a_gate(), a_gate()
    batch = a_class(teacher, f"{left.before('left')}{right.before('right')}")
    teacher.api.start(batch, "join")
    held(left, right)
    before = teacher.api.status(batch)

    left.open()
    right.open()
    status = teacher.waits_until(batch, *TERMINAL)

    assert phases(before)["join"][0] == "pending"
    assert status["status"] == "completed_successfully"
    assert set(phases(status).values()) == {("completed", 1, 0, 0)}
    teacher.hears(batch, "phase_completed", "batch_results_ready")
    ended = [told["phase_name"] for kind, told in teacher.told(batch) if kind == "phase_completed"]
    assert ended[0] == "root"
    assert ended[-1] == "join"
    assert sorted(ended) == ["join", "left", "right", "root"]
    started = [e for e in teacher.api.events(batch) if e["event_type"] == "BatchPhaseStartedV1"]
    assert [e["data"]["phase_name"] for e in started].count("join") == 1


def test_a_message_of_an_old_run_changes_nothing(
    teacher: Teacher, scripted: Stack, system: Deps, mended: Path, a_gate: Callable[[], Gate]
) -> None:
    gate = a_gate()
    batch = a_class(teacher, f"[first:raise_until={mended}]", "")
    old = teacher.runs(batch, "second")["run_id"]
    teacher.sends(batch, {"again.txt": an_essay(gate.before("first"))}, "files[essay-2]")
    eventually(
        lambda: teacher.essays(batch)["again.txt"]["status"] == "ready_for_processing",
        "the new text has been read",
    )
    mended.touch()
    teacher.api.start(batch, "second")
    held(gate)
    eventually(lambda: _is_at_rest(teacher, batch), "the other one is as far as it can be")
    seen = everything(teacher, batch)

    _send_again(old, scripted, system)

    assert everything(teacher, batch) == seen
    gate.open()
    assert teacher.waits_until(batch, *TERMINAL)["status"] == "completed_successfully"


def _is_at_rest(teacher: Teacher, batch: str) -> bool:
    waits = phases(teacher.api.status(batch))["second"][0] == "pending"
    return done(teacher, batch, "first") == ["done", None] and (
        waits or done(teacher, batch, "second") == ["done", None]
    )


def _send_again(run: str, stack: Stack, system: Deps) -> None:
    """Send every message of a run once more, and wait until workers have dealt with them."""
    with system.uow("old_phases") as uow:
        old = uow.session.execute(
            text("select id, phase, queue, total, wave_no from phase_runs where run_id = :id"),
            {"id": run},
        ).all()
    celery = Celery(broker=stack.env["BROKER_URL"], backend=stack.env["HULEEDU_RESULT_URL"])
    sent = [
        # To the exchange, which leaves it to the workers how the queue is declared.
        celery.send_task(
            name, args=arguments, exchange=queue, routing_key=queue, ignore_result=False
        )
        for phase in old
        for name, arguments, queue in (
            ("phases.run_slice", [str(phase.id), 0, phase.total], phase.queue),
            ("phases.wave_done", [str(phase.id), phase.wave_no], queues.CONTROL),
        )
    ]
    for message in sent:
        message.get(timeout=60)
    celery.close()


def test_a_poisonous_essay_holds_nobody_up_and_is_replayed_by_an_operator(
    teacher: Teacher,
    mended: Path,
    tmp_path: Path,
    a_gate: Callable[[], Gate],
    operator: Callable[..., Any],
) -> None:
    gate = a_gate()
    poison = (
        f"[first:raise_once={tmp_path / 'once'}]{gate.before('first')}[first:raise_until={mended}]"
    )
    batch = a_class(teacher, "", poison, "")
    teacher.api.start(batch, "first")
    held(gate)  # it is tried again, alone

    eventually(
        lambda: done(teacher, batch, "first") == ["done", None, "done"], "the others are done"
    )
    assert phases(teacher.api.status(batch)) == {"first": ("in_progress", 2, 0, 0)}
    gate.open()
    assert teacher.waits_until(batch, *TERMINAL)["status"] == "completed_with_failures"
    assert essays(teacher, batch) == ["processed", "failed", "processed"]
    (letter,) = operator("GET", "/dead-letters", params={"batch_id": batch}).json()["items"]
    assert (letter["essay_id"], letter["reason"]) == ("essay-2", "attempts_exhausted")

    mended.touch()
    replayed = operator("POST", f"/dead-letters/{letter['dead_letter_id']}/replay").json()
    status = teacher.waits_until(batch, "completed_successfully")

    assert (replayed["status"], replayed["replayed_as"]) == ("replayed", status["run_id"])
    assert essays(teacher, batch) == ["processed"] * 3
    *_, results = teacher.hears(
        batch, "processing_started", "phase_completed", "batch_results_ready"
    )
    assert results["completed_essays"] == 3


def test_files_beyond_those_expected_are_named_and_told_of(teacher: Teacher) -> None:
    batch = teacher.api.register(a_registration(1))

    rows = teacher.sends(batch, {"one.txt": an_essay(), "two.txt": an_essay()}).json()["items"]

    assert [(row["file_name"], row["failure_code"]) for row in rows] == [
        ("one.txt", None),
        ("two.txt", "no_free_slot"),
    ]
    teacher.waits_until(batch, "ready")
    told = eventually(lambda: dict(teacher.told(batch)).get("files_refused"), "it is told of")
    assert told["failure_codes"] == {"no_free_slot": 1}


def test_a_small_class_goes_before_what_was_sent_when_there_was_nobody_else(
    a_teacher: Callable[[], Teacher], system: Deps, a_gate: Callable[[], Gate]
) -> None:
    gates = [a_gate() for _ in range(CHILDREN)]
    orders = [*([gate.before("first")] for gate in gates), [""] * 3, [""]]
    batches = [(teacher := a_teacher(), a_class(teacher, *each)) for each in orders]
    *_, (_, large), (_, small) = batches
    for teacher, batch in batches[:CHILDREN]:
        teacher.api.start(batch, "first")
    held(*gates)
    for teacher, batch in batches[CHILDREN:]:
        teacher.api.start(batch, "first")
        eventually(lambda: is_sent(system), "it is in the queue")

    gates[0].open()  # so that one child goes on, and takes one slice after the other

    for teacher, batch in batches[CHILDREN:]:
        teacher.waits_until(batch, "completed_successfully")
    assert began(system, small) < began(system, large)
