"""T5: how well the built-in judge ranks essays as people did, beside preferring the longer one."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from bench.cj import texts
from bench.cj.intervals import resampled
from bench.cj.texts import Marked
from pipelines.phases.cj_assessment import builtin, features
from pipelines.phases.cj_assessment.comparisons import Floats, Ints
from pipelines.vocabulary import Language, Profile

TARGETS = {"language": 0.50, "content": 0.68}
"""Of a corpus whose marks follow language, and of one whose marks follow content."""
_MADE_UP_CLASSES = 3
_SEED = 5

Say = Callable[[str], None]
Found = Callable[[Ints], float]


def t5(folder: Path | None = None, *, say: Say = lambda _: None) -> dict[str, Any]:
    """Rank correlations with marks, a mean over classes.

    Args:
        folder: of marked essays, as `texts.corpora` reads them. Without one there is nothing to say of the target:
            what comes along was never marked by anybody.
    """
    found: dict[str, Any] = {"target": TARGETS, "made_up": {}, "marked": {}}
    found["made_up"]["levels asked of a model"] = agreement([list(texts.made())])
    for name, kind in texts.KINDS.items():
        say(f"T5: made-up classes marked by {name}")
        classes = [texts.made_up(kind, seed) for seed in range(_MADE_UP_CLASSES)]
        found["made_up"][name] = agreement(classes)
    for name, classes in texts.corpora(folder) if folder else ():
        say(f"T5: {name}")
        # None where no assignment has essays enough.
        found["marked"][name] = agreement(classes) if classes else None
    return found


def agreement(classes: Sequence[Sequence[Marked]]) -> dict[str, Any]:
    """Of length and of each profile with the marks, and of each profile less length; with intervals."""
    described = [
        {f"{n:05}": features.describe(one.text, Language.ENGLISH) for n, one in enumerate(each)}
        for each in classes
    ]
    scores = {
        "longer_wins": [[each[essay]["words"] for essay in sorted(each)] for each in described],
        **{
            str(profile): [
                [standing.score for _, standing in sorted(builtin.standings(each, profile).items())]
                for each in described
            ]
            for profile in Profile
        },
    }
    marks = np.array([one.mark for each in classes for one in each])
    numbers = np.repeat(np.arange(len(classes)), [len(each) for each in classes])
    ranked = {
        name: partial(_correlation, np.concatenate(of_classes), marks, numbers)
        for name, of_classes in scores.items()
    }
    return {
        "essays": len(marks),
        "classes": len(classes),
        **{name: _plain(found(np.arange(len(marks)))) for name, found in ranked.items()},
        "intervals": {
            name: resampled(found, len(marks), seed=_SEED) for name, found in ranked.items()
        },
        "less_longer_wins": {
            str(profile): resampled(
                partial(_less, ranked[str(profile)], ranked["longer_wins"]), len(marks), seed=_SEED
            )
            for profile in Profile
        },
    }


def _less(one: Found, other: Found, drawn: Ints) -> float:
    return one(drawn) - other(drawn)


def _correlation(scores: Floats, marks: Floats, numbers: Ints, drawn: Ints) -> float:
    """Mean rank correlation with the marks, each class counting by its size; not a number where nobody differs.

    Args:
        scores, marks: of all essays of all classes.
        numbers: of the class of each.
        drawn: which essays are looked at.
    """
    total = weights = 0.0
    for number in np.unique(numbers):
        there = drawn[numbers[drawn] == number]
        if min(len(set(scores[there])), len(set(marks[there]))) > 1:
            ranks = [stats.rankdata(each[there]) for each in (scores, marks)]
            total += len(there) * float(np.corrcoef(*ranks)[0, 1])
            weights += len(there)
    return total / weights if weights else math.nan


def _plain(correlation: float) -> float | None:
    return round(correlation, 3) if math.isfinite(correlation) else None
