"""Each invariant sees the one row that breaks it, and a healthy database breaks none."""

from collections.abc import Callable

import pytest

from app.services import invariants
from app.services.deps import Deps
from app.services.invariants import Breach
from tests import catalogues
from tests.drivers import Klass, a_class, change, drain, finish, one, over, relay, without_triggers
from tests.fakes import FakePublisher


@pytest.fixture
def finished(deps: Deps, publisher: FakePublisher) -> Klass:
    """A class whose run has ended, with one essay that failed and one that had to be tried again."""
    deps = over(deps, catalogues.of(catalogues.CHAIN), worker_slots=1)
    klass = a_class(deps, "", "[first:give_up]", "[second:raise]", "")
    klass.start()
    finish(deps, publisher)
    return klass


@pytest.fixture
def breaches(deps: Deps) -> Callable[[], list[tuple[str, str]]]:
    """Which invariants are broken, by which rows."""
    return lambda: [(breach.invariant, breach.row) for breach in invariants.check(deps)]


def unit(klass: Klass, phase: str, position: int) -> str:
    return f"phase run {klass.phase(phase).id} unit {position}"


def shown(klass: Klass) -> list[tuple[str, str]]:
    """What else is broken if a count that a screen shows is."""
    return [("I7", f"batch {klass.batch}")]


def test_a_finished_run_breaks_none(finished, deps):
    assert invariants.check(deps) == []


def test_a_run_at_work_breaks_none(deps, publisher):
    klass = a_class(deps, "", "")
    klass.start()
    relay(deps, publisher)

    assert invariants.check(deps) == []


def test_every_invariant_has_a_name_and_a_promise():
    assert [each.name for each in invariants.INVARIANTS] == [f"I{n}" for n in range(1, 11)]
    assert all(each.promise for each in invariants.INVARIANTS)


class TestI1EverythingEnds:
    def test_sees_a_run_past_its_deadline(self, deps, publisher, breaches):
        klass = a_class(deps, "")
        klass.start()
        relay(deps, publisher)

        change(deps, "update runs set deadline = now() - interval '1 minute'")

        assert breaches() == [("I1", f"run {klass.runs[0]}")]

    def test_sees_a_phase_past_its_deadline(self, deps, publisher, breaches):
        klass = a_class(deps, "")
        klass.start()
        relay(deps, publisher)

        change(
            deps,
            "update phase_runs set deadline = now() - interval '1 minute' where ordinal = 0",
        )

        assert breaches() == [("I1", f"phase run {klass.phase('first').id}")]

    def test_sees_a_batch_past_its_readiness_deadline(self, deps, finished, breaches):
        with without_triggers(deps) as corrupt:
            corrupt(
                "update batches set status = 'registered',"
                " readiness_deadline = now() - interval '1 minute'",
                "update transitions set there = 'registered' where id ="
                " (select max(id) from transitions where entity = 'batch')",
                "update batch_overview set status = 'registered'",
            )

        assert ("I1", f"batch {finished.batch}") in breaches()

    def test_leaves_both_half_a_minute(self, deps, publisher, breaches):
        a_class(deps, "").start()
        relay(deps, publisher)

        change(deps, "update runs set deadline = now() - interval '20 s'")

        assert breaches() == []


class TestI2OneResultEach:
    def test_sees_a_second_result(self, deps, finished, breaches):
        item = finished.units("first")[0].item_id
        change(
            deps,
            "alter table results drop constraint pk_results",
            "insert into results select * from results where phase = 'first' and item_id = :item",
            item=item,
        )

        assert breaches() == [("I2", f"run {finished.runs[0]} first item {item}")]

    def test_sees_an_ended_unit_without_a_result(self, deps, finished, breaches):
        change(
            deps,
            "delete from results where phase = 'first' and item_id = :item",
            "update essay_report set phases = phases - 'first' where essay_pk = :item",
            item=finished.units("first")[3].item_id,
        )

        assert breaches() == [("I2", unit(finished, "first", 3))]

    def test_sees_a_result_without_an_ended_unit(self, deps, finished, breaches):
        stranger = finished.units("first")[1].item_id
        change(
            deps,
            "create table strange as select * from results"
            " where phase = 'first' and item_id = :item",
            "update strange set phase = 'second'",
            "insert into results select * from strange",
            "update essay_report set phases = phases || jsonb_build_object('second',"
            " phases -> 'first') where essay_pk = :item",
            item=stranger,
        )

        assert breaches() == [("I2", f"run {finished.runs[0]} second item {stranger}")]


@pytest.mark.parametrize("count", ["remaining", "waiting", "done"])
def test_i3_sees_a_count_that_is_wrong(count, deps, finished, breaches):
    change(deps, f"update phase_runs set {count} = {count} + 1 where phase = 'first'")

    seen = [each for each in breaches() if each not in shown(finished)]
    assert seen == [("I3", f"phase run {finished.phase('first').id}")]


