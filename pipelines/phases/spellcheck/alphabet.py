"""Letters as bytes and words as bit patterns that tell how far two words are apart at least."""

import codecs
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

_OTHER = 255  # any letter that no word of the language has
_MOST = 254
_EDGE = 0  # before the first letter and behind the last
_LENGTH_BITS = 3
_BITS = 64 - _LENGTH_BITS
# Neighbouring lengths differ in one bit, and up to three steps apart in as many bits as steps.
_LENGTHS = tuple(bits << _BITS for bits in (0b000, 0b001, 0b011, 0b111, 0b110, 0b100))
_SPREAD = 10  # a primitive root of the prime _BITS, so that its powers are all different


class Alphabet:
    """The letters of some words, and two 64-bit patterns of each word over them.

    - **letters**: a bit for "has this letter", another one for "has it twice", and so on.
    - **pairs**: a bit for each two neighbouring letters, in either order, the edges counting as
      letters.

    Both also hold the length, modulo 6. An edit (a letter put in, left out, replaced by another, or
    two neighbours swapped) changes at most `LETTER_BITS` bits of the one and `PAIR_BITS` of the
    other, so words whose patterns differ in more than that many bits an edit are further apart;
    most words that are not neighbours are told so without being looked at. Length bits are right
    for up to three edits.

    Args:
        letters: at most 254, in any order that stays the same.
        counted: letters with the number of occurrences that gets a bit, at most 61, e.g. `e1 e2`.
    """

    LETTER_BITS = 2
    PAIR_BITS = 4
    FURTHEST = 3

    def __init__(self, letters: str, counted: str) -> None:
        self.letters = letters
        self.counted = counted
        self._codes = {letter: code for code, letter in enumerate(letters, 1)}
        self._decoding = "\ufffe" + letters
        self._bit = {
            (self._codes[each[0]], int(each[1:])): 1 << at
            for at, each in enumerate(counted.split())
        }
        self._spread = [pow(_SPREAD, code, _BITS) for code in range(256)]

    @classmethod
    def of(cls, words: Sequence[str]) -> "Alphabet":
        """Give bits to what tells most words apart; letters of few words go without a code.

        Words with such a letter are not `encodable`.
        """
        usual = Counter("".join(words)).most_common(_MOST)
        letters = "".join(sorted(letter for letter, _ in usual))
        occurrences = Counter(
            (letter, number)
            for word in words
            for letter, count in Counter(word).items()
            if letter in letters
            for number in range(1, count + 1)
        )
        ranked = sorted(occurrences, key=lambda each: (-occurrences[each], each))
        return cls(letters, " ".join(f"{letter}{number}" for letter, number in ranked[:_BITS]))

    def encodable(self, word: str) -> bool:
        """Whether all letters of a word have a code."""
        return all(letter in self._codes for letter in word)

    def encode(self, word: str) -> bytes:
        """A byte for each letter, never 0; letters without a code are alike."""
        codes = self._codes
        return bytes([codes.get(letter, _OTHER) for letter in word])

    def decode(self, encoded: bytes) -> str:
        """The word with these codes."""
        return codecs.charmap_decode(encoded, "strict", self._decoding)[0]

    def patterns(self, encoded: bytes) -> tuple[int, int]:
        """Letters and pairs of one word."""
        letters = pairs = _LENGTHS[len(encoded) % 6]
        seen: dict[int, int] = {}
        spread, bit = self._spread, self._bit
        before = spread[_EDGE]
        for code in encoded:
            seen[code] = number = seen.get(code, 0) + 1
            letters |= bit.get((code, number), 0)
            here = spread[code]
            pairs |= 1 << (before + here) % _BITS
            before = here
        return letters, pairs | 1 << (before + spread[_EDGE]) % _BITS

    def all_patterns(self, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Letters and pairs of many words.

        Args:
            codes: (words, letters) uint8, zeros behind the last letter; no word is empty.

        Returns:
            Two (words,) arrays of uint64.
        """
        lengths = np.count_nonzero(codes, axis=1)
        length_bits = np.array(_LENGTHS, np.uint64)[lengths % 6]
        return length_bits | self._all_letters(codes), length_bits | self._all_pairs(codes)

    def _all_letters(self, codes: np.ndarray) -> np.ndarray:
        patterns = np.zeros(len(codes), np.uint64)
        for code in range(1, len(self.letters) + 1):
            counts = np.count_nonzero(codes == code, axis=1)
            for number in range(1, int(counts.max(initial=0)) + 1):
                bit = self._bit.get((code, number), 0)
                patterns[counts >= number] |= np.uint64(bit)
        return patterns

    def _all_pairs(self, codes: np.ndarray) -> np.ndarray:
        spread = np.array(self._spread, np.uint64)
        patterns = np.zeros(len(codes), np.uint64)
        before = np.zeros(len(codes), np.uint8)
        for here in (*codes.T, before):
            bits = np.uint64(1) << (spread[before] + spread[here]) % np.uint64(_BITS)
            patterns |= np.where(before | here, bits, np.uint64(0))
            before = here
        return patterns


def as_matrix(encoded: Iterable[bytes], width: int) -> np.ndarray:
    """Encoded words as the rows of a (words, width) array of uint8, zeros behind each."""
    rows = np.array(list(encoded), f"S{width}")
    return rows.view(np.uint8).reshape(len(rows), width)
