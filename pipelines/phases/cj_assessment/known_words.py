"""Which words of a text are right by themselves, and which are not."""

from enum import Enum, auto
from functools import lru_cache

from pipelines.phases.spellcheck import british
from pipelines.phases.spellcheck.common_words import ALSO_RIGHT
from pipelines.phases.spellcheck.compounds import cuts, first_parts
from pipelines.phases.spellcheck.lexicon import Lexicon
from pipelines.phases.spellcheck.spared import looks_checkable, names_in
from pipelines.phases.spellcheck.speller import speller
from pipelines.phases.text import Reading, TokenKind
from pipelines.vocabulary import Language

_REMEMBERED = 200_000
_PART = 3.0  # Zipf of what a Swedish compound that no list has may be made of
_NAME = 4.0  # Zipf of an English word that nobody takes for another one without its capital
_NAME_LETTERS = 4
_CLITICS = {
    Language.ENGLISH: ("'s", "'ll", "'ve", "'d", "'re", "'"),
    Language.SWEDISH: ("s", ":s", "'s"),
}


class Look(Enum):
    """What is to be said of a word by itself."""

    RIGHT = auto()
    UNKNOWN = auto()  # to the dictionary, and no name
    SMALL = auto()  # English, and never without its capital: english, monday


class KnownWords:
    """The words of one language.

    A spelling check asks what was meant and looks at the words around; here words are only counted, some ten times
    faster, so that one more or less is not worth much.

    Args:
        lexicon: of the language.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._looks: dict[str, Look] = {}

    def looks(self, reading: Reading) -> list[Look]:
        """What is to be said of each token of a text, in order."""
        tokens = reading.tokens
        looks = list(map(self._look, tokens.words))
        names = names_in(reading) if Look.UNKNOWN in looks else frozenset()
        return [
            Look.RIGHT if kind is not TokenKind.WORD or word in names else look
            for word, kind, look in zip(tokens.words, tokens.kinds, looks, strict=True)
        ]

    def zipf(self, word: str) -> float:
        """How common it is; see `Lexicon.zipf`."""
        return self._lexicon.zipf(word)

    def _look(self, word: str) -> Look:
        look = self._looks.get(word)
        if look is None:
            if len(self._looks) >= _REMEMBERED:
                self._looks.clear()
            look = self._looks[word] = self._looked_up(word)
        return look

    def _looked_up(self, word: str) -> Look:
        if self._lexicon.knows(word) or not looks_checkable(word):
            return Look.RIGHT
        if word.islower() and self._lacks_capital(word):
            return Look.SMALL
        return Look.RIGHT if self._is_known(word.lower()) else Look.UNKNOWN

    def _lacks_capital(self, word: str) -> bool:
        return (
            self._lexicon.language is Language.ENGLISH
            and len(word) >= _NAME_LETTERS
            and self._lexicon.zipf(word) >= _NAME
            and self._lexicon.in_its_case(word) is not None
        )

    def _is_known(self, low: str) -> bool:
        """Whether it is a word in any case, with an ending, or made of words."""
        language = self._lexicon.language
        if low in ALSO_RIGHT[language] or self._lexicon.in_its_case(low):
            return True
        stems = (low.removesuffix(end) for end in _CLITICS[language] if low.endswith(end))
        if any(len(stem) > 1 and self._lexicon.in_its_case(stem) for stem in stems):
            return True
        parts = [part for part in low.split("-") if part]
        if len(parts) > 1:
            return all(map(self._is_known, parts))
        if language is Language.ENGLISH:
            return british.is_variant(low, self._lexicon.knows)
        return any(
            self._is_part(right) and any(map(self._is_part, first_parts(left)))
            for left, right in cuts(low)
        )

    def _is_part(self, part: str) -> bool:
        return self._lexicon.zipf(part) >= _PART and self._lexicon.in_its_case(part) == part


@lru_cache(maxsize=2)
def of(language: Language) -> KnownWords:
    """The words of a language, loaded once in a process.

    Raises:
        DictionaryMissingError: there is no dictionary.
    """
    return KnownWords(speller(language).lexicon)
