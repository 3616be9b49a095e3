"""A ranking for somebody who reads it in a terminal, and for a program."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import ConsoleRenderable
from rich.table import Table
from rich.text import Text

from pipelines.phases.cj_assessment.assessment import Assessment, EssayScore, Warn
from pipelines.phases.cj_assessment.weights import NAMES

_DECIMALS = 6
_WARNINGS = {
    Warn.NOT_CONNECTED: "Decisions do not link all essays, and those of different groups cannot be compared.",
    Warn.MEASURES_PART: "SSR is far above the honest figure, as it is where pairs were chosen by the scores.",
    Warn.FEW_ROUNDS: "Before the eighth round such figures are up to .1 too high.",
}
_REASONS = {
    "reliable": "The ranking is as reliable as was asked for.",
    "budget": "The rounds that were allowed are over.",
    "every_pair": "Every pair has been judged.",
    "nothing_to_compare": "There is nothing to compare.",
    "all_decisions": "All decisions that were given have been counted.",
    "judge_gave_up": "The judge gave up before the ranking was sure.",
}
ESTIMATE = (
    "The built-in judge has read nothing: this is an estimate by words and errors. How consistent it is with itself"
    " says nothing of whether it is right."
)


def ranking(
    found: Assessment, flags: Mapping[str, tuple[str, ...]], stop_reason: str
) -> Iterator[ConsoleRenderable]:
    """A row for each essay, and what is to be said of all of it.

    Args:
        flags: essay → what makes it odd, as codes of the built-in judge's.
    """
    yield _table(found, flags)
    yield Text.assemble(*_reliability(found))
    if found.reliability.warning is not None:
        yield Text(_WARNINGS[found.reliability.warning], "yellow")
    yield Text(_REASONS[stop_reason])
    if found.reliability.is_internal:
        yield Text(ESTIMATE, "yellow")


def document(found: Assessment, stop_reason: str) -> str:
    """One line of JSON."""
    return json.dumps(
        {
            "essays": [
                {
                    "id": one.essay_id,
                    "rank": one.rank,
                    "score": round(one.score, _DECIMALS),
                    "se": round(one.se, _DECIMALS),
                }
                for one in found.essays
            ],
            "reliability": {
                name: _rounded(getattr(found.reliability, name))
                for name in ("honest", "ssr", "split_half")
            },
            "stop_reason": stop_reason,
        },
        ensure_ascii=False,
    )


def _table(found: Assessment, flags: Mapping[str, tuple[str, ...]]) -> Table:
    table = Table(box=SIMPLE_HEAD, header_style="bold")
    table.add_column("Rank", justify="right", no_wrap=True)
    table.add_column("likely", no_wrap=True)
    table.add_column("Essay", overflow="fold")
    table.add_column("Score", justify="right", no_wrap=True)
    table.add_column("± SE", justify="right", no_wrap=True)
    table.add_column("90 %", justify="right", no_wrap=True)
    table.add_column("Decisions", justify="right", no_wrap=True)
    if flags:
        table.add_column("To look at")
    for number, one in enumerate(found.essays):
        is_last_of_group = (
            number + 1 < len(found.essays) and found.essays[number + 1].tie_group != one.tie_group
        )
        odd = [", ".join(NAMES[code] for code in flags.get(one.essay_id, ()))] if flags else []
        table.add_row(*_cells(one), *odd, end_section=is_last_of_group)
    return table


def _cells(one: EssayScore) -> tuple[str, ...]:
    likely = f"{one.rank_low}–{one.rank_high}" if one.rank_low < one.rank_high else ""
    return (
        str(one.rank),
        likely,
        one.essay_id,
        f"{one.score:+.2f}",
        f"{one.se:.2f}",
        f"{one.low:+.2f} … {one.high:+.2f}",
        str(one.n),
    )


def _reliability(found: Assessment) -> Iterator[str | tuple[str, str]]:
    of = found.reliability
    yield ("Internal consistency  " if of.is_internal else "Reliability  ", "bold")
    between = (
        "" if of.honest_low is None else f" ({_share(of.honest_low)}–{_share(of.honest_high)})"
    )
    yield f"honest {_share(of.honest)}{between}, SSR {_share(of.ssr)}, split half {_share(of.split_half)}"
    if found.essays:
        each = 2 * found.decisions / len(found.essays)
        yield f"; {found.decisions} decisions, {each:.1f} comparisons an essay"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _rounded(value: float | None) -> Any:
    return None if value is None else round(value, _DECIMALS)
