from dataclasses import replace

import numpy as np
import pytest

from pipelines.phases.cj_assessment import stopping
from pipelines.phases.cj_assessment.curve import CurvePoint
from pipelines.phases.cj_assessment.reliability import Honest
from pipelines.phases.cj_assessment.stopping import Standing, StopReason, Unmet

RELIABLE = Standing(
    essays=30,
    pairs_left=300,
    decisions=135,
    round_no=9,
    honest=Honest(0.82, 0.76, 0.88),
    components=1,
    gains=np.array([0.1, 0.2] * 50),
)


def stop(**changed):
    return stopping.decided(replace(RELIABLE, **changed), target=0.8, most_rounds=20)


def test_what_is_reliable_is_enough():
    assert stop() == stopping.Stop(StopReason.RELIABLE)


@pytest.mark.parametrize(
    ("changed", "unmet"),
    [
        ({"decisions": 7 * 15}, [Unmet.ROUNDS]),
        ({"honest": Honest(0.79, 0.76, 0.88)}, [Unmet.RELIABILITY]),
        ({"honest": Honest(0.82, 0.74, 0.88)}, [Unmet.LOWER_BOUND]),
        ({"honest": None}, [Unmet.RELIABILITY, Unmet.LOWER_BOUND]),
        ({"components": 2}, [Unmet.COMPONENTS]),
        ({"gains": np.array([0.1, -0.1] * 50)}, [Unmet.PREDICTIONS]),
        ({"gains": np.empty(0)}, [Unmet.PREDICTIONS]),
    ],
    ids=[
        "rounds",
        "reliability",
        "lower bound",
        "nothing claimed",
        "two groups",
        "coin",
        "no rounds",
    ],
)
def test_whatever_is_missing_is_said_and_goes_on(changed, unmet):
    assert stop(**changed) == stopping.Stop(None, tuple(unmet))


def test_a_few_pairs_that_nobody_could_judge_do_not_cost_a_round():
    assert stop(decisions=8 * 15 - 5).reason is StopReason.RELIABLE


def test_otherwise_the_budget_ends_it():
    assert stop(round_no=20, components=2).reason is StopReason.BUDGET


def test_and_so_does_having_judged_every_pair():
    assert stop(pairs_left=0, honest=None).reason is StopReason.EVERY_PAIR


@pytest.mark.parametrize("essays", [0, 1])
def test_one_essay_is_compared_with_nothing(essays):
    assert stop(essays=essays).reason is StopReason.NOTHING_TO_COMPARE


class TestMoreComparisons:
    POINTS = (CurvePoint(8, 8.0, 0.64, 0.8, 0.5, 0.7), CurvePoint(9, 9.0, 0.7, 0.8, 0.6, 0.8))

    def test_go_by_how_the_odds_have_grown(self):
        # 7:3 after nine; 17:3 takes 17/7 of that.
        more = stopping.more_comparisons(self.POINTS, 60, 0.7, 0.85)

        assert more == pytest.approx(9 * (17 / 7 - 1) * 60 / 2, abs=1)

    def test_are_none_where_it_is_reached(self):
        assert stopping.more_comparisons(self.POINTS, 60, 0.7, 0.7) == 0

    def test_are_not_said_where_all_there_are_would_not_do(self):
        assert stopping.more_comparisons(self.POINTS, 12, 0.7, 0.85) is None

    def test_are_not_said_where_there_is_next_to_nothing_to_go_by(self):
        assert stopping.more_comparisons(self.POINTS, 60, 0.1, 0.85) is None
        assert stopping.more_comparisons(self.POINTS, 60, None, 0.85) is None
        assert stopping.more_comparisons((), 60, 0.5, 0.85) is None
