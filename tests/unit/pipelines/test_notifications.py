import pytest

from pipelines import events, notifications
from pipelines.notifications import Category, NotificationType, Priority

RUN = {"run_id": "r", "reason": None, "total_essays": 3, "completed_essays": 2}
UPLOAD = {
    "file_count": 2,
    "refused_count": 0,
    "files_before": 0,
    "free_before": 5,
    "free_slots": 3,
}
FAILURE = {
    "essay_id": "essay-1",
    "file_id": "f",
    "failure_code": "empty",
    "failed_count": 1,
    "batch_status": "registered",
}
READY = {"ready_count": 3, "failed_count": 0, "missing_count": 0, "pipeline": "comprehensive"}
PHASE = {
    "run_id": "r",
    "phase_name": "nlp",
    "phase_status": "completed",
    "processed_count": 2,
    "failed_count": 1,
}
RESULTS = RUN | {"overall_status": "completed_with_failures", "phase_results": {"nlp": {}}}
CASES = {
    "BatchFilesUploadedV1": (UPLOAD, "batch_files_uploaded", "standard", False),
    "BatchFilesRefusedV1": (
        {"refused_count": 2, "failure_codes": {"no_free_slot": 2}, "free_slots": 0},
        "files_refused",
        "high",
        True,
    ),
    "EssayContentFailedV1": (FAILURE, "file_failed", "high", True),
    "BatchEssaysReady": (READY, "batch_ready", "standard", False),
    "BatchReadinessTimeout": (
        {"expected_essay_count": 3, "missing_count": 1},
        "readiness_timeout",
        "immediate",
        True,
    ),
    "BatchAutoStartRefusedV1": (
        {"requested_pipeline": "all", "reason": "MissingPrerequisite"},
        "auto_start_refused",
        "high",
        True,
    ),
    "ClientBatchPipelineRequestV1": (
        {"run_id": "r", "requested_pipeline": "all", "phases": ["nlp"]},
        "processing_started",
        "low",
        False,
    ),
    "BatchPhaseSkippedV1": (
        {"run_id": "r", "phase_name": "nlp", "reason": "already_done"},
        "phase_skipped",
        "low",
        False,
    ),
    "ELSBatchPhaseOutcomeV1": (PHASE, "phase_completed", "low", False),
    "BatchAssessmentCompletedV1": (
        {"assessment_job_id": "j", "rankings_summary": {"essays": 3}},
        "batch_assessment_completed",
        "standard",
        False,
    ),
    "BatchResultsReadyV1": (RESULTS, "batch_results_ready", "immediate", True),
}


def told(event_type: str, data: dict, status: str | None = None):
    return notifications.about(event_type, data, status)


@pytest.mark.parametrize("event_type", CASES)
def test_an_event_is_told_as_the_reference_says(event_type):
    data, notification_type, priority, action_required = CASES[event_type]

    found = told(event_type, data)

    assert (found.notification_type, found.priority) == (notification_type, priority)
    assert found.action_required is action_required
    assert found.category in Category


def test_results_are_told_with_what_was_promised():
    payload = told("BatchResultsReadyV1", RESULTS).payload

    assert payload["message"] == "2 of 3 essays are complete."
    assert {"total_essays", "completed_essays", "overall_status", "phase_summaries"} <= set(payload)


def test_an_assessment_is_told_with_what_was_promised():
    payload = told("BatchAssessmentCompletedV1", CASES["BatchAssessmentCompletedV1"][0]).payload

    assert set(payload) == {"assessment_job_id", "message", "rankings_available"}


@pytest.mark.parametrize(
    ("run_status", "notification_type"), [("failed", "run_failed"), ("cancelled", "run_cancelled")]
)
def test_a_run_that_has_no_results_says_why(run_status, notification_type):
    found = told("BatchPipelineEndedV1", RUN | {"run_status": run_status, "reason": "x"})

    assert found.notification_type == notification_type
    assert found.payload["reason"] == "x"


def test_the_end_of_a_run_with_results_is_told_once():
    assert told("BatchPipelineEndedV1", RUN | {"run_status": "completed_successfully"}) is None


@pytest.mark.parametrize(
    ("status", "priority"),
    [("completed", "low"), ("completed_with_failures", "standard"), ("failed", "high")],
)
def test_a_phase_hurries_as_much_as_it_failed(status, priority):
    assert told("ELSBatchPhaseOutcomeV1", PHASE | {"phase_status": status}).priority == priority


@pytest.mark.parametrize(
    ("reason", "is_told"),
    [("already_done", True), ("no_essay_passed:spellcheck", True), ("not_asked_for", False)],
)
def test_a_skipped_phase_is_told_of_unless_only_another_was_asked_for(reason, is_told):
    skipped = {"run_id": "r", "phase_name": "nlp", "reason": reason}

    assert (told("BatchPhaseSkippedV1", skipped) is not None) is is_told


@pytest.mark.parametrize(
    ("changed", "is_told"),
    [
        ({}, True),
        ({"files_before": 2}, False),
        ({"files_before": 2, "free_slots": 0}, True),
        ({"files_before": 5, "free_before": 0, "free_slots": 0}, False),
    ],
    ids=["the first", "one in between", "the one that fills", "a replacement"],
)
def test_files_that_come_one_by_one_are_told_of_at_both_ends(changed, is_told):
    assert (told("BatchFilesUploadedV1", UPLOAD | changed) is not None) is is_told


@pytest.mark.parametrize(
    ("changed", "is_told"),
    [
        ({"failed_count": 3}, True),
        ({"failed_count": 4}, False),
        ({"failed_count": 4, "batch_status": "ready"}, True),
    ],
    ids=["the third", "the fourth", "a later one"],
)
def test_of_many_bad_files_the_first_few_are_told_of(changed, is_told):
    assert (told("EssayContentFailedV1", FAILURE | changed) is not None) is is_told


@pytest.mark.parametrize(
    ("changed", "status", "waits"),
    [
        ({}, "ready", False),
        ({"pipeline": None}, "ready", True),
        ({"failed_count": 1}, "ready", True),
        ({"ready_count": 0}, "failed", True),
    ],
)
def test_a_batch_that_is_ready_waits_for_its_teacher_only_if_nothing_starts_by_itself(
    changed, status, waits
):
    assert told("BatchEssaysReady", READY | changed, status).action_required is waits


def test_every_type_there_is_can_be_told():
    assert {told(e, data).notification_type for e, (data, *_) in CASES.items()} | {
        "run_failed",
        "run_cancelled",
    } == set(NotificationType)


def test_what_is_told_of_is_an_event():
    assert set(notifications._TELLERS) <= set(events.TOPICS)
    assert notifications.REQUESTED in events.TOPICS


def test_an_event_that_is_not_told_is_none():
    assert told("EssayContentReady", {}) is None


def test_the_words_are_the_promised_ones():
    assert [p.value for p in Priority] == ["critical", "immediate", "high", "standard", "low"]
    assert {c.value for c in Category} == {
        "batch_progress",
        "processing_results",
        "file_operations",
        "class_management",
        "student_workflow",
        "system_alerts",
    }
