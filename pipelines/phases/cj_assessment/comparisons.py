"""Decisions as arrays, in an order that depends on nothing but themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.phases.cj_assessment.decisions import (
    Choice,
    ContradictoryDecisionsError,
    Decision,
    JudgeKind,
    Key,
    UnknownEssayError,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]

_WON = {Choice.LEFT: 1.0, Choice.RIGHT: 0.0, Choice.TIE: 0.5}


@dataclass(frozen=True, eq=False)
class Comparisons:
    """What was validly decided about n essays, m times.

    Attributes:
        essays: their ids, sorted.
        judges: the names of those who decided something valid, sorted.
        kinds: what sort of judge each of them is.
        left: (m,) index of the essay on the left.
        right: (m,) index of the other.
        won: (m,) what the left one got: 1, 0, or half for a tie.
        weight: (m,) how much a decision counts: a judge who was asked k times about a pair says no more of these
            essays than one asked once, so each of the k counts 1/k.
        judge: (m,) index of who decided.
        round_no: (m,) the round it belongs to.
    """

    essays: tuple[str, ...]
    judges: tuple[str, ...]
    kinds: tuple[JudgeKind, ...]
    left: Ints
    right: Ints
    won: Floats
    weight: Floats
    judge: Ints
    round_no: Ints

    def __len__(self) -> int:
        return len(self.left)

    @cached_property
    def counts(self) -> Ints:
        """(n,) how many decisions an essay took part in."""
        n = len(self.essays)
        return np.bincount(self.left, minlength=n) + np.bincount(self.right, minlength=n)

    @property
    def rounds(self) -> int:
        """The last round that something was decided in; 0 if nothing was."""
        return int(self.round_no.max(initial=0))

    def only(self, which: NDArray[np.bool_]) -> "Comparisons":
        """Those for which `which`, of shape (m,), is true."""
        return Comparisons(
            self.essays,
            self.judges,
            self.kinds,
            self.left[which],
            self.right[which],
            self.won[which],
            self.weight[which],
            self.judge[which],
            self.round_no[which],
        )


def of(essays: Sequence[str], decisions: Iterable[Decision]) -> Comparisons:
    """Arrays of the valid decisions. The order of essays and decisions makes no difference, nor do doubles.

    Raises:
        ContradictoryDecisionsError: two decisions with one key say different things.
        UnknownEssayError: a decision is about an essay that is not among these.
        ValueError: an essay is named twice.
    """
    ids = tuple(sorted(essays))
    place = {essay: index for index, essay in enumerate(ids)}
    if len(place) < len(ids):
        raise ValueError("an essay is named twice")
    valid = [one for one in unique(decisions) if one.is_valid]
    for one in valid:
        for essay in one.pair.essays:
            if essay not in place:
                raise UnknownEssayError(f"{essay}, in round {one.round_no}, is not assessed")
    kinds = {one.judge: one.kind for one in valid}
    judges = tuple(sorted(kinds))
    judge_place = {judge: index for index, judge in enumerate(judges)}
    left = np.array([place[one.left] for one in valid], np.int64)
    right = np.array([place[one.right] for one in valid], np.int64)
    judge = np.array([judge_place[one.judge] for one in valid], np.int64)
    return Comparisons(
        ids,
        judges,
        tuple(kinds[judge] for judge in judges),
        left,
        right,
        np.array([_WON[one.choice] for one in valid], np.float64),
        _weights(left, right, judge, len(ids)),
        judge,
        np.array([one.round_no for one in valid], np.int64),
    )


def unique(decisions: Iterable[Decision]) -> list[Decision]:
    """One decision a key, sorted by it.

    Raises:
        ContradictoryDecisionsError: two with one key differ in what is preferred.
    """
    found: dict[Key, Decision] = {}
    for one in decisions:
        known = found.setdefault(one.key, one)
        if known is one:
            continue
        if (known.preferred, known.is_valid) != (one.preferred, one.is_valid):
            raise ContradictoryDecisionsError(
                f"{one.judge} said two things of {one.left} and {one.right} in round {one.round_no}"
            )
        found[one.key] = min(known, one, key=repr)
    return [found[key] for key in sorted(found)]


def _weights(left: Ints, right: Ints, judge: Ints, n: int) -> Floats:
    pair = np.minimum(left, right) * n + np.maximum(left, right)
    _, kind, counts = np.unique(
        np.stack([pair, judge]), axis=1, return_inverse=True, return_counts=True
    )
    return np.asarray(1.0 / counts[kind.ravel()], np.float64)
