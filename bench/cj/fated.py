"""Judges whose luck is settled beforehand, so that two ways to rank a class differ by what they do and not by luck."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from pipelines.phases.cj_assessment.comparisons import Floats
from pipelines.phases.cj_assessment.decisions import Decision, Pair
from pipelines.phases.cj_assessment.simulating import Panel, SimulatedClass


@dataclass(frozen=True, eq=False)
class Fated(Panel):
    """Judges of whom each pair has its own, and its own luck, settled before any is chosen.

    Attributes:
        judges: (n, n) who judges a pair, the smaller place first.
        luck: (n, n) what is drawn for it.
    """

    judges: NDArray[np.int64]
    luck: Floats

    @classmethod
    def of(cls, panel: Panel, essays: int, rng: np.random.Generator) -> Self:
        """Settle it."""
        shape = (essays, essays)
        judges = rng.integers(0, len(panel.leans), shape)
        return cls(panel.sharpness, panel.leans, panel.lapses, judges, rng.random(shape))

    def decide(
        self,
        pairs: Sequence[Pair],
        about: SimulatedClass,
        round_no: int,
        rng: np.random.Generator,  # noqa: ARG002 - as the panel's, which draws
    ) -> list[Decision]:
        """One decision a pair. Luck is for the one whose place is smaller, on whichever side it stands."""
        place = {essay: index for index, essay in enumerate(about.strengths)}
        found = []
        for pair in pairs:
            one, other = sorted((place[pair.left], place[pair.right]))
            luck = self.luck[one, other]
            if place[pair.left] != one:
                luck = 1 - luck
            judge = int(self.judges[one, other])
            found.append(self.decided(pair, judge, luck, about, round_no))
        return found
