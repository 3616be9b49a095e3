"""What is seen of a word at a glance, so that only few have to be looked at where they stand."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from pipelines.phases.spellcheck.spared import Spared, is_half, looks_checkable
from pipelines.phases.spellcheck.speller import Speller
from pipelines.phases.text import HYPHENS, Reading, TokenKind

PASSED_OVER, RIGHT, DOUBTED = range(3)
"""Not checked, being spared or nothing that a dictionary could have; right wherever it stands; neither."""

_REMEMBERED = 200_000


class Looks:
    """Knows the words of one batch at a glance, having judged each different one once.

    Args:
        speller: of the batch's language.
        spared: what it leaves alone.
    """

    def __init__(self, speller: Speller, spared: Spared) -> None:
        self._known = _Known(speller, spared)

    def of(self, reading: Reading) -> Sequence[int]:
        """One of the three for each token of a text."""
        tokens = reading.tokens
        looks = list(map(self._known.__getitem__, tokens.words))
        if tokens.kinds.count(TokenKind.WORD) < len(looks):
            for index, kind in enumerate(tokens.kinds):
                if kind is not TokenKind.WORD:
                    looks[index] = PASSED_OVER
        for index in _halves(reading):
            looks[index] = PASSED_OVER
        return looks


class _Known(dict[str, int]):
    def __init__(self, speller: Speller, spared: Spared) -> None:
        self._speller = speller
        self._spared = spared

    def __missing__(self, word: str) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        look = self[word] = self._look(word)
        return look

    def _look(self, word: str) -> int:
        if not looks_checkable(word) or word in self._spared:
            return PASSED_OVER
        return DOUBTED if self._speller.doubts(word) else RIGHT


def _halves(reading: Reading) -> Iterator[int]:
    """The tokens beside a hyphen that are half a word."""
    text, tokens = reading.text, reading.tokens
    for hyphen in HYPHENS:
        at = text.find(hyphen)
        while at >= 0:
            after = bisect_left(tokens.starts, at)
            for index in range(max(0, after - 1), min(len(tokens), after + 1)):
                if is_half(tokens.starts[index], tokens.ends[index], text):
                    yield index
            at = text.find(hyphen, at + 1)
