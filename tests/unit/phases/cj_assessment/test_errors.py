import numpy as np
import pytest

from pipelines.phases.cj_assessment import comparisons, errors, model, strength
from pipelines.phases.cj_assessment.grades import Anchor
from tests.unit.phases.cj_assessment.simulated import a_class


def fitted(n: int = 30, **given) -> strength.Fit:
    strengths, decisions = a_class(n, 6)
    return strength.fit(model.of(comparisons.of(list(strengths), decisions), **given))


def by_hand(fit: strength.Fit) -> np.ndarray:
    """Covariance of the strengths by the textbook: of everything the inverse information, and of that what is told."""
    whole, n = fit.model, fit.model.n
    rows = np.zeros((len(whole.left), len(whole.precision)))
    rows[np.arange(len(rows)), whole.left] = 1
    rows[np.arange(len(rows)), whole.right] = -1
    rows[:, n:] = whole.columns
    inverse = np.linalg.inv(rows.T * fit.information @ rows + np.diag(whole.precision))
    told = np.hstack([np.eye(n), whole.loadings])
    if not whole.is_anchored:
        told = told - told.mean(0)
    return told @ inverse @ told.T


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"prior": {"e001": 1.0, "e005": -1.0}},
        {"anchors": {"e002": Anchor(strength=1.0), "e003": Anchor(strength=-1.0)}},
    ],
    ids=["plain", "prior", "anchors"],
)
def test_errors_are_the_inverse_information(given):
    fit = fitted(**given)

    expected = np.sqrt(np.diagonal(by_hand(fit)))

    assert errors.standard_errors(fit) == pytest.approx(expected, rel=1e-9)
    one, other = np.triu_indices(30, 1)
    both = by_hand(fit)
    gaps = both[one, one] + both[other, other] - 2 * both[one, other]
    assert errors.of_gaps(fit, one, other) == pytest.approx(gaps, rel=1e-9)


def test_probes_come_close(monkeypatch):
    fit = fitted(150, prior={"e001": 1.0, "e005": -1.0})
    exact = errors.standard_errors(fit)
    monkeypatch.setattr(errors, "EXACT_UP_TO", 0)

    probed = errors.standard_errors(fit, rng=np.random.default_rng(1))

    assert np.abs(probed / exact - 1).mean() < 0.04


def test_who_is_compared_more_is_known_better():
    strengths, decisions = a_class(20, 2)
    less = model.of(comparisons.of(list(strengths), decisions))
    more = model.of(comparisons.of(list(strengths), a_class(20, 9)[1]))

    assert (
        errors.standard_errors(strength.fit(more)).max()
        < errors.standard_errors(strength.fit(less)).min()
    )
