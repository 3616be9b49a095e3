"""How wall time grows with items, drawn: a .png to look at, and a small .svg for pages light and dark."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib import rc_context
from matplotlib.figure import Figure

from bench.axes import ink
from bench.orchestration.report import Cell

STYLES = {
    "ours": ("#0f8a5f", "o", "HuleEdu"),
    "by_hand_1": ("#c2571a", "s", "by hand, prefetch 1"),
    "by_hand_64": ("#a8812a", "D", "by hand, prefetch 64"),
    "chord": ("#3f7fd0", "^", "Celery's chord"),
    "director": ("#b5529c", "v", "celery-director"),
}


def growth(cells: Sequence[Cell], path: Path) -> list[Path]:
    """Draw the median wall time of every contender over the items, with the shortest bodies there are.

    Args:
        path: where to, without an ending.

    Returns:
        The files written.
    """
    shortest = min(cell.body_ms for cell in cells)
    drawn = sorted((c for c in cells if c.body_ms == shortest), key=lambda cell: cell.items)
    figure = Figure(figsize=(6.4, 4.0), layout="constrained")
    axes = figure.subplots()
    for name, (colour, marker, label) in STYLES.items():
        points = [(c.items, wall) for c in drawn if (wall := c.wall_s(name))]
        if points:
            axes.plot(
                [items for items, _ in points],
                [wall.median for _, wall in points],
                color=colour,
                marker=marker,
                markersize=5,
                label=label,
            )
            axes.fill_between(
                [items for items, _ in points],
                [wall.least for _, wall in points],
                [wall.most for _, wall in points],
                color=colour,
                alpha=0.15,
                linewidth=0,
            )
    axes.set(xscale="log", yscale="log", xlabel="items in each fan", ylabel="seconds")
    axes.minorticks_off()
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:,g}")
    ink(axes)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Appended, not replaced: a name may have a dot in it.
    png, svg = path.with_name(f"{path.name}.png"), path.with_name(f"{path.name}.svg")
    figure.savefig(png, dpi=150, facecolor="white")
    with rc_context(
        {"svg.fonttype": "none", "font.family": "sans-serif"}
    ):  # letters, not their outlines
        figure.savefig(svg, transparent=True, metadata={"Date": None})
    return [png, svg]
