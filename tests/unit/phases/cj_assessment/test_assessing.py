import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.phases.cj_assessment import simulating
from pipelines.phases.cj_assessment.assessing import assess
from pipelines.phases.cj_assessment.assessment import Warn
from pipelines.phases.cj_assessment.decisions import Choice, JudgeKind, UnknownEssayError
from pipelines.phases.cj_assessment.grades import SWEDISH, Anchor, Ungraded
from pipelines.phases.cj_assessment.stopping import StopReason, Unmet
from tests.unit.phases.cj_assessment.simulated import a_class, decision, decisions_of, names


def as_bytes(*args, **kwargs) -> bytes:
    return json.dumps(assess(*args, **kwargs).to_json(), allow_nan=False).encode()


def numbers_in(value) -> list[float]:
    if isinstance(value, dict):
        return [number for one in value.values() for number in numbers_in(one)]
    if isinstance(value, list):
        return [number for one in value for number in numbers_in(one)]
    return [value] if isinstance(value, float) else []


@pytest.fixture(scope="module")
def a_ranking():
    strengths, decisions = a_class(30, 10, sd=3.0)
    return strengths, decisions, assess(list(strengths), decisions, seed=1)


def test_better_essays_come_first(a_ranking):
    strengths, _, found = a_ranking

    told = [strengths[one.essay_id] for one in found.essays]

    assert np.corrcoef(told, range(30))[0, 1] < -0.8
    assert [one.rank for one in found.essays] == list(range(1, 31))
    assert all(one.rank_low <= one.rank <= one.rank_high for one in found.essays)
    assert all(one.low < one.score < one.high for one in found.essays)
    assert sum(one.p_top for one in found.essays) == pytest.approx(found.top)
    groups = [one.tie_group for one in found.essays]
    assert groups[0] == 1
    assert groups == sorted(groups)


def test_nine_in_ten_essays_are_where_their_interval_says():
    hits = []
    for seed in range(6):
        strengths, decisions = a_class(30, 10, seed=seed)
        middle = np.mean(list(strengths.values()))
        found = assess(list(strengths), decisions, seed=1)
        hits += [one.low < strengths[one.essay_id] - middle < one.high for one in found.essays]

    assert 0.84 < np.mean(hits) < 0.96


def test_the_curve_ends_with_what_is_claimed(a_ranking):
    _, _, found = a_ranking

    last, claimed = found.curve[-1], found.reliability
    assert (last.honest, last.honest_low, last.honest_high, last.ssr) == (
        claimed.honest,
        claimed.honest_low,
        claimed.honest_high,
        claimed.ssr,
    )
    assert len(found.curve) == found.rounds == 10
    assert list(found.more_comparisons) == [".70", ".80", ".85", ".90"]


def test_it_says_what_is_missing_until_it_stops(a_ranking):
    strengths, decisions, _ = a_ranking
    few = [one for one in decisions if one.round_no <= 3]

    early = assess(list(strengths), few, seed=1)
    late = assess(list(strengths), decisions, seed=1, target=0.5)
    spent = assess(list(strengths), decisions, seed=1, target=0.99, most_rounds=10)

    assert early.stop.reason is None
    assert Unmet.ROUNDS in early.stop.unmet
    assert early.reliability.warning is Warn.FEW_ROUNDS
    assert late.stop.reason is StopReason.RELIABLE
    assert spent.stop.reason is StopReason.BUDGET


@given(order=st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=5)
def test_the_same_decisions_and_seed_give_the_same_bytes_in_any_order(order):
    strengths, decisions = a_class(12, 5)
    ids, prior = list(strengths), {"e001": 2.0, "e004": 5.0}
    straight = as_bytes(ids, decisions, seed=3, prior=prior)
    order.shuffle(ids)
    decisions = decisions + decisions[:7]
    order.shuffle(decisions)

    assert as_bytes(ids, decisions, seed=3, prior=prior) == straight
    assert as_bytes(ids, decisions, seed=4, prior=prior) != straight


RINGS = decisions_of([("a", "b"), ("b", "c"), ("c", "a"), ("d", "e"), ("e", "f"), ("f", "d")])


