"""Which sentences are one sentence written in several ways."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

_FORM = re.compile(r"\w+")
_ALIKE = 0.5
_MOST_WITH_A_PAIR = 100
"""Sentences to compare for the sake of one pair of words; pairs of more say nothing, as `det är`."""


def firsts(texts: Sequence[str]) -> list[int]:
    """The index of the first variant of each text, which is its own where it has none before it.

    Two texts are variants if they share half their words, of all the words of both, and two words that follow each
    other; variants of a variant are, too.
    """
    forms = [_FORM.findall(text.lower()) for text in texts]
    first = list(range(len(texts)))
    for one, other in _alike(forms):
        low, high = sorted((_root(first, one), _root(first, other)))
        first[high] = low
    return [_root(first, index) for index in first]


def _alike(forms: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    words = [frozenset(each) for each in forms]
    having: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, each in enumerate(forms):
        pairs = set(pairwise(each)) or {(" ".join(each), "")}
        before = {other for pair in pairs for other in having[pair]}
        for other in before:
            if len(words[index] & words[other]) >= _ALIKE * len(words[index] | words[other]):
                yield index, other
        for pair in pairs:
            if len(having[pair]) < _MOST_WITH_A_PAIR:
                having[pair].append(index)


def _root(first: list[int], index: int) -> int:
    while first[index] != index:
        first[index] = first[first[index]]
        index = first[index]
    return index
