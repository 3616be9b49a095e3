"""The grades of a class as a CSV file, for spreadsheets and school registers."""

import csv
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any
from uuid import UUID

from app.services import assessments
from app.services.deps import Deps

COLUMNS = (
    "rank",
    "essay_id",
    "student_name",
    "file_name",
    "score",
    "se",
    "grade",
    "source",
    "suggested",
    "between",
)

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def written(batch_id: UUID, *, owner_id: UUID, deps: Deps) -> str:
    """The essays of a batch's newest assessment with their grades, the best first.

    Nothing that is only suggested stands under `grade`.

    Raises:
        BatchNotFound: no such batch of this teacher.
        AssessmentNotFound: its essays have not been compared.
    """
    found = assessments.of_batch(batch_id, owner_id=owner_id, deps=deps)
    return written_of(found["essays"], found["grading"]["grades"])


def written_of(essays: Sequence[Mapping[str, Any]], grades: Sequence[str]) -> str:
    """A file of grades.

    Args:
        essays: as an assessment sends them.
        grades: the scale, the lowest first; each has a column for its chance.
    """
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*COLUMNS, *(f"chance_{grade}" for grade in grades)])
    writer.writerows(_row(essay, grades) for essay in essays)
    return out.getvalue()


def _row(essay: Mapping[str, Any], grades: Sequence[str]) -> list[Any]:
    grade, source = _grade(essay)
    suggested = essay["grade"] or {"grade": "", "between": None, "chances": {}}
    return [
        essay["rank"],
        *(_harmless(essay[name] or "") for name in ("essay_id", "student_name", "file_name")),
        f"{essay['score']:.2f}",
        f"{essay['se']:.2f}",
        grade,
        source,
        suggested["grade"],
        # Spreadsheets would take 5/6 and 5-6 for days.
        "\u2013".join(suggested["between"] or ()),
        *(_share(suggested["chances"].get(each)) for each in grades),
    ]


def _grade(essay: Mapping[str, Any]) -> tuple[str, str]:
    """The grade that an essay has, and by what: the teacher's word on it, or what was known beforehand."""
    if essay["decided_grade"]:
        return essay["decided_grade"]["grade"], "decided"
    if essay["anchor"]:
        return essay["anchor"]["grade"], "known"
    return "", ""


def _share(chance: float | None) -> str:
    return "" if chance is None else f"{chance:.2f}"


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: pupils choose the names of their files."""
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) else text
