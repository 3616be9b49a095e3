"""Who decides, or is decided about, less regularly than the model expects.

Of a decision that went `won` where `chance` was expected the surprise is (won - chance)² against its variance chance x
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


@dataclass(frozen=True, eq=False)
class Misfit:
    """Of each of some essays or judges.

    Attributes:
        infit: (g,) NaN for who has no decisions.
        outfit: (g,) the same.
        is_odd: (g,) whether the infit is above 1.3, and two standard deviations above the others' mean.
    """

    infit: Floats
    outfit: Floats
    is_odd: NDArray[np.bool_]


def of(groups: Ints, won: Floats, chances: Floats, size: int, *, least: int = 1) -> Misfit:
    """Misfit of groups of decisions.

    Args:
        groups: (m,) the group, below `size`, that each decision belongs to.
        won: (m,) how it went.
        chances: (m,) how it was expected to.
        least: groups with fewer decisions get NaN.
    """
    variance = chances * (1 - chances)
    surprise = (won - chances) ** 2
    counts = np.bincount(groups, minlength=size)
    enough = counts >= max(least, 1)
    infit = _quotient(
        np.bincount(groups, surprise, size), np.bincount(groups, variance, size), enough
    )
    outfit = _quotient(np.bincount(groups, surprise / variance, size), counts, enough)
    known = infit[enough]
    limit = max(_ODD, float(known.mean() + _SDS * known.std())) if len(known) else _ODD
    return Misfit(infit, outfit, np.nan_to_num(infit) > limit)


def _quotient(above: Floats | Ints, below: Floats | Ints, where: NDArray[np.bool_]) -> Floats:
    return np.asarray(np.divide(above, below, out=np.full(len(above), np.nan), where=where))
