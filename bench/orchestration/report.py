"""From runs to figures: ratios within a round, their median and spread, and the exponent of growth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from statistics import fmean, median

from bench.orchestration.contender import FANS, Measured

GROWTH_FROM = 1000
OURS, CHORD, DIRECTOR = "ours", "chord", "director"
BY_HAND = ("by_hand_1", "by_hand_64")

Round = Mapping[str, Measured]
"""What was measured in one round, by contender."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A median with what it lies between."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread | None":
        """Of no values, None."""
        return cls(median(values), min(values), max(values)) if values else None

    def __str__(self) -> str:
        return f"{self.median:.3f} ({self.least:.3f}–{self.most:.3f})"


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of items with one body, over all rounds."""

    items: int
    body_ms: float
    rounds: Sequence[Round] = field(default_factory=list)

    def of(self, contender: str) -> list[Measured]:
        """Every run of a contender."""
        return [each[contender] for each in self.rounds if contender in each]

    def ratio(self, *peers: str) -> Spread | None:
        """Our wall time over that of the fastest of some peers, round by round."""
        return Spread.of(
            [
                each[OURS].wall_s / min(each[peer].wall_s for peer in peers if peer in each)
                for each in self.rounds
                if OURS in each and any(peer in each for peer in peers)
            ]
        )

    def wall_s(self, contender: str) -> Spread | None:
        """How long its runs took."""
        return Spread.of([each.wall_s for each in self.of(contender)])

    def bytes_per_item(self, contender: str) -> float | None:
        """What its Redis was sent for one item's turn in one fan."""
        sent = [each.broker_bytes / (FANS * self.items) for each in self.of(contender)]
        return median(sent) if sent else None

    def items_per_s(self, contender: str) -> float | None:
        """Turns of items a second, over both fans."""
        wall = self.wall_s(contender)
        return FANS * self.items / wall.median if wall else None

    def to_json(self) -> dict[str, object]:
        """The cell as scripts read it."""
        ratio, wall = self.ratio(*BY_HAND), self.wall_s(OURS)
        return {
            "items": self.items,
            "body_ms": self.body_ms,
            "ratio": _rounded(ratio and ratio.median),
            "native_chord_ratio": _rounded(_median(self.ratio(CHORD))),
            "director_ratio": _rounded(_median(self.ratio(DIRECTOR))),
            "bytes_per_item": _rounded(self.bytes_per_item(OURS), 1),
            "items_per_s": _rounded(self.items_per_s(OURS), 1),
            "wall_s": _rounded(wall and wall.median),
            "ratio_spread": [_rounded(ratio.least), _rounded(ratio.most)] if ratio else None,
            "rounds": len(self.rounds),
        }


def growth_exponent(walls: Mapping[int, float]) -> float | None:
    """The slope of log wall time over log items, from 1,000 items on: 1 is linear. None of fewer than two.

    Args:
        walls: items → seconds.
    """
    points = [(log(items), log(wall_s)) for items, wall_s in walls.items() if items >= GROWTH_FROM]
    if len(points) < 2:  # noqa: PLR2004 - it takes two points to draw a line
        return None
    x_mean, y_mean = fmean(x for x, _ in points), fmean(y for _, y in points)
    across = sum((x - x_mean) * (y - y_mean) for x, y in points)
    return across / sum((x - x_mean) ** 2 for x, _ in points)


def growth_of(cells: Sequence[Cell]) -> float | None:
    """The exponent of our wall time with the shortest bodies there are."""
    if not cells:
        return None
    shortest = min(cell.body_ms for cell in cells)
    walls = {
        cell.items: wall.median
        for cell in cells
        if cell.body_ms == shortest and (wall := cell.wall_s(OURS))
    }
    return growth_exponent(walls)


def to_json(cells: Sequence[Cell]) -> dict[str, object]:
    """All of it as scripts read it."""
    return {
        "results": [cell.to_json() for cell in cells],
        "growth_exponent": _rounded(growth_of(cells)),
    }


def table(cells: Sequence[Cell]) -> list[str]:
    """All of it for people, a line per cell and contender."""
    lines = [
        f"{'items':>6} {'body':>5} {'contender':<11} {'wall s':>24} {'ours to it':>24}"
        f" {'items/s':>9} {'B/item':>8} {'cpu s':>7} {'MB':>5}  cpu s by process"
    ]
    for cell in cells:
        names = dict.fromkeys(name for each in cell.rounds for name in each)
        lines += [_line(cell, name) for name in names]
    growth = growth_of(cells)
    if growth is not None:
        lines.append(f"our wall time grows with items to the power of {growth:.3f}")
    return lines


def _line(cell: Cell, name: str) -> str:
    runs = cell.of(name)
    cpu = {
        process: median(run.cpu_s.get(process, 0.0) for run in runs) for process in runs[0].cpu_s
    }
    ratio = cell.ratio(name) if name != OURS else None
    by_process = " ".join(f"{process} {used:.2f}" for process, used in cpu.items())
    more = " ".join(f"{what} {median(run.more[what] for run in runs):.3f}" for what in runs[0].more)
    return (
        f"{cell.items:>6} {cell.body_ms:>5g} {name:<11} {cell.wall_s(name)!s:>24}"
        f" {ratio or '-'!s:>24} {cell.items_per_s(name):>9.0f} {cell.bytes_per_item(name):>8.0f}"
        f" {sum(cpu.values()):>7.2f} {max(run.pss_mb for run in runs):>5.0f}  {by_process} {more}"
    )


def _median(spread: Spread | None) -> float | None:
    return spread.median if spread else None


def _rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)
