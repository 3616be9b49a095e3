"""Words that exist and are wrong where they stand: taken for another, or the halves of one."""

from functools import lru_cache

from pipelines.phases.remembered import Remembered
from pipelines.phases.spellcheck.speller import Speller, speller
from pipelines.phases.spellcheck.splits import Splits
from pipelines.phases.text import Reading
from pipelines.vocabulary import Language

_REACH = 2  # words on each side


def count(reading: Reading, language: Language) -> int:
    """How many a text has: `more then` in English, `ord förråd` in Swedish."""
    if language is Language.SWEDISH:
        splits, part = _splits(language)
        return sum(
            1 for _ in splits.found(reading, bytes(map(part.__getitem__, reading.tokens.words)))
        )
    of = speller(language)
    return sum(_mistaken(of, reading, sentence) for sentence in reading.sentences)


def _mistaken(of: Speller, reading: Reading, sentence: range) -> int:
    words = [word.lower() for word in reading.tokens.words[sentence.start : sentence.stop]]
    around = (
        (word, words[max(0, at - _REACH) : at], words[at + 1 : at + 1 + _REACH])
        for at, word in enumerate(words)
        if of.is_confused(word)
    )
    return sum(bool(of.confused.instead(*each)) for each in around)


@lru_cache(maxsize=2)
def _splits(language: Language) -> tuple[Splits, Remembered[int]]:
    splits = Splits(speller(language).lexicon)
    return splits, Remembered(splits.part)
