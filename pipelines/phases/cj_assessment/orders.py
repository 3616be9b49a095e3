"""In which order a judge sees a pair, and whether it is asked once more with the sides swapped.

Models lean: some prefer what they read first, whatever it says. A steady lean is an unknown of the strength model like
any other, and asking once a pair is enough to learn it. What the model cannot take out is a judge that decides one way
or the other as the sides fall; such a judge is asked both ways, and two answers that differ count as a tie.

So a judge is tried first: a seeded sample of the first rounds' pairs is put to it in both orders.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Self

import numpy as np

from pipelines.phases.cj_assessment.decisions import Choice, Decision, Pair
from pipelines.phases.cj_assessment.stopping import LEAST_ROUNDS

TRIAL_ROUNDS = 2
SAMPLE = 0.2
"""Of all pairs of an assessment that ends as early as it may, so that trying costs a fifth more at most."""
MOST_SAMPLED = 100
"""Pairs a round; more would tell nothing new."""

CONSISTENT = 0.9
"""Deciding so many pairs alike in both orders is enough to be asked once."""
STEADY = 2 / 3
"""Where twice as many of the others go one way as the other, they are a lean."""


@dataclass(frozen=True, slots=True)
class Swaps:
    """How a judge decided the pairs that it saw in both orders.

    Attributes:
        alike: the same essay both times, or a tie both times.
        lefts: the left one both times, which is another essay each time.
        rights: the right one both times.
        others: a tie in one order only.
    """

    alike: int = 0
    lefts: int = 0
    rights: int = 0
    others: int = 0

    @classmethod
    def of(cls, decisions: Iterable[Decision], judge: str) -> Self:
        """Count one judge's."""
        own = sorted(
            (one for one in decisions if one.judge == judge and one.is_valid),
            key=lambda one: (one.round_no, one.pair.essays, one.order),
        )
        counts = {"alike": 0, "lefts": 0, "rights": 0, "others": 0}
        for _, asked in groupby(own, key=lambda one: (one.round_no, one.pair.essays)):
            first, *again = asked
            if again:
                counts[_kind(first, again[0])] += 1
        return cls(**counts)

    @property
    def pairs(self) -> int:
        """How many it saw in both orders."""
        return self.alike + self.lefts + self.rights + self.others

    @property
    def consistency(self) -> float | None:
        """The share it decided alike; None if it was never asked twice."""
        return self.alike / self.pairs if self.pairs else None

    @property
    def is_steady(self) -> bool:
        """Whether the side on which an essay stands makes no difference, or always the same."""
        if self.consistency is None:
            return False
        differing = self.pairs - self.alike
        return self.consistency >= CONSISTENT or max(self.lefts, self.rights) >= STEADY * differing


@dataclass(frozen=True, slots=True)
class Asked:
    """A pair with the sides as a judge will see them.

    Attributes:
        order: 0, or 1 where it is asked once more with the sides swapped.
    """

    pair: Pair
    order: int = 0


def of_round(
    pairs: Sequence[Pair], decisions: Iterable[Decision], round_no: int, *, seed: int, judge: str
) -> tuple[Asked, ...]:
    """What to ask a judge in a round.

    Args:
        pairs: of this round.
        decisions: all there are; only this judge's of earlier rounds count.
        round_no: from 1.
        seed: with the same pairs, decisions and round the same is asked.

    Returns:
        Every pair as it is; and each, some or none once more with the sides swapped, right behind it.
    """
    twice = _twice(
        pairs, [one for one in decisions if one.round_no < round_no], round_no, seed, judge
    )
    return tuple(
        asked
        for pair in pairs
        for asked in ((Asked(pair), Asked(pair.swapped(), 1)) if pair in twice else (Asked(pair),))
    )


def sampled(pairs: int) -> int:
    """How many of a round's pairs are asked in both orders while a judge is tried."""
    wanted = round(SAMPLE * LEAST_ROUNDS / TRIAL_ROUNDS * pairs)
    return min(max(wanted, 1), MOST_SAMPLED, pairs)


def _twice(
    pairs: Sequence[Pair], earlier: Sequence[Decision], round_no: int, seed: int, judge: str
) -> frozenset[Pair]:
    if round_no > TRIAL_ROUNDS:
        return frozenset() if Swaps.of(earlier, judge).is_steady else frozenset(pairs)
    rng = np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, round_no, 1))))
    drawn = rng.permutation(len(pairs))[: sampled(len(pairs))]
    ordered = sorted(pairs)
    return frozenset(ordered[index] for index in drawn)


def _kind(first: Decision, again: Decision) -> str:
    if (first.choice is Choice.TIE) != (again.choice is Choice.TIE):
        return "others"
    if first.preferred == again.preferred:
        return "alike"
    return "lefts" if first.choice is Choice.LEFT else "rights"
