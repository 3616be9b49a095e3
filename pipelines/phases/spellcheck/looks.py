"""What is seen of a word at a glance, so that only few have to be looked at where they stand."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from pipelines.phases.remembered import Remembered
from pipelines.phases.spellcheck.foreign import Passage
from pipelines.phases.spellcheck.spared import Spared, is_half, looks_checkable
from pipelines.phases.spellcheck.speller import Speller
from pipelines.phases.text import HYPHENS, Reading

PASSED_OVER, RIGHT, CONFUSED, DOUBTED, UNDERSTOOD = range(5)
"""Not checked, being spared or nothing that a dictionary could have; right wherever it stands; right, but taken for
other words; perhaps wrong; wrong, and what is meant is sure."""

Looks = Mapping[str, int]
"""Word → one of the five, for a language or one batch of it."""

_NOTHING = ""


LOWS: Mapping[str, str] = Remembered(str.lower)
"""Word → the same in lower case: the one string for all its places, which are compared and counted faster so."""


def looks(speller: Speller) -> Looks:
    """Of each word of a language, how it looks."""

    def look(word: str) -> int:
        if not looks_checkable(word):
            return PASSED_OVER
        verdict = speller.judge(word)
        if verdict.kind is not None:
            return UNDERSTOOD if verdict.suggestions else DOUBTED
        return CONFUSED if speller.is_confused(word) else RIGHT

    return Remembered(look)


def looks_besides(looks: Looks, spared: Spared) -> Looks:
    """The same for a batch, which spares some words."""
    return Remembered(lambda word: PASSED_OVER if word in spared else looks[word])


def looks_of(reading: Reading, looks: Looks, passages: Sequence[Passage] = ()) -> bytearray:
    """One of the five for each token of a text.

    Args:
        reading: the text.
        looks: of its words.
        passages: what of it is in another language; no word of them is judged.
    """
    tokens = reading.tokens
    words = tokens.words
    if passages:
        words = list(words)
        for passage in passages:
            words[passage.tokens.start : passage.tokens.stop] = [_NOTHING] * len(passage.tokens)
    found = bytearray(map(looks.__getitem__, words))
    for index in tokens.others:
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
