"""Which words of a text are none that the dictionary has."""

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
_CLITICS = {
    Language.ENGLISH: ("'s", "'ll", "'ve", "'d", "'re", "'"),
    Language.SWEDISH: ("s", ":s", "'s"),
}


class KnownWords:
    """The words of one language.

    A spelling check asks what was meant and looks at the words around; here it is only counted, some ten times faster,
    so that one unknown word more or less is not worth much.

    Args:
        lexicon: of the language.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._known: dict[str, bool] = {}

    def unknown(self, reading: Reading) -> list[bool]:
        """For each word of a text, in order, whether it is unknown and no name."""
        names = names_in(reading)
        return [
            token.kind is TokenKind.WORD
            and looks_checkable(token.word)
            and not self.knows(token.word)
            and token.word not in names
            for token in reading.words
        ]

    def knows(self, word: str) -> bool:
        """Whether it is a word in any case but that of the English `i`."""
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[word] = self._knows(word)
        return known

    def zipf(self, word: str) -> float:
        """How common it is; see `Lexicon.zipf`."""
        return self._lexicon.zipf(word)

    def _knows(self, word: str) -> bool:
        low = word.lower()
        language = self._lexicon.language
        if low in ALSO_RIGHT[language] or self._lexicon.in_its_case(low):
            return True
        stems = (low.removesuffix(end) for end in _CLITICS[language] if low.endswith(end))
        if any(len(stem) > 1 and self._lexicon.in_its_case(stem) for stem in stems):
            return True
        parts = [part for part in low.split("-") if part]
        if len(parts) > 1:
            return all(map(self.knows, parts))
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
