"""Whether what was suggested is what was meant."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from bench.spelling.data import Gold, IsGold, Row
from bench.spelling.flags import Flag
from bench.spelling.words import Span, is_word, touch, touches_any

SAMPLE, SEED = 120, 7
_OFFERED = 5

Place = tuple[int, int]
"""Which sentence, and which of its errors."""


@dataclass(frozen=True, slots=True)
class Correction:
    """How often what was meant was suggested, over errors of one word that should be found.

    Attributes:
        asked: the errors.
        top1, top5: for how many it was the first suggestion, or among the first five, whether flagged or not.
        end_to_end: for how many it was the first, and the error was flagged.
    """

    asked: int
    top1: int
    top5: int
    end_to_end: int

    def share(self, count: int) -> float | None:
        """A count as a share of what was asked."""
        return count / self.asked if self.asked else None


@dataclass(frozen=True, slots=True)
class Automatic:
    """What was changed without asking.

    Attributes:
        right: changes that make an error what was meant.
        wrong: those that make one something else.
        unmarked: those of what the data do not mark as an error, be it right or a misspelling that nobody marked.
    """

    right: int = 0
    wrong: int = 0
    unmarked: int = 0

    @property
    def share_right(self) -> float | None:
        """Of all changes; None if nothing was changed."""
        whole = self.right + self.wrong + self.unmarked
        return self.right / whole if whole else None

    @property
    def share_right_on_errors(self) -> float | None:
        """Of those of marked errors; None if there are none."""
        whole = self.right + self.wrong
        return self.right / whole if whole else None


def chances(rows: Sequence[Row], is_gold: IsGold, *, of_one_word: bool = True) -> list[Place]:
    """Errors that should be found, and of which it is known what was meant.

    Args:
        rows: the sentences.
        is_gold: which errors count.
        of_one_word: only those whose writer wrote one word, which anybody can be asked for.
    """
    return [
        (number, which)
        for number, row in enumerate(rows)
        for which, gold in enumerate(row.errors)
        if gold.right is not None
        and is_gold(row, gold)
        and (not of_one_word or is_word(row.text[gold.start : gold.end]))
    ]


def sample(places: Sequence[Place], most: int = SAMPLE) -> list[Place]:
    """At most so many of them, always the same, in their order."""
    if len(places) <= most:
        return list(places)
    return sorted(random.Random(SEED).sample(places, most))


def score(
    rows: Sequence[Row],
    flags: Sequence[Sequence[Flag]],
    places: Iterable[Place],
    offered: Mapping[Place, Sequence[str]] = MappingProxyType({}),
) -> Correction:
    """Count over errors.

    Args:
        rows: the sentences.
        flags: what was said of each.
        places: which errors.
        offered: suggestions for some of these errors, each asked for by itself. Of the others, those of the flags that
            touch it, and so none where nothing was flagged.
    """
    asked = top1 = top5 = end_to_end = 0
    for number, which in places:
        row, gold = rows[number], rows[number].errors[which]
        touching = [flag for flag in flags[number] if touch(flag.span, gold.span)]
        asked_for = offered.get((number, which))
        told = touching if asked_for is None else [Flag(*gold.span, None, tuple(asked_for))]
        place = _rank(row.text, gold, told)
        asked += 1
        top1 += place == 0
        top5 += place is not None and place < _OFFERED
        end_to_end += place == 0 and bool(touching)
    return Correction(asked, top1, top5, end_to_end)


def automatic(rows: Sequence[Row], flags: Sequence[Sequence[Flag]]) -> Automatic:
    """Judge what was changed without asking by all errors that are marked, whatever their kind.

    It is passed over where a change touches no marked error but something ignored, or only errors of which nobody knows
    what was meant. The same change in several variants of a sentence counts once.
    """
    verdicts = {
        (row.sentence or row.id, row.text[flag.start : flag.end], flag.applied): _verdict(row, flag)
        for row, said in zip(rows, flags, strict=True)
        for flag in said
        if flag.applied is not None
    }
    counts = Counter(verdicts.values())
    return Automatic(counts["right"], counts["wrong"], counts["unmarked"])


def puts_right(text: str, gold: Gold, span: Span, suggestion: str) -> bool:
    """Whether a suggestion, written over a span, leaves what was meant in the error's place and nothing else changed.

    The span may be a part of the error, or hold it. Typographic apostrophes are plain ones; case counts only where the
    error is one of case.
    """
    if gold.right is None:
        return False
    start, end = min(gold.start, span[0]), max(gold.end, span[1])
    meant = f"{text[start : gold.start]}{gold.right}{text[gold.end : end]}"
    written = f"{text[start : span[0]]}{suggestion}{text[span[1] : end]}"
    return _plain(meant, gold.kind) == _plain(written, gold.kind)


def _plain(text: str, kind: str) -> str:
    plain = text.replace("’", "'")
    return plain if kind == "case" else plain.casefold()


def _rank(text: str, gold: Gold, flags: Iterable[Flag]) -> int | None:
    """Where what was meant stands among the suggestions, from 0; the best place if several flags share the error."""
    return min(_ranks(text, gold, flags), default=None)


def _ranks(text: str, gold: Gold, flags: Iterable[Flag]) -> Iterator[int]:
    for flag in flags:
        for place, suggestion in enumerate(flag.suggestions):
            if puts_right(text, gold, flag.span, suggestion):
                yield place
                break


def _verdict(row: Row, flag: Flag) -> Literal["right", "wrong", "unmarked"] | None:
    touched = [gold for gold in row.errors if touch(flag.span, gold.span)]
    if any(puts_right(row.text, gold, flag.span, flag.applied or "") for gold in touched):
        return "right"
    if touched:
        return "wrong" if any(gold.right is not None for gold in touched) else None
    return None if touches_any(flag.span, row.ignored) else "unmarked"
