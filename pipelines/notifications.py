"""What a teacher is told: a pure mapping from what happened to a request for a notification.

One rule against noise: what comes in bursts is told at its edges. Files of a class often come one by one, so the first
and the one that fills the last place are told of; of texts that cannot be read the first few, and `batch_ready` says
how many there are in all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipelines.vocabulary import BatchStatus, PhaseStatus, RunStatus

REQUESTED = "TeacherNotificationRequestedV1"
MOST_FAILURES_TOLD_SINGLY = 3


class Priority(StrEnum):
    """How much it hurries, the most first."""

    CRITICAL = "critical"
    IMMEDIATE = "immediate"
    HIGH = "high"
    STANDARD = "standard"
    LOW = "low"


class Category(StrEnum):
    """What it belongs to."""

    BATCH_PROGRESS = "batch_progress"
    PROCESSING_RESULTS = "processing_results"
    FILE_OPERATIONS = "file_operations"
    CLASS_MANAGEMENT = "class_management"
    STUDENT_WORKFLOW = "student_workflow"
    SYSTEM_ALERTS = "system_alerts"


class NotificationType(StrEnum):
    """What a teacher can be told."""

    BATCH_FILES_UPLOADED = "batch_files_uploaded"
    FILES_REFUSED = "files_refused"
    FILE_FAILED = "file_failed"
    BATCH_READY = "batch_ready"
    READINESS_TIMEOUT = "readiness_timeout"
    AUTO_START_REFUSED = "auto_start_refused"
    PROCESSING_STARTED = "processing_started"
    PHASE_SKIPPED = "phase_skipped"
    PHASE_COMPLETED = "phase_completed"
    BATCH_ASSESSMENT_COMPLETED = "batch_assessment_completed"
    BATCH_RESULTS_READY = "batch_results_ready"
    RUN_FAILED = "run_failed"
    RUN_CANCELLED = "run_cancelled"


@dataclass(frozen=True, slots=True)
class Notification:
    """What a teacher is to be told; ids, counts and states, and an English sentence where the payload has one."""

    notification_type: NotificationType
    category: Category
    priority: Priority
    payload: Mapping[str, Any]
    action_required: bool = False


Told = Notification | None
Data = Mapping[str, Any]


def about(event_type: str, data: Data, status: str | None) -> Told:
    """What the teacher of a batch is told of an event, if anything.

    Args:
        event_type: a key of `pipelines.events.TOPICS`.
        data: what the event says beside its metadata.
        status: the state its entity is in now.
    """
    tell = _TELLERS.get(event_type)
    return tell(data, status) if tell else None


def _files_uploaded(data: Data, _: str | None) -> Told:
    is_first = data["files_before"] == 0
    fills = data["free_slots"] == 0 and data["free_before"] > 0
    if not (is_first or fills):
        return None
    return Notification(
        NotificationType.BATCH_FILES_UPLOADED,
        Category.FILE_OPERATIONS,
        Priority.STANDARD,
        _only(data, "file_count", "refused_count", "free_slots"),
    )


def _files_refused(data: Data, _: str | None) -> Told:
    return Notification(
        NotificationType.FILES_REFUSED,
        Category.FILE_OPERATIONS,
        Priority.HIGH,
        _only(data, "refused_count", "failure_codes", "free_slots"),
        action_required=True,
    )


def _file_failed(data: Data, _: str | None) -> Told:
    waits = data["batch_status"] == BatchStatus.REGISTERED
    if waits and data["failed_count"] > MOST_FAILURES_TOLD_SINGLY:
        return None
    return Notification(
        NotificationType.FILE_FAILED,
        Category.FILE_OPERATIONS,
        Priority.HIGH,
        _only(data, "essay_id", "file_id", "failure_code"),
        action_required=True,
    )


def _batch_ready(data: Data, status: str | None) -> Told:
    has_gaps = data["failed_count"] + data["missing_count"] > 0 or status == BatchStatus.FAILED
    return Notification(
        NotificationType.BATCH_READY,
        Category.BATCH_PROGRESS,
        Priority.HIGH if has_gaps else Priority.STANDARD,
        _only(data, "ready_count", "failed_count", "missing_count") | {"status": status},
        # Without a pipeline of its own the batch waits for its teacher to start one.
        action_required=has_gaps or data["pipeline"] is None,
    )


def _readiness_timeout(data: Data, _: str | None) -> Told:
    return Notification(
        NotificationType.READINESS_TIMEOUT,
        Category.SYSTEM_ALERTS,
        Priority.IMMEDIATE,
        _only(data, "expected_essay_count", "missing_count"),
        action_required=True,
    )


def _auto_start_refused(data: Data, _: str | None) -> Told:
    return Notification(
        NotificationType.AUTO_START_REFUSED,
        Category.BATCH_PROGRESS,
        Priority.HIGH,
        _only(data, "requested_pipeline", "reason"),
        action_required=True,
    )


def _processing_started(data: Data, _: str | None) -> Told:
    return Notification(
        NotificationType.PROCESSING_STARTED,
        Category.BATCH_PROGRESS,
        Priority.LOW,
        _only(data, "run_id", "requested_pipeline", "phases"),
    )


def _phase_skipped(data: Data, _: str | None) -> Told:
    if data["reason"] == "not_asked_for":
        return None  # whoever has one phase done again knows that the others are not
    return Notification(
        NotificationType.PHASE_SKIPPED,
        Category.BATCH_PROGRESS,
        Priority.LOW,
        _only(data, "run_id", "phase_name", "reason"),
    )


_PRIORITY_OF_PHASE = {
    PhaseStatus.COMPLETED: Priority.LOW,
    PhaseStatus.COMPLETED_WITH_FAILURES: Priority.STANDARD,
    PhaseStatus.FAILED: Priority.HIGH,
}


def _phase_completed(data: Data, _: str | None) -> Told:
    return Notification(
        NotificationType.PHASE_COMPLETED,
        Category.BATCH_PROGRESS,
        _PRIORITY_OF_PHASE.get(PhaseStatus(data["phase_status"]), Priority.LOW),
        _only(data, "run_id", "phase_name", "phase_status", "processed_count", "failed_count"),
    )


_AWAITING_DECISIONS = "awaiting_decisions"


def _assessment_completed(data: Data, _: str | None) -> Told:
    # Where persons judge, nobody has compared anything yet: it is the teacher's turn.
    waits = data["rankings_summary"].get("stop_reason") == _AWAITING_DECISIONS
    return Notification(
        NotificationType.BATCH_ASSESSMENT_COMPLETED,
        Category.PROCESSING_RESULTS,
        Priority.STANDARD,
        {
            "assessment_job_id": data["assessment_job_id"],
            "message": "The essays are ready to be compared."
            if waits
            else "The essays have been compared and ranked.",
            "rankings_available": not waits,
        },
        action_required=waits,
    )


def _results_ready(data: Data, _: str | None) -> Told:
    done, total = data["completed_essays"], data["total_essays"]
    return Notification(
        NotificationType.BATCH_RESULTS_READY,
        Category.PROCESSING_RESULTS,
        Priority.IMMEDIATE,
        _only(data, "run_id", "total_essays", "completed_essays", "overall_status")
        | {
            "message": f"{done} of {total} essays are complete.",
            "phase_summaries": data["phase_results"],
        },
        action_required=True,
    )


def _run_ended(data: Data, _: str | None) -> Told:
    payload = _only(data, "run_id", "reason", "total_essays", "completed_essays")
    if data["run_status"] == RunStatus.CANCELLED:
        return Notification(
            NotificationType.RUN_CANCELLED, Category.BATCH_PROGRESS, Priority.STANDARD, payload
        )
    if data["run_status"] == RunStatus.FAILED:
        return Notification(
            NotificationType.RUN_FAILED,
            Category.SYSTEM_ALERTS,
            Priority.IMMEDIATE,
            payload,
            action_required=True,
        )
    return None  # its results are ready, which has been said


_TELLERS: Mapping[str, Callable[[Data, str | None], Told]] = {
    "BatchFilesUploadedV1": _files_uploaded,
    "BatchFilesRefusedV1": _files_refused,
    "EssayContentFailedV1": _file_failed,
    "BatchEssaysReady": _batch_ready,
    "BatchReadinessTimeout": _readiness_timeout,
    "BatchAutoStartRefusedV1": _auto_start_refused,
    "ClientBatchPipelineRequestV1": _processing_started,
    "BatchPhaseSkippedV1": _phase_skipped,
    "ELSBatchPhaseOutcomeV1": _phase_completed,
    "BatchAssessmentCompletedV1": _assessment_completed,
    "BatchResultsReadyV1": _results_ready,
    "BatchPipelineEndedV1": _run_ended,
}


def _only(data: Data, *names: str) -> dict[str, Any]:
    return {name: data[name] for name in names}
