"""How a wave is cut into slices: contiguous ranges of units, one message each."""

from collections.abc import Iterable, Sequence
from math import ceil

TARGET_S = 0.1
"""How long a slice should take: long beside what a message costs, and short for a class that waits behind it."""
LEAST = 0.8
"""The least share of that for which a message is worth it, though a slot may then have nothing to do."""
LEDGER_S = 0.00003
"""What claiming a unit and saying how it ended cost. Writing its result is measured with the work."""
LARGEST = 1000
PER_SLOT = 2

Slice = tuple[int, int]
"""Positions from the first up to, and not including, the second."""


def size(units: int, *, slots: int, unit_s: float, target_s: float = TARGET_S) -> int:
    """How many units one message should carry.

    A wave becomes slices of equal size: as few as are in time, two for each slot where each of them is worth a message,
    and where there are more slices than slots, equally many for each.

    Args:
        units: how many there are to send.
        slots: how many can be worked on at the same time.
        unit_s: work per unit in seconds, as measured or expected.
        target_s: how long a slice should take, in seconds.

    Returns:
        At least 1, at most 1,000.
    """
    cost_s = unit_s + LEDGER_S
    slots = max(1, slots)
    in_time = max(1, min(LARGEST, round(target_s / cost_s)))
    worth_it = max(1, int(LEAST * target_s / cost_s))
    count = max(1, ceil(units / in_time), min(PER_SLOT * slots, units // worth_it))
    if count > slots:
        count = slots * ceil(count / slots)
    return max(1, ceil(units / count))


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
