import numpy as np

from pipelines.phases.cj_assessment import comparisons, graph
from tests.unit.phases.cj_assessment.simulated import decisions_of


def numbers(essays, pairs, fixed=None):
    compared = comparisons.of(essays, decisions_of(pairs))
    return graph.components(compared, fixed).tolist()


def test_what_decisions_link_is_one_group():
    assert numbers("abcd", [("a", "b"), ("b", "c"), ("c", "d")]) == [0, 0, 0, 0]


def test_the_largest_group_comes_first_and_then_the_alphabet():
    assert numbers("abcdefg", [("a", "b"), ("d", "e"), ("e", "f")]) == [1, 1, 2, 0, 0, 0, 3]


def test_known_strengths_link_what_was_never_compared():
    pairs = [("a", "b"), ("c", "d")]

    assert numbers("abcd", pairs, np.array([0, 2])) == [0, 0, 0, 0]
    assert numbers("abcd", pairs, np.array([0])) == [0, 0, 1, 1]


def test_nobody_is_in_no_group():
    assert numbers("", []) == []
    assert numbers("ab", []) == [0, 1]
