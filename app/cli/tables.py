"""A class's results as a table in the terminal."""

from collections.abc import Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

MOST_CORRECTIONS = 2


def results(
    title: str,
    rows: list[dict[str, Any]],
    essays: Mapping[str, dict[str, Any]],
    ranked: Mapping[str, dict[str, Any]],
) -> Table:
    """A row per essay: the pupil beside every figure, and why there are none where there are none.

    Errors are also given per 100 checked words.

    Args:
        rows: `essays` of the API's results.
        essays: essay id → the essay, whole.
        ranked: essay id → the essay's place, as the API's assessment has it.
    """
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, header_style="bold")
    table.add_column("Pupil", no_wrap=True, min_width=17)
    table.add_column("Rank", justify="right", no_wrap=True, min_width=10)
    for name in ("Words", "Errors", "/100", "LIX", "OVIX", "MTLD"):
        table.add_column(name, justify="right", no_wrap=True, min_width=max(5, len(name)))
    table.add_column("Surest corrections", no_wrap=True, overflow="ellipsis", max_width=40)
    for row in rows:
        pupil = row["student_name"] or row["file_name"] or row["essay_id"]
        if row["spelling"] and row["metrics"]:
            place = _place(ranked.get(row["essay_id"]))
            table.add_row(pupil, place, *_figures(row), _corrections(essays[row["essay_id"]]))
        else:
            reason = row["failure_reason"] or row["status"]
            table.add_row(pupil, *["–"] * 7, reason, style="red")
    return table


def about_ranking(assessment: Mapping[str, Any]) -> str:
    """What the ranks are made of, and how sure they are."""
    found = assessment["reliability"]
    what = "internal consistency" if found["is_internal"] else "reliability"
    judged = "An estimate by the built-in judge" if found["is_internal"] else "Ranked by its judges"
    return (
        f"{judged}: {assessment['decision_count']} comparisons in {assessment['rounds']} rounds,"
        f" {what} {_number(found['honest'], 2)}. In brackets, the ranks that are likely at 90 %."
    )


def _place(found: Mapping[str, Any] | None) -> str:
    return "–" if found is None else f"{found['rank']} ({found['rank_low']}–{found['rank_high']})"


def _figures(row: dict[str, Any]) -> list[str]:
    spelling, metrics = row["spelling"], row["metrics"]
    per_100 = None if spelling["error_rate"] is None else 100 * spelling["error_rate"]
    return [
        str(spelling["word_count"]),
        str(spelling["error_count"]),
        *map(_number, (per_100, metrics["lix"], metrics["ovix"], metrics["mtld"])),
    ]


def _number(value: float | None, decimals: int = 1) -> str:
    return "–" if value is None else f"{value:.{decimals}f}"


def _corrections(essay: dict[str, Any]) -> str:
    errors = [error for error in essay["results"]["spellcheck"]["errors"] if error["applied"]]
    errors.sort(key=lambda error: -error["confidence"])
    pairs = dict.fromkeys(f"{error['text']} → {error['correction']}" for error in errors)
    return ", ".join(list(pairs)[:MOST_CORRECTIONS])
