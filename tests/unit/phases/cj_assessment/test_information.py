import numpy as np
import pytest

from pipelines.phases.cj_assessment import comparisons, information, model, strength
from tests.unit.phases.cj_assessment.simulated import a_class


def gain(gap: float, doubt: float) -> float:
    return float(information.gain(np.array([gap]), np.array([doubt]))[0])


def test_it_is_the_entropy_that_knowing_both_strengths_would_leave_out():
    rng = np.random.default_rng(1)
    odds = 0.7 + 1.2 * rng.normal(size=200_000)
    chances = 1 / (1 + np.exp(-odds))

    def entropy(p):
        return -p * np.log(p) - (1 - p) * np.log(1 - p)

    expected = entropy(chances.mean()) - entropy(chances).mean()

    assert gain(0.7, 1.44) == pytest.approx(expected, abs=1e-3)


def test_close_pairs_and_doubtful_essays_tell_most():
    assert gain(0, 1) > gain(1, 1) > gain(3, 1) > 0
    assert gain(1, 2) > gain(1, 1)
    assert gain(1, 0) == pytest.approx(0, abs=1e-12)


def fitted(n: int) -> strength.Fit:
    strengths, decisions = a_class(n, 4)
    return strength.fit(model.of(comparisons.of(list(strengths), decisions)))


def test_all_pairs_of_a_class_come_in_order():
    fit = fitted(12)

    pairs, told = information.most_telling(fit, np.random.default_rng(1))

    assert (np.diff(told[pairs[:, 0], pairs[:, 1]]) <= 0).all()
    assert {tuple(sorted(pair)) for pair in pairs.tolist()} == {
        (one, other) for one in range(12) for other in range(one + 1, 12)
    }


def test_of_a_large_class_those_near_each_other_do(monkeypatch):
    monkeypatch.setattr(information, "ALL_PAIRS_UP_TO", 0)
    monkeypatch.setattr(information, "WINDOW", 3)
    fit = fitted(20)
    place = np.argsort(np.argsort(fit.strengths))

    pairs, told = information.most_telling(fit, np.random.default_rng(1))

    assert told is None
    assert len(pairs) == 17 * 3 + 2 + 1
    assert np.abs(place[pairs[:, 0]] - place[pairs[:, 1]]).max() == 3
