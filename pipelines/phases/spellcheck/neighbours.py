"""The listed words that are a few letters away from a given one."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import regex
from rapidfuzz import process
from rapidfuzz.distance import OSA

_RAREST = 10**-7.3  # of running words, Zipf 1.7: nobody means a rarer word than that
_LONGEST = 32  # letters; beyond it nothing is looked for
_SHAPE = regex.compile(r"\p{Latin}[\p{Latin}\p{M}]*(?:['-][\p{Latin}\p{M}]+)*")

# First letters that stand for one sound, or that one keyboard or another swaps.
_ALIKE = ("ckqs", "sz", "fpv", "gj", "aeåä", "oöå", "uyi", "ei", "wh", "nk", "hj", "dj", "lj", "xs")


class Neighbours:
    """Words by first letter and length, so that a search reads few of them.

    A search compares with every word in the buckets that can hold an answer: those of the same
    first letter, and for single edits also those of the second (a letter swapped, or put in before
    it) and of letters taken for the first. That is about a tenth of the list, at some 60 ns a word;
    nothing is built beforehand but the lists themselves.
    """

    def __init__(self, frequencies: Mapping[str, float]) -> None:
        self._buckets: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word, frequency in frequencies.items():
            if frequency >= _RAREST and len(word) <= _LONGEST and _SHAPE.fullmatch(word):
                self._buckets[word[0], len(word)].append(word)
        self._letters = "".join(sorted({first for first, _ in self._buckets}))

    def near(self, word: str, limit: int) -> dict[str, int]:
        """Every listed word at most `limit` edits away, with its distance; never the word itself.

        Args:
            word: in lower case.
            limit: insertions, deletions, substitutions and swaps of neighbouring letters (optimal
                string alignment).
        """
        if len(word) > _LONGEST:
            return {}
        found = self._scan(word, limit, word[:1]) | self._scan(word, 1, self._likely(word))
        # Perhaps the first letter itself is wrong; that is rare enough to pay for the whole list.
        if not found.keys() - {word}:
            found |= self._scan(word, limit, self._letters)
        elif 1 not in found.values():
            found |= self._scan(word, 1, self._letters)
        found.pop(word, None)
        return found

    def nearest(self, word: str) -> dict[str, int]:
        """The listed words one edit away whose first letter is a likely one."""
        if len(word) > _LONGEST:
            return {}
        found = self._scan(word, 1, self._likely(word))
        found.pop(word, None)
        return found

    def _likely(self, word: str) -> str:
        """First letters of words one edit away: its own, the second, and letters taken for it."""
        alike = (group for group in _ALIKE if word[0] in group)
        return "".join(sorted(set(word[:2]).union(*alike)))

    def _scan(self, word: str, limit: int, letters: str) -> dict[str, int]:
        return dict(self._matches(word, limit, letters))

    def _matches(self, word: str, limit: int, letters: str) -> Iterator[tuple[str, int]]:
        for letter in letters:
            for length in range(max(1, len(word) - limit), len(word) + limit + 1):
                bucket = self._buckets.get((letter, length))
                if bucket:
                    hits = process.extract(
                        word, bucket, scorer=OSA.distance, score_cutoff=limit, limit=None
                    )
                    yield from ((found, int(distance)) for found, distance, _ in hits)
