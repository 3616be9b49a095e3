import numpy as np

from pipelines.phases.cj_assessment import placing


def everybody(n):
    return np.ones(n, np.bool_)


def test_ranks_go_by_scores_and_equals_share_the_better_one():
    scores = np.array([0.0, 2.0, 2.0 + 1e-9, 3.0])

    assert placing.placed(scores, scores[None, :], everybody(4), top=1).ranks.tolist() == [
        4,
        2,
        2,
        1,
    ]


def test_intervals_hold_nine_in_ten_draws_and_the_rank_itself():
    draws = np.array([[3.0, 2.0, 1.0]] * 90 + [[1.0, 2.0, 3.0]] * 10)

    found = placing.placed(np.array([3.0, 2.0, 1.0]), draws, everybody(3), top=1)

    assert found.low.tolist() == [1, 2, 1]
    assert found.high.tolist() == [3, 2, 3]
    assert found.p_top.tolist() == [0.9, 0, 0.1]


def test_groups_are_whoever_cannot_be_told_from_their_first():
    rng = np.random.default_rng(1)
    scores = np.array([3.0, 2.9, 1.0, 0.9])

    groups = placing.placed(scores, scores + 0.3 * rng.normal(size=(500, 4)), everybody(4), top=1)

    assert groups.groups.tolist() == [1, 1, 2, 2]


def test_anchors_are_placed_but_take_no_place():
    scores = np.array([3.0, 2.0, 1.0])

    found = placing.placed(scores, scores[None, :], np.array([False, True, True]), top=1)

    assert found.ranks.tolist() == [1, 1, 2]
