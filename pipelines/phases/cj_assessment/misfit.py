"""Who decides, or is decided about, less regularly than the model expects.

Of a decision that went `won` where `chance` was expected the surprise is (won - chance)² against its variance, chance x
(1 - chance). Outfit is the mean of the quotients, infit the quotient of the sums, which close pairs dominate. Both are
about 1; far above it is erratic, far below it is more regular than chance allows.

Source: Wright & Masters (1982), "Rating Scale Analysis", chapter 5; Pollitt (2012), "The method of Adaptive Comparative
Judgement", Assess. Educ. 19, 281-300, for the limit of two standard deviations.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.phases.cj_assessment.comparisons import Floats, Ints

LEAST_OF_JUDGE = 20
"""Decisions below which a judge's figures mean nothing."""

_ODD = 1.3
_SDS = 2.0
_CERTAIN = 1e-9


@dataclass(frozen=True, eq=False)
class Misfit:
    """Of each of some essays or judges.

    Attributes:
        infit: (g,) NaN for who has no decisions.
        outfit: (g,) the same.
        is_odd: (g,) whether the infit is above 1.3, and two standard deviations above the mean of the others.
    """

    infit: Floats
    outfit: Floats
    is_odd: NDArray[np.bool_]


def of(
    groups: Ints,
    won: Floats,
    chances: Floats,
    size: int,
    *,
    own: Floats | None = None,
    least: int = 1,
) -> Misfit:
    """Misfit of groups of decisions.

    Args:
        groups: (m,) the group, below `size`, that each decision belongs to.
        won: (m,) how it went.
        chances: (m,) how it was expected to.
        own: (m,) what part each decision itself has in what was expected of it, 0 to 1: by so much its surprise is
            less than the variance.
        least: groups with fewer decisions get NaN.
    """
    # Of a judge who never errs chances come to 1, and what is certain has no variance to divide by.
    chances = np.clip(chances, _CERTAIN, 1 - _CERTAIN)
    variance = chances * (1 - chances)
    if own is not None:
        variance = variance * (1 - own)
    surprise = (won - chances) ** 2
    counts = np.bincount(groups, minlength=size)
    enough = counts >= max(least, 1)
    infit = _quotient(
        np.bincount(groups, surprise, size), np.bincount(groups, variance, size), enough
    )
    outfit = _quotient(np.bincount(groups, surprise / variance, size), counts, enough)
    is_odd = np.zeros(size, np.bool_)
    is_odd[enough] = infit[enough] > np.maximum(_ODD, _limits(infit[enough]))
    return Misfit(infit, outfit, is_odd)


def _limits(infit: Floats) -> Floats:
    """(g,) for each, by the others alone: among five no one is two deviations above a mean that is partly its own."""
    others = max(len(infit) - 1, 1)
    mean = (infit.sum() - infit) / others
    square = ((infit * infit).sum() - infit * infit) / others
    return np.asarray(mean + _SDS * np.sqrt(np.maximum(square - mean * mean, 0.0)))


def _quotient(above: Floats | Ints, below: Floats | Ints, where: NDArray[np.bool_]) -> Floats:
    return np.asarray(np.divide(above, below, out=np.full(len(above), np.nan), where=where))
