"""A text read word by word: which words are misspelt where they stand."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import compress
from typing import NamedTuple

import regex

from pipelines.phases.spellcheck import agreement, context, english_splits, foreign
from pipelines.phases.spellcheck.capitals import Capitals
from pipelines.phases.spellcheck.english_capitals import small_months
from pipelines.phases.spellcheck.findings import Finding, Kind, clear_of, first_of_each
from pipelines.phases.spellcheck.foreign import Elsewhere, Mismatch, stands_quoted
from pipelines.phases.spellcheck.looks import (
    CONFUSED,
    DOUBTED,
    NO_RULE,
    PART,
    PASSED_OVER,
    STANDING,
    UNDERSTOOD,
    WHERE,
    Glances,
    indices,
    looks_besides,
    looks_of,
    looks_with,
    lows_of,
)
from pipelines.phases.spellcheck.openings import small_openings
from pipelines.phases.spellcheck.spared import Spared, names_in, opens_sentence
from pipelines.phases.spellcheck.speller import Speller, Verdict, Wrong
from pipelines.phases.spellcheck.splits import Splits
from pipelines.phases.spellcheck.suggestions import Suggestion
from pipelines.phases.spellcheck.together import NOBODY, Others, Told
from pipelines.phases.text import Reading, normalise
from pipelines.vocabulary import Language

_REACH = 2  # words on each side
_KEPT = 8
_STOP = regex.compile(r"[\"”’'»)\]]*+ ?[.!?]")
_HALTS = frozenset(",;:()–—")
_HYPHEN = regex.compile(r"[-‐‑]")
_REASONS = {
    Kind.NONWORD: "The dictionary does not have this word.",
    Kind.REALWORD: "This is a word, but another one fits better here.",
    Kind.CASE: "This word is written with a capital letter.",
    Kind.FOREIGN: "This is a word of another language.",
    Kind.JOIN: "These are words of their own, with a space between them.",
}


class Checked(NamedTuple):
    """What reading one text gave.

    Attributes:
        findings: in the order of the text, never overlapping.
        word_count: of the words that were looked up.
        form_count: of different ones among them, in lower case; 0 where nothing was found, as nobody asks then.
        mismatch: what the text is written in instead of its language; then nothing was looked up.
    """

    findings: tuple[Finding, ...]
    word_count: int = 0
    form_count: int = 0
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
        self._looks = looks_besides(self._rules.glances.looks, spared)

    def check(self, readings: Sequence[Reading], others: Sequence[Others]) -> list[Checked]:
        """Find the misspelt words of some texts, step by step: a processor has at hand what it has just done.

        Args:
            others: for each, the other texts of the batch, so far as they may say something of it.
        """
        glances = [self._rules.glances.of(reading.tokens.words) for reading in readings]
        elsewhere = list(map(self._elsewhere, readings, glances))
        looks = [
            # Nothing is looked up in a text that is plainly in another language.
            bytearray(len(seen)) if there.mismatch else self._looks_in(reading, seen, there)
            for reading, seen, there in zip(readings, glances, elsewhere, strict=True)
        ]
        own = list(map(self._own, readings, looks, others))
        by_rules = [
            self._rules.found(*each, self._spared) for each in zip(readings, glances, strict=True)
        ]
        openings = [small_openings(reading, self._speller.lexicon) for reading in readings]
        findings = list(map(_put_together, own, by_rules, openings))
        return list(map(self._checked, readings, elsewhere, looks, findings))

    def _own(self, reading: Reading, looks: bytearray, others: Others) -> Sequence[Finding]:
        """What is found of words by themselves."""
        asked = indices(looks, CONFUSED)
        if not asked:
            return ()
        return _Check(reading, self._speller, self._spared, looks, others).findings(asked)

    def _checked(
        self,
        reading: Reading,
        elsewhere: Elsewhere,
        looks: bytearray,
        findings: tuple[Finding, ...],
    ) -> Checked:
        """A text's findings, without those that are in another language or allowed, and what they are counted by."""
        if findings and elsewhere.passages:
            findings = tuple(clear_of(elsewhere.passages, findings))
        if findings and self._spared:
            findings = tuple([each for each in findings if not self._spared.allows(each.form)])
        mismatch = elsewhere.mismatch_by(findings)
        if mismatch:
            return Checked((), mismatch=mismatch)
        form_count = len(set(compress(lows_of(reading.tokens.words), looks))) if findings else 0
        return Checked(findings, len(looks) - looks.count(PASSED_OVER), form_count)

    def confusable(self, reading: Reading) -> Iterator[Place]:
        """The words of a text that may have been taken for another."""
        places = self._open_alone(reading).all_places()
        return (place for place in places if self._speller.is_confused(place.word))

    def doubtful(self, reading: Reading) -> Iterator[tuple[Place, Verdict]]:
        """The words of a text that may be wrong, where they stand, with what is said of each by itself."""
        return self._open_alone(reading).all_doubtful()

    def _open_alone(self, reading: Reading) -> "_Check":
        glances = self._rules.glances.of(reading.tokens.words)
        looks = self._looks_in(reading, glances, self._elsewhere(reading, glances))
        return _Check(reading, self._speller, self._spared, looks, NOBODY)

    def _looks_in(self, reading: Reading, glances: bytes, elsewhere: Elsewhere) -> bytearray:
        if self._spared.spares_none(reading.tokens.words):
            return looks_of(reading, glances, self._rules.glances.looks, elsewhere.passages)
        return looks_with(reading, self._looks, elsewhere.passages)

    def _elsewhere(self, reading: Reading, glances: bytes) -> Elsewhere:
        return foreign.elsewhere(reading, self._speller.other, glances.translate(STANDING))


