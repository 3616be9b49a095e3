"""What was known after each round, as far as one can tell by now."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.phases.cj_assessment import errors, reliability, strength
from pipelines.phases.cj_assessment.comparisons import Comparisons, Floats
from pipelines.phases.cj_assessment.model import Model
from pipelines.phases.cj_assessment.scale import Draws
from pipelines.phases.cj_assessment.strength import Fit

MOST_POINTS = 40


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """How reliable the ranking was after a round.

    Attributes:
        comparisons_per_essay: 2 x decisions / essays, up to then.
        honest: what is now believed of the reliability then, 0 to 1; None for fewer than three essays.
        ssr: what the usual formula said then.
        honest_low: 5 % of what is believed is below.
        honest_high: 5 % is above.
    """

    round_no: int
    comparisons_per_essay: float
    honest: float | None
    ssr: float | None
    honest_low: float | None
    honest_high: float | None


@dataclass(frozen=True, eq=False)
class Curve:
    """The points, and what became of what they foretold.

    Attributes:
        points: by round.
        gains: how much better than a coin each decision was foretold by the rounds before it, in nats.
    """

    points: tuple[CurvePoint, ...]
    gains: Floats


def drawn(
    model: Model, bare: Model, draws: Draws, comparisons: Comparisons, which: NDArray[np.bool_]
) -> Curve:
    """Fit every beginning of the decisions.

    Each fit has the spread that is believed in at the end: the first rounds alone say little about it. Its scores are
    set beside what all decisions leave possible. Everything else is as it was then.

    Args:
        model: of all decisions.
        bare: the same without a prior, which the usual formula does not have.
        draws: of what may be true, by all decisions.
        which: (n,) the essays it is about.
    """
    points, gains = [], []
    rounds = _told(np.unique(comparisons.round_no))
    for place, round_no in enumerate(rounds):
        until = comparisons.round_no <= round_no
        fit = strength.fit(model.only(until))
        honest = reliability.honest(fit.strengths, draws, which)
        points.append(
            CurvePoint(
                int(round_no),
                2 * int(until.sum()) / model.n,
                honest.claim if honest else None,
                reliability.ssr(bare.only(until), which),
                honest.low if honest else None,
                honest.high if honest else None,
            )
        )
        if place + 1 < len(rounds):
            ahead = (comparisons.round_no > round_no) & (comparisons.round_no <= rounds[place + 1])
            gains.append(_gains(fit, model.only(ahead)))
    return Curve(tuple(points), np.concatenate(gains) if gains else np.empty(0))


def _gains(fit: Fit, ahead: Model) -> Floats:
    """Log score of what was foretold, above that of a coin.

    Source: MacKay (1992), "The evidence framework applied to classification networks", Neural Comput. 4, 720-736, for
    the mean of a logistic over a normal.
    """
    doubt = errors.of_gaps(fit, ahead.left, ahead.right)
    odds = ahead.log_odds(fit.unknowns) / np.sqrt(1 + np.pi * doubt / 8)
    return np.asarray(ahead.won * odds - np.logaddexp(0, odds) + np.log(2))


def _told(rounds: NDArray[np.int64]) -> NDArray[np.int64]:
    """All of them, or so many, evenly, and the last: decisions that were read from a file may have a round each."""
    if len(rounds) <= MOST_POINTS:
        return rounds
    return rounds[np.linspace(0, len(rounds) - 1, MOST_POINTS).round().astype(np.int64)]
