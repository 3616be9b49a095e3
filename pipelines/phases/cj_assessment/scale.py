"""How far a class is spread, and what is left to doubt once that is doubted too.

The usual estimates fix the spread, or leave it free without limit, and then believe too much: pairs that were chosen
because they are close stretch a scale without a prior. Here it is an unknown like the others, with a half-normal prior,
and everything is drawn from the joint posterior.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from pipelines.phases.cj_assessment import curvature, polya_gamma, strength
from pipelines.phases.cj_assessment.comparisons import Floats
from pipelines.phases.cj_assessment.model import TYPICAL_SPREAD, Model

SPREAD_SD = TYPICAL_SPREAD / NormalDist().inv_cdf(0.75)
"""Of the half-normal prior of the spread, in logits; half of it is below what is typical."""

BURN_IN, KEPT = 60, 300
LARGE, KEPT_OF_LARGE = 300, 100
"""Of a large class every draw tells more about the spread and takes longer."""

_LEAST = 0.02
_ACCURACY = 1e-5


@dataclass(frozen=True, eq=False)
class Draws:
    """From the joint posterior.

    Attributes:
        strengths: (s, n), each draw around its mean unless there are anchors.
        shared: (s, k) leans of judges, slope, middle: those there are.
        spreads: (s,) standard deviation of the class's own parts.
    """

    strengths: Floats
    shared: Floats
    spreads: Floats


def draws(model: Model, rng: np.random.Generator) -> Draws:
    """Draw by Gibbs: latent weights of the decisions, all unknowns at once, the spread twice.

    The spread is drawn given the strengths, which moves it where there is much data, and given the strengths in units
    of it, which moves it where there is little.

    What a prior tells of an essay is a part of how a class is spread, and no further spread: with slope and own spread
    as the legs of a right angle, the whole has the half-normal prior that it has without, and any correlation of prior
    and strengths is as likely. A slope with a prior of its own would take the chance from all classes that hardly
    differ, and so lift what is claimed even where it comes to nothing.

    Args:
        model: whose spread is where to begin.

    Source: Polson, Scott & Windle (2013), as in `polya_gamma`; Yu & Meng (2011), "To center or not to center",
    J. Comput. Graph. Stat. 20, 531-570, for drawing twice.
    """
    n, kept = model.n, KEPT if model.n <= LARGE else KEPT_OF_LARGE
    unknowns, spread = strength.fit(model).unknowns, TYPICAL_SPREAD
    odds = model.log_odds(unknowns)
    pull = model.gathered(model.weight * (model.won - 0.5))
    found = Draws(np.empty((kept, n)), np.empty((kept, len(unknowns) - n)), np.empty(kept))
    belief = _Belief()
    for sweep in range(-BURN_IN, kept):
        latent = polya_gamma.draw(model.weight, odds, rng)
        if model.slope is not None:
            belief = _beside_slope(float(np.hypot(spread, unknowns[model.slope])), rng)
        at_spread = model.with_spread(spread, slope_precision=belief.firmness)
        unknowns = _unknowns(at_spread, latent, pull, rng)
        spread = _given_strengths(unknowns[:n][model.is_free], spread, belief, rng)
        unknowns, spread = _given_units(model, unknowns, spread, belief, latent, rng)
        odds = model.log_odds(unknowns)
        if sweep >= 0:
            found.strengths[sweep] = model.strengths(unknowns)
            found.shared[sweep] = unknowns[n:]
            found.spreads[sweep] = spread
    return found


@dataclass(frozen=True, slots=True)
class _Belief:
    """Of the spread beforehand: its density is in proportion to spread^power x e^(-firmness x spread^2 / 2)."""

    firmness: float = SPREAD_SD**-2
    power: int = 0


def _beside_slope(whole: float, rng: np.random.Generator) -> _Belief:
    """The same where there is a slope, given how far both spread a class.

    Half-normal in the whole and even in the correlation, their joint density is that of two normals times
    spread / whole^2. 1 / whole^2 is an exponential mixture of normals: given one of these, which is drawn here, the
    slope is normal with this firmness.
    """
    return _Belief(
        SPREAD_SD**-2 + 2 * rng.standard_exponential() / max(whole, _LEAST) ** 2, power=1
    )


def _unknowns(model: Model, latent: Floats, pull: Floats, rng: np.random.Generator) -> Floats:
    """All of them, given the latent weights and the spread: normal."""
    bend = curvature.of(model, latent)
    pull = pull + model.precision * model.mean
    if isinstance(bend, curvature.Dense):
        return bend.solve(pull) + bend.half_solve(rng.standard_normal(len(pull)))
    # A pull with the curvature as its covariance, solved for, has the inverse as its covariance.
    noise = model.gathered(np.sqrt(latent) * rng.standard_normal(len(latent)))
    noise += np.sqrt(model.precision) * rng.standard_normal(len(pull))
    return bend.solve(pull + noise, accuracy=_ACCURACY)


def _given_strengths(
    own: Floats, spread: float, belief: _Belief, rng: np.random.Generator
) -> float:
    """The spread given the strengths: an inverse gamma, accepted as often as its firmness likes it."""
    shape = (len(own) - 1 - belief.power) / 2
    if shape <= 0:
        return spread
    drawn = max(rng.standard_gamma(shape), np.finfo(np.float64).tiny)
    proposed = float(np.sqrt(own @ own / 2 / drawn))
    favour = (spread**2 - proposed**2) * belief.firmness / 2
    if proposed > _LEAST and np.log(rng.random()) < favour:
        return proposed
    return spread


def _given_units(
    model: Model,
    unknowns: Floats,
    spread: float,
    belief: _Belief,
    latent: Floats,
    rng: np.random.Generator,
) -> tuple[Floats, float]:
    """The spread given the strengths in units of it: normal, and its sign is the units' as well.

    With a power it is accepted as often as that likes it.
    """
    own = np.where(model.is_free, unknowns[: model.n], 0.0)
    units = own / spread
    slope = units[model.left] - units[model.right]
    others = model.log_odds(unknowns) - spread * slope
    precision = latent @ (slope * slope) + belief.firmness
    middle = slope @ (model.weight * (model.won - 0.5) - latent * others) / precision
    drawn = middle + rng.standard_normal() / np.sqrt(precision)
    if belief.power and rng.random() > (abs(drawn) / spread) ** belief.power:
        return unknowns, spread
    moved = unknowns.copy()
    moved[: model.n] += (drawn - spread) * units
    return moved, max(abs(float(drawn)), _LEAST)
