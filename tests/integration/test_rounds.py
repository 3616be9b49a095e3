"""A phase that plans by what it has found: rounds of pairs, and in the end something of the whole batch."""

import pytest

from app.services import invariants, ledger, reconciler, results, waves
from tests import catalogues
from tests.drivers import (
    a_class,
    change,
    deliver,
    drain,
    finish,
    over,
    project,
    relay,
    rows,
    slices_of,
)

ESSAYS = ("a", "four", "seven chars")


@pytest.fixture
def here(deps):
    return over(deps, catalogues.rounds())


def events_of(deps, event_type):
    found = rows(
        deps,
        "select event_data -> 'data' as data from event_outbox where event_type = :t order by event_no",
        t=event_type,
    )
    return [row.data for row in found]


def test_each_wave_is_planned_by_what_the_ones_before_found(here, publisher):
    klass = a_class(here, *ESSAYS)
    klass.start()

    drain(here, publisher)

    decided = rows(
        here,
        "select round_no, choice, l.position as l, r.position as r from judge_decisions d"
        " join essays l on l.id = d.left_id join essays r on r.id = d.right_id order by 1, 3",
    )
    assert [row.choice for row in decided] == ["right"] * 4
    assert [row.round_no for row in decided] == [1, 1, 2, 2]
    [found] = rows(here, "select detail, decision_count, stop_reason from assessment_results")
    assert found.decision_count == 4
    by_position = {str(r.id): r.position for r in rows(here, "select id, position from essays")}
    ranked = [by_position[each["essay_id"]] for each in found.detail["essays"]]
    assert ranked[-1] == min(by_position.values())
    assert klass.run().status == "completed_successfully"
    assert invariants.check(here) == []


def test_how_far_it_is_is_told_with_each_wave(here, publisher):
    a_class(here, *ESSAYS).start()

    drain(here, publisher)

    told = events_of(here, "BatchPhaseWaveStartedV1")
    assert [each["round_no"] for each in told] == [1, 2]


def test_the_round_is_part_of_where_the_batch_stands_while_it_lasts(here, publisher):
    klass = a_class(here, *ESSAYS)
    klass.start()
    seen = []

    for _ in range(4):
        relay(here, publisher)
        project(here, publisher)
        status = results.status(klass.batch, owner_id=klass.owner.id, deps=here)
        seen.append(
            status["round"] and (status["round"]["round_no"], status["round"]["most_rounds"])
        )
        deliver(here, publisher)

    assert seen == [None, (1, 2), (2, 2), None]


def test_what_came_of_it_is_said_once(here, publisher):
    klass = a_class(here, *ESSAYS)
    klass.start()

    drain(here, publisher)

    [of_job] = events_of(here, "CJAssessmentCompletedV1")
    [of_batch] = events_of(here, "BatchAssessmentCompletedV1")
    assert [each["rank"] for each in of_job["rankings"]] == [1, 2, 3]
    assert of_job["cj_assessment_job_id"] == of_batch["assessment_job_id"]
    assert of_batch["rankings_summary"]["stop_reason"] == "budget"
    assert events_of(here, "EssayPhaseResultV1") == []


def test_a_pair_that_cannot_be_judged_is_left_out(here, publisher):
    klass = a_class(here, *ESSAYS, "please refuse")
    klass.start()

    drain(here, publisher)

    [found] = rows(here, "select decision_count from assessment_results")
    assert found.decision_count == 4
    assert klass.run().status == "completed_with_failures"
    assert {row.status for row in rows(here, "select status from essays")} == {"processed"}


def test_a_late_message_of_an_old_round_changes_nothing(here, publisher):
    a_class(here, *ESSAYS).start()
    relay(here, publisher)
    (lo, hi), *_ = slices_of(publisher)
    [phase_run] = rows(here, "select id from phase_runs")
    drain(here, publisher)
    before = rows(here, "select detail, revision from assessment_results")

    ledger.run_slice(phase_run.id, lo, hi, worker="late", deps=here)
    waves.wave_done(phase_run.id, 1, here)
    drain(here, publisher)

    assert rows(here, "select detail, revision from assessment_results") == before
    assert rows(here, "select count(*) as n from judge_decisions")[0].n == 4


def test_a_deadline_ends_it_with_what_there_is(here, publisher):
    a_class(here, *ESSAYS).start()
    relay(here, publisher)
    change(here, "update phase_runs set deadline = now() - interval '1 second'")

    reconciler.phases_out_of_time(here, publisher)
    finish(here, publisher)

    [found] = rows(here, "select stop_reason, decision_count from assessment_results")
    assert (found.stop_reason, found.decision_count) == ("out_of_time", 0)


def test_a_pair_is_decided_once_a_round_by_each_judge(here, publisher):
    a_class(here, *ESSAYS).start()
    drain(here, publisher)

    again = """insert into judge_decisions (id, run_id, round_no, left_id, right_id, order_no, choice, judge,
        judge_kind, detail) select gen_random_uuid(), run_id, round_no, right_id, left_id, order_no, choice,
        judge, judge_kind, detail from judge_decisions limit 1"""
    with pytest.raises(Exception, match="uq_judge_decisions_once"):
        change(here, again)


def test_how_often_one_was_chosen_is_derived_from_the_decisions(here, publisher):
    a_class(here, *ESSAYS).start()
    drain(here, publisher)

    counted = rows(here, "select wins from comparison_matrix")

    assert [row.wins for row in counted] == [2, 2]
