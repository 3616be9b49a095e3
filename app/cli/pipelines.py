"""`huleedu pipelines`: a catalogue checked, listed and drawn, without any server."""

import os
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli import drawing
from app.cli.drawing import Box
from pipelines import catalogue, graph
from pipelines.catalogue import Catalogue, CatalogueError, Demands, PhaseSpec
from pipelines.errors import UnknownPipeline
from pipelines.vocabulary import Scope
from tasks import queues

SHIPPED = catalogue.DEFAULT_PATH
WORKS_ON = {Scope.ESSAY: "each essay", Scope.BATCH: "whole class"}
ONE_BY_ONE, TOGETHER = "▼", "▽"
MEANS = {ONE_BY_ONE: "essays come one by one", TOGETHER: "begins when all essays are through"}

Phases = Mapping[str, PhaseSpec]


def check(path: Path, more_queues: Collection[str]) -> int:
    """Say everything that is wrong with a catalogue, a line each; 0 if nothing is, else 1."""
    # Engines are looked for where the processes of HuleEdu look, which is also where they are started.
    sys.path.insert(0, os.getcwd())
    demands = Demands(queues=frozenset({*queues.ALL, *more_queues}), engines=True)
    try:
        found = catalogue.load(path, demands)
    except CatalogueError as exc:
        click.echo(str(exc))
        return 1
    click.echo(f"{path} is right.")
    for what, names in (
        ("phases", found.phases),
        ("pipelines", found.pipelines),
        ("queues", sorted(found.queues())),
    ):
        click.echo(f"  {what:<10} {', '.join(names)}")
    return 0


def show_all(path: Path) -> int:
    """List pipelines with what they run; 1 if the catalogue is wrong."""
    found = _load(path)
    if found is None:
        return 1
    table = _table("Pipeline", "Title", "Runs")
    for pipeline in found.pipelines.values():
        table.add_row(pipeline.name, pipeline.title, ", ".join(found.phases_of(pipeline.name)))
    _console().print(table)
    return 0


def show(name: str, path: Path) -> int:
    """Draw a pipeline, or a single phase with what it depends on; 1 if there is none, or the catalogue is wrong."""
    found = _load(path)
    if found is None:
        return 1
    try:
        phases = found.phases_of(name)
    except UnknownPipeline as exc:
        click.echo(f"{exc} A phase can be shown, too: {', '.join(found.phases)}.", err=True)
        return 1
    named = found.pipelines[name] if name in found.pipelines else phases[name]
    console = _console()
    title = named.title if named.title != name else ""
    console.print(Text.assemble((name, "bold"), f"  {title}".rstrip()), end="\n\n")
    _draw(phases, console)
    console.print(_details(phases))
    return 0


def _load(path: Path) -> Catalogue | None:
    try:
        return catalogue.load(path)
    except CatalogueError as exc:
        click.echo(str(exc), err=True)
        return None


def _draw(phases: Phases, console: Console) -> None:
    """Draw the graph, if there is room for it; the table below has all of it, too."""
    boxes = {
        name: Box((name, WORKS_ON[phase.scope]), ONE_BY_ONE if _source(phase, phases) else TOGETHER)
        for name, phase in phases.items()
    }
    before = {name: _before(phase, phases) for name, phase in phases.items()}
    rows = drawing.draw(boxes, before, width=console.width - 2)
    if rows is None:
        return
    for row in rows:
        console.print(Text(f"  {row}"))
    console.print()
    for head in dict.fromkeys(boxes[name].head for name in phases if before[name]):
        console.print(Text(f"  {head} {MEANS[head]}", "dim"))


def _details(phases: Phases) -> Table:
    steps = graph.layers({name: _before(phase, phases) for name, phase in phases.items()})
    table = _table("Step", "Phase", "Works on", "Queue", "Begins")
    for number, names in enumerate(steps, start=1):
        for name in names:
            phase = phases[name]
            begins = _begins(phase, phases)
            table.add_row(str(number), name, WORKS_ON[phase.scope], phase.queue, begins)
    return table


def _begins(phase: PhaseSpec, phases: Phases) -> str:
    source = _source(phase, phases)
    needed = [name for name in phase.depends_on if name in phases]
    awaited = [name for name in phase.after if name in phases]
    if source:
        begins = [f"with each essay that {'passed' if needed else 'left'} {source}"]
    else:
        begins = [f"when {' and '.join(needed)} ended"] if needed else []
        begins += [f"when {' and '.join(awaited)} ended, well or not"] if awaited else []
    begins = begins or ["at once"]
    if phase.prerequisites:
        begins.append(f"if the batch has {' and '.join(phase.prerequisites)}")
    return "; ".join(begins)


def _source(phase: PhaseSpec, phases: Phases) -> str | None:
    """The phase that essays come from one by one; only where there is but one before, and both work essay by essay.

    One that another of them needs itself does not count, as in `pipelines.conductor.Plan.source_of`.
    """
    needs = {name: spec.depends_on for name, spec in phases.items()}
    before = graph.direct(_before(phase, phases), needs)
    if len(before) != 1 or {phase.scope, phases[before[0]].scope} != {Scope.ESSAY}:
        return None
    return before[0]


def _before(phase: PhaseSpec, phases: Phases) -> list[str]:
    return [name for name in phase.waits_for if name in phases]


def _table(*headings: str) -> Table:
    table = Table(box=SIMPLE_HEAD, header_style="bold")
    for heading in headings:
        table.add_column(heading)
    return table


def _console() -> Console:
    return Console(highlight=False)
