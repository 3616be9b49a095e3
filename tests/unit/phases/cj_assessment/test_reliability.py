import numpy as np
import pytest

from pipelines.phases.cj_assessment import comparisons, model, reliability, scale, strength
from pipelines.phases.cj_assessment.decisions import Decision
from pipelines.phases.cj_assessment.pairing import next_round
from tests.unit.phases.cj_assessment.simulated import a_class, decision, names


def everybody(n: int) -> np.ndarray:
    return np.ones(n, np.bool_)


def draws_of(strengths: np.ndarray) -> scale.Draws:
    return scale.Draws(strengths, np.empty((len(strengths), 0)), np.ones(len(strengths)))


def claimed(ids, decisions) -> tuple[reliability.Honest, float]:
    about = model.of(comparisons.of(ids, decisions))
    drawn = scale.draws(about, np.random.default_rng(1))
    fitted = strength.fit(about.with_spread(float(drawn.spreads.mean())))
    which = everybody(len(ids))
    return reliability.honest(fitted.strengths, drawn, which), reliability.ssr(about, which)


def test_what_is_told_is_a_little_less_than_the_middle_of_what_may_be_true():
    scores = np.array([-1.0, 0.0, 1.0])
    # One that tells two essays from the third, one without differences, the opposite, two perfect ones.
    drawn = draws_of(
        np.array([[0, 1, 1], [0, 0, 0], [1, 0, -1], [-2, 0, 2], [-1, 0, 1]], np.float64)
    )

    found = reliability.honest(scores, drawn, everybody(3))

    # The squares are -1, 0, .75, 1 and 1; .45 of the way is .8 of the step to the middle one.
    assert found.claim == pytest.approx(0.8 * 0.75)
    assert (found.low, found.high) == (0, pytest.approx(1))


def flipped(seed: int) -> list[Decision]:
    """What coins say of sixty essays in twelve rounds of our own pairing."""
    rng, ids, decisions = np.random.default_rng(seed), names(60), []
    for round_no in range(1, 13):
        for pair in next_round(ids, decisions, round_no, seed=seed):
            choice = "left" if rng.random() < 0.5 else "right"
            decisions.append(decision(pair.left, pair.right, choice, round_no=round_no))
    return decisions


def test_coin_flips_are_called_what_they_are_where_the_usual_formula_is_taken_in():
    # Of single classes more is claimed now and then; it is the mean that has to be honest.
    claims = [claimed(names(60), flipped(seed)) for seed in range(20)]

    assert np.mean([honest.claim for honest, _ in claims]) <= 0.25
    assert max(honest.claim for honest, _ in claims) < 0.7
    assert np.mean([ssr for _, ssr in claims]) > 0.8


def test_more_rounds_are_more_reliable():
    # Of a single class luck may claim more after few rounds; the mean may not.
    few, many = [], []
    for seed in range(8):
        strengths, decisions = a_class(40, 12, seed=seed)
        first = [one for one in decisions if one.round_no <= 6]
        few.append(claimed(list(strengths), first)[0])
        many.append(claimed(list(strengths), decisions)[0])

    assert np.mean([one.claim for one in few]) < np.mean([one.claim for one in many])
    assert np.mean([one.high - one.low for one in many]) < np.mean(
        [one.high - one.low for one in few]
    )


def test_two_essays_have_no_reliability():
    about = model.of(comparisons.of("ab", [decision("a", "b")]))

    assert reliability.honest(np.zeros(2), draws_of(np.zeros((4, 2))), everybody(2)) is None
    assert reliability.ssr(about, everybody(2)) is None


def halves(decisions, ids):
    compared = comparisons.of(ids, decisions)
    rng = np.random.default_rng(1)
    return reliability.split_half(model.of(compared), compared, everybody(len(ids)), rng)


def test_halves_of_the_judges_agree_as_far_as_they_judge_alike():
    strengths, decisions = a_class(40, 16)
    contrary = {"left": "right", "right": "left"}
    divided = [
        decision(
            one.left,
            one.right,
            contrary[one.choice] if one.judge < "judge 2" else one.choice,
            judge=one.judge,
            round_no=one.round_no,
        )
        for one in decisions
    ]

    assert halves(decisions, list(strengths)) > 0.6
    assert halves(divided, list(strengths)) < 0.3


def test_one_judges_decisions_are_halved_instead():
    strengths, decisions = a_class(30, 16)
    alone = [decision(one.left, one.right, one.choice, round_no=one.round_no) for one in decisions]

    assert halves(alone, list(strengths)) > 0.6


def test_three_decisions_cannot_be_halved():
    assert halves([decision("a", "b"), decision("b", "c")], "abc") is None
