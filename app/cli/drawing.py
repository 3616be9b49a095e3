"""A graph drawn with characters: boxes in layers, and lines that can be followed down from each to what comes next."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.cli import lines
from app.cli.lines import Line
from pipelines import graph

GAP = 3
SWEEPS = 4


@dataclass(frozen=True, slots=True)
class Box:
    """A box and how it is entered.

    Attributes:
        texts: what stands in it, line by line.
        head: the arrowhead where a line comes in.
    """

    texts: tuple[str, ...]
    head: str = "▼"


Columns = Mapping[str, int]
"""Name → the column of its middle."""
Links = dict[str, list[str]]
"""Name → the names below it, in the next layer."""


def draw(boxes: Mapping[str, Box], before: graph.Edges, *, width: int) -> list[str] | None:
    """Draw a graph from top to bottom, without edges that follow from others.

    Args:
        boxes: name → box; all have the same number of texts.
        before: name → the names it comes after.
        width: how many columns there are.

    Returns:
        The rows; None if they do not fit, or their lines could not be told apart.
    """
    edges = {name: graph.direct(before[name], before) for name in boxes}
    layers, links = _with_lanes(graph.layers(edges), edges)
    _untangle(layers, links)
    sheet = _Sheet(boxes, max(_extent(layer, boxes) for layer in layers))
    if sheet.width > width:
        return None
    columns = [sheet.columns(layer) for layer in layers]
    rows: list[str] = []
    for here, below in zip(columns, [*columns[1:], {}], strict=True):
        rows += sheet.boxes(here, links)
        entries = _entries(here, below, links)
        between = lines.route(_lines(here, links, entries))
        if between is None:
            return None
        rows += [sheet.row(row) for row in between]
        heads = {x: sheet.head(name) for (_, name), x in entries.items()}
        rows += [sheet.row(heads)] if heads else []
    return [row.rstrip() for row in rows]


def _with_lanes(
    layers: Sequence[Sequence[str]], edges: graph.Edges
) -> tuple[list[list[str]], Links]:
    """Give a line that passes a layer a lane of its own there: a name that has no box."""
    depth = {name: number for number, layer in enumerate(layers) for name in layer}
    full = [list(layer) for layer in layers]
    links: Links = {name: [] for name in depth}
    for name, sources in edges.items():
        for source in sources:
            here = source
            for passed in range(depth[source] + 1, depth[name]):
                lane = f"{source} to {name} at {passed}"
                full[passed].append(lane)
                links[here].append(lane)
                links[lane] = []
                here = lane
            links[here].append(name)
    return full, links


def _untangle(layers: list[list[str]], links: Links) -> None:
    """Order each layer by the middle of what its names are linked to, above and below in turn."""
    above: Links = {name: [n for n in links if name in links[n]] for name in links}
    for sweep in range(SWEEPS):
        linked = links if sweep % 2 else above
        for layer in reversed(layers) if sweep % 2 else layers:
            at = {name: (i + 0.5) / len(each) for each in layers for i, name in enumerate(each)}
            layer.sort(key=lambda name: _mean([at[n] for n in linked[name] or [name]]))


def _entries(here: Columns, below: Columns, links: Links) -> dict[tuple[frozenset[str], str], int]:
    """The column where each line comes in, by the names it leads to and the one of them: side by side if several do."""
    found = {}
    for name, x in below.items():
        come_in: dict[frozenset[str], list[int]] = {}
        for source, start in here.items():
            if name in links[source]:
                come_in.setdefault(frozenset(links[source]), []).append(start)
        for number, names in enumerate(sorted(come_in, key=lambda n: _mean(come_in[n]))):
            found[names, name] = x + 1 - len(come_in) + 2 * number
    return found


def _lines(
    here: Columns, links: Links, entries: Mapping[tuple[frozenset[str], str], int]
) -> list[Line]:
    """What leads to the same names is one line."""
    starts: dict[frozenset[str], list[int]] = {}
    for source, start in here.items():
        if links[source]:
            starts.setdefault(frozenset(links[source]), []).append(start)
    return [
        Line(frozenset(columns), frozenset(entries[names, name] for name in names))
        for names, columns in starts.items()
    ]


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)


def _extent(layer: Sequence[str], boxes: Mapping[str, Box]) -> int:
    return sum(_width(name, boxes) for name in layer) + GAP * (len(layer) - 1)


def _width(name: str, boxes: Mapping[str, Box]) -> int:
    """How many columns a name takes; always odd, so that layers with the same middle share its column."""
    if name not in boxes:
        return 1
    return max(len(text) for box in boxes.values() for text in box.texts) // 2 * 2 + 5


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is drawn on."""

    of: Mapping[str, Box]
    width: int

    def columns(self, layer: Sequence[str]) -> Columns:
        """Where the names of a layer stand, the layer as a whole in the middle."""
        found = {}
        left = (self.width - _extent(layer, self.of)) // 2
        for name in layer:
            width = _width(name, self.of)
            found[name] = left + width // 2
            left += width + GAP
        return found

    def boxes(self, here: Columns, links: Links) -> Iterator[str]:
        """The rows of a layer."""
        pictures = {name: self._picture(name, leads=bool(links[name])) for name in here}
        height = max(len(picture) for picture in pictures.values())
        for y in range(height):
            yield self.row(
                {
                    x - _width(name, self.of) // 2: pictures[name][y % len(pictures[name])]
                    for name, x in here.items()
                }
            )

    def head(self, name: str) -> str:
        """How a name is entered."""
        return self.of[name].head if name in self.of else "│"

    def row(self, parts: Mapping[int, str]) -> str:
        """A row with texts that begin at columns."""
        row = [" "] * self.width
        for x, part in parts.items():
            row[x : x + len(part)] = part
        return "".join(row)

    def _picture(self, name: str, *, leads: bool) -> list[str]:
        if name not in self.of:
            return ["│"]
        inner = _width(name, self.of) - 2
        rim = "─" * (inner // 2)
        texts = [f"│{text:^{inner}}│" for text in self.of[name].texts]
        return [f"┌{rim}─{rim}┐", *texts, f"└{rim}{'┬' if leads else '─'}{rim}┘"]
