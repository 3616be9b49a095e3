"""Which essays are compared next.

Two rounds are drawn at random. Later every third is, of essays that are within a third of the class of each other,
which keeps all of it linked and costs little; the others match whoever would tell most about each other. That pairs are
chosen by what came before does no harm: the posterior does not depend on how they were chosen.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from pipelines.phases.cj_assessment import comparisons, information, matching, model, strength
from pipelines.phases.cj_assessment.comparisons import Comparisons, Ints
from pipelines.phases.cj_assessment.decisions import Decision, Pair
from pipelines.phases.cj_assessment.grades import Anchor
from pipelines.phases.cj_assessment.matching import Met

_PAIR = 2
_UNBOUND, _PARTS = 2, 3


def next_round(
    essays: Sequence[str],
    decisions: Iterable[Decision],
    round_no: int,
    *,
    seed: int,
    prior: Mapping[str, float] | None = None,
    anchors: Mapping[str, Anchor] | None = None,
) -> tuple[Pair, ...]:
    """Pairs for one round: every essay once, or all but one, none that has been judged before.

    Where nearly all pairs have been judged, more may be left out.

    Args:
        essays: ids; their order makes no difference.
        decisions: all there are; those of this round and later ones are ignored, so that a round is always planned
            alike.
        round_no: from 1.
        seed: with the same essays, decisions and round the same pairs come out.
        prior: a score for each essay by somebody cheap, on any scale; see `assessing.assess`.
        anchors: essays whose strength or grade is known. Those of known strength are not compared with each other.

    Returns:
        Sorted; empty where every pair has been judged, or there are fewer than two essays.

    Raises:
        ContradictoryDecisionsError: a judge said two things of one pair in one round and order.
        UnknownEssayError: a decision, the prior or an anchor is about an essay that is not among these.
    """
    earlier = [one for one in decisions if one.round_no < round_no]
    compared = comparisons.of(essays, earlier)
    rng = np.random.Generator(np.random.Philox(np.random.SeedSequence((seed, round_no))))
    if len(compared.essays) < _PAIR:
        return ()
    met = _met(compared.essays, earlier, anchors or {})
    among = _takers(compared, rng)
    fit = strength.fit(model.of(compared, prior=prior, anchors=anchors))
    if round_no <= _UNBOUND:
        pairs = matching.at_random(among, met, rng)
    elif round_no % 3 == _UNBOUND:
        pairs = matching.at_random(among, met, rng, by=fit.strengths, parts=_PARTS)
    else:
        telling, told = information.most_telling(fit, rng)
        pairs = matching.in_order(map(tuple, telling.tolist()), among, met, rng)
        if told is not None:
            for one, other in met:
                told[one, other] = told[other, one] = -np.inf
            pairs = matching.traded(pairs, told)
    return _on_sides(pairs, compared, rng)


def _met(essays: Sequence[str], earlier: Iterable[Decision], anchors: Mapping[str, Anchor]) -> Met:
    place = {essay: index for index, essay in enumerate(essays)}
    met = {tuple(sorted((place[one.left], place[one.right]))) for one in earlier}
    fixed = sorted(place[name] for name, one in anchors.items() if one.strength is not None)
    met.update((one, other) for one in fixed for other in fixed if one < other)
    return frozenset(met)  # type: ignore[arg-type]  # pairs, each sorted


def _takers(compared: Comparisons, rng: np.random.Generator) -> list[int]:
    """Everybody, or if they are odd all but one of those who were compared most."""
    counts = compared.counts
    if len(counts) % 2 == 0:
        return list(range(len(counts)))
    out = rng.choice(np.flatnonzero(counts == counts.max()))
    return [index for index in range(len(counts)) if index != out]


def _on_sides(
    pairs: Iterable[tuple[int, int]], compared: Comparisons, rng: np.random.Generator
) -> tuple[Pair, ...]:
    """Whoever was on the left more often goes to the right; a coin decides between equals."""
    n, names = len(compared.essays), compared.essays
    leftness: Ints = np.bincount(compared.left, minlength=n) - np.bincount(
        compared.right, minlength=n
    )
    sided = []
    for one, other in sorted(pairs):
        lead = leftness[one] - leftness[other]
        is_swapped = lead > 0 or (lead == 0 and rng.random() < 0.5)  # noqa: PLR2004 - a coin
        sided.append(
            Pair(names[other], names[one]) if is_swapped else Pair(names[one], names[other])
        )
    return tuple(sorted(sided))
