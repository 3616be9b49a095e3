"""One language's words: which exist, and how often each is used."""

import math
from pathlib import Path

import wordfreq

from pipelines.phases.spellcheck.dictionaries import Dictionary
from pipelines.vocabulary import Language

_REMEMBERED = 300_000


class Lexicon:
    """Dictionary and word frequencies of one language.

    Frequencies are wordfreq's: a share of all running words, folded to lower case. Its list holds
    misspellings too, so being on it does not make a word right. Zipf is log10 of the occurrences
    in a billion words: 6 is among the commonest words of a language, 3 once in a million words.

    Source: Speer (2022), wordfreq 3.0, doi 10.5281/zenodo.7199437; van Heuven et al. (2014),
    "SUBTLEX-UK", Q. J. Exp. Psychol. 67(6), 1176-1190, for the Zipf scale.
    """

    def __init__(self, language: Language, folder: Path | None = None) -> None:
        self.language = language
        self.dictionary = Dictionary(language, folder)
        self.frequencies: dict[str, float] = wordfreq.get_frequency_dict(language, "best")
        self._known: dict[str, bool] = {}

    def knows(self, word: str) -> bool:
        """Whether the word, in just this case, is in the dictionary."""
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[word] = word in self.dictionary
        return known

    def zipf(self, word: str) -> float:
        """How common the word is in any case, on the Zipf scale; 0 if it is not on the list."""
        frequency = self.frequencies.get(word.lower(), 0.0)
        return max(0.0, math.log10(frequency) + 9) if frequency else 0.0

    def in_its_case(self, word: str) -> str | None:
        """The word as the dictionary writes it (`english` → `English`); None if it has it in none.

        Args:
            word: in lower case, as on the frequency list.
        """
        forms = (word, word[:1].upper() + word[1:], word.upper())
        return next((form for form in forms if self.knows(form)), None)
