"""YAML with its places kept, so that an error can say file, line and column."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from json import dumps
from math import isfinite
from typing import Any

import yaml

from pipelines.errors import CatalogueError, Place


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a YAML file and where it stands."""

    raw: yaml.Node
    file: str

    def error(self, message: str, *, hint: str = "") -> CatalogueError:
        """An error at this place."""
        mark = self.raw.start_mark
        return CatalogueError(
            message, place=Place(self.file, mark.line + 1, mark.column + 1), hint=hint
        )

    def entries(self) -> Iterator[tuple[str, "Node"]]:
        """The keys and values of a mapping, in order; a key twice is an error."""
        if not isinstance(self.raw, yaml.MappingNode):
            raise self.error("A mapping of names to values is expected here.")
        seen: set[str] = set()
        for raw_key, raw_value in self.raw.value:
            key = Node(raw_key, self.file)
            name = key.text()
            if name in seen:
                raise key.error(f"The name {name!r} stands here twice.")
            seen.add(name)
            yield name, Node(raw_value, self.file)

    def mapping(
        self, *, required: Iterable[str] = (), allowed: Iterable[str] | None = None
    ) -> dict[str, "Node"]:
        """A mapping with the keys it must and may have; None allows only the required ones or any if none are."""
        found = dict(self.entries())
        required = tuple(required)
        may = tuple(allowed) if allowed is not None else required
        for name in required:
            if name not in found:
                raise self.error(f"The key {name!r} is missing here.")
        for name, node in found.items():
            if may and name not in may:
                raise node.error(f"There is no key {name!r} here.", hint=nearest(name, may))
        return found

    def items(self) -> list["Node"]:
        """The values of a list."""
        if not isinstance(self.raw, yaml.SequenceNode):
            raise self.error("A list is expected here.")
        return [Node(raw, self.file) for raw in self.raw.value]

    def text(self, *, one_of: Iterable[str] | None = None) -> str:
        """A text, and perhaps one of a few."""
        if not isinstance(self.raw, yaml.ScalarNode) or not self.raw.value:
            raise self.error("A text is expected here.")
        value = str(self.raw.value)
        if one_of is not None and value not in one_of:
            raise self.error(f"{value!r} is not one of {', '.join(one_of)}.")
        return value

    def texts(self, *, one_of: Iterable[str] | None = None) -> tuple[str, ...]:
        """A list of texts, none of them twice."""
        values = tuple(item.text(one_of=one_of) for item in self.items())
        for item, value in zip(self.items(), values, strict=True):
            if values.count(value) > 1:
                raise item.error(f"The name {value!r} stands in this list twice.")
        return values

    def number(self, *, above: float) -> float:
        """A number greater than a bound."""
        value = self.plain()
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error("A number is expected here.")
        if value <= above or not isfinite(value):
            raise self.error(f"A number above {above:g} is expected here, not {value:g}.")
        return float(value)

    def whole_number(self, *, above: float) -> int:
        """A whole number greater than a bound."""
        value = self.number(above=above)
        if not value.is_integer():
            raise self.error(f"A whole number is expected here, not {value:g}.")
        return int(value)

    def json(self) -> dict[str, Any]:
        """A mapping that can be written as JSON, as a run's frozen plan is."""
        self.mapping()
        value: dict[str, Any] = self.plain()
        try:
            dumps(value, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as exc:
            raise self.error(
                "Only what JSON can hold is expected here.", hint="Put quotes around dates."
            ) from exc
        return value

    def plain(self) -> Any:
        """The value as plain Python data."""
        loader = yaml.SafeLoader("")
        try:
            return loader.construct_document(self.raw)
        except (yaml.YAMLError, ValueError) as exc:  # ValueError: a date that does not exist
            raise _not_yaml(exc, self.file, self.raw) from exc
        finally:
            loader.dispose()


def compose(text: str, file: str) -> Node:
    """Parse YAML without losing places.

    Raises:
        CatalogueError: it is no YAML, or empty.
    """
    try:
        raw = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as exc:
        raise _not_yaml(exc, file) from exc
    if raw is None:
        raise CatalogueError("The file is empty.", place=Place(file, 1, 1))
    return Node(raw, file)


def _not_yaml(exc: Exception, file: str, near: yaml.Node | None = None) -> CatalogueError:
    mark = getattr(exc, "problem_mark", None) or (near and near.start_mark)
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
    problem = getattr(exc, "problem", None) or str(exc).splitlines()[0]
    return CatalogueError(f"This is not YAML: {problem}.", place=place)


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint that names what was probably meant, or all there is."""
    known = tuple(known)
    close = get_close_matches(name, known, n=1)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"There are {', '.join(known)}." if known else "There are none."
