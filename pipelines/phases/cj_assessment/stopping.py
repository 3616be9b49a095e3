"""When enough has been compared, and why.

Before round `LEAST_ROUNDS` there is nothing to decide but whether any pair is left.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipelines.phases.cj_assessment.comparisons import Floats
from pipelines.phases.cj_assessment.curve import CurvePoint
from pipelines.phases.cj_assessment.reliability import Honest

LEAST_ROUNDS = 8
MOST_ROUNDS = 20
LOWER_BY = 0.05
"""How far below the target the lower end of what is believed may be."""

_MISSING = 0.05
_SURE = 1.645


class StopReason(StrEnum):
    """Why no further round is planned."""

    RELIABLE = "reliable"
    BUDGET = "budget"
    EVERY_PAIR = "every_pair"
    NOTHING_TO_COMPARE = "nothing_to_compare"


class Unmet(StrEnum):
    """What a ranking still lacks before it counts as reliable."""

    ROUNDS = "rounds"
    RELIABILITY = "reliability"
    LOWER_BOUND = "lower_bound"
    COMPONENTS = "components"
    PREDICTIONS = "predictions"


@dataclass(frozen=True, slots=True)
class Stop:
    """Whether to stop.

    Attributes:
        reason: why to stop; None while there is more to do.
        unmet: what is missing for `StopReason.RELIABLE`; empty once nothing is.
    """

    reason: StopReason | None
    unmet: tuple[Unmet, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What stopping depends on.

    Attributes:
        essays: how many there are.
        pairs_left: how many have not been judged, validly or not.
        decisions: how many valid ones, each judge counted once a pair.
        round_no: the last round that was judged.
        honest: None where there is nothing to claim.
        components: groups of essays that decisions link.
        gains: how much better than a coin each decision was foretold.
    """

    essays: int
    pairs_left: int
    decisions: float
    round_no: int
    honest: Honest | None
    components: int
    gains: Floats


def decided(standing: Standing, *, target: float, most_rounds: int) -> Stop:
    """Whether to stop."""
    n = standing.essays
    if n < 2:  # noqa: PLR2004 - a pair
        return Stop(StopReason.NOTHING_TO_COMPARE)
    unmet = tuple(_unmet(standing, target))
    if not unmet:
        return Stop(StopReason.RELIABLE)
    if standing.pairs_left <= 0:
        return Stop(StopReason.EVERY_PAIR, unmet)
    if standing.round_no >= most_rounds:
        return Stop(StopReason.BUDGET, unmet)
    return Stop(None, unmet)


def foretells(gains: Floats) -> bool:
    """Whether decisions were foretold better than by a coin, at 95 %."""
    if len(gains) < 2:  # noqa: PLR2004 - a deviation
        return False
    return bool(gains.mean() > _SURE * gains.std(ddof=1) / math.sqrt(len(gains)))


def more_comparisons(
    points: Sequence[CurvePoint], essays: int, honest: float | None, target: float
) -> int | None:
    """How many decisions more a reliability takes, if what is told from what is not goes on growing as it has.

    Returns:
        0 if it is reached; None if nothing can be said yet, or all pairs there are would not be enough.
    """
    if honest is None or not points:
        return None
    if honest >= target:
        return 0
    told = points[-1].comparisons_per_essay
    odds = honest / (1 - honest)
    growth = odds / told
    if odds < _LEAST_ODDS:
        return None
    more = math.ceil((_odds(target) - odds) / growth * essays / 2)
    left = essays * (essays - 1) // 2 - round(told * essays / 2)
    return more if more <= left else None


_LEAST_ODDS = 0.25


def _odds(share: float) -> float:
    return share / (1 - share)


def _unmet(standing: Standing, target: float) -> list[Unmet]:
    honest = standing.honest
    rounds = standing.decisions / (standing.essays // 2)
    lacking = {
        # A few pairs that nobody could judge do not cost a round.
        Unmet.ROUNDS: rounds < LEAST_ROUNDS * (1 - _MISSING),
        Unmet.RELIABILITY: honest is None or honest.claim < target,
        Unmet.LOWER_BOUND: honest is None or honest.low < target - LOWER_BY,
        Unmet.COMPONENTS: standing.components > 1,
        Unmet.PREDICTIONS: not foretells(standing.gains),
    }
    return [what for what, is_lacking in lacking.items() if is_lacking]
