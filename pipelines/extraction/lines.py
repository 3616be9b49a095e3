"""Paragraphs out of the lines of a printed page.

A page knows no paragraphs, only lines and where they stand. A line goes on in the next one unless something says
otherwise: a wider gap, an indent, a bullet, or a line that ends early.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_WIDER = 1.3
_INDENT_POINTS = 6.0
_USUAL_GAP_RANK = 0.3
_USUAL_LENGTH_RANK = 0.8
_ENDS_EARLY = 0.8
_ENDS_VERY_EARLY = 0.6
_FEWEST_REPEATS = 3
_SENTENCE_ENDS = tuple('.!?:…"”’»)')
_BULLETS = tuple("•◦▪‣·●○–*")
_SOFT_HYPHEN = "\u00ad"
_BROKEN = re.compile(r"([^\W\d_]+)[-\u2010]$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|sida|sid|s)\W*)?\d{1,4}(?:\W*(?:of|av|/)\W*\d{1,4})?\W*", re.IGNORECASE
)
# Words that keep a hyphen: well-known, self-made, e-post, icke-rökare; and words that one is left hanging before.
_KEEP = frozenset(("well", "self", "non", "ex", "semi", "half", "long", "short", "high", "icke"))
_HANG = frozenset(("och", "eller", "samt", "respektive", "and", "or", "to"))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page.

    Attributes:
        x, y: where it begins and how high its baseline stands, in points from an origin that its page shares.
    """

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Usual:
    """What is usual in a document: the gap between lines in points, and a full line's length in characters."""

    gap: float
    length: float


def paragraphs(pages: Sequence[Sequence[Line]]) -> list[str]:
    """The paragraphs of a document from the lines of its pages, without page numbers and running heads."""
    pages = [[line for line in page if line.text.strip()] for page in pages]
    running = _running(pages)
    pages = [_without_running(page, running, is_alone=len(pages) == 1) for page in pages]
    lines = [line for page in pages for line in page]
    usual = _Usual(
        _usual_gap(pages), _ranked([len(e.text.strip()) for e in lines], _USUAL_LENGTH_RANK)
    )
    known = _known_words([line.text.strip() for line in lines])
    written: list[str] = []
    for page in pages:
        left = Counter(round(line.x) for line in page).most_common(1)[0][0] if page else 0
        before = None
        for line in page:
            if written and not _starts_anew(before, line, written[-1], left, usual):
                written[-1] = _put_together(written[-1], line.text.strip(), known)
            else:
                written.append(line.text.strip())
            before = line
    return written


def _starts_anew(before: Line | None, line: Line, written: str, left: float, usual: _Usual) -> bool:
    """Whether a line begins a paragraph; across pages, `before` is None and only the text can tell."""
    text = line.text.strip()
    if text.startswith(_BULLETS):
        return True
    last = before.text.strip() if before is not None else written
    if before is not None:
        if abs(before.y - line.y) > _WIDER * usual.gap:
            return True
        if line.x - max(before.x, left) > _INDENT_POINTS:
            return True
        ends_very_early = len(last) < _ENDS_VERY_EARLY * usual.length
        if ends_very_early and not text[0].islower():
            return True
        return len(last) < _ENDS_EARLY * usual.length and last.endswith(_SENTENCE_ENDS)
    return last.endswith(_SENTENCE_ENDS) and line.x - left > _INDENT_POINTS


def _put_together(written: str, text: str, known: Counter[str]) -> str:
    """Two lines of a paragraph as one, with a word that was broken between them whole again."""
    if written.endswith(_SOFT_HYPHEN):
        return written[:-1] + text
    broken, goes_on = _BROKEN.search(written), _FIRST_WORD.match(text)
    if broken is None:
        return (
            written + text
            if written[-2:-1].isdigit() and written[-1] == "-"
            else f"{written} {text}"
        )
    if goes_on is None:
        return written + text
    first, second = broken[1].casefold(), goes_on[0].casefold()
    if second in _HANG:
        return f"{written} {text}"
    if goes_on[0][0].isupper() or _has_hyphen(first, second, known):
        return written + text
    return written[:-1] + text


def _has_hyphen(first: str, second: str, known: Counter[str]) -> bool:
    """Whether a word that was broken at a hyphen is written with one: as elsewhere in the text, if it stands there."""
    if known[f"{first}-{second}"] or known[first + second]:
        return known[f"{first}-{second}"] >= known[first + second]
    return len(first) == 1 or first in _KEEP or bool(known[first] and known[second])


def _known_words(texts: Sequence[str]) -> Counter[str]:
    """How often each whole word stands in the text, without the halves of broken ones."""
    known: Counter[str] = Counter()
    is_rest = False
    for text in texts:
        words = [word.casefold().replace("\u2010", "-") for word in _WORD.findall(text)]
        is_broken = _BROKEN.search(text) is not None
        known.update(words[is_rest : len(words) - is_broken])
        is_rest = is_broken
    return known


def _usual_gap(pages: Sequence[Sequence[Line]]) -> float:
    gaps = [abs(one.y - two.y) for page in pages for one, two in pairwise(page)]
    return _ranked([gap for gap in gaps if gap > 1], _USUAL_GAP_RANK)


def _ranked(values: Sequence[float], rank: float) -> float:
    """The value that a share of all others does not exceed; without values, one that nothing exceeds."""
    return sorted(values)[int(rank * (len(values) - 1))] if values else float("inf")


def _running(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """What stands first or last on most pages."""
    ends = Counter(
        end
        for page in pages
        if len(page) >= _FEWEST_REPEATS
        for end in {_pattern(line) for line in (page[0], page[-1])}
    )
    fewest = max(_FEWEST_REPEATS, len(pages) / 2)
    return frozenset(end for end, count in ends.items() if count >= fewest)


def _pattern(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text.strip())


def _without_running(
    page: Sequence[Line], running: frozenset[str], *, is_alone: bool
) -> Sequence[Line]:
    def is_running(line: Line) -> bool:
        is_number = not is_alone and _PAGE_NUMBER.fullmatch(line.text.strip()) is not None
        return is_number or _pattern(line) in running

    kept: Iterator[Line] = (
        line
        for number, line in enumerate(page)
        if not (number in {0, len(page) - 1} and is_running(line))
    )
    return list(kept)
