"""What a storm or a campaign came to, as a table and as numbers."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.storm.recovery import Recovery

MOST_S = 15.0


def by_fault(recoveries: Sequence[Recovery]) -> Mapping[str, list[Recovery]]:
    """Recoveries of each kind of fault."""
    found: dict[str, list[Recovery]] = defaultdict(list)
    for each in recoveries:
        found[each.strike.what].append(each)
    return dict(sorted(found.items()))


def too_slow(recoveries: Sequence[Recovery]) -> list[str]:
    """Recoveries that took longer than promised, in sentences."""
    return [
        f"{each.strike.what} ({each.strike.on}) at {each.strike.at:.1f} s, leaving {each.strike.damage}:"
        f" made good after {_s(each.done_s)}, taken up after {_s(each.taken_up_s)}"
        for each in recoveries
        if each.done_s is None or each.done_s > MOST_S
    ]


def numbers(recoveries: Sequence[Recovery]) -> dict[str, dict[str, Any]]:
    """Kind of fault → how many, what they left, how long they took."""
    return {
        what: {
            "strikes": len(each),
            "counted": sum(r.counts for r in each),
            "running": sum(len(r.strike.left.held) for r in each),
            "sent": sum(len(r.strike.left.under_way) for r in each),
            "unmarked": sum(len(r.strike.left.unsent) for r in each),
            "lost": sum(r.lost for r in each),
            **_spread([r.done_s for r in each if r.done_s is not None]),
            "never": sum(r.done_s is None for r in each),
            "over_15": sum(r.done_s is None or r.done_s > MOST_S for r in each),
        }
        for what, each in by_fault(recoveries).items()
    }


def show(recoveries: Sequence[Recovery], wrong: Sequence[object], facts: Mapping[str, Any]) -> None:
    """Print everything."""
    console = Console(width=130)
    columns = ("strikes", "counted", "running", "sent", "unmarked", "lost")
    spread = ("least", "median", "p90", "most", "never", "over_15")
    table = Table("fault", *columns, *(f"{name} s" for name in spread[:4]), *spread[4:])
    for what, row in numbers(recoveries).items():
        table.add_row(what, *(str(row.get(name, "")) for name in (*columns, *spread)))
    console.print(table)
    console.print(
        "running, sent, unmarked: units and messages at the moment of the strikes. lost: attempts taken back from"
        " whoever fell silent.\nSeconds until all of it was done; counted: strikes that left something.",
        highlight=False,
    )
    for name, value in facts.items():
        shown = "\n  ".join(["", *value]) if isinstance(value, list) else value
        console.print(f"{name}: {shown}", highlight=False)
    for sentence in wrong:
        console.print(f"WRONG  {sentence}", style="red", highlight=False)
    if not wrong:
        console.print("Nothing was lost, nothing was done twice, every run came to its end.")


def keep(
    path: Path, recoveries: Sequence[Recovery], wrong: Sequence[object], facts: Mapping[str, Any]
) -> None:
    """Write the same as one JSON object."""
    found = {"facts": dict(facts), "faults": numbers(recoveries), "wrong": list(map(str, wrong))}
    found["recovery_s"] = [
        [each.strike.what, each.strike.on, each.taken_up_s, each.done_s] for each in recoveries
    ]
    path.write_text(json.dumps(found, indent=1))


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    if not seconds:
        return {}
    tenths = quantiles(seconds, n=10) if len(seconds) > 1 else [seconds[0]] * 9
    found = (min(seconds), median(seconds), min(tenths[-1], max(seconds)), max(seconds))
    names = ("least", "median", "p90", "most")
    return {name: round(value, 2) for name, value in zip(names, found, strict=True)}


def _s(seconds: float | None) -> str:
    return "never" if seconds is None else f"{seconds:.1f} s"
