"""What the check found: kinds of errors, and one error in a text."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeVar

from pipelines.phases.spellcheck.suggestions import Suggestion

LEAST_SHARE = 0.3


class Kind(StrEnum):
    """What is wrong with a spelling."""

    NONWORD = "nonword"  # no such word
    REALWORD = "realword"  # a word, but not the one meant here
    CASE = "case"  # right but for small and capital letters
    COMPOUND_SPLIT = "compound_split"  # one word written as two
    JOIN = "join"  # two words written as one
    FOREIGN = "foreign"  # a word of another language


class Finding(NamedTuple):
    """One misspelt word.

    Attributes:
        start, end: its span in the original text, in code points.
        form: the word normalised and in lower case; equal forms are the same mistake.
        kind: what is wrong with it.
        sentence_index: which sentence it stands in, counted from 0.
        suggestions: written with the capitals and apostrophes of this place, best first.
        reason: one sentence for the pupil.
        confidence_in_kind: how sure its kind is, if that is another matter than what was meant.
    """

    start: int
    end: int
    form: str
    kind: Kind
    sentence_index: int
    suggestions: tuple[Suggestion, ...]
    reason: str
    confidence_in_kind: float | None = None

    @property
    def correction(self) -> str | None:
        """The best suggestion; None where it is no better than a guess among the others.

        Nor has a foreign word any: what looks like it is offered, but seldom what it means.
        """
        return None if self.kind is Kind.FOREIGN else named(self.suggestions)

    @property
    def confidence(self) -> float:
        """How sure the correction is, 0 to 1; of a foreign word, how sure it is that it is one."""
        if self.confidence_in_kind is not None:
            return self.confidence_in_kind
        return self.suggestions[0].score if self.suggestions else 0.0


def named(suggestions: Sequence[Suggestion]) -> str | None:
    """The best of some suggestions; None where it is no better than a guess among the others."""
    total = sum([each.score for each in suggestions])
    is_guess = not total or suggestions[0].score < LEAST_SHARE * total
    return None if is_guess else suggestions[0].text


def first_of_each(*ranked: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings of several sources as one, in the order of the text and without overlaps.

    Args:
        ranked: each in order and without overlaps; where two sources overlap, the earlier wins.
    """
    taken: list[Finding] = []
    for findings in ranked:
        if clear := list(clear_of(taken, findings) if taken else findings):
            taken = sorted([*taken, *clear], key=lambda found: found.start) if taken else clear
    return tuple(taken)


class Span(Protocol):
    """A part of a text, in code points."""

    @property
    def start(self) -> int: ...  # noqa: D102

    @property
    def end(self) -> int: ...  # noqa: D102


S = TypeVar("S", bound=Span)


def clear_of(taken: Sequence[Span], spans: Iterable[S]) -> Iterator[S]:
    """Those of some spans that overlap none of others; both in order and without overlaps."""
    at = 0
    for span in spans:
        while at < len(taken) and taken[at].end <= span.start:
            at += 1
        if at == len(taken) or span.end <= taken[at].start:
            yield span
