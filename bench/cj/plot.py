"""What is claimed beside what is true, and what comparisons bring, drawn: a .png to look at, a small .svg for pages."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.axes import INK, ink

PAIRINGS = {
    "own": ("#0f8a5f", "o", "our pairing"),
    "swiss": ("#c2571a", "s", "Swiss"),
    "random": ("#3f7fd0", "^", "random"),
}
SHOWN, WITH_PRIOR = "sd 1.4", "sd 1.4, prior r = .74"


def draw(found: Mapping[str, Any], path: Path) -> list[Path]:
    """Draw T2 and T3.

    Args:
        found: what both found.
        path: where to, without an ending.

    Returns:
        The files written.
    """
    with rc_context({"svg.fonttype": "none", "font.family": "sans-serif"}):
        figure = Figure(figsize=(9.2, 4.2), layout="constrained")
        left, right = figure.subplots(1, 2)
        _claims(left, found["T2"])
        _economy(right, found["T3"])
        path.parent.mkdir(parents=True, exist_ok=True)
        png, svg = path.with_name(f"{path.name}.png"), path.with_name(f"{path.name}.svg")
        figure.savefig(png, dpi=150, facecolor="white")
        figure.savefig(svg, transparent=True, metadata={"Date": None})
    return [png, svg]


def _claims(axes: Axes, t2: Mapping[str, Any]) -> None:
    below, above = t2["within"]
    ends = [0.4, 1.0]
    axes.fill_between(
        ends,
        [each + below for each in ends],
        [each + above for each in ends],
        color=INK,
        alpha=0.15,
    )
    axes.plot(ends, ends, color=INK, linewidth=0.8)
    for pairing, (colour, marker, label) in PAIRINGS.items():
        cells = [one for one in t2["cells"] if one["pairing"] == pairing]
        true = [one["true"] for one in cells]
        axes.plot(
            true, [one["honest"] for one in cells], marker, color=colour, markersize=4, label=label
        )
        axes.plot(
            true,
            [one["ssr"] for one in cells],
            marker,
            color=colour,
            markersize=4,
            fillstyle="none",
            label=f"{label}, usual formula",
        )
    axes.set(xlim=ends, ylim=ends, xlabel="true reliability", ylabel="claimed")
    ink(axes, loc="lower right")


def _economy(axes: Axes, t3: Mapping[str, Any]) -> None:
    curves = t3["cases"][SHOWN]["curves"]
    for pairing, (colour, _, label) in PAIRINGS.items():
        axes.plot(*_points(curves[pairing]), color=colour, label=label)
    prior = t3["cases"][WITH_PRIOR]["curves"]["own"]
    axes.plot(*_points(prior), color=PAIRINGS["own"][0], linestyle="--", label="our pairing, prior")
    axes.axhline(t3["reliability"], color=INK, linewidth=0.8)
    axes.set(xlabel="comparisons per essay", ylabel="true reliability", xticks=range(0, 21, 4))
    ink(axes, loc="lower right")


def _points(curve: Iterable[float]) -> tuple[list[int], list[float]]:
    values = list(curve)
    return list(range(1, len(values) + 1)), values
