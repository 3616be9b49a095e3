"""A text read word by word: which words are misspelt where they stand."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import regex

from pipelines.phases.spellcheck.capitals import wrong_capitals
from pipelines.phases.spellcheck.english_capitals import small_months
from pipelines.phases.spellcheck.findings import Finding, Kind, first_of_each
from pipelines.phases.spellcheck.openings import small_openings
from pipelines.phases.spellcheck.spared import (
    Spared,
    is_checkable,
    names_in,
    opens_sentence,
)
from pipelines.phases.spellcheck.speller import Speller, Verdict
from pipelines.phases.spellcheck.splits import split_compounds
from pipelines.phases.spellcheck.suggestions import Suggestion
from pipelines.phases.text import Reading, normalise

_REACH = 2  # words on each side
_HYPHEN = regex.compile(r"[-‐‑]")
_REASONS = {
    Kind.NONWORD: "The dictionary does not have this word.",
    Kind.REALWORD: "This is a word, but another one fits better here.",
    Kind.CASE: "This word is written with a capital letter.",
    Kind.JOIN: "These are words of their own, with a space between them.",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What reading one text gave.

    Attributes:
        findings: in the order of the text, never overlapping.
        forms: every word that was looked up, in lower case, as often as it occurs.
    """

    findings: tuple[Finding, ...]
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A word where it stands, with the nearest words of its sentence on both sides."""

    start: int
    end: int
    word: str
    sentence: int
    opens: bool
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def check(reading: Reading, speller: Speller, spared: Spared) -> Checked:
    """Find the misspelt words of a text."""
    checked = _Check(reading, speller, spared).checked()
    lexicon = speller.lexicon
    findings = first_of_each(
        split_compounds(reading, lexicon),
        # Of a small letter that should be a capital, the rules are surer than the weights.
        (each for each in checked.findings if each.kind is not Kind.CASE),
        small_openings(reading, lexicon),
        wrong_capitals(reading, lexicon, spared),
        small_months(reading, lexicon.language, spared),
        checked.findings,
    )
    return replace(
        checked, findings=tuple(each for each in findings if not spared.allows(each.form))
    )


def doubtful(reading: Reading, speller: Speller, spared: Spared) -> Iterator[tuple[Place, Verdict]]:
    """The words of a text that may be wrong, where they stand, with what is said of each by itself."""
    places = _Check(reading, speller, spared)
    return (found for place in places.places() for found in places.doubtful(place))


class _Check:
    """One text being read, with what is known of the whole of it."""

    def __init__(self, reading: Reading, speller: Speller, spared: Spared) -> None:
        self._reading = reading
        self._text = reading.text
        self._speller = speller
        self._spared = spared
        self._own_names = names_in(reading)
        self._curly = "’" in reading.text and "'" not in reading.text

    def checked(self) -> Checked:
        places = tuple(self.places())
        findings = (finding for place in places for finding in self._findings(place))
        return Checked(tuple(findings), tuple(place.word.lower() for place in places))

    def places(self) -> Iterator[Place]:
        for number, sentence in enumerate(self._reading.sentences):
            around = [self._reading.tokens[index].word.lower() for index in sentence]
            for at, index in enumerate(sentence):
                token = self._reading.tokens[index]
                if is_checkable(token, self._text) and token.word not in self._spared:
                    yield Place(
                        token.start,
                        token.end,
                        token.word,
                        number,
                        opens_sentence(self._reading, index, sentence.start),
                        tuple(around[max(0, at - _REACH) : at]),
                        tuple(around[at + 1 : at + 1 + _REACH]),
                    )

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

    def _findings(self, place: Place) -> Iterator[Finding]:
        doubtful = list(self.doubtful(place))
        yield from filter(None, (self._unknown(*each) for each in doubtful))
        if not doubtful:
            meant = self._speller.instead(place.word, place.before, place.after)
            if meant:
                yield self._finding(place, Kind.REALWORD, meant)

    def _unknown(self, place: Place, verdict: Verdict) -> Finding | None:
        weighed = self._speller.weigh(
            place.word, verdict, opens=place.opens, before=place.before, after=place.after
        )
        return None if weighed is None else self._finding(place, *weighed)

    def _finding(self, place: Place, kind: Kind, suggestions: tuple[Suggestion, ...]) -> Finding:
        curly = self._curly or "’" in self._text[place.start : place.end]
        return Finding(
            place.start,
            place.end,
            place.word.lower(),
            kind,
            place.sentence,
            tuple(Suggestion(_fit(s.text, place.word, curly), s.score) for s in suggestions),
            _REASONS[kind],
        )


def _parts(place: Place, text: str) -> Iterator[Place]:
    """The parts of a hyphenated word, where they stand; single letters are left out."""
    start = place.start
    cuts = [found.span() for found in _HYPHEN.finditer(text, place.start, place.end)]
    for cut_start, cut_end in [*cuts, (place.end, place.end)]:
        word = normalise(text[start:cut_start])
        if len(word) > 1 or not cuts:
            opens = place.opens and start == place.start
            yield replace(place, start=start, end=cut_start, word=word, opens=opens)
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
