"""A class's results as a table in the terminal."""

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

MOST_CORRECTIONS = 2


def results(title: str, rows: list[dict[str, Any]], essays: dict[str, dict[str, Any]]) -> Table:
    """A row per essay: the pupil beside every figure, and why there are none where there are none.

    Errors are also given per 100 checked words.

    Args:
        rows: `essays` of the API's results.
        essays: essay id → the essay, whole.
    """
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, header_style="bold")
    table.add_column("Pupil", no_wrap=True, min_width=17)
    for name in ("Words", "Errors", "/100", "LIX", "OVIX", "MTLD"):
        table.add_column(name, justify="right", no_wrap=True, min_width=max(5, len(name)))
    table.add_column("Surest corrections", no_wrap=True, overflow="ellipsis", max_width=46)
    for row in rows:
        pupil = row["student_name"] or row["file_name"] or row["essay_id"]
        if row["spelling"] and row["metrics"]:
            table.add_row(pupil, *_figures(row), _corrections(essays[row["essay_id"]]))
        else:
            reason = row["failure_reason"] or row["status"]
            table.add_row(pupil, *["–"] * 6, reason, style="red")
    return table


def _figures(row: dict[str, Any]) -> list[str]:
    spelling, metrics = row["spelling"], row["metrics"]
    per_100 = None if spelling["error_rate"] is None else 100 * spelling["error_rate"]
    return [
        str(spelling["word_count"]),
        str(spelling["error_count"]),
        *map(_number, (per_100, metrics["lix"], metrics["ovix"], metrics["mtld"])),
    ]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _corrections(essay: dict[str, Any]) -> str:
    errors = [error for error in essay["results"]["spellcheck"]["errors"] if error["applied"]]
    errors.sort(key=lambda error: -error["confidence"])
    pairs = dict.fromkeys(f"{error['text']} → {error['correction']}" for error in errors)
    return ", ".join(list(pairs)[:MOST_CORRECTIONS])
