"""Lines from columns to columns below them, in as few rows as possible, that can be told apart where they meet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

MOST_BENT = 6
"""Lines that bend between two layers; with more of them, trying all orders takes too long."""

_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8
_CHARACTERS = " ╵╷│╴┘┐┤╶└┌├─┴┬┼"
"""One for every set of directions, by the sum of their numbers."""
_BRIDGE = -1
"""One line passes over another; neither turns."""
_OPPOSITE = {_UP: _DOWN, _DOWN: _UP, _LEFT: _RIGHT, _RIGHT: _LEFT}
_STEP = {_DOWN: (1, 0), _LEFT: (0, -1), _RIGHT: (0, 1)}


@dataclass(frozen=True, slots=True)
class Line:
    """A line from each of some columns to each of some others."""

    starts: frozenset[int]
    ends: frozenset[int]

    @property
    def span(self) -> tuple[int, int]:
        """The outermost columns it touches."""
        columns = self.starts | self.ends
        return min(columns), max(columns)

    @property
    def is_straight(self) -> bool:
        """Whether it only goes down."""
        return len(self.starts | self.ends) == 1


Cells = list[dict[int, int]]
"""Rows of column → the directions in which a line goes on from there."""


def route(lines: Sequence[Line]) -> list[Mapping[int, str]] | None:
    """Rows of column → character.

    Returns:
        None if there is no way to draw them that says neither more nor less than they do.
    """
    bent = [line for line in lines if not line.is_straight]
    if len(bent) > MOST_BENT:
        return None
    wanted = {start: line.ends for line in lines for start in line.starts}
    tried = (_cells(lines, order) for order in permutations(bent))
    right = [cells for cells in tried if _follow(cells, wanted) == wanted]
    if not right:
        return None
    return [
        {x: "│" if bits == _BRIDGE else _CHARACTERS[bits] for x, bits in row.items()}
        for row in min(right, key=len)
    ]


def _cells(lines: Sequence[Line], order: Sequence[Line]) -> Cells:
    sideways = _rows(order)
    height = max(sideways.values(), default=-1) + 1
    drawn: list[dict[int, list[int]]] = [{} for _ in range(height)]
    for line in lines:
        bend = sideways.get(line, height)
        lo, hi = line.span
        for y in range(height):
            for x in range(lo, hi + 1):
                starts, ends = x in line.starts, x in line.ends
                bits = (
                    (_LEFT if y == bend and x > lo else 0)
                    | (_RIGHT if y == bend and x < hi else 0)
                    | (_UP if (starts and y <= bend) or (ends and y > bend) else 0)
                    | (_DOWN if (starts and y < bend) or (ends and y >= bend) else 0)
                )
                if bits:
                    drawn[y].setdefault(x, []).append(bits)
    return [{x: _merged(bits) for x, bits in row.items()} for row in drawn]


def _rows(order: Sequence[Line]) -> dict[Line, int]:
    """The row in which each line runs sideways: the first that has room for it."""
    taken: list[list[tuple[int, int]]] = []
    found = {}
    for line in order:
        lo, hi = line.span
        free = (y for y, spans in enumerate(taken) if all(hi < a or b < lo for a, b in spans))
        found[line] = y = next(free, len(taken))
        if y == len(taken):
            taken.append([])
        taken[y].append((lo, hi))
    return found


def _merged(several: Sequence[int]) -> int:
    if set(several) == {_UP | _DOWN, _LEFT | _RIGHT}:
        return _BRIDGE
    merged = 0
    for bits in several:
        merged |= bits
    return merged


def _follow(cells: Cells, starts: Mapping[int, object]) -> dict[int, frozenset[int]]:
    """Where a reader comes out who goes in at the top of a line and never goes up."""
    found = {}
    for start in starts:
        seen = set()
        todo = [(0, start, _DOWN)]
        while todo:
            y, x, heading = here = todo.pop()
            if here in seen:
                continue
            seen.add(here)
            if y < len(cells):
                todo += [
                    (y + down, x + right, to)
                    for to, (down, right) in _STEP.items()
                    if _goes_on(cells[y].get(x, 0), heading, to)
                ]
        found[start] = frozenset(x for y, x, _ in seen if y == len(cells))
    return found


def _goes_on(bits: int, heading: int, to: int) -> bool:
    if bits == _BRIDGE:
        return to == heading
    return bool(bits & to) and to != _OPPOSITE[heading]
