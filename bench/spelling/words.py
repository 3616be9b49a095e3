"""What counts as a word when spelling is scored, and what it means for spans to touch."""

import re
from collections.abc import Iterable

Span = tuple[int, int]
"""Half-open, in code points."""

SHORTEST = 2
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


def words(text: str) -> list[Span]:
    """Runs of letters with apostrophes and hyphens inside, of two characters or more.

    They are the same for everybody who is measured, however each of them takes a text apart.
    """
    found = (match.span() for match in _WORD.finditer(text))
    return [(start, end) for start, end in found if end - start >= SHORTEST]


def is_word(text: str) -> bool:
    """Whether all of a text is one word."""
    return _WORD.fullmatch(text) is not None


def touch(one: Span, other: Span) -> bool:
    """Whether two spans share a character. An empty one touches what it lies in or at the edge of.

    Where a word is missing, the span of the error is empty, and both its neighbours may be marked for it.
    """
    if one[0] == one[1] or other[0] == other[1]:
        return one[0] <= other[1] and other[0] <= one[1]
    return one[0] < other[1] and other[0] < one[1]


def touches_any(span: Span, others: Iterable[Span]) -> bool:
    """Whether a span touches at least one of others."""
    return any(touch(span, other) for other in others)
