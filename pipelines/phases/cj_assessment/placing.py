"""Ranks, and how far they can be trusted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.phases.cj_assessment.comparisons import Floats, Ints

LEVEL = 0.9
"""What intervals cover, and how sure it has to be that one essay is better than another for it to get a group of its
own."""

DECIMALS = 6
"""Of a score; what is equal so far shares a rank."""


@dataclass(frozen=True, eq=False)
class Places:
    """Of n essays, by strength.

    Attributes:
        ranks: (n,) 1 is the best; equals share the better one.
        low: (n,) the best rank that is still likely, at 90 %.
        high: (n,) the worst.
        p_top: (n,) how likely each is among the best so many.
        groups: (n,) from 1: a group is whoever cannot be told from its first one.
    """

    ranks: Ints
    low: Ints
    high: Ints
    p_top: Floats
    groups: Ints


def placed(scores: Floats, draws: Floats, ranked: NDArray[np.bool_], *, top: int) -> Places:
    """Place everybody among those who are ranked.

    Args:
        scores: (n,).
        draws: (s, n) what the strengths may be.
        ranked: (n,) who counts; the others get the rank that they would have.
        top: how many are the best.
    """
    rounded = scores.round(DECIMALS)
    ranks = 1 + (rounded[ranked][None, :] > rounded[:, None]).sum(1)
    drawn = _ranks(draws, ranked)
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0, method="inverted_cdf")
    return Places(
        ranks,
        np.minimum(low, ranks).astype(np.int64),
        np.maximum(high, ranks).astype(np.int64),
        (drawn <= top).mean(0),
        _groups(rounded, draws),
    )


def _ranks(draws: Floats, ranked: NDArray[np.bool_]) -> Ints:
    """(s, n) everybody's rank in each draw."""
    among = np.sort(-draws[:, ranked], axis=1)
    return np.stack(
        [1 + np.searchsorted(order, -drawn) for order, drawn in zip(among, draws, strict=True)]
    )


def _groups(scores: Floats, draws: Floats) -> Ints:
    groups = np.empty(len(scores), np.int64)
    group, first = 0, -1
    for place in np.lexsort((np.arange(len(scores)), -scores)):
        if first < 0 or (draws[:, first] > draws[:, place]).mean() >= LEVEL:
            group, first = group + 1, place
        groups[place] = group
    return groups
