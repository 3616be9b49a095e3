"""Accuracy drawn: ours beside every peer, as bars."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib import rc_context
from matplotlib.figure import Figure

from bench.spelling.rows import Filled

_INK, _FAINT = "#333333", "#dddddd"
_OURS = "#0f8a5f"
_PEERS = {
    "hunspell": "#5b7fb4",
    "aspell": "#e0a458",
    "symspellpy": "#b5707d",
    "pyspellchecker": "#8d7bb0",
    "harper-py": "#9a9a9a",
}
_ROOM = 0.84
"""How much of the distance between two figures their bars take."""


def draw(filled: Sequence[Filled], ours: str, path: Path) -> list[Path]:
    """Draw shares, a group of bars for each figure; who does not have it leaves a gap.

    Args:
        filled: figures in percent, those without any left out beforehand.
        ours: our name in the legend.
        path: where to, without an ending.

    Returns:
        The files written: .svg and .png.
    """
    systems = [ours, *(name for name in _PEERS if any(name in one.peers for one in filled))]
    width = _ROOM / len(systems)
    with rc_context({"svg.fonttype": "none", "font.family": "sans-serif"}):
        figure = Figure(figsize=(1.6 + 1.55 * len(filled), 4.6), layout="constrained")
        axes = figure.subplots()
        for place, system in enumerate(systems):
            bars = [
                (number, value)
                for number, one in enumerate(filled)
                if (value := one.ours if system == ours else one.peers.get(system)) is not None
            ]
            left = (place - (len(systems) - 1) / 2) * width
            drawn = axes.bar(
                [number + left for number, _ in bars],
                [value for _, value in bars],
                width * 0.92,
                color=_OURS if system == ours else _PEERS[system],
                label=system,
            )
            axes.bar_label(
                drawn,
                [f"{value:.0f}" for _, value in bars],
                fontsize=7,
                fontweight="bold" if system == ours else "normal",
                color=_INK,
                padding=1,
            )
        axes.set_xticks(range(len(filled)), [_label(one.row.title) for one in filled], fontsize=9)
        axes.set_ylim(0, 109)
        axes.set_ylabel("percent", color=_INK)
        axes.grid(axis="y", color=_FAINT, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(colors=_INK, length=0)
        for side, spine in axes.spines.items():
            spine.set_visible(side == "bottom")
            spine.set_color(_FAINT)
        figure.legend(
            loc="outside upper center", ncols=len(systems), frameon=False, labelcolor=_INK
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        files = [path.with_name(f"{path.name}.{ending}") for ending in ("svg", "png")]
        for file in files:
            more = {"metadata": {"Date": None}} if file.suffix == ".svg" else {"dpi": 150}
            figure.savefig(file, facecolor="white", **more)
    return files


def _label(title: str) -> str:
    group, _, figure = title.rpartition(": ")
    return f"{figure}\n{group.replace(', ', chr(10))}"
