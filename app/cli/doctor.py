"""`huleedu doctor`: the invariants, one line each."""

from pathlib import Path

from rich.console import Console

from app.cli import where
from app.services import invariants


def run(project: Path) -> int:
    """Check every invariant; 0 if all hold, else 1."""
    console = Console()
    with where.system(project) as system:
        breaches = invariants.check(system.deps, is_running=system.is_running)
    for invariant in invariants.INVARIANTS:
        broken = [breach for breach in breaches if breach.invariant == invariant.name]
        mark = "[red]✗[/red]" if broken else "[green]✓[/green]"
        line = f"{invariant.name:>3}  {invariant.promise}"
        if invariant.needs_running and not system.is_running:
            console.print(f"–  {line} (not checked: nothing runs here)", style="dim")
            continue
        console.print(f"{mark}  {line}")
        for breach in broken:
            console.print(f"        {breach.row}: {breach.what}", style="red")
    return 1 if breaches else 0
