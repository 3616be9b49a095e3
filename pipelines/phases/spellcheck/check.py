"""A text read word by word: which words are misspelt where they stand."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import compress
from typing import NamedTuple

import regex

from pipelines.phases.spellcheck import agreement, context, foreign
from pipelines.phases.spellcheck.agreement import Scores
from pipelines.phases.spellcheck.capitals import Capitals
from pipelines.phases.spellcheck.english_capitals import small_months
from pipelines.phases.spellcheck.findings import Finding, Kind, clear_of, first_of_each
from pipelines.phases.spellcheck.foreign import Mismatch, Passage, stands_quoted
from pipelines.phases.spellcheck.looks import (
    CONFUSED,
    DOUBTED,
    UNDERSTOOD,
    Looks,
    LooksBesides,
    looks_of,
)
from pipelines.phases.spellcheck.openings import small_openings
from pipelines.phases.spellcheck.spared import Spared, names_in, opens_sentence
from pipelines.phases.spellcheck.speller import Speller, Verdict, Wrong
from pipelines.phases.spellcheck.splits import Splits
from pipelines.phases.spellcheck.suggestions import Suggestion
from pipelines.phases.spellcheck.together import NOBODY, Others
from pipelines.phases.text import Reading, normalise

_REACH = 2  # words on each side
_KEPT = 8
_STOP = regex.compile(r"[\"”’'»)\]]*+ ?[.!?]")
_HALT = regex.compile(r"[,;:()–—]")
_HYPHEN = regex.compile(r"[-‐‑]")
_REASONS = {
    Kind.NONWORD: "The dictionary does not have this word.",
    Kind.REALWORD: "This is a word, but another one fits better here.",
    Kind.CASE: "This word is written with a capital letter.",
    Kind.FOREIGN: "This is a word of another language.",
    Kind.JOIN: "These are words of their own, with a space between them.",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What reading one text gave.

    Attributes:
        findings: in the order of the text, never overlapping.
        forms: every word that was looked up, in lower case, as often as it occurs.
        mismatch: what the text is written in instead of its language; then nothing was looked up.
    """

    findings: tuple[Finding, ...]
    forms: tuple[str, ...]
    mismatch: Mismatch | None = None


class Place(NamedTuple):
    """A word where it stands, with what is on both sides, as for `Context.between`."""

    start: int
    end: int
    word: str
    sentence: int
    opens: bool
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class Checker:
    """Reads the texts of one batch.

    Args:
        speller: of their language.
        spared: what the batch leaves alone.

    Attributes:
        language: of the texts.
    """

    def __init__(self, speller: Speller, spared: Spared) -> None:
        self.language = speller.language
        self._speller = speller
        self._spared = spared
        self._rules = _rules(speller)
        looks = self._rules.looks
        self._looks = LooksBesides(looks, spared) if spared else looks

    def check(self, reading: Reading, others: Others = NOBODY) -> Checked:
        """Find the misspelt words of a text.

        Args:
            others: the other texts of the batch, so far as they may say something of this one.
        """
        elsewhere = foreign.elsewhere(reading, self._speller.other)
        if elsewhere.mismatch:
            return Checked((), (), elsewhere.mismatch)
        checked = self._open(reading, others, elsewhere.passages)
        own = checked.findings()
        lexicon, spared = self._speller.lexicon, self._spared
        findings = first_of_each(
            self._rules.splits.found(reading),
            # Of capitals, the rules are surer than the weights.
            self._rules.capitals.found(reading, spared),
            [each for each in own if each.kind is not Kind.CASE],
            small_openings(reading, lexicon),
            small_months(reading, lexicon.language, spared),
            own,
        )
        outside = clear_of(elsewhere.passages, findings) if elsewhere.passages else findings
        found = tuple(each for each in outside if not spared.allows(each.form))
        mismatch = elsewhere.mismatch_by(found)
        return Checked((), (), mismatch) if mismatch else Checked(found, checked.forms())

    def confusable(self, reading: Reading) -> Iterator[Place]:
        """The words of a text that may have been taken for another."""
        elsewhere = foreign.elsewhere(reading, self._speller.other)
        places = self._open(reading, NOBODY, elsewhere.passages).all_places()
        return (place for place in places if self._speller.is_confused(place.word))

    def doubtful(self, reading: Reading) -> Iterator[tuple[Place, Verdict]]:
        """The words of a text that may be wrong, where they stand, with what is said of each by itself."""
        elsewhere = foreign.elsewhere(reading, self._speller.other)
        return self._open(reading, NOBODY, elsewhere.passages).all_doubtful()

    def _open(self, reading: Reading, others: Others, elsewhere: Iterable[Passage]) -> "_Check":
        looks = looks_of(reading, self._looks, elsewhere)
        return _Check(reading, self._speller, self._spared, looks, others)


