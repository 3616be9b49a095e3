import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.phases.cj_assessment.decisions import Choice, Decision, JudgeKind, Pair
from pipelines.phases.cj_assessment.grades import Anchor
from pipelines.phases.cj_assessment.pairing import next_round


def decided(pairs, round_no, choice=Choice.LEFT):
    return [
        Decision(round_no, pair.left, pair.right, choice, "judge", JudgeKind.PERSON)
        for pair in pairs
    ]


def essays(n):
    return [f"e{index:03}" for index in range(n)]


@pytest.mark.parametrize("n", [0, 1])
def test_one_essay_is_compared_with_nothing(n):
    assert next_round(essays(n), [], 1, seed=1) == ()


def test_two_essays_are_compared_once():
    first = next_round(essays(2), [], 1, seed=1)

    assert [pair.essays for pair in first] == [("e000", "e001")]
    assert next_round(essays(2), decided(first, 1), 2, seed=1) == ()


@given(n=st.integers(2, 30), seed=st.integers(0, 2**32))
@settings(deadline=None, max_examples=30)
def test_a_round_has_every_essay_once_and_no_pair_twice(n, seed):
    so_far, choices = [], itertools.cycle(Choice)

    for round_no in range(1, min(n // 2, 7) + 1):
        pairs = next_round(essays(n), so_far, round_no, seed=seed)
        seen = [essay for pair in pairs for essay in (pair.left, pair.right)]

        assert len(seen) == len(set(seen)) == n - n % 2
        assert not {pair.essays for pair in pairs} & {one.pair.essays for one in so_far}
        so_far += [decided([pair], round_no, next(choices))[0] for pair in pairs]


def test_the_order_of_essays_and_decisions_makes_no_difference():
    names = essays(20)
    so_far = decided(next_round(names, [], 1, seed=1), 1)
    so_far += decided(next_round(names, so_far, 2, seed=1), 2)

    one_way = next_round(names, so_far, 3, seed=1)

    assert next_round(names[::-1], so_far[::-1], 3, seed=1) == one_way
    assert next_round(names, so_far, 3, seed=2) != one_way


def test_what_came_in_for_this_round_or_later_is_ignored():
    names = essays(12)
    first = decided(next_round(names, [], 1, seed=1), 1)
    late = decided([Pair("e000", "e001")], 2)

    assert next_round(names, first + late, 2, seed=1) == next_round(names, first, 2, seed=1)


def played(n, rounds, **given):
    so_far = []
    for round_no in range(1, rounds + 1):
        so_far += decided(next_round(essays(n), so_far, round_no, seed=1, **given), round_no)
    return so_far


def test_everybody_is_on_the_left_about_as_often_as_on_the_right():
    so_far = played(60, 8)

    lefts = Counter(one.left for one in so_far)

    # Coins alone would leave three in ten outside of three to five; half of that is too much here.
    assert sum(3 <= lefts[essay] <= 5 for essay in essays(60)) >= 51


def test_of_an_odd_class_everybody_sits_out_in_turn():
    so_far = played(15, 10)

    taking_part = Counter(essay for one in so_far for essay in one.pair.essays)

    assert set(taking_part.values()) <= {9, 10}


def test_anchors_of_known_strength_are_not_compared_with_each_other():
    known = essays(12)[:4]
    anchors = {name: Anchor(strength=float(place)) for place, name in enumerate(known)}

    so_far = played(12, 6, anchors=anchors)

    assert not [one for one in so_far if set(known) >= set(one.pair.essays)]
