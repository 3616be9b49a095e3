import pytest

from pipelines.phases.cj_assessment import comparisons
from pipelines.phases.cj_assessment.decisions import (
    ContradictoryDecisionsError,
    Pair,
    UnknownEssayError,
)
from tests.unit.phases.cj_assessment.simulated import a_class, decision


def test_the_order_of_essays_and_decisions_makes_no_difference():
    strengths, decisions = a_class(10, 3)
    ids = list(strengths)

    one = comparisons.of(ids, decisions)
    other = comparisons.of(ids[::-1], decisions[::-1] + decisions[:4])

    assert one.essays == other.essays
    for name in ("left", "right", "won", "weight", "judge", "round_no"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes()


def test_what_is_invalid_says_nothing_of_essays_and_nothing_of_unknown_ones():
    given = [decision("a", "b", "invalid"), decision("a", "zz", "invalid")]

    compared = comparisons.of("ab", given)

    assert len(compared) == 0
    assert compared.judges == ()


def test_a_judge_asked_in_both_orders_counts_once():
    given = [
        decision("a", "b"),
        decision("b", "a", "right", order=1),
        decision("a", "b", judge="bo"),
    ]

    assert comparisons.of("ab", given).weight.tolist() == [0.5, 1, 0.5]


def test_a_decision_is_there_once_whatever_comes_twice():
    once = decision("a", "b")

    assert comparisons.unique([once, once]) == [once]
    with pytest.raises(ContradictoryDecisionsError, match="ann said two things of a and b"):
        comparisons.unique([once, decision("a", "b", "right")])


def test_left_and_right_may_be_told_either_way_round():
    one, other = decision("a", "b", "left"), decision("b", "a", "right")

    assert comparisons.unique([one, other]) == [one]


def test_essays_have_to_be_known_and_different():
    with pytest.raises(UnknownEssayError, match="c, in round 1"):
        comparisons.of("ab", [decision("a", "c")])
    with pytest.raises(ValueError, match="named twice"):
        comparisons.of("aab", [])
    with pytest.raises(ValueError, match="itself"):
        Pair("a", "a")
