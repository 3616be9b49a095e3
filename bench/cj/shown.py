"""What was measured, for people."""

from collections.abc import Mapping
from typing import Any


def lines(name: str, found: Mapping[str, Any]) -> list[str]:
    """A line for each figure, under its path; lists are counted, and not spelt out."""
    return [f"{name}: {path} = {value}" for path, value in _figures(found)]


def _figures(found: Mapping[str, Any], path: str = "") -> list[tuple[str, str]]:
    figures = []
    for key, value in found.items():
        here = f"{path} / {key}" if path else str(key)
        if _is_interval(value):
            figures.append((here, f"{value['mean']} ({value['low']} to {value['high']})"))
        elif isinstance(value, Mapping):
            figures += _figures(value, here)
        elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
            figures.append((here, f"{len(value)} entries"))
        elif isinstance(value, float):
            figures.append((here, f"{value:.4g}"))
        else:
            figures.append((here, str(value)))
    return figures


def _is_interval(value: Any) -> bool:
    return isinstance(value, Mapping) and value.keys() == {"mean", "low", "high"}
