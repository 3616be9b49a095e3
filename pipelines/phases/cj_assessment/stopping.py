"""When enough has been compared, and why."""

from dataclasses import dataclass
from enum import StrEnum

LEAST_ROUNDS = 8
MOST_ROUNDS = 20


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
class CurvePoint:
    """How reliable the ranking was after a round.

    Attributes:
        comparisons_per_essay: 2 x decisions / essays, up to then.
        honest: what is now believed of the reliability then, 0 to 1; None where nothing can be said.
        ssr: what the usual formula said then.
    """

    round_no: int
    comparisons_per_essay: float
    honest: float | None
    ssr: float | None
