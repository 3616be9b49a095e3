"""What is seen of a word at a glance, so that only few have to be looked at where they stand."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping

from pipelines.phases.spellcheck.foreign import Passage
from pipelines.phases.spellcheck.spared import Spared, is_half, looks_checkable
from pipelines.phases.spellcheck.speller import Speller
from pipelines.phases.text import HYPHENS, Reading, TokenKind

PASSED_OVER, RIGHT, CONFUSED, DOUBTED, UNDERSTOOD = range(5)
"""Not checked, being spared or nothing that a dictionary could have; right wherever it stands; right, but taken for
other words; perhaps wrong; wrong, and what is meant is sure."""

_NOTHING = ""
_REMEMBERED = 200_000


class Looks(dict[str, int]):
    """Word → one of the five, for a language; each is judged once.

    Args:
        speller: of the language.
    """

    def __init__(self, speller: Speller) -> None:
        self._speller = speller

    def __missing__(self, word: str) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        look = self[word] = self._look(word)
        return look

    def _look(self, word: str) -> int:
        if not looks_checkable(word):
            return PASSED_OVER
        verdict = self._speller.judge(word)
        if verdict.kind is not None:
            return UNDERSTOOD if verdict.suggestions else DOUBTED
        return CONFUSED if self._speller.is_confused(word) else RIGHT


class LooksBesides(dict[str, int]):
    """The same for a batch, which spares some words.

    Args:
        looks: of the language.
        spared: by the batch.
    """

    def __init__(self, looks: Looks, spared: Spared) -> None:
        self._looks = looks
        self._spared = spared

    def __missing__(self, word: str) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        look = self[word] = PASSED_OVER if word in self._spared else self._looks[word]
        return look


def looks_of(
    reading: Reading, looks: Mapping[str, int], passages: Iterable[Passage] = ()
) -> bytearray:
    """One of the five for each token of a text.

    Args:
        reading: the text.
        looks: of its words.
        passages: what of it is in another language; no word of them is judged.
    """
    tokens = reading.tokens
    words = list(tokens.words)
    for passage in passages:
        words[passage.tokens.start : passage.tokens.stop] = [_NOTHING] * len(passage.tokens)
    found = bytearray(map(looks.__getitem__, words))
    if tokens.kinds.count(TokenKind.WORD) < len(found):
        for index, kind in enumerate(tokens.kinds):
            if kind is not TokenKind.WORD:
                found[index] = PASSED_OVER
    for index in _halves(reading):
        found[index] = PASSED_OVER
    return found


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
