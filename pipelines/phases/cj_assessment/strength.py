"""The most likely strength of every essay."""

from dataclasses import dataclass

import numpy as np

from pipelines.phases.cj_assessment import curvature
from pipelines.phases.cj_assessment.comparisons import Floats
from pipelines.phases.cj_assessment.model import Model

_MOST_STEPS = 60
_CLOSE = 1e-6
"""A step of Newton's squares what is wrong, so that after one as short as this the rest is rounding."""

_FORCING = 1e-3
_LAST_FORCING = 1e-6


@dataclass(frozen=True, eq=False)
class Fit:
    """Where the log posterior is highest.

    Attributes:
        model: what was fitted.
        unknowns: (n + k,) essays' own parts, then the shared unknowns.
        chances: (m,) how likely each pair was to be decided for the left.
    """

    model: Model
    unknowns: Floats
    chances: Floats

    @property
    def strengths(self) -> Floats:
        """(n,) in logits, the mean of the class zero unless there are anchors."""
        return self.model.strengths(self.unknowns)

    @property
    def shared(self) -> Floats:
        """(k,) leans of judges, slope, middle: those there are."""
        return self.unknowns[self.model.n :]

    @property
    def information(self) -> Floats:
        """(m,) how much each decision tells."""
        return self.model.weight * self.chances * (1 - self.chances)


def fit(model: Model, *, start: Floats | None = None) -> Fit:
    """The maximum of the posterior, by Newton's method.

    There is exactly one, whatever was decided: an essay that never lost, one that nobody saw, and groups that never met
    have finite strengths because all have a proper prior.

    Args:
        start: (n + k,) unknowns to begin from, such as those of the round before.
    """
    unknowns = model.mean.copy() if start is None else start.copy()
    height, chances = _height(model, unknowns)
    for _ in range(_MOST_STEPS):
        slope = model.gathered(model.weight * (model.won - chances))
        slope -= model.precision * (unknowns - model.mean)
        bend = curvature.of(model, model.weight * chances * (1 - chances))
        step = bend.solve(slope, accuracy=_forcing(slope))
        longest = float(np.abs(step).max(initial=0.0))
        unknowns, height, chances = _uphill(model, unknowns, step, height)
        if longest < _CLOSE:
            break
    return Fit(model, unknowns, chances)


def _forcing(slope: Floats) -> float:
    """How exactly a step is worked out: the better, the closer; far off it would be wasted."""
    return max(min(_FORCING, float(np.abs(slope).max(initial=0.0)) * 0.1), _LAST_FORCING)


def _uphill(
    model: Model, unknowns: Floats, step: Floats, height: float
) -> tuple[Floats, float, Floats]:
    """Go as far along a step as leads up: all of it, half of it, a quarter."""
    part = 1.0
    while True:
        there = unknowns + part * step
        reached, chances = _height(model, there)
        if reached >= height - 1e-9 * abs(height) or part < 1e-6:  # noqa: PLR2004 - rounding, not a descent
            return there, reached, chances
        part /= 2


def _height(model: Model, unknowns: Floats) -> tuple[float, Floats]:
    """The log posterior up to a constant, and the chances it comes from."""
    odds = model.log_odds(unknowns)
    small = np.exp(-np.abs(odds))
    chances = np.where(odds >= 0, 1.0, small) / (1 + small)
    off = unknowns - model.mean
    likely = model.won * odds - np.maximum(odds, 0) - np.log1p(small)
    return float(model.weight @ likely - 0.5 * (model.precision * off) @ off), chances
