"""What is seen of a word at a glance, so that only few have to be looked at where they stand."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress
from sys import intern

from pipelines.phases.remembered import Remembered
from pipelines.phases.spellcheck import english_capitals, english_splits
from pipelines.phases.spellcheck.capitals import Capitals
from pipelines.phases.spellcheck.foreign import Passage, Standing
from pipelines.phases.spellcheck.spared import Spared, is_half, looks_checkable
from pipelines.phases.spellcheck.speller import Speller
from pipelines.phases.spellcheck.splits import Splits
from pipelines.phases.text import HYPHENS, Reading
from pipelines.vocabulary import Language

PASSED_OVER, RIGHT, CONFUSED, DOUBTED, UNDERSTOOD = range(5)
"""Not checked, being spared or nothing that a dictionary could have; right wherever it stands; right, but taken for
other words; perhaps wrong; wrong, and what is meant is sure."""
_NOT_JUDGED = (
    5  # no dictionary has it, and nobody has looked yet for what may be meant, which takes long
)

_LOOKS, _STANDINGS, _PARTS = 6, len(Standing), 4

LOOK = bytes(glance % _LOOKS for glance in range(256))
STANDING = bytes(glance // _LOOKS % _STANDINGS for glance in range(256))
PART = bytes(glance // (_LOOKS * _STANDINGS) % _PARTS for glance in range(256))
WHERE = bytes(glance // (_LOOKS * _STANDINGS * _PARTS) for glance in range(256))
"""What a glance tells, as tables for `bytes.translate`: how a word looks; its `Standing`; which part of a pair written
as two words it may be; where a rule of capitals may say something of it."""
NO_RULE = bytes(range(_LOOKS * _STANDINGS))
"""Glances at words of which neither a rule of pairs nor one of capitals has anything to say."""

Looks = Mapping[str, int]
"""Word → one of the five, for a language or one batch of it."""

_NOTHING = ""


_LOWS: Mapping[str, str] = Remembered(lambda word: intern(word.lower()))


def lows_of(words: Iterable[str]) -> Iterator[str]:
    """Words in lower case: one string for all places of each, as these are compared and counted faster."""
    return map(_LOWS.__getitem__, words)


class Glances:
    """All that is seen of the words of a language wherever they stand, so that each is asked for once.

    Args:
        speller: of the language.
        splits, capitals: its rules.
    """

    def __init__(self, speller: Speller, splits: Splits, capitals: Capitals) -> None:
        self._speller = speller
        is_swedish = speller.language is Language.SWEDISH
        self._part = splits.part if is_swedish else english_splits.part
        self._where = capitals.where_wrong if is_swedish else english_capitals.where_wrong
        self._found = Remembered(self._glance)
        self.looks: Looks = Remembered(self._look)
        """How each word looks."""

    def of(self, words: Sequence[str]) -> bytes:
        """The glances at some words: bytes to be translated by `LOOK`, `STANDING`, `PART` and `WHERE`."""
        return bytes(map(self._found.__getitem__, words))

    def _glance(self, word: str) -> int:
        standing = self._speller.other.standing(word)
        if not looks_checkable(word):
            look = PASSED_OVER
        else:
            look = self.looks[word] if standing is Standing.KNOWN else _NOT_JUDGED
        rules = self._part(word) + _PARTS * self._where(word)
        return look + _LOOKS * (standing + _STANDINGS * rules)

    def _look(self, word: str) -> int:
        if not looks_checkable(word):
            return PASSED_OVER
        verdict = self._speller.judge(word)
        if verdict.kind is not None:
            return UNDERSTOOD if verdict.suggestions else DOUBTED
        return CONFUSED if self._speller.is_confused(word) else RIGHT


def looks_besides(looks: Looks, spared: Spared) -> Looks:
    """The same for a batch, which spares some words."""
    return Remembered(lambda word: PASSED_OVER if word in spared else looks[word])


def looks_of(
    reading: Reading, glances: bytes, looks: Looks, passages: Sequence[Passage] = ()
) -> bytearray:
    """One of the five for each token of a text.

    Args:
        reading: the text.
        glances: at its words.
        looks: of those that have not been judged yet.
        passages: what of it is in another language; no word of them is judged.
    """
    found = bytearray(glances.translate(LOOK))
    for passage in passages:
        found[passage.tokens.start : passage.tokens.stop] = bytes(len(passage.tokens))
    if _NOT_JUDGED in found:
        words = reading.tokens.words
        for index in indices(found, _NOT_JUDGED):
            found[index] = looks[words[index]]
    return _without_halves(reading, found)


def looks_with(reading: Reading, looks: Looks, passages: Sequence[Passage] = ()) -> bytearray:
    """The same where looks are not what they are of words by themselves, as some are spared."""
    words: Sequence[str] = reading.tokens.words
    if passages:
        words = list(words)
        for passage in passages:
            words[passage.tokens.start : passage.tokens.stop] = [_NOTHING] * len(passage.tokens)
    return _without_halves(reading, bytearray(map(looks.__getitem__, words)))


_AT_LEAST = [bytes(each >= least for each in range(256)) for least in range(_LOOKS)]


def indices(looks: bytes | bytearray, least: int) -> list[int]:
    """Where something looks so, or as what is behind that."""
    return list(compress(range(len(looks)), looks.translate(_AT_LEAST[least])))


def _without_halves(reading: Reading, found: bytearray) -> bytearray:
    for index in reading.tokens.others:
        found[index] = PASSED_OVER
    for hyphen in HYPHENS:
        if hyphen in reading.text:
            for index in _halves(reading, hyphen):
                found[index] = PASSED_OVER
    return found


def _halves(reading: Reading, hyphen: str) -> Iterator[int]:
    """The tokens beside a hyphen of one kind that are half a word."""
    text, tokens = reading.text, reading.tokens
    at = text.find(hyphen)
    while at >= 0:
        after = bisect_left(tokens.starts, at)
        for index in range(max(0, after - 1), min(len(tokens), after + 1)):
            if is_half(tokens.starts[index], tokens.ends[index], text):
                yield index
        at = text.find(hyphen, at + 1)
