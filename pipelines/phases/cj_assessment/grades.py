"""From strengths to grades, by essays whose grades are known.

The boundary above a grade lies where as many anchors are expected below it as have that grade or a lower one; how wide
the border is goes by how much the anchors' grades overlap. Without anchors there are no grades.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from pipelines.phases.cj_assessment.comparisons import Floats, Ints

UNSURE_BELOW = 0.7
LEAST_AN_END = 2
_WIDTHS = (0.1, 0.2, 0.4, 0.8, 1.6)
_TYPICAL_WIDTH, _WIDTH_SD = 0.4, 0.7
_STEPS = 60


@dataclass(frozen=True, slots=True)
class Anchor:
    """An essay of which something is known beforehand.

    Attributes:
        grade: its grade, on the scale that is asked for; None if it only fixes the scale of strengths.
        strength: in logits, where an earlier assessment found it; None if it is estimated with the others.
        se: how sure that is, above 0.
    """

    grade: str | None = None
    strength: float | None = None
    se: float = 0.1

    def __post_init__(self) -> None:
        if not self.se > 0:
            raise ValueError("an anchor's standard error has to be above 0")


@dataclass(frozen=True, slots=True)
class GradeScale:
    """Grades from the lowest to the highest."""

    name: str
    grades: tuple[str, ...]


SWEDISH = GradeScale("swedish_a_f", ("F", "E", "D", "C", "B", "A"))
ENG5_NATIONAL = GradeScale("eng5_national", tuple("123456789"))


class Ungraded(StrEnum):
    """Why there is only a ranking."""

    NO_ANCHORS = "no_anchors"
    ONE_GRADE = "one_grade"
    TOO_FEW_AT_AN_END = "too_few_at_an_end"


@dataclass(frozen=True, slots=True)
class EssayGrade:
    """What grade an essay may have.

    Attributes:
        grade: the middle one: it is at most as likely to be a higher one as not, nor to be a lower one.
        chances: grade → how likely, for all grades that anchors have.
        between: that and the likelier of its neighbours, where none is as likely as 70 %.
        is_beyond: whether it is stronger or weaker than every anchor, and the scale goes on there.
    """

    grade: str
    chances: Mapping[str, float]
    between: tuple[str, str] | None
    is_beyond: bool


@dataclass(frozen=True, slots=True)
class Grading:
    """Grades of a class, or why there are none.

    Attributes:
        scale: its name.
        essays: essay → grade; empty if ungraded.
        why_not: None if graded.
        without_anchors: grades of the scale that no anchor has, and that therefore nobody can get.
    """

    scale: str
    essays: Mapping[str, EssayGrade]
    why_not: Ungraded | None
    without_anchors: tuple[str, ...]


class UnknownGradeError(ValueError):
    """An anchor has a grade that is not on the scale."""


def graded(
    essays: Sequence[str],
    scores: Floats,
    draws: Floats,
    anchors: Mapping[str, Anchor],
    scale: GradeScale,
) -> Grading:
    """How likely each essay that is no anchor has each grade.

    Args:
        essays: n ids, the anchors' among them.
        scores: (n,) their strengths.
        draws: (s, n) from the posterior of the strengths.
        anchors: essay → what is known of it.

    Raises:
        UnknownGradeError: see there.
    """
    known = {place: anchors[name].grade for place, name in enumerate(essays) if name in anchors}
    places = np.array([place for place, grade in known.items() if grade is not None], np.int64)
    for place in places:
        if known[place] not in scale.grades:
            raise UnknownGradeError(f"{known[place]} is no grade of {scale.name}")
    levels = np.array([scale.grades.index(str(known[place])) for place in places], np.int64)
    present, counts = np.unique(levels, return_counts=True)
    missing = tuple(name for level, name in enumerate(scale.grades) if level not in present)
    if why_not := _why_not(counts):
        return Grading(scale.name, {}, why_not, missing)
    ranks = np.searchsorted(present, levels)
    width = _width(scores[places], ranks)
    chances = _chances(draws, places, ranks, width).mean(0)
    names = [scale.grades[level] for level in present]
    goes_on = present[0] > 0, present[-1] < len(scale.grades) - 1
    ends = scores[places].min(), scores[places].max()
    return Grading(
        scale.name,
        {
            name: _grade(
                names,
                chances[place],
                is_beyond=bool(
                    (scores[place] < ends[0] and goes_on[0])
                    or (scores[place] > ends[1] and goes_on[1])
                ),
            )
            for place, name in enumerate(essays)
            if name not in anchors
        },
        None,
        missing,
    )


def boundaries(strengths: Floats, ranks: Ints, width: float) -> Floats:
    """(s, g - 1) where each of g grades ends, in s draws of the strengths (s, a) of a anchors.

    Args:
        ranks: (a,) the anchors' grades, from 0 to g - 1, none left out.
        width: of the border between two grades, in logits.
    """
    below = np.cumsum(np.bincount(ranks))[:-1]
    reach = width * np.log(2.0 * len(ranks)) + 1.0
    low = np.repeat(strengths.min(1)[:, None] - reach, len(below), 1)
    high = np.repeat(strengths.max(1)[:, None] + reach, len(below), 1)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        expected = _logistic((middle[:, :, None] - strengths[:, None, :]) / width).sum(2)
        is_low = expected < below
        low, high = np.where(is_low, middle, low), np.where(is_low, high, middle)
    return np.asarray((low + high) / 2)


def _why_not(counts: Ints) -> Ungraded | None:
    if not len(counts):
        return Ungraded.NO_ANCHORS
    if len(counts) == 1:
        return Ungraded.ONE_GRADE
    return Ungraded.TOO_FEW_AT_AN_END if min(counts[0], counts[-1]) < LEAST_AN_END else None


def _chances(draws: Floats, places: Ints, ranks: Ints, width: float) -> Floats:
    """(s, n, g) in each draw."""
    limits = boundaries(draws[:, places], ranks, width)
    under = _logistic((limits[:, None, :] - draws[:, :, None]) / width)
    size = (*under.shape[:2], 1)
    whole = np.concatenate([np.zeros(size), under, np.ones(size)], axis=2)
    return np.asarray(np.diff(whole, axis=2))


def _width(strengths: Floats, ranks: Ints) -> float:
    """The width under which the anchors' own grades are likeliest, narrow and wide ones being unlikely beforehand."""

    def likely(width: float) -> float:
        chances = _chances(strengths[None, :], np.arange(len(ranks)), ranks, width)[0]
        own = np.maximum(chances[np.arange(len(ranks)), ranks], 1e-12)
        off = np.log(width / _TYPICAL_WIDTH) / _WIDTH_SD
        return float(np.log(own).sum() - off * off / 2)

    return max(_WIDTHS, key=likely)


def _grade(names: Sequence[str], chances: Floats, *, is_beyond: bool) -> EssayGrade:
    # Where little is known all are about as likely, and the likeliest may be at either end.
    middle = int((chances.cumsum() >= 0.5).argmax())  # noqa: PLR2004 - half
    between = None
    if chances[middle] < UNSURE_BELOW:
        beside = [level for level in (middle - 1, middle + 1) if 0 <= level < len(names)]
        between = (names[middle], names[max(beside, key=lambda level: chances[level])])
    return EssayGrade(
        names[middle],
        {name: float(chance) for name, chance in zip(names, chances, strict=True)},
        between,
        is_beyond,
    )


def _logistic(odds: Floats) -> Floats:
    return np.asarray(0.5 * (1 + np.tanh(odds / 2)))
