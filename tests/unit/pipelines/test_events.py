import json
import re
from datetime import UTC, datetime
from uuid import UUID

import pytest

from pipelines import catalogue, events

AT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def an_envelope(event_type: str = "BatchEssaysReady", **more: object) -> dict:
    given = {
        "event_id": UUID(int=1),
        "at": AT,
        "correlation_id": UUID(int=2),
        "entity": ("batch", "7c"),
        "status": "ready",
    }
    return events.envelope(event_type, {"ready_count": 3}, **(given | more))


def test_an_event_says_what_happened_to_what_and_when():
    assert an_envelope() == {
        "event_id": str(UUID(int=1)),
        "event_type": "BatchEssaysReady",
        "event_timestamp": "2024-05-06T07:08:09+00:00",
        "source_service": "huleedu",
        "correlation_id": str(UUID(int=2)),
        "schema_version": 1,
        "data": {
            "event_name": "BatchEssaysReady",
            "entity_type": "batch",
            "entity_id": "7c",
            "status": "ready",
            "ready_count": 3,
        },
    }


def test_an_event_can_be_written_as_json():
    assert json.loads(json.dumps(an_envelope(status=None)))["data"]["status"] is None


def test_an_event_nobody_has_named_is_refused():
    with pytest.raises(KeyError, match="BatchEssaysRedy"):
        an_envelope("BatchEssaysRedy")


class TestABlock:
    """What is the same in many events is kept once."""

    ended = (("e1", "done", None), ("e2", "failed", "no_words"))

    def block(self) -> dict:
        written = events.block(
            "NlpResultDataV1",
            {"phase_name": "nlp"},
            self.ended,
            event_id=UUID(int=1),
            at=AT,
            correlation_id=UUID(int=2),
        )
        return json.loads(json.dumps(written))

    def test_is_as_many_events_as_essays_ended_numbered_up_to_its_own(self):
        found = list(events.each(self.block(), 7))

        assert [event_no for event_no, _ in found] == [6, 7]
        assert [event["data"] for _, event in found] == [
            {
                "event_name": "NlpResultDataV1",
                "entity_type": "essay",
                "entity_id": essay_id,
                "phase_name": "nlp",
                "status": status,
                "failure_code": code,
            }
            for essay_id, status, code in self.ended
        ]

    def test_gives_each_event_the_same_id_whenever_it_is_read(self):
        ids = [event["event_id"] for _, event in events.each(self.block(), 7)]

        assert len({*ids, str(UUID(int=1))}) == 3
        assert ids == [event["event_id"] for _, event in events.each(self.block(), 9)]

    def test_gives_each_event_the_envelope_of_any_other(self):
        for _, event in events.each(self.block(), 7):
            assert set(event) == set(an_envelope())


class TestTheOutcomeOfAPhase:
    """Its essays are the ledger's to know, and are named when it is read."""

    def stored(self) -> dict:
        written = events.of_phase(an_envelope("ELSBatchPhaseOutcomeV1"), UUID(int=3))
        return json.loads(json.dumps(written))

    def test_says_of_which_phase_run_it_is(self):
        assert self.stored()[events.OUTCOME_OF] == str(UUID(int=3))

    def test_names_who_goes_on_with_which_text_and_who_does_not(self):
        event = events.named(self.stored(), [("kim", UUID(int=4)), ("bo", None)], ["alex"])

        assert set(event) == set(an_envelope())
        assert event["data"] == an_envelope("ELSBatchPhaseOutcomeV1")["data"] | {
            "processed_essays": [
                {"essay_id": "kim", "text_storage_id": str(UUID(int=4))},
                {"essay_id": "bo", "text_storage_id": None},
            ],
            "failed_essay_ids": ["alex"],
        }


def test_what_is_no_block_is_the_one_event_it_is():
    assert list(events.each(an_envelope(), 3)) == [(3, an_envelope())]


def test_every_topic_is_versioned_and_belongs_to_one_event():
    assert len(set(events.TOPICS.values())) == len(events.TOPICS)
    for topic in events.TOPICS.values():
        assert re.fullmatch(r"huleedu(\.[a-z_]+)+\.v[1-9]", topic)


@pytest.mark.parametrize(
    ("event_type", "topic"),
    [
        ("BatchEssaysRegistered", "huleedu.batch.essays.registered.v1"),
        ("EssayContentReady", "huleedu.file.essay.content.ready.v1"),
        ("BatchEssaysReady", "huleedu.els.batch.essays.ready.v1"),
        ("ClientBatchPipelineRequestV1", "huleedu.commands.batch.pipeline.v1"),
        ("ELSBatchPhaseOutcomeV1", "huleedu.els.batch.phase.outcome.v1"),
        ("SpellcheckResultDataV1", "huleedu.essay.spellcheck.completed.v1"),
    ],
)
def test_the_topics_others_listen_to_keep_their_names(event_type, topic):
    assert events.TOPICS[event_type] == topic


@pytest.mark.parametrize("phase", [*catalogue.load().phases, "a phase of tomorrow"])
def test_every_phase_says_when_it_starts_and_what_it_finds(phase):
    assert events.start_event(phase) in events.TOPICS
    assert events.result_event(phase) in events.TOPICS


def test_a_dead_letter_keeps_the_whole_message_and_the_reason():
    failed = an_envelope()

    assert events.dead_letter(failed, reason="attempts_exhausted", at=AT) == {
        "schema_version": 1,
        "failed_event_envelope": failed,
        "dlq_reason": "attempts_exhausted",
        "timestamp": "2024-05-06T07:08:09+00:00",
        "service": "huleedu",
    }