@pytest.mark.parametrize(
    ("essays", "decisions"),
    [
        ("", []),
        ("a", []),
        ("ab", []),
        ("ab", decisions_of([("a", "b")])),
        ("abcdef", []),
        ("abcdef", decisions_of([("a", "b"), ("a", "c"), ("a", "d"), ("a", "e"), ("a", "f")])),
        ("abcdef", RINGS),
        ("abcd", decisions_of([("a", "b"), ("b", "c")], choice="tie")),
        ("abcd", decisions_of([("a", "b"), ("b", "c")], choice="invalid")),
    ],
    ids=[
        "no essay",
        "one essay",
        "two essays, not compared",
        "two essays",
        "nothing decided",
        "undefeated",
        "two groups",
        "ties alone",
        "nothing valid",
    ],
)
@pytest.mark.parametrize("given", [{}, {"prior": {}}, {"anchors": {}, "grade_scale": SWEDISH}])
def test_whatever_was_decided_all_numbers_are_finite(essays, decisions, given):
    found = assess(list(essays), decisions, seed=1, **given)

    assert all(math.isfinite(number) for number in numbers_in(found.to_json()))
    assert sorted(one.essay_id for one in found.essays) == sorted(essays)
    assert found.stop.reason is not StopReason.RELIABLE


@given(data=st.data(), n=st.integers(0, 7))
@settings(deadline=None, max_examples=20)
def test_anything_at_all_can_be_assessed(data, n):
    ids = names(n)
    pairs = [(one, other) for one in ids for other in ids if one < other]
    keys = st.tuples(
        st.sampled_from(pairs), st.integers(1, 9), st.sampled_from("xyz"), st.integers(0, 1)
    )
    chosen = data.draw(st.lists(keys, unique=True, max_size=40)) if pairs else []
    kinds = dict(zip("xyz", JudgeKind, strict=True))
    decisions = [
        decision(
            *pair,
            data.draw(st.sampled_from(Choice)),
            round_no=no,
            judge=judge,
            order=order,
            kind=kinds[judge],
        )
        for pair, no, judge, order in chosen
    ]

    body = as_bytes(ids, decisions, seed=data.draw(st.integers(0, 2**40)))

    assert len(json.loads(body)["essays"]) == n


class TestWhatIsOdd:
    def test_one_essay_has_nothing_to_be_compared_with(self):
        found = assess(["a"], [], seed=1)

        assert found.stop.reason is StopReason.NOTHING_TO_COMPARE
        assert (found.essays[0].rank, found.essays[0].score) == (1, 0)
        assert found.reliability.honest is None

    def test_two_essays_are_ranked_without_a_reliability(self):
        found = assess(["a", "b"], [decision("b", "a")], seed=1)

        assert [one.essay_id for one in found.essays] == ["b", "a"]
        assert found.reliability.honest is None
        assert found.stop.reason is StopReason.EVERY_PAIR

    def test_an_undefeated_essay_is_the_best_by_something_finite(self):
        found = assess(list("abc"), decisions_of([("a", "b"), ("a", "c"), ("b", "c")]), seed=1)

        assert found.essays[0].essay_id == "a"
        assert 0 < found.essays[0].score < 5
        assert found.essays[0].se > 0.3

    def test_groups_that_nothing_links_are_named(self):
        found = assess(list("abcdef"), RINGS, seed=1)

        assert found.components == (("a", "b", "c"), ("d", "e", "f"))
        assert {one.component for one in found.essays} == {0, 1}
        assert found.reliability.warning is Warn.NOT_CONNECTED
        assert Unmet.COMPONENTS in found.stop.unmet

    def test_ties_alone_make_everybody_first(self):
        ties = decisions_of([("a", "b"), ("b", "c"), ("c", "a")], choice="tie")

        found = assess(list("abc"), ties, seed=1)

        assert [one.rank for one in found.essays] == [1, 1, 1]
        assert {one.tie_group for one in found.essays} == {1}
        assert found.reliability.ssr == 0

    def test_a_single_machine_is_consistent_with_itself_and_no_more(self):
        strengths, decisions = a_class(10, 4)
        alone = [
            decision(
                one.left,
                one.right,
                one.choice,
                round_no=one.round_no,
                judge="it",
                kind=JudgeKind.LLM,
            )
            for one in decisions
        ]

        found = assess(list(strengths), alone, seed=1)

        assert found.reliability.is_internal
        assert found.judges[0].kind is JudgeKind.LLM
        assert not assess(list(strengths), decisions, seed=1).reliability.is_internal