class _Rules:
    """What is the same for every batch of a language, with all that it remembers."""

    def __init__(self, speller: Speller) -> None:
        self._splits = Splits(speller.lexicon)
        self._capitals = Capitals(speller.lexicon)
        self._is_swedish = speller.language is Language.SWEDISH
        self.glances = Glances(speller, self._splits, self._capitals)

    def found(
        self, reading: Reading, glances: bytes, spared: Spared
    ) -> tuple[list[Finding], list[Finding], list[Finding]]:
        """Words written as two, Swedish capitals, and English months, each in the order of the text."""
        if not glances.translate(None, NO_RULE):  # as in most English sentences
            return [], [], []
        where, parts = glances.translate(WHERE), glances.translate(PART)
        if not self._is_swedish:
            pairs = list(english_splits.pairs(reading, parts))
            return pairs, [], list(small_months(reading, where, spared))
        splits = list(self._splits.found(reading, parts))
        return splits, list(self._capitals.found(reading, where, spared)), []


@lru_cache(maxsize=_KEPT)
def _rules(speller: Speller) -> _Rules:
    return _Rules(speller)


def _put_together(
    own: Sequence[Finding],
    by_rules: tuple[Sequence[Finding], Sequence[Finding], Sequence[Finding]],
    openings: Sequence[Finding],
) -> tuple[Finding, ...]:
    """What was found of words by themselves, and what the rules find."""
    splits, capitals, months = by_rules
    if not (splits or capitals or months or openings):  # as in most sentences
        return tuple(own)
    return first_of_each(
        splits,
        # Of capitals, the rules are surer than the weights.
        capitals,
        [each for each in own if each.kind is not Kind.CASE],
        openings,
        months,
        own,
    )


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
        self._lows = tuple(lows_of(reading.tokens.words))
        self._has_sure_slips = UNDERSTOOD in looks

    def findings(self, asked: Iterable[int]) -> list[Finding]:
        """Words that are wrong, in the order of the text.

        Args:
            asked: those that may be.
        """
        doubtful: list[tuple[Place, Verdict]] = []
        confused: list[Finding] = []
        looks = self._looks
        for index, number, sentence in self._reading.within(asked):
            if looks[index] >= DOUBTED:
                found = list(self.doubtful(self._place(index, number, sentence)))
                doubtful += found
                if found or self._lows[index] not in self._speller.confused:
                    continue
            if meant := self._instead(index, sentence):
                place = self._place(index, number, sentence)
                confused.append(self._finding(place, Wrong(Kind.REALWORD, meant)))
        if not doubtful:  # as in most sentences
            return confused
        unknown = self._unknown(doubtful)
        return sorted([*unknown, *confused], key=lambda finding: finding.start)

    def all_doubtful(self) -> Iterator[tuple[Place, Verdict]]:
        """The words that may be wrong by themselves."""
        for each in self._reading.within(indices(self._looks, DOUBTED)):
            yield from self.doubtful(self._place(*each))

    def all_places(self) -> Iterator[Place]:
        """The words that may be wrong, by themselves or for another."""
        return (self._place(*each) for each in self._reading.within(indices(self._looks, CONFUSED)))

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

    def _meant(self, start: int, stop: int) -> Sequence[str]:
        """Words in lower case, and what was meant by them where that is sure (`dont`)."""
        if not self._has_sure_slips:
            return self._lows[start:stop]
        words = self._reading.tokens.words
        meant: list[str] = []
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
        if verdict.kind is None or self._is_own_name(place) or self._is_surname(place):
            return
        parts = tuple(_parts(place, self._text)) if "-" in place.word else ()
        if len(parts) > 1:
            for part in parts:
                if part.word not in self._spared:
                    yield from self.doubtful(part)
        else:
            yield place, verdict

    def _is_own_name(self, place: Place) -> bool:
        """Whether the text has the word as a name, so that at the beginning of a sentence it is one too."""
        return place.opens and place.word in self._own_names

    def _is_surname(self, place: Place) -> bool:
        """Whether it is what somebody is called behind a first name (`Annika Baude`), which no list has all of.

        In Swedish, where languages and peoples have no capital. A genitive is no first name (`Stockholms Univeristet`).
        """
        if (
            self._speller.language is not Language.SWEDISH
            or place.opens
            or not place.word[:1].isupper()
            or place.word.isupper()
        ):
            return False
        tokens = self._reading.tokens
        before = bisect_left(tokens.starts, place.start) - 1
        if before < 0 or self._text[tokens.ends[before] : place.start] != " ":
            return False
        knows, name = self._speller.lexicon.knows, tokens.words[before]
        is_name = name[:1].isupper() and knows(name) and not knows(name.lower())
        return is_name and not (name.endswith("s") and knows(name[:-1]))

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
        if len(set(forms)) == len(forms):  # as in most sentences
            for place, _ in doubtful:
                yield place, self._in_place(place)
            return
        told = [self._told(place) for place, _ in doubtful]
        scores = [
            self._speller.suggester.scores(verdict.candidates, place.before, place.after, of_place)
            for (place, verdict), of_place in zip(doubtful, told, strict=True)
        ]
        agreed = agreement.agreed(forms, scores)
        for (place, verdict), of_candidates, of_place in zip(doubtful, agreed, told, strict=True):
            around = of_candidates, of_place
            yield place, self._speller.weigh(place.word, verdict, *around, opens=place.opens)

    def _in_place(self, place: Place) -> Wrong | None:
        speller = self._speller
        around = (place.before, place.after) if speller.is_told_by_neighbours else ((), ())
        return speller.in_place(place.word, *around, self._told(place), place.opens)

    def _told(self, place: Place) -> tuple[Told, ...]:
        return self._others.told(self._speller.meant[place.word], place.before, place.after)

    def _is_spoken_of(self, place: Place, kind: Kind) -> bool:
        """Whether a foreign word is only mentioned."""
        return kind is Kind.FOREIGN and stands_quoted(self._text, place.start, place.end)

    def _instead(self, index: int, sentence: range) -> tuple[Suggestion, ...]:
        """What was probably meant instead of a word that many take for another; nothing if it fits."""
        end = self._reading.tokens.ends[index]
        if self._text[end : end + 1] in _HALTS:  # what follows says little of a word before it
            return ()
        start, stop = sentence.start, sentence.stop
        first, last = max(start, index - _REACH), index + 1 + _REACH
        lows, confused = self._lows, self._speller.confused
        if self._has_sure_slips and UNDERSTOOD in self._looks[first:last]:
            return confused.instead(lows[index], *self._around(index, sentence))
        if last < stop:
            return confused.instead_within(lows[first:last], index - first)
        has_end = index + _REACH >= stop and self._has_stop(sentence)
        return confused.instead_within(lows[first:stop], index - first, ends=has_end)

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
