"""What decisions depend on, and what is believed before there are any.

Judge k prefers the left of two essays with log odds

    strength[left] - strength[right] + lean[k]         strength = own + loadings @ shared

so that all unknowns are the essays' own parts and a few that they share: each judge's lean to the left, the slope of a
prior, and, where anchors fix the scale, the middle of the class on it. All are normal beforehand, independently.

Source: Bradley & Terry (1952), Biometrika 39, 324-345; Davidson & Beaver (1977), Biometrics 33, 693-702, for the order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipelines.phases.cj_assessment.comparisons import Comparisons, Floats, Ints
from pipelines.phases.cj_assessment.decisions import JudgeKind, UnknownEssayError
from pipelines.phases.cj_assessment.grades import Anchor

TYPICAL_SPREAD = 1.5
"""Standard deviation of strengths in a class, in logits, before anything is known of it: about the median of what
public sets of people's decisions about texts show."""

LEAN_SD = {JudgeKind.BUILTIN: 0.3, JudgeKind.PERSON: 0.3, JudgeKind.LLM: 1.0}
"""Of the lean to the left of a judge, in logits. Published runs of language models have about 0.3, too; but some model
may decide every close pair for the first, and it alone makes hundreds of decisions, so little is assumed of it."""

SLOPE_SD = 2.0
MIDDLE_SD = 3.0


@dataclass(frozen=True, eq=False)
class Model:
    """A Bradley-Terry model of n essays and k shared unknowns, with its data.

    Attributes:
        left: (m,) index of the essay on the left.
        right: (m,) index of the other.
        won: (m,) what the left one got: 1, 0, or half.
        weight: (m,) how much each decision counts.
        columns: (m, k) how the shared unknowns enter the log odds for the left.
        loadings: (n, k) how they enter the strengths.
        mean: (n + k,) what is believed beforehand.
        precision: (n + k,) how firmly: 1 / variance, above 0.
        is_free: (n,) whose own part varies with the spread of the class; the others are anchored.
        slope: which of the unknowns is the slope of a prior; None without one that tells essays apart.
    """

    left: Ints
    right: Ints
    won: Floats
    weight: Floats
    columns: Floats
    loadings: Floats
    mean: Floats
    precision: Floats
    is_free: NDArray[np.bool_]
    slope: int | None = None

    @property
    def n(self) -> int:
        """Essays."""
        return len(self.loadings)

    @cached_property
    def is_anchored(self) -> bool:
        """Whether anything fixes where the scale begins."""
        return not bool(self.is_free.all())

    @cached_property
    def neighbours(self) -> tuple[Ints, Ints, Ints]:
        """Who met whom, as a sparse matrix has it: order of the 2m entries by row, their columns, ends of the rows."""
        rows = np.concatenate([self.left, self.right])
        order = np.argsort(rows, kind="stable")
        columns = np.concatenate([self.right, self.left])[order]
        ends = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=self.n))])
        return order, columns.astype(np.int32), ends.astype(np.int32)

    @cached_property
    def parts(self) -> tuple[Ints, Ints, Floats]:
        """What of `columns` is not zero: decision, column, value. Each decision has one judge, of perhaps twenty."""
        which, column = np.nonzero(self.columns)
        return which, column, self.columns[which, column]

    def log_odds(self, unknowns: Floats) -> Floats:
        """(m,) for the left of each pair."""
        own = unknowns[: self.n]
        odds = own[self.left] - own[self.right]
        if self.columns.shape[1]:
            odds += self.columns @ unknowns[self.n :]
        return odds

    def gathered(self, per_decision: Floats) -> Floats:
        """(n + k,) the transpose of `log_odds`: sums over the decisions that each unknown has part in."""
        # Sums of nothing are whole numbers.
        own = np.bincount(self.left, per_decision, self.n).astype(np.float64)
        own -= np.bincount(self.right, per_decision, self.n)
        if not self.columns.shape[1]:
            return own
        return np.concatenate([own, per_decision @ self.columns])

    def strengths(self, unknowns: Floats) -> Floats:
        """(n,) in logits, the mean of the class zero unless there are anchors."""
        own = unknowns[: self.n]
        strengths = own + self.loadings @ unknowns[self.n :] if self.loadings.shape[1] else own
        return strengths if self.is_anchored else strengths - strengths.mean()

    def only(self, which: NDArray[np.bool_]) -> "Model":
        """The same with some of the decisions: those for which `which`, of shape (m,), is true."""
        return replace(
            self,
            left=self.left[which],
            right=self.right[which],
            won=self.won[which],
            weight=self.weight[which],
            columns=self.columns[which],
        )

    def with_spread(self, spread: float, *, slope_precision: float | None = None) -> "Model":
        """The same, with another standard deviation of the class, and another precision of a slope if that is given."""
        precision = self.precision.copy()
        precision[: self.n][self.is_free] = 1 / spread**2
        if self.slope is not None and slope_precision is not None:
            precision[self.slope] = slope_precision
        changed = replace(self, precision=precision)
        # Who met whom, and whom they had for a judge, stays, and takes longer to find than everything else here.
        changed.__dict__["neighbours"] = self.neighbours
        changed.__dict__["parts"] = self.parts
        return changed


