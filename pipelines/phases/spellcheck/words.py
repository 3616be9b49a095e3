"""The words of a language as arrays: looked up by spelling, and by what is nearly their spelling."""

import zlib
from bisect import bisect_left, bisect_right
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from pipelines.phases.spellcheck import sounds
from pipelines.phases.spellcheck.alphabet import Alphabet
from pipelines.phases.spellcheck.image import Buffer, unpack


class Case(IntEnum):
    """The first way of writing a word that the dictionary accepts."""

    NONE = 0  # it has no such word
    LOWER = 1  # house
    CAPITALISED = 2  # London
    CAPITALS = 3  # NATO
    NOT_ASKED = 4  # too rare to be asked for beforehand


_CASES = tuple(Case)


class Candidates(NamedTuple):
    """Words like a given one, the nearest first, of equally near ones the most frequent.

    Attributes:
        ids: (n,) int64, each once.
        distances: (n,) int64, edits: letters put in, left out, replaced, or swapped with their
            neighbour (optimal string alignment).
    """

    ids: np.ndarray
    distances: np.ndarray


_NOTHING = Candidates(np.empty(0, np.int64), np.empty(0, np.int64))


class Words:
    """Listed words. A word's id is its rank: 0 is the most frequent one.

    Only listed words that the dictionary has in some case, that are not too rare and that look
    like a word are ever candidates.

    Args:
        buffer: what `building.build` has made; kept, and read where it lies.
        made_from: what it has to be made from.

    Attributes:
        frequencies: (n,) float64, shares of all running words.
        log_frequencies: (n,) float64, their natural logarithms.
        cases: (n,) uint8, as `Case`.

    Raises:
        DamagedImageError: it is not that.
    """

    def __init__(self, buffer: Buffer, made_from: str) -> None:
        arrays, texts = unpack(buffer, made_from)
        self.frequencies = arrays["frequencies"]
        self.log_frequencies = arrays["log_frequencies"]
        self.cases = arrays["cases"]
        self._frequencies = self.frequencies.data
        self._cases = self.cases.data
        self._spellings = arrays["spellings"].data
        self._ends = arrays["ends"].data
        self._bucket_ends = arrays["bucket_ends"].data
        self._last_bucket = len(self._bucket_ends) - 1
        self._buckets = arrays["buckets"].data
        self._alphabet = Alphabet(texts["letters"], texts["counted"])
        # Of candidates, by length:
        self._ids = arrays["candidate_ids"]
        self._encoded = arrays["encoded"]
        self._letters = arrays["letters"]
        self._pairs = arrays["pairs"]
        self._first_longer = arrays["first_longer"].tolist()
        self._sounds = arrays["sounds"].data
        self._sounding = arrays["sounding"]

    def __len__(self) -> int:
        return len(self._cases)

    def find(self, word: str) -> int | None:
        """The id of a listed word; None for any other.

        Args:
            word: in lower case, as words are listed.
        """
        spelling = word.encode("utf-8", "surrogatepass")
        length, ends = len(spelling), self._ends
        bucket = zlib.crc32(spelling) & self._last_bucket  # as `bucket_of` says
        at = self._bucket_ends[bucket - 1] if bucket else 0
        stop = self._bucket_ends[bucket]
        # Asked for every part of every unknown word: an iterator would cost a third more.
        while at < stop:
            word_id = self._buckets[at]
            start, end = ends[word_id - 1] if word_id else 0, ends[word_id]
            if end - start == length and self._spellings[start:end] == spelling:
                return word_id
            at += 1
        return None

    def word(self, word_id: int) -> str:
        """How a word is spelt, in lower case."""
        start = self._ends[word_id - 1] if word_id else 0
        return str(self._spellings[start : self._ends[word_id]], "utf-8")

    def frequency(self, word_id: int) -> float:
        """A word's share of all running words."""
        return self._frequencies[word_id]

    def case(self, word_id: int) -> Case:
        """How the dictionary writes a word."""
        return _CASES[self._cases[word_id]]

    def near(self, word: str, limit: int) -> Candidates:
        """Every candidate at most so many edits away, except the word itself.

        Args:
            word: in lower case.
            limit: edits, 1 to 3.

        A pattern of 64 bits rules out most words of a fitting length, another one most of the rest;
        what is left is compared letter by letter. It costs a third of a nanosecond for each word of
        a fitting length and some 50 for each that is left.
        """
        longest = len(self._first_longer) - 1
        if not 0 < len(word) <= longest + limit:
            return _NOTHING
        encoded = self._alphabet.encode(word)
        letters, pairs = self._alphabet.patterns(encoded)
        first = self._first_longer[max(0, len(word) - limit - 1)]
        end = self._first_longer[min(longest, len(word) + limit)]
        differ = np.bitwise_count(self._letters[first:end] ^ np.uint64(letters))
        places = np.flatnonzero(differ <= Alphabet.LETTER_BITS * limit)
        places += first
        differ = np.bitwise_count(self._pairs[places] ^ np.uint64(pairs))
        places = places[differ <= Alphabet.PAIR_BITS * limit]
        return self._within(places, encoded, limit)

    def likeliest(self, found: Candidates, *, per_edit: float, count: int) -> Candidates:
        """Those of some candidates for which most speaks, those first.

        Args:
            found: any of them.
            per_edit: what an edit weighs against the logarithm of the frequency.
            count: how many at most.
        """
        speaks_against = per_edit * found.distances - self.log_frequencies[found.ids]
        best = np.argsort(speaks_against, kind="stable")[:count]
        return Candidates(found.ids[best], found.distances[best])

    def sounding_like(self, word: str, limit: int) -> Candidates:
        """Every candidate that an English reader would say alike, except the word itself.

        Args:
            word: in lower case.
            limit: edits, beyond which alike sound is taken as an accident.
        """
        if not len(self._sounding):
            return _NOTHING
        sound = sounds.key(word)
        if not sound:
            return _NOTHING
        code = zlib.crc32(sound.encode(errors="surrogatepass"))
        first = bisect_left(self._sounds, code)
        end = bisect_right(self._sounds, code, first)
        return self._within(self._sounding[first:end], self._alphabet.encode(word), limit)

    def _within(self, places: np.ndarray, encoded: bytes, limit: int) -> Candidates:
        if not len(places):
            return _NOTHING
        distances = process.cdist(
            self._encoded[places].tolist(),
            [encoded],
            scorer=OSA.distance,
            score_cutoff=limit,
            dtype=np.uint8,
        )[:, 0]
        found = np.flatnonzero((distances <= limit) & (distances > 0))
        # Both in one number, which is sorted faster than two.
        keys = distances[found].astype(np.int64) << 32 | self._ids[places[found]]
        keys.sort()
        return Candidates(keys & 0xFFFFFFFF, keys >> 32)


def bucket_of(spelling: bytes, buckets: int) -> int:
    """Which of so many buckets, a power of two, holds words of this spelling."""
    return zlib.crc32(spelling) & (buckets - 1)
