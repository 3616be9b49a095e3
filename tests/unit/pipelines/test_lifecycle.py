from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import lifecycle
from pipelines.vocabulary import (
    BatchStatus,
    EssayStatus,
    FileStatus,
    PhaseStatus,
    RunStatus,
    UnitStatus,
)

STATES = {
    "batch": BatchStatus,
    "essay": EssayStatus,
    "file": FileStatus,
    "run": RunStatus,
    "phase_run": PhaseStatus,
    "unit": UnitStatus,
}

# Every edge there is: entity, where it starts, and where it may lead.
ALLOWED = {
    (entity, here): onward.split()
    for entity, here, onward in (
        ("batch", "registered", "ready failed"),
        ("batch", "ready", "processing registered"),
        (
            "batch",
            "processing",
            "completed_successfully completed_with_failures failed cancelled",
        ),
        ("batch", "completed_successfully", "processing"),
        ("batch", "completed_with_failures", "processing"),
        ("batch", "failed", "processing ready"),
        ("batch", "cancelled", "processing"),
        ("essay", "awaiting_content", "ready_for_processing content_failed"),
        ("essay", "content_failed", "awaiting_content ready_for_processing"),
        ("essay", "ready_for_processing", "in_processing awaiting_content"),
        ("essay", "in_processing", "processed partly_processed failed ready_for_processing"),
        ("essay", "processed", "in_processing awaiting_content ready_for_processing"),
        ("essay", "partly_processed", "in_processing awaiting_content ready_for_processing"),
        ("essay", "failed", "in_processing awaiting_content ready_for_processing"),
        ("file", "received", "reading"),
        ("file", "reading", "read failed received"),
        ("file", "failed", "received"),
        ("run", "active", "cancelling completed_successfully completed_with_failures failed"),
        ("run", "cancelling", "cancelled failed"),
        ("phase_run", "pending", "in_progress skipped cancelled"),
        (
            "phase_run",
            "in_progress",
            "completed completed_with_failures failed skipped cancelled",
        ),
        ("unit", "waiting", "queued cancelled"),
        ("unit", "queued", "running failed cancelled"),
        ("unit", "running", "done failed queued cancelled"),
    )
}

PAIRS = [
    pytest.param(entity, here, there, id=f"{entity}-{here}-{there}")
    for entity, states in STATES.items()
    for here, there in product(states, states)
]


@pytest.mark.parametrize(("entity", "here", "there"), PAIRS)
def test_exactly_the_drawn_edges_are_allowed(entity, here, there):
    is_drawn = here == there or there in ALLOWED.get((entity, here), ())

    assert lifecycle.is_allowed(entity, here, there) is is_drawn


def test_nothing_leads_out_of_the_end_of_a_run_a_phase_or_a_unit():
    for entity in ("run", "phase_run", "unit"):
        ends = {state for state in STATES[entity] if state.is_terminal}

        assert {here for here, _ in lifecycle.EDGES[entity]} == set(STATES[entity]) - ends


def test_every_state_can_be_reached_from_the_first_one():
    for entity, states in STATES.items():
        reached = {next(iter(states))}
        for _ in states:
            reached |= {there for here, there in lifecycle.EDGES[entity] if here in reached}

        assert reached == set(states), entity


class TestHowAPhaseEnds:
    @pytest.mark.parametrize(
        ("done", "failed", "reused", "status"),
        [
            (3, 0, 0, PhaseStatus.COMPLETED),
            (3, 0, 2, PhaseStatus.COMPLETED),
            (2, 1, 0, PhaseStatus.COMPLETED_WITH_FAILURES),
            (0, 1, 2, PhaseStatus.COMPLETED_WITH_FAILURES),
            (0, 3, 0, PhaseStatus.FAILED),
            (0, 0, 3, PhaseStatus.SKIPPED),
            (0, 0, 0, PhaseStatus.SKIPPED),
        ],
    )
    def test_follows_from_how_its_units_did(self, done, failed, reused, status):
        assert lifecycle.phase_outcome(done, failed, reused=reused) is status

    @given(*[st.integers(0, 1000)] * 3)
    def test_is_a_success_only_if_nothing_failed(self, done, failed, reused):
        status = lifecycle.phase_outcome(done, failed, reused=reused)

        assert status.is_terminal
        assert (status in {PhaseStatus.COMPLETED, PhaseStatus.SKIPPED}) is (failed == 0)
        assert (status is PhaseStatus.FAILED) is (failed > 0 and done + reused == 0)


