"""How common the words of a text are in the language at large."""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from pipelines.phases.spellcheck.lexicon import listed_words
from pipelines.phases.spellcheck.words import Words
from pipelines.vocabulary import Language

# Zipf values at which a band ends, and the bands' names: a word of Zipf 3 belongs to 3_to_4.
_LIMITS = (2.0, 3.0, 4.0, 5.0)
BANDS = ("below_2", "2_to_3", "3_to_4", "4_to_5", "5_and_above")
_REMEMBERED = 50_000


def zipf(word: str, language: Language) -> float:
    """How common a word is: log10 of its occurrences in a billion words.

    A word with hyphens is as common as the rarest of its parts (of `well-known` `known`), and one
    in the genitive at least as common as without it (`teacher's` as `teacher`).

    Args:
        word: normalised, in lower case.
        language: whose list to look it up in.

    Returns:
        3 for once in a million words, 6 for once in a thousand; 0 for words on no list.

    Source: van Heuven, Mandera, Keuleers & Brysbaert (2014), "SUBTLEX-UK", Q. J. Exp. Psychol.
    67(6), 1176-1190; frequencies from wordfreq, Speer (2022), doi 10.5281/zenodo.7199437.
    """
    parts = word.rstrip(".").split("-")
    frequency = max(
        _frequency(word, language),
        min(
            max(_frequency(part, language), _frequency(part.removesuffix("'s"), language))
            for part in parts
        ),
    )
    return max(0.0, math.log10(frequency) + 9) if frequency else 0.0


@lru_cache(maxsize=_REMEMBERED)
def _frequency(word: str, language: Language) -> float:
    listed = words(language)
    word_id = listed.find(word)
    return 0.0 if word_id is None else listed.frequency(word_id)


@lru_cache(maxsize=2)
def words(language: Language) -> Words:
    """The list of a language, loaded once in a process: the index that spelling is checked with."""
    return listed_words(language)


def band_shares(zipfs: Sequence[float]) -> dict[str, float] | None:
    """Share of the words in each band of `BANDS`, adding up to 1; None without words."""
    if not zipfs:
        return None
    counts = Counter(bisect_right(_LIMITS, value) for value in zipfs)
    return {name: counts[number] / len(zipfs) for number, name in enumerate(BANDS)}