class TestCoinFlips:
    def test_never_stop_and_are_never_called_reliable(self):
        rng = np.random.default_rng(1)
        strengths, decisions = a_class(24, 12)
        flipped = [
            decision(
                one.left,
                one.right,
                rng.choice(["left", "right"]),
                round_no=one.round_no,
                judge=one.judge,
            )
            for one in decisions
        ]

        found = assess(list(strengths), flipped, seed=1)

        assert found.stop.reason is None
        assert found.reliability.honest < 0.5
        assert Unmet.PREDICTIONS in found.stop.unmet


class TestJudges:
    def test_are_told_apart_from_the_others(self):
        strengths, decisions = a_class(30, 14, sd=4.0, pairing=simulating.at_random)
        contrary = {"left": "right", "right": "left"}
        decisions = [
            decision(
                one.left,
                one.right,
                contrary[one.choice] if one.judge == "judge 2" else one.choice,
                round_no=one.round_no,
                judge=one.judge,
            )
            for one in decisions
        ]

        found = {one.judge: one for one in assess(list(strengths), decisions, seed=1).judges}

        assert {name for name, one in found.items() if one.is_misfit} == {"judge 2"}
        assert found["judge 2"].agreement < 0.6 < found["judge 1"].agreement

    def test_who_judged_nothing_validly_is_there_too(self):
        found = assess(["a", "b"], [decision("a", "b", "invalid")], seed=1).judges[0]

        assert (found.n, found.invalid, found.position, found.infit) == (0, 1, 0, None)


class TestPrior:
    def test_is_learned_and_the_ranks_without_it_are_told(self):
        strengths, decisions = a_class(30, 6)

        found = assess(list(strengths), decisions, seed=1, prior=strengths)
        bare = assess(list(strengths), decisions, seed=1)

        assert found.prior_slope > 0.5
        assert found.ranks_without_prior is not None
        assert {one.essay_id: one.rank for one in bare.essays} == pytest.approx(
            found.ranks_without_prior, abs=4
        )
        assert (bare.prior_slope, bare.ranks_without_prior) == (None, None)

    def test_has_to_be_about_essays_of_the_class(self):
        with pytest.raises(UnknownEssayError, match="zz is not assessed"):
            assess(["a", "b"], [], seed=1, prior={"zz": 1.0})


class TestAnchors:
    def test_give_grades_and_no_anchors_give_none(self):
        strengths, decisions = a_class(20, 8)
        ids = sorted(strengths, key=lambda essay: strengths[essay])
        chosen = zip([*ids[:2], ids[10], *ids[-2:]], "FFCAA", strict=True)
        anchors = {essay: Anchor(grade=grade) for essay, grade in chosen}

        with_them = assess(ids, decisions, seed=1, anchors=anchors, grade_scale=SWEDISH).grading
        without = assess(ids, decisions, seed=1, grade_scale=SWEDISH).grading

        assert len(with_them.essays) == 15
        assert {one.grade for one in with_them.essays.values()} <= {"F", "C", "A"}
        assert with_them.without_anchors == ("E", "D", "B")
        assert without.why_not is Ungraded.NO_ANCHORS
        assert assess(ids, decisions, seed=1).grading is None

    def test_of_known_strength_are_not_ranked_and_say_where_they_drift(self):
        strengths, decisions = a_class(20, 9)
        right = {name: Anchor(strength=strengths[name], se=0.1) for name in list(strengths)[:4]}
        first = next(iter(strengths))
        wrong = right | {first: Anchor(strength=strengths[first] + 5, se=0.1)}

        found, drifted = (
            assess(list(strengths), decisions, seed=1, anchors=each) for each in (right, wrong)
        )

        assert {one.essay_id for one in found.essays if one.is_anchor} == set(right)
        assert max(one.rank for one in found.essays if not one.is_anchor) == 16
        assert first in drifted.drifting_anchors


def test_a_target_is_a_reliability():
    with pytest.raises(ValueError, match="between 0 and 1"):
        assess(["a", "b"], [], seed=1, target=1.0)
