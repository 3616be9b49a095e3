"""Which essays are compared next."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from pipelines.phases.cj_assessment import matching
from pipelines.phases.cj_assessment.decisions import Decision, Pair
from pipelines.phases.cj_assessment.grades import Anchor


def next_round(
    essays: Sequence[str],
    decisions: Iterable[Decision],
    round_no: int,
    *,
    seed: int,
    prior: Mapping[str, float] | None = None,  # noqa: ARG001
    anchors: Mapping[str, Anchor] | None = None,  # noqa: ARG001
) -> tuple[Pair, ...]:
    """Pairs for one round: every essay once, or all but one, none that has been judged before.

    Args:
        essays: ids; their order makes no difference.
        decisions: all there are; those of this round and later ones are ignored, so that a round is always planned
            alike.
        round_no: from 1.
        seed: with the same essays, decisions and round the same pairs come out.
        prior: a score for each essay by somebody cheap, on any scale; see `assessing.assess`.
        anchors: essays whose strength or grade is known.

    Returns:
        Sorted; empty where every pair has been judged, or there are fewer than two essays.
    """
    ids = sorted(essays)
    earlier = [one for one in decisions if one.round_no < round_no]
    rng = np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, round_no))))
    place = {essay: index for index, essay in enumerate(ids)}
    met = frozenset(
        (min(pair), max(pair)) for pair in ((place[one.left], place[one.right]) for one in earlier)
    )
    pairs = matching.at_random(range(len(ids)), met, rng)
    sided = (pair if rng.random() < 0.5 else pair[::-1] for pair in sorted(pairs))  # noqa: PLR2004
    return tuple(sorted(Pair(ids[left], ids[right]) for left, right in sided))
