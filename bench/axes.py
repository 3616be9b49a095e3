"""How every benchmark's curves look."""

from typing import Any

from matplotlib.axes import Axes

INK = "#767676"  # readable on white and on black


def ink(axes: Axes, **legend: Any) -> None:
    """Draw scales, grid, labels and legend in one colour.

    Args:
        legend: more of it, as `Axes.legend` takes it.
    """
    axes.tick_params(which="both", colors=INK)
    axes.grid(color=INK, alpha=0.25, linewidth=0.5)
    for spine in axes.spines.values():
        spine.set_color(INK)
    for label in (axes.xaxis.label, axes.yaxis.label):
        label.set_color(INK)
    axes.legend(frameon=False, labelcolor=INK, fontsize="small", **legend)
