"""How a wave is cut into slices: contiguous ranges of units, one message each."""

from collections.abc import Iterable, Sequence
from math import ceil

TARGET_S = 0.2
LARGEST = 250
PER_SLOT = 2

Slice = tuple[int, int]
"""Positions from the first up to, and not including, the second."""


def size(units: int, *, slots: int, unit_s: float) -> int:
    """How many units one message should carry.

    Args:
        units: how many there are to send.
        slots: how many can be worked on at the same time; every slot gets two slices if there are enough.
        unit_s: work per unit in seconds, as measured or expected; a slice should take a fifth of a second,
            which is long beside what a message costs and short for a class that waits behind it.

    Returns:
        At least 1, at most 250.
    """
    by_time = max(1, round(min(LARGEST, TARGET_S / unit_s))) if unit_s > 0 else LARGEST
    by_slots = max(1, ceil(units / (PER_SLOT * max(1, slots))))
    return min(LARGEST, by_time, by_slots)


def cut(positions: Sequence[int], per_slice: int) -> list[Slice]:
    """Cut ascending positions into slices; a gap always ends a slice."""
    slices: list[Slice] = []
    for position in positions:
        if slices:
            lo, hi = slices[-1]
            if hi == position and hi - lo < per_slice:
                slices[-1] = (lo, position + 1)
                continue
        slices.append((position, position + 1))
    return slices


def one_by_one(positions: Iterable[int]) -> list[Slice]:
    """Slices of a single unit each, for units that must be tried alone."""
    return [(position, position + 1) for position in positions]
