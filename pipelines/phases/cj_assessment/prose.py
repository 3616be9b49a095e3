"""Which words of a text are prose of its own: neither said before nor heaped up."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipelines.phases.cj_assessment import closed_words
from pipelines.vocabulary import Language

_REPEAT = 6  # words in a row that have been met before are a repetition
_STRETCH = 15  # words
_LEAST_CLOSED = 2  # so many of a stretch hold it together, or it is a heap; in prose about half do
_BENEFIT = 5  # of the doubt: a slip or two do not make a heap of a short text


@dataclass(frozen=True, slots=True)
class Prose:
    """What is left of a text.

    Attributes:
        counts: for each word whether it counts.
        repeated: share of the words that repeat six words met before.
        heaped: share that stands in fifteen words with hardly any that hold them together.
        torn: share of the words that something has to follow after which something impossible does, `the of`.
    """

    counts: tuple[bool, ...]
    repeated: float
    heaped: float
    torn: float


def prose(words: Sequence[str], language: Language) -> Prose:
    """Look at the words of a text as they follow each other.

    Args:
        words: normalised, in lower case.
    """
    repeats, heaps = _repeats(words), _heaps(words, language)
    return Prose(
        tuple(not (repeat or heap) for repeat, heap in zip(repeats, heaps, strict=True)),
        _share(repeats),
        _share(heaps),
        _torn(words, language),
    )


def _share(marks: Sequence[bool]) -> float:
    return sum(marks) / len(marks) if marks else 0.0


def _repeats(words: Sequence[str]) -> list[bool]:
    marks = [False] * len(words)
    met: set[tuple[str, ...]] = set()
    for end in range(_REPEAT, len(words) + 1):
        run = tuple(words[end - _REPEAT : end])
        if run in met:
            marks[end - _REPEAT : end] = [True] * _REPEAT
        met.add(run)
    return marks


def _heaps(words: Sequence[str], language: Language) -> list[bool]:
    closed = [word in closed_words.OF[language] for word in words]
    marks = [False] * len(words)
    inside = sum(closed[:_STRETCH])
    for end in range(_STRETCH, len(words) + 1):
        if end > _STRETCH:
            inside += closed[end - 1] - closed[end - _STRETCH - 1]
        if inside < _LEAST_CLOSED:
            marks[end - _STRETCH : end] = [True] * _STRETCH
    return marks


def _torn(words: Sequence[str], language: Language) -> float:
    followed = torn = 0
    for opening, never_after in closed_words.OPENINGS[language]:
        after = [second for first, second in pairwise(words) if first in opening]
        followed += len(after)
        torn += sum(word in never_after for word in after)
    return torn / (followed + _BENEFIT)
