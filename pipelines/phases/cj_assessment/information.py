"""How much a comparison would tell."""

import numpy as np
from numpy.typing import NDArray

from pipelines.phases.cj_assessment import errors
from pipelines.phases.cj_assessment.comparisons import Floats, Ints
from pipelines.phases.cj_assessment.strength import Fit

ALL_PAIRS_UP_TO = 500
WINDOW = 40
"""Essays on either side, by strength, that one of a larger class may be compared with."""

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


def most_telling(
    fit: Fit, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.float64] | None]:
    """Pairs of essays, the most telling first, equals in random order.

    All pairs there are, or in large classes those that are near each other: pairs far apart tell next to nothing.

    Returns:
        (p, 2) the pairs, and for classes of which all are looked at `table`.
    """
    n, strengths = fit.model.n, fit.strengths
    told = None
    if n <= ALL_PAIRS_UP_TO:
        told = table(fit)
        one, other = np.triu_indices(n, 1)
        gains = told[one, other]
    else:
        one, other = _neighbours(strengths)
        gains = gain(strengths[one] - strengths[other], errors.of_gaps(fit, one, other))
    shuffled = rng.permutation(len(gains))
    order = shuffled[np.argsort(-gains[shuffled], kind="stable")]
    return np.stack([one[order], other[order]], 1), told


def table(fit: Fit) -> Floats:
    """(n, n) what each pair would tell; for classes of which all pairs are looked at."""
    n, strengths = fit.model.n, fit.strengths
    one, other = np.triu_indices(n, 1)
    found = np.zeros((n, n))
    found[one, other] = gain(strengths[one] - strengths[other], errors.of_gaps(fit, one, other))
    return found + found.T


def gain(gap: Floats, doubt: Floats) -> Floats:
    """(p,) expected information of a decision, in nats.

    Args:
        gap: expected difference of the two strengths.
        doubt: its variance.

    Source: Lindley (1956), Ann. Math. Stat. 27, 986-1005: entropy of what will be decided, less what is expected to be
    left of it if both strengths were known; the mean over the normal by Gauss and Hermite.
    """
    odds = gap[:, None] + np.sqrt(doubt)[:, None] * _NODES
    chances = 1 / (1 + np.exp(-odds))
    return _entropy(chances @ _WEIGHTS) - _entropy(chances) @ _WEIGHTS


def _entropy(chances: Floats) -> Floats:
    safe = np.clip(chances, 1e-12, 1 - 1e-12)
    return np.asarray(-safe * np.log(safe) - (1 - safe) * np.log1p(-safe))


def _neighbours(strengths: Floats) -> tuple[Ints, Ints]:
    n = len(strengths)
    by_strength = np.argsort(strengths, kind="stable")
    place = np.repeat(np.arange(n), WINDOW)
    ahead = place + np.tile(np.arange(1, WINDOW + 1), n)
    is_there = ahead < n
    return by_strength[place[is_there]], by_strength[ahead[is_there]]
