"""How sure strengths are."""

import numpy as np

from pipelines.phases.cj_assessment import curvature
from pipelines.phases.cj_assessment.comparisons import Floats, Ints
from pipelines.phases.cj_assessment.model import Model
from pipelines.phases.cj_assessment.strength import Fit

EXACT_UP_TO = 700
PROBES = 64
_ACCURACY = 1e-2


def standard_errors(
    fit: Fit, *, rng: np.random.Generator | None = None, probes: int = PROBES
) -> Floats:
    """(n,) standard errors of the strengths, as far as they can be told from each other.

    Without anchors only differences mean anything, so that what all share of the uncertainty is left out: strengths are
    taken around their mean.

    Args:
        rng: from which the probes of large classes are drawn; class sizes are exact and need none.
        probes: how many.
    """
    model = fit.model
    if model.n > EXACT_UP_TO:
        bend = curvature.Sparse(model, fit.information)
        variances = _probed(model, bend, rng or np.random.default_rng(0), probes)
    else:
        variances = _exact(model, curvature.Dense(model, fit.information))
    return np.sqrt(np.maximum(variances - _of_the_mean(model), 0.0))


def of_gaps(fit: Fit, left: Ints, right: Ints) -> Floats:
    """(p,) variances of the differences of two strengths; of large classes as if the two were independent."""
    if fit.model.n > EXACT_UP_TO:
        variances = standard_errors(fit) ** 2
        return np.asarray(variances[left] + variances[right])
    both = _covariance(fit)
    own = np.diagonal(both)
    return np.maximum(own[left] + own[right] - 2 * both[left, right], 0.0)


def _covariance(fit: Fit) -> Floats:
    """(n, n) of the strengths, with what all share."""
    n, model = fit.model.n, fit.model
    inverse = curvature.Dense(model, fit.information).inverse()
    own = inverse[:n, :n]
    if model.loadings.any():
        mixed = model.loadings @ inverse[n:, :n]
        own = own + mixed + mixed.T + model.loadings @ inverse[n:, n:] @ model.loadings.T
    return np.asarray(own)


def _exact(model: Model, bend: curvature.Dense) -> Floats:
    n, loadings = model.n, model.loadings
    if not loadings.any():
        return bend.variances()[:n]
    inverse = bend.inverse()
    return np.asarray(
        np.diagonal(inverse)[:n]
        + 2 * np.einsum("ik,ki->i", loadings, inverse[n:, :n])
        + np.einsum("ik,kl,il->i", loadings, inverse[n:, n:], loadings)
    )


def _of_the_mean(model: Model) -> float:
    """The variance of the mean strength: decisions say nothing about it, so without anchors it is the prior's."""
    return 0.0 if model.is_anchored else float(1 / model.precision[: model.n].sum())


def _probed(model: Model, bend: curvature.Sparse, rng: np.random.Generator, probes: int) -> Floats:
    """The diagonal of the inverse by random signs.

    Source: Bekas, Kokiopoulou & Saad (2007), "An estimator for the diagonal of a matrix", Appl. Numer. Math. 57.
    """
    n, loadings = model.n, model.loadings
    signs = rng.integers(0, 2, (n, probes)) * 2.0 - 1.0
    solved = bend.solve(np.concatenate([signs, loadings.T @ signs]), accuracy=_ACCURACY)
    return np.asarray(np.einsum("ij,ij->i", signs, solved[:n] + loadings @ solved[n:]) / probes)
