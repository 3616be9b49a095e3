"""Swedish compounds with a slip in one of their parts: no list has them, but each part is a word."""

from collections.abc import Iterator

from pipelines.phases.spellcheck.lexicon import Lexicon
from pipelines.phases.spellcheck.neighbours import Neighbours
from pipelines.phases.spellcheck.words import Case

_SHORTEST_PART = 3
_SHORTEST = 7  # letters of a compound
RAREST = 2.0
"""Zipf of what counts as a part at all. Rarer ones would have to be asked of the dictionary, each by itself."""
_USUAL = 2.5  # Zipf of the part that is right
_RARE = 3.2  # Zipf below which a part may be a slip for another
_ASKED_FOR = 12
_OF_EACH = 8  # candidates looked at for a part


def cuts(word: str) -> Iterator[tuple[str, str]]:
    """Every way to cut a word into two parts of a length that parts have."""
    for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        yield word[:at], word[at:]


def first_parts(left: str) -> tuple[str, ...]:
    """What the first part of a compound may be: many are joined with an s, which belongs to neither."""
    return (left, left[:-1]) if left.endswith("s") else (left,)


class Compounds:
    """Puts compounds right by putting one part right."""

    def __init__(self, lexicon: Lexicon, neighbours: Neighbours) -> None:
        self._lexicon = lexicon
        self._neighbours = neighbours

    def near(self, word: str) -> dict[str, float]:
        """Compounds that the dictionary builds and that differ from a word by one slip in one part.

        Args:
            word: in lower case, and unknown.

        Returns:
            At most twelve of them, compound → how common the rarer of its parts is, on the Zipf scale.
        """
        if len(word) < _SHORTEST or not word.isalpha():
            return {}
        found: dict[str, float] = {}
        for left, right in cuts(word):
            for compound, zipf in self._mended(left, right):
                if compound != word and zipf > found.get(compound, 0.0):
                    found[compound] = zipf
        # To ask the dictionary for a compound costs more than all the rest.
        likeliest = sorted(found, key=lambda compound: (-found[compound], compound))[:_ASKED_FOR]
        return {each: found[each] for each in likeliest if self._lexicon.knows(each)}

    def _mended(self, left: str, right: str) -> Iterator[tuple[str, float]]:
        left_zipf = max(map(self._zipf, first_parts(left)))
        right_zipf = self._zipf(right)
        if left_zipf >= _USUAL and right_zipf < _RARE:
            for meant, zipf in self._nearest(right):
                yield left + meant, min(left_zipf, zipf)
        if right_zipf >= _USUAL and left_zipf < _RARE:
            for meant, zipf in self._nearest(left):
                yield meant + right, min(zipf, right_zipf)
                yield meant + "s" + right, min(zipf, right_zipf)

    def _nearest(self, part: str) -> Iterator[tuple[str, float]]:
        near = list(self._neighbours.near(part, 1))[:_OF_EACH]
        return ((each, self._zipf(each)) for each in near)

    def _zipf(self, part: str) -> float:
        zipf, case = self._lexicon.listed(part)
        return zipf if zipf >= RAREST and case is Case.LOWER else 0.0
