"""How much each feature of an essay counts: set by hand, never fitted to anybody's essays.

Why each is what it is: docs/explanation/comparative-judgement.md.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipelines.vocabulary import Profile

Description = Mapping[str, float]
"""What `features.describe` says of an essay."""

SHARES = {
    Profile.BALANCED: (0.6, 0.4),
    Profile.CONTENT: (0.8, 0.2),
    Profile.LANGUAGE: (0.2, 0.8),
}
"""Of content and language in a profile's score."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that counts.

    Attributes:
        code: of the description.
        name: in a reason.
        scale: where an essay stands in it, so that a difference means the same at every height; None if undefined.
        least_spread: a standard deviation, however alike the essays of a batch are in it. About a quarter of what it is
            among essays of one age, so that what differs by chance alone does not decide.
        content, language: what a standard deviation of it counts for in the two scores.
    """

    code: str
    name: str
    scale: Callable[[Description], float | None]
    least_spread: float
    content: float = 0.0
    language: float = 0.0


def _plain(
    code: str, name: str, least: float, *, content: float = 0.0, language: float = 0.0
) -> Feature:
    return Feature(code, name, lambda about: about.get(code), least, content, language)


def _count(code: str, name: str, *, content: float) -> Feature:
    """What there can be ever more of: the hundredth counts for less than the tenth."""
    return Feature(code, name, lambda about: math.log1p(about.get(code, 0.0)), 0.08, content)


def _rate(code: str, name: str, one_in: int, *, language: float) -> Feature:
    """Errors per 100 words, of which one in so many words is expected before anything is read.

    Of a short text without errors little is known; so it is not taken for better than a long one with few.
    """

    def scale(about: Description) -> float:
        errors = about.get(code, 0.0) * about["words"] / 100
        return math.log((errors + 1) / (about["words"] + one_in))

    return Feature(code, name, scale, 0.5, language=language)


FEATURES = (
    _count("distinct_words", "different words", content=0.6),
    _count("distinct_uncommon", "different uncommon words", content=0.6),
    _count("distinct_trigrams", "different groups of three words", content=0.8),
    _count("connectives", "different connectives", content=0.2),
    _count("paragraphs", "paragraphs", content=0.2),
    _plain("guiraud", "variety of words", 0.25, content=0.2, language=0.6),
    _plain("guiraud_advanced", "variety of uncommon words", 0.2, language=0.6),
    _plain("mtld", "words before the vocabulary repeats itself", 6.0, language=0.3),
    _plain("rarity", "rarity of words", 0.04, language=0.3),
    _plain("word_length", "letters in a word", 0.05, language=0.2),
    _rate("misspelt", "misspelt words in 100", 50, language=-1.0),
    _rate("slips", "slips of the pen in 100 words", 70, language=-0.8),
    _rate("grammar", "slips of grammar in 100 words", 200, language=-0.4),
    _plain("fit", "how well words go together", 0.03, language=0.8),
    _plain("run_on", "share of very long sentences", 0.04, language=-0.2),
)


@dataclass(frozen=True, slots=True)
class Limit:
    """What no essay has that was only written to be read.

    Attributes:
        code: of the description.
        name: in a reason.
        most: from here on it is flagged, and a person should look.
        cost: what each tenth above that takes off the score, in standard deviations.
    """

    code: str
    name: str
    most: float
    cost: float

    def excess(self, about: Description) -> float:
        """What an essay loses by it."""
        return self.cost * 10 * max(0.0, about.get(self.code, 0.0) - self.most)


LIMITS = (
    Limit("repeated", "share of repeated words", 0.15, 1.0),
    Limit("rare", "share of rare words", 0.10, 3.0),
    Limit("heaped", "share of words in heaps", 0.05, 2.0),
    Limit("torn", "share of torn phrases", 0.15, 2.0),
    Limit("disorder", "how badly words go together", 0.0, 0.5),
)

NAMES = {each.code: each.name for each in (*FEATURES, *LIMITS)}
"""Code → name, of all that can decide."""
