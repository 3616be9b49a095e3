"""The main job, over HTTP, with a real worker."""

from collections.abc import Callable
from typing import Any

from tests.acceptance.conftest import Teacher, eventually

GOOD = (
    "My name is Kim and I live in a small town near the sea. Every summer we go swimming and "
    "fishing with our friends. I think that it is the best place in the world to grow up in."
)
SWEDISH = (
    "Jag heter Kim och jag bor i en liten stad vid havet. Varje sommar badar vi och fiskar med "
    "våra vänner. Jag tycker att det är den bästa platsen i världen att växa upp på."
)


def test_every_good_essay_gets_results_and_every_bad_file_its_reason(teacher: Teacher) -> None:
    batch = teacher.hands_in(
        {"kim.txt": GOOD.replace("friends", "freinds"), "empty.txt": "", "short.txt": "Hi."}
    )

    status = teacher.runs(batch)

    assert status["status"] == "completed_with_failures"
    essays = teacher.essays(batch)
    assert essays["kim.txt"]["spelling"]["error_count"] == 1
    assert essays["kim.txt"]["metrics"]["words"] == len(GOOD.split())
    assert essays["empty.txt"]["failure_code"] == "empty"
    assert essays["short.txt"]["failure_code"] == "too_short"


def test_a_class_without_a_bad_file_completes_successfully(teacher: Teacher) -> None:
    batch = teacher.hands_in({f"pupil-{n}.txt": f"{GOOD} Essay number {n}." for n in range(30)})

    status = teacher.runs(batch)

    assert status["status"] == "completed_successfully"
    assert status["progress"] == 1.0
    done = {phase["phase"]: phase["done"] for phase in status["phases"]}
    assert (done["spellcheck"], done["nlp"]) == (30, 30)
    # Each essay is described, and then compared in one round after the other.
    assert done["cj_assessment"] >= 30 + 8 * 15
    assert all(row["status"] == "processed" for row in teacher.essays(batch).values())


def test_swedish_is_read_as_swedish_in_every_encoding(teacher: Teacher) -> None:
    batch = teacher.hands_in(
        {
            "utf8.txt": SWEDISH,
            "bom.txt": SWEDISH.encode("utf-8-sig"),
            "windows.txt": SWEDISH.encode("cp1252"),
            "wide.txt": SWEDISH.encode("utf-16"),
            "mac.txt": SWEDISH.encode("mac_roman"),
        },
        course_code="SV1",
    )

    teacher.runs(batch, "spellcheck")

    for row in teacher.essays(batch).values():
        assert row["spelling"]["error_count"] == 0, row


def test_changing_one_word_changes_that_essays_results_and_no_others(teacher: Teacher) -> None:
    texts = {f"pupil-{n}.txt": f"{GOOD} Essay number {n}." for n in range(4)}
    first = teacher.hands_in(texts)
    changed = dict(texts, **{"pupil-2.txt": texts["pupil-2.txt"].replace("summer", "sumer")})
    second = teacher.hands_in(changed)

    teacher.runs(first)
    teacher.runs(second)

    differs = [
        number
        for number in range(4)
        if _found(teacher, first, number) != _found(teacher, second, number)
    ]
    assert differs == [2]


def _found(teacher: Teacher, batch: str, number: int) -> tuple[Any, Any]:
    essay = teacher.api.essay(batch, f"essay-{number + 1}")
    return essay["results"]["spellcheck"], essay["results"]["nlp"]


def test_running_again_does_only_what_is_new(teacher: Teacher) -> None:
    batch = teacher.hands_in({f"pupil-{n}.txt": f"{GOOD} Essay number {n}." for n in range(3)})
    teacher.runs(batch, "spellcheck")

    started = teacher.api.start(batch, "comprehensive")

    status = teacher.waits_until(batch, "completed_successfully")
    assert started["skipped"] == ["spellcheck"]
    assert [p["status"] for p in status["phases"]] == [
        "skipped",
        "completed",
        "completed",
    ]


def test_a_replaced_text_is_the_only_one_done_again(teacher: Teacher) -> None:
    batch = teacher.hands_in({f"pupil-{n}.txt": f"{GOOD} Essay number {n}." for n in range(3)})
    teacher.runs(batch)

    teacher.sends(batch, {"pupil-1-again.txt": f"{GOOD} Quite anouther end."}, "files[essay-2]")
    eventually(
        lambda: teacher.essays(batch)["pupil-1-again.txt"]["status"] == "ready_for_processing",
        "the new text has been read",
    )
    teacher.api.start(batch, "comprehensive")

    status = teacher.waits_until(batch, "completed_successfully")
    done = {p["phase"]: (p["done"], p["reused"]) for p in status["phases"]}
    assert done["spellcheck"] == done["nlp"] == (1, 2)
    # Ranks are about the class as it is now, so all of it is compared anew.
    assert done["cj_assessment"][1] == 0
    assert teacher.essays(batch)["pupil-1-again.txt"]["spelling"]["error_count"] == 1


