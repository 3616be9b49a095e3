import numpy as np
import pytest

from pipelines.phases.cj_assessment import polya_gamma

DRAWS = 40_000


def variance(odds: float) -> float:
    """Of PG(1, odds), by Polson, Scott & Windle (2013)."""
    if odds == 0:
        return 1 / 24
    return (np.sinh(odds) - odds) / (4 * odds**3 * np.cosh(odds / 2) ** 2)


@pytest.mark.parametrize("odds", [0.0, 0.5, -2.0, 6.0])
@pytest.mark.parametrize("weight", [1.0, 0.5])
def test_mean_and_variance_are_as_they_should_be(odds, weight):
    rng = np.random.default_rng(1)

    drawn = polya_gamma.draw(np.full(DRAWS, weight), np.full(DRAWS, odds), rng)

    expected = weight * polya_gamma.mean(np.array([odds]))[0]
    error = np.sqrt(weight * variance(odds) / DRAWS)
    assert drawn.mean() == pytest.approx(expected, abs=4 * error)
    assert drawn.var() == pytest.approx(weight * variance(odds), rel=0.05)
    assert drawn.min() > 0


def test_nothing_is_drawn_for_nothing():
    assert polya_gamma.draw(np.empty(0), np.empty(0), np.random.default_rng(1)).shape == (0,)
