"""The files that `huleedu rank` reads: essays, and what others decided about them."""

import csv
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from pipelines.extraction import plain_text
from pipelines.extraction.outcome import Refused
from pipelines.phases.cj_assessment import decision_file
from pipelines.phases.cj_assessment.decision_file import BadDecisionsError
from pipelines.phases.cj_assessment.decisions import Decision

ID, TEXT = "id", "text"
_DELIMITERS = ",;\t"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file.

    Attributes:
        row: as a spreadsheet counts them; the header is the first.
        column: None where it is about the whole row.
    """

    row: int
    column: str | None
    reason: str

    def __str__(self) -> str:
        at = f", column {self.column}" if self.column else ""
        return f"row {self.row}{at}: {self.reason}"


class BadFile(ValueError):
    """A file cannot be used; every fault in it is named."""

    def __init__(self, path: Path, *faults: Fault) -> None:
        super().__init__("\n".join(f"{path}, {fault}" for fault in faults))


def essays(path: Path) -> dict[str, str]:
    """Id → text, in the order of the file.

    Columns are found by their names in the first line, in any case and order, and others are left alone. They are
    separated by commas, semicolons or tabs, as the first line is.

    Raises:
        BadFile: it is no such file.
    """
    body = text(path)
    rows = csv.reader(StringIO(body, newline=""), delimiter=_delimiter(body), strict=True)
    csv.field_size_limit(max(csv.field_size_limit(), min(len(body) + 1, sys.maxsize)))
    found: dict[str, str] = {}
    places: dict[str, int] = {}
    faults: list[Fault] = []
    row = 1
    try:
        header = next(rows, [])
        at = _columns(path, header)
        for row, cells in enumerate(rows, start=2):
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                reason = f"it has {len(cells)} columns, and the header {len(header)}"
                faults.append(Fault(row, None, reason))
                continue
            essay, said = cells[at[ID]].strip(), cells[at[TEXT]]
            faults += _faults(row, essay, said, places)
            found.setdefault(essay, said)
            places.setdefault(essay, row)
    except csv.Error as exc:
        faults.append(Fault(row + 1, None, f"it is no CSV: {exc}"))
    if not found and not faults:
        faults.append(Fault(2, None, "there is no essay below the header"))
    if faults:
        raise BadFile(path, *faults)
    return found


def decisions(path: Path, essays: Collection[str]) -> tuple[Decision, ...]:
    """Decisions about some of these essays, in the form that tools for comparative judgement share.

    Raises:
        BadFile: it is no such file, or about other essays.
    """
    try:
        return decision_file.decisions(decision_file.read(text(path), essays))
    except BadDecisionsError as exc:
        faults = (Fault(each.line, each.field or None, each.reason) for each in exc.faults)
        raise BadFile(path, *faults) from exc


def text(path: Path) -> str:
    """What a file says, in whatever encoding it can be read in.

    Raises:
        BadFile: it cannot be read.
    """
    read = plain_text.decode(path.read_bytes())
    if isinstance(read, Refused):
        raise BadFile(path, Fault(1, None, read.reason))
    return read.text


def _delimiter(body: str) -> str:
    header = body.split("\n", 1)[0]
    return max(_DELIMITERS, key=header.count)


def _columns(path: Path, header: list[str]) -> Mapping[str, int]:
    names = [name.strip().lower() for name in header]
    missing = [name for name in (ID, TEXT) if name not in names]
    if missing:
        there = ", ".join(filter(None, map(str.strip, header))) or "nothing"
        reason = f"there is no such column; the first line has {there}"
        raise BadFile(path, *(Fault(1, name, reason) for name in missing))
    return {name: names.index(name) for name in (ID, TEXT)}


def _faults(row: int, essay: str, said: str, places: Mapping[str, int]) -> list[Fault]:
    faults = []
    if not essay:
        faults.append(Fault(row, ID, "it is empty"))
    elif essay in places:
        faults.append(Fault(row, ID, f"{essay!r} is the essay of row {places[essay]} already"))
    if not said.strip():
        faults.append(Fault(row, TEXT, "it is empty"))
    return faults
