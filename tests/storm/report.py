"""What a storm or a campaign came to, as a table and as numbers."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from math import ceil
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.storm.checks import Kind, Wrong
from tests.storm.recovery import Recovery

MOST_S = 15.0
WIDTH = 130


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
    """Kind of fault → how many, what they left, how long those that left something took."""
    return {what: _numbers(each) for what, each in by_fault(recoveries).items()}


def summary(
    recoveries: Sequence[Recovery],
    wrong: Sequence[Wrong],
    short: Sequence[str],
    facts: Mapping[str, Any],
) -> list[str]:
    """What it came to, in a few lines."""
    counted = [each for each in recoveries if each.counts]
    kinds = Counter(each.strike.what for each in counted)
    of_each = ", ".join(f"{what} {n}" for what, n in sorted(kinds.items()))
    took = [each.done_s for each in counted if each.done_s is not None]
    calm = [each.calm_s for each in recoveries if each.calm_s is not None]
    found = Counter(each.kind for each in wrong)
    lines = [f"{name}: {_listed(value)}" for name, value in facts.items()]
    lines += [
        f"counted strikes: {len(counted)} ({of_each}); {len(recoveries) - len(counted)} left nothing",
        *(f"{kind}: {found[kind]}" for kind in Kind),
        f"recovery: most {_s(max(took, default=None))}, 95th percentile {_s(p95(took))},"
        f" above {MOST_S:.0f} s: {len(too_slow(recoveries))}",
    ]
    if calm:
        lines.append(f"until all that was under way had ended: most {_s(max(calm))}")
    lines += [f"WRONG  {each}" for each in (*wrong, *short)]
    if not wrong:
        lines.append("Nothing was lost, nothing was done twice, every run came to its end.")
    return lines


def show(
    recoveries: Sequence[Recovery],
    wrong: Sequence[Wrong],
    short: Sequence[str],
    facts: Mapping[str, Any],
    tell: Callable[[str], None],
) -> None:
    """Tell everything.

    Args:
        wrong: what is wrong with what is left.
        short: what else is not as it was promised or wanted.
    """
    columns = ("strikes", "counted", "running", "sent", "unmarked", "lost")
    spread = ("least", "median", "p95", "most", "never", "over_15")
    table = Table("fault", *columns, *(f"{name} s" for name in spread[:4]), *spread[4:])
    for what, row in numbers(recoveries).items():
        table.add_row(what, *(str(row.get(name, "")) for name in (*columns, *spread)))
    console = Console(file=StringIO(), width=WIDTH)
    console.print(table)
    tell(console.file.getvalue())  # type: ignore[attr-defined]
    tell(
        "running, sent, unmarked: units and messages at the moment of the strikes. lost: attempts taken back from"
        " whoever fell\nsilent. counted: strikes that left something. Seconds until all of that was done.\n"
    )
    for line in summary(recoveries, wrong, short, facts):
        tell(line)


def keep(
    path: Path,
    recoveries: Sequence[Recovery],
    wrong: Sequence[Wrong],
    short: Sequence[str],
    facts: Mapping[str, Any],
) -> None:
    """Write the same as one JSON object."""
    found: dict[str, Any] = {"facts": dict(facts), "faults": numbers(recoveries)}
    found["wrong"] = [[each.kind, each.what] for each in wrong]
    found["short"] = list(short)
    found["recovery_s"] = [
        [r.strike.what, r.strike.on, r.counts, r.taken_up_s, r.done_s, r.calm_s] for r in recoveries
    ]
    path.write_text(json.dumps(found, indent=1))


def p95(seconds: Sequence[float]) -> float | None:
    """The least of them that 95 in 100 do not exceed."""
    return sorted(seconds)[ceil(0.95 * len(seconds)) - 1] if seconds else None


def _numbers(recoveries: Sequence[Recovery]) -> dict[str, Any]:
    counted = [each for each in recoveries if each.counts]
    return {
        "strikes": len(recoveries),
        "counted": len(counted),
        "running": sum(len(r.strike.left.held) for r in recoveries),
        "sent": sum(len(r.strike.left.under_way) for r in recoveries),
        "unmarked": sum(len(r.strike.left.unsent) for r in recoveries),
        "lost": sum(r.lost for r in recoveries),
        **_spread([r.done_s for r in counted if r.done_s is not None]),
        "never": sum(r.done_s is None for r in recoveries),
        "over_15": len(too_slow(recoveries)),
    }


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    if not seconds:
        return {}
    found = (min(seconds), median(seconds), p95(seconds) or 0.0, max(seconds))
    names = ("least", "median", "p95", "most")
    return {name: round(value, 2) for name, value in zip(names, found, strict=True)}


def _listed(value: object) -> str:
    return "\n  ".join(["", *value]) if isinstance(value, list) else str(value)


def _s(seconds: float | None) -> str:
    return "never" if seconds is None else f"{seconds:.1f} s"
