"""YAML with its places kept, so that an error can say file, line and column."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from json import dumps
from math import isfinite
from typing import Any, NamedTuple

import yaml
from yaml.reader import ReaderError

from pipelines.errors import CatalogueError, Fault, Place

TAG = "tag:yaml.org,2002:"
_KINDS = {
    "map": "a mapping",
    "seq": "a list",
    "str": "a text",
    "int": "a number",
    "float": "a number",
    "bool": "yes or no",
    "null": "nothing",
    "timestamp": "a date",
    "merge": "<<",
}


class Faults(list[Fault]):
    """What has been found wrong so far."""

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note what is wrong in the block, which ends there, and go on after it."""
        try:
            yield
        except CatalogueError as exc:
            self.extend(exc.faults)

    def refuse(self) -> None:
        """Raise what was noted, in the order of the file, if there is anything.

        Raises:
            CatalogueError: there is.
        """
        if self:
            raise CatalogueError(*sorted(self, key=_where))


def _where(fault: Fault) -> tuple[int, int]:
    return (fault.place.line, fault.place.column) if fault.place else (0, 0)


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a document and where it stands, in lines and as a JSON pointer."""

    raw: yaml.Node
    file: str
    pointer: str = ""

    def fault(self, message: str, *, hint: str = "") -> Fault:
        """Something wrong at this place."""
        return Fault(message, _place(self.file, self.raw.start_mark), self.pointer, hint)

    def error(self, message: str, *, hint: str = "") -> CatalogueError:
        """The same, to be raised."""
        return CatalogueError(self.fault(message, hint=hint))

    def entries(self, faults: Faults) -> Iterator["Entry"]:
        """The entries of a mapping, in order; a key that is no text, or stands there twice, is noted and left out.

        Raises:
            CatalogueError: this is no mapping.
        """
        if not isinstance(self.raw, yaml.MappingNode):
            raise self.error(f"A mapping of names to values is expected here, not {self._kind()}.")
        seen: set[str] = set()
        for raw_key, raw_value in self.raw.value:
            key = Node(raw_key, self.file, self.pointer)
            with faults.noted():
                name = key.text()
                if name in seen:
                    raise key.error(f"The name {name!r} stands here twice.")
                seen.add(name)
                pointer = f"{self.pointer}/{_escaped(name)}"
                yield Entry(
                    name,
                    Node(raw_key, self.file, pointer),
                    Node(raw_value, self.file, pointer),
                )

    def fields(
        self, faults: Faults, *, required: Iterable[str] = (), allowed: Collection[str]
    ) -> dict[str, "Node"]:
        """The values of a mapping by key, as far as it may have them; what is missing or too much is noted.

        Raises:
            CatalogueError: this is no mapping.
        """
        found = {entry.name: entry for entry in self.entries(faults)}
        faults.extend(
            self.fault(f"The key {name!r} is missing here.")
            for name in required
            if name not in found
        )
        for name, entry in found.items():
            if name not in allowed:
                message = f"There is no key {name!r} here."
                faults.append(entry.key.fault(message, hint=nearest(name, allowed)))
        return {name: entry.value for name, entry in found.items() if name in allowed}

    def items(self) -> list["Node"]:
        """The values of a list."""
        if not isinstance(self.raw, yaml.SequenceNode):
            hint = f"Write [{self.raw.value}]." if self._is("str") else ""
            raise self.error(f"A list is expected here, not {self._kind()}.", hint=hint)
        return [
            Node(raw, self.file, f"{self.pointer}/{index}")
            for index, raw in enumerate(self.raw.value)
        ]

    def text(self, *, one_of: Collection[str] | None = None) -> str:
        """A text of one line, and perhaps one of a few."""
        if not self._is("str"):
            is_word = isinstance(self.raw, yaml.ScalarNode) and not self._is("null")
            hint = "Put it in quotes if that is what is meant." if is_word else ""
            raise self.error(f"A text is expected here, not {self._kind()}.", hint=hint)
        value = str(self.raw.value)
        if not value.strip():
            raise self.error("A text is expected here, and this one is empty.")
        if not value.isprintable():
            raise self.error("A text in one line is expected here, without control characters.")
        if one_of is not None and value not in one_of:
            raise self.error(
                f"{value!r} is not one of {', '.join(one_of)}.", hint=_close(value, one_of)
            )
        return value

    def texts(self, *, one_of: Collection[str] | None = None) -> tuple[str, ...]:
        """A list of texts, none of them twice."""
        faults = Faults()
        found: list[str] = []
        for item in self.items():
            with faults.noted():
                value = item.text(one_of=one_of)
                if value in found:
                    raise item.error(f"The name {value!r} stands in this list twice.")
                found.append(value)
        faults.refuse()
        return tuple(found)

    def number(self, *, above: float = 0) -> float:
        """A number greater than a bound."""
        value = self.plain()
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(f"A number is expected here, not {self._kind()}.")
        try:
            number = float(value)
        except OverflowError:
            number = float("inf")
        if number <= above or not isfinite(number):
            raise self.error(f"A number above {above:g} is expected here, not {number:g}.")
        return number

    def whole_number(self, *, above: float = 0) -> int:
        """A whole number greater than a bound."""
        value = self.number(above=above)
        if not value.is_integer():
            raise self.error(f"A whole number is expected here, not {value:g}.")
        return int(value)

    def json(self) -> dict[str, Any]:
        """A mapping that can be written as JSON, as a run's frozen plan is."""
        faults = Faults()
        for _ in self.entries(faults):
            pass
        faults.refuse()
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
            raise _not_yaml(exc, self) from exc
        finally:
            loader.dispose()

    def _is(self, tag: str) -> bool:
        return isinstance(self.raw, yaml.ScalarNode) and self.raw.tag == TAG + tag

    def _kind(self) -> str:
        return _KINDS.get(self.raw.tag.removeprefix(TAG), self.raw.tag)


