"""One language's words: which exist, and how often each is used."""

import logging
import math
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version as version_of
from pathlib import Path
from weakref import WeakValueDictionary

from pipelines.phases.spellcheck import british, building, cache, dictionaries
from pipelines.phases.spellcheck.building import unheard
from pipelines.phases.spellcheck.dictionaries import Dictionary
from pipelines.phases.spellcheck.words import Case, Words
from pipelines.vocabulary import Language

_REMEMBERED = 300_000
_AT_ONCE = 512
_MADE_BY = ("chunspell", "wordfreq")

log = logging.getLogger(__name__)


class Lexicon:
    """Dictionary and word frequencies of one language.

    Frequencies are wordfreq's: a share of all running words, folded to lower case. Its list holds
    misspellings too, so being on it does not make a word right. Zipf is log10 of the occurrences
    in a billion words: 6 is among the commonest words of a language, 3 once in a million words.

    Source: Speer (2022), wordfreq 3.0, doi 10.5281/zenodo.7199437; van Heuven et al. (2014),
    "SUBTLEX-UK", Q. J. Exp. Psychol. 67(6), 1176-1190, for the Zipf scale.

    Args:
        language: which one.
        folder: as for `Dictionary`.
        cache_folder: where the index of the words is kept; the user's cache by default.
        progress: told how many words of the index are done, and of how many, while it is made,
            which takes seconds; not called where it is only opened.
        warn: told in a sentence that the cache could not be used; the log by default.

    Attributes:
        dictionary: for words that are not listed.
        words: those that are.

    Raises:
        DictionaryMissingError: there is no dictionary.
    """

    def __init__(
        self,
        language: Language,
        folder: Path | None = None,
        *,
        cache_folder: Path | None = None,
        progress: building.Progress = unheard,
        warn: Callable[[str], None] = log.warning,
    ) -> None:
        self.language = language
        self.dictionary = Dictionary(language, folder)
        self.words = _words(
            language,
            self.dictionary.version,
            lambda: self.dictionary,
            cache_folder,
            progress=progress,
            warn=warn,
        )
        self._known: dict[str, bool] = {}
        # All that is asked of one word, and of its parts, comes together.
        self._find = lru_cache(maxsize=_AT_ONCE)(self.words.find)
        self.listed = lru_cache(maxsize=_AT_ONCE)(self._listed)
        """Zipf and case of a word in lower case; nought and `Case.NONE` if it is not on the list.

        For parts of unknown words, of which those of one word are asked for more than once.
        """

    def knows(self, word: str) -> bool:
        """Whether the word, in just this case, is in the dictionary."""
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[word] = self._knows(word)
        return known

    def frequency(self, word: str) -> float:
        """The word's share of all running words; 0 if it is not on the list.

        Args:
            word: in lower case.
        """
        word_id = self._find(word)
        return 0.0 if word_id is None else self.words.frequency(word_id)

    def zipf(self, word: str) -> float:
        """How common the word is in any case, on the Zipf scale; 0 if it is not on the list."""
        frequency = self.frequency(word.lower())
        return max(0.0, math.log10(frequency) + 9) if frequency else 0.0

    def in_its_case(self, word: str) -> str | None:
        """The word as the dictionary writes it (`english` → `English`); None if it has it in none.

        Args:
            word: in lower case, as on the frequency list.
        """
        case = self._listed_case(word)
        if case is Case.NOT_ASKED:
            # As a rule it has been asked for as it is.
            case = Case.LOWER if self.knows(word) else self.dictionary.case_of_unknown(word)
        return dictionaries.forms(word)[case - 1] if case else None

    def _knows(self, word: str) -> bool:
        low = word.lower()
        case = self._listed_case(low)
        # What is right in small letters is so with capitals, too.
        if case is not Case.NOT_ASKED:
            if word == low:
                return case is Case.LOWER
            if word == low[:1].upper() + low[1:]:
                return Case.NONE < case <= Case.CAPITALISED
            if word == low.upper():
                return case is not Case.NONE
        return word in self.dictionary

    def _listed(self, word: str) -> tuple[float, Case]:
        word_id = self._find(word)
        if word_id is None:
            return 0.0, Case.NONE
        return max(0.0, math.log10(self.words.frequency(word_id)) + 9), self.words.case(word_id)

    def _listed_case(self, low: str) -> Case:
        word_id = self._find(low)
        return Case.NOT_ASKED if word_id is None else self.words.case(word_id)


def listed_words(
    language: Language, folder: Path | None = None, cache_folder: Path | None = None
) -> Words:
    """The listed words of a language, for who needs no dictionary; it is only loaded where they have to be made.

    Args:
        language: which one.
        folder, cache_folder: as for `Lexicon`.

    Raises:
        DictionaryMissingError: there is no dictionary.
    """
    version = dictionaries.version(language, folder)
    return _words(language, version, lambda: Dictionary(language, folder), cache_folder)


_opened: WeakValueDictionary[tuple[Path | None, str], Words] = WeakValueDictionary()
"""Cache folder and name → words, so that all who use them in a process share them."""


def _words(
    language: Language,
    dictionary_version: str,
    dictionary: Callable[[], Dictionary],
    cache_folder: Path | None,
    *,
    progress: building.Progress = unheard,
    warn: Callable[[str], None] = log.warning,
) -> Words:
    made_by = (f"{package} {version_of(package)}" for package in _MADE_BY)
    made_from = "; ".join((f"format {building.FORMAT}", *made_by, dictionary_version))
    digest = sha256(made_from.encode()).hexdigest()[:16]
    folder, name = cache_folder or cache.default_folder(), f"words-{language}-{digest}"

    def make() -> bytes:
        # Half a second and 35 MB for each language, which nobody spends on an index that is there.
        import wordfreq  # noqa: PLC0415

        return building.build(
            language,
            wordfreq.get_frequency_dict(language, "best"),
            _case_in(dictionary()),
            made_from=made_from,
            progress=progress,
        )

    words = _opened.get((folder, name))
    if words is None:
        words = _opened[folder, name] = cache.open_or_make(
            folder, name, make=make, use=lambda buffer: Words(buffer, made_from), warn=warn
        )
    return words


def _case_in(dictionary: Dictionary) -> Callable[[str], Case]:
    if dictionary.language is not Language.ENGLISH:
        return dictionary.case_of

    def case_of(word: str) -> Case:
        case = dictionary.case_of(word)
        is_british = case is Case.NONE and british.is_variant(word, dictionary.__contains__)
        return Case.LOWER if is_british else case

    return case_of
