"""Ways of choosing pairs that ours is measured beside."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from pipelines.phases.cj_assessment import comparisons, matching, simulating
from pipelines.phases.cj_assessment.decisions import Decision, Pair
from pipelines.phases.cj_assessment.pairing import next_round
from pipelines.phases.cj_assessment.simulating import Pairing


def swiss(
    essays: Sequence[str],
    decisions: Iterable[Decision],
    round_no: int,
    *,
    seed: int,
    prior: Mapping[str, float] | None = None,
) -> tuple[Pair, ...]:
    """After a first round at random, neighbours by score who have not met."""
    so_far = list(decisions)
    if round_no == 1:
        return simulating.at_random(essays, so_far, round_no, seed=seed)
    compared = comparisons.of(essays, so_far)
    rng = np.random.default_rng((seed, round_no, 3))
    left, right = compared.left.tolist(), compared.right.tolist()
    met = frozenset((min(pair), max(pair)) for pair in zip(left, right, strict=True))
    waiting = np.argsort(simulating.scored(compared, prior), kind="stable").tolist()
    wanted = []
    while len(waiting) > 1:
        one = waiting.pop(0)
        free = (other for other in waiting if (min(one, other), max(one, other)) not in met)
        other = next(free, None)
        if other is not None:
            waiting.remove(other)
            wanted.append((one, other))
    names = compared.essays
    pairs = matching.in_order(wanted, range(len(names)), met, rng)
    sided = (pair if rng.random() < 0.5 else pair[::-1] for pair in pairs)  # noqa: PLR2004
    return tuple(Pair(names[left], names[right]) for left, right in sided)


PAIRINGS: Mapping[str, Pairing] = {
    "random": simulating.at_random,
    "swiss": swiss,
    "own": next_round,
}