def test_i4_sees_an_open_unit_of_a_run_that_has_ended(deps, finished, breaches):
    with without_triggers(deps) as corrupt:
        corrupt(
            "update units set status = 'queued' where position = 0 and phase_run_id = :id",
            "insert into attempts select phase_run_id, position, claims, false, :id, worker,"
            " claimed_at, settled_at, 'later' from units where phase_run_id = :id and position = 0",
            "update phase_runs set remaining = 1, done = done - 1 where id = :id",
            "delete from results where phase = 'first' and item_id = :item",
            "update essay_report set phases = phases - 'first' where essay_pk = :item",
            id=finished.phase("first").id,
            item=finished.units("first")[0].item_id,
        )

    assert [each for each in breaches() if each not in shown(finished)] == [
        ("I4", unit(finished, "first", 0))
    ]


class TestI5DrawnEdgesOnly:
    def test_sees_an_edge_that_is_not_drawn(self, deps, finished, breaches):
        change(
            deps,
            "update transitions set here = 'failed' where entity = 'run' and entity_id = :run",
            run=finished.runs[0],
        )

        assert breaches() == [("I5", f"run {finished.runs[0]}")]

    def test_sees_a_leap_between_two_edges(self, deps, finished, breaches):
        change(
            deps,
            "delete from transitions where entity = 'batch' and there = 'ready'",
            "update transitions set here = 'completed_with_failures', there = 'processing'"
            " where entity = 'batch' and there = 'processing'",
            "insert into transitions (entity, entity_id, batch_id, here, there, at)"
            " values ('batch', :batch, :batch, 'processing', 'completed_with_failures', now())",
            batch=finished.batch,
        )

        assert breaches() == [("I5", f"batch {finished.batch}")]

    def test_sees_a_state_nothing_led_to(self, deps, finished, breaches):
        with without_triggers(deps) as corrupt:
            corrupt(
                "update runs set status = 'failed'",
                "update batch_overview set run_status = 'failed'",
            )

        assert breaches() == [("I5", f"run {finished.runs[0]}")]

    def test_sees_a_unit_that_is_not_what_its_last_attempt_says(self, deps, finished, breaches):
        change(
            deps,
            "insert into attempts select phase_run_id, position, claims, false, :id, worker,"
            " claimed_at, settled_at, 'lost' from units where phase_run_id = :id and position = 3",
            id=finished.phase("first").id,
        )

        assert breaches() == [("I5", unit(finished, "first", 3))]


class TestI6EveryEndIsSaidOnce:
    ended = "event_type = 'BatchPipelineEndedV1'"

    def test_sees_an_end_nobody_spoke_of(self, deps, finished, breaches):
        change(deps, f"delete from event_outbox where {self.ended}")

        assert breaches() == [("I6", f"run {finished.runs[0]}")]

    def test_sees_an_end_said_twice(self, deps, finished, breaches):
        change(
            deps,
            "insert into event_outbox select gen_random_uuid(), aggregate_type, aggregate_id,"
            " event_type, event_key, event_data, topic, event_no, created_at, published_at,"
            f" retry_count, last_error from event_outbox where {self.ended}",
        )

        assert breaches() == [("I6", f"run {finished.runs[0]}")]


class TestI7TheReadModelIsWhatItsSourcesSay:
    def test_sees_an_overview_that_is_not(self, deps, finished, breaches):
        change(deps, "update batch_overview set status = 'processing'")

        assert invariants.check(deps) == [
            Breach("I7", "batch_overview differs from its source", f"batch {finished.batch}")
        ]

    def test_sees_a_report_that_is_not(self, deps, finished, breaches):
        change(deps, "update essay_report set phases = '{}' where position = 2")

        assert invariants.check(deps) == [
            Breach("I7", "essay_report differs from its source", f"batch {finished.batch}")
        ]

    def test_sees_a_row_that_is_missing(self, deps, finished, breaches):
        change(deps, "delete from essay_report where position = 2")

        assert breaches() == [("I7", f"batch {finished.batch}")]

    def test_waits_for_a_projector_that_is_behind(self, deps, finished, breaches):
        change(
            deps,
            "update batch_overview set status = 'processing'",
            "update projection_cursors set event_no = event_no - 1",
        )

        assert breaches() == []


def test_i8_sees_a_message_that_was_not_sent(deps, finished, breaches):
    row = one(deps, "select id from event_outbox where event_type = 'BatchResultsReadyV1'")
    change(
        deps,
        "update event_outbox set published_at = null, created_at = now() - interval '11 s'"
        " where id = :id",
        id=row.id,
    )

    assert breaches() == [("I8", f"outbox row {row.id}")]


def test_i9_sees_a_unit_that_was_tried_too_often(deps, finished, breaches):
    change(
        deps,
        "update units set attempts = 3 where position = 0 and phase_run_id = :id",
        id=finished.phase("first").id,
    )

    assert breaches() == [("I9", unit(finished, "first", 0))]


def test_i10_sees_a_second_delivery_that_changed_a_result(deps, finished, breaches):
    change(
        deps,
        "update units set result_hash = 'another' where position = 0 and phase_run_id = :id",
        id=finished.phase("first").id,
    )

    assert breaches() == [("I10", unit(finished, "first", 0))]


def test_runs_beside_a_broken_one_are_not_named(deps, finished, publisher, breaches):
    other = a_class(finished.deps, "", "")
    other.start()
    drain(finished.deps, publisher)

    change(deps, "update phase_runs set remaining = 1 where id = :id", id=other.phase("first").id)

    assert breaches() == [("I3", f"phase run {other.phase('first').id}")]