class _Rules(NamedTuple):
    """What is the same for every batch of a language, with all that it remembers."""

    looks: Looks
    splits: Splits
    capitals: Capitals


@lru_cache(maxsize=_KEPT)
def _rules(speller: Speller) -> _Rules:
    return _Rules(Looks(speller), Splits(speller.lexicon), Capitals(speller.lexicon))


class _Check:
    """One text being read, with what is known of the whole of it.

    Args:
        looks: how each token looks.
    """

    def __init__(
        self,
        reading: Reading,
        speller: Speller,
        spared: Spared,
        looks: bytearray,
        others: Others,
    ) -> None:
        self._reading = reading
        self._text = reading.text
        self._speller = speller
        self._spared = spared
        self._looks = looks
        self._others = others

    def findings(self) -> list[Finding]:
        """Words that are wrong, in the order of the text."""
        doubtful, right = [], []
        for each in self._reading.within(self._indices(CONFUSED)):
            is_doubted = self._looks[each[0]] >= DOUBTED
            found = list(self.doubtful(self._place(*each))) if is_doubted else []
            doubtful += found
            if not found:
                right.append(each)
        findings = [*self._unknown(doubtful), *self._confused(right)]
        findings.sort(key=lambda finding: finding.start)
        return findings

    def forms(self) -> tuple[str, ...]:
        """Every word that is looked up, in lower case."""
        return tuple(compress(self._lows, self._looks))

    def all_doubtful(self) -> Iterator[tuple[Place, Verdict]]:
        """The words that may be wrong by themselves."""
        for each in self._reading.within(self._indices(DOUBTED)):
            yield from self.doubtful(self._place(*each))

    def all_places(self) -> Iterator[Place]:
        """The words that may be wrong, by themselves or for another."""
        return (self._place(*each) for each in self._reading.within(self._indices(CONFUSED)))

    def _indices(self, least: int) -> list[int]:
        return [index for index, look in enumerate(self._looks) if look >= least]

    def _place(self, index: int, number: int, sentence: range) -> Place:
        tokens = self._reading.tokens
        return Place(
            tokens.starts[index],
            tokens.ends[index],
            tokens.words[index],
            number,
            opens_sentence(self._reading, index, sentence.start),
            *self._around(index, sentence),
        )

    def _around(self, index: int, sentence: range) -> tuple[tuple[str, ...], tuple[str, ...]]:
        start, stop = sentence.start, sentence.stop
        before = self._meant(max(start, index - _REACH), index)
        after = self._meant(index + 1, min(stop, index + 1 + _REACH))
        if index - start < _REACH:
            before = [context.START, *before]
        if stop - index <= _REACH and self._has_stop(sentence):
            after = [*after, context.END]
        return tuple(before[-_REACH:]), tuple(after[:_REACH])

    @cached_property
    def _lows(self) -> list[str]:
        """All words in lower case."""
        return list(map(str.lower, self._reading.tokens.words))

    @cached_property
    def _is_understood(self) -> bool:
        """Whether it is sure of any wrong word what is meant by it."""
        return UNDERSTOOD in self._looks

    def _meant(self, start: int, stop: int) -> list[str]:
        """Words in lower case, and what was meant by them where that is sure (`dont`)."""
        if not self._is_understood:
            return self._lows[start:stop]
        words, meant = self._reading.tokens.words, []
        for index in range(start, stop):
            if self._looks[index] == UNDERSTOOD:
                meant += self._speller.surely(words[index]).lower().split()
            else:
                meant.append(self._lows[index])
        return meant

    def _has_stop(self, sentence: range) -> bool:
        """Whether a sentence has a full stop or the like, which a heading has not."""
        ends = self._reading.tokens.ends
        return _STOP.match(self._text, ends[sentence.stop - 1]) is not None

    def doubtful(self, place: Place) -> Iterator[tuple[Place, Verdict]]:
        """A word that may be wrong, or the parts of it that may be; nothing if none may."""
        verdict = self._speller.judge(place.word)
        if verdict.kind is None or place.word in self._spared or self._is_own_name(place):
            return
        parts = tuple(_parts(place, self._text))
        if len(parts) > 1:
            for part in parts:
                yield from self.doubtful(part)
        else:
            yield place, verdict

    def _is_own_name(self, place: Place) -> bool:
        """Whether the text has the word as a name, so that at the beginning of a sentence it is one too."""
        return place.opens and place.word in self._own_names

    @cached_property
    def _own_names(self) -> frozenset[str]:
        return names_in(self._reading)

    def _unknown(self, doubtful: Sequence[tuple[Place, Verdict]]) -> Iterator[Finding]:
        """Of words that may be wrong by themselves, those that are."""
        for place, wrong in self._wrong(doubtful):
            if wrong is not None and not self._is_spoken_of(place, wrong.kind):
                yield self._finding(place, wrong)

    def _wrong(
        self, doubtful: Sequence[tuple[Place, Verdict]]
    ) -> Iterator[tuple[Place, Wrong | None]]:
        forms = [place.word.lower() for place, _ in doubtful]
        if not self._others and len(set(forms)) == len(forms):  # as in most sentences
            for place, _ in doubtful:
                here = place.before, place.after
                yield place, self._speller.by_itself(place.word, *here, place.opens)
            return
        scores = [self._scores(*each) for each in doubtful]
        agreed = agreement.agreed(forms, scores)
        for (place, verdict), of_candidates in zip(doubtful, agreed, strict=True):
            around = place.before, place.after, self._others
            yield (
                place,
                self._speller.weigh(place.word, verdict, of_candidates, *around, opens=place.opens),
            )

    def _is_spoken_of(self, place: Place, kind: Kind) -> bool:
        """Whether a foreign word is only mentioned."""
        return kind is Kind.FOREIGN and stands_quoted(self._text, place.start, place.end)

    def _scores(self, place: Place, verdict: Verdict) -> Scores:
        suggester = self._speller.suggester
        return suggester.scores(verdict.candidates, place.before, place.after, self._others)

    def _confused(self, places: Iterable[tuple[int, int, range]]) -> Iterator[Finding]:
        """Of words that are right by themselves, those that were taken for another."""
        tokens, confused = self._reading.tokens, self._speller.confused
        for index, number, sentence in places:
            word = self._lows[index]
            # Before a comma or the like, what follows says little of a word.
            if word not in confused or _HALT.match(self._text, tokens.ends[index]):
                continue
            if meant := confused.instead(word, *self._around(index, sentence)):
                wrong = Wrong(Kind.REALWORD, meant)
                yield self._finding(self._place(index, number, sentence), wrong)

    def _finding(self, place: Place, wrong: Wrong) -> Finding:
        text, suggestions = self._text, wrong.suggestions
        curly = "’" in text and ("'" not in text or "’" in text[place.start : place.end])
        if curly or place.word[:1].isupper():
            suggestions = tuple(
                [Suggestion(_fit(s.text, place.word, curly), s.score) for s in suggestions]
            )
        return Finding(
            place.start,
            place.end,
            place.word.lower(),
            wrong.kind,
            place.sentence,
            suggestions,
            _REASONS[wrong.kind],
            wrong.confidence,
        )


def _parts(place: Place, text: str) -> Iterator[Place]:
    """The parts of a hyphenated word, where they stand; single letters are left out."""
    start = place.start
    cuts = [found.span() for found in _HYPHEN.finditer(text, place.start, place.end)]
    for cut_start, cut_end in [*cuts, (place.end, place.end)]:
        word = normalise(text[start:cut_start])
        if len(word) > 1 or not cuts:
            opens = place.opens and start == place.start
            yield place._replace(start=start, end=cut_start, word=word, opens=opens)
        start = cut_end


def _fit(suggestion: str, written: str, curly: bool) -> str:
    """Write a suggestion with the capitals and the apostrophes of what it replaces."""
    if curly:
        suggestion = suggestion.replace("'", "’")
    if len(written) > 1 and written.isupper():
        return suggestion.upper()
    if written[:1].isupper():
        return suggestion[:1].upper() + suggestion[1:]
    return suggestion
