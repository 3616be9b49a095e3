"""Every event of the system: its name, its topic, its envelope. Nothing else spells a topic."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

SCHEMA_VERSION = 1
SOURCE_SERVICE = "huleedu"

TOPICS: Mapping[str, str] = {
    # registration and content
    "BatchEssaysRegistered": "huleedu.batch.essays.registered.v1",
    "BatchDetailsChangedV1": "huleedu.batch.details.changed.v1",
    "BatchAllowedWordsChangedV1": "huleedu.batch.allowed.words.changed.v1",
    "BatchFilesUploadedV1": "huleedu.file.batch.files.uploaded.v1",
    "BatchFilesRefusedV1": "huleedu.file.batch.files.refused.v1",
    "EssayContentReady": "huleedu.file.essay.content.ready.v1",
    "EssayContentFailedV1": "huleedu.file.essay.content.failed.v1",
    "EssayContentRetriedV1": "huleedu.file.essay.content.retried.v1",
    "EssayStudentNamedV1": "huleedu.class.essay.student.named.v1",
    "EssayLanguageChangedV1": "huleedu.els.essay.language.changed.v1",
    "BatchFileRemovedV1": "huleedu.file.batch.file.removed.v1",
    "BatchEssaysReady": "huleedu.els.batch.essays.ready.v1",
    "BatchReadinessTimeout": "huleedu.els.batch.readiness.timeout.v1",
    # runs and phases
    "ClientBatchPipelineRequestV1": "huleedu.commands.batch.pipeline.v1",
    "BatchServiceSpellcheckInitiateCommandDataV1": "huleedu.els.spellcheck.initiate.command.v1",
    "BatchPhaseStartedV1": "huleedu.els.batch.phase.started.v1",
    "BatchPhaseWaveStartedV1": "huleedu.els.batch.phase.wave.started.v1",
    "BatchAutoStartRefusedV1": "huleedu.batch.pipeline.auto.start.refused.v1",
    "BatchPhaseSkippedV1": "huleedu.els.batch.phase.skipped.v1",
    "ELSBatchPhaseOutcomeV1": "huleedu.els.batch.phase.outcome.v1",
    "BatchPipelineCancellingV1": "huleedu.batch.pipeline.cancelling.v1",
    "BatchPipelineEndedV1": "huleedu.batch.pipeline.ended.v1",
    # results
    "SpellcheckResultDataV1": "huleedu.essay.spellcheck.completed.v1",
    "NlpResultDataV1": "huleedu.essay.nlp.completed.v1",
    "EssayPhaseResultV1": "huleedu.essay.phase.completed.v1",
    "CJAssessmentCompletedV1": "huleedu.cj_assessment.completed.v1",
    "BatchAssessmentCompletedV1": "huleedu.ras.batch.assessment.completed.v1",
    "BatchAssessmentChangedV1": "huleedu.ras.batch.assessment.changed.v1",
    "BatchResultsReadyV1": "huleedu.ras.batch.results.ready.v1",
    # what teachers are told
    "TeacherNotificationRequestedV1": "huleedu.notification.teacher.requested.v1",
}

_RESULT_EVENTS = {"spellcheck": "SpellcheckResultDataV1", "nlp": "NlpResultDataV1"}
_START_COMMANDS = {"spellcheck": "BatchServiceSpellcheckInitiateCommandDataV1"}

OF_ASSESSMENTS = frozenset({"cj_assessment"})
"""Phases that compare a batch's essays, and say so when they have."""

ENDED = "ended"
"""The member of a stored block that says which essays ended, and how; no event has it."""

OUTCOME_OF = "outcome_of"
"""The member of a stored outcome that says of which phase run it is; the event names that run's essays instead."""

DEAD_LETTER = ("schema_version", "failed_event_envelope", "dlq_reason", "timestamp", "service")
"""The members of a dead letter."""

DEAD_LETTER_TOPIC = "huleedu.pipelines.resolution.DLQ"


def result_event(phase: str) -> str:
    """The event that says a phase has a result, or none, for one essay."""
    return _RESULT_EVENTS.get(phase, "EssayPhaseResultV1")


def start_event(phase: str) -> str:
    """The event, or for older phases the command, that says a phase has started."""
    return _START_COMMANDS.get(phase, "BatchPhaseStartedV1")


