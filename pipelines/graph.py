"""What comes before what: order, everything that is needed, and circles."""

from collections.abc import Collection, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

Edges = Mapping[str, Collection[str]]
"""Name → the names that come before it."""


def closure(names: Iterable[str], edges: Edges) -> frozenset[str]:
    """The names, and everything that comes before them, directly or through others."""
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(edges[name])
    return frozenset(found)


def direct(names: Collection[str], edges: Edges) -> list[str]:
    """Those of the names that come before none of the others, directly or through more."""
    beyond = closure((before for name in names for before in edges[name]), edges)
    return [name for name in names if name not in beyond]


def in_order(edges: Edges) -> tuple[str, ...]:
    """Every name after what comes before it, and otherwise as they are listed.

    Names that are not listed themselves are left out, and so are edges to them.

    Raises:
        graphlib.CycleError: there is a circle.
    """
    return tuple(name for layer in layers(edges) for name in layer)


def layers(edges: Edges) -> list[tuple[str, ...]]:
    """The same in layers: each name stands right below the last one it comes after."""
    listed = list(edges)
    graph = TopologicalSorter({n: [b for b in edges[n] if b in edges] for n in listed})
    graph.prepare()
    found = []
    while graph.is_active():
        ready = sorted(graph.get_ready(), key=listed.index)
        found.append(tuple(ready))
        graph.done(*ready)
    return found


def circles(edges: Edges) -> list[tuple[str, ...]]:
    """Circles that keep the names from having an order; without one edge of each there would be one.

    Returns:
        Each as a path along the edges that ends where it began: of `a`, `b`, `a`, b comes before a and a before b.
    """
    left = {name: list(dict.fromkeys(before)) for name, before in edges.items()}
    found = []
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as exc:
            # graphlib walks from what comes first to what comes later, and a reader the other way.
            path = tuple(reversed(exc.args[1]))
            found.append(path)
            left[path[0]].remove(path[1])
        else:
            return found
