"""How much each feature of an essay counts: set by hand, never fitted to anybody's essays.

Why each is what it is: docs/explanation/comparative-judgement.md.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from pipelines.vocabulary import Profile

SHARES = {Profile.BALANCED: (0.5, 0.5), Profile.CONTENT: (0.8, 0.2), Profile.LANGUAGE: (0.2, 0.8)}
"""Of content and language in a profile's score."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that counts.

    Attributes:
        code: of the description.
        scale: makes differences alike over the whole range: the tenth slip is worth less than the first.
        content, language: what a standard deviation of it counts for in the two scores.
    """

    code: str
    scale: Callable[[float], float]
    content: float = 0.0
    language: float = 0.0


def _plain(value: float) -> float:
    return value


FEATURES = (
    Feature("distinct_words", math.log1p, content=1.0),
    Feature("distinct_trigrams", math.log1p, content=1.0),
    Feature("connectives", math.sqrt, content=0.3),
    Feature("paragraphs", math.sqrt, content=0.2),
    Feature("guiraud", _plain, content=0.3, language=0.7),
    Feature("mtld", math.log1p, language=0.4),
    Feature("rarity", _plain, language=0.4),
    Feature("word_length", _plain, language=0.3),
    Feature("misspelt", math.sqrt, language=-1.0),
    Feature("slips", math.sqrt, language=-0.8),
    Feature("run_on", math.sqrt, language=-0.3),
    Feature("fit", _plain, language=0.5),
)


@dataclass(frozen=True, slots=True)
class Limit:
    """What no essay has that was only written to be read.

    Attributes:
        code: of the description.
        most: from here on it is flagged, and a person should look.
        cost: what each tenth above that takes off the score, in standard deviations.
    """

    code: str
    most: float
    cost: float


LIMITS = (
    Limit("repeated", 0.15, 1.0),
    Limit("heaped", 0.08, 2.0),
    Limit("torn", 0.12, 2.0),
)
