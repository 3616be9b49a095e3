"""Decisions as a CSV file in the form that tools for comparative judgement share: who chose which essay before which.

    judge,candidate_chosen,candidate_not_chosen

It has no rounds, no sides, no ties and no pairs that could not be judged.
"""

import csv
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO

from pipelines.phases.cj_assessment.decisions import Choice, Decision, JudgeKind, Pair

COLUMNS = ("judge", "candidate_chosen", "candidate_not_chosen")
LONGEST_JUDGE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One decision of a file.

    Attributes:
        line: where it stands; the header is line 1.
    """

    line: int
    judge: str
    chosen: str
    not_chosen: str

    @property
    def what(self) -> tuple[str, str, str]:
        """What it says."""
        return self.judge, self.chosen, self.not_chosen


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a file.

    Attributes:
        field: a column, or nothing where it is about the line.
    """

    line: int
    field: str
    reason: str


class BadDecisionsError(ValueError):
    """A file of decisions cannot be read; nothing of it counts."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"line {each.line}: {each.reason}" for each in faults))
        self.faults = tuple(faults)


def read(body: str, essays: Collection[str] | None = None) -> tuple[Row, ...]:
    """The decisions of a file; columns in any order, others beside them left alone, `;` as good as `,`.

    Args:
        essays: ids that there are; None if any will do.

    Raises:
        BadDecisionsError: with every fault there is.
    """
    lines = body.removeprefix("\ufeff")
    header = lines.split("\n", 1)[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(StringIO(lines, newline=""), delimiter=delimiter, strict=True)
    faults: list[Fault] = []
    rows: list[Row] = []
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        _check_header(names)
        at = [names.index(name) for name in COLUMNS]
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) < len(names):
                reason = f"It has {len(cells)} of {len(names)} cells."
                faults.append(Fault(reader.line_num, "", reason))
                continue
            row = Row(reader.line_num, *(cells[place].strip() for place in at))
            found = _faults(row, essays)
            faults += found
            rows += [] if found else [row]
    except csv.Error as exc:
        faults.append(Fault(reader.line_num, "", f"It is no CSV: {exc}."))
    if not rows and not faults:
        faults.append(Fault(1, "", "No decision stands below the header."))
    if faults:
        raise BadDecisionsError(faults)
    return tuple(rows)


def _check_header(names: Sequence[str]) -> None:
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        reason = f"The first line must name the columns {', '.join(COLUMNS)}."
        raise BadDecisionsError([Fault(1, name, reason) for name in missing])


def _faults(row: Row, essays: Collection[str] | None) -> list[Fault]:
    faults = []
    if not row.judge or len(row.judge) > LONGEST_JUDGE or not row.judge.isprintable():
        reason = f"A judge's name has 1 to {LONGEST_JUDGE} characters that can be printed."
        faults.append(Fault(row.line, "judge", reason))
    for field, essay in zip(COLUMNS[1:], (row.chosen, row.not_chosen), strict=True):
        if not essay:
            faults.append(Fault(row.line, field, "There is no essay here."))
        elif essays is not None and essay not in essays:
            faults.append(Fault(row.line, field, f"There is no essay {essay!r}."))
    if row.chosen and row.chosen == row.not_chosen:
        reason = f"The essay {row.chosen!r} cannot be compared with itself."
        faults.append(Fault(row.line, COLUMNS[2], reason))
    return faults


def unknown(rows: Iterable[Row], known: Iterable[tuple[str, str, str]]) -> tuple[Row, ...]:
    """The rows that are not there yet: said three times and known once, the last two of them.

    Args:
        known: judge, chosen and not chosen of each decision there is.
    """
    left = Counter(known)
    found = []
    for row in rows:
        if left[row.what]:
            left[row.what] -= 1
        else:
            found.append(row)
    return tuple(found)


def decisions(rows: Sequence[Row]) -> tuple[Decision, ...]:
    """Decisions of persons: each in the first round in which both its essays are still to be compared.

    Nobody knows which essay was on which side. That it was always the one that was chosen would look as if judges
    leaned that way, so the sides are drawn, by the ids alone.
    """
    seen: Counter[str] = Counter()
    found = []
    for row in rows:
        round_no = 1 + max(seen[row.chosen], seen[row.not_chosen])
        seen[row.chosen] = seen[row.not_chosen] = round_no
        left, right = _sides(Pair(row.chosen, row.not_chosen).essays)
        choice = Choice.LEFT if left == row.chosen else Choice.RIGHT
        found.append(Decision(round_no, left, right, choice, row.judge, JudgeKind.PERSON))
    return tuple(found)


def _sides(essays: tuple[str, str]) -> tuple[str, str]:
    is_swapped = sha256("|".join(essays).encode()).digest()[0] % 2
    return essays[::-1] if is_swapped else essays


def write(rows: Iterable[tuple[str, str, str]]) -> str:
    """A file of decisions: judge, chosen and not chosen of each."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return out.getvalue()
