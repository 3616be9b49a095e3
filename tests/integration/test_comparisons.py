"""A person as judge: pairs lent for a while, decisions made once, and the way back."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.errors import (
    AssessmentNotFound,
    BatchNotFound,
    ComparisonDecided,
    ComparisonNotFound,
    ComparisonTaken,
    DecisionNotFound,
)
from app.services import assessments, comparisons
from app.services.comparisons import Decided, Shown
from app.services.deps import Deps
from pipelines import catalogue
from tests import catalogues
from tests.drivers import (
    Klass,
    Meeting,
    a_class,
    an_owner,
    at_once,
    change,
    drain,
    one,
    over,
    rows,
)

ESSAYS = ("a", "bb", "ccc", "dddd", "eeeee", "ffffff")
LEFT = {"choice": "left", "reasons": ["content"], "duration_ms": 4000}


@pytest.fixture
def deps(deps: Deps) -> Deps:
    """With a phase that compares neighbours in two rounds; the longer one wins."""
    return over(deps, catalogues.rounds())


@pytest.fixture
def klass(deps, publisher) -> Klass:
    """A class whose essays have been compared."""
    klass = a_class(deps, *ESSAYS)
    klass.start()
    drain(deps, publisher)
    return klass


def shown(klass: Klass) -> Shown:
    found = comparisons.next_pair(klass.batch, judge_id=klass.owner.id, deps=klass.deps)
    assert found is not None
    return found


def decide(klass: Klass, pair: Shown, wanted: dict[str, Any] = LEFT) -> Decided:
    return comparisons.decide(pair.comparison_id, wanted, judge_id=klass.owner.id, deps=klass.deps)


def undo(klass: Klass, decision: UUID) -> comparisons.Undone:
    return comparisons.undo(decision, judge_id=klass.owner.id, deps=klass.deps)


def pair_of(klass: Klass, pair: Shown) -> frozenset[UUID]:
    row = one(klass.deps, "select * from comparisons where id = :id", id=pair.comparison_id)
    return frozenset((row.left_id, row.right_id))


def by_machine(klass: Klass) -> set[frozenset[UUID]]:
    found = rows(klass.deps, "select * from judge_decisions where judge_kind = 'builtin'")
    return {frozenset((row.left_id, row.right_id)) for row in found}


def all_pairs(klass: Klass) -> list[Shown]:
    found = []
    while pair := comparisons.next_pair(klass.batch, judge_id=klass.owner.id, deps=klass.deps):
        found.append(pair)
        decide(klass, pair)
    return found


class TestAPair:
    def test_has_two_texts_what_was_asked_and_no_name(self, klass):
        pair = shown(klass)

        assert "Essay" in pair.left.text
        assert pair.left.text != pair.right.text
        assert (pair.instructions, pair.left.language) == ("Write about a challenge.", "en")
        assert (pair.decided, pair.round_no) == (0, 3)

    def test_hides_the_names_that_its_texts_have(self, deps, publisher):
        texts = ("by Anna Berg", "about Bo and Berg", "by nobody")
        klass = a_class(deps, *texts, student_names=["Anna Berg", "Bo Ek"])
        klass.start()
        drain(deps, publisher)

        both = shown(klass)

        for side in (both.left, both.right):
            assert not {"Anna", "Berg", "Bo"} & set(side.text.replace(".", " ").split())

    def test_is_lent_to_one_window_at_a_time(self, klass):
        assert pair_of(klass, shown(klass)) != pair_of(klass, shown(klass))

    def test_is_lent_to_one_of_two_that_ask_at_once(self, klass):
        shown(klass)
        meeting = replace(klass, deps=Meeting(klass.deps, "offer_comparison").deps())

        first, second = at_once(lambda: shown(meeting), lambda: shown(meeting))

        assert first.comparison_id != second.comparison_id

    def test_of_a_round_that_two_begin_at_once_is_planned_once(self, klass):
        meeting = replace(klass, deps=Meeting(klass.deps, "offer_comparison").deps())

        first, second = at_once(lambda: shown(meeting), lambda: shown(meeting))

        assert first.comparison_id != second.comparison_id
        rounds = rows(klass.deps, "select distinct round_no from comparisons")
        assert [row.round_no for row in rounds] == [3]

    def test_is_lent_again_when_its_time_is_over(self, klass, deps):
        first = shown(klass)
        change(deps, "update comparisons set lease_until = now() where judge is not null")

        assert shown(klass).comparison_id == first.comparison_id

    def test_is_not_one_that_this_person_has_decided(self, klass):
        decided = [pair_of(klass, pair) for pair in all_pairs(klass)]

        assert len(decided) == len(set(decided)) == len(ESSAYS) * (len(ESSAYS) - 1) / 2

    def test_is_mostly_one_that_no_machine_has_judged(self, klass):
        first = [pair_of(klass, shown(klass)) for _ in range(4)]

        assert sum(pair in by_machine(klass) for pair in first) <= 1

    def test_is_none_of_which_a_text_has_been_replaced(self, klass, deps):
        shown(klass)
        change(deps, "update comparisons set lease_until = null")
        change(deps, "update essays set text_sha256 = 'other' where position > 1")

        [only] = all_pairs(klass)

        assert pair_of(klass, only) == {row.id for row in klass.essays()[:2]}

    def test_of_a_batch_that_was_not_compared_is_not_there(self, deps):
        klass = a_class(deps, *ESSAYS)

        with pytest.raises(AssessmentNotFound):
            shown(klass)

    def test_of_somebody_elses_batch_is_not_there(self, klass, deps):
        with pytest.raises(BatchNotFound):
            comparisons.next_pair(klass.batch, judge_id=an_owner(deps).id, deps=deps)


class TestADecision:
    def test_is_kept_with_who_made_it_why_and_about_which_texts(self, klass, deps):
        pair = shown(klass)

        decided = decide(klass, pair)

        [row] = rows(deps, "select * from judge_decisions where judge_kind = 'person'")
        assert (row.id, row.judge) == (decided.decision_id, str(klass.owner.id))
        assert (row.choice, row.round_no) == ("left", pair.round_no)
        assert (row.detail["reasons"], row.detail["duration_ms"]) == (["content"], 4000)
        hashes = {essay.id: essay.text_sha256 for essay in klass.essays()}
        assert row.detail["left_text_sha256"] == hashes[row.left_id]
        assert row.detail["right_text_sha256"] == hashes[row.right_id]

    def test_made_twice_is_made_once(self, klass, deps):
        pair = shown(klass)

        first, second = decide(klass, pair), decide(klass, pair)

        assert first.decision_id == second.decision_id
        assert (first.is_new, second.is_new) == (True, False)
        assert (
            one(deps, "select count(*) as n from judge_decisions where judge_kind = 'person'").n
            == 1
        )

    def test_made_twice_at_once_is_made_once(self, klass):
        pair = shown(klass)
        meeting = replace(klass, deps=Meeting(klass.deps, "decide_comparison").deps())

        made = at_once(lambda: decide(meeting, pair), lambda: decide(meeting, pair))

        assert sorted(each.is_new for each in made) == [False, True]

    def test_cannot_be_made_otherwise_without_taking_it_back(self, klass):
        pair = shown(klass)
        decided = decide(klass, pair)

        with pytest.raises(ComparisonDecided) as refused:
            decide(klass, pair, LEFT | {"choice": "right"})

        assert refused.value.extra == {"decision_id": str(decided.decision_id), "choice": "left"}

    def test_counts_when_its_time_is_over_and_nobody_else_has_the_pair(self, klass, deps):
        pair = shown(klass)
        change(deps, "update comparisons set lease_until = now() - interval '1 day'")

        assert decide(klass, pair).is_new

    def test_does_not_count_when_somebody_else_has_the_pair_by_now(self, klass, deps):
        pair = shown(klass)
        change(deps, "update comparisons set judge = 'other' where judge is not null")

        with pytest.raises(ComparisonTaken, match="not decided in time") as refused:
            decide(klass, pair)

        assert refused.value.extra["reason"] == "lease_ended"

    def test_does_not_count_about_a_text_that_has_been_replaced(self, klass, deps):
        pair = shown(klass)
        change(deps, "update essays set text_sha256 = 'other'")

        with pytest.raises(ComparisonTaken, match="replaced") as refused:
            decide(klass, pair)

        assert refused.value.extra["reason"] == "text_replaced"

    def test_is_said_so_that_open_screens_read_again(self, klass, deps):
        decide(klass, shown(klass))

        assert klass.events()[-1][1] == "BatchAssessmentChangedV1"

    @pytest.mark.parametrize("comparison", [None, "somebody else's"])
    def test_about_a_pair_that_one_was_not_shown_is_refused(self, klass, deps, comparison):
        pair = shown(klass).comparison_id if comparison else uuid4()

        with pytest.raises(ComparisonNotFound):
            comparisons.decide(pair, LEFT, judge_id=an_owner(deps).id, deps=deps)


class TestTakingItBack:
    def test_withdraws_it_and_lends_the_pair_again(self, klass, deps):
        pair = shown(klass)
        decided = decide(klass, pair)

        undone = undo(klass, decided.decision_id)

        assert undone.comparison is not None
        assert undone.comparison.comparison_id == pair.comparison_id
        assert undone.comparison.lease_until > pair.lease_until
        [row] = rows(deps, "select * from judge_decisions where judge_kind = 'person'")
        assert row.withdrawn_at == undone.withdrawn_at

    def test_lets_one_decide_otherwise(self, klass, deps):
        pair = shown(klass)
        undo(klass, decide(klass, pair).decision_id)

        assert decide(klass, pair, LEFT | {"choice": "right"}).is_new

        kept = rows(
            deps,
            "select choice, withdrawn_at is null as stands from judge_decisions"
            " where judge_kind = 'person' order by decided_at",
        )
        assert [(row.choice, row.stands) for row in kept] == [("left", False), ("right", True)]

    def test_twice_is_as_good_as_once(self, klass):
        pair = shown(klass)
        decision = decide(klass, pair).decision_id

        first, second = undo(klass, decision), undo(klass, decision)

        assert first.withdrawn_at == second.withdrawn_at
        assert second.comparison is not None

    def test_again_when_it_is_decided_anew_lends_nothing(self, klass):
        pair = shown(klass)
        decision = decide(klass, pair).decision_id
        undo(klass, decision)
        decide(klass, pair)

        assert undo(klass, decision).comparison is None

    def test_lends_no_pair_whose_text_has_been_replaced(self, klass, deps):
        decision = decide(klass, shown(klass)).decision_id
        change(deps, "update essays set text_sha256 = 'other'")

        assert undo(klass, decision).comparison is None

    def test_is_for_decisions_of_persons_about_ones_own_batches(self, klass, deps):
        decision = decide(klass, shown(klass)).decision_id
        [machine, *_] = rows(deps, "select id from judge_decisions where judge_kind = 'builtin'")

        with pytest.raises(DecisionNotFound):
            undo(klass, machine.id)
        with pytest.raises(DecisionNotFound):
            undo(klass, uuid4())
        with pytest.raises(DecisionNotFound):
            comparisons.undo(decision, judge_id=an_owner(deps).id, deps=deps)


class TestTheAssessment:
    def read(self, klass: Klass) -> dict[str, Any]:
        return assessments.of_batch(klass.batch, owner_id=klass.owner.id, deps=klass.deps)

    def counts(self, klass: Klass) -> tuple[int, int]:
        found = self.read(klass)
        return found["revision"], found["decision_count"]

    def test_follows_decisions(self, klass):
        before = self.read(klass)

        decide(klass, shown(klass))

        after = self.read(klass)
        assert after["decision_count"] == before["decision_count"] + 1
        assert after["stop_reason"] == "awaiting_decisions"
        assert {each["kind"] for each in after["judges"]} == {"builtin", "person"}

    def test_is_worked_out_when_somebody_asks_and_only_if_something_was_decided(self, klass):
        assert self.counts(klass) == (1, 10)
        for _ in range(3):
            decide(klass, shown(klass))

        assert self.counts(klass) == self.counts(klass) == (2, 13)

    def test_is_worked_out_once_for_two_who_ask_at_once(self, klass):
        decide(klass, shown(klass))
        meeting = replace(klass, deps=Meeting(klass.deps, "work_out_assessment").deps())

        first, second = at_once(lambda: self.read(meeting), lambda: self.read(meeting))

        assert first == second
        assert first["revision"] == 2

    def test_follows_decisions_that_are_taken_back_and_made_again(self, klass):
        pair = shown(klass)
        decision = decide(klass, pair).decision_id
        assert self.counts(klass) == (2, 11)

        undo(klass, decision)
        assert self.counts(klass) == (3, 10)
        decide(klass, pair, LEFT | {"choice": "right"})

        assert self.counts(klass) == (4, 11)

    def test_follows_a_decision_that_was_made_otherwise_while_nobody_looked(self, klass):
        pair = shown(klass)
        decision = decide(klass, pair).decision_id
        assert self.counts(klass) == (2, 11)

        undo(klass, decision)
        decide(klass, pair, LEFT | {"choice": "right"})

        assert self.counts(klass) == (3, 11)

    def test_of_the_same_decisions_is_the_same(self, klass, deps):
        decide(klass, shown(klass))
        self.read(klass)
        [before] = rows(deps, "select detail::text from assessment_results")

        change(deps, "update assessment_results set basis = 'older'")
        self.read(klass)

        assert rows(deps, "select detail::text from assessment_results") == [before]

    def test_does_not_count_what_cannot_be_judged(self, klass):
        decide(klass, shown(klass), {"choice": "invalid", "reasons": ["unreadable"]})

        assert self.counts(klass) == (2, 10)

    def test_that_cannot_be_worked_out_stays_as_it_was_and_says_so(self, klass, deps):
        decide(klass, shown(klass))
        change(
            deps,
            "update judge_decisions set detail = jsonb_set(detail, '{judge}', '\"insane\"')"
            " where judge_kind = 'person'",
        )

        found = self.read(klass)

        assert (found["is_current"], found["decision_count"]) == (False, 10)

    def test_of_a_later_run_counts_what_persons_decided_before(self, klass, deps, publisher):
        decide(klass, shown(klass))
        klass.start()
        drain(deps, publisher)

        found = self.read(klass)

        assert found["run_id"] == str(klass.runs[-1])
        assert found["decision_count"] == 11

    def test_of_a_later_run_does_not_count_what_was_decided_about_other_texts(
        self, klass, deps, publisher
    ):
        decide(klass, shown(klass))
        change(
            deps,
            "update essays set text_sha256 = text_sha256 || 'x'",
            "update contents set sha256 = sha256 || 'x'",
        )
        klass.start()
        drain(deps, publisher)

        assert self.read(klass)["decision_count"] == 10

    def test_of_a_later_run_lends_no_pair_that_was_decided_before(self, klass, deps, publisher):
        before = {pair_of(klass, pair) for pair in all_pairs(klass)[:4]}
        klass.start()
        drain(deps, publisher)

        assert not [pair for pair in all_pairs(klass) if pair_of(klass, pair) in before]


def test_a_class_that_only_its_teacher_judges_with_the_phase_as_it_is_shipped(deps, publisher):
    deps = over(deps, catalogue.load())
    klass = a_class(deps, *ESSAYS)
    klass.start("cj_assessment", judging={"judge": "person"})
    drain(deps, publisher)
    before = assessments.of_batch(klass.batch, owner_id=klass.owner.id, deps=deps)
    [told] = rows(deps, "select payload from notifications where type like '%assessment%'")

    pairs = [shown(klass) for _ in range(3)]
    for pair in pairs:
        decide(klass, pair, LEFT | {"choice": "right"})

    after = assessments.of_batch(klass.batch, owner_id=klass.owner.id, deps=deps)
    assert (before["decision_count"], before["stop_reason"]) == (0, "awaiting_decisions")
    assert told.payload["rankings_available"] is False
    assert len({pair.round_no for pair in pairs}) == 1
    assert (after["decision_count"], after["stop_reason"]) == (3, "awaiting_decisions")
    assert [each["n"] for each in after["essays"]] == [1] * len(ESSAYS)
    better = {frozenset((row.left_id, row.right_id)): row.right_id for row in _decided(deps)}
    ranked = {each["essay_id"]: each["rank"] for each in after["essays"]}
    ids = {row.id: row.essay_id for row in klass.essays()}
    assert {ranked[ids[essay]] for essay in better.values()} == {1}


def _decided(deps: Deps) -> list[Any]:
    return rows(deps, "select * from judge_decisions")
