"""How reliable a ranking is, by what is honest and by what is usual."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.phases.cj_assessment import errors, strength
from pipelines.phases.cj_assessment.comparisons import Comparisons, Floats
from pipelines.phases.cj_assessment.model import Model
from pipelines.phases.cj_assessment.scale import Draws

FREE_SPREAD = 7.0
"""What the usual programs come near to: hardly any prior at all, only enough for undefeated essays."""

_LEAST_ESSAYS = 3
_SPLITS = 10
_LARGE, _SPLITS_OF_LARGE = 1000, 2
_TAIL = 0.05
_CLAIMED = 0.45


@dataclass(frozen=True, slots=True)
class Honest:
    """What is believed of the squared correlation between scores and truth.

    Attributes:
        claim: what is told, 0 to 1; 45 % of what is believed is below.
        low: 5 % of what is believed is below.
        high: 5 % is above.
    """

    claim: float
    low: float
    high: float


def honest(scores: Floats, draws: Draws, which: NDArray[np.bool_]) -> Honest | None:
    """The squared correlation of the scores with each draw of what the truth may be.

    It is what reliability means, and depends on no choice of pairs: the posterior knows what was compared with what.
    Nothing is claimed for opposite orders: a negative correlation counts as minus its square. A little less than the
    middle is told, for it is worse to claim too much than too little; and not the mean, for belief leans: to great
    values where little is known, of which a mean claims too much, and to small ones where much is, of which it claims
    too little.

    Args:
        scores: (n,) those that are told. The mean of the draws is no substitute: it knows each of them.
        which: (n,) the essays it is about: the class without its anchors.

    Returns:
        None for fewer than three essays.
    """
    if which.sum() < _LEAST_ESSAYS:
        return None
    truths = draws.strengths[:, which]
    truths = truths - truths.mean(1, keepdims=True)
    scores = scores[which] - scores[which].mean()
    scale = np.sqrt((truths * truths).sum(1) * (scores @ scores))
    correlations = np.divide(truths @ scores, scale, out=np.zeros(len(truths)), where=scale > 0)
    squares = np.sign(correlations) * correlations**2
    low, claim, high = np.quantile(squares, [_TAIL, _CLAIMED, 1 - _TAIL])
    return Honest(*(max(0.0, float(value)) for value in (claim, low, high)))


def ssr(model: Model, which: NDArray[np.bool_]) -> float | None:
    """Scale separation reliability: the share of the scores' variance that is not their errors'.

    As usual, with hardly any prior; what pairs were chosen by the scores themselves inflates it.

    Source: Pollitt (2012), "The method of Adaptive Comparative Judgement", Assess. Educ. 19, 281-300; for what is wrong
    with it Bramley & Vitello (2019), "The effect of adaptivity on the reliability coefficient in adaptive comparative
    judgement", Assess. Educ. 26, 43-58.
    """
    if which.sum() < _LEAST_ESSAYS:
        return None
    fitted = strength.fit(model.with_spread(FREE_SPREAD))
    spread = float(fitted.strengths[which].var())
    noise = float((errors.standard_errors(fitted)[which] ** 2).mean())
    return max(0.0, 1 - noise / spread) if spread > 0 else 0.0


def split_half(
    model: Model, comparisons: Comparisons, which: NDArray[np.bool_], rng: np.random.Generator
) -> float | None:
    """Correlation of the scores by two halves, stepped up to the whole by Spearman and Brown; the mean of some splits.

    Halves of the judges if there are two or more, or else of the decisions.

    Returns:
        0 to 1; None for fewer than three essays or four decisions.
    """
    if which.sum() < _LEAST_ESSAYS or len(comparisons) < 4:  # noqa: PLR2004 - two a half
        return None
    found = []
    for _ in range(_SPLITS if model.n < _LARGE else _SPLITS_OF_LARGE):
        is_first = _half(comparisons, rng)
        one, other = (
            strength.fit(model.only(part)).strengths[which] for part in (is_first, ~is_first)
        )
        correlation = _correlation(one, other)
        found.append(2 * correlation / (1 + correlation) if correlation > 0 else 0.0)
    return float(np.mean(found))


def _half(comparisons: Comparisons, rng: np.random.Generator) -> NDArray[np.bool_]:
    judges = len(comparisons.judges)
    if judges < 2:  # noqa: PLR2004
        size = len(comparisons)
        return np.asarray(rng.permutation(size) < size // 2)
    return np.asarray((rng.permutation(judges) < judges // 2)[comparisons.judge])


def _correlation(one: Floats, other: Floats) -> float:
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / scale if scale > 0 else 0.0
