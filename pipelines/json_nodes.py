"""A JSON document as the same nodes as a YAML file's. They know their pointers, and no lines."""

from json import loads
from typing import Any

import yaml

from pipelines.errors import CatalogueError, Fault, Place
from pipelines.yaml_nodes import TAG, Node


class _Pairs(list[tuple[str, Any]]):
    """An object as it is written: a key that stands there twice is still there twice."""


class _Number(str):
    """A number as it is written."""


def compose(text: str, file: str) -> Node:
    """Parse JSON.

    Raises:
        CatalogueError: it is no JSON.
    """
    try:
        value = loads(
            text,
            object_pairs_hook=_Pairs,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_Number,
        )
    except ValueError as exc:
        place = Place(file, getattr(exc, "lineno", 1), getattr(exc, "colno", 1))
        problem = getattr(exc, "msg", exc)
        raise CatalogueError(Fault(f"This is not JSON: {problem}.", place)) from exc
    except RecursionError as exc:
        raise CatalogueError(Fault("This is nested too deeply.", Place(file, 1, 1))) from exc
    return Node(_raw(value), file)


def _raw(value: Any) -> yaml.Node:
    match value:
        case _Pairs():
            return yaml.MappingNode(f"{TAG}map", [(_raw(key), _raw(each)) for key, each in value])
        case list():
            return yaml.SequenceNode(f"{TAG}seq", [_raw(each) for each in value])
        case _Number():
            return yaml.ScalarNode(f"{TAG}float", value)
        case str():
            return yaml.ScalarNode(f"{TAG}str", value)
        case bool():
            return yaml.ScalarNode(f"{TAG}bool", str(value))
        case _:
            return yaml.ScalarNode(f"{TAG}null", "")
