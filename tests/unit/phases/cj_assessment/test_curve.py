import numpy as np
import pytest

from pipelines.phases.cj_assessment import comparisons, curve, errors, model, scale, strength
from tests.unit.phases.cj_assessment.simulated import a_class, decision, names


def drawn(decisions, n: int) -> curve.Curve:
    compared = comparisons.of(names(n), decisions)
    whole = model.of(compared)
    return curve.drawn(whole, whole, believed(whole), compared, np.ones(n, np.bool_))


def believed(whole: model.Model) -> scale.Draws:
    return scale.draws(whole, np.random.default_rng(1))


def test_there_is_a_point_for_each_round():
    _, decisions = a_class(20, 5)

    found = drawn(decisions, 20)

    assert [one.round_no for one in found.points] == [1, 2, 3, 4, 5]
    assert [one.comparisons_per_essay for one in found.points] == [1, 2, 3, 4, 5]
    assert found.points[0].honest < found.points[-1].honest


def test_each_point_says_between_what_it_lies():
    _, decisions = a_class(40, 12, sd=2.5)

    points = drawn(decisions, 40).points

    assert all(0 <= one.honest_low < one.honest < one.honest_high <= 1 for one in points)
    # By what is known in the end, the first round told little.
    assert points[0].honest_high < points[-1].honest_low


def test_two_essays_have_no_curve_of_reliability():
    point = drawn([decision("e000", "e001")], 2).points[0]

    assert (point.honest, point.honest_low, point.honest_high) == (None, None, None)


def test_every_round_but_the_first_is_foretold():
    _, decisions = a_class(20, 9, sd=3.0)

    found = drawn(decisions, 20)

    assert len(found.gains) == 8 * 10
    assert found.gains.mean() > 0
    assert found.gains.max() < np.log(2)


def test_decisions_with_a_round_each_get_some_points_and_the_last():
    _, decisions = a_class(20, 9)
    each = [
        decision(one.left, one.right, one.choice, round_no=number)
        for number, one in enumerate(decisions, start=1)
    ]

    found = drawn(each, 20)

    assert len(found.points) == curve.MOST_POINTS
    assert found.points[-1].comparisons_per_essay == 9


def test_nothing_decided_is_no_curve():
    found = drawn([], 20)

    assert (found.points, len(found.gains)) == ((), 0)


def test_what_is_foretold_allows_for_how_little_is_known():
    first = decision("e000", "e001")
    compared = comparisons.of(names(2), [first, decision("e001", "e000", round_no=2)])
    whole = model.of(compared)
    fit = strength.fit(whole.only(compared.round_no == 1))

    gain = curve.drawn(whole, whole, believed(whole), compared, np.ones(2, np.bool_)).gains[0]

    gap = fit.strengths[1] - fit.strengths[0] + fit.shared[0]
    doubt = errors.of_gaps(fit, np.array([1]), np.array([0]))[0]
    chance = 1 / (1 + np.exp(-gap / np.sqrt(1 + np.pi * doubt / 8)))
    assert gain == pytest.approx(np.log(2 * chance))
    assert gain < 0