def test_a_batch_can_start_by_itself_when_its_last_text_is_there(teacher: Teacher) -> None:
    batch = teacher.hands_in({"kim.txt": GOOD}, pipeline="nlp")

    status = teacher.waits_until(batch, "completed_successfully")

    assert [phase["phase"] for phase in status["phases"]] == ["spellcheck", "nlp"]


def test_a_single_phase_can_be_asked_for(teacher: Teacher) -> None:
    batch = teacher.hands_in({"kim.txt": GOOD})

    status = teacher.runs(batch, "spellcheck")

    assert [phase["phase"] for phase in status["phases"]] == ["spellcheck"]


def test_the_events_tell_the_story_without_a_gap(teacher: Teacher) -> None:
    batch = teacher.hands_in({"kim.txt": GOOD, "empty.txt": ""})
    teacher.runs(batch)

    events = list(teacher.api.events(batch))

    assert [event["event_no"] for event in events] == list(range(1, len(events) + 1))
    names = [event["event_type"] for event in events]
    assert names[:2] == ["BatchEssaysRegistered", "BatchFilesUploadedV1"]
    assert names[-3:] == [
        "BatchResultsReadyV1",
        "TeacherNotificationRequestedV1",
        "BatchPipelineEndedV1",
    ]
    assert names.count("ELSBatchPhaseOutcomeV1") == 3
    assert len({event["correlation_id"] for event in events}) == 1
    assert "Kim" not in str(events)


def test_others_see_nothing_of_a_batch(a_teacher: Callable[[], Teacher]) -> None:
    owner, other = a_teacher(), a_teacher()

    batch = owner.hands_in({"kim.txt": GOOD})

    assert owner.http.get("/v1/batches").json()["items"][0]["batch_id"] == batch
    assert other.http.get("/v1/batches").json()["items"] == []
    for path in ("", "/status", "/results", "/essays", "/files", "/events", "/essays/essay-1"):
        assert other.http.get(f"/v1/batches/{batch}{path}").status_code == 404
    for path in ("/cancel", "/retry"):
        assert other.http.post(f"/v1/batches/{batch}{path}").status_code == 404
    assert other.sends(batch, {"mine.txt": GOOD}).status_code == 404


def test_services_see_the_ledgers_own_state(teacher: Teacher, stack: Any) -> None:
    batch = teacher.hands_in({"kim.txt": GOOD})
    teacher.runs(batch)
    key = {"X-Service-Key": stack.secrets.service_key}

    state = teacher.http.get(f"/internal/v1/batches/{batch}/pipeline-state", headers=key).json()
    status = teacher.http.get(f"/internal/v1/batches/{batch}/status", headers=key).json()

    assert state["run_status"] == status["status"] == "completed_successfully"
    assert {phase["remaining"] for phase in state["phases"]} == {0}
    assert state["canvas_id"] == status["canvas_id"]


def test_an_operator_sees_what_lies_about(teacher: Teacher) -> None:
    teacher.runs(teacher.hands_in({"kim.txt": GOOD}))

    metrics = teacher.http.get("/metrics").text

    assert 'huleedu_batches{what="completed_successfully"}' in metrics
    assert 'bcs_pipeline_resolutions_total{status="success"}' in metrics
    assert "huleedu_outbox_lag_s" in metrics
    assert teacher.http.get("/docs/").is_success
    assert teacher.http.get("/healthz").json() == {"status": "ok"}


def test_a_text_with_nothing_to_check_has_results_too(teacher: Teacher) -> None:
    russian = "Меня зовут Ким, и я живу в маленьком городе у моря. Летом мы купаемся и ловим рыбу."
    batch = teacher.hands_in({"kim.txt": russian})

    status = teacher.runs(batch)

    assert status["status"] == "completed_successfully"
    assert teacher.essays(batch)["kim.txt"]["spelling"]["error_rate"] is None


def test_a_file_is_listed_with_its_essay(teacher: Teacher) -> None:
    batch = teacher.hands_in({"first.txt": GOOD})
    teacher.waits_until(batch, "ready")
    teacher.sends(batch, {"second.txt": GOOD}, "files[essay-1]")

    files = teacher.http.get(f"/v1/batches/{batch}/files").json()["items"]

    assert [(file["essay_id"], file["is_current"]) for file in files] == [
        ("essay-1", False),
        ("essay-1", True),
    ]


def test_an_essay_never_shows_another_texts_results(teacher: Teacher) -> None:
    first, second = f"{GOOD} The frist text.", f"{GOOD} The secnod text."
    batch = teacher.hands_in({"kim.txt": first})
    teacher.runs(batch, "spellcheck")

    for name, text in (("b.txt", second), ("a.txt", first)):
        teacher.sends(batch, {name: text}, "files[essay-1]")
        eventually(
            lambda name=name: teacher.essays(batch)[name]["status"] == "ready_for_processing",  # type: ignore[misc]
            "the new text has been read",
        )
        assert teacher.essays(batch)[name]["spelling"] is None or name == "a.txt"
        teacher.api.start(batch, "spellcheck")
        teacher.waits_until(batch, "completed_successfully")

    essay = teacher.api.essay(batch, "essay-1")
    assert [error["text"] for error in essay["results"]["spellcheck"]["errors"]] == ["frist"]
    assert essay["spelling"]["error_count"] == 1