class Entry(NamedTuple):
    """One entry of a mapping."""

    name: str
    key: Node
    value: Node


def compose(text: str, file: str) -> Node:
    """Parse YAML without losing places.

    Raises:
        CatalogueError: it is no YAML, or empty.
    """
    try:
        raw = yaml.compose(text, Loader=yaml.SafeLoader)
    except ReaderError as exc:
        before = text[: exc.position]
        line = before.count("\n") + 1
        place = Place(file, line, exc.position - before.rfind("\n"))
        raise CatalogueError(Fault(f"This is not YAML: {exc.reason}.", place)) from exc
    except yaml.YAMLError as exc:
        raise _not_yaml(exc, Node(yaml.ScalarNode("", ""), file)) from exc
    except RecursionError as exc:
        raise CatalogueError(Fault("This is nested too deeply.", Place(file, 1, 1))) from exc
    if raw is None:
        raise CatalogueError(Fault("The file is empty.", Place(file, 1, 1)))
    return Node(raw, file)


def _not_yaml(exc: Exception, near: Node) -> CatalogueError:
    mark = getattr(exc, "problem_mark", None) or near.raw.start_mark
    problem = getattr(exc, "problem", None) or str(exc).splitlines()[0]
    place = _place(near.file, mark) or Place(near.file, 1, 1)
    return CatalogueError(Fault(f"This is not YAML: {problem}.", place, near.pointer))


def _place(file: str, mark: yaml.Mark | None) -> Place | None:
    return Place(file, mark.line + 1, mark.column + 1) if mark else None


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint that names what was probably meant, or all there is."""
    known = tuple(known)
    return _close(name, known) or (f"There are {', '.join(known)}." if known else "There are none.")


def _close(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, tuple(known), n=1)
    return f"Did you mean '{close[0]}'?" if close else ""