PHASE_ENDS = [status for status in PhaseStatus if status.is_terminal]


class TestHowARunEnds:
    @pytest.mark.parametrize(
        ("phases", "status"),
        [
            ("completed completed", RunStatus.COMPLETED_SUCCESSFULLY),
            ("skipped completed", RunStatus.COMPLETED_SUCCESSFULLY),
            ("skipped skipped", RunStatus.COMPLETED_SUCCESSFULLY),
            ("completed completed_with_failures", RunStatus.COMPLETED_WITH_FAILURES),
            ("completed failed", RunStatus.COMPLETED_WITH_FAILURES),
            ("completed_with_failures", RunStatus.COMPLETED_WITH_FAILURES),
            ("failed skipped", RunStatus.FAILED),
            ("failed failed", RunStatus.FAILED),
        ],
    )
    def test_follows_from_how_its_phases_did(self, phases, status):
        assert lifecycle.run_outcome([PhaseStatus(name) for name in phases.split()]) is status

    @given(st.lists(st.sampled_from(PHASE_ENDS), min_size=1), st.randoms())
    def test_does_not_depend_on_their_order(self, phases, random):
        shuffled = random.sample(phases, len(phases))

        assert lifecycle.run_outcome(shuffled) is lifecycle.run_outcome(phases)

    @given(st.lists(st.sampled_from(PHASE_ENDS), min_size=1))
    def test_is_never_a_success_with_a_failure_in_it(self, phases):
        good = {PhaseStatus.COMPLETED, PhaseStatus.SKIPPED}

        is_success = lifecycle.run_outcome(phases) is RunStatus.COMPLETED_SUCCESSFULLY

        assert is_success is set(phases).issubset(good)


class TestHowAnEssayEnds:
    @pytest.mark.parametrize(
        ("has_result", "has_failed", "status"),
        [
            ([True, True], False, "processed"),
            ([True, False], True, "partly_processed"),
            ([True, False], False, "partly_processed"),
            ([False, False], True, "failed"),
            ([False, False], False, "ready_for_processing"),
        ],
    )
    def test_follows_from_the_results_it_has(self, has_result, has_failed, status):
        assert lifecycle.essay_outcome(has_result, has_failed=has_failed) == status

    @given(st.lists(st.booleans(), min_size=1), st.booleans())
    def test_is_processed_only_with_a_result_in_every_phase(self, has_result, has_failed):
        status = lifecycle.essay_outcome(has_result, has_failed=has_failed)

        assert (status is EssayStatus.PROCESSED) is all(has_result)
        assert lifecycle.is_allowed("essay", EssayStatus.IN_PROCESSING, status)


class TestHowABatchEnds:
    @pytest.mark.parametrize(
        ("essays", "status"),
        [
            ("processed processed", BatchStatus.COMPLETED_SUCCESSFULLY),
            ("processed failed", BatchStatus.COMPLETED_WITH_FAILURES),
            ("processed content_failed", BatchStatus.COMPLETED_WITH_FAILURES),
            ("partly_processed", BatchStatus.COMPLETED_WITH_FAILURES),
            ("failed failed", BatchStatus.FAILED),
            ("failed content_failed", BatchStatus.FAILED),
        ],
    )
    def test_follows_from_how_its_essays_did(self, essays, status):
        assert lifecycle.batch_outcome([EssayStatus(name) for name in essays.split()]) is status

    @given(st.lists(st.sampled_from(EssayStatus), min_size=1))
    def test_is_a_success_only_if_every_essay_is_processed(self, essays):
        status = lifecycle.batch_outcome(essays)

        assert (status is BatchStatus.COMPLETED_SUCCESSFULLY) is (
            set(essays) == {EssayStatus.PROCESSED}
        )
        assert lifecycle.is_allowed("batch", BatchStatus.PROCESSING, status)
