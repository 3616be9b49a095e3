"""The other language of the two: words of it among one's own, passages that are written in it, and whole texts."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cached_property, lru_cache
from itertools import groupby, pairwise
from operator import itemgetter

import regex

from pipelines.phases.spellcheck.findings import Finding
from pipelines.phases.spellcheck.lexicon import Lexicon
from pipelines.phases.spellcheck.words import Case, Words
from pipelines.phases.text import Reading
from pipelines.vocabulary import Language

_REMEMBERED = 100_000
_NO_WORD = (Case.NONE, Case.NOT_ASKED)
_SHORTEST = 3  # letters; shorter words are in every list of every language
_UNHEARD = 1.0  # Zipf of a word that a language's list has not
_MOST = 3.0  # Zipf: no single word says more than that of the language it stands in
# What a language's list has of the other's words by way of quotations is a thousandth or less of what that one's has,
# in Swedish a hundredth. What is less rare may have been borrowed.
_LEANS = 1.6  # Zipf from which on a word that no dictionary of the language has is the other one's
# Nats in favour of a foreign word against a slip, set between what learners misspelt so that it is one by chance
# (`numer` for `number`, `plat` for `plats`) and words of either language in a sentence of the other.
_WRITES_BOTH = {Language.ENGLISH: 9.5, Language.SWEDISH: 6.0}
# Zipf that going over to the other language, or back, costs at the beginning of a sentence, elsewhere, and at a quote.
_BEGINS_IN_IT = 2.0
_SWITCH = 3.0
_SWITCH_AT_QUOTE = 1.0
_TELLS = 1.0  # Zipf from which on a word tells a language
_FEWEST = 3  # words that tell it, in a passage; two are enough for a whole sentence or quotation
_FEWEST_WHOLE = 2
_FEWEST_OF_A_TEXT = 20  # words; of fewer it is not said that the text is in another language
_MOSTLY = 0.6  # share of a text's words
# Least share of its words that a dictionary of its language has, or it is looked at more closely. Learners at their
# worst keep three fifths; of texts in French, Spanish, German, Finnish, Polish, Somali, Danish and Norwegian it has a
# half and less.
_KNOWN = 0.55
# Least share of the unknown words that slips have to explain: nothing but misspellings come to 57 % and more, those
# languages to 43 % and less.
_UNDERSTOOD = 0.5
_QUOTE = regex.compile(r"[\"“”„«»]|(?<!\p{L})['‘’]|['‘’](?!\p{L})")


class Standing(IntEnum):
    """Where a word belongs, at a glance."""

    KNOWN = 0  # a dictionary of the text's language has it
    UNKNOWN = 1
    FOREIGN = 2  # it is the other language's rather than this one's


class OtherLanguage:
    """What the other language has of words that are met in texts of one language.

    Args:
        lexicon: of the language the texts are in.
        words: opens those of the other one, when the first is asked for.
    """

    def __init__(self, lexicon: Lexicon, words: Callable[[], Words]) -> None:
        self._lexicon = lexicon
        self._open = words
        self._lean = lru_cache(maxsize=_REMEMBERED)(self._find_lean)

    @property
    def language(self) -> Language:
        """Which it is."""
        (other,) = set(Language) - {self._lexicon.language}
        return other

    @cached_property
    def _words(self) -> Words:
        return self._open()

    def standing(self, word: str) -> Standing:
        """The standing of a word, as it is written."""
        if self._lexicon.knows(word):
            return Standing.KNOWN
        return Standing.FOREIGN if self.lean(word.lower()) >= _TELLS else Standing.UNKNOWN

    def lean(self, word: str) -> float:
        """How much commoner a word is in the other language, on the Zipf scale; negative if it is rarer.

        Args:
            word: in lower case.
        """
        return self._lean(word)

    def weight(self, word: str) -> float | None:
        """How much speaks for an unknown word being one of the other language, in nats; None if it is none.

        Comparable with the weights of candidates for what was meant.

        Args:
            word: as it is written; with a capital it may be a name, which belongs to no language.
        """
        if len(word) < _SHORTEST or not word.islower() or self.lean(word) < _LEANS:
            return None
        word_id = self._words.find(word)
        if word_id is None or self._words.case(word_id) is not Case.LOWER:
            return None
        return math.log(self._words.frequency(word_id)) + _WRITES_BOTH[self._lexicon.language]

    def has(self, word: str) -> bool:
        """Whether it has the word, as far as it is listed there."""
        word_id = self._words.find(word.lower())
        return word_id is not None and self._words.case(word_id) not in _NO_WORD

    def _find_lean(self, word: str) -> float:
        return max(self._zipf(word), _UNHEARD) - max(self._lexicon.zipf(word), _UNHEARD)

    def _zipf(self, word: str) -> float:
        word_id = self._words.find(word)
        return 0.0 if word_id is None else math.log10(self._words.frequency(word_id)) + 9


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a text that is written in the other language.

    Attributes:
        start, end: its span in the text, in code points.
        tokens: its tokens in the reading.
    """

    start: int
    end: int
    tokens: range


