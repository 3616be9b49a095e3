"""Whether a word is right, by itself; what may have been meant if it is not."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple
from unicodedata import combining, normalize

from pipelines.phases.remembered import Remembered
from pipelines.phases.spellcheck import british, context, doubts, weights
from pipelines.phases.spellcheck.agreement import Scores
from pipelines.phases.spellcheck.building import Progress, unheard
from pipelines.phases.spellcheck.common_words import ALSO_RIGHT, JOINED
from pipelines.phases.spellcheck.findings import Kind, named
from pipelines.phases.spellcheck.foreign import OtherLanguage
from pipelines.phases.spellcheck.lexicon import Lexicon, listed_words
from pipelines.phases.spellcheck.neighbours import Neighbours
from pipelines.phases.spellcheck.realwords import Confused
from pipelines.phases.spellcheck.slips import Trait
from pipelines.phases.spellcheck.suggestions import Candidate, Suggester, Suggestion
from pipelines.phases.spellcheck.together import Told
from pipelines.phases.spellcheck.words import Words
from pipelines.vocabulary import Language

_REMEMBERED = 200_000
_REMEMBERED_PLACES = 1 << 14
_LONGEST_WORD = 60
_CASE_IS_SURE = 4.0  # Zipf
_CASE_IS_SURE_LETTERS = 4
_COMMON_SHORT_NAME = 4.0  # Zipf
_USUAL = 4.3  # Zipf
# How likely a word has to be wrong to be said to be.
_FLAGGED_FROM = {Language.ENGLISH: 0.4, Language.SWEDISH: 0.12}
_FOREIGN_FROM = 0.5
_LIKELY_IF_NOT_FOREIGN = 0.2
_CLITICS = {
    Language.ENGLISH: ("'s", "'ll", "'ve", "'d", "'re"),
    Language.SWEDISH: ("'s", ":s", "s"),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of a word by itself.

    Attributes:
        kind: what is wrong with it, if anything is; None if nothing can be.
        suggestions: what was meant, if that is sure without looking at the place.
        candidates: what else may have been meant, where the place decides.
        as_written: how much speaks for the word as it is, in nats.
    """

    kind: Kind | None
    suggestions: tuple[Suggestion, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    as_written: float = 0.0


_RIGHT = Verdict(None)


class Wrong(NamedTuple):
    """What is to be said of a wrong word where it stands.

    Attributes:
        kind: what is wrong with it.
        suggestions: what may have been meant, the likeliest first.
        confidence: that it is of this kind, if that is another matter than what was meant, 0 to 1.
    """

    kind: Kind
    suggestions: tuple[Suggestion, ...]
    confidence: float | None = None


class Speller:
    """Judges words of one language and remembers its verdicts.

    Args:
        lexicon: the words of the language.
        other: opens those of the other one, when a word may be one of them.
    """

    def __init__(self, lexicon: Lexicon, other: Callable[[], Words]) -> None:
        self.language = language = lexicon.language
        self.lexicon = lexicon
        self.other = OtherLanguage(lexicon, other)
        self._weights = weights.of(language)
        self.context = context.of(language)
        self.suggester = Suggester(
            self.lexicon,
            Neighbours(lexicon.words),
            self._weights,
            self.context,
        )
        self.confused = Confused(language, self.context, self._weights)
        self._verdicts: dict[str, Verdict] = {}
        self.in_place = lru_cache(maxsize=_REMEMBERED_PLACES)(self._in_place)
        """What `weigh` says of a word, where a text's slips are all different.

        Args: the word, as it was judged; what is before and after it; what the other texts say; whether a capital
        letter says nothing there.
        """
        self.meant: Mapping[str, tuple[str, ...]] = Remembered(self._find_meant)
        """Word → itself and all that may have been meant by it, in lower case."""
        self.is_told_by_neighbours = self.context is not context.NONE
        """Whether what is before and after a word says anything of it, beyond what other texts do."""

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

    def is_confused(self, word: str) -> bool:
        """Whether a word is one that many take for another."""
        return word.lower() in self.confused

    def surely(self, word: str) -> str:
        """What is meant by a word, if that is sure without looking at the place; else the word itself."""
        suggestions = self.judge(word).suggestions
        return suggestions[0].text if suggestions else word

    def weigh(
        self,
        word: str,
        verdict: Verdict,
        scores: Scores,
        told: Sequence[Told],
        *,
        opens: bool,
    ) -> Wrong | None:
        """Say whether a doubtful word is wrong where it stands, and what was meant; None if it is right.

        Args:
            word: as it was judged.
            scores: of the verdict's candidates in this place.
            told: what the other texts of the batch say of it and of the candidates.
            opens: whether a capital letter says nothing here.
        """
        assert verdict.kind is not None
        if verdict.suggestions or len(word) > _LONGEST_WORD:
            return Wrong(verdict.kind, verdict.suggestions)
        if foreign := self._foreign(word, scores):
            return foreign
        low, of_place = word.lower(), list[Trait]()
        if word[:1].isupper():
            of_place += doubts.place_traits(word, self.lexicon.zipf(word), opens=opens)
        for each in told:
            if each.form == low:
                of_place += each.traits()
        as_written = verdict.as_written + weights.weigh(of_place, self._weights)
        weighed = self.suggester.shares(scores, as_written)
        if 1 - weighed.as_written < _FLAGGED_FROM[self.language]:
            return None
        return Wrong(kind_of(word, weighed.suggestions), weighed.suggestions)

    def _in_place(
        self,
        word: str,
        before: Sequence[str],
        after: Sequence[str],
        told: Sequence[Told],
        opens: bool,
    ) -> Wrong | None:
        verdict = self.judge(word)
        scores = self.suggester.scores(verdict.candidates, before, after, told)
        return self.weigh(word, verdict, scores, told, opens=opens)

    def _foreign(self, word: str, scores: Scores) -> Wrong | None:
        """The word as one of the other language, if that is likelier than not."""
        weight = self.other.weight(word)
        if weight is None:
            return None
        weighed = self.suggester.shares(scores, weight)
        if weighed.as_written < _FOREIGN_FROM:
            return None
        least = _LIKELY_IF_NOT_FOREIGN * (1 - weighed.as_written)
        offered = tuple(each for each in weighed.suggestions if each.score >= least)
        return Wrong(Kind.FOREIGN, offered, round(weighed.as_written, 4))

    def names_among(self, capitalised: Iterable[str]) -> frozenset[str]:
        """Those of words that several texts write with a capital which are names, as far as is known.

        Not those that are a slip away from a usual word: capitals and slips may go together (`Sweeden`).
        """
        return frozenset(
            word
            for word in capitalised
            if self.judge(word).candidates
            and self.suggester.nearest_zipf(word.lower(), slips=1) < _USUAL
        )

    def described(self, word: str) -> Iterator[Trait]:
        """The traits of a word as it is written; what is learned from."""
        nearest_zipf = self.suggester.nearest_zipf(word.lower())
        return doubts.traits(word, self.lexicon, nearest_zipf=nearest_zipf)

    def _judge(self, word: str) -> Verdict:
        return self._at_once(word) or Verdict(
            Kind.NONWORD,
            candidates=self.suggester.candidates(word.lower()),
            as_written=weights.weigh(self.described(word), self._weights),
        )

    def _find_meant(self, word: str) -> tuple[str, ...]:
        candidates = [each.low for each in self.judge(word).candidates]
        return tuple(dict.fromkeys([word.lower(), *candidates]))

    def _at_once(self, word: str) -> Verdict | None:
        """What is sure of a word without looking for what else may have been meant; None if nothing is."""
        low = word.lower()
        if self._is_right(word, low):
            return _RIGHT
        if word == low and (proper := self._only_with_capital(low)):
            return Verdict(Kind.CASE, (Suggestion(proper, 1.0),))
        if usual := self._usual_slip(low):
            kind = Kind.JOIN if " " in usual else Kind.NONWORD
            return Verdict(kind, (Suggestion(usual, 1.0),))
        return _RIGHT if self._fits(low) else None

    def _is_right(self, word: str, low: str) -> bool:
        if word == "i" and self.language is Language.ENGLISH:
            return False
        return self.lexicon.knows(word) or low in ALSO_RIGHT[self.language]

    def _usual_slip(self, low: str) -> str | None:
        """What is always meant by a form that many write and no dictionary has."""
        return JOINED[self.language].get(low) or self.suggester.contraction(low)

    def _only_with_capital(self, low: str) -> str | None:
        """The form with a capital of a word that English never writes without one.

        Swedish has too many words that are names as well (`nice`, `love`, `kim`), and so has
        English among the short ones.
        """
        if self.language is not Language.ENGLISH:
            return None
        proper = low[:1].upper() + low[1:]
        if low == "i" or low.startswith("i'"):
            return proper if self.lexicon.knows(proper) else None
        is_sure = len(low) >= _CASE_IS_SURE_LETTERS and self.lexicon.zipf(low) >= _CASE_IS_SURE
        return (
            proper if is_sure and self.lexicon.knows(proper) and not self._is_british(low) else None
        )

    def _fits(self, low: str) -> bool:
        return (
            self._is_short_name(low)
            or self._has_clitic(low)
            or self._is_british(low)
            or self._has_accents_only(low)
        )

    def _is_short_name(self, low: str) -> bool:
        """Whether it is a short name or acronym in small letters, as `tv` and `usa`; in English a common one.

        Rare ones there are oftener slips: `amd` for `and`.
        """
        if len(low) >= _CASE_IS_SURE_LETTERS or not self.lexicon.in_its_case(low):
            return False
        return self.language is not Language.ENGLISH or self.lexicon.zipf(low) >= _COMMON_SHORT_NAME

    def _has_clitic(self, low: str) -> bool:
        """Whether it is a right word with an ending; no genitive `s` goes after an `s`."""
        stems = (low.removesuffix(end) for end in _CLITICS[self.language] if low.endswith(end))
        return any(
            len(stem) > 1 and stem[-1] not in "sxz" and self._at_once(stem) is _RIGHT
            for stem in stems
        )

    def _is_british(self, low: str) -> bool:
        return self.language is Language.ENGLISH and british.is_variant(low, self.lexicon.knows)

    def _has_accents_only(self, low: str) -> bool:
        """Whether it is an English word but for its accents, as `naïve` and `café` may be."""
        if self.language is not Language.ENGLISH or low.isascii():
            return False
        plain = "".join(c for c in normalize("NFD", low) if not combining(c))
        return self.lexicon.in_its_case(plain) is not None


def kind_of(word: str, suggestions: Sequence[Suggestion]) -> Kind:
    """What is wrong with a word that no dictionary has, by what was meant, the likeliest first."""
    best = suggestions[0].text if suggestions else word
    if best != word and best.lower() == word.lower():
        return Kind.CASE
    return Kind.JOIN if " " in (named(suggestions) or "") else Kind.NONWORD


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
            found = _loaded[key] = Speller(lexicon, lambda: _other_words(key))
            while len(_loaded) > _KEPT:
                del _loaded[next(iter(_loaded))]
    return found


def _other_words(key: tuple[Language, Path | None, Path | None]) -> Words:
    """The listed words of the language that a speller is not of; no dictionary is loaded for them."""
    language, folder, cache_folder = key
    (other,) = set(Language) - {language}
    return listed_words(other, folder, cache_folder)