def plain(n: int, left: Ints, right: Ints, won: Floats, *, spread: float = TYPICAL_SPREAD) -> Model:
    """Strengths alone: no judges, no prior, no anchors."""
    return Model(
        left,
        right,
        won,
        np.ones(len(left)),
        np.empty((len(left), 0)),
        np.empty((n, 0)),
        np.zeros(n),
        np.full(n, 1 / spread**2),
        np.ones(n, np.bool_),
    )


def of(
    comparisons: Comparisons,
    *,
    prior: Mapping[str, float] | None = None,
    anchors: Mapping[str, Anchor] | None = None,
    spread: float = TYPICAL_SPREAD,
) -> Model:
    """The model of a class. Shared unknowns are the judges' leans, then the slope, then the middle.

    Args:
        prior: a score for essays on any scale. It is standardised; essays without one get the mean.
        anchors: those with a strength are fixed there.

    Raises:
        UnknownEssayError: the prior or the anchors name an essay that is not there.
    """
    essays, judges = comparisons.essays, comparisons.judges
    for given in (prior or {}, anchors or {}):
        if unknown := sorted(set(given) - set(essays)):
            raise UnknownEssayError(f"{unknown[0]} is not assessed")
    n, m = len(essays), len(comparisons)
    fixed = {name: one for name, one in (anchors or {}).items() if one.strength is not None}
    is_free = np.array([name not in fixed for name in essays], np.bool_)
    own_mean, own_precision = np.zeros(n), np.full(n, 1 / spread**2)
    for index in np.flatnonzero(~is_free):
        anchor = fixed[essays[index]]
        own_mean[index], own_precision[index] = anchor.strength, 1 / anchor.se**2
    leans = np.zeros((m, len(judges)))
    leans[np.arange(m), comparisons.judge] = 1
    loadings, sds = [], [LEAN_SD[kind] for kind in comparisons.kinds]
    slope = None
    if prior is not None:
        loadings.append(np.where(is_free, standardised(essays, prior), 0.0))
        slope = n + len(sds) if loadings[0].any() else None
        sds.append(SLOPE_SD)
    if fixed:
        loadings.append(is_free.astype(np.float64))
        sds.append(MIDDLE_SD)
    extra = np.array(loadings).reshape(len(loadings), n).T
    return Model(
        comparisons.left,
        comparisons.right,
        comparisons.won,
        comparisons.weight,
        np.hstack([leans, extra[comparisons.left] - extra[comparisons.right]]),
        np.hstack([np.zeros((n, len(judges))), extra]),
        np.concatenate([own_mean, np.zeros(len(sds))]),
        np.concatenate([own_precision, np.array(sds) ** -2.0]),
        is_free,
        slope,
    )


def standardised(essays: Sequence[str], prior: Mapping[str, float]) -> Floats:
    """(n,) the prior with mean 0 and standard deviation 1; 0 where there is none, and where all are alike."""
    known = np.array([prior.get(name, np.nan) for name in essays], np.float64)
    is_known = np.isfinite(known)
    if not is_known.any():
        return np.zeros(len(essays))
    values = known - known[is_known].mean()
    spread = values[is_known].std()
    return np.where(is_known, values / spread, 0.0) if spread > 0 else np.zeros(len(essays))