class Mismatch(StrEnum):
    """What a text is written in that is not in the language it is read in."""

    ENGLISH = "en"
    SWEDISH = "sv"
    UNKNOWN = "unknown"  # neither, as far as can be told


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What of a text is in another language than it is read in.

    Attributes:
        passages: in the other language, in the order of the text: whole sentences, or parts of one.
        mismatch: what the text as a whole is plainly written in instead; None if that cannot be told yet.
        unknown_count: how many of its words no dictionary of its language has, if they are so many that it may be in
            a third language; else 0.
    """

    passages: tuple[Passage, ...]
    mismatch: Mismatch | None = None
    unknown_count: int = 0

    def mismatch_by(self, findings: Iterable[Finding]) -> Mismatch | None:
        """The same when it is known what was found: of a third language few words are understood as slips."""
        if self.mismatch or not self.unknown_count:
            return self.mismatch
        understood = sum(each.confidence for each in findings if each.correction is not None)
        is_understood = understood >= _UNDERSTOOD * self.unknown_count
        return None if is_understood else Mismatch.UNKNOWN


_NOWHERE = Elsewhere(())


def elsewhere(reading: Reading, other: OtherLanguage, standings: bytes) -> Elsewhere:
    """Tell what of a text is in another language.

    Args:
        reading: the text.
        other: the other language.
        standings: of its words.
    """
    count, known = len(standings), standings.count(Standing.KNOWN)
    is_own = count < _FEWEST_OF_A_TEXT or known >= _KNOWN * count
    if is_own and Standing.FOREIGN not in standings:  # as in most texts
        return _NOWHERE
    foreign = [index for index, each in enumerate(standings) if each == Standing.FOREIGN]
    found: list[Passage] = []
    for _, telling in groupby(reading.within(foreign), key=itemgetter(1)):
        sentences = [sentence for *_, sentence in telling]
        if len(sentences) >= _FEWEST_WHOLE:
            found.extend(_passages(reading, sentences[0], other))
    if is_own:
        return Elsewhere(tuple(found)) if found else _NOWHERE
    is_other = sum(len(each.tokens) for each in found) >= _MOSTLY * count and (
        sum(map(other.has, reading.tokens.words)) >= _MOSTLY * count
    )
    return Elsewhere(tuple(found), Mismatch(other.language) if is_other else None, count - known)


def stands_quoted(text: str, start: int, end: int) -> bool:
    """Whether a span is all there is between two quotation marks."""
    return bool(_QUOTE.match(text, start - 1) and _QUOTE.match(text, end)) if start else False


def _passages(reading: Reading, sentence: range, other: OtherLanguage) -> Iterator[Passage]:
    text, tokens = reading.text, reading.tokens
    leans = [other.lean(tokens.words[index].lower()) for index in sentence]
    quoted = [
        _QUOTE.search(text, tokens.ends[left], tokens.starts[right]) is not None
        for left, right in pairwise(sentence)
    ]
    costs = [_BEGINS_IN_IT, *(_SWITCH_AT_QUOTE if each else _SWITCH for each in quoted)]
    for first, last in _runs(leans, costs):
        begins = first == 0 or quoted[first - 1]
        ends = last == len(sentence) - 1 or quoted[last]
        telling = sum(lean >= _TELLS for lean in leans[first : last + 1])
        if telling >= (_FEWEST_WHOLE if begins and ends else _FEWEST):
            within = sentence[first : last + 1]
            yield Passage(tokens.starts[within[0]], tokens.ends[within[-1]], within)


def _runs(leans: Sequence[float], costs: Sequence[float]) -> Iterator[tuple[int, int]]:
    """First and last of each run of words that are likelier of the other language, what changing costs counted in.

    The likeliest way through two states (Viterbi 1967).

    Args:
        leans: of each word.
        costs: of changing before each word.
    """
    own, other = 0.0, -math.inf
    came_over: list[tuple[bool, bool]] = []  # into own, into other
    for lean, cost in zip(leans, costs, strict=True):
        back, over = other - cost >= own and other > -math.inf, own - cost > other
        came_over.append((back, over))
        own, other = (
            other - cost if back else own,
            (own - cost if over else other) + max(-_MOST, min(_MOST, lean)),
        )
    is_other = other > own
    ends, runs = len(leans) - 1, []
    for at in range(len(leans) - 1, -1, -1):
        back, over = came_over[at]
        if is_other and over:
            runs.append((at, ends))
            is_other = False
        elif not is_other and back:
            is_other, ends = True, at - 1
    yield from reversed(runs)
