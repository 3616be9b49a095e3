"""Whether a word is right, by itself; what may have been meant if it is not."""

from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from unicodedata import combining, normalize

from pipelines.phases.spellcheck import british
from pipelines.phases.spellcheck.building import Progress, unheard
from pipelines.phases.spellcheck.common_words import ALSO_RIGHT, JOINED
from pipelines.phases.spellcheck.findings import Kind
from pipelines.phases.spellcheck.lexicon import Lexicon
from pipelines.phases.spellcheck.neighbours import Neighbours
from pipelines.phases.spellcheck.suggestions import Suggester, Suggestion
from pipelines.vocabulary import Language

_REMEMBERED = 200_000
_LONGEST_WORD = 60
_COMMON = 3.3  # Zipf from which an unlisted word is taken as one…
_OUTNUMBERED = 20  # …unless a listed word one edit away is this many times as frequent
_NAME_LIKE = 2.0  # the same two for a word that may be a name at the start of a sentence
_NAME_OUTNUMBERED = 60
_CASE_IS_SURE = 4.0
_CASE_IS_SURE_LETTERS = 4
_PART = 3.5  # Zipf of both parts of a compound that the dictionary does not build
_SHORTEST_PART = 4
_SLIP_IS_SURE = 0.9  # share of the best suggestion that no compound stands against
_CLITICS = {
    Language.ENGLISH: ("'s", "'ll", "'ve", "'d", "'re"),
    Language.SWEDISH: ("'s", ":s", "s"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of a word by itself.

    Attributes:
        kind: what is wrong with it; None if nothing is.
        suggestions: what may have been meant, in the dictionary's case, best first.
        name_like: whether it may well be a name, where a capital letter says nothing.
    """

    kind: Kind | None
    suggestions: tuple[Suggestion, ...] = ()
    name_like: bool = False


_RIGHT = Verdict(None)


class Speller:
    """Judges words of one language and remembers its verdicts.

    Args:
        lexicon: the words of the language.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.language = lexicon.language
        self._lexicon = lexicon
        self._suggester = Suggester(lexicon, Neighbours(lexicon.words))
        self._verdicts: dict[str, Verdict] = {}

    def judge(self, word: str) -> Verdict:
        """Say whether a word is right.

        Args:
            word: normalised; its case counts. Beyond 60 letters it is none, and nothing is sought.
        """
        if len(word) > _LONGEST_WORD:
            return Verdict(Kind.NONWORD)
        verdict = self._verdicts.get(word)
        if verdict is None:
            if len(self._verdicts) >= _REMEMBERED:
                self._verdicts.clear()
            verdict = self._verdicts[word] = self._judge(word)
        return verdict

    def _judge(self, word: str) -> Verdict:
        low = word.lower()
        if self._is_right(word, low):
            return _RIGHT
        if word == low and (proper := self._only_with_capital(low)):
            return Verdict(Kind.CASE, (Suggestion(proper, 1.0),))
        is_common_error = self._is_common_error(low)
        if not is_common_error and self._fits(low):
            return _RIGHT
        suggestions = self._suggester.suggest(low)
        if self._is_compound(low) and not _is_sure(suggestions):
            return _RIGHT
        only_case = bool(suggestions) and word == low == suggestions[0].text.lower()
        return Verdict(
            Kind.CASE if only_case else Kind.NONWORD,
            suggestions,
            name_like=word != low
            and not is_common_error
            and self._is_common(low, _NAME_LIKE, _NAME_OUTNUMBERED),
        )

    def _is_right(self, word: str, low: str) -> bool:
        if word == "i" and self.language is Language.ENGLISH:
            return False
        return self._lexicon.knows(word) or low in ALSO_RIGHT[self.language]

    def _is_common_error(self, low: str) -> bool:
        return low in JOINED[self.language] or self._suggester.contraction(low) is not None

    def _only_with_capital(self, low: str) -> str | None:
        """The form with a capital of a word that English never writes without one.

        Swedish has too many words that are names as well (`nice`, `love`, `kim`), and so has
        English among the short ones.
        """
        if self.language is not Language.ENGLISH:
            return None
        proper = low[:1].upper() + low[1:]
        if low == "i" or low.startswith("i'"):
            return proper if self._lexicon.knows(proper) else None
        is_sure = len(low) >= _CASE_IS_SURE_LETTERS and self._lexicon.zipf(low) >= _CASE_IS_SURE
        return (
            proper
            if is_sure and self._lexicon.knows(proper) and not self._is_british(low)
            else None
        )

    def _fits(self, low: str) -> bool:
        if len(low) < _CASE_IS_SURE_LETTERS and self._lexicon.in_its_case(low):
            return True
        return (
            self._is_common(low, _COMMON, _OUTNUMBERED)
            or self._has_clitic(low)
            or self._is_british(low)
            or self._has_accents_only(low)
        )

    def _is_common(self, low: str, zipf: float, ratio: float) -> bool:
        return self._lexicon.zipf(low) >= zipf and not self._suggester.outnumbered(low, ratio)

    def _has_clitic(self, low: str) -> bool:
        """Whether it is a right word with an ending; no genitive `s` goes after an `s`."""
        stems = (low.removesuffix(end) for end in _CLITICS[self.language] if low.endswith(end))
        return any(
            len(stem) > 1 and stem[-1] not in "sxz" and self.judge(stem).kind is None
            for stem in stems
        )

    def _is_british(self, low: str) -> bool:
        return self.language is Language.ENGLISH and british.is_variant(low, self._lexicon.knows)

    def _has_accents_only(self, low: str) -> bool:
        """Whether it is an English word but for its accents, as `naïve` and `café` may be."""
        if self.language is not Language.ENGLISH or low.isascii():
            return False
        plain = "".join(c for c in normalize("NFD", low) if not combining(c))
        return self._lexicon.in_its_case(plain) is not None

    def _is_compound(self, low: str) -> bool:
        """Whether two usual words make it up: a compound that the dictionary does not build."""
        if self.language is not Language.SWEDISH:
            return False
        cuts = range(_SHORTEST_PART, len(low) - _SHORTEST_PART + 1)
        return any(self._is_part(low[:at]) and self._is_part(low[at:]) for at in cuts)

    def _is_part(self, part: str) -> bool:
        return self._lexicon.zipf(part) >= _PART and self._lexicon.knows(part)


def _is_sure(suggestions: tuple[Suggestion, ...]) -> bool:
    return bool(suggestions) and suggestions[0].score >= _SLIP_IS_SURE


_KEPT = 8
_loaded: dict[tuple[Language, Path | None, Path | None], Speller] = {}
_loading = Lock()


def speller(
    language: Language,
    folder: Path | None = None,
    cache_folder: Path | None = None,
    *,
    progress: Progress = unheard,
) -> Speller:
    """The speller of a language, loaded once in a process.

    Args:
        language: which one.
        folder, cache_folder, progress: as for `Lexicon`.

    Raises:
        DictionaryMissingError: there is no dictionary.
    """
    key = (language, folder, cache_folder)
    with _loading:
        found = _loaded.get(key)
        if found is None:
            lexicon = Lexicon(language, folder, cache_folder=cache_folder, progress=progress)
            found = _loaded[key] = Speller(lexicon)
            while len(_loaded) > _KEPT:
                del _loaded[next(iter(_loaded))]
    return found
