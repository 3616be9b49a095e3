"""A text read word by word: which words are misspelt where they stand."""

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from pipelines.phases.spellcheck.findings import Finding, Kind
from pipelines.phases.spellcheck.spared import (
    Spared,
    is_acronym,
    is_checkable,
    names_in,
    opens_sentence,
)
from pipelines.phases.spellcheck.speller import Speller, Verdict
from pipelines.phases.spellcheck.suggestions import Suggestion
from pipelines.phases.text import Reading, normalise

_HYPHEN = regex.compile(r"[-‐‑]")
_REASONS = {
    Kind.NONWORD: "The dictionary does not have this word.",
    Kind.CASE: "This word is written with a capital letter.",
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


def check(reading: Reading, speller: Speller, spared: Spared) -> Checked:
    """Find the misspelt words of a text."""
    return _Check(reading, speller, spared).checked()


@dataclass(frozen=True, slots=True)
class _Place:
    """A word where it stands."""

    start: int
    end: int
    word: str
    sentence: int
    opens: bool


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
        places = tuple(self._places())
        findings = (finding for place in places for finding in self._look_up(place))
        return Checked(tuple(findings), tuple(place.word.lower() for place in places))

    def _places(self) -> Iterator[_Place]:
        for number, sentence in enumerate(self._reading.sentences):
            for index in sentence:
                token = self._reading.tokens[index]
                if is_checkable(token, self._text) and token.word not in self._spared:
                    opens = opens_sentence(self._reading, index, sentence.start)
                    yield _Place(token.start, token.end, token.word, number, opens)

    def _look_up(self, place: _Place) -> Iterator[Finding]:
        verdict = self._speller.judge(place.word)
        if verdict.kind is None or self._is_name(place, verdict) or place.word in self._spared:
            return
        parts = tuple(_parts(place, self._text))
        if len(parts) > 1:
            for part in parts:
                yield from self._look_up(part)
        else:
            yield self._finding(place, verdict.kind, verdict.suggestions)

    def _is_name(self, place: _Place, verdict: Verdict) -> bool:
        """Whether an unknown word may be a name: nothing better is known, so it is left alone."""
        if not place.word[:1].isupper():
            return False
        if is_acronym(place.word) or not place.opens:
            return True
        return verdict.name_like or place.word in self._own_names

    def _finding(self, place: _Place, kind: Kind, suggestions: tuple[Suggestion, ...]) -> Finding:
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


def _parts(place: _Place, text: str) -> Iterator[_Place]:
    """The parts of a hyphenated word, where they stand; single letters are left out."""
    start = place.start
    cuts = [found.span() for found in _HYPHEN.finditer(text, place.start, place.end)]
    for cut_start, cut_end in [*cuts, (place.end, place.end)]:
        word = normalise(text[start:cut_start])
        if len(word) > 1 or not cuts:
            opens = place.opens and start == place.start
            yield _Place(start, cut_start, word, place.sentence, opens)
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
