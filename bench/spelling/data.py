"""Sentences with their errors marked, and which of them may be looked at while something is made better."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from bench.spelling import variants
from bench.spelling.words import Span

_FIFTHS = 5
_KEPT = 0
# A misspelling put into a sentence of somebody else: writer, place in the writer's essay, sentence.
_TRANSPLANTED = re.compile(r"(\w+-\d+)-\d+-\d+@(.+)")


class Part(StrEnum):
    """Which sentences are taken."""

    TUNE = "tune"  # four fifths, to learn and to choose with
    KEPT = "kept"  # one fifth, which nothing is learnt from
    ALL = "all"


class BadData(Exception):
    """A file is not what the benchmark reads; the message names file, line and reason."""


@dataclass(frozen=True, slots=True)
class Gold:
    """An error that is known.

    Attributes:
        start, end: its span in the text.
        right: what was meant; None if nobody knows.
        kind: `spell`, `case`, `split` or `join`.
    """

    start: int
    end: int
    right: str | None
    kind: str

    @property
    def span(self) -> Span:
        """Its span in the text."""
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence.

    Attributes:
        errors: what should be found.
        ignored: where a flag is neither right nor wrong: other errors, addresses, other languages.
        names: proper nouns.
        sentence: equal for variants of one sentence.
        source: equal for what must not be parted: variants of a sentence, or misspellings of one essay.
    """

    id: str
    language: str
    text: str
    errors: tuple[Gold, ...] = ()
    ignored: tuple[Span, ...] = ()
    names: tuple[Span, ...] = ()
    sentence: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class DataSet:
    """The sentences of one file.

    Attributes:
        name: the file's, without its ending.
        language: of all of them.
    """

    name: str
    language: str
    rows: tuple[Row, ...]


def load(folder: Path, part: Part) -> list[DataSet]:
    """Every `.jsonl` of a folder, by name; what has no sentences in that part is left out.

    Raises:
        BadData: there is none, or one is not as it should be.
    """
    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        raise BadData(f"There is no .jsonl in {folder}.")
    sets = (_set(path, part) for path in paths)
    return [each for each in sets if each.rows]


def part_of(source: str) -> Part:
    """Which part a source belongs to, by its digest: the same on every machine and at any time."""
    digest = sha256(source.encode()).digest()
    return Part.KEPT if digest[0] % _FIFTHS == _KEPT else Part.TUNE


def with_sources(rows: Sequence[Row]) -> list[Row]:
    """Say of each row which sentence and which source it belongs to.

    Wherever they stand, rows are variants of one sentence if they share half their words, of all the words of both, or
    are linked by such. Ids such as `toefl-1004135-749-754@reviews-236648-0002` name essay and sentence themselves.
    """
    firsts = variants.firsts([row.text for row in rows])
    return [_with_source(row, rows[first].id) for row, first in zip(rows, firsts, strict=True)]


def batches(rows: Sequence[Row]) -> list[list[int]]:
    """Indices of rows, parted so that no batch has two variants of a sentence, in as few batches as possible.

    The right word for what one variant has wrong stands in the others: taken as one class's essays they would give
    each other away.
    """
    seen: dict[str, int] = {}
    parted: list[list[int]] = []
    for index, row in enumerate(rows):
        number = seen[row.sentence] = seen.get(row.sentence, -1) + 1
        if number == len(parted):
            parted.append([])
        parted[number].append(index)
    return parted


def _with_source(row: Row, first_id: str) -> Row:
    named = _TRANSPLANTED.fullmatch(row.id)
    source, sentence = named.groups() if named else (first_id, first_id)
    return replace(row, source=source, sentence=sentence)


def _set(path: Path, part: Part) -> DataSet:
    rows = with_sources(list(_rows(path)))
    kept = tuple(row for row in rows if part is Part.ALL or part_of(row.source) is part)
    languages = {row.language for row in kept}
    if len(languages) > 1:
        raise BadData(f"{path.name} has several languages: {', '.join(sorted(languages))}.")
    return DataSet(path.stem, "".join(languages), kept)


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield _row(json.loads(line))
            except (ValueError, KeyError, TypeError) as exc:
                raise BadData(f"{path.name}, line {number}: {exc!r}") from exc


def _row(given: dict) -> Row:
    row = Row(
        id=given["id"],
        language=given["lang"],
        text=given["text"],
        errors=tuple(
            Gold(each["start"], each["end"], each.get("right"), each["kind"])
            for each in given["errors"]
        ),
        ignored=_spans(given, "ignore"),
        names=_spans(given, "names"),
    )
    for start, end in (*(gold.span for gold in row.errors), *row.ignored, *row.names):
        if not 0 <= start <= end <= len(row.text):
            raise ValueError(f"the span {start}–{end} is not in the text")
    return row


def _spans(given: dict, field: str) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in given.get(field, ()))


IsGold = Callable[[Row, Gold], bool]
"""Which of the known errors should be found; the others are ignored."""
