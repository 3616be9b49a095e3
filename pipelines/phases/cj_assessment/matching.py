"""Two and two of a class, none that has met before."""

from collections.abc import Iterable, Sequence

import numpy as np

from pipelines.phases.cj_assessment.comparisons import Floats

Met = frozenset[tuple[int, int]]
"""Pairs that have met, the smaller index first."""

_TRIES, _TRADES = 20, 50
_WORTH_IT = 1e-9


def at_random(
    among: Sequence[int],
    met: Met,
    rng: np.random.Generator,
    *,
    by: Floats | None = None,
    parts: int = 1,
) -> list[tuple[int, int]]:
    """As many disjoint pairs as can be found, drawn at random; the smaller index first.

    Everybody who is left over has met everybody else who is, so that more than two are only where nearly all have met.

    Args:
        among: who is to be paired.
        met: pairs that are out of the question.
        by: (n,) a measure of everybody, by which those are drawn who are near each other.
        parts: into how many stretches by that measure they are cut, at places that are drawn as well.
    """
    best: list[tuple[int, int]] = []
    for _ in range(_TRIES):
        drawn = _shuffled(among, rng, by, parts)
        found = in_order(zip(drawn[::2], drawn[1::2], strict=False), among, met, rng)
        if len(found) > len(best):
            best = found
        if len(best) == len(among) // 2:
            break
    return best


def _shuffled(
    among: Sequence[int], rng: np.random.Generator, by: Floats | None, parts: int
) -> list[int]:
    indices = np.asarray(among, np.int64)
    keys = rng.random(len(indices))
    if by is not None:
        length = max(2, -(-len(indices) // parts))
        indices = indices[np.argsort(by[indices], kind="stable")]
        keys += (np.arange(len(indices)) + rng.integers(length)) // length
    return [int(index) for index in indices[np.argsort(keys)]]


def in_order(
    wanted: Iterable[tuple[int, int]], among: Sequence[int], met: Met, rng: np.random.Generator
) -> list[tuple[int, int]]:
    """Disjoint pairs: whatever comes first in `wanted` is taken, and who is left over is fitted in.

    Args:
        wanted: pairs of indices, the best first.
        among: who is to be paired.
        met: pairs that are out of the question.
        rng: decides who is left over, and where.
    """
    free = set(among)
    pairs: list[tuple[int, int]] = []
    for one, other in wanted:
        if one in free and other in free and _ordered(one, other) not in met:
            pairs.append(_ordered(one, other))
            free -= {one, other}
            if len(free) < 2:  # noqa: PLR2004 - nobody is left to pair
                break
    left = [int(index) for index in rng.permutation(np.array(sorted(free), np.int64))]
    while _fit_in(left, pairs, met, rng):
        pass
    return pairs


def traded(pairs: Sequence[tuple[int, int]], worth: Floats) -> list[tuple[int, int]]:
    """Two pairs trade partners wherever both new ones together are worth more, until none are.

    Whoever is taken first takes the best there is, and leaves others with what nobody wanted.

    Args:
        worth: (n, n) of everybody with everybody, symmetric; minus infinity for pairs that are out of the question.
    """
    now = np.array(pairs, np.int64).reshape(-1, 2)
    for _ in range(_TRADES):
        one, other = now[:, 0], now[:, 1]
        own = worth[one, other]
        before = own[:, None] + own[None, :]
        straight = worth[one[:, None], one] + worth[other[:, None], other] - before
        crossed = worth[one[:, None], other] + worth[other[:, None], one] - before
        better = np.triu(np.maximum(straight, crossed), 1)
        places = np.argwhere(better > _WORTH_IT)
        if not len(places):
            break
        free = np.ones(len(now), np.bool_)
        for a, b in places[np.argsort(-better[tuple(places.T)], kind="stable")]:
            if free[a] and free[b]:
                free[[a, b]] = False
                first, second = now[a].copy(), now[b].copy()
                is_straight = straight[a, b] >= crossed[a, b]
                now[a] = first[0], second[0 if is_straight else 1]
                now[b] = first[1], second[1 if is_straight else 0]
    return [_ordered(int(one), int(other)) for one, other in now]


def _fit_in(
    left: list[int], pairs: list[tuple[int, int]], met: Met, rng: np.random.Generator
) -> bool:
    """Pair two of those left over with each other, or with two who then part; whether that was possible."""
    for place, one in enumerate(left):
        for other in left[place + 1 :]:
            if _ordered(one, other) not in met:
                pairs.append(_ordered(one, other))
            elif not _part(one, other, pairs, met, rng):
                continue
            left.remove(one)
            left.remove(other)
            return True
    return False


def _part(
    one: int, other: int, pairs: list[tuple[int, int]], met: Met, rng: np.random.Generator
) -> bool:
    for index in rng.permutation(len(pairs)):
        a, b = pairs[index]
        for first, second in ((a, b), (b, a)):
            if _ordered(one, first) not in met and _ordered(other, second) not in met:
                pairs[index] = _ordered(one, first)
                pairs.append(_ordered(other, second))
                return True
    return False


def _ordered(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)
