"""T5: how well the built-in judge ranks essays as people did, beside preferring the longer one."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from scipy import stats

from bench.cj import texts
from bench.cj.texts import Marked
from pipelines.phases.cj_assessment import builtin, features
from pipelines.vocabulary import Language, Profile

TARGETS = {"language": 0.50, "content": 0.68}
"""Of a corpus whose marks follow language, and of one whose marks follow content."""
_MADE_UP_CLASSES = 3

Say = Callable[[str], None]


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
        found["marked"][name] = agreement(classes)
    return found


def agreement(classes: Sequence[Sequence[Marked]]) -> dict[str, Any]:
    """Of length and of each profile with the marks."""
    described = [
        {f"{n:05}": features.describe(one.text, Language.ENGLISH) for n, one in enumerate(each)}
        for each in classes
    ]
    scores = {
        str(profile): [
            [standing.score for _, standing in sorted(builtin.standings(each, profile).items())]
            for each in described
        ]
        for profile in Profile
    }
    longer = [[each[essay]["words"] for essay in sorted(each)] for each in described]
    return {
        "essays": sum(map(len, classes)),
        "classes": len(classes),
        "longer_wins": _correlation(longer, classes),
        **{name: _correlation(of_profile, classes) for name, of_profile in scores.items()},
    }


def _correlation(
    scores: Sequence[Sequence[float]], classes: Sequence[Sequence[Marked]]
) -> float | None:
    """Mean rank correlation with the marks, each class counting by its size."""
    total = weights = 0.0
    for of_class, essays in zip(scores, classes, strict=True):
        marks = [one.mark for one in essays]
        if len(set(marks)) > 1 and len(set(of_class)) > 1:
            total += len(essays) * float(stats.spearmanr(of_class, marks).statistic)
            weights += len(essays)
    return round(total / weights, 3) if weights else None
