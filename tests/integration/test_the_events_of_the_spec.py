"""What is emitted on the way of a class, compared with the events that were promised."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from app.services import batches, readiness
from pipelines import catalogue, events
from tests import catalogues
from tests.drivers import a_class, an_owner, drain, over, rows
from tests.factories import a_registration

ENVELOPE = {
    "event_id",
    "event_type",
    "event_timestamp",
    "source_service",
    "correlation_id",
    "schema_version",
    "data",
}
METADATA = {"event_name", "status", "entity_id", "entity_type"}

# Event → its topic, where one was promised, and what its data holds at least.
PROMISED: dict[str, tuple[str | None, set[str]]] = {
    "BatchEssaysRegistered": ("huleedu.batch.essays.registered.v1", set()),
    "EssayContentReady": (
        "huleedu.file.essay.content.ready.v1",
        {"essay_id", "batch_id", "content_storage_reference"},
    ),
    "BatchEssaysReady": ("huleedu.els.batch.essays.ready.v1", set()),
    "BatchReadinessTimeout": (None, set()),
    "ClientBatchPipelineRequestV1": (
        "huleedu.commands.batch.pipeline.v1",
        {"batch_id", "requested_pipeline", "client_correlation_id", "user_id"},
    ),
    "BatchServiceSpellcheckInitiateCommandDataV1": (None, {"language"}),
    "ELSBatchPhaseOutcomeV1": (
        "huleedu.els.batch.phase.outcome.v1",
        {
            "batch_id",
            "phase_name",
            "phase_status",
            "processed_essays",
            "failed_essay_ids",
            "correlation_id",
        },
    ),
    "SpellcheckResultDataV1": ("huleedu.essay.spellcheck.completed.v1", set()),
    "BatchResultsReadyV1": (
        None,
        {
            "batch_id",
            "user_id",
            "total_essays",
            "completed_essays",
            "phase_results",
            "overall_status",
            "processing_duration_seconds",
        },
    ),
    "TeacherNotificationRequestedV1": (
        None,
        {
            "teacher_id",
            "notification_type",
            "category",
            "priority",
            "payload",
            "action_required",
            "correlation_id",
            "batch_id",
        },
    ),
    "CJAssessmentCompletedV1": (
        "huleedu.cj_assessment.completed.v1",
        {"cj_assessment_job_id", "rankings"},
    ),
    "BatchAssessmentCompletedV1": (
        None,
        {"batch_id", "user_id", "assessment_job_id", "rankings_summary"},
    ),
}


@pytest.fixture
def emitted(deps, publisher) -> list[Any]:
    """Every event of a class that was checked, of one that was ranked, and of one that never handed in."""
    deps = over(deps, catalogue.load())
    klass = a_class(deps, "", "", "")
    klass.start("spellcheck")
    drain(deps, publisher)
    ranking = over(deps, catalogues.rounds())
    a_class(ranking, "", "").start()
    drain(ranking, publisher)
    owner = an_owner(deps)
    late = batches.register(
        a_registration(1), owner_id=owner.id, correlation_id=UUID(int=7), deps=deps
    )
    readiness.time_out(late.id, deps)
    kept = rows(deps, "select * from event_outbox where event_no is not null order by created_at")
    with deps.uow("read") as uow:
        read = {
            (batch_id, event_no): envelope
            for batch_id in {row.aggregate_id for row in kept}
            for event_no, envelope in uow.outbox.after(batch_id, 0, 1000)
        }
    return [
        SimpleNamespace(**{**row._mapping, "event_data": read[row.aggregate_id, event_no]})
        for row in kept
        for event_no, _ in events.each(row.event_data, row.event_no)
    ]


def test_every_promised_event_is_emitted_with_its_topic_and_its_fields(emitted):
    by_type = {row.event_type: row for row in emitted}

    for event_type, (topic, fields) in PROMISED.items():
        row = by_type[event_type]
        assert topic in {None, row.topic}
        assert fields <= set(row.event_data["data"]), event_type


def test_every_event_has_an_id_of_its_own(emitted):
    ids = [UUID(row.event_data["event_id"]) for row in emitted]

    assert len(set(ids)) == len(ids)


def test_every_event_has_the_envelope_and_the_metadata(emitted):
    for row in emitted:
        assert set(row.event_data) == ENVELOPE
        assert set(row.event_data["data"]) >= METADATA
        assert row.topic == events.TOPICS[row.event_type]


def test_an_outcome_names_who_goes_on_with_which_text_and_who_does_not(emitted):
    outcome = next(
        r.event_data["data"] for r in emitted if r.event_type == "ELSBatchPhaseOutcomeV1"
    )

    assert [set(each) for each in outcome["processed_essays"]] == [
        {"essay_id", "text_storage_id"}
    ] * 3
    assert outcome["failed_essay_ids"] == []


def test_the_registration_says_no_course(emitted):
    registered = next(r.event_data for r in emitted if r.event_type == "BatchEssaysRegistered")

    assert "ENG5" not in str(registered)


def test_a_request_for_a_notification_goes_to_its_teacher(emitted):
    for row in emitted:
        if row.event_type == "TeacherNotificationRequestedV1":
            assert row.event_key == row.event_data["data"]["teacher_id"]


def test_one_correlation_id_goes_through_all_of_a_batch(emitted):
    by_batch: dict[str, set[str]] = {}
    for row in emitted:
        by_batch.setdefault(row.aggregate_id, set()).add(row.event_data["correlation_id"])

    assert all(len(ids) == 1 for ids in by_batch.values())