def envelope(
    event_type: str,
    data: Mapping[str, Any],
    *,
    event_id: UUID,
    at: datetime,
    correlation_id: UUID,
    entity: tuple[str, str],
    status: str | None = None,
) -> dict[str, Any]:
    """One event as it is stored and sent: thin, ids and counts only.

    Args:
        event_type: a key of `TOPICS`.
        data: what this event says beside its metadata.
        at: aware and UTC.
        entity: type and id of what it is about, such as `("batch", "7c…")`.
        status: the state the entity is in now, where the event says so.

    Raises:
        KeyError: no event of that name.
    """
    if event_type not in TOPICS:
        raise KeyError(event_type)
    entity_type, entity_id = entity
    about = {"entity_type": entity_type, "entity_id": entity_id, "status": status}
    return _wrapped(event_type, {**about, **data}, event_id, at, correlation_id)


Ended = tuple[str, str, str | None]
"""An essay, its status in a phase, and its failure code."""


def block(
    event_type: str,
    data: Mapping[str, Any],
    ended: Sequence[Ended],
    *,
    event_id: UUID,
    at: datetime,
    correlation_id: UUID,
) -> dict[str, Any]:
    """The events that say how essays ended in a phase, as they are stored: once what is the same in all of them.

    Args:
        event_id: of the block; each of its events has one made from it.
    """
    of_all = _wrapped(event_type, {"entity_type": "essay", **data}, event_id, at, correlation_id)
    return {**of_all, ENDED: list(ended)}


def each(stored: Mapping[str, Any], event_no: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """The events of an envelope as it is stored, numbered: a block's in its order, or the only one.

    Args:
        event_no: of the last.
    """
    if ENDED not in stored:
        yield event_no, dict(stored)
        return
    of_all = {name: value for name, value in stored.items() if name != ENDED}
    block_id, ended = UUID(stored["event_id"]), stored[ENDED]
    for number, (essay_id, status, code) in enumerate(ended, start=event_no - len(ended) + 1):
        about = {"entity_id": essay_id, "status": status, "failure_code": code}
        event_id = str(uuid5(block_id, essay_id))
        yield number, {**of_all, "event_id": event_id, "data": {**of_all["data"], **about}}


def of_phase(envelope: Mapping[str, Any], phase_run_id: UUID) -> dict[str, Any]:
    """The outcome of a phase as it is stored: without its essays, of which there may be thousands."""
    return {**envelope, OUTCOME_OF: str(phase_run_id)}


def named(
    stored: Mapping[str, Any], done: Iterable[tuple[str, UUID | None]], failed: Iterable[str]
) -> dict[str, Any]:
    """The outcome of a phase with the essays it names.

    Args:
        stored: as `of_phase` gave it.
        done: the essays that go on, each with where the text is that it was done with; None if that is kept no more.
        failed: the essays that do not.
    """
    event = {name: value for name, value in stored.items() if name != OUTCOME_OF}
    essays = {
        "processed_essays": [
            {"essay_id": essay_id, "text_storage_id": str(text) if text else None}
            for essay_id, text in done
        ],
        "failed_essay_ids": list(failed),
    }
    return {**event, "data": {**event["data"], **essays}}


def hint(
    kind: str,
    data: Mapping[str, Any],
    *,
    event_id: UUID,
    at: datetime,
    correlation_id: UUID | None,
) -> dict[str, Any]:
    """What is no event but a message to workers, in the form events have; for dead letters."""
    return _wrapped(kind, data, event_id, at, correlation_id)


def _wrapped(
    name: str, data: Mapping[str, Any], event_id: UUID, at: datetime, correlation_id: UUID | None
) -> dict[str, Any]:
    return {
        "event_id": str(event_id),
        "event_type": name,
        "event_timestamp": at.isoformat(),
        "source_service": SOURCE_SERVICE,
        "correlation_id": str(correlation_id) if correlation_id else None,
        "schema_version": SCHEMA_VERSION,
        "data": {"event_name": name, **data},
    }


def dead_letter(
    failed_event: Mapping[str, Any], *, reason: str, at: datetime, service: str = SOURCE_SERVICE
) -> dict[str, Any]:
    """A message that nobody could handle, as kept for an operator."""
    return {
        "schema_version": SCHEMA_VERSION,
        "failed_event_envelope": dict(failed_event),
        "dlq_reason": reason,
        "timestamp": at.isoformat(),
        "service": service,
    }
